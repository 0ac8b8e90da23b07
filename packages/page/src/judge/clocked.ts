import { sayLength, type Instant } from '../duration.ts'
import { foresee, forever, isWorse, type Ruling } from '../verdict.ts'
import { isDoneLate, isLate, type Case, type Cases, type Unnamed } from './cases.ts'
import type { Foreseen } from './observed.ts'
import { dueFrom, missedFor, sayInstant, type Reading } from './series.ts'

/** Judges all cases together: the worst decides. With no case there is nothing to object to. */
export function judgeCases({ cases, unnamed, isHeard, silent }: Cases, now: Instant): Foreseen {
  const note = silent ? `; ${silent}` : ''
  const failure = unnamed.find(({ failed }) => failed)
  if (failure) return forever(ruleOnFailure(failure))
  const unknown = unnamed[0] ? [ruleOnUnknown(unnamed[0], unnamed.length - 1)] : []
  return foresee(now, cases.flatMap(turnsOf), (at) => {
    const ruling = judgeAt(cases, unknown, at)
    if (ruling) return { ...ruling, because: ruling.because + note }
    const because = (isHeard ? 'no event of this promise yet' : 'no event yet') + note
    return { verdict: 'kept', because, evidence: [] }
  })
}

function ruleOnFailure({ kind, at, objection, evidence }: Unnamed): Ruling {
  const said = objection === null ? `${kind} failed and` : `${objection}; ${kind}`
  const because = `${said} names no case; seen ${sayInstant(at)}`
  return { verdict: 'broken', because, evidence: [evidence] }
}

function ruleOnUnknown({ kind, evidence }: Unnamed, more: number): Ruling {
  const others = more === 0 ? '' : `, nor do ${more} more`
  const because = `evidence "${evidence}" of ${kind} names no case${others}: whether that is done is not known`
  return { verdict: 'unproven', because, evidence: [evidence] }
}

/** Null when there was no event at all. */
function judgeAt(cases: readonly Case[], unknown: readonly Ruling[], at: Instant): Ruling | null {
  const rulings = [...unknown, ...cases.map((one) => judgeCase(one, at))]
  const worst = rulings.reduce<Ruling | null>(
    (a, b) => (a && isWorse(a.verdict, b.verdict) ? a : b),
    null,
  )
  if (!worst) return null
  if (worst.verdict === 'missed') {
    const recent = cases.filter((one) => !one.done || at < shownUntil(one))
    const late = recent.filter(isLate).length
    return { ...worst, because: `missed ${late} of ${recent.length} in 90 days; ${worst.because}` }
  }
  const more = rulings.filter((one) => one.verdict === worst.verdict).length - 1
  if (worst.verdict !== 'broken' || more === 0) return worst
  return { ...worst, because: `${worst.because}; and ${more} more` }
}

/** When a case may read differently. */
function turnsOf({ startedAt, dueAt, targetAt, done }: Case): Instant[] {
  if (done) return [done.at + missedFor, done.provenAt + missedFor]
  return dueAt === null ? [] : [Math.min(targetAt!, dueFrom(startedAt, dueAt)), dueAt]
}

/** A case shows for 90 days: one that was late from when the page was told that it is done. */
function shownUntil(one: Case): Instant {
  return (isLate(one) ? one.done!.provenAt : one.done!.at) + missedFor
}

/** Its promise is a date that comes with the evidence: as long as none does, nobody knows. */
const undated = 'when it is due is not known: no evidence of it carries dueAt'

function judgeCase(one: Case, at: Instant): Ruling {
  const { name, startedAt, dueAt, done } = one
  if (!done) return judgeOpen(one, at)
  const evidence = [done.evidence]
  if (dueAt === null && at < done.at + missedFor) {
    const because = `${name} is done, and ${undated}`
    return { verdict: 'unproven', because, evidence }
  }
  const took = sayLength(done.at - startedAt)
  const by = done.personal ? `; attested by ${done.by}` : ''
  if (isLate(one) && at < shownUntil(one)) {
    const promised = `promised ${sayLength(dueAt! - startedAt)}`
    const because = isDoneLate(one)
      ? `${name} took ${took}, ${promised}${by}`
      : `${name} took ${took}, ${promised}, but nobody had proof before ${sayInstant(done.provenAt)}${by}`
    return { verdict: 'missed', because, evidence }
  }
  const because = `${done.figure ? `${done.figure}, ` : ''}${name} in ${took}${by}`
  return { verdict: done.personal ? 'attested' : 'kept', because, evidence }
}

function judgeOpen(one: Case, at: Instant): Ruling {
  const { name, startedAt, dueAt, targetAt, objection } = one
  const evidence = [one.evidence]
  const why = objection ? `: ${objection}` : ''
  if (dueAt === null) {
    const because = `${name} is open, and ${undated}${why}`
    return { verdict: 'unproven', because, evidence }
  }
  if (at >= dueAt) {
    const because = `${name} is open and was due ${sayInstant(dueAt)}${why}`
    return { verdict: 'broken', because, evidence }
  }
  if (one.isUndated) {
    const because = `${name} is open, and when it started is not known${why}`
    return { verdict: 'unproven', because, evidence }
  }
  const soon = Math.min(targetAt!, dueFrom(startedAt, dueAt))
  const because = `${name} is open, due ${sayInstant(dueAt)}${why}`
  return { verdict: at < soon ? 'kept' : 'due', because, evidence }
}

/** Cases done in time speak like a passed rehearsal: the real thing is the best exercise. */
export function asRehearsals(cases: readonly Case[]): Reading[] {
  return cases.flatMap((one) => {
    if (!one.done || one.dueAt === null || isLate(one)) return []
    const { at, provenAt, personal, by, figure, evidence } = one.done
    const said = `${figure || one.name} in ${sayLength(at - one.startedAt)}`
    return [
      {
        at,
        done: at,
        received: provenAt,
        event: null,
        personal,
        by,
        evidence,
        objection: null,
        figure: said,
        validUntil: null,
      },
    ]
  })
}
