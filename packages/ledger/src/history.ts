import { openCheckpoint, parseCheckpoint, type Checkpoint } from './checkpoint.ts'
import { LedgerError, type LedgerErrorCode } from './error.ts'
import type { Findings, LogFindingCode, Place } from './finding.ts'
import { parseNote, type Verifier } from './note.ts'

/** The signed notes of a log, and what is needed to believe them. */
export interface History {
  /** The name of the log in its checkpoints. */
  origin: string
  /** Its keys; more than one when it changed them. */
  keys: readonly Verifier[]
  /** The log's own checkpoints as it gives them today, oldest first. */
  checkpoints: Iterable<string> | AsyncIterable<string>
  /** Checkpoints that the reader kept, or has from others; in any order. */
  earlier?: readonly string[]
}

/** The checkpoints that may be believed, smallest first; the others become findings. */
export async function* readCheckpoints(
  history: History,
  findings: Findings,
): AsyncGenerator<Checkpoint> {
  const kept = openEarlier(history, findings)
  let [newest, position] = [-1, 0]
  for await (const note of history.checkpoints) {
    const checkpoint = open(note, history, { position: position++ }, findings)
    if (!checkpoint) continue
    if (checkpoint.size < newest) {
      addBackwards(findings, checkpoint.size, newest)
      continue
    }
    while (kept.length > 0 && kept[0]!.size < checkpoint.size) yield kept.shift()!
    newest = checkpoint.size
    yield checkpoint
  }
  if (newest < 0) addNone(findings, history.origin)
  for (const one of kept) {
    if (one.size <= newest) yield one
    else addTruncated(findings, one.size, newest)
  }
}

function openEarlier(history: History, findings: Findings): Checkpoint[] {
  const opened = (history.earlier ?? []).map((note, i) =>
    open(note, history, { earlier: i }, findings),
  )
  return opened.filter((one) => one !== null).toSorted((a, b) => a.size - b.size)
}

const codes: Partial<Record<LedgerErrorCode, LogFindingCode>> = {
  'note-malformed': 'checkpoint-malformed',
  'checkpoint-malformed': 'checkpoint-malformed',
  'checkpoint-foreign': 'checkpoint-foreign',
  'note-unsigned': 'checkpoint-unsigned',
  'signature-invalid': 'checkpoint-bad-signature',
}

function open(note: string, history: History, place: Place, findings: Findings): Checkpoint | null {
  try {
    return openCheckpoint(note, history)
  } catch (error) {
    const code = error instanceof LedgerError ? codes[error.code] : undefined
    if (!code) throw error
    findings.add(code, placeOf(note) ?? place, (error as LedgerError).message)
    return null
  }
}

/** A size is a better place than a position, even where nobody vouches for it. */
function placeOf(note: string): Place | null {
  try {
    return { checkpoint: parseCheckpoint(parseNote(note).text).size }
  } catch {
    return null
  }
}

function addNone(findings: Findings, origin: string): void {
  const says = 'there is no checkpoint that can be believed, so nothing was verified'
  findings.add('no-checkpoint', { log: origin }, says)
}

function addBackwards(findings: Findings, size: number, newest: number): void {
  const says = `a checkpoint of ${size} entries follows one of ${newest}: a log never shrinks`
  findings.add('checkpoint-backwards', { checkpoint: size }, says)
}

function addTruncated(findings: Findings, size: number, newest: number): void {
  const now = newest < 0 ? 'has none now' : `now ends at ${newest}`
  const says = `the log once signed a checkpoint of ${size} entries and ${now}`
  findings.add('log-truncated', { checkpoint: size }, says)
}
