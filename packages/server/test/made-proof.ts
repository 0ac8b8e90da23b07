import {
  append,
  emptyFrontier,
  formatVerifierKey,
  hashLeaf,
  noteSigner,
  proveInclusion,
  rootOf,
  signCheckpoint,
  signingKey,
} from '@kept/ledger'
import type { ProofDocument } from '../src/capabilities/publishing/documents.ts'

/** A real log of 11 entries, signed with a key that is no secret. */

export const origin = 'example.com/kept'
const key = signingKey(new Uint8Array(32).fill(7))
export const log = { origin, key: formatVerifierKey(origin, key.publicKey) }

export function inBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

export async function makeProof(index: number): Promise<ProofDocument> {
  const entries = Array.from({ length: 11 }, (_, i) => new TextEncoder().encode(`{"n":${i}}`))
  const nodes = new Map<string, Uint8Array>()
  const frontier = append(
    emptyFrontier,
    entries.map((entry) => hashLeaf(entry)),
    undefined,
    (height, at, hash) => nodes.set(`${height}/${at}`, hash),
  )
  const size = entries.length
  const path = await proveInclusion(index, size, (height, at) => nodes.get(`${height}/${at}`)!)
  const checkpoint = await signCheckpoint(
    { origin, size, root: rootOf(frontier), extensions: [] },
    [noteSigner(origin, key)],
  )
  return { entry: inBase64(entries[index]!), index, size, path: path.map(inBase64), checkpoint }
}
