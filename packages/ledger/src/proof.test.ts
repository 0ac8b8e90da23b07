import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import argon from '../test/argon2020.json' with { type: 'json' }
import { fastSha256, makeEntries } from '../test/memory-log.ts'
import { base64, consistencies, inclusions, leaves, roots } from '../test/vectors.ts'
import { hashLeaf, type Hash } from './hash.ts'
import {
  proveConsistency,
  proveInclusion,
  verifyConsistency,
  verifyInclusion,
  type Consistency,
  type Inclusion,
} from './proof.ts'
import { append, emptyFrontier, rootOf } from './tree.ts'

/** A tree in memory: its nodes, and its root at every size. */
function growTree(hashes: readonly Hash[]) {
  const nodes = new Map<string, Hash>()
  const roots = [rootOf(emptyFrontier)]
  let frontier = emptyFrontier
  for (const one of hashes) {
    frontier = append(frontier, [one], fastSha256, (height, index, hash) =>
      nodes.set(`${height}/${index}`, hash),
    )
    roots.push(rootOf(frontier, fastSha256))
  }
  return { roots, read: (height: number, index: number) => nodes.get(`${height}/${index}`)! }
}

describe('the public test tree', () => {
  const hashes = leaves.map((leaf) => hashLeaf(leaf))
  const { read } = growTree(hashes)
  it.each(inclusions)('entry $index of $size', async ({ index, size, proof }) => {
    expect(await proveInclusion(index, size, read)).toEqual(proof)
    const claim = { index, size, leaf: hashes[index]!, proof, root: roots[size - 1]! }
    expect(verifyInclusion(claim)).toBe(true)
  })
  it.each(consistencies)('$first begins $second', async ({ first, second, proof }) => {
    expect(await proveConsistency(first, second, read)).toEqual(proof)
    const [firstRoot, secondRoot] = [roots[first - 1]!, roots[second - 1]!]
    expect(verifyConsistency({ first, second, firstRoot, secondRoot, proof })).toBe(true)
  })
})

describe('a public log of 961,984,013 entries', () => {
  const root = base64(argon.root)
  const { index, entry, proof } = argon.leaf
  const claim = { index, size: argon.size, root, proof: proof.map(base64) }
  it('holds its entry 10,000, and not at another place', () => {
    const leaf = hashLeaf(base64(entry))
    expect(verifyInclusion({ ...claim, leaf })).toBe(true)
    expect(verifyInclusion({ ...claim, leaf, index: index + 1 })).toBe(false)
  })
  it('began as it once was', () => {
    const old = { first: argon.old.size, firstRoot: base64(argon.old.root) }
    const grown = { second: argon.size, secondRoot: root, proof: argon.old.proof.map(base64) }
    expect(verifyConsistency({ ...old, ...grown })).toBe(true)
    expect(verifyConsistency({ ...old, ...grown, first: old.first - 1 })).toBe(false)
  })
})

const most = 4000
const hashes = makeEntries(most).map((entry) => hashLeaf(entry, fastSha256))
const tree = growTree(hashes)
const size = fc.integer({ min: 1, max: most })

type Mutate = (proof: readonly Hash[], at: number, bit: number) => Hash[]

/** Ways to spoil a list of hashes; each leaves another list than it was given. */
const mutations: Record<string, Mutate> = {
  'a bit': (proof, at, bit) =>
    proof.map((hash, i) => {
      const copy = Uint8Array.from(hash)
      if (i === at % proof.length) copy[bit >> 3]! ^= 1 << (bit & 7)
      return copy
    }),
  'cut short': (proof, at) => proof.filter((_, i) => i !== at % proof.length),
  extended: (proof, at) => proof.toSpliced(at % (proof.length + 1), 0, hashes[at % most]!),
  doubled: (proof, at) => proof.toSpliced(at % proof.length, 0, proof[at % proof.length]!),
  'another order': (proof, at) => {
    const i = at % proof.length
    const j = (i + 1) % proof.length
    return proof.with(i, proof[j]!).with(j, proof[i]!)
  },
  reversed: (proof) => proof.toReversed(),
  'a short hash': (proof, at) =>
    proof.map((hash, i) => (i === at % proof.length ? hash.subarray(1) : hash)),
}

const mutation = fc.record({
  name: fc.constantFrom(...Object.keys(mutations)),
  at: fc.nat(),
  bit: fc.nat({ max: 255 }),
})

type Mutation = { name: string; at: number; bit: number }

/** The mutated proof, or null when the mutation changes nothing, as reversing one hash does. */
function mutate(proof: readonly Hash[], { name, at, bit }: Mutation): Hash[] | null {
  if (proof.length === 0 && name !== 'extended') return null
  const mutated = mutations[name]!(proof, at, bit)
  const same = Buffer.concat(mutated).equals(Buffer.concat([...proof]))
  return same && mutated.length === proof.length ? null : mutated
}

describe('inclusion', () => {
  const inclusion = async (count: number, at: number): Promise<Inclusion> => {
    const index = at % count
    const proof = await proveInclusion(index, count, tree.read, fastSha256)
    return { index, size: count, leaf: hashes[index]!, proof, root: tree.roots[count]! }
  }

  it('is proved for every entry of every size up to 130', async () => {
    for (let count = 1; count <= 130; count++) {
      for (let index = 0; index < count; index++) {
        expect(verifyInclusion(await inclusion(count, index), fastSha256)).toBe(true)
      }
    }
  })
  it('is proved at random, and every mutated proof refused', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), mutation, async (count, at, how) => {
        const claim = await inclusion(count, at)
        expect(verifyInclusion(claim, fastSha256)).toBe(true)
        const proof = mutate(claim.proof, how)
        if (proof) expect(verifyInclusion({ ...claim, proof }, fastSha256)).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })
  it('is refused for another index, size, leaf or root', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), size, fc.nat(), async (count, at, other, where) => {
        const claim = await inclusion(count, at)
        const index = where % count
        if (index !== claim.index) {
          expect(verifyInclusion({ ...claim, index })).toBe(false)
          expect(verifyInclusion({ ...claim, leaf: hashes[index]! })).toBe(false)
        }
        if (other === count) return
        expect(verifyInclusion({ ...claim, root: tree.roots[other]! })).toBe(false)
        // Sizes of one shape have the same path, so the size is bound by its root alone.
        const there = { ...claim, size: other, root: tree.roots[other]! }
        expect(verifyInclusion(there)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
  it('is refused for a smaller tree within the one whose root it is', async () => {
    const claim = await inclusion(2, 1)
    expect(verifyInclusion(claim)).toBe(true)
    expect(verifyInclusion({ ...claim, index: 0, size: 1 })).toBe(false)
  })
  it('is refused for numbers that are none', async () => {
    const claim = await inclusion(100, 3)
    for (const bad of [-1, 100, 0.5, Number.NaN, 2 ** 60]) {
      expect(verifyInclusion({ ...claim, index: bad })).toBe(false)
    }
    for (const bad of [0, -1, 3, Number.NaN, Infinity]) {
      expect(verifyInclusion({ ...claim, size: bad })).toBe(false)
    }
    expect(verifyInclusion({ ...claim, root: claim.root.subarray(1) })).toBe(false)
    const refused = expect.objectContaining({ code: 'size-out-of-range' })
    await expect(proveInclusion(100, 100, tree.read)).rejects.toThrow(refused)
    await expect(proveInclusion(-1, 100, tree.read)).rejects.toThrow(refused)
  })
})

describe('consistency', () => {
  const consistency = async (a: number, b: number): Promise<Consistency> => {
    const [first, second] = a < b ? [a, b] : [b, a]
    const proof = await proveConsistency(first, second, tree.read, fastSha256)
    const [firstRoot, secondRoot] = [tree.roots[first]!, tree.roots[second]!]
    return { first, second, firstRoot, secondRoot, proof }
  }

  it('is proved between all sizes up to 130', async () => {
    for (let second = 0; second <= 130; second++) {
      for (let first = 0; first <= second; first++) {
        expect(verifyConsistency(await consistency(first, second), fastSha256)).toBe(true)
      }
    }
  })
  it('is proved at random, and every mutated proof refused', async () => {
    await fc.assert(
      fc.asyncProperty(size, size, mutation, async (a, b, how) => {
        const claim = await consistency(a, b)
        expect(verifyConsistency(claim, fastSha256)).toBe(true)
        const proof = mutate(claim.proof, how)
        if (proof) expect(verifyConsistency({ ...claim, proof }, fastSha256)).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })
  it('is refused for another size or root', async () => {
    await fc.assert(
      fc.asyncProperty(size, size, size, async (a, b, other) => {
        const claim = await consistency(a, b)
        fc.pre(claim.first !== claim.second)
        const root = tree.roots[other]!
        if (other !== claim.first) {
          expect(verifyConsistency({ ...claim, firstRoot: root })).toBe(false)
          expect(verifyConsistency({ ...claim, first: other, firstRoot: root })).toBe(false)
        }
        if (other !== claim.second) {
          expect(verifyConsistency({ ...claim, secondRoot: root })).toBe(false)
          expect(verifyConsistency({ ...claim, second: other, secondRoot: root })).toBe(false)
        }
        const swapped = { firstRoot: claim.secondRoot, secondRoot: claim.firstRoot }
        expect(verifyConsistency({ ...claim, ...swapped })).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
  it('is refused for a larger tree than the one whose root it is', async () => {
    const claim = await consistency(2, 4)
    expect(verifyConsistency(claim)).toBe(true)
    expect(verifyConsistency({ ...claim, second: 8 })).toBe(false)
  })
  it('begins with nothing', async () => {
    const claim = await consistency(0, 5)
    expect(claim.proof).toEqual([])
    expect(verifyConsistency(claim)).toBe(true)
    expect(verifyConsistency({ ...claim, firstRoot: tree.roots[1]! })).toBe(false)
    expect(verifyConsistency({ ...claim, proof: [tree.roots[1]!] })).toBe(false)
  })
  it('never runs backwards', async () => {
    const claim = await consistency(3, 5)
    expect(verifyConsistency({ ...claim, first: 5, second: 3 })).toBe(false)
    const refused = expect.objectContaining({ code: 'size-out-of-range' })
    await expect(proveConsistency(5, 3, tree.read)).rejects.toThrow(refused)
  })
})
