import { addDuration, formatDuration, sayLength, type Instant } from '../duration.ts'
import type { Clocked } from '../proof.ts'
import type { Subject } from '../register.ts'
import { isWorse, type Part } from '../verdict.ts'
import { decodeMeasured, type Witness } from './admit.ts'
import { isDue, missedFor, sayInstant, type Reading } from './series.ts'

type Ruling = Pick<Part, 'verdict' | 'until' | 'because' | 'evidence'>

/** One event and its clock, from all that was ever said about it. */
export interface Case {
  name: string
  startedAt: Instant
  /** Frozen when first known; only an earlier instant may replace it. Null: not known yet. */
  dueAt: Instant | null
  /** What the team works to, at or before `dueAt`. */
  targetAt: Instant | null
  doneAt: Instant | null
  /** Only a person says that it is done. */
  personal: boolean
  figure: string
  objection: string | null
  evidence: string
}

const clockFields = {
  case: 'text',
  startedAt: 'instant',
  dueAt: 'instant?',
  doneAt: 'instant?',
} as const

/** Gathers the cases of a series; what is inconclusive or contradicts itself counts for nothing. */
export function readCases(
  witnesses: readonly Witness[],
  need: Clocked,
  params: never,
  subject: Subject,
  timeZone: string,
): Case[] {
  const cases = new Map<string, Case>()
  for (const witness of witnesses) {
    const said = readCase(witness, need, params, subject, timeZone)
    if (!said) continue
    const known = cases.get(said.name)
    cases.set(said.name, known ? merge(known, said) : said)
  }
  return [...cases.values()]
}

function readCase(
  { evidence, personal }: Witness,
  need: Clocked,
  params: never,
  subject: Subject,
  timeZone: string,
): Case | null {
  if (evidence.outcome === 'inconclusive') return null
  const clock = decodeMeasured(evidence.measured, clockFields)
  if (!clock) return null
  const startedAt = clock['startedAt'] as Instant
  const doneAt = clock['doneAt'] as Instant | undefined
  if (startedAt > evidence.observedAt) return null
  if (doneAt !== undefined && (doneAt > evidence.observedAt || doneAt < startedAt)) return null
  const measured = decodeMeasured(evidence.measured, need.fields)
  const within = measured ? need.within(params, measured as never) : null
  const promised = within ? addDuration(startedAt, within.promise, timeZone) : null
  const dueAt = (clock['dueAt'] as Instant | undefined) ?? promised
  const target = within ? addDuration(startedAt, within.target, timeZone) : null
  // A clock stops only by its proof: a pass that measured what the promise asks for.
  const objection = measured ? need.holds(measured as never, params, subject) : 'not measured'
  const done = evidence.outcome === 'pass' && objection === null && doneAt !== undefined
  return {
    name: clock['case'] as string,
    startedAt,
    dueAt,
    targetAt: target === null || dueAt === null ? dueAt : Math.min(target, dueAt),
    doneAt: done ? doneAt : null,
    personal: done && personal,
    figure: done ? need.figure(measured as never, params) : '',
    objection: doneAt !== undefined && !done ? (objection ?? 'the proof of it failed') : null,
    evidence: evidence.id,
  }
}

/** Later words may stop or reopen a clock, never move its start forward or its due instant back. */
function merge(known: Case, said: Case): Case {
  const doneTwice = known.doneAt !== null && said.doneAt !== null
  // A person's word neither replaces nor improves what a runner has settled.
  const settled = known.doneAt !== null && !known.personal && said.personal && said.doneAt !== null
  return {
    ...said,
    startedAt: Math.min(known.startedAt, said.startedAt),
    dueAt: least(known.dueAt, said.dueAt),
    targetAt: least(known.targetAt, said.targetAt),
    doneAt: settled
      ? known.doneAt
      : doneTwice
        ? Math.max(known.doneAt!, said.doneAt!)
        : said.doneAt,
    personal: settled ? false : said.personal,
    figure: said.figure || known.figure,
  }
}

function least(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}

/** Judges all cases together: the worst decides. With no case there is nothing to object to. */
export function judgeCases(cases: readonly Case[], now: Instant): Ruling {
  let worst: Ruling | null = null
  let until = Infinity
  for (const one of cases) {
    const ruling = judgeCase(one, now)
    if (ruling.until !== null) until = Math.min(until, ruling.until)
    const newer = worst?.verdict === ruling.verdict && worst.until === null
    if (!worst || isWorse(ruling.verdict, worst.verdict) || newer) worst = ruling
  }
  if (!worst) {
    return { verdict: 'kept', until: null, because: 'rehearsed, not yet needed', evidence: [] }
  }
  const missed = cases.filter((one) => isLate(one) && now < one.doneAt! + missedFor).length
  const because =
    worst.verdict === 'missed'
      ? `missed ${missed} of ${cases.length} in 90 days; ${worst.because}`
      : worst.because
  return {
    ...worst,
    because,
    until: worst.verdict === 'broken' || until === Infinity ? null : until,
  }
}

function isLate(one: Case): boolean {
  return one.doneAt !== null && one.dueAt !== null && one.doneAt > one.dueAt
}

function judgeCase(one: Case, now: Instant): Ruling {
  const evidence = [one.evidence]
  if (one.doneAt === null) return judgeOpen(one, now)
  const took = sayLength(one.doneAt - one.startedAt)
  if (isLate(one) && now < one.doneAt + missedFor) {
    const promised = sayLength(one.dueAt! - one.startedAt)
    const because = `${one.name} took ${took}, promised ${promised}`
    return { verdict: 'missed', until: one.doneAt + missedFor, because, evidence }
  }
  return {
    verdict: one.personal ? 'attested' : 'kept',
    until: null,
    because: `${one.figure ? `${one.figure}, ` : ''}${one.name} in ${took}`,
    evidence,
  }
}

function judgeOpen(one: Case, now: Instant): Ruling {
  const evidence = [one.evidence]
  const why = one.objection ? `: ${one.objection}` : ''
  if (one.dueAt === null) {
    const because = `${one.name} is open, its due date not known yet${why}`
    return { verdict: 'kept', until: null, because, evidence }
  }
  if (now >= one.dueAt) {
    const because = `${one.name} is open and was due ${sayInstant(one.dueAt)}${why}`
    return { verdict: 'broken', until: null, because, evidence }
  }
  const target = one.targetAt!
  const late = now >= target || isDue(now, one.startedAt, one.dueAt)
  const because = `${one.name} is open, due ${sayInstant(one.dueAt)}${why}`
  // Time alone makes a kept clock due at its target, and a due one broken at its end.
  const until = late || target === one.dueAt ? one.dueAt : target
  return { verdict: late ? 'due' : 'kept', until, because, evidence }
}

/** Cases done in time speak like a passed rehearsal: the real thing is the best exercise. */
export function asRehearsals(cases: readonly Case[]): Reading[] {
  return cases
    .filter((one) => one.doneAt !== null && !isLate(one))
    .map((one) => ({
      at: one.doneAt!,
      personal: one.personal,
      by: 'a person',
      evidence: { id: one.evidence } as Reading['evidence'],
      objection: null,
      figure: `${one.figure || one.name} in ${sayLength(one.doneAt! - one.startedAt)}`,
      validUntil: null,
    }))
}

/** `promised 24h` or, with a range, `promised 4h, target 2h`. */
export function sayPromise(within: ReturnType<Clocked['within']>): string {
  if (!within) return ''
  const [target, promise] = [formatDuration(within.target), formatDuration(within.promise)]
  return target === promise ? `promised ${promise}` : `promised ${promise}, target ${target}`
}
