import { durationLength, formatDuration, readDuration } from '../duration.ts'
import type { Claim, Obligation } from '../page.ts'
import { durationsIn, type Param } from '../params.ts'
import { otherwise, spelled } from './looser.ts'

/** What a reader reads off a claim's words, and what its address promises: figures of one kind. */
export interface Figures {
  said: readonly Figure[]
  promised: readonly Figure[]
  /** Each gives one figure of its kind, and the address the looser one: nothing else can be meant. */
  isLie?: boolean
}

export interface Figure {
  words: string
  /** Milliseconds, or the number itself. */
  size: number
}

/** Null where the words and the address say the same, or one of them says nothing. */
export type Kind = (claim: Claim, text: string) => Figures | null

export interface Length {
  of: string
  name: string
  given: boolean
  figure: Figure
}

/** The lengths of time that a claim promises, those of parameters that it leaves out too. */
export function lengthsOf({ obligations }: Claim): Length[] {
  return obligations.flatMap(({ proof, params }) =>
    Object.entries<Param>(proof.params).flatMap(([name, param]) => {
      if (param.type !== 'duration' && param.type !== 'limit') return []
      const value = params[name]
      const absent = otherwise(param)
      const length = absent === null ? null : readDuration(spelled[absent] ?? absent)
      const all = value === undefined ? [length].filter((one) => one !== null) : durationsIn(value)
      return all.map((one) => ({
        of: proof.id,
        name,
        given: value !== undefined,
        figure: { words: formatDuration(one), size: durationLength(one) },
      }))
    }),
  )
}

/** A month has 28 to 31 days. */
export function isSameLength(one: Figure, other: Figure): boolean {
  return Math.abs(one.size - other.size) <= 0.09 * Math.max(one.size, other.size)
}

export function differing(said: readonly Figure[], promised: readonly Figure[]): Figures | null {
  return said.length > 0 && promised.length > 0 ? { said, promised } : null
}

/** The same, where nothing else can be meant. */
export function lie(said: readonly Figure[], promised: readonly Figure[]): Figures | null {
  const off = differing(said, promised)
  return off && { ...off, isLie: true }
}

/** Of least values: an address that promises more than its words lies to nobody. */
export function atLeast(said: readonly Figure[], promised: readonly Figure[]): Figures | null {
  const isKept = said.some(({ size }) => promised.some((one) => one.size >= size))
  return isKept ? null : differing(said, promised)
}

export function numbersIn(text: string, pattern: RegExp): Figure[] {
  return [...text.matchAll(pattern)].map(([words, size]) => ({ words, size: Number(size) }))
}

export function numbersOf(
  { obligations }: Claim,
  id: string,
  name: string,
  unit: string,
): Figure[] {
  return obligations
    .filter(({ proof }) => proof.id === id)
    .map(
      ({ proof, params }) => params[name] ?? Number(otherwise(proof.params[name]!) ?? Number.NaN),
    )
    .filter((value): value is number => typeof value === 'number' && !Number.isNaN(value))
    .map((size) => ({ words: `${unit}${size}`, size }))
}

export function listsOf({ obligations }: Claim, name: string): string[] {
  return obligations.flatMap(({ params }: Obligation) => {
    const value = params[name]
    if (typeof value === 'string') return [value]
    return Array.isArray(value) ? value : []
  })
}
