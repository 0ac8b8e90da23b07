import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { LedgerError } from './error.ts'

/** 32 bytes of SHA-256. */
export type Hash = Uint8Array

/**
 * The hash function is a port: a server passes node:crypto's, which is faster; the default runs
 * everywhere. It must not keep the bytes it is given: they are written over.
 */
export type Sha256 = (bytes: Uint8Array) => Hash

export const sha256: Sha256 = nobleSha256

/** Bytes in a hash. */
export const hashSize = 32

// Written over by every call: an allocation each would cost as much as the hash.
const prefixed = new Uint8Array(65_536)
const pair = Uint8Array.of(1, ...new Uint8Array(2 * hashSize))

/** RFC 6962 section 2.1: SHA-256(0x00 || entry). */
export function hashLeaf(entry: Uint8Array, hash: Sha256 = sha256): Hash {
  const length = entry.length + 1
  const bytes = length <= prefixed.length ? prefixed.subarray(0, length) : new Uint8Array(length)
  bytes.set(entry, 1)
  return hash(bytes)
}

/** RFC 6962 section 2.1: SHA-256(0x01 || left || right). */
export function hashNode(left: Hash, right: Hash, hash: Sha256 = sha256): Hash {
  checkHash(left)
  checkHash(right)
  pair.set(left, 1)
  pair.set(right, 1 + hashSize)
  return hash(pair)
}

/** A hash of another length would make two different trees have one root. */
export function checkHash(hash: Hash): void {
  if (hash.length !== hashSize)
    throw new LedgerError('hash-malformed', `a hash has ${hashSize} bytes, not ${hash.length}`)
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
