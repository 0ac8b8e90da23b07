/** Test support: builds, from nothing but a proof's own data, worlds in which its laws can be tried. */
import * as fc from 'fast-check'
import { durationLength, isDate, type Duration, type Instant } from '../src/duration.ts'
import type { Evidence, Measure, Outcome, Told } from '../src/evidence.ts'
import { readValue, type Param, type Value } from '../src/params.ts'
import type { Clocked, Need, Proof, ProofValues } from '../src/proof.ts'
import {
  holders,
  type Register,
  type Runner,
  type Subject,
  type SubjectType,
} from '../src/register.ts'
import type { Verdict } from '../src/verdict.ts'
import { examine } from '../src/judge/admit.ts'
import { bench, judge, selectSubjects } from '../src/judge/judge.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** One row of evidence that a need reads: its own kind, or the intake or the rehearsal of a clock. */
export interface Strand {
  need: Need
  kind: string
  role: 'state' | 'duty' | 'case' | 'intake' | 'rehearsal'
  /** How long one piece of evidence may stand. */
  period: number
}

export interface World {
  proof: Proof
  params: ProofValues
  register: Register
  timeZone: string
  now: Instant
  strands: readonly Strand[]
  /** What a failing test prints of it. */
  [fc.toStringMethod]: () => string
}

function worldOf(
  proof: Proof,
  params: ProofValues,
  count: number,
  timeZone: string,
  now: Instant,
): World {
  const register = registerOf(proof, params, count)
  const strands = strandsOf(proof, params)
  const print = () => fc.stringify({ proof: proof.id, params, count, timeZone, now: at(now) })
  return { proof, params, register, timeZone, now, strands, [fc.toStringMethod]: print }
}

/** Runners that may speak of everything here. */
export const collector: Runner = runner('collector', 'collector')
export const workload: Runner = runner('workload', 'workload')
export const person: Runner = { ...runner('person', 'person'), name: 'the CTO' }
/** Registered, yet not for what they will say. */
const otherKinds: Runner = {
  ...runner('other-kinds', 'collector'),
  kinds: ['weather', 'weather.*'],
}
const otherSubjects: Runner = { ...runner('other-subjects', 'collector'), subjects: ['elsewhere'] }

export const speakers = [collector, workload, person]
export const strangers = [otherKinds.id, otherSubjects.id, 'nobody']

function runner(id: string, holder: Runner['holder']): Runner {
  return { id, holder, name: null, kinds: ['*'], subjects: ['*'] }
}

/** The parameters that the proof's own example gives. */
export function exampleParams(proof: Proof): Record<string, Value> {
  const query = /\(kept:[^?)]*\??([^#)]*)/.exec(proof.example)![1]!
  const params: Record<string, Value> = {}
  for (const [name, text] of new URLSearchParams(query)) {
    const reading = readValue(proof.params[name]!, text)
    if ('problem' in reading) throw new Error(`${proof.id}: ${reading.problem}`)
    params[name] = reading.value
  }
  return params
}

/** Any text a page may give for a parameter. */
export function paramText(param: Param): fc.Arbitrary<string> {
  const duration = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom('h', 'd', 'w', 'mo', 'q'))
    .map(([count, unit]) => `${count}${unit}`)
  switch (param.type) {
    case 'duration':
      return duration
    case 'limit':
      return fc.oneof(
        duration,
        fc.integer({ min: 1, max: 30 }).map((count) => `${count}h..${count * 2}h`),
        ...(param.words ?? []).map((word) => fc.constant(word)),
      )
    case 'number':
      return fc.integer({ min: Math.ceil(param.least), max: Math.floor(param.most) }).map(String)
    case 'word':
      return fc.constantFrom(...(param.of ?? ['anything', 'cto', 'production']))
    case 'list':
      return fc
        .uniqueArray(fc.constantFrom(...(param.of ?? ['aws', 'eu', 'cto'])), { minLength: 1 })
        .map((words) => words.join(','))
    case 'date':
      return fc.integer({ min: 0, max: 9999 }).map((n) => isoDay(Date.UTC(2020, 0, 1) + n * day))
  }
}

function isoDay(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 10)
}

/** The example's parameters, some replaced by others that the example's good evidence also keeps. */
function anyParams(proof: Proof, now: Instant): fc.Arbitrary<ProofValues> {
  const example = exampleParams(proof)
  const texts = Object.fromEntries(
    Object.entries(proof.params).map(([name, param]) => [
      name,
      fc.option(paramText(param), { nil: null, freq: 2 }),
    ]),
  )
  return fc.record(texts).map((drawn) => {
    let params = example
    for (const [name, text] of Object.entries(drawn)) {
      const reading = text === null ? null : readValue(proof.params[name]!, text)
      if (!reading || 'problem' in reading) continue
      const changed = { ...params, [name]: reading.value }
      const register = registerOf(proof, changed, 1)
      if (proof.needs.every((need) => isGood(need, changed, register, now))) params = changed
    }
    return params
  })
}

function isGood(need: Need, params: ProofValues, register: Register, now: Instant): boolean {
  const { subjects, missing } = selectSubjects(need, params, register)
  if (subjects.length === 0 || missing.length > 0) return false
  const look = { measured: need.good, observedAt: now }
  const seen = examine(look, need, params as never, subjects[0]!)
  if (seen?.objection !== null) return false
  const measured = seen.facts as never
  if (need.form === 'observed')
    return (need.ends?.(measured, params, 'UTC') ?? Infinity) > now + 400 * day
  // What is dated by days cannot be promised by hours.
  if (need.form === 'repeated' && need.day) return durationLength(need.every(params)) > 30 * day
  return need.form !== 'clocked' || need.within(params, measured) !== null
}

function subject(id: string, type: SubjectType, tags: readonly string[]): Subject {
  return { id, type, provider: null, environment: 'production', regions: [], tags }
}

/** A register in which every need has `count` subjects of each type, each answering to every name used. */
function registerOf(proof: Proof, params: ProofValues, count: number): Register {
  const types = [...new Set(proof.needs.flatMap((need) => need.of))]
  const names = proof.needs.flatMap((need) => need.named?.(params as never) ?? [])
  const length = Math.max(count, ...proof.needs.map((need) => need.atLeast ?? 1))
  const subjects = types.flatMap((type) =>
    Array.from({ length }, (_, i) => subject(`${type}-${i + 1}`, type, names)),
  )
  return { subjects, runners: [...speakers, otherKinds, otherSubjects], unread: [] }
}

/** Runners of every holder, each for some kinds and some subjects of a world, or for all. */
export function anyRoster({ register, strands }: World): fc.Arbitrary<Runner[]> {
  const kinds = [...new Set(strands.map(({ kind }) => kind))]
  const families = kinds.map((kind) => `${kind.split('.')[0]!}.*`)
  const some = (all: string[]) =>
    fc.oneof(fc.constant(['*']), fc.constant(all), fc.subarray(all, { minLength: 1 }))
  const one = fc.record({
    holder: fc.constantFrom(...holders),
    kinds: some([...new Set([...kinds, ...families])]),
    subjects: some(register.subjects.map(({ id }) => id)),
  })
  return fc
    .array(one, { minLength: 1, maxLength: 4 })
    .map((drawn) => drawn.map((rest, i) => ({ id: `runner-${i}`, name: null, ...rest })))
}

export const zones = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Chatham']

/** Any world in which the proof could be kept: what its good evidence dates lies behind. */
export function anyWorld(proof: Proof): fc.Arbitrary<World> {
  const dates = proof.needs.flatMap(({ good }) => Object.values(good).map(String).filter(isDate))
  const first = Math.max(Date.UTC(2024, 0, 1), ...dates.map((date) => Date.parse(date) + 30 * day))
  return fc
    .integer({ min: first, max: Date.UTC(2029, 0, 1) })
    .chain((now) =>
      fc.record({
        params: anyParams(proof, now),
        count: fc.integer({ min: 1, max: 4 }),
        timeZone: fc.constantFrom(...zones),
        now: fc.constant(now),
      }),
    )
    .map(({ params, count, timeZone, now }) => worldOf(proof, params, count, timeZone, now))
}

/** The world of the proof's example, at a fixed time. */
export function exampleWorld(proof: Proof, count = 2): World {
  return worldOf(proof, exampleParams(proof), count, 'UTC', Date.UTC(2026, 10, 20, 12))
}

function strandsOf(proof: Proof, params: ProofValues): Strand[] {
  return proof.needs.flatMap((need): Strand[] => {
    const { kind } = need
    if (need.form === 'observed') {
      return [{ need, kind, role: 'state', period: durationLength(need.age) }]
    }
    if (need.form === 'repeated') {
      return [{ need, kind, role: 'duty', period: durationLength(need.every(params)) }]
    }
    const { intake, rehearsal } = need
    return [
      { need, kind, role: 'case', period: durationLength(promised(need, params)) },
      { need, kind: intake.kind, role: 'intake', period: durationLength(intake.age) },
      { need, kind: rehearsal.kind, role: 'rehearsal', period: durationLength(rehearsal.age) },
    ]
  })
}

/** The promise for a case as the proof's good evidence describes it; ten days where none is fixed. */
export function promised(need: Clocked, params: ProofValues): Duration {
  const within = need.within(params, need.good as never)
  return within === null || within === 'given' ? { months: 0, seconds: 864_000 } : within.promise
}

export function subjectsOf(world: World, need: Need): Subject[] {
  return selectSubjects(need, world.params, world.register).subjects
}

/** An instant so short ago that what was seen then is not soon to lapse. */
export function lately(world: World, strand: Strand): Instant {
  return world.now - Math.min(Math.floor(strand.period / 3), 20 * day)
}

let serial = 0

/** One piece of evidence about a strand, good and just seen unless said otherwise. */
export function evidenceOf(
  world: World,
  strand: Strand,
  subject: string,
  { measured, ...rest }: Partial<Evidence> = {},
): Evidence {
  const observedAt = rest.observedAt ?? lately(world, strand)
  return {
    id: `e${++serial}`,
    kind: strand.kind,
    subject,
    outcome: 'pass',
    observedAt,
    receivedAt: observedAt,
    runner: collector.id,
    measured: measured ?? (isMeasuring(strand) ? goodAt(strand.need, observedAt) : {}),
    ...rest,
  }
}

/** Good evidence of an instant: what it dates was of the day before. */
function goodAt(need: Need, observedAt: Instant): Evidence['measured'] {
  if (need.form !== 'repeated' || !need.day) return need.good
  const entries = Object.entries(need.good).map(([name, value]) =>
    isDate(String(value)) ? [name, isoDay(observedAt - day)] : [name, value],
  )
  return Object.fromEntries(entries) as Evidence['measured']
}

/** A heartbeat measures nothing, and a rehearsal need not. */
export function isMeasuring(strand: Strand): boolean {
  return strand.kind === strand.need.kind
}

/** Evidence that keeps the promise: everything seen lately, nothing missing, no event. */
export function keeping(world: World): Evidence[] {
  return world.strands
    .filter((strand) => strand.role !== 'case')
    .flatMap((strand) =>
      subjectsOf(world, strand.need).map(({ id }) => evidenceOf(world, strand, id)),
    )
}

export function judgeAt(
  world: World,
  evidence: readonly Told[],
  now: Instant = world.now,
): Verdict {
  const { proof, params, register, timeZone } = world
  return judge(proof, params, bench(register, evidence, now, timeZone))
}

export function at(instant: Instant): string {
  return new Date(instant).toISOString()
}

/** Cases that nobody can tell from others: what they name is no name. */
export const noCases: readonly (Measure | undefined)[] = [
  undefined,
  null,
  '',
  ' ',
  0.5,
  -1,
  NaN,
  true,
  ['A'],
]

/** `measured` of a case: started and done so long before it is observed. */
export function caseOf(
  need: Need,
  name: Measure | undefined,
  times: { startedAt: Instant; doneAt?: Instant; dueAt?: Instant },
  facts: Readonly<Record<string, Measure>> = need.good,
): Record<string, Measure> {
  const written = Object.entries(times).map(([key, instant]) => [key, at(instant)])
  const named = name === undefined ? facts : { ...facts, case: name }
  return { ...named, ...(Object.fromEntries(written) as Record<string, string>) }
}

/** How a piece of evidence is told: what it measures, by whom, when. */
const telling = {
  outcome: fc.constantFrom<Outcome>('pass', 'pass', 'pass', 'fail', 'inconclusive'),
  runner: fc.constantFrom('collector', 'collector', 'workload', 'person'),
  measures: fc.constantFrom('good', 'good', 'good', 'bad', 'lacking', 'strange'),
  age: fc.double({ min: 0, max: 3, noNaN: true }),
  transit: fc.double({ min: 0, max: 0.2, noNaN: true }),
  which: fc.nat(1000),
  strand: fc.nat(1000),
  name: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Measure | undefined>('A', 'B', '41', 41) },
    fc.constantFrom(...noCases),
  ),
  ran: fc.double({ min: 0, max: 2, noNaN: true }),
  done: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  due: fc.option(fc.double({ min: 0, max: 3, noNaN: true }), { freq: 3 }),
}

type Telling = {
  [K in keyof typeof telling]: (typeof telling)[K] extends fc.Arbitrary<infer T> ? T : never
}

/** Any evidence about the strands of a world: every order, runner, outcome and measure. */
export function anyStream(world: World, most = 10): fc.Arbitrary<Evidence[]> {
  return fc
    .array(fc.record(telling), { maxLength: most })
    .map((told) => told.map((one) => tell(world, one)))
}

/** A stream in which ids are few: one runner says different things of one system under one id. */
export function anyCollision(world: World): fc.Arbitrary<Evidence[]> {
  return nearlyKeeping(world).chain((stream) =>
    fc
      .array(fc.constantFrom('x', 'y', 'z'), { minLength: stream.length, maxLength: stream.length })
      .map((ids) => stream.map((one, i) => ({ ...one, id: ids[i]! }))),
  )
}

/** Keeping evidence with anything else told among it, so that many streams are near to kept. */
export function nearlyKeeping(world: World): fc.Arbitrary<Evidence[]> {
  const keep = keeping(world)
  return fc
    .tuple(anyStream(world, 6), fc.array(fc.boolean(), { minLength: keep.length }))
    .map(([stream, drop]) => [...stream, ...keep.filter((_, i) => !drop[i] || i % 3 > 0)])
}

function tell(world: World, told: Telling): Evidence {
  const strand = world.strands[told.strand % world.strands.length]!
  const subjects = subjectsOf(world, strand.need)
  const about = subjects[told.which % subjects.length]!.id
  const { now } = world
  const observedAt = Math.floor(now - told.age * strand.period)
  const receivedAt = Math.min(now, Math.floor(observedAt + told.transit * strand.period))
  const { outcome, runner } = told
  let measured = facts(strand, told)
  if (told.due !== null && 'validUntil' in measured) {
    measured = { ...measured, validUntil: at(Math.floor(now + (told.due - 1) * strand.period)) }
  }
  if (strand.role === 'case') {
    const startedAt = Math.floor(observedAt - told.ran * strand.period)
    const doneAt =
      told.done === null ? null : Math.floor(startedAt + told.done * (observedAt - startedAt))
    const dueAt = told.due === null ? null : Math.floor(startedAt + told.due * strand.period)
    measured = caseOf(
      strand.need,
      told.name,
      { startedAt, ...(doneAt === null ? {} : { doneAt }), ...(dueAt === null ? {} : { dueAt }) },
      measured,
    )
  }
  return evidenceOf(world, strand, about, { outcome, runner, observedAt, receivedAt, measured })
}

function facts({ need }: Strand, { measures, which }: Telling): Record<string, Measure> {
  if (measures === 'bad') return { ...need.bad }
  const measured: Record<string, Measure> = { ...need.good }
  const names = Object.keys(measured)
  const name = names[which % Math.max(1, names.length)]
  if (name === undefined) return measured
  if (measures === 'lacking') delete measured[name]
  if (measures === 'strange') measured[name] = [NaN, Infinity, -1, '', null, true][which % 6]!
  return measured
}
