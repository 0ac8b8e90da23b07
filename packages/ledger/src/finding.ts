/** What can be wrong with a log; each code is stable. */
export type LogFindingCode =
  /** Something was not given, so that something could not be checked. */
  | 'no-checkpoint'
  | 'no-entries'
  | 'checkpoint-malformed'
  | 'checkpoint-foreign'
  | 'checkpoint-unsigned'
  | 'checkpoint-bad-signature'
  | 'checkpoint-backwards'
  /** It is signed, and another history than that of later or equally large checkpoints. */
  | 'checkpoint-inconsistent'
  /** A checkpoint was signed for more than is there. */
  | 'log-truncated'
  /** Entries were edited, removed, added or reordered. */
  | 'entry-changed'
  /** Entries that no checkpoint speaks for. */
  | 'entry-unsigned'
  | 'tile-changed'
  | 'tile-missing'
  /** There was more than the report holds. */
  | 'more'

/**
 * Entries counted from 0, both ends included; a checkpoint by its size or, when that cannot be
 * read, by its position in what was given, counted from 0.
 */
export type Place =
  | { entries: [first: number, last: number] }
  | { checkpoint: number }
  | { position: number }
  | { earlier: number }
  | { tile: string }
  | { log: string }

export interface LogFinding {
  code: LogFindingCode
  place: Place
  says: string
}

/** Findings without repeats, and no more than a person could read, so that memory stays bounded. */
export interface Findings {
  add: (code: LogFindingCode, place: Place, says: string) => void
  list: (origin: string) => LogFinding[]
}

const most = 1000

export function collectFindings(): Findings {
  const found = new Map<string, LogFinding>()
  let more = 0
  return {
    add(code, place, says) {
      const key = `${code} ${JSON.stringify(place)}`
      if (found.has(key)) return
      if (found.size < most) found.set(key, { code, place, says })
      else more++
    },
    list(origin) {
      const says = `${more} further findings are not listed`
      const rest: LogFinding[] = more ? [{ code: 'more', place: { log: origin }, says }] : []
      return [...found.values(), ...rest]
    },
  }
}
