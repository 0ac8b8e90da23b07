import { durationLength, type Duration } from '../duration.ts'
import type { Limit } from '../params.ts'
import { severityPattern, type Analysis } from './analysis.ts'
import { endsRange, isAlternative, isCeiling } from './bounds.ts'
import { isVerb } from './clauses.ts'
import { unread, type Place, type Reading, type Taken } from './place.ts'
import { numberOf, numberSource, type Frequency, type Length } from './quantities.ts'

const ending =
  /^\W*(?:of|after|following|from) (?:the |your |their |its )?(?:termination|terminating|end|expiry|expiration|cancell?ation|cancell?ing|contract|account|closing|closure)\b/i

/** `Export your data within 30 days of termination` is a time to act in, and no deadline of ours. */
export function exportWithin(clause: Analysis, place: Place): Taken | typeof unread | null {
  const taken = within(clause, place)
  if (taken === null || taken === unread || taken.to === undefined) return taken
  return ending.test(clause.text.slice(taken.to)) ? unread : taken
}

/** The time within which something is done; `null` when the clause has no length of time at all. */
export function within(clause: Analysis, place: Place): Reading {
  const all = clause.lengths.filter((one) => one.role !== 'least')
  const bounds = all.filter((one) => one.role === 'within')
  const chosen = bounds.length > 0 ? bounds : place.bare || all.some((one) => one.after) ? all : []
  return hasOther(place.rest, chosen[0]) ? unread : theOnly(chosen, clause)
}

/** Whether a sentence goes on with another time in place of the one it gave. */
function hasOther(rest: Analysis, first: Length | undefined): boolean {
  return (
    first !== undefined &&
    rest.lengths.some(
      (one) =>
        one.from >= first.to && !same(one.promise, first.promise) && isAlternative(rest.text, one),
    )
  )
}

/** Words of what goes when its time is over. */
const goes =
  /\b(?:delet\w*|expir\w*|overwrit\w*|gone|rotat\w*|purg\w*|remov\w*|eras\w*|destroy\w*|thrown|discard\w*|wip\w*|longer than|(?:and|but) (?:no|not) longer|at (?:the )?most|up to|maximum|(?:no|not) more than)\b/i

/**
 * How long something is kept: until it goes, at least, or, where a page says only that it is kept for so
 * long, both. One reader wants it back within that time, and another wants it gone after it.
 */
export function kept(clause: Analysis, place: Place): typeof unread | Record<string, Taken> | null {
  const taken = length(clause, place)
  if (taken === null || taken === unread) return taken
  if (clause.lengths.some((one) => one.role === 'least')) return { min: taken }
  return goes.test(`${place.rest.text} ${place.label?.text ?? ''}`)
    ? { max: taken }
    : { max: taken, min: taken }
}

/** How long something lasts. */
export function length(clause: Analysis, { rest }: Place): Reading {
  return hasOther(rest, clause.lengths[0]) ? unread : asDuration(theOnly(clause.lengths, clause))
}

/** As `within`, for a parameter that has no range. */
export function bound(clause: Analysis, place: Place): Reading {
  return asDuration(within(clause, place))
}

const idleBehind =
  /^\s*(?:of |without (?:any )?|with no )?(?:inactivity|activity|input|use|idle\b|idleness|idling)/i
const idleBefore = /\b(?:idle|inactive|inactivity|unused)\b[^,;]{0,12}$/i
const inAllBehind =
  /^[^,;.]{0,12}\b(?:in (?:all|total|any case)|at (?:the )?(?:very )?most|maximum|overall|regardless|at the latest)\b/i
const inAllBefore =
  /\b(?:at most|maximum(?: of)?|no longer than|in any case after|regardless after)\s*$/i

/** `After 30 minutes without activity or 12 hours in all`: the one length or the other of two. */
export function ofSession(clause: Analysis, place: Place, kind: string): Reading {
  const [one, other, ...more] = clause.lengths
  if (!one || !other || more.length > 0) return kind === 'idle' ? bound(clause, place) : null
  const stands = (length: Length, before: RegExp, behind: RegExp) =>
    before.test(clause.text.slice(0, length.from)) || behind.test(clause.text.slice(length.to))
  const idle = [one, other].filter((length) => stands(length, idleBefore, idleBehind))
  const all = [one, other].filter((length) => stands(length, inAllBefore, inAllBehind))
  if (idle.length !== 1 || all.length !== 1 || idle[0] === all[0]) return unread
  return asDuration(limit(kind === 'idle' ? idle[0]! : all[0]!))
}

/** Two different lengths are not read, and no working days: a weekend may lie between them, and a holiday. */
function theOnly(lengths: readonly Length[], clause: Analysis): Reading {
  const [first, ...others] = lengths
  if (!first) return clause.lengths.length > 0 ? unread : null
  if (others.some((one) => !same(one.promise, first.promise))) return unread
  return limit(first)
}

function limit(length: Length): Taken | typeof unread {
  if (length.business) return unread
  const value: Limit = { target: length.target, promise: length.promise }
  return { value, from: length.from, to: length.to }
}

function asDuration(reading: Reading): Reading {
  if (reading === null || reading === unread) return reading
  const { promise } = reading.value as Limit
  return { ...reading, value: promise }
}

function same(a: Duration, b: Duration): boolean {
  return durationLength(a) === durationLength(b)
}

/** The length that belongs to a word of several: `an RTO of 4 hours and an RPO of 1 hour`. */
export function lengthOf(clause: Analysis, place: Place, concept: string, rival: string): Reading {
  const words = wordsOf(clause, concept)
  const rivals = wordsOf(clause, rival)
  const lengths = clause.lengths.filter((one) => one.role !== 'least')
  if (words.length === 0) return inOrder(clause, place, concept, rival)
  if (rivals.length === 0 || areBoth(clause, words, rivals)) return theOnly(lengths, clause)
  const own = lengths.filter((one) => gap(one, words) < gap(one, rivals))
  return own.length === 0 && lengths.length > 0 ? null : theOnly(own, clause)
}

/** `RTO / RPO: 8 hours / 1 hour`: the label names both, the clause gives both in that order. */
function inOrder(clause: Analysis, { label }: Place, concept: string, rival: string): Reading {
  const [own, other] = label ? [label.of(concept)[0], label.of(rival)[0]] : []
  if (!own) return null
  if (!other) {
    // `RTO: 4 hours, RPO: 1 hour`: what stands before the rival is the label's.
    const [first] = wordsOf(clause, rival)
    return theOnly(
      first ? clause.lengths.filter((one) => one.to <= first.from) : clause.lengths,
      clause,
    )
  }
  // `What are your RTO and RPO?` `Our RTO is 4 hours and our RPO is 15 minutes`: each names its own.
  if (wordsOf(clause, rival).length > 0) return null
  if (clause.lengths.length !== 2) return unread
  const chosen = clause.lengths[own.start < other.start ? 0 : 1]!
  return limit(chosen)
}

/** `RTO and RPO are both below 4 hours` */
function areBoth({ text }: Analysis, words: readonly Stretch[], rivals: readonly Stretch[]): boolean {
  if (words.length !== 1 || rivals.length !== 1 || !/\b(?:both|each)\b/i.test(text)) return false
  const [one, other] = words[0]!.from < rivals[0]!.from ? [words[0]!, rivals[0]!] : [rivals[0]!, words[0]!]
  return /^\s*(?:and|&|\/)(?: (?:the|our|an?))?\s*$/i.test(text.slice(one.to, other.from))
} // prettier-ignore

interface Stretch {
  from: number
  to: number
}

function wordsOf(clause: Analysis, concept: string): Stretch[] {
  return clause.of(concept).map((hit) => ({
    from: clause.tokens[hit.start]!.from,
    to: clause.tokens[hit.end - 1]!.to,
  }))
}

/** How far a length is from the nearest of some words; in front of it they are nearer than behind. */
function gap(one: Length, words: readonly Stretch[]): number {
  let least = Infinity
  for (const word of words) {
    const distance =
      word.to <= one.from ? one.from - word.to : word.from >= one.to ? 2 * (word.from - one.to) : 0
    least = Math.min(least, distance)
  }
  return least
}

/** How often something is done; what is done so often at most is done no more often than never. */
export function frequency(clause: Analysis, rest: Analysis = clause): Reading {
  const [first, ...others] = clause.frequencies
  if (!first) return null
  if (others.some((one) => !same(one.every, first.every))) return unread
  if (isNoMore(clause, first) || hasOtherPace(rest, first)) return unread
  return { value: first.every, from: first.from, to: first.to }
}

function isNoMore({ text }: Analysis, { from, to }: Frequency): boolean {
  return isCeiling(text, from, to) || endsRange(text, from)
}

/** `Daily on weekdays and weekly in holidays` */
function hasOtherPace({ text, frequencies }: Analysis, first: Frequency): boolean {
  return frequencies.some(
    (one) => one.from >= first.to && !same(one.every, first.every) && isAlternative(text, one),
  )
}

/** As `frequency`, where so many in a calendar year are not counted as an interval. */
export function cadence(clause: Analysis, { rest }: Place): Reading {
  return clause.frequencies.some((one) => one.perYear !== null) ? null : frequency(clause, rest)
}

export function perYear(clause: Analysis): Reading {
  const found = clause.frequencies.find((one) => one.perYear !== null)
  if (found && isNoMore(clause, found)) return unread
  return found ? { value: found.perYear!, from: found.from, to: found.to } : null
}

const nouns: Record<string, string> = {
  people:
    '(?:engineers?|developers?|reviewers?|people|persons?|employees?|members?|approvals?|approvers?|colleagues?|peers?|others?|administrators?|admins?|individuals|staff|folks|sres?|dbas?|of (?:us|our|them)|operators?|colleagues|pairs?|other\\s+(?:pair|one)|reviews|maintainers?|devops)',
  node: '(?:nodes?|instances?|replicas?|servers?|copies|machines)',
  copy: '(?:copies|instances?|replicas?|nodes?|redundant|servers)',
  character: '(?:characters?|chars|letters|symbols)',
  request: '(?:requests?|req|rps)',
}

const figure = `multiple|several|${numberSource
  .replace('half[ -]an|', '')
  .replace('half[ -]a|', '')
  .replace('|half', '')
  .replace('a[ -]hundred|', '')
  .replace(/\|an?(?=[|)])/g, '')}`
const countPatterns: Readonly<Record<string, RegExp>> = Object.fromEntries(
  Object.entries(nouns).map(([noun, source]) => [
    noun,
    new RegExp(
      `\\b(${figure})\\+?(?:\\s*\\(\\d{1,6}\\))?[\\s-]+(?:\\w+[\\s-]+){0,2}?${source}\\b`,
      'gi',
    ),
  ]),
)

const another = `(?:${figure})\\s+(?:\\w+[\\s-]+){0,2}?\\w+`
/** Who is counted beside the number: `two engineers and one contractor`, `the CTO and two engineers`. */
const moreBehind = new RegExp(
  `^\\s*(?:,\\s*)?(?:(?:and|plus|as well as|along with)\\s+(?:(?:the|our|an?|their|its)\\s|${another})|,\\s*${another}\\s*(?:,|and\\b|$))`,
  'i',
)
const moreBefore =
  /\b(?:the|our|an?|their|its|to|by)\s+(?:[\w-]+\s+){1,5}?(?:and|plus|as well as|along with)\s+$/i

/** `Of our 40 employees 5 can reach it`: the forty are all there are. */
const wholeBefore = /\b(?:of|among|out of) (?:(?:all|the|our|its|their|about|some) )*$/i

/** A number of the things the argument names; a sum is not read. */
export function count(clause: Analysis, noun: string): Reading {
  for (const match of clause.text.matchAll(countPatterns[noun]!)) {
    const end = match.index + match[0].length
    if (noun === 'people' && wholeBefore.test(clause.text.slice(0, match.index))) {
      const part = new RegExp(
        `^\\s*,?\\s*(?:only |just )?(${figure})\\s+(?:of them )?(?:can|may|have|has|are|is)\\b`,
        'i',
      )
      const few = part.exec(clause.text.slice(end))
      const value = few ? numberOf(few[1]!) : NaN
      if (Number.isInteger(value)) return { value, from: match.index, to: end + few![0].length }
      continue
    }
    if (
      noun === 'people' &&
      (moreBehind.test(clause.text.slice(end, end + 80)) ||
        moreBefore.test(clause.text.slice(Math.max(0, match.index - 80), match.index)))
    )
      return unread
    const many = /multiple|several/i.test(match[1]!)
    if (many && noun !== 'copy' && noun !== 'node') continue
    const value = (many ? 2 : numberOf(match[1]!)) + (noun === 'node' ? beyond(clause, match) : 0)
    if (Number.isInteger(value))
      return { value, from: match.index, to: match.index + match[0].length }
  }
  const ordinal =
    noun === 'node' &&
    /\b(second|third) (?:\w+ )?(?:node|instance|replica|server|copy)\b/i.exec(clause.text)
  if (ordinal)
    return {
      value: /second/i.test(ordinal[1]!) ? 2 : 3,
      from: ordinal.index,
      to: ordinal.index + ordinal[0].length,
    }
  return noun === 'people' ? cap(clause) : null
}

/** `A primary and two replicas`, `two more copies` are three. */
function beyond(clause: Analysis, match: RegExpExecArray): number {
  const before = clause.text.slice(0, match.index)
  const more = /\b(?:more|further|additional|extra|other)\b/i.test(match[0])
  return more || /\b(?:primary|main|leader|master)\b/i.test(before) ? 1 : 0
}

const capPattern = new RegExp(
  `\\b(?:capped at|limited to|at most|no more than|not more than|(?:not|never) exceeds?|maximum of|max\\.?)\\s+(${figure})(?![\\w%.,]*\\d|\\s*(?:%|hours?|days?|minutes?|weeks?|months?|years?|per))\\b`,
  'i',
)

/** `the number of engineers is capped at fifteen`: the figure without a noun of its own. */
function cap(clause: Analysis): Taken | null {
  const match = capPattern.exec(clause.text)
  if (!match || !clause.has(['people'])) return null
  const value = numberOf(match[1]!)
  return Number.isInteger(value)
    ? { value, from: match.index, to: match.index + match[0].length }
    : null
}

const known: Record<string, string> = {
  moderate: 'medium', severe: 'high', urgent: 'critical', p0: 'critical', p1: 'critical', p2: 'high',
  p3: 'medium', p4: 'low',
} // prettier-ignore

/** The severity a word names. */
export function severityOf(word: string): string {
  if (/^cvss/i.test(word)) return 'critical'
  const small = word.toLowerCase().replace(/(?<!^p\d)s$/, '')
  return known[small] ?? small
}

interface Mark {
  from: number
  to: number
  /** A severity, or the time that one has. */
  name?: string
  value?: Limit | 'next-test'
}

const nextTest =
  /(?:\b(?:before|by|until|with|in)\s+(?:the\s+)?|^(?:the\s+)?)next\s+(?:\w+\s+)?(?:vapt|test|penetration|pen[\s-]?test)\w*/gi
const allOthers =
  /\b(?:all (?:the )?others?|everything else|any others?|the rest|others|remaining|all other \w+)\b/gi

/** `critical within 24 hours, high within 7 days`: each severity with the time that is its own. */
export function severities(
  clause: Analysis,
  place: Place,
): Record<string, Taken> | typeof unread | null {
  const { text } = clause
  const names: Mark[] = [
    ...marksOf(text, severityPattern, (word) => severityOf(word)),
    ...marksOf(text, allOthers, () => 'within'),
  ]
  const times: Mark[] = [
    ...clause.lengths
      .filter((one) => one.role !== 'least')
      .map(({ from, to, target, promise }) => ({ from, to, value: { target, promise } })),
    ...marksOf(text, nextTest, () => '').map(({ from, to }) => ({
      from,
      to,
      value: 'next-test' as const,
    })),
  ]
  if (times.length === 0) return null
  if (clause.lengths.some((one) => one.business)) return unread
  if (names.length === 0) return times.length === 1 ? labelled(clause, place, times[0]!) : unread
  const trailing = trailingFigure(text, names, times)
  return paired([...names, ...times, ...trailing].sort((a, b) => a.from - b.from))
}

function marksOf(text: string, pattern: RegExp, name: (word: string) => string): Mark[] {
  return [...text.matchAll(pattern)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    name: name(match[0]),
  }))
}

/** `... everything else in 30`: the last figure may leave its unit out. */
function trailingFigure(text: string, names: readonly Mark[], times: readonly Mark[]): Mark[] {
  const last = times.at(-1)!
  const match = /\b(?:in|within)\s+(\d{1,3})[.)]?$/.exec(text)
  if (!match || match.index < last.to || typeof last.value !== 'object') return []
  if (!names.some((one) => one.from > last.to)) return []
  const unit = /(?:days?|d|hours?|h)\b/i.exec(text.slice(last.from, last.to))
  if (!unit) return []
  const seconds = Number(match[1]) * (unit[0].startsWith('d') ? 86_400 : 3600)
  const promise: Duration = { months: 0, seconds }
  return [{ from: match.index, to: text.length, value: { target: promise, promise } }]
}

/** Names before each time, or names behind each time, but never a mixture of both. */
function paired(marks: readonly Mark[]): Record<string, Taken> | typeof unread {
  const found: Record<string, Taken> = {}
  const ordered = marks[0]!.name === undefined ? marks.toReversed() : marks
  let open: Mark[] = []
  let given = false
  for (const mark of ordered) {
    if (mark.name !== undefined) {
      if (given) open = []
      given = false
      open.push(mark)
      continue
    }
    if (open.length === 0 || given) return unread
    given = true
    for (const { name, from, to } of open)
      found[name!] ??= {
        value: mark.value!,
        from: Math.min(from, mark.from),
        to: Math.max(to, mark.to),
      }
  }
  return given ? found : unread
}

/** The severity that the row of a table or the words before a colon name, or what a verb goes on with. */
function labelled(
  clause: Analysis,
  { label, labelKind, beside, earlier }: Place,
  time: Mark,
): Record<string, Taken> | null {
  if (label === null && earlier !== null && isVerb(clause.tokens[0]!.word)) {
    const before = marksOf(earlier.text, severityPattern, severityOf).map(({ name }) => name!)
    const { from, to, value } = time
    return before.length === 0
      ? null
      : Object.fromEntries(before.map((name) => [name, { value: value!, from, to }]))
  }
  const named = [
    ...new Set(
      [...(label?.text ?? '').matchAll(severityPattern)].map((match) => severityOf(match[0])),
    ),
  ]
  if (named.length !== 1) return null
  // A column of aims stands before the one of what is promised.
  const aim = labelKind === 'own' && /\b(?:target|aim|goal|objective)\b/i.test(label!.text)
  const [vow] = aim ? (beside[0]?.lengths ?? []) : []
  const aimed = typeof time.value === 'object' ? time.value : null
  if (aim && !vow) return null
  if (vow && aimed && durationLength(aimed.promise) <= durationLength(vow.promise)) {
    const value = { target: aimed.promise, promise: vow.promise }
    return { [named[0]!]: { value, from: time.from, to: time.to } }
  }
  return { [named[0]!]: { value: time.value!, from: time.from, to: time.to } }
}
