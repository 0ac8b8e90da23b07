import { fold } from './terms.ts'

/** A cipher as its name tells it; what the name leaves open is undefined. */
interface Cipher {
  family: string
  bits: number | undefined
  mode: string | undefined
}

/** Key lengths of ciphers by families: those that name their own, and those that have but one. */
const families: Readonly<Record<string, readonly number[]>> = {
  aes: [128, 192, 256],
  aria: [128, 192, 256],
  camellia: [128, 192, 256],
  seed: [128],
  chacha20: [256],
  xchacha20: [256],
  adiantum: [256],
}
const modes = /^(?:gcm|xts|cbc|ctr|ccm|siv|ocb|poly1305)$/
/** Words that say how a mode is used, and nothing of the cipher. */
const manner = /^(?:8|plain64|essiv|sha\d+|random)$/

/**
 * Broken, never safe, or hiding no patterns. Elsewhere than in the families above and here, nobody here
 * knows what a name stands for.
 */
const unsound =
  /(?:^|-)(?:rc[24]|arc4|arcfour|3?des3?|ede3?|tripledes|blowfish|idea|cast5?|export|null|none|plain|clear|xor|rot13|base64|ecb)(?:-|$)/

/** `AES_256_GCM`, `aes256-gcm` and `XTS-AES-256` in one way of writing. */
function spell(name: string): string {
  return fold(name).replace(/(?<=^|-)(aes|aria|camellia)(?=\d)/g, '$1-')
}

export function isUnsound(name: string): boolean {
  return unsound.test(spell(name))
}

/** Null when it is none that is known to be sound, whole name and all. */
export function readCipher(name: string): Cipher | null {
  const words = spell(name).split('-')
  const family = words.find((word) => word in families)
  const mode = words.find((word) => modes.test(word))
  const numbers = words.filter((word) => /^\d{2,}$/.test(word)).map(Number)
  // XTS takes two keys: one of 512 bits is two of 256.
  const lengths = numbers.map((bits) => (mode === 'xts' && bits === 512 ? 256 : bits))
  const rest = words.filter(
    (word) => word !== family && !modes.test(word) && !manner.test(word) && !/^\d{2,}$/.test(word),
  )
  if (isUnsound(name) || family === undefined || rest.length > 0) return null
  if (lengths.some((bits) => bits !== lengths[0] || !families[family]!.includes(bits))) return null
  const own = families[family]!
  return { family, bits: lengths[0] ?? (own.length === 1 ? own[0] : undefined), mode }
}

/**
 * Whether a cipher is one that a page names, with a key length or a mode behind it or none: `aes-256-xts`
 * is `aes-256`. Undefined where its name does not tell.
 */
export function isCipher(name: string, promised: string): boolean | undefined {
  if (spell(name) === spell(promised)) return true
  const [seen, wanted] = [readCipher(name), readCipher(promised)]
  if (!seen) return isUnsound(name) ? false : undefined
  if (!wanted) return false
  const pairs = (['family', 'bits', 'mode'] as const)
    .filter((what) => wanted[what] !== undefined)
    .map((what) => [seen[what], wanted[what]])
  if (pairs.some(([one, other]) => one !== undefined && one !== other)) return false
  return pairs.every(([one]) => one !== undefined) ? true : undefined
}

/** Whether a cipher is one of those that a page names; undefined where nobody knows. */
export function isAmong(name: string, promised: readonly string[]): boolean | undefined {
  const answers = new Set(promised.map((one) => isCipher(name, one)))
  return answers.has(true) || (answers.has(undefined) ? undefined : false)
}
