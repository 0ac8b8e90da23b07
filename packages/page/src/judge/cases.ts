import { addDuration, type Duration, type Instant } from '../duration.ts'
import type { Measure } from '../evidence.ts'
import type { Clocked, Fields } from '../proof.ts'
import type { Subject } from '../register.ts'
import { decodeKnown, decodeMeasured, examine, type Witness } from './admit.ts'
import { couldNotRun, notMeasured } from './series.ts'

/** A clock that stopped: when, and on whose word. */
export interface Stop {
  at: Instant
  /** When the page could first know of it. */
  provenAt: Instant
  personal: boolean
  by: string
  figure: string
  evidence: string
}

/** One event and its clock, from all that was ever said about it. */
export interface Case {
  name: string
  startedAt: Instant
  /** Nothing that speaks of it says when it started: when it was first seen, or before. */
  isUndated: boolean
  /** Frozen when first known; only an earlier instant may replace it. Null: not known yet. */
  dueAt: Instant | null
  /** What the team works to, at or before `dueAt`. */
  targetAt: Instant | null
  done: Stop | null
  /** Why the last proof of it did not stop the clock. */
  objection: string | null
  /** Id of the newest evidence about it. */
  evidence: string
}

/** A word of an event that names no case: nobody knows which it is, nor whether it is done. */
export interface Unnamed {
  kind: string
  at: Instant
  /** A failure, or a pass whose figures break the promise. */
  failed: boolean
  objection: string | null
  evidence: string
}

export interface Cases {
  cases: readonly Case[]
  /** Oldest first: those that nobody entitled has repaired. */
  unnamed: readonly Unnamed[]
  /** Whether anything was said at all, if only of events that the page promises nothing about. */
  isHeard: boolean
  /** The newest check could not run or did not measure what is needed. */
  silent: string | null
}

/** What cases are judged by. */
export interface Rules {
  need: Clocked
  params: never
  subject: Subject
  timeZone: string
  /** When the page came to promise this; older clocks keep the due date they were frozen with. */
  since: Instant
}

/** Gathers the cases of a series, oldest first. */
export function readCases(witnesses: readonly Witness[], rules: Rules): Cases {
  const files = new Map<string, Word[]>()
  const unnamed: Word[] = []
  let silent: string | null = null
  for (const witness of witnesses) {
    const { outcome } = witness.evidence
    const word = readWord(witness, rules)
    silent = outcome === 'inconclusive' ? couldNotRun : word.unclear ? notMeasured : null
    if (word.name === null) {
      if (word.limit !== null || outcome === 'fail') unnamed.push(word)
      continue
    }
    const file = files.get(word.name)
    if (file) file.push(word)
    else files.set(word.name, [word])
  }
  const promised = [...files.values()].filter((words) =>
    telling(words).some((word) => word.limit !== null),
  )
  // What is done is a case of its own, named or not: when it began and ended is known.
  const done = unnamed.filter((word) => word.doneAt !== null).map((word) => [word])
  const cases = [...promised, ...done].map((words) => settle(words, rules))
  cases.sort((a, b) => a.startedAt - b.startedAt)
  return { cases, unnamed: unrepaired(unnamed, rules), isHeard: witnesses.length > 0, silent }
}

/**
 * What names no case stands until a later word that names none either proves it done: an event that had
 * begun by then. A person's word repairs no runner's.
 */
function unrepaired(words: readonly Word[], { need: { kind } }: Rules): Unnamed[] {
  const open: Unnamed[] = []
  // The earliest start of what is done later, as runners and as anybody had it.
  let [byRunner, byAnybody] = [Infinity, Infinity]
  for (const word of words.toReversed()) {
    if (word.doneAt !== null) {
      byAnybody = Math.min(byAnybody, word.startedAt)
      if (!word.personal) byRunner = Math.min(byRunner, word.startedAt)
    } else if (word.startedAt < (word.personal ? byAnybody : byRunner)) {
      const { at, amiss, evidence } = word
      open.push({ kind, at, failed: amiss !== null, objection: amiss || null, evidence })
    }
  }
  return open.toReversed()
}

/** One piece of evidence about one case. */
interface Word {
  /** Null when it names no case. */
  name: string | null
  at: Instant
  received: Instant
  startedAt: Instant
  /** The due instant that the evidence gives, and what the page promises about a case like this. */
  given: Instant | null
  limit: ReturnType<Clocked['within']>
  /** Whether it says all that the proof measures, the severity of a weakness for one. */
  isComplete: boolean
  doneAt: Instant | null
  /** A check that could not run: it arms a clock, and neither stops, reopens nor eases one. */
  inconclusive: boolean
  isUndated: boolean
  /** It could not run, or is a pass that lacks what it should say: it may open a case, never stop or reopen a known one. */
  unclear: boolean
  failed: boolean
  objection: string | null
  /** What breaks the promise whichever case it is of: empty for a failure without more words. */
  amiss: string | null
  personal: boolean
  by: string
  figure: string
  evidence: string
}

const clockFields = {
  startedAt: 'instant',
  dueAt: 'instant?',
  doneAt: 'instant?',
} as const satisfies Fields

/** The case that evidence names: a text, or a whole number as it is written; null where it is no name. */
function readName(named: Measure | undefined): string | null {
  if (typeof named === 'number') {
    return Number.isSafeInteger(named) && named >= 0 ? String(named) : null
  }
  return typeof named === 'string' && named.trim() !== '' ? named : null
}

/** What evidence says of a case. What it says amiss never helps the promise. */
function readWord(witness: Witness, rules: Rules): Word {
  const { evidence, personal, runner } = witness
  const clock = decodeKnown(evidence.measured, clockFields)
  const start = clock['startedAt'] as Instant | undefined
  const startedAt = Math.min(start ?? Infinity, evidence.observedAt)
  const passed = evidence.outcome === 'pass'
  const inconclusive = evidence.outcome === 'inconclusive'
  const end = clock['doneAt'] as Instant | undefined
  const isSaidDone =
    Object.hasOwn(evidence.measured, 'doneAt') && evidence.measured['doneAt'] !== null
  const isSound =
    startedAt === start &&
    (!isSaidDone || (end !== undefined && startedAt <= end && end <= evidence.observedAt))
  const { need, params, subject } = rules
  const seen = examine(evidence, need, params, subject)
  // A clock stops only by its proof: a pass that measured what the promise asks for.
  const objection = seen ? seen.objection : 'not measured'
  const isDone = passed && isSaidDone && isSound && objection === null
  const limit = need.within(params, decodeKnown(evidence.measured, need.fields))
  const dueAt = (clock['dueAt'] as Instant | undefined) ?? null
  return {
    name: readName(evidence.measured['case']),
    at: evidence.observedAt,
    received: evidence.receivedAt,
    startedAt,
    given: limit === 'given' && isFar(dueAt, startedAt, rules) ? null : dueAt,
    limit,
    isComplete: decodeMeasured(evidence.measured, need.fields) !== null,
    doneAt: isDone ? end! : null,
    inconclusive,
    isUndated: startedAt !== start,
    unclear: inconclusive || (passed && (!isSound || (isSaidDone && !seen))),
    failed: !inconclusive && (!passed || (isSaidDone && !isDone)),
    objection: inconclusive
      ? couldNotRun
      : isSaidDone && !isDone
        ? (objection ?? whyNot(passed))
        : null,
    amiss: inconclusive ? null : passed ? (seen?.objection ?? null) : (seen?.objection ?? ''),
    personal,
    by: runner.name ?? runner.id,
    figure: isDone ? need.figure(seen!.facts as never, params) : '',
    evidence: evidence.id,
  }
}

/** Where evidence alone says when something is due, a date further off than this is none. */
const furthest: Duration = { months: 24, seconds: 0 }

function isFar(dueAt: Instant | null, startedAt: Instant, { timeZone }: Rules): boolean {
  return dueAt !== null && dueAt > addDuration(startedAt, furthest, timeZone)
}

function whyNot(passed: boolean): string {
  return passed ? 'its times contradict each other' : 'the proof of it failed'
}

/**
 * The words that say what was promised of a case: as long as no runner has said all that the promise
 * turns on, any of them. A check that could not run never silences another.
 */
function telling(words: readonly Word[]): readonly Word[] {
  const isTold = words.some((word) => word.isComplete && !word.personal && !word.inconclusive)
  return isTold ? words.filter((word) => word.isComplete) : words
}

/**
 * The due instant by the page and by the evidence, whichever is earlier: evidence cannot outbid the
 * page. A clock that started before the page promised this keeps the instant it was frozen with.
 */
function readDue(words: readonly Word[], startedAt: Instant, { timeZone, since }: Rules) {
  const limits = telling(words).flatMap(({ limit }) =>
    limit === null || limit === 'given' ? [] : [limit],
  )
  const first = (lengths: Duration[], other: Instant) =>
    lengths.reduce((least, one) => Math.min(least, addDuration(startedAt, one, timeZone)), other)
  // What could not run neither freezes a due instant for others nor is the first to give them one.
  const run = words.filter((word) => !word.inconclusive)
  const sure = run.length > 0 ? run : words
  const isFrozen = earliest(sure, 'startedAt') < since && earliest(sure, 'given') !== Infinity
  const promises = isFrozen ? [] : limits.map((limit) => limit.promise)
  if (first(promises, earliest(sure, 'given')) === Infinity) return { dueAt: null, targetAt: null }
  const dueAt = first(promises, earliest(words, 'given'))
  const targets = limits.map((limit) => limit.target)
  return { dueAt, targetAt: first(targets, dueAt) }
}

function earliest(words: readonly Word[], what: 'startedAt' | 'given'): Instant {
  return words.reduce((least, word) => Math.min(least, word[what] ?? Infinity), Infinity)
}

/**
 * Later words stop or reopen a clock; they never move its start forward or its due instant back. A
 * person's word neither replaces what a runner settled nor stops a clock whose proof a runner saw
 * fail. What was done late, reopened, or said not to be done, cannot then have been done before.
 */
function settle(words: readonly Word[], rules: Rules): Case {
  const { name, evidence } = words[0]!
  const startedAt = earliest(words, 'startedAt')
  const isUndated = words.every((word) => word.isUndated)
  const due = readDue(words, startedAt, rules)
  const known: Case = {
    name: name ?? 'an unnamed case',
    startedAt,
    isUndated,
    ...due,
    done: null,
    objection: null,
    evidence,
  }
  let barred = false
  // Not done before these, as runners and as persons had it; first told to be done at those.
  let [proven, said] = [-Infinity, -Infinity]
  let [provenAt, saidAt] = [Infinity, Infinity]
  for (const word of words) {
    if (word.unclear && word !== words[0]) continue
    if (word.doneAt === null) {
      const isReopened = known.done?.personal === false && !word.personal
      if (word.personal && word.failed) said = word.at
      else if (!word.personal && (word.failed || isReopened)) proven = word.at
      barred ||= word.failed && !word.personal
      known.done = null
      known.objection = word.objection
      ;[provenAt, saidAt] = [Infinity, Infinity]
    } else if (word.personal) {
      if (barred || known.done?.personal === false) continue
      said = Math.max(word.doneAt, proven, said)
      saidAt = Math.min(word.received, saidAt)
      known.done = stop(word, said, saidAt)
    } else {
      barred = false
      proven = Math.max(word.doneAt, proven)
      provenAt = Math.min(word.received, provenAt)
      const done = stop(word, proven, provenAt)
      // Where only a person had said it in time, it stays that person's word.
      const isSaidInTime = known.done?.personal === true && !isLate(known)
      const isToldLate = isLate({ ...known, done }) && !isDoneLate({ ...known, done })
      if (!(isSaidInTime && isToldLate)) known.done = done
    }
    known.evidence = word.evidence
  }
  return known
}

function stop({ personal, by, figure, evidence }: Word, at: Instant, provenAt: Instant): Stop {
  return { at, provenAt, personal, by, figure, evidence }
}

type Timed = Pick<Case, 'done' | 'dueAt'>

export function isDoneLate({ done, dueAt }: Timed): boolean {
  return done !== null && dueAt !== null && done.at > dueAt
}

/** Done late, or told late: at the due instant nobody had proof. */
export function isLate({ done, dueAt }: Timed): boolean {
  return done !== null && dueAt !== null && done.provenAt > dueAt
}
