import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fastSha256, makeEntries, reader, rootAt, writeTiles } from '../test/memory-log.ts'
import { decodeBundle, encodeBundle, longestEntry, readEntries } from './bundle.ts'
import { hashLeaf } from './hash.ts'
import { proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from './proof.ts'
import { readEdge, readHashFromTiles, growTiles, emptyEdge } from './tiles.ts'
import { formatTilePath, parseTilePath, tilesBetween, type TileAddress } from './tiles.ts'
import { readFrontier, rootOf } from './tree.ts'

describe('a path', () => {
  it.each<[string, TileAddress]>([
    ['tile/0/000', { level: 0, index: 0, width: 256 }],
    ['tile/0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
    ['tile/5/x123/x456/078.p/2', { level: 5, index: 123_456_078, width: 2 }],
    ['tile/63/001.p/255', { level: 63, index: 1, width: 255 }],
    ['tile/entries/x001/000.p/7', { level: 'entries', index: 1000, width: 7 }],
  ])('%s', (path, address) => {
    expect(formatTilePath(address)).toBe(path)
    expect(parseTilePath(path)).toEqual(address)
  })
  it.each([
    'tile/0/123/456/078',
    'tile/-1/x123/456',
    'tile/64/000',
    'tile/00/000',
    'tile/data/000',
    'tile/0/0',
    'tile/0/x000/001',
    'tile/0/001.p/0',
    'tile/0/001.p/256',
    'tile/0/001.p/05',
    'tile/0/x001',
    'tile/0/001/',
    '/tile/0/001',
    'tile/0/001\n',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
    'tile/0/../../etc',
    '',
  ])('refuses %j', (path) => {
    const refused = expect.objectContaining({ code: 'tile-path-malformed' })
    expect(() => parseTilePath(path)).toThrow(refused)
  })
})

describe('the tiles of a size', () => {
  const paths = (from: number, to: number) => tilesBetween(from, to).map(formatTilePath)
  it('are those of the example in C2SP tlog-tiles', () => {
    const all = paths(0, 70_000)
    const full = (level: string) =>
      all.filter((path) => path.startsWith(`tile/${level}/`) && !path.includes('.p/')).length
    expect([full('0'), full('entries'), full('1'), full('2')]).toEqual([273, 273, 1, 0])
    expect(all.filter((path) => path.includes('.p/'))).toEqual([
      'tile/entries/273.p/112',
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ])
    expect(paths(0, 256)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1'])
  })
  it('are only what changed', () => {
    expect(paths(256, 257)).toEqual(['tile/entries/001.p/1', 'tile/0/001.p/1'])
    expect(paths(300, 300)).toEqual([])
    expect(paths(0, 0)).toEqual([])
  })
})

const most = 70_000
const entries = makeEntries(most)
const hashes = entries.map((entry) => hashLeaf(entry, fastSha256))

/** Tiles that a client of the last size needs: the earlier partial ones may be deleted. */
function current(tiles: Map<string, Uint8Array>, size: number) {
  const wanted = tilesBetween(0, size).map(formatTilePath)
  return new Map(wanted.map((path) => [path, tiles.get(path)]))
}

describe('growing', () => {
  it('in random batches writes what growing at once writes', () => {
    const batches = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(batches, (counts) => {
        const sizes = counts.map((_, i) => counts.slice(0, i + 1).reduce((a, b) => a + b))
        const size = sizes.at(-1)!
        const stepwise = writeTiles(entries, sizes)
        expect(current(stepwise, size)).toEqual(writeTiles(entries, [size]))
      }),
      { numRuns: 50 },
    )
  })
  it('writes as many hash tiles as were foretold, two levels up', () => {
    const start = growTiles(emptyEdge, hashes.slice(0, 65_400), fastSha256)
    const { tiles } = growTiles(start.edge, hashes.slice(65_400), fastSha256)
    const foretold = tilesBetween(65_400, most).filter(({ level }) => level !== 'entries')
    const inOrder = (addresses: TileAddress[]) => addresses.map(formatTilePath).sort()
    expect(inOrder(tiles.map((tile) => tile.address))).toEqual(inOrder(foretold))
  })
  it('goes on from an edge read back from the tiles', async () => {
    const size = fc.integer({ min: 0, max: 3000 })
    await fc.assert(
      fc.asyncProperty(size, async (count) => {
        const tiles = reader(writeTiles(entries, [count]))
        const edge = await readEdge(count, tiles, fastSha256)
        const grown = growTiles(emptyEdge, hashes.slice(0, count), fastSha256).edge
        const next = hashes.slice(count, count + 300)
        expect(rootOf(edge.frontier)).toEqual(rootOf(grown.frontier))
        expect(growTiles(edge, next)).toEqual(growTiles(grown, next))
      }),
      { numRuns: 25 },
    )
  })
})

describe('hashes read back from tiles', () => {
  const tiles = reader(writeTiles(entries, [most]))
  it('give the root, and proofs that verify', async () => {
    const root = rootAt(entries, most)
    const read = () => readHashFromTiles(most, tiles, fastSha256)
    expect(rootOf(await readFrontier(most, read()))).toEqual(root)
    for (const index of [0, 1, 255, 256, 65_535, 65_536, 69_999]) {
      const proof = await proveInclusion(index, most, read())
      const claim = { index, size: most, leaf: hashes[index]!, proof, root }
      expect(verifyInclusion(claim)).toBe(true)
    }
    for (const first of [1, 256, 300, 65_536, 69_999]) {
      const proof = await proveConsistency(first, most, read())
      const claim = { first, second: most, firstRoot: rootAt(entries, first), secondRoot: root }
      expect(verifyConsistency({ ...claim, proof })).toBe(true)
    }
  })
  it('take a full tile for a partial one that was deleted', async () => {
    const written = writeTiles(entries, [300, 512])
    expect(written.delete('tile/0/001.p/44')).toBe(true)
    const full: typeof tiles = async (address) =>
      (await reader(written)(address)) ?? reader(written)({ ...address, width: 256 })
    const old = readHashFromTiles(300, full)
    expect(rootOf(await readFrontier(300, old))).toEqual(rootAt(entries, 300))
  })
  it.each([
    ['tile-missing', 0, () => null],
    ['tile-malformed', 0, () => new Uint8Array(33)],
    ['tile-malformed', 0, () => new Uint8Array(64)],
    ['tile-malformed', 0, () => new Uint8Array(257 * 32)],
    ['size-out-of-range', 300, tiles],
  ])('are refused: %s', async (code, index, read) => {
    const refused = expect.objectContaining({ code })
    const one = readHashFromTiles(300, read)
    await expect((async () => one(0, index))()).rejects.toThrow(refused)
  })
})

async function readAll(tiles: Map<string, Uint8Array>): Promise<Uint8Array[]> {
  const read: Uint8Array[] = []
  for await (const entry of readEntries(600, reader(tiles))) read.push(entry)
  return read
}

describe('a bundle', () => {
  it('is each entry after its length', () => {
    const bundle = encodeBundle([Uint8Array.of(7, 8), new Uint8Array(0)])
    expect(bundle).toEqual(Uint8Array.of(0, 2, 7, 8, 0, 0))
  })
  it('gives its entries back, and grows by their bundles', () => {
    const some = fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 128 })
    fc.assert(
      fc.property(some, some, (a, b) => {
        const joined = Uint8Array.from([...encodeBundle(a), ...encodeBundle(b)])
        expect(joined).toEqual(encodeBundle([...a, ...b]))
        expect(decodeBundle(joined)).toEqual([...a, ...b])
      }),
    )
  })
  it('holds entries of up to 65,535 bytes', () => {
    const longest = new Uint8Array(longestEntry).fill(1)
    expect(decodeBundle(encodeBundle([longest]))).toEqual([longest])
    const refused = expect.objectContaining({ code: 'entry-too-long' })
    expect(() => encodeBundle([new Uint8Array(longestEntry + 1)])).toThrow(refused)
  })
  it('is refused when it breaks off or has too many', () => {
    const refused = expect.objectContaining({ code: 'bundle-malformed' })
    const whole = encodeBundle([Uint8Array.of(7, 8), Uint8Array.of(9)])
    for (const cut of [1, 2, 3, 5, 6]) {
      expect(() => decodeBundle(whole.subarray(0, cut))).toThrow(refused)
    }
    expect(decodeBundle(whole)).toHaveLength(2)
    expect(() => decodeBundle(encodeBundle(entries.slice(0, 257)))).toThrow(refused)
  })
  it('is read after another', async () => {
    const tiles = writeTiles(entries, [600])
    expect(await readAll(tiles)).toEqual(entries.slice(0, 600))
    tiles.delete('tile/entries/001')
    const missing = expect.objectContaining({ code: 'tile-missing' })
    await expect(readAll(tiles)).rejects.toThrow(missing)
    tiles.set('tile/entries/001', encodeBundle(entries.slice(0, 9)))
    const malformed = expect.objectContaining({ code: 'bundle-malformed' })
    await expect(readAll(tiles)).rejects.toThrow(malformed)
  })
})
