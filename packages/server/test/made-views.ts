import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  combine,
  compile,
  readSystems,
  selectSubjects,
  type Claim,
  type Instant,
  type Part,
  type Register,
  type VerdictName,
} from '@kept/page'
import { rows, companies, letterOf, type Letter } from '../../../examples/promises.ts'
import type {
  ClaimView,
  PageView,
  PromisesView,
  PublishedClaim,
  SeenEvidence,
  Shown,
  Site,
  TourView,
  Turn,
  VerdictChange,
} from '../src/capabilities/publishing/documents.ts'

/** Views of the example companies with made verdicts and histories: for tests, never for the demo. */

export const noon: Instant = Date.parse('2026-11-20T12:04:07Z')
const day = 86_400_000
const hour = 3_600_000

export const folders = ['clear', 'clear-to-go', 'perdoo'] as const

function read(folder: string, name: string): string {
  return readFileSync(join(import.meta.dirname, '../../../examples', folder, name), 'utf8')
}

export const log = {
  origin: 'clear.example/kept',
  key: 'clear.example/kept+c74f20a3+AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefgh',
  size: 48_213,
  root: '6kR2mZc0tqv3wS1Yk2c1o0b7m4mI1F0bM0v3vQe6p8E=',
}

/** Verdicts in turn: mostly kept, and one of each other. */
const cycle: readonly VerdictName[] = [
  'kept', 'kept', 'unproven', 'kept', 'missed', 'kept', 'kept', 'attested', 'kept', 'due', 'kept', 'broken',
  'kept', 'kept', 'stale', 'kept',
] // prettier-ignore

const figures: Partial<Record<VerdictName, string>> = {
  missed: 'missed 1 of 9 in 90 days; finding 41 took 6 h 12 min, promised 4 h',
  broken: '2 accounts without a second factor; seen 2026-11-20 11:00 UTC',
  stale: 'last seen good 2026-11-17 06:00 UTC, too long ago',
}

export function makeView(folder: string, source = read(folder, 'security.md')): PageView {
  const page = compile(source, { format: 'markdown', now: noon })
  const { register } = readSystems(read(folder, 'systems.yaml'))
  const claims = page.claims.map((claim, i) => makeClaim(claim, register, i))
  const site: Site = {
    company: page.company ?? 'Example Inc',
    contact: page.contact,
    timeZone: page.timeZone,
    origin: `https://security.${folder}.example`,
    log,
  }
  return {
    site,
    at: noon,
    source,
    version: 14,
    claims,
    removed: [
      { id: 'old', text: 'We answer every report within one day', removedAt: noon - 12 * day },
    ],
    unlinked: page.unlinked,
  }
}

function makeClaim(claim: Claim, register: Register, i: number): PublishedClaim {
  const verdict = cycle[i % cycle.length]!
  const parts = claim.obligations.flatMap(({ proof, params }) =>
    proof.needs.flatMap((need) =>
      selectSubjects(need, params, register)
        .subjects.slice(0, 3)
        .map(({ id }, nth): Part => {
          const own = nth === 0 ? verdict : verdict === 'unproven' ? 'unproven' : 'kept'
          const said = figures[own] ?? figureOf(need, own, proof.connect)
          const until =
            own === 'unproven' || own === 'broken' || own === 'stale'
              ? null
              : noon + ((i % 40) + 1) * 11 * hour
          return {
            verdict: own,
            because: `${id}: ${said}`,
            evidence: [`${id}-${i}`],
            kind: need.kind,
            subject: id,
            until,
            changes: until,
            ahead: until === null ? [] : [{ at: until, verdict: 'stale' }],
          }
        }),
    ),
  )
  return {
    claim,
    verdict: combine(parts),
    history: makeHistory(verdict, i),
    seenAt: verdict === 'unproven' ? null : noon - ((i % 5) + 1) * hour,
    withheldUntil: i === 27 ? noon + 9 * day : null,
  }
}

function figureOf(
  need: { good: unknown; figure: (...all: never[]) => string },
  verdict: VerdictName,
  connect: string,
): string {
  if (verdict === 'unproven') return `no evidence yet; connect ${connect}`
  const by = verdict === 'attested' ? '; attested by the CTO' : ''
  try {
    return need.figure(need.good as never, {} as never) + by
  } catch {
    return `412 operations tried, 0 crossed${by}`
  }
}

function makeHistory(verdict: VerdictName, i: number): Turn[] {
  if (verdict === 'unproven') return [turn(40, 'unproven', i)]
  const begun = i % 4 === 0 ? 61 : 200
  const turns = [turn(begun, verdict === 'attested' ? 'attested' : 'kept', i)]
  if (i % 7 === 3) turns.push(turn(30.4, 'broken', i), turn(28.2, 'kept', i))
  if (i % 11 === 6) turns.push(turn(12, 'stale', i), turn(9.5, 'kept', i))
  if (verdict === 'due') turns.push(turn(6, 'due', i))
  if (verdict === 'missed') turns.push(turn(19.6, 'broken', i), turn(19.2, 'missed', i))
  if (verdict === 'broken') turns.push(turn(1.3, 'broken', i))
  if (verdict === 'stale') turns.push(turn(2.2, 'stale', i))
  return turns
}

function turn(daysAgo: number, verdict: Shown, i: number): Turn {
  const because =
    figures[verdict as VerdictName] ?? '412 operations tried across customers, 0 crossed'
  return {
    at: noon - daysAgo * day,
    verdict,
    because,
    entry: 48_000 - Math.round(daysAgo * 31) + i,
  }
}

export function makeClaimView(view: PageView, i: number): ClaimView {
  const claim = view.claims[i]!
  const need = claim.claim.obligations[0]!.proof.needs[0]!
  const evidence = Array.from({ length: 6 }, (_, n): SeenEvidence => ({
    id: `e-${n}`,
    kind: need.kind,
    subject: claim.verdict.parts[0]?.subject ?? 'app',
    outcome: n === 3 ? 'inconclusive' : 'pass',
    observedAt: noon - (n + 1) * 7 * hour,
    receivedAt: noon - (n + 1) * 7 * hour + 900,
    runner: n === 4 ? 'cto' : 'collector',
    runnerName: n === 4 ? 'the CTO' : null,
    measured: n === 3 ? {} : need.good,
    entry: n === 0 ? null : 48_213 - n * 17,
  }))
  return { site: view.site, at: noon, claim, evidence }
}

export function makeChanges({ claims }: PageView): VerdictChange[] {
  return claims
    .flatMap(({ claim, history }) =>
      history.map(({ at, verdict, because, entry }, i): VerdictChange => ({
        kind: 'verdict',
        at,
        entry,
        claim: claim.id,
        text: claim.text,
        from: history[i - 1]?.verdict ?? null,
        to: verdict,
        because,
      })),
    )
    .toSorted((a, b) => b.at - a.at)
    .slice(0, 20)
}

export function makePromises(): PromisesView {
  return {
    at: noon,
    companies: (Object.keys(companies) as Letter[]).map((letter) => ({
      name: companies[letter].name,
      origin: `https://security.${companies[letter].folder}.example`,
      rows: rows
        .filter((row) => letterOf(row) === letter)
        .map((row, i) => ({
          id: row.id,
          promise: row.promise,
          claim: row.claim,
          proofs: row.address ? [row.address.slice(5).replace(/[?#].*/, '')] : [],
          verdict: row.address ? cycle[i % cycle.length]! : 'unprovable',
          missing:
            cycle[i % cycle.length] === 'unproven' ? 'no collector of service.routes yet' : null,
        })),
    })),
  }
}

export function makeTour(): TourView {
  return {
    at: noon,
    ahead: 32 * day,
    script: '/refresh.js',
    looking: true,
    companies: [
      {
        name: 'Clear To Go',
        origin: 'http://127.0.0.1:8401',
        tally: { kept: 31, due: 2, missed: 1, attested: 4, unproven: 3 },
      },
      {
        name: 'Clear',
        origin: 'http://127.0.0.1:8402',
        tally: { kept: 40, broken: 2, stale: 1, unproven: 18 },
      },
      { name: 'Perdoo', origin: 'http://127.0.0.1:8403', tally: { kept: 12, unproven: 9 } },
    ],
    acts: [
      {
        id: 'read',
        title: 'Read another customer’s invoice',
        says: 'You are signed in at one customer of Clear To Go and ask for the invoice of another.',
        action: '/tour/read',
        button: 'Try to read it',
        hidden: { token: 'x' },
        watch: {
          text: 'No customer can read or change the data of another',
          href: 'http://127.0.0.1:8401/claims/one-customer',
          verdict: 'kept',
        },
        outcome: { at: noon - hour, says: 'the app answered 404; nothing of it left the database' },
      },
      {
        id: 'leak',
        title: 'Plant a leak',
        says: 'Drop the row policy of one table in the app’s own database. The next look finds it.',
        action: '/tour/leak',
        button: 'Drop the policy',
        hidden: {},
        watch: {
          text: 'No customer can read or change the data of another',
          href: 'http://127.0.0.1:8401/claims/one-customer',
          verdict: 'broken',
        },
        outcome: null,
      },
      {
        id: 'clock',
        title: 'Let a month go by',
        says: 'Advance the demo’s clock. What nobody proves again goes stale by itself.',
        action: '/tour/advance',
        button: 'Advance by a month',
        hidden: { days: '30' },
        watch: null,
        outcome: null,
      },
    ],
    happened: [
      {
        at: noon - hour,
        says: 'Somebody asked for another customer’s invoice and got a 404',
        href: null,
        verdict: null,
      },
      {
        at: noon - 2 * hour,
        says: 'No customer can read or change the data of another',
        href: 'http://127.0.0.1:8401/claims/one-customer',
        verdict: 'broken',
      },
    ],
  }
}
