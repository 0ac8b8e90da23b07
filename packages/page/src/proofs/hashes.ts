import { fold } from './terms.ts'

const slow = /^(?:argon2(?:i|d|id)?|scrypt|yescrypt|bcrypt|pbkdf2|balloon)(?![a-z\d])/
const fast =
  /md[245]|sha-?\d|ntlm|^lm$|mysql|crc|xxhash|siphash|blake|ripemd|whirlpool|des|rot13|base64|hmac|plain|clear|none/

/** A function that is made to be slow, with whatever it is built of behind its name: `pbkdf2-sha256`. */
export function isSlow(name: string): boolean {
  return slow.test(fold(name))
}

/** A function of which a machine tries billions in a second, or none at all. */
export function isFast(name: string): boolean {
  return !isSlow(name) && fast.test(fold(name)) && !/^sha-?(?:256|512)-?crypt$/.test(fold(name))
}
