import {
  draft,
  formatValue,
  type Claim,
  type Obligation,
  type Page,
  type ProofValues,
  type System,
  type Systems,
  type Value,
} from '@kept/page'
import { tagged } from '../../foundation/look.ts'
import { powers, type Power } from './powers.ts'
import { proseOf } from './prose.ts'

/** How one page or systems file differs from the one before, as far as promises go. */
export interface Change {
  kind:
    | 'added'
    /** In words that nothing reads as what its address proves: they may take back what others say. */
    | 'added-unread'
    | 'removed'
    | 'reworded'
    | 'weakened'
    | 'strengthened'
    | 'system-added'
    | 'system-removed'
    | 'system-changed'
    | 'runner-added'
    | 'runner-removed'
    | 'runner-changed'
    | 'secret-given'
    | 'power-given'
    | 'page-changed'
    | 'prose-changed'
  /** The claim, system or runner; of the page itself what of it. */
  id: string
  says: string
  /** Fields of systems.yaml, for those alone who may change it. */
  detail?: string
}

/** A page with the systems it speaks of. */
export interface Edition {
  /** The page as it was written. */
  source: string
  page: Page
  systems: Systems
}

/** How much of a sentence is told, in characters. */
const mostSaid = 500
const pieces = new RegExp(`[^]{1,${mostSaid}}`, 'g')

const harmless = new Set<Change['kind']>(['added', 'strengthened', 'system-added'])

/**
 * Whether a change may make a promise less than it was, so that a second person must agree. What
 * cannot be told is held to weaken: other words, another address of a system, another runner.
 */
export function weakens(change: Change): boolean {
  return !harmless.has(change.kind)
}

/** What changed between two editions, claims in the order of the page. */
export function compareEditions(before: Edition, after: Edition): Change[] {
  const isFirst = before.source === ''
  return [
    ...compareClaims(before.page.claims, after.page.claims, isFirst),
    ...compareCalendars(before.page, after.page),
    // Before the first there was neither.
    ...(isFirst ? [] : [...comparePages(before.page, after.page), ...compareProse(before, after)]),
    ...compareSecrets(before.systems.subjects, after.systems.subjects),
    ...comparePowers(before.systems.subjects, after.systems.subjects),
    ...compareEntries('system', before.systems.subjects, after.systems.subjects),
    ...compareEntries('runner', before.systems.runners, after.systems.runners),
  ]
}

/** Months, years and dates end elsewhere in another time zone, by up to a day. */
function compareCalendars(before: Page, after: Page): Change[] {
  if (before.timeZone === after.timeZone) return []
  const says = `counted in the time zone ${after.timeZone}, before in ${before.timeZone}`
  const known = new Set(before.claims.map(({ id }) => id))
  return after.claims
    .filter(({ id }) => known.has(id))
    .map(({ id }) => ({ kind: 'weakened', id, says }))
}

/** Whose page it is, and where weaknesses are reported to. */
function comparePages(before: Page, after: Page): Change[] {
  return (['company', 'contact'] as const).flatMap((name) => {
    if (before[name] === after[name]) return []
    return { kind: 'page-changed', id: name, says: `${name}: ${before[name]} -> ${after[name]}` }
  })
}

/**
 * What stands around the claims can take them all back, wherever it stands: its lines are told as they
 * are read, whole, since somebody has to agree to them.
 */
function compareProse(before: Edition, after: Edition): Change[] {
  const [had, has] = [before, after].map(({ page }) => new Set(page.claims.map(({ id }) => id)))
  const apart = new Set([...had!, ...has!].filter((id) => !had!.has(id) || !has!.has(id)))
  const [old, now] = [before, after].map(({ source, page }) => proseOf(source, page.claims, apart))
  if (now!.join('\n') === old!.join('\n')) return []
  const come = differing(now!, old!).map((line) => `now says: ${line}`)
  const gone = differing(old!, now!).map((line) => `no longer says: ${line}`)
  const first = now!.findIndex((line, i) => line !== old![i])
  const says =
    come.length + gone.length > 0 ? [...come, ...gone] : [`now says here: ${now![first]}`]
  return says
    .flatMap((one) => one.match(pieces)!)
    .map((piece) => ({ kind: 'prose-changed', id: 'text', says: piece }))
}

/** The sentences of some lines that others have not, or not as often. */
function differing(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const one of sentencesOf(others)) left.set(one, (left.get(one) ?? 0) + 1)
  return sentencesOf(lines).filter((one) => {
    const count = left.get(one) ?? 0
    left.set(one, count - 1)
    return count <= 0
  })
}

function sentencesOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(/(?<=[.!?…]["'”’)]?) +/))
}

/** Each secret of a system, with where it is sent: its own, that of its outbox, and what its key seals. */
function usesOf(system: System): { secret: string; does: string; use: string }[] {
  const { type, address } = system
  const sent = [...(system.secret === null ? [] : [system.secret]), ...tagged(system, 'outbox')]
  return [
    ...sent.map((secret) => ({ secret, does: 'is sent to' })),
    ...tagged(system, 'seal').map((secret) => ({ secret, does: 'seals what is sent to' })),
  ].map((one) => ({ ...one, use: JSON.stringify([one.secret, one.does, type, address]) }))
}

/** Whoever says where a secret is used may have it sent there. */
function compareSecrets(before: readonly System[], after: readonly System[]): Change[] {
  const known = new Set(before.flatMap((one) => usesOf(one).map(({ use }) => use)))
  return after.flatMap((one) => {
    const { id, type, address } = one
    const given = usesOf(one).filter(({ use }) => !known.has(use))
    return given.map(({ secret, does }) => ({
      kind: 'secret-given' as const,
      id,
      says: `a secret is used for the ${type} ${id}`,
      detail: `the secret ${secret} ${does} ${address ?? 'the address that it holds'}`,
    }))
  })
}

/** A new service too may name a runner that was there before. */
function comparePowers(before: readonly System[], after: readonly System[]): Change[] {
  return (Object.keys(powers) as Power[]).flatMap((power) => {
    const known = new Set(before.flatMap((one) => tagged(one, power)))
    return after.flatMap((one) =>
      tagged(one, power)
        .filter((runner) => !known.has(runner))
        .map((runner) => ({
          kind: 'power-given' as const,
          id: one.id,
          says: 'a runner is given a word of its own',
          detail: `the runner ${runner} ${powers[power]}`,
        })),
    )
  })
}

function compareClaims(
  before: readonly Claim[],
  after: readonly Claim[],
  isFirst: boolean,
): Change[] {
  const old = new Map(before.map((claim) => [claim.id, claim]))
  const now = new Set(after.map((claim) => claim.id))
  const changes: Change[] = []
  for (const claim of after) {
    const was = old.get(claim.id)
    if (!was) {
      const kind = isFirst || saysItsProof(claim) ? 'added' : 'added-unread'
      changes.push({ kind, id: claim.id, says: `promises: ${claim.text}` })
    } else changes.push(...compareClaim(was, claim))
  }
  for (const claim of before) {
    if (now.has(claim.id)) continue
    changes.push({ kind: 'removed', id: claim.id, says: `no longer promises: ${claim.text}` })
  }
  return changes
}

/** What speaks of other promises, or of who has none. */
const refers =
  /\b(?:promises?|claims?|statements?|sentences?|above|below|foregoing|following|preceding|page|sections?|appl(?:y|ies)|except(?:ions?)?|longer|until|unless|void|withdrawn?|plans?|tiers?)\b/i

/** Whether the words of a claim by themselves are read as what its address proves, and as nothing more. */
function saysItsProof({ text, obligations }: Claim): boolean {
  if (refers.test(text)) return false
  const { claims, unrecognised } = draft(text, { format: 'text' })
  const read = new Set(claims.flatMap((one) => one.obligations.map(({ proof }) => proof.id)))
  return (
    unrecognised.length === 0 &&
    obligations.length > 0 &&
    obligations.every(({ proof }) => read.has(proof.id))
  )
}

function compareClaim(was: Claim, now: Claim): Change[] {
  const { id } = now
  const changes: Change[] = []
  if (was.text !== now.text) {
    changes.push({ kind: 'reworded', id, says: `said: ${was.text}; says: ${now.text}` })
  } else if (was.context !== now.context) {
    const [before, after] = [was.context, now.context].map((one) => one.slice(0, mostSaid))
    changes.push({ kind: 'reworded', id, says: `stood in: ${before}; stands in: ${after}` })
  }
  const taken = new Set<Obligation>()
  for (const before of was.obligations) {
    const after = now.obligations.find((one) => one.proof.id === before.proof.id && !taken.has(one))
    if (after) taken.add(after)
    const change = after
      ? compareObligation(id, before, after)
      : ({ kind: 'weakened', id, says: `no longer proved by ${before.proof.id}` } as const)
    if (change) changes.push(change)
  }
  for (const { proof } of now.obligations.filter((one) => !taken.has(one))) {
    changes.push({ kind: 'strengthened', id, says: `proved by ${proof.id} too` })
  }
  return changes
}

function compareObligation(id: string, before: Obligation, after: Obligation): Change | null {
  const names = new Set([...Object.keys(before.params), ...Object.keys(after.params)])
  const differing = [...names].filter(
    (name) => said(before.params, name) !== said(after.params, name),
  )
  if (differing.length === 0) return null
  const stronger = differing.every((name) => isStricter(name, before.params, after.params))
  const says = differing
    .map((name) => `${name}: ${said(before.params, name)} -> ${said(after.params, name)}`)
    .join(', ')
  return { kind: stronger ? 'strengthened' : 'weakened', id, says: `${after.proof.id}, ${says}` }
}

function said(params: ProofValues, name: string): string {
  const value = params[name]
  return value === undefined ? 'not said' : formatValue(value)
}

/** Parameters by which less is promised when they grow, and those by which more is. */
const ceilings = new Set([
  'within',
  'every',
  'max',
  'rto',
  'rpo',
  'critical',
  'high',
  'medium',
  'low',
])
const floors = new Set(['min', 'length', 'bits', 'zones'])

/** Whether a value surely promises more than the one before: only where both can be put in order. */
function isStricter(name: string, before: ProofValues, after: ProofValues): boolean {
  const [was, now] = [bounds(before[name]), bounds(after[name])]
  if (was === null || now === null) return false
  return ceilings.has(name) ? now.most < was.least : floors.has(name) && now.least > was.most
}

/** A number, or the days of a duration, whose months have 28 to 31; null for anything else. */
function bounds(value: Value | undefined): { least: number; most: number } | null {
  if (typeof value === 'number') return { least: value, most: value }
  if (typeof value !== 'object' || Array.isArray(value)) return null
  if ('promise' in value) return bounds(value.promise)
  if (!('months' in value)) return null
  const days = value.seconds / 86_400
  return { least: value.months * 28 + days, most: value.months * 31 + days }
}

function compareEntries<T extends { id: string }>(
  what: 'system' | 'runner',
  before: readonly T[],
  after: readonly T[],
): Change[] {
  const old = new Map(before.map((one) => [one.id, one]))
  const now = new Set(after.map(({ id }) => id))
  const change = (kind: 'added' | 'removed' | 'changed', id: string, detail = ''): Change => ({
    kind: `${what}-${kind}`,
    id,
    says: `${what} ${id} was ${kind}`,
    ...(detail && { detail }),
  })
  return [
    ...after.flatMap((one) => {
      const was = old.get(one.id)
      if (!was) return [change('added', one.id, sayFields({}, one))]
      const how = sayFields(was, one)
      return how === '' ? [] : [change('changed', one.id, how)]
    }),
    ...before.filter(({ id }) => !now.has(id)).map(({ id }) => change('removed', id)),
  ]
}

/** What differs, field by field: whoever agrees to it must see it. */
function sayFields(before: object, after: object): string {
  const old = before as Record<string, unknown>
  return Object.entries(after)
    .filter(([name, value]) => name !== 'id' && JSON.stringify(value) !== JSON.stringify(old[name]))
    .filter(([, value]) => !(Object.keys(old).length === 0 && isNothing(value)))
    .map(([name, value]) =>
      old[name] === undefined
        ? `${name} ${sayField(value)}`
        : `${name} ${sayField(old[name])} -> ${sayField(value)}`,
    )
    .join(', ')
}

function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}

function sayField(value: unknown): string {
  if (isNothing(value)) return 'nothing'
  return (Array.isArray(value) ? value.join(' ') : String(value)).slice(0, mostSaid)
}
