import type { Findings } from './finding.ts'
import { equalBytes, type Hash } from './hash.ts'
import { formatTilePath, tileWidth } from './tiles.ts'
import type { Track } from './track.ts'

/** Entries from first to last whose hashes are not those of their tiles. */
interface Run {
  first: number
  last: number
}

export type Differences = Run[]

const most = 1000

/** Notes where the hashes of entries and of tiles differ, both counted from this index on. */
export function noteDifferences(
  runs: Differences,
  from: number,
  told: readonly Hash[],
  kept: readonly Hash[],
): void {
  const both = Math.min(told.length, kept.length)
  for (let i = 0; i < both; i++) {
    if (equalBytes(told[i]!, kept[i]!)) continue
    const run = runs.at(-1)
    if (run?.last === from + i - 1) run.last++
    else if (runs.length < most) runs.push({ first: from + i, last: from + i })
  }
}

/** Says which side was changed: the one that has not the root of a checkpoint beyond it. */
export function reportDifferences(
  runs: Differences,
  entries: Track,
  tiles: Track,
  findings: Findings,
): void {
  for (const run of runs) {
    if (entries.matched > run.last) addTiles(run, findings)
    else addEntries(run, tiles.matched > run.last, findings)
  }
}

function addTiles({ first, last }: Run, findings: Findings): void {
  const start = Math.floor(first / tileWidth)
  for (let index = start; index * tileWidth <= last; index++) {
    const tile = formatTilePath({ level: 0, index, width: tileWidth })
    const says = `${tile} is not as it was written: entries ${first} to ${last} are, its hashes are not`
    findings.add('tile-changed', { tile }, says)
  }
}

function addEntries({ first, last }: Run, tilesAreSound: boolean, findings: Findings): void {
  const which = first === last ? `entry ${first} is` : `entries ${first} to ${last} are`
  const says = tilesAreSound
    ? `${which} not what was logged: edited, removed, added or reordered`
    : `${which} not what the tiles hold, and the tiles are not what was signed either`
  findings.add('entry-changed', { entries: [first, last] }, says)
}
