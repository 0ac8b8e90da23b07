import type { Finding } from '../finding.ts'
import { object, quote, spanOf, type Reading, type Said } from './reading.ts'

const sizes = /(?<![\d.])(40|56|64|112|128|168|192|256|512)[- ]?bits?\b/g
// XTS takes two keys, so XTS-AES-128 really has 256 bits of them: it is left out.
const ciphers =
  /(?<![a-z0-9])(?<!xts[-_ ])(?:aes|camellia|aria)[-_ ]?(128|192|256)(?!\d)|\bchacha20\b/g
/** Sizes of other things than the key of a cipher. */
const otherSize =
  /^\W{0,3}(?:\w+\W){0,2}?(?:ec|ecc|ecdsa|ecdhe|ecdh|elliptic|curve|hash|hashing|hashes|sha|hmac|blocks?|tags?|iv|nonces?|salt|tokens?|random|entropy|identifiers?|uuids?|fingerprints?|digest|signatures?)\b/
const openEnded =
  /\b(?:at least|minimum|up to|or (?:higher|stronger|better|more)|depending|either)\b/
const elsewhere = /\b(?:and|while|whereas|but|at rest|in transit|for)\b|;/

/** A key size and, beside it, a cipher whose key has another size. */
export function cipher(page: Reading): Finding[] {
  return page.stating(['bit', 'bits', '128bit', '256bit', '512bit']).flatMap((said) => {
    const named = [...said.text.matchAll(ciphers)]
    if (named.length === 0 || openEnded.test(said.text)) return []
    const finding = clash(page, said, named)
    return finding ? [finding] : []
  })
}

function clash(page: Reading, said: Said, named: RegExpMatchArray[]): Finding | null {
  for (const size of said.text.matchAll(sizes)) {
    const span = spanOf(size)
    if (otherSize.test(said.text.slice(span.to, span.to + 40))) continue
    if (/sha-?[23]?[- ]?$/.test(said.text.slice(Math.max(0, span.from - 6), span.from))) continue
    const near = named.filter((one) => isNear(said, span, spanOf(one)))
    if (near.length === 0 || near.some((one) => keyOf(one) === size[1])) continue
    const key = keyOf(near[0]!)
    return object(page, said, span, {
      rule: 'contradiction',
      level: 'error',
      message: `"${quote(said, span)}" and "${quote(said, spanOf(near[0]!))}" contradict each other: the keys of that cipher have ${key} bits. Say the one that your servers negotiate.`,
      suggestion: quote(said, span).replace(size[1]!, key),
    })
  }
  return null
}

function keyOf(match: RegExpMatchArray): string {
  return match[1] ?? '256'
}

/** Whether two stretches of a sentence speak of the same thing. */
function isNear(said: Said, a: { from: number; to: number }, b: { from: number; to: number }) {
  const [from, to] = a.to <= b.from ? [a.to, b.from] : [b.to, a.from]
  return to - from <= 60 && !elsewhere.test(said.text.slice(from, to))
}
