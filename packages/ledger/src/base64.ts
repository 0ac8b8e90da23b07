import { base64 } from '@scure/base'

/** Standard base64 of RFC 4648 section 4; null for any spelling but the one that encoding gives. */
export function decodeBase64(text: string): Uint8Array | null {
  try {
    return base64.decode(text)
  } catch {
    return null
  }
}

export function encodeBase64(bytes: Uint8Array): string {
  return base64.encode(bytes)
}
