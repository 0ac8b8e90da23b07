import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkpointOf,
  fastSha256,
  keys,
  makeEntries,
  origin,
  reader,
  signer,
  writeTiles,
} from '../test/memory-log.ts'
import { signCheckpoint } from './checkpoint.ts'
import { signingKey } from './ed25519.ts'
import { sha256 } from './hash.ts'
import { noteSigner, signNote } from './note.ts'
import { verifyLog, type LogToVerify } from './verify.ts'

interface Log {
  entries: Uint8Array[]
  sizes: number[]
  checkpoints: string[]
  tiles: Map<string, Uint8Array>
}

async function makeLog(count: number, sizes: number[], seed = ''): Promise<Log> {
  const entries = makeEntries(count, seed)
  const checkpoints = await Promise.all(sizes.map((size) => checkpointOf(entries, size)))
  return { entries, sizes, checkpoints, tiles: writeTiles(entries, sizes) }
}

let large: Promise<Log> | undefined

/** A log of three levels of tiles, made once. */
async function makeLargeLog(): Promise<Log> {
  const log = await (large ??= makeLog(66_000, [65_900, 66_000]))
  const tiles = [...log.tiles].map(([path, bytes]) => [path, Uint8Array.from(bytes)] as const)
  return { ...log, tiles: new Map(tiles) }
}

type Part = 'entries' | 'tiles'

/** Verifies by entries, by tiles, or by both. */
async function verify(log: Log, parts: readonly Part[], more: Partial<LogToVerify> = {}) {
  const given: LogToVerify = { origin, keys, checkpoints: log.checkpoints, sha256: fastSha256 }
  if (parts.includes('entries')) given.entries = log.entries
  if (parts.includes('tiles')) given.tiles = reader(log.tiles)
  return verifyLog({ ...given, ...more })
}

async function codes(log: Log, parts: readonly Part[], more: Partial<LogToVerify> = {}) {
  const { findings } = await verify(log, parts, more)
  return findings.map(({ code, place }) => [code, place])
}

const ways: [string, Part[]][] = [
  ['entries', ['entries']],
  ['tiles', ['tiles']],
  ['entries and tiles', ['entries', 'tiles']],
]

/** Sizes of checkpoints, the last of them the whole log. */
const someSizes = fc
  .uniqueArray(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 })
  .map((sizes) => sizes.sort((a, b) => a - b))
const someLog = someSizes.map((sizes) => ({ sizes, count: sizes.at(-1)! }))

describe.each(ways)('a sound log, by its %s', (_, parts) => {
  it('has no findings', async () => {
    await fc.assert(
      fc.asyncProperty(someLog, async ({ sizes, count }) => {
        const log = await makeLog(count, sizes)
        const earlier = log.checkpoints.toReversed()
        expect(await verify(log, parts, { earlier })).toEqual({ findings: [], verified: count })
      }),
      { numRuns: 25 },
    )
  })
  it('may be empty, and repeat a checkpoint', async () => {
    const empty = await makeLog(0, [0, 0])
    expect(await verify(empty, parts)).toEqual({ findings: [], verified: 0 })
    const log = await makeLog(300, [0, 300, 300])
    expect(await verify(log, parts)).toEqual({ findings: [], verified: 300 })
    expect((await verify(log, parts, { sha256 })).findings).toEqual([])
  })
  it('reaches three levels of tiles', async () => {
    const log = await makeLargeLog()
    expect(await verify(log, parts)).toEqual({ findings: [], verified: 66_000 })
  })
  it('no longer has partial tiles that were filled', async () => {
    const log = await makeLog(700, [100, 300, 400, 700])
    for (const path of log.tiles.keys()) {
      if (path.includes('.p/') && log.tiles.has(path.replace(/\.p.*/, ''))) log.tiles.delete(path)
    }
    expect((await verify(log, parts)).findings).toEqual([])
  })
})

type Edit = (entries: Uint8Array[], at: number, other: number) => Uint8Array[]

/** What may be done to the entries of a log that nobody signs anew. */
const edits: Record<string, Edit> = {
  'one byte': (entries, at, other) => {
    const changed = Uint8Array.from(entries[at]!)
    changed[other % changed.length]! ^= 1 << (other % 8)
    return entries.with(at, changed)
  },
  removal: (entries, at) => entries.toSpliced(at, 1),
  insertion: (entries, at) => entries.toSpliced(at, 0, new TextEncoder().encode('new')),
  doubling: (entries, at) => entries.toSpliced(at, 0, entries[at]!),
  swap: (entries, at, other) => {
    const to = other % entries.length
    return entries.with(at, entries[to]!).with(to, entries[at]!)
  },
  truncation: (entries, at) => entries.slice(0, at),
  emptying: (entries, at) => entries.with(at, new Uint8Array(0)),
}

describe.each(Object.entries(edits))('%s of an entry', (_, edit) => {
  const changes = fc.tuple(someLog, fc.nat(), fc.nat())
  it.each([ways[0]!, ways[2]!])('is found by %s', async (_, parts) => {
    await fc.assert(
      fc.asyncProperty(changes, async ([{ sizes, count }, where, other]) => {
        const log = await makeLog(count, sizes)
        const entries = edit(log.entries, where % count, other)
        fc.pre(Buffer.concat(entries).compare(Buffer.concat(log.entries)) !== 0)
        const { findings, verified } = await verify({ ...log, entries }, parts)
        expect(findings.length).toBeGreaterThan(0)
        expect(verified).toBeLessThanOrEqual(count)
        const found = findings.map((one) => one.code)
        expect(['entry-changed', 'log-truncated', 'entry-unsigned']).toEqual(
          expect.arrayContaining(found),
        )
      }),
      { numRuns: 25 },
    )
  })
})

describe('the place of a change', () => {
  it('is between two checkpoints by entries, exact with tiles', async () => {
    const log = await makeLog(600, [100, 200, 600])
    log.entries[150] = new Uint8Array(3)
    expect(await codes(log, ['entries'])).toEqual([['entry-changed', { entries: [100, 199] }]])
    const { findings, verified } = await verify(log, ['entries', 'tiles'])
    expect(findings).toEqual([
      {
        code: 'entry-changed',
        place: { entries: [150, 150] },
        says: 'entry 150 is not what was logged: edited, removed, added or reordered',
      },
    ])
    expect(verified).toBe(100)
  })
  it('is that of each entry that was swapped, and all after one that was removed', async () => {
    const log = await makeLog(600, [100, 600])
    const swapped = edits['swap']!(log.entries, 5, 450)
    expect(await codes({ ...log, entries: swapped }, ['entries', 'tiles'])).toEqual([
      ['entry-changed', { entries: [5, 5] }],
      ['entry-changed', { entries: [450, 450] }],
    ])
    const removed = edits['removal']!(log.entries, 300, 0)
    expect(await codes({ ...log, entries: removed }, ['entries', 'tiles'])).toEqual([
      ['log-truncated', { checkpoint: 600 }],
      ['entry-changed', { entries: [300, 598] }],
    ])
  })
})

describe('a tampered tile', () => {
  it('is found by any bit of any tile that is read', async () => {
    await fc.assert(
      fc.asyncProperty(someLog, fc.nat(), fc.nat(), async ({ sizes, count }, which, bit) => {
        const log = await makeLog(count, sizes)
        // A partial tile that a wider one of the log replaced is read by nobody any more.
        const last = writeTiles(log.entries, [count])
        const paths = [...last.keys()].filter((path) => !path.includes('entries'))
        const path = paths[which % paths.length]!
        const bytes = Uint8Array.from(log.tiles.get(path)!)
        bytes[(bit >> 3) % bytes.length]! ^= 1 << (bit & 7)
        log.tiles.set(path, bytes)
        const both = await verify(log, ['entries', 'tiles'])
        // With the entries at hand it is known which tile it was, and that the entries are whole.
        for (const { code } of both.findings) expect(code).toBe('tile-changed')
        expect(both.findings.length).toBeGreaterThan(0)
        expect((await verify(log, ['tiles'])).findings.length).toBeGreaterThan(0)
      }),
      { numRuns: 60 },
    )
  })
  it('is named', async () => {
    const log = await makeLog(600, [600])
    log.tiles.get('tile/0/001')![40]! ^= 1
    expect(await codes(log, ['entries', 'tiles'])).toEqual([
      ['tile-changed', { tile: 'tile/1/000.p/2' }],
      ['tile-changed', { tile: 'tile/0/001' }],
    ])
    log.tiles.get('tile/0/001')![40]! ^= 1
    log.tiles.get('tile/1/000.p/2')![40]! ^= 1
    expect(await codes(log, ['tiles'])).toEqual([['tile-changed', { tile: 'tile/1/000.p/2' }]])
  })
  it('is named two levels up, and hides no other finding', async () => {
    const log = await makeLargeLog()
    log.tiles.get('tile/1/000')![0]! ^= 1
    const upper = ['tile-changed', { tile: 'tile/1/000' }]
    expect(await codes(log, ['tiles'])).toEqual([upper])
    expect(await codes(log, ['entries', 'tiles'])).toEqual([upper])
    log.tiles.get('tile/0/003')![0]! ^= 1
    const head = { origin, size: 66_000, root: new Uint8Array(32), extensions: [] }
    const checkpoints = log.checkpoints.with(1, await signCheckpoint(head, [signer]))
    expect(await codes({ ...log, checkpoints }, ['entries', 'tiles'])).toEqual([
      upper,
      // Made of the tampered one, though not tampered with itself.
      ['tile-changed', { tile: 'tile/2/000.p/1' }],
      ['tile-changed', { tile: 'tile/0/003' }],
      ['entry-changed', { entries: [65_900, 65_999] }],
    ])
  })
  it('that is missing ends what can be said of the tiles, not of the entries', async () => {
    const log = await makeLog(1000, [200, 1000])
    log.tiles.delete('tile/0/001')
    log.entries[100] = new Uint8Array(3)
    expect(await codes(log, ['entries', 'tiles'])).toEqual([
      ['tile-missing', { tile: 'tile/0/001' }],
      ['log-truncated', { checkpoint: 1000 }],
      ['entry-changed', { entries: [100, 100] }],
    ])
  })
  it('is found in a partial tile that disagrees with the narrower one before', async () => {
    const log = await makeLog(50, [20, 50])
    expect((await verify(log, ['tiles'])).findings).toEqual([])
    log.tiles.get('tile/0/000.p/50')![3]! ^= 1
    expect(await codes(log, ['tiles'])).toEqual([['tile-changed', { tile: 'tile/0/000.p/50' }]])
  })
  it.each(['tile/0/000', 'tile/0/002.p/88', 'tile/1/000.p/2'])(
    'may be missing, cut short or too long: %s',
    async (path) => {
      const cuts: ((bytes: Uint8Array) => Uint8Array)[] = [
        (bytes) => bytes.subarray(1),
        (bytes) => bytes.subarray(32),
        (bytes) => Uint8Array.of(...bytes, 0),
        (bytes) => Uint8Array.of(...bytes, ...new Uint8Array(32)),
      ]
      for (const cut of cuts) {
        const log = await makeLog(600, [600])
        log.tiles.set(path, cut(log.tiles.get(path)!))
        const found = await codes(log, ['tiles'])
        expect(found).toContainEqual(['tile-changed', { tile: path }])
      }
      const log = await makeLog(600, [600])
      log.tiles.delete(path)
      expect(await codes(log, ['tiles'])).toContainEqual(['tile-missing', { tile: path }])
    },
  )
})

describe('a checkpoint', () => {
  it('with any bit of its signature changed is found', async () => {
    const log = await makeLog(10, [5, 10])
    const start = log.checkpoints[0]!.indexOf('\u2014')
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(...'ABab019+/='.split('')), async (at, letter) => {
        const note = log.checkpoints[0]!
        const i = start + (at % (note.length - start))
        fc.pre(note[i] !== letter)
        const changed = note.slice(0, i) + letter + note.slice(i + 1)
        const { findings } = await verify({ ...log, checkpoints: [changed, log.checkpoints[1]!] }, [
          'entries',
        ])
        expect(findings).toHaveLength(1)
        expect(findings[0]!.code).toMatch(/^checkpoint-(?:bad-signature|unsigned|malformed)$/)
      }),
    )
  })
  it('of another key, another log, or none', async () => {
    const log = await makeLog(10, [10])
    const [good] = log.checkpoints as [string]
    const stranger = noteSigner(origin, signingKey(new Uint8Array(32).fill(9)))
    const forged = await signNote(good.slice(0, good.indexOf('\n\n') + 1), [stranger])
    const root = new Uint8Array(32)
    const foreign = await signCheckpoint({ origin: 'b', size: 3, root, extensions: [] }, [signer])
    const changed = good.replace('\n10\n', '\n11\n')
    const checkpoints = [forged, foreign, changed, 'gibberish', good]
    expect(await codes({ ...log, checkpoints }, ['entries'])).toEqual([
      ['checkpoint-unsigned', { checkpoint: 10 }],
      ['checkpoint-foreign', { checkpoint: 3 }],
      ['checkpoint-bad-signature', { checkpoint: 11 }],
      ['checkpoint-malformed', { position: 3 }],
    ])
  })
  it('whose size goes backwards', async () => {
    const log = await makeLog(10, [4, 10, 7, 10])
    expect(await codes(log, ['entries'])).toEqual([['checkpoint-backwards', { checkpoint: 7 }]])
  })
  it('that is absent is no pass', async () => {
    const log = await makeLog(10, [10])
    const none = [['no-checkpoint', { log: origin }]]
    expect(await codes({ ...log, checkpoints: [] }, ['entries'])).toEqual(none)
    expect((await verify({ ...log, checkpoints: [] }, ['entries'])).verified).toBe(0)
    expect(await codes(log, [])).toEqual([['no-entries', { log: origin }]])
    expect((await verify(log, [])).verified).toBe(0)
  })
  it('signed with either of two keys is believed', async () => {
    const key = signingKey(new Uint8Array(32).fill(8))
    const next = noteSigner(origin, key)
    const log = await makeLog(20, [10, 20])
    const text = log.checkpoints[1]!.slice(0, log.checkpoints[1]!.indexOf('\n\n') + 1)
    const checkpoints = [log.checkpoints[0]!, await signNote(text, [next])]
    const known = [...keys, { ...keys[0]!, keyId: next.keyId, verify: () => true }]
    expect((await verify({ ...log, checkpoints }, ['entries'], { keys: known })).findings).toEqual(
      [],
    )
    expect(await codes({ ...log, checkpoints }, ['entries'])).toEqual([
      ['checkpoint-unsigned', { checkpoint: 20 }],
      ['entry-unsigned', { entries: [10, 10] }],
    ])
  })
})

describe.each(ways)('a fork, by its %s', (_, parts) => {
  it('is found by any one earlier checkpoint after the point of forking', async () => {
    const forks = fc.tuple(someLog, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 300 }))
    await fc.assert(
      fc.asyncProperty(forks, async ([{ sizes, count }, where, which, longer]) => {
        const log = await makeLog(count, sizes)
        const kept = which % sizes.length
        const at = where % sizes[kept]!
        // The holder of the key writes another history from there on, and signs all of it anew.
        const entries = [...log.entries.slice(0, at), ...makeEntries(count + longer - at, 'other ')]
        const end = entries.length
        const signed = [...new Set([...sizes, end])]
        const checkpoints = await Promise.all(signed.map((size) => checkpointOf(entries, size)))
        const fork = { entries, sizes: signed, checkpoints, tiles: writeTiles(entries, signed) }
        expect((await verify(fork, parts)).findings).toEqual([])
        const earlier = [log.checkpoints[kept]!]
        expect(await codes(fork, parts, { earlier })).toEqual([
          ['checkpoint-inconsistent', { checkpoint: sizes[kept] }],
        ])
      }),
      { numRuns: 25 },
    )
  })
  it('is found within the log itself', async () => {
    const log = await makeLog(20, [5, 10, 20])
    const other = await makeLog(20, [10], 'other ')
    const checkpoints = log.checkpoints.with(1, other.checkpoints[0]!)
    const found = [['checkpoint-inconsistent', { checkpoint: 10 }]]
    expect(await codes({ ...log, checkpoints }, parts)).toEqual(found)
    const both = log.checkpoints.toSpliced(2, 0, other.checkpoints[0]!)
    expect(await codes({ ...log, checkpoints: both }, parts)).toEqual(found)
  })
})

describe.each(ways)('a log cut short, by its %s', (_, parts) => {
  it('is found with the checkpoint that it still has', async () => {
    const log = await makeLog(300, [100, 300])
    log.entries.length = 290
    log.tiles.delete('tile/0/001.p/44')
    expect(await codes(log, parts)).toContainEqual(['log-truncated', { checkpoint: 300 }])
  })
  it('is found with one that was kept, though all the later ones were removed', async () => {
    const log = await makeLog(300, [100, 300])
    const cut = { ...log, entries: log.entries.slice(0, 100), checkpoints: [log.checkpoints[0]!] }
    expect((await verify(cut, parts)).findings).toEqual([])
    const earlier = [log.checkpoints[1]!]
    expect(await codes(cut, parts, { earlier })).toEqual([['log-truncated', { checkpoint: 300 }]])
  })
})

describe('a large log', () => {
  it('is read as a stream, once and in order, and closed', async () => {
    let [read, closed] = [0, false]
    async function* entries() {
      try {
        for (const entry of makeEntries(1000)) {
          read++
          yield entry
        }
      } finally {
        closed = true
      }
    }
    const log = await makeLog(900, [300, 900])
    async function* checkpoints() {
      for (const [i, note] of log.checkpoints.entries()) {
        // No entry beyond a checkpoint is asked for before the next is known.
        expect(read).toBe([0, 300][i])
        yield note
      }
    }
    const given = { origin, keys, entries: entries(), checkpoints: checkpoints() }
    const { findings } = await verifyLog(given)
    expect(findings.map((one) => one.code)).toEqual(['entry-unsigned'])
    expect([read, closed]).toEqual([901, true])
  })
  it('that cannot be read is not verified, and its entries are closed', async () => {
    let closed = false
    function* entries() {
      try {
        yield new Uint8Array(1)
        throw new Error('the disk is gone')
      } finally {
        closed = true
      }
    }
    const log = await makeLog(10, [10])
    await expect(verify(log, [], { entries: entries() })).rejects.toThrow('the disk is gone')
    expect(closed).toBe(true)
  })
  it('with more faults than a person could read says how many more', async () => {
    const log = await makeLog(10, [10])
    const checkpoints = [...Array.from({ length: 1200 }, () => 'gibberish'), ...log.checkpoints]
    const { findings } = await verify({ ...log, checkpoints }, ['entries'])
    expect(findings).toHaveLength(1001)
    expect(findings.at(-1)).toEqual({
      code: 'more',
      place: { log: origin },
      says: '200 further findings are not listed',
    })
  })
})
