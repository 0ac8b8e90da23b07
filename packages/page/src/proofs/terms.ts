import type { Duration } from '../duration.ts'

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

/** An objection when a count of bad things is not zero. */
export function none(number: number, noun: string): string | null {
  return number === 0 ? null : count(number, noun)
}

/** The longest time that means anything here, in seconds. */
export const century = 100 * 366 * 86_400

/** An objection when a figure is more than there can be. */
export function beyond(figure: number, most: number, unit: string): string | null {
  return figure > most ? `${figure} ${unit} cannot be` : null
}

/** An objection when a required word is not among those measured; compares without case. */
export function all(
  wanted: readonly string[] | undefined,
  seen: readonly string[],
  say: (missing: string) => string,
): string | null {
  const have = new Set(seen.map((word) => word.toLowerCase()))
  const missing = (wanted ?? []).filter((word) => !have.has(word.toLowerCase()))
  return missing.length ? say(missing.join(', ')) : null
}

/** An objection when something measured is not among the allowed words. */
export function only(
  allowed: readonly string[] | undefined,
  seen: readonly string[],
  say: (extra: string) => string,
): string | null {
  if (!allowed) return null
  const may = new Set(allowed.map((word) => word.toLowerCase()))
  const extra = seen.filter((word) => !may.has(word.toLowerCase()))
  return extra.length ? say(extra.join(', ')) : null
}

/** The first objection of several. */
export function first(
  ...objections: readonly (string | null | undefined | false)[]
): string | null {
  return objections.find((objection): objection is string => Boolean(objection)) ?? null
}
