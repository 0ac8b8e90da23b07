import { addDuration, type Duration } from '../duration.ts'

/** How old evidence may grow, by how it is come by. */
export const halfHour: Duration = { months: 0, seconds: 1800 }
export const hours: Duration = { months: 0, seconds: 3 * 3600 }
export const day: Duration = { months: 0, seconds: 25 * 3600 }
export const week: Duration = { months: 0, seconds: 8 * 86_400 }
export const month: Duration = { months: 1, seconds: 3 * 86_400 }
export const quarter: Duration = { months: 3, seconds: 0 }
export const year: Duration = { months: 12, seconds: 0 }

/** A count with its noun, `%` standing for the plural: `count(3, 'table% without a policy')`. */
export function count(number: number, noun: string): string {
  const plural = number === 1 ? '' : 's'
  const said = noun.includes('%') ? noun.replace('%', plural) : noun + plural
  return `${number} ${said}`
}

/** `1 person`, `2 people`. */
export function people(number: number): string {
  return `${number} ${number === 1 ? 'person' : 'people'}`
}

/** An objection when a count of bad things is not zero. */
export function none(number: number, noun: string): string | null {
  return number === 0 ? null : count(number, noun)
}

/** A calendar month or year at its shortest, so that a measured time is never judged too hard. */
export const least = (duration: Duration) => addDuration(leanest, duration, 'UTC') - leanest
/** Any months counted from here hold as few days as any can: February first, the leap day last. */
const leanest = Date.UTC(2021, 1, 1)

/** The longest time that means anything here, in seconds. */
export const century = 100 * 366 * 86_400

/** An objection when a figure is more than there can be. */
export function beyond(figure: number, most: number, unit: string): string | null {
  return figure > most ? `${figure} ${unit} cannot be` : null
}

/** A name without what spelling alone changes: `AES_256 GCM` and `aes-256-gcm` are one. */
export function fold(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_:/]+/g, '-')
}

/** Whether a name is among others, however each is spelt. */
export function isOne(name: string, of: readonly string[]): boolean {
  return of.some((one) => fold(one) === fold(name))
}

/** How many names differ in more than their spelling. */
export function differing(names: readonly string[]): number {
  return new Set(names.map(fold)).size
}

/** An objection when a required word is not among those measured. */
export function all(
  wanted: readonly string[] | undefined,
  seen: readonly string[] | undefined,
  say: (missing: string) => string,
): string | null {
  if (!wanted || !seen) return null
  const missing = wanted.filter((word) => !isOne(word, seen))
  return missing.length ? say(missing.join(', ')) : null
}

/** An objection when something measured is not among the allowed words. */
export function only(
  allowed: readonly string[] | undefined,
  seen: readonly string[] | undefined,
  say: (extra: string) => string,
): string | null {
  if (!allowed || !seen) return null
  const extra = seen.filter((word) => !isOne(word, allowed))
  return extra.length ? say(extra.join(', ')) : null
}
