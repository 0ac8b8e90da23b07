import { formatVerifierKey, signingKey } from '@kept/ledger'
import { beforeAll, describe, expect, it } from 'vitest'
import { inBase64, log, makeProof, origin } from '../../../test/made-proof.ts'
import { bundleVerifier } from './verifier.ts'
import { verifyProof, type ProofDocument } from './verify-in-browser.ts'

describe('verifying in the browser', () => {
  let proof: ProofDocument
  beforeAll(async () => {
    proof = await makeProof(4)
  })

  it('accepts an entry of the log', () => {
    expect(verifyProof(proof, 4, log).at(-1)).toBe('The entry says: {"n":4}')
  })

  it.each([
    ['another entry', /does not lead/, { entry: inBase64(new TextEncoder().encode('{"n":5}')) }],
    ['another index', /this is entry 5/, { index: 5 }],
    ['another size', /of 11 entries/, { size: 12 }],
    ['a hash too few', /does not lead/, { path: [] }],
  ])('refuses %s', (_, why, change) => {
    expect(() => verifyProof({ ...proof, ...change }, 4, log)).toThrow(why)
  })

  it('refuses another key, another log and a changed checkpoint', () => {
    const other = formatVerifierKey(origin, signingKey(new Uint8Array(32).fill(8)).publicKey)
    expect(() => verifyProof(proof, 4, { origin, key: other })).toThrow(/no signature/)
    expect(() => verifyProof(proof, 4, { ...log, origin: 'else.example/kept' })).toThrow(/not of/)
    const forged = { ...proof, checkpoint: proof.checkpoint.replace('\n11\n', '\n12\n'), size: 12 }
    expect(() => verifyProof(forged, 4, log)).toThrow(/false/)
  })

  it('is one module that imports nothing', async () => {
    const script = await bundleVerifier()
    expect(script).toContain('data-verify')
    expect(script).not.toMatch(/\bimport\b\s*[{"'(*]|\brequire\(/)
  })
})
