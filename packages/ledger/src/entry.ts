import canonicalize from 'canonicalize'
import { LedgerError } from './error.ts'
import { equalBytes } from './hash.ts'

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

/** How deep arrays and objects may lie in each other; deeper ones overflow other readers' stacks. */
const deepest = 64

/**
 * The bytes of a JSON entry by RFC 8785 (JCS): the same value has the same bytes everywhere. Throws
 * `entry-not-json` with the place for what JSON cannot hold: lone surrogates, NaN, infinity,
 * undefined, big integers, functions, instances of classes.
 */
export function encodeEntry(value: Json): Uint8Array {
  checkJson(value, '$', 0)
  return new TextEncoder().encode(canonicalize(value))
}

/**
 * Reads the bytes of a JSON entry. Throws `entry-not-json`, or `entry-not-canonical` for bytes that
 * `encodeEntry` would not make of the value: two spellings of one entry would be two leaves.
 */
export function decodeEntry(bytes: Uint8Array): Json {
  let value: Json
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    throw new LedgerError('entry-not-json', 'the entry is no JSON in UTF-8')
  }
  if (equalBytes(encodeEntry(value), bytes)) return value
  throw new LedgerError('entry-not-canonical', 'the entry is not spelled as RFC 8785 spells it')
}

function checkJson(value: unknown, place: string, depth: number): void {
  if (depth > deepest) throw refuse(place, `is more than ${deepest} levels deep`)
  if (typeof value === 'string') return checkString(value, place)
  if (typeof value === 'number' && !Number.isFinite(value)) throw refuse(place, `is ${value}`)
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return
  if (Array.isArray(value) && !hasToJson(value)) {
    // By index: a hole is undefined, which forEach would pass over.
    for (let i = 0; i < value.length; i++) checkJson(value[i], `${place}[${i}]`, depth + 1)
    return
  }
  if (!isPlainObject(value)) throw refuse(place, `is no JSON value but ${describe(value)}`)
  for (const [key, one] of Object.entries(value)) {
    checkString(key, `the name of ${place}.${key.toWellFormed()}`)
    checkJson(one, `${place}.${key}`, depth + 1)
  }
}

function checkString(text: string, place: string): void {
  if (!text.isWellFormed()) throw refuse(place, 'has half of a surrogate pair')
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && !hasToJson(value)
}

/** It would put another value in the place of the one that was checked. */
function hasToJson(value: object): boolean {
  return 'toJSON' in value && typeof value.toJSON === 'function'
}

function describe(value: unknown): string {
  return typeof value === 'object' ? 'an instance of a class' : `of type ${typeof value}`
}

/** Names the place, never the value: it may be personal. */
function refuse(place: string, why: string): LedgerError {
  return new LedgerError('entry-not-json', `the entry cannot be written as JSON: ${place} ${why}`)
}
