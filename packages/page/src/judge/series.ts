import { dayStart, type Instant } from '../duration.ts'
import type { Evidence } from '../evidence.ts'
import type { Need, ProofValues } from '../proof.ts'
import type { Subject } from '../register.ts'
import { examine, lacking, type Witness } from './admit.ts'
import { examineRehearsal } from './rehearsal.ts'

/** 90 days: how long a missed deadline stays on the page. */
export const missedFor = 90 * 86_400_000

export const couldNotRun = 'the last check could not run'
const lookedAtNothing = 'the last check found nothing, or not enough, to look at'
export const notMeasured = 'the last check did not measure what was promised'

/** A witness that decides something: it kept the promise, or it names why not. */
export interface Reading {
  at: Instant
  /** When a duty was done: when it was observed, or the day that the evidence gives. */
  done: Instant
  /** When the page could first know of it. */
  received: Instant
  /** What tells this time from another; null when only its day does. */
  event: string | null
  personal: boolean
  /** How the page names who said so. */
  by: string
  /** Id of the evidence. */
  evidence: string
  objection: string | null
  figure: string
  validUntil: Instant | null
}

export interface Series {
  /** Decisive readings, oldest first. */
  readings: readonly Reading[]
  /** Something newer than the last decisive reading could not run or did not measure what is needed. */
  silent: string | null
}

/** Reads a series of evidence by a need: what is inconclusive or measured nothing decides nothing. */
export function readSeries(
  witnesses: readonly Witness[],
  need: Need,
  params: never,
  subject: Subject,
  timeZone: string,
): Series {
  const readings: Reading[] = []
  let silent: string | null = null
  for (const witness of witnesses) {
    const reading = readWitness(witness, need, params, subject, timeZone)
    if (typeof reading === 'string') silent = reading
    else {
      readings.push(reading)
      silent = null
    }
  }
  return { readings: inOrder(readings), silent }
}

/**
 * Oldest first; at the same instant an objection speaks last, whatever outcome was reported, and of two
 * papers the one that ends first.
 */
export function inOrder(readings: readonly Reading[]): Reading[] {
  const end = ({ validUntil }: Reading) => validUntil ?? Number.MAX_VALUE
  return readings.toSorted(
    (a, b) =>
      a.at - b.at || Number(a.objection !== null) - Number(b.objection !== null) || end(b) - end(a),
  )
}

/**
 * Whether evidence alone decides something for a state that a need observes, or as the rehearsal of a
 * clock: older words of its runner then do not.
 */
export function decides(
  evidence: Evidence,
  need: Need,
  params: ProofValues,
  subject: Subject,
  timeZone: string,
): boolean {
  if (evidence.outcome !== 'pass') return evidence.outcome === 'fail'
  const promised = params as never
  return need.form === 'clocked'
    ? examineRehearsal(evidence, { need, params: promised, subject, timeZone }) !== undefined
    : examine(evidence, need, promised, subject) !== null
}

function readWitness(
  { evidence, personal, runner }: Witness,
  need: Need,
  params: never,
  subject: Subject,
  timeZone: string,
): Reading | string {
  const { outcome, observedAt, measured } = evidence
  if (outcome === 'inconclusive') return couldNotRun
  const seen = examine(evidence, need, params, subject)
  if (!seen && outcome === 'pass') {
    const missing = lacking(measured, need, params, subject)
    return missing.length > 0 ? `${notMeasured}: ${missing.join(', ')}` : lookedAtNothing
  }
  const facts = seen?.facts as never
  const objection = seen?.objection ?? null
  const failed = outcome === 'fail' ? (objection ?? 'the check failed') : objection
  const told = failed === null && need.form === 'repeated' ? need : null
  const done = told?.day ? dayStart(told.day(facts), timeZone) : observedAt
  if (done > observedAt) return notMeasured
  return {
    at: observedAt,
    done,
    received: evidence.receivedAt,
    event: told?.event?.(facts) ?? null,
    personal: personal || need.said === true,
    by: runner.name ?? runner.id,
    evidence: evidence.id,
    objection: failed,
    figure: failed === null ? need.figure(facts, params) : failed,
    validUntil: failed === null ? endOf(seen!.facts, need, params, timeZone) : null,
  }
}

/** The first end there is: of the document, and of what the page says of it. */
function endOf(
  facts: NonNullable<ReturnType<typeof examine>>['facts'],
  need: Need,
  params: never,
  timeZone: string,
): Instant | null {
  const own = need.form === 'observed' ? need.ends?.(facts as never, params, timeZone) : null
  const ends = [facts['validUntil'], own].filter((one) => typeof one === 'number')
  return ends.length === 0 ? null : Math.min(...ends)
}

export interface Standing {
  /** The failure that nothing has repaired yet. */
  failure: Reading | null
  /** The newest passing reading of a runner, and of a person. */
  runner: Reading | null
  person: Reading | null
}

/**
 * Where a series stands: the newest reading decides; what a runner found broken, only a runner's
 * newer pass repairs, never a person's word.
 */
export function standing(readings: readonly Reading[]): Standing {
  const last = readings.at(-1) ?? null
  const lastRunner = readings.findLast((reading) => !reading.personal) ?? null
  const lastPerson = readings.findLast((reading) => reading.personal) ?? null
  const failure = last?.objection ? last : lastRunner?.objection ? lastRunner : null
  return {
    failure,
    runner: lastRunner && !lastRunner.objection ? lastRunner : null,
    person: lastPerson && !lastPerson.objection ? lastPerson : null,
  }
}

/** When a promise is soon over: in its last tenth, at most 30 days before its end. */
export function dueFrom(start: Instant, end: Instant): Instant {
  return Math.ceil(end - Math.min((end - start) / 10, 30 * 86_400_000))
}

/** `2026-11-20 12:00 UTC`. */
export function sayInstant(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
