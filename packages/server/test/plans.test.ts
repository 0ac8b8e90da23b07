import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessOperations } from '../src/capabilities/access/operations.ts'
import type { Collector } from '../src/foundation/capability.ts'
import { testBundles, testKept, type TestKept } from './kept.ts'
import { onePromise } from './one-promise.ts'
import { makeKey, signed } from './signing.ts'

/** Tables that grow for as long as a Kept runs, and how many rows they are filled to here. */
const growing: Record<string, number> = {
  'access.grants': 20_000,
  'access.records': 60_000,
  'claims.evidence': 60_000,
  'claims.changes': 30_000,
  'claims.collections': 20_000,
  'claims.signatures': 20_000,
  'clocks.alarms': 40_000,
  'clocks.clocks': 20_000,
  'isolation.moves': 20_000,
  'kept.replies': 20_000,
  'ledger.entries': 60_000,
  'ledger.outbox': 20_000,
  'ledger.checkpoints': 20_000,
  'ledger.checks': 10_000,
  'ledger.subtrees': 20_000,
  'publishing.outbox': 20_000,
  'publishing.subscriptions': 20_000,
}

const ci = makeKey('ci')
const page = `${onePromise}
[We email every customer within 24 hours of an incident](kept:incident.notice?within=24h#notice).
`
const systems = `endpoints:
  website: { address: example.test }
desks:
  desk: { address: security@example.test }
services:
  app: { tags: ['app-runner:ci'] }
runners:
  collector: { holder: collector, kinds: ['*'], subjects: ['*'] }
  ci: { holder: workload, key: ${ci.line}, kinds: ['*'], subjects: ['*'] }
`
const collector: Collector = {
  kind: 'endpoint.tls',
  of: ['endpoint'],
  every: 3600,
  timeout: 5,
  collect: () => Promise.resolve({ outcome: 'pass', measured: {} }),
}

interface Statement {
  text: string
  values: unknown[]
}

let kept: TestKept
const said = new Map<string, Statement>()

/** Hears every statement that the server's role sends, as the operations write it. */
function listen(client: PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown
  client.query = ((...args: unknown[]) => {
    const { text, values } = args[0] as Partial<Statement>
    if (text !== undefined && values !== undefined) {
      // What is left out of a question makes another plan of it.
      const given = values.map((value) => (value === null ? '-' : '+')).join('')
      said.set(`${text} ${given}`, { text, values })
    }
    return query(...args)
  }) as never
}

beforeAll(async () => {
  kept = await testKept({ collectors: [collector] })
  await kept.ask('operator', findOperation('claims.apply'), { page, systems })
  await kept.work()
  await fill()
  kept.as.server.on('connect', listen)
}, 120_000)
afterAll(() => kept.stop())

function findOperation(action: string) {
  const all = kept.capabilities.flatMap(({ routes = [], beats = [] }) => [...routes, ...beats])
  return all.find(({ operation }) => operation.action === action)!.operation
}

/** As after some years: the log by its own way, the rest without what refuses such leaps. */
async function fill(): Promise<void> {
  const client = await kept.as.superuser.connect()
  const n = (table: string) => growing[table]!
  const wait = (count: number) =>
    client.query(
      `insert into ledger.outbox (body)
       select convert_to('{}', 'utf8') from generate_series(1, $1::int)`,
      [count],
    )
  try {
    await wait(n('ledger.entries'))
    const sequence = findOperation('ledger.sequence')
    let more = true
    while (more) ({ more } = (await kept.ask('worker', sequence, {})) as { more: boolean })
    await wait(n('ledger.outbox'))
    await client.query('set session_replication_role = replica')
    await client.query(`
      insert into claims.evidence (id, kind, subject, outcome, observed_at, received_at, runner, measured, ticket)
        select 'e' || i, case when i % 5 = 0 then 'endpoint.tls' else 'other.kind' || i % 40 end,
          case when i % 5 = 0 then 'website' else 'system' || i % 50 end, 'pass',
          timestamptz '2026-11-20' - i * interval '7 min', timestamptz '2026-11-20' - i * interval '7 min',
          'collector', '{"lowestAccepted": 1.2}', 100 + i
        from generate_series(1, ${n('claims.evidence')}) i;
      insert into claims.changes (claim, at, verdict, because, evidence, version, ticket)
        select 'claim' || i % 200, timestamptz '2024-01-01' + i * interval '10 min', 'kept', 'so', '{}', 1, 2000000 + i
        from generate_series(1, ${n('claims.changes')}) i;
      insert into claims.collections (kind, subject, runner, next_at)
        select 'kind' || i, 'subject', 'collector', timestamptz '2027-01-01' + i * interval '1 s'
        from generate_series(1, ${n('claims.collections')}) i;
      insert into claims.signatures select 'other', 'n' || i, timestamptz '2026-11-20 12:00' - i * interval '10 ms'
        from generate_series(1, ${n('claims.signatures')}) i;
      insert into clocks.clocks (id, owner, kind, subject, started_at, due_at, policy)
        select gen_random_uuid(), 'none', 'notice', 's' || i, timestamptz '2026-01-01',
          timestamptz '2027-01-01', '{}' from generate_series(1, ${n('clocks.clocks')}) i;
      insert into clocks.alarms select id, f, timestamptz '2027-01-01', null
        from clocks.clocks, unnest(array[0.5, 1]) f;
      insert into kept.replies select 'person:cto', 'k' || i, 'x', '{}', timestamptz '2026-11-20 11:00'
        from generate_series(1, ${n('kept.replies')}) i;
      insert into ledger.checkpoints select i, note, at, i from generate_series(1, ${n('ledger.checkpoints')}) i,
        (select note, at from ledger.checkpoints limit 1) one on conflict do nothing;
      insert into ledger.subtrees select 3, i, sha256('x') from generate_series(1, ${n('ledger.subtrees')}) i;
      insert into ledger.checks select timestamptz '2024-01-01' + i * interval '1 min', 1, '[]'
        from generate_series(1, ${n('ledger.checks')}) i;
      insert into access.grants (id, staff, tenant, reason, asked_at, until, salt)
        select gen_random_uuid(), 'cto', 'tenant' || i % 500, 'help', timestamptz '2026-11-20 11:00' - i * interval '10 min',
          timestamptz '2026-11-20 12:00' - i * interval '10 min', 'x'
        from generate_series(1, ${n('access.grants')}) i;
      insert into access.answers select id, true, asked_at, 'eve', 'ci' from access.grants;
      insert into access.records (database, place, digest, at, tenant, actor, kind, action, detail, bytes,
          grant_id, drained_at, salt, ticket)
        select 'app-db', i::text, sha256('x'), timestamptz '2026-01-01' + i * interval '1 min', 'tenant' || i % 500,
          'staff:cto', case when i % 9 = 0 then 'staff-read' else 'reads' end, 'read', '{}', 2, gen_random_uuid(),
          timestamptz '2026-01-01', 'x', 1000000 + i
        from generate_series(1, ${n('access.records')}) i;
      insert into publishing.subscriptions
        select gen_random_uuid(), 'a' || i || '@example.com', 'x', sha256(i::text::bytea), 'l' || i,
          timestamptz '2026-01-01', timestamptz '2026-01-01'
        from generate_series(1, ${n('publishing.subscriptions')}) i;
      insert into publishing.outbox select gen_random_uuid(), id, 'a', 'b', asked_at, asked_at, 'ok'
        from publishing.subscriptions;
      insert into isolation.moves
          (id, tenant, source, destination, kind, state, returns, started_at, started_by, touched_at, ended_at)
        select gen_random_uuid(), 't' || i, 'a', 'b', 'shared', 'done', false, timestamptz '2026-01-01', 'cto',
          timestamptz '2026-01-01', timestamptz '2026-01-01' from generate_series(1, ${n('isolation.moves')}) i;
      update publishing.told set change = 1000000000, version = 1000000`)
    await client.query('analyze')
  } finally {
    client.release(true)
  }
}

interface Plan {
  'Node Type': string
  Schema?: string
  'Relation Name'?: string
  Plans?: Plan[]
}

/** The growing tables that a plan reads from one end to the other. */
function scanned(plan: Plan): string[] {
  const name = `${plan.Schema}.${plan['Relation Name']}`
  const own = plan['Node Type'] === 'Seq Scan' && name in growing ? [name] : []
  return [...own, ...(plan.Plans ?? []).flatMap(scanned)]
}

async function scansOf({ text, values }: Statement): Promise<string[]> {
  const client = await kept.as.superuser.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `explain (verbose, format json) ${text}`,
      values,
    )
    return scanned(rows[0]!['QUERY PLAN'][0].Plan)
  } finally {
    await client.query('rollback')
    client.release()
  }
}

/** Why a statement may read a growing table whole. */
const allowed: [pattern: RegExp, table: string, why: string][] = [
  [/select note from ledger\.checkpoints/, 'ledger.checkpoints', 'the daily look is at all'],
  [
    /select count\(\*\) from ledger\.checkpoints/,
    'ledger.checkpoints',
    'the daily look counts all',
  ],
  [/update claims\.collections set next_at/, 'claims.collections', 'all looks are hurried'],
  [
    /delete from claims\.collections where .* not in/,
    'claims.collections',
    'the whole schedule is held against the whole of systems.yaml, when a page is applied',
  ],
]

describe('on tables that have grown', () => {
  const worker = { kind: 'worker', id: 'worker' } as const
  const cto = { kind: 'person', id: 'cto' } as const

  it('no statement of the everyday reads one from end to end', async () => {
    said.clear()
    // New connections, which are listened to.
    await Promise.all(Array.from({ length: 6 }, () => kept.as.server.query('select 1')))
    for (const { operation } of kept.capabilities.flatMap(({ beats = [] }) => beats)) {
      await kept.gate.enter({ caller: { actor: worker }, operation, input: {} })
    }
    const judge = kept.capabilities.flatMap(({ jobs = [] }) => jobs)
    expect(judge.length).toBeGreaterThan(0)
    await kept.ask('operator', findOperation('claims.collect'), { kind: 'endpoint.tls' })
    await kept.ask({ kind: 'runner', id: 'collector' }, findOperation('claims.receive'), {
      evidence: [
        {
          id: 'new',
          kind: 'endpoint.tls',
          subject: 'website',
          outcome: 'pass',
          observedAt: new Date(kept.time.now()).toISOString(),
          measured: { lowestAccepted: 1.2 },
        },
      ],
    })
    await kept.gate
      .enter({
        caller: { actor: cto },
        operation: findOperation('claims.apply'),
        input: { page, systems },
        idempotencyKey: 'new',
      })
      .catch((error: { code: string }) => expect(error.code).toBe('bad-input'))
    await kept.work()
    for (const before of [undefined, '1000']) {
      for (const subject of [undefined, 'website', 'nothing']) {
        await kept.ask(cto, findOperation('claims.list-evidence'), { before, subject })
      }
    }
    for (const given of [
      { tenant: 'tenant7' },
      { tenant: 'tenant7', before: '900' },
      { grant: randomUUID() },
      { tenant: 'tenant7', grant: randomUUID() },
      {},
    ]) {
      await kept.ask(cto, findOperation('access.list'), given)
    }
    for (const grant of [undefined, randomUUID()]) {
      await kept.ask(cto, findOperation('access.reads'), { tenant: 'tenant7', grant })
    }
    await kept.ask({ kind: 'runner', id: 'ci' }, findOperation('access.show-bundle'), {})
    const rows = [
      {
        place: '7',
        at: '',
        tenant: 't',
        actor: '',
        kind: '',
        action: '',
        detail: null,
        bytes: 0,
        digest: '',
      },
    ]
    const { keepRecords } = accessOperations({ bundles: testBundles })
    await kept.ask(worker, keepRecords, { database: 'app-db', rows })
    const address = await kept.serve()
    const paths = ['/', '/claims/tls', '/changes', '/feed.json', '/badge.svg', '/api/claims/tls']
    const tiles = ['/ledger/tile/0/001', '/ledger/tile/1/000.p/200', '/ledger/tile/entries/001']
    for (const path of [
      ...paths,
      '/api/lapses?days=30',
      '/ledger/checkpoint',
      '/ledger/key',
      ...tiles,
    ]) {
      const { status } = await fetch(address + path)
      expect(status, path).toBe(200)
    }
    await fetch(`${address}/subscribe`, {
      method: 'POST',
      body: new URLSearchParams({ email: 'new@example.org' }),
    })
    await fetch(`${address}/subscribe/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ token: 'unknown' }),
    })
    const asked = { method: 'GET', url: `${address}/api/claims` }
    const headers = signed(ci, { ...asked, created: Math.floor(kept.time.now() / 1000) })
    expect((await fetch(asked.url, { headers })).status).toBe(200)

    const tables = Object.keys(growing)
    const read = tables.filter((table) => [...said.keys()].some((text) => text.includes(table)))
    expect(read.toSorted()).toEqual(tables.toSorted())
    const wrong: string[] = []
    for (const statement of said.values()) {
      for (const table of await scansOf(statement)) {
        const why = allowed.find(([pattern, one]) => one === table && pattern.test(statement.text))
        if (!why) wrong.push(`${table}: ${statement.text.replaceAll(/\s+/g, ' ')}`)
      }
    }
    expect(wrong).toEqual([])
  }, 120_000)

  it('would find it if one did', async () => {
    const text = `select * from claims.evidence where note = $1`
    expect(await scansOf({ text, values: ['x'] })).toEqual(['claims.evidence'])
    const indexed = `select * from claims.evidence where seq = $1`
    expect(await scansOf({ text: indexed, values: [1] })).toEqual([])
  })
})
