import type { Instant } from '../duration.ts'
import type { Evidence, Told } from '../evidence.ts'
import { formatDuration } from '../duration.ts'
import { kindsOf, type Need, type Objection, type Proof, type ProofValues } from '../proof.ts'
import { maySpeak, sections, type Register, type Subject, type SubjectType } from '../register.ts'
import { combine, forever, type Part, type Verdict } from '../verdict.ts'
import { admit, type Admitted } from './admit.ts'
import { readCases } from './cases.ts'
import { asRehearsals, judgeCases } from './clocked.ts'
import { judgeHeartbeat } from './heartbeat.ts'
import { judgeObserved, type Foreseen } from './observed.ts'
import { judgeRepeated } from './repeated.ts'
import { examineRehearsal } from './rehearsal.ts'
import {
  couldNotRun,
  inOrder,
  notMeasured,
  readSeries,
  type Reading,
  type Series,
} from './series.ts'

/** What a claim is judged by: the company's systems and runners, and all evidence that counts now. */
export interface Bench {
  register: Register
  admitted: Admitted
  timeZone: string
  now: Instant
}

/** Prepares a bench once for many claims. */
export function bench(
  register: Register,
  evidence: Iterable<Told>,
  now: Instant,
  timeZone = 'UTC',
): Bench {
  return { register, admitted: admit(evidence, register, now), timeZone, now }
}

/**
 * Judges one proof: every need, for every subject that the promise is about; the worst decides.
 * `since` is when the page came to promise this: clocks that started before keep their due dates.
 */
export function judge(
  proof: Proof,
  params: ProofValues,
  at: Bench,
  since: Instant = -Infinity,
): Verdict {
  const parts = proof.needs.flatMap((need) => judgeNeed(proof, need, params, at, since))
  return combine([
    ...parts,
    ...judgeNames(proof, params, at.register),
    ...judgeReading(at.register),
  ])
}

/** What stands in systems.yaml unread may be what breaks the promise. */
function judgeReading({ unread }: Register): Part[] {
  if (unread.length === 0) return []
  return [unproven(null, onOneLine(`systems.yaml cannot be read whole; mend ${sayFirst(unread)}`))]
}

/** As in `line 3: ...; and 4 more`. */
function sayFirst(all: readonly string[]): string {
  return all.length === 1 ? all[0]! : `${all[0]!}; and ${all.length - 1} more`
}

function judgeNeed(
  proof: Proof,
  need: Need,
  params: ProofValues,
  at: Bench,
  since: Instant,
): Part[] {
  const { subjects, missing } = selectSubjects(need, params, at.register)
  const parts = missing.map((name) =>
    unproven(need.kind, `"${name}" is not in systems.yaml; connect ${proof.connect}`),
  )
  if (subjects.length === 0 && missing.length === 0) {
    const wanted = need.of.map(sectionOf).join(' or ')
    parts.push(
      unproven(need.kind, `systems.yaml names none of its ${wanted}; connect ${proof.connect}`),
    )
  }
  for (const subject of subjects) {
    parts.push(...judgeSubject(proof, need, params, subject, at, since))
    parts.push(...judgeUnread(need, subject, at))
  }
  return parts
}

/** A line of evidence that cannot be read may be the failure that breaks the promise. */
function judgeUnread(need: Need, { id }: Subject, { admitted }: Bench): Part[] {
  const kinds = new Set(kindsOf(need))
  return [...kinds].flatMap((kind) => {
    const unread = admitted.unread(kind, id).map((one) => one.unread)
    if (unread.length === 0) return []
    const because = `${id}: evidence that may speak of it cannot be read; mend ${sayFirst(unread)}`
    return [{ ...unproven(kind, onOneLine(because)), subject: id }]
  })
}

/** Each word of `on` must mean something: what it was to cover is otherwise left out in silence. */
function judgeNames(proof: Proof, params: ProofValues, register: Register): Part[] {
  const on = params['on'] as readonly string[] | undefined
  if (!on) return []
  const known = proof.needs.flatMap((need) => selectSubjects(need, params, register).subjects)
  return on
    .filter((word) => !known.some((subject) => answersTo(subject, word)))
    .map((word) => {
      const because = `"${word}" of on= means none of its systems in systems.yaml`
      return unproven(proof.needs[0]!.kind, because)
    })
}

function sectionOf(type: SubjectType): string {
  return Object.entries(sections).find(([, one]) => one === type)![0]
}

function judgeSubject(
  proof: Proof,
  need: Need,
  params: ProofValues,
  subject: Subject,
  at: Bench,
  since: Instant,
): Part[] {
  const facts = params as never
  if (need.form === 'clocked') return judgeClock(proof, need, facts, subject, at, since)
  const series = readSeries(
    at.admitted.of(need.kind, subject.id),
    need,
    facts,
    subject,
    at.timeZone,
  )
  const ruling =
    need.form === 'observed'
      ? judgeObserved(series, { ...at, age: need.age })
      : judgeRepeated(series, {
          ...at,
          every: need.every(facts),
          perYear: need.perYear?.(facts),
        })
  return [toPart(proof, need.kind, subject, ruling, series.silent)]
}

type ClockedNeed = Extract<Need, { form: 'clocked' }>

/**
 * An event's clock needs three things: its cases, an intake that never fell silent, and practice.
 * Where only persons may report a case, that there is none says nothing.
 */
function judgeClock(
  proof: Proof,
  need: ClockedNeed,
  params: never,
  subject: Subject,
  at: Bench,
  since: Instant,
): Part[] {
  const witnesses = at.admitted.of(need.kind, subject.id)
  const { timeZone, now } = at
  const events = readCases(witnesses, { need, params, subject, timeZone, since })
  const isHeard = at.register.runners.some(
    (runner) => runner.holder !== 'person' && maySpeak(runner, need.kind, subject.id),
  )
  const heart = plainSeries(at, need.intake.kind, subject, 'the intake is alive', () => null)
  const isQuiet = events.cases.length === 0 && events.unnamed.length === 0
  const figure = isQuiet ? 'rehearsed, not yet needed' : 'rehearsed'
  const drills = plainSeries(at, need.rehearsal.kind, subject, figure, (evidence) =>
    examineRehearsal(evidence, { need, params, subject, timeZone }),
  )
  const practice: Series = {
    readings: inOrder([...drills.readings, ...asRehearsals(events.cases)]),
    silent: drills.silent,
  }
  const bound = { timeZone, now }
  return [
    ...(isHeard || witnesses.length > 0
      ? [toPart(proof, need.kind, subject, judgeCases(events, now), null)]
      : []),
    ...(isHeard ? [] : [unheard(proof, need.kind, subject)]),
    toPart(
      proof,
      need.intake.kind,
      subject,
      judgeHeartbeat(heart, { ...bound, age: need.intake.age }),
      heart.silent,
    ),
    toPart(
      proof,
      need.rehearsal.kind,
      subject,
      judgeObserved(practice, { ...bound, age: need.rehearsal.age }),
      practice.silent,
    ),
  ]
}

function unheard(proof: Proof, kind: string, { id }: Subject): Part {
  const because = `${id}: no runner but a person may report ${kind}; connect ${proof.connect}`
  return { ...unproven(kind, because), subject: id }
}

/** Of a heartbeat the outcome is all it says, and of a rehearsal where it measures nothing more. */
function plainSeries(
  at: Bench,
  kind: string,
  subject: Subject,
  figure: string,
  objectionTo: (evidence: Evidence) => Objection | undefined,
): Series {
  const readings: Reading[] = []
  let silent: string | null = null
  for (const { evidence, personal, runner } of at.admitted.of(kind, subject.id)) {
    const { outcome } = evidence
    const objection = outcome === 'fail' ? `${kind} failed` : objectionTo(evidence)
    silent = outcome === 'inconclusive' ? couldNotRun : objection === undefined ? notMeasured : null
    if (silent !== null || objection === undefined) continue
    readings.push({
      at: evidence.observedAt,
      done: evidence.observedAt,
      received: evidence.receivedAt,
      event: null,
      personal,
      by: runner.name ?? runner.id,
      evidence: evidence.id,
      objection,
      figure,
      validUntil: null,
    })
  }
  return { readings, silent }
}

function toPart(
  proof: Proof,
  kind: string,
  subject: Subject,
  ruling: Foreseen | null,
  silent: string | null,
): Part {
  if (ruling) {
    const because = onOneLine(`${subject.id}: ${ruling.because}`)
    return { ...ruling, because, kind, subject: subject.id }
  }
  const because = `${subject.id}: ${silent ?? `no evidence of ${kind} yet`}; connect ${proof.connect}`
  return { ...unproven(kind, because), subject: subject.id }
}

/** Evidence puts words into the reason: none may break its line, drive a terminal or turn its direction. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ')
}

function unproven(kind: string | null, because: string): Part {
  return { ...forever({ verdict: 'unproven', because, evidence: [] }), kind, subject: null }
}

/** The subjects a need is about, and the named ones that the register does not hold. */
export function selectSubjects(
  need: Need,
  params: ProofValues,
  register: Register,
): { subjects: Subject[]; missing: string[] } {
  const on = params['on'] as readonly string[] | undefined
  const named = need.named?.(params) ?? []
  const types = need.types?.(params)
  const candidates = register.subjects.filter(
    (subject) =>
      (types ?? need.of).includes(subject.type) &&
      (need.about?.(params as never, subject) ?? true) &&
      (on === undefined || on.some((word) => answersTo(subject, word))),
  )
  const subjects =
    named.length === 0
      ? candidates
      : candidates.filter((subject) => named.some((name) => answersTo(subject, name)))
  const all = register.subjects.filter(({ type }) => need.of.includes(type)).length
  const missing = [
    ...named.filter((name) => !subjects.some((subject) => answersTo(subject, name))),
    ...(types ?? []).filter((type) => !subjects.some((one) => one.type === type)).map(sectionOf),
    ...(subjects.length > 0 && all < (need.atLeast ?? 1) ? [`another ${need.of[0]}`] : []),
  ]
  return { subjects, missing }
}

/** Whether a word of the page means this subject: its id, environment, provider or a tag. */
function answersTo(subject: Subject, word: string): boolean {
  const wanted = word.toLowerCase()
  return [subject.id, subject.environment, subject.provider, ...subject.tags].some(
    (name) => name?.toLowerCase() === wanted,
  )
}

/** How long a need lets evidence stand, for explanations. */
export function sayFreshness(need: Need): string {
  if (need.form === 'observed') return `seen at least every ${formatDuration(need.age)}`
  if (need.form === 'repeated') return 'done again before its period ends'
  return `a clock for each event; rehearsed at least every ${formatDuration(need.rehearsal.age)}`
}
