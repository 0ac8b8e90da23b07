import { readInstant, type Instant } from '../duration.ts'
import { isRead, type Evidence, type Measure, type Told, type Unread } from '../evidence.ts'
import type { Fields, Need, Objection } from '../proof.ts'
import { kindsRead } from '../proofs/index.ts'
import { century } from '../proofs/terms.ts'
import { maySpeak, type Register, type Runner, type Subject } from '../register.ts'

/** One piece of evidence that counts, and whether only a person vouches for it. */
export interface Witness {
  evidence: Evidence
  runner: Runner
  personal: boolean
}

/** Pieces of evidence that count for nothing, and why. */
export interface Uncounted {
  because: string
  evidence: readonly Evidence[]
}

/** All evidence that counts at one time. */
export interface Admitted {
  /** By kind and subject, oldest first. */
  of(kind: string, subject: string): readonly Witness[]
  /** What cannot be read and may speak of a kind and a subject. */
  unread(kind: string, subject: string): readonly Unread[]
  uncounted: readonly Uncounted[]
}

/**
 * Keeps the evidence that may speak: of a registered runner for that kind and subject, not received in
 * the future. Under one id a runner speaks once of a thing: where it stands for different words, or
 * where times contradict each other, nobody knows what is so, which is as with what cannot be read.
 * What counts for nothing is told.
 */
export function admit(evidence: Iterable<Told>, register: Register, now: Instant): Admitted {
  const runners = new Map(register.runners.map((runner) => [runner.id, runner]))
  const subjects = new Set(register.subjects.map(({ id }) => id))
  const series = new Map<string, Map<string, Witness[]>>()
  const unread: Unread[] = []
  const doubtful: Unread[] = []
  const uncounted = new Map<string, Evidence[]>()
  const tell = (because: string, pieces: readonly Evidence[]) => {
    const list = uncounted.get(because)
    if (list) list.push(...pieces)
    else uncounted.set(because, [...pieces])
  }
  for (const one of evidence) {
    if (!isRead(one)) {
      unread.push(one)
      continue
    }
    const runner = runners.get(one.runner)
    const because = whyUncounted(one, runner, subjects, now)
    if (because !== null) tell(because, [one])
    if (!runner || !maySpeak(runner, one.kind, one.subject) || one.receivedAt > now) continue
    if (!isInTime(one)) {
      doubtful.push(doubt(one, contradictory))
      continue
    }
    const key = `${one.kind}\n${one.subject}`
    const list = series.get(key) ?? new Map<string, Witness[]>()
    series.set(key, list)
    const name = `${one.runner}\n${one.id}`
    const witness = { evidence: one, runner, personal: runner.holder === 'person' }
    const known = list.get(name)
    if (known) known.push(witness)
    else list.set(name, [witness])
  }
  const sorted = new Map<string, Witness[]>()
  for (const [key, list] of series) {
    const counted: Witness[] = []
    for (const said of list.values()) {
      const words = said.length > 1 ? distinct(said) : said
      if (words.length > 1) {
        tell(
          'under one id their runner says different things; what is amiss in them counts all the same',
          words.map((one) => one.evidence),
        )
        doubtful.push(doubt(words[0]!.evidence, 'it stands for different words'))
      }
      // No pass takes a failure back under its own id.
      const isFailed = words.some((one) => one.evidence.outcome === 'fail')
      counted.push(...words.filter((one) => !isFailed || one.evidence.outcome !== 'pass'))
    }
    sorted.set(key, counted.sort(byTime))
  }
  doubtful.sort((a, b) => compare(a.unread, b.unread))
  const dark = Map.groupBy(
    [...unread, ...doubtful],
    ({ kind, subject }) => `${kind ?? ''}\n${subject ?? ''}`,
  )
  return {
    of: (kind, subject) => sorted.get(`${kind}\n${subject}`) ?? [],
    unread: (kind, subject) =>
      [`${kind}\n${subject}`, `${kind}\n`, `\n${subject}`, '\n'].flatMap(
        (key) => dark.get(key) ?? [],
      ),
    uncounted: [...uncounted].map(([because, pieces]) => ({ because, evidence: pieces })),
  }
}

function doubt({ id, runner, kind, subject }: Evidence, why: string): Unread {
  return { unread: `"${id}" of ${runner}: ${why}`, kind, subject }
}

/** Different words under one id, each as it was first received. */
function distinct(said: readonly Witness[]): Witness[] {
  const first = new Map<string, Witness>()
  for (const one of said) {
    const words = wordsOf(one.evidence)
    const known = first.get(words)
    if (!known || one.evidence.receivedAt < known.evidence.receivedAt) first.set(words, one)
  }
  return [...first.values()]
}

/** All that evidence says, as one text, whatever the order of its fields. */
function wordsOf({ outcome, observedAt, measured }: Evidence): string {
  const fields = Object.entries(measured).sort(([a], [b]) => compare(a, b))
  // JSON writes what is no number as null.
  const told = fields.map(([name, value]) => [
    name,
    typeof value === 'number' ? { number: String(value) } : value,
  ])
  return JSON.stringify([outcome, observedAt, told])
}

/** Why a piece of evidence counts for nothing, or null when it counts. */
function whyUncounted(
  { kind, subject, runner: id, ...times }: Evidence,
  runner: Runner | undefined,
  subjects: ReadonlySet<string>,
  now: Instant,
): string | null {
  if (!kindsRead.has(kind)) return `no proof reads evidence of ${kind}`
  if (!subjects.has(subject)) return `systems.yaml has no system "${subject}"`
  if (!runner) return `systems.yaml has no runner "${id}"`
  if (!maySpeak(runner, kind, subject)) return `${id} may not speak of ${kind} about ${subject}`
  if (times.receivedAt > now) return 'it comes from the future'
  return isInTime(times) ? null : contradictory
}

const contradictory = 'its times contradict each other'

/** Written so that what is no instant at all, such as NaN, is in no time. */
function isInTime({ observedAt, receivedAt }: Pick<Evidence, 'observedAt' | 'receivedAt'>) {
  const areInstants = [observedAt, receivedAt].every(
    (at) => Number.isInteger(at) && Math.abs(at) <= 8.64e15,
  )
  return areInstants && observedAt <= receivedAt
}

const weight = { inconclusive: 0, pass: 1, fail: 2 } as const

/**
 * A total order, so that the order of input decides nothing. At the same instant a failure speaks
 * last, so that it is never outvoted by its own tie.
 */
function byTime({ evidence: a }: Witness, { evidence: b }: Witness): number {
  return (
    a.observedAt - b.observedAt ||
    weight[a.outcome] - weight[b.outcome] ||
    a.receivedAt - b.receivedAt ||
    compare(a.id, b.id) ||
    compare(a.runner, b.runner) ||
    compare(wordsOf(a), wordsOf(b))
  )
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

type Facts = Readonly<Record<string, Measure>>
type Decoded = Record<string, number | string | boolean | readonly string[] | undefined>

/** What was measured, and when. */
export type Look = Pick<Evidence, 'measured' | 'observedAt'>

/** Fields that the promise needs and that are absent, and all that are of another type. */
export function lacking(
  measured: Facts,
  need: Need,
  params: never,
  subject: Subject,
): readonly string[] {
  const required = new Set(need.requires?.(params, subject))
  return Object.entries(need.fields).flatMap(([name, declared]) => {
    const value = readField(measured, name, declared)
    const mayBeAbsent = declared.endsWith('?') && !required.has(name)
    return value === null || (value === undefined && !mayBeAbsent) ? [name] : []
  })
}

/** Whether nothing, or not enough, was looked at: then nothing was seen amiss either, and nothing is proven. */
function isVacuous(seen: Decoded, need: Need, params: never, subject: Subject, at: Instant) {
  if (need.suffices?.(seen as never, params, subject, at) === false) return true
  const looked = Object.entries(need.fields)
    .filter(([, declared]) => /^(?:amount|some|words)/.test(declared))
    .map(([name]) => name)
  return [...looked, ...(need.requires?.(params, subject) ?? [])].some((name) => {
    const value = seen[name]
    return value === 0 || (Array.isArray(value) && value.length === 0)
  })
}

/**
 * What a promise makes of `measured`: the facts, with an objection or none. Null when they decide
 * nothing: there is nothing to object to, and not all that is promised was measured, or looked at.
 */
export function examine(
  { measured, observedAt }: Look,
  need: Need,
  params: never,
  subject: Subject,
): { facts: Decoded; objection: Objection } | null {
  const facts = decodeMeasured(measured, need.fields)
  if (!facts) return null
  const objections = [...need.holds(facts as never, params, subject), endless(facts)]
  const objection = objections.find((one) => one) || null
  const isProven =
    lacking(measured, need, params, subject).length === 0 &&
    !isVacuous(facts, need, params, subject, observedAt)
  return objection === null && !isProven ? null : { facts, objection }
}

const units = { seconds: 1, minutes: 60, days: 86_400 } as const

/** An objection to a length of time, as its name tells, that is longer than anybody measured. */
function endless(facts: Decoded): Objection {
  for (const [name, value] of Object.entries(facts)) {
    const unit = /seconds|minutes|days/.exec(name.toLowerCase())?.[0] as
      | keyof typeof units
      | undefined
    if (unit && typeof value === 'number' && value * units[unit] > century) {
      return `${value} ${unit} cannot be`
    }
  }
  return null
}

/** Reads `measured` by the declared fields; null when something needed is absent or of another type. */
export function decodeMeasured(measured: Facts, fields: Fields): Decoded | null {
  const decoded: Decoded = {}
  for (const [name, declared] of Object.entries(fields)) {
    const value = readField(measured, name, declared)
    if (value === undefined && declared.endsWith('?')) continue
    if (value === undefined || value === null) return null
    decoded[name] = value
  }
  return decoded
}

/** What can be read of `measured`, for a clock that runs before everything is measured. */
export function decodeKnown(measured: Facts, fields: Fields): Decoded {
  const decoded: Decoded = {}
  for (const [name, declared] of Object.entries(fields)) {
    const value = readField(measured, name, declared)
    if (value !== null) decoded[name] = value
  }
  return decoded
}

/** Undefined when absent, null when of another type. */
function readField(measured: Facts, name: string, declared: string) {
  const raw = Object.hasOwn(measured, name) ? measured[name] : undefined
  if (raw === undefined || raw === null) return undefined
  return decodeField(raw, declared.replace('?', ''))
}

function decodeField(raw: Exclude<Measure, null>, type: string) {
  switch (type) {
    case 'number':
    case 'amount':
      return isNumber(raw) ? raw : null
    case 'count':
    case 'some':
      return isNumber(raw) && Number.isInteger(raw) ? raw : null
    case 'yes':
      return typeof raw === 'boolean' ? raw : null
    case 'words':
    case 'found':
      return Array.isArray(raw) && raw.every(isNamed) ? raw : null
    case 'instant':
      return typeof raw === 'string' ? readNear(raw) : null
    default:
      return isNamed(raw) ? raw : null
  }
}

/** More than can be counted exactly is no figure that anybody measured. */
function isNumber(raw: unknown): raw is number {
  return typeof raw === 'number' && raw >= 0 && raw <= Number.MAX_SAFE_INTEGER
}

/** An empty text names nothing: nobody owns, no version, no grade. */
function isNamed(raw: unknown): raw is string {
  return typeof raw === 'string' && raw.trim() !== ''
}

/** No paper and no clock of anybody living ends after 2200: such a date says that there is none. */
function readNear(text: string): Instant | null {
  const instant = readInstant(text)
  return instant !== null && instant >= 0 && instant < Date.UTC(2200, 0, 1) ? instant : null
}
