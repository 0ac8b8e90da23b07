import type { Checkpoint } from './checkpoint.ts'
import type { Findings } from './finding.ts'
import { equalBytes, type Hash, type Sha256 } from './hash.ts'
import { append, emptyFrontier, rootOf, type Frontier } from './tree.ts'

/** One telling of the log, by its entries or by its tiles, held against the checkpoints. */
export interface Track {
  frontier: Frontier
  /** The greatest checkpoint whose root it has, in entries. */
  matched: number
  /** Checkpoints after it whose root it has not: either they are wrong or the log is. */
  disputed: { first: number; last: number; count: number } | null
}

export function startTrack(): Track {
  return { frontier: emptyFrontier, matched: 0, disputed: null }
}

export function advance(track: Track, leaves: readonly Hash[], hash: Sha256): void {
  track.frontier = append(track.frontier, leaves, hash)
}

/** Compares at a checkpoint of at least the size of every one before. */
export function compare(
  track: Track,
  { size, root }: Checkpoint,
  findings: Findings,
  hash: Sha256,
): void {
  if (track.frontier.size < size) {
    const says = `a checkpoint of ${size} entries is signed, but only ${track.frontier.size} are there`
    findings.add('log-truncated', { checkpoint: size }, says)
  } else if (equalBytes(rootOf(track.frontier, hash), root)) {
    accept(track, size, findings)
  } else if (track.matched === size) {
    addInconsistent(findings, size, `the first ${size} entries have another root`)
  } else if (track.disputed) {
    track.disputed.last = size
    track.disputed.count++
  } else track.disputed = { first: size, last: size, count: 1 }
}

/** The log has this root, so whatever was disputed before it was a checkpoint of another history. */
function accept(track: Track, size: number, findings: Findings): void {
  if (track.disputed) {
    const { first, last, count } = track.disputed
    const others = count > 1 ? `; so are ${count - 1} more, up to the one of ${last}` : ''
    const says = `the log went on to ${size} entries without it${others}`
    addInconsistent(findings, first, says)
  }
  track.matched = size
  track.disputed = null
}

function addInconsistent(findings: Findings, size: number, why: string): void {
  const says = `the checkpoint of ${size} entries is signed for another history: ${why}`
  findings.add('checkpoint-inconsistent', { checkpoint: size }, says)
}
