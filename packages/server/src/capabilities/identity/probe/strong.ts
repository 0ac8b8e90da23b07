import { createHash, randomInt } from 'node:crypto'

/** One that is refused for nothing but its length: with letters, a digit and a sign where there is room. */
export function strongPassword(seed: string, length: number): string {
  const drawn = createHash('sha512').update(`kept-probe ${length} ${seed}`).digest('hex')
  return `Rq7!${drawn}`.slice(0, length)
}

/** Gothic letters: none is written in another way, and nobody's list of passwords has them. */
export function lettersOf(count: number): string {
  return Array.from({ length: count }, () => String.fromCodePoint(0x10330 + randomInt(26))).join('')
}
