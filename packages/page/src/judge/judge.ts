import type { Instant } from '../duration.ts'
import type { Evidence } from '../evidence.ts'
import { formatDuration } from '../duration.ts'
import type { Need, Proof, ProofValues } from '../proof.ts'
import { sections, type Register, type Subject, type SubjectType } from '../register.ts'
import { combine, type Part, type Verdict } from '../verdict.ts'
import { admit, type Admitted } from './admit.ts'
import { asRehearsals, judgeCases, readCases } from './clocked.ts'
import { judgeObserved } from './observed.ts'
import { judgeRepeated } from './repeated.ts'
import { readSeries, type Reading, type Series } from './series.ts'

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
  evidence: Iterable<Evidence>,
  now: Instant,
  timeZone = 'UTC',
): Bench {
  return { register, admitted: admit(evidence, register, now), timeZone, now }
}

/** Judges one proof: every need, for every subject that the promise is about; the worst decides. */
export function judge(proof: Proof, params: ProofValues, at: Bench): Verdict {
  return combine(proof.needs.flatMap((need) => judgeNeed(proof, need, params, at)))
}

function judgeNeed(proof: Proof, need: Need, params: ProofValues, at: Bench): Part[] {
  const { subjects, missing } = selectSubjects(need, params, at.register)
  const parts = missing.map((name) =>
    unproven(need, null, `"${name}" is not in systems.yaml; connect ${proof.connect}`),
  )
  if (subjects.length === 0 && missing.length === 0) {
    const wanted = need.of.map(sectionOf).join(' or ')
    parts.push(
      unproven(need, null, `systems.yaml names none of its ${wanted}; connect ${proof.connect}`),
    )
  }
  for (const subject of subjects) parts.push(...judgeSubject(proof, need, params, subject, at))
  return parts
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
): Part[] {
  const facts = params as never
  if (need.form === 'clocked') return judgeClock(proof, need, facts, subject, at)
  const series = readSeries(at.admitted.of(need.kind, subject.id), need, facts, subject)
  const ruling =
    need.form === 'observed'
      ? judgeObserved(series, { ...at, age: need.age, expires: need.expires ?? false })
      : judgeRepeated(series, {
          ...at,
          every: need.every(facts),
          perYear: need.perYear?.(facts),
        })
  return [toPart(proof, need.kind, subject, ruling, series.silent)]
}

type ClockedNeed = Extract<Need, { form: 'clocked' }>

/** An event's clock needs three things: its cases, an intake that is alive, and practice. */
function judgeClock(
  proof: Proof,
  need: ClockedNeed,
  params: never,
  subject: Subject,
  at: Bench,
): Part[] {
  const witnesses = at.admitted.of(need.kind, subject.id)
  const cases = readCases(witnesses, need, params, subject, at.timeZone)
  const heart = plainSeries(at, need.intake.kind, subject, 'the intake is alive')
  const drills = plainSeries(at, need.rehearsal.kind, subject, 'rehearsed')
  const practice: Series = {
    readings: [...drills.readings, ...asRehearsals(cases)].sort((a, b) => a.at - b.at),
    silent: drills.silent,
  }
  const parts = [
    { series: heart, ...need.intake },
    { series: practice, ...need.rehearsal },
  ].map(({ series, kind, age }) =>
    toPart(
      proof,
      kind,
      subject,
      judgeObserved(series, { ...at, age, expires: false }),
      series.silent,
    ),
  )
  const settled = { ...judgeCases(cases, at.now), kind: need.kind, subject: subject.id }
  return [settled, ...parts]
}

/** A heartbeat or rehearsal measures nothing: its outcome is all it says. */
function plainSeries(at: Bench, kind: string, subject: Subject, figure: string): Series {
  const readings: Reading[] = []
  let silent: string | null = null
  for (const { evidence, personal, runner } of at.admitted.of(kind, subject.id)) {
    if (evidence.outcome === 'inconclusive') {
      silent = 'the last check could not run'
      continue
    }
    silent = null
    const objection = evidence.outcome === 'fail' ? `${kind} failed` : null
    const by = runner.name ?? runner.id
    readings.push({
      at: evidence.observedAt,
      personal,
      by,
      evidence,
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
  ruling: Omit<Part, 'kind' | 'subject'> | null,
  silent: string | null,
): Part {
  if (ruling)
    return { ...ruling, because: `${subject.id}: ${ruling.because}`, kind, subject: subject.id }
  const because = `${subject.id}: ${silent ?? `no evidence of ${kind} yet`}; connect ${proof.connect}`
  return { verdict: 'unproven', until: null, because, kind, subject: subject.id, evidence: [] }
}

function unproven(need: Need, subject: string | null, because: string): Part {
  return { verdict: 'unproven', until: null, because, kind: need.kind, subject, evidence: [] }
}

/** The subjects a need is about, and the named ones that the register does not hold. */
export function selectSubjects(
  need: Need,
  params: ProofValues,
  register: Register,
): { subjects: Subject[]; missing: string[] } {
  const on = params['on'] as readonly string[] | undefined
  const named = need.named?.(params) ?? []
  const candidates = register.subjects.filter(
    (subject) =>
      need.of.includes(subject.type) &&
      (need.about?.(params as never, subject) ?? true) &&
      (on === undefined || on.some((word) => answersTo(subject, word))),
  )
  if (named.length === 0) return { subjects: candidates, missing: [] }
  const subjects = candidates.filter((subject) => named.some((name) => answersTo(subject, name)))
  const missing = named.filter((name) => !subjects.some((subject) => answersTo(subject, name)))
  return { subjects, missing }
}

/** Whether a word of the page means this subject: its id, environment, provider or a tag. */
export function answersTo(subject: Subject, word: string): boolean {
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
