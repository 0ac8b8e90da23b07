import { Failure } from './failure.ts'

/** How deep arrays and objects may lie in each other: deeper ones overflow what reads them later. */
const deepest = 64

/** Reads JSON that a stranger sent: UTF-8, and not too deep, which is seen before anything is built. */
export function parseJson(bytes: Uint8Array): unknown {
  if (isDeep(bytes)) {
    throw new Failure('bad-json', `the body is nested more than ${deepest} levels deep`)
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Failure('bad-json', 'the body is not JSON in UTF-8')
  }
}

const [quote, backslash] = [0x22, 0x5c]
const opening = new Set([0x5b, 0x7b])
const closing = new Set([0x5d, 0x7d])

function isDeep(bytes: Uint8Array): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (inString) {
      if (byte === backslash) i++
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (opening.has(byte)) {
      if (++depth > deepest) return true
    } else if (closing.has(byte)) depth--
  }
  return false
}
