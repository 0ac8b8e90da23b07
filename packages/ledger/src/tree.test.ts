import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fastSha256, makeEntries } from '../test/memory-log.ts'
import { hex, leaves, roots, utf8 } from '../test/vectors.ts'
import { hashLeaf, hashNode, sha256, type Hash } from './hash.ts'
import { append, emptyFrontier, readFrontier, rootOf, splitPoint } from './tree.ts'

describe('hashes of RFC 6962', () => {
  // transparency-dev/merkle, rfc6962/rfc6962_test.go.
  it.each([
    ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    ['L123456', '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56'],
  ])('leaf %j', (entry, hash) => {
    expect(hashLeaf(utf8(entry))).toEqual(hex(hash))
    expect(hashLeaf(utf8(entry), fastSha256)).toEqual(hex(hash))
  })
  it('of entries of any length, one after another', () => {
    for (const length of [0, 1, 65_535, 65_536, 100_000, 3]) {
      const entry = new Uint8Array(length).fill(length)
      expect(hashLeaf(entry)).toEqual(fastSha256(Uint8Array.of(0, ...entry)))
    }
  })
  it('of no entries', () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    expect(rootOf(emptyFrontier)).toEqual(hex(empty))
  })
  it('tell a node from a leaf of the same bytes', () => {
    const [a, b] = [hashLeaf(utf8('a')), hashLeaf(utf8('b'))]
    expect(hashNode(a, b)).not.toEqual(hashLeaf(Uint8Array.of(...a, ...b)))
    expect(hashNode(a, b)).not.toEqual(hashNode(b, a))
    expect(hashNode(a, b)).toEqual(sha256(Uint8Array.of(1, ...a, ...b)))
  })
  it('are refused when they have another length', () => {
    const good = new Uint8Array(32)
    const refused = expect.objectContaining({ code: 'hash-malformed' })
    expect(() => hashNode(good, good.subarray(1))).toThrow(refused)
    expect(() => hashNode(good.subarray(1), good)).toThrow(refused)
    expect(() => hashNode(Uint8Array.of(...good, 0), good.subarray(1))).toThrow(refused)
    expect(() => append(emptyFrontier, [new Uint8Array(33)])).toThrow(refused)
    expect(append(emptyFrontier, [good]).size).toBe(1)
  })
})

/** The definition, word for word. */
function plainRoot(hashes: readonly Hash[]): Hash {
  if (hashes.length === 0) return sha256(new Uint8Array(0))
  if (hashes.length === 1) return hashes[0]!
  const k = splitPoint(hashes.length)
  return hashNode(plainRoot(hashes.slice(0, k)), plainRoot(hashes.slice(k)))
}

describe('a frontier', () => {
  it.each(roots.map((root, i) => [i + 1, root] as const))('has the root of %i', (size, root) => {
    const hashes = leaves.slice(0, size).map((leaf) => hashLeaf(leaf))
    expect(rootOf(append(emptyFrontier, hashes))).toEqual(root)
  })

  const hashes = makeEntries(3000).map((entry) => hashLeaf(entry))
  const size = fc.nat({ max: hashes.length })

  it('grows in any batches to the root of the definition, and leaves the given one alone', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 600 }), { maxLength: 5 }), (batches) => {
        let [frontier, from] = [emptyFrontier, 0]
        for (const batch of batches) {
          const before = { ...frontier, hashes: [...frontier.hashes] }
          const next = append(frontier, hashes.slice(from, from + batch))
          expect(frontier).toEqual(before)
          ;[frontier, from] = [next, Math.min(from + batch, hashes.length)]
        }
        expect(frontier.size).toBe(from)
        expect(rootOf(frontier)).toEqual(plainRoot(hashes.slice(0, from)))
      }),
      { numRuns: 30 },
    )
  })

  it('is read back from the nodes it completed', async () => {
    await fc.assert(
      fc.asyncProperty(size, async (count) => {
        const nodes = new Map<string, Hash>()
        const frontier = append(emptyFrontier, hashes.slice(0, count), sha256, (height, i, hash) =>
          nodes.set(`${height}/${i}`, hash),
        )
        const read = (height: number, index: number) => nodes.get(`${height}/${index}`)!
        expect(await readFrontier(count, read)).toEqual(frontier)
      }),
      { numRuns: 20 },
    )
  })

  it('refuses sizes that are none', async () => {
    const refused = expect.objectContaining({ code: 'size-out-of-range' })
    const read = () => hashes[0]!
    for (const bad of [-1, 1.5, Number.NaN, 2 ** 53]) {
      await expect(readFrontier(bad, read)).rejects.toThrow(refused)
    }
    expect((await readFrontier(2 ** 53 - 1, read)).hashes).toHaveLength(53)
  })
})
