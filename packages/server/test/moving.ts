/** Test support: two databases of an app with every kind of table and column, and a Kept that moves tenants. */
import { claimsOperations } from '../src/capabilities/claims/operations.ts'
import { carryOut, type MoveStep } from '../src/capabilities/isolation/move/move.ts'
import { moveOperations } from '../src/capabilities/isolation/move/move-operations.ts'
import { tenancyOperations } from '../src/capabilities/tenancy/operations.ts'
import type { JobContext } from '../src/foundation/capability.ts'
import { Failure } from '../src/foundation/failure.ts'
import { makeAuthority, type Authority } from './certificates.ts'
import { testKept, type TestKept, type TestSettings } from './kept.ts'
import { startPostgres, type TestPostgres } from './postgres.ts'

export const a = 'aaaaaaaa-0000-4000-8000-000000000001'
export const b = 'bbbbbbbb-0000-4000-8000-000000000002'
/** Canaries, which nobody places. */
const [c, d] = ['cccccccc-0000-4000-8000-000000000003', 'dddddddd-0000-4000-8000-000000000004']
export const canary = c
export const person = { kind: 'person', id: 'cto' } as const
export const databases = ['shared', 'own'] as const

const systems = `databases:
  shared: { provider: aws, secret: SHARED, tags: ['app-role:app', 'canary:${c}', 'canary:${d}'] }
  own: { provider: aws, secret: OWN, tags: ['app-role:app'] }
runners:
  collector: { holder: collector, kinds: ['*'], subjects: ['*'] }
`
const page = `---
company: Example Inc
contact: security@example.com
---
# Security

[All data is in the US](kept:residency?regions=us#us).
`

/** What the guard installs, as far as a move needs it. */
const guardSchema = `
  create schema kept; create table kept.moved (tenant text primary key, destination text not null);
  grant usage on schema kept to app, mover; grant select on kept.moved to app;
  grant select, insert, update, delete on kept.moved to mover`

/**
 * Tables that point at the tenants, at one another, at themselves and in a circle; partitions, children,
 * no key at all; and a column of every kind.
 */
const appSchema = `
  create schema app; set search_path = app;
  create type mood as enum ('fine', 'poor');
  create type money_of as (amount numeric, currency text);
  create domain positive as int check (value > 0);
  create table tenants (id uuid primary key, name text not null);
  create table countries (code text primary key);
  create table projects (tenant_id uuid not null references tenants, id bigint generated always as identity,
    name text not null, country text references countries, primary key (tenant_id, id), unique (tenant_id, name));
  create table "Odd Tasks" (tenant_id uuid not null, "the id" int not null, parent int, project bigint not null,
    primary key (tenant_id, "the id"), foreign key (tenant_id, parent) references "Odd Tasks",
    foreign key (tenant_id, project) references projects);
  create table teams (tenant_id uuid not null, id int, lead int not null, primary key (tenant_id, id));
  create table members (tenant_id uuid not null, id int, team int not null, primary key (tenant_id, id),
    foreign key (tenant_id, team) references teams);
  alter table teams add foreign key (tenant_id, lead) references members;
  create table events (tenant_id uuid not null, at timestamptz not null, seq bigserial, said jsonb,
    primary key (tenant_id, at, seq)) partition by range (at);
  create table events_old partition of events for values from (minvalue) to ('2026-01-01');
  create table events_new partition of events for values from ('2026-01-01') to (maxvalue);
  create table logs (tenant_id uuid not null, line text);
  create table base (tenant_id uuid not null, id int, primary key (tenant_id, id));
  create table derived (extra text, primary key (tenant_id, id)) inherits (base);
  create table kinds (tenant_id uuid not null, id serial primary key, js json, jb jsonb, ts timestamptz, d date,
    iv interval, n numeric, f float8, r real, by bytea, arr int[], texts text[], rng int4range, e mood, comp money_of,
    dom positive, t text, ch char(5), vc varchar(9), mn money, bits bit varying(8), ip inet, u uuid, x xml,
    pt point, ts2 timestamp, tm time, cls regclass, doubled numeric generated always as (n * 2) stored,
    shown numeric generated always as (n + 1) virtual);
  create table writes (tenant_id uuid not null, id text not null, n int not null default 0, primary key (tenant_id, id));
  grant usage on schema app to app, mover;
  grant select, insert, update, delete on all tables in schema app to app, mover;
  grant usage, select, update on all sequences in schema app to app, mover;
  insert into countries values ('us');`

const tables = [
  'projects',
  '"Odd Tasks"',
  'teams',
  'members',
  'events',
  'logs',
  'base',
  'derived',
  'kinds',
  'writes',
]

const protect = [...tables, 'events_old', 'events_new']
  .map(
    (
      table,
    ) => `alter table app.${table} enable row level security; alter table app.${table} force row level security;
  create policy tenant on app.${table} using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));`,
  )
  .join('\n')

/** Rows of a tenant in each table. */
export const rowsOf = (tenant: string, n = 3) => `
  set search_path = app;
  insert into tenants values ('${tenant}', 'one, "two" (three)');
  insert into projects (tenant_id, name, country) select '${tenant}', 'p' || i, 'us' from generate_series(1, ${n}) i;
  insert into "Odd Tasks" select '${tenant}', i, case when i < ${n} then i + 1 end,
    (select min(id) from projects where tenant_id = '${tenant}') from generate_series(1, ${n}) i;
  with t as (insert into teams values ('${tenant}', 1, 2)) insert into members values ('${tenant}', 2, 1), ('${tenant}', 3, 1);
  insert into events (tenant_id, at, said) select '${tenant}', timestamptz '2025-12-01' + i * interval '20 days',
    case i % 3 when 0 then 'null'::jsonb when 1 then null else '{"a": [1, "b"]}' end from generate_series(1, ${n}) i;
  insert into logs values ('${tenant}', 'same'), ('${tenant}', 'same'), ('${tenant}', null), ('${tenant}', '');
  insert into base values ('${tenant}', 1); insert into derived (tenant_id, id, extra) values ('${tenant}', 2, 'x');
  insert into kinds (tenant_id, js, jb, ts, d, iv, n, f, r, by, arr, texts, rng, e, comp, dom, t, ch, vc, mn, bits, ip, u, x, pt, ts2, tm, cls)
    values ('${tenant}', '{"b":1,  "a":2}', 'null', 'infinity', '0044-03-15 BC', '1 mon -3 days 04:05:06.7', '12345678901234567890.0123456789',
    'NaN', 0.1, '\\x00ff5c', '[0:2]={1,NULL,3}', '{"a,b",NULL,"NULL","","\\"q\\""}', '[1,5)', 'poor', '(1.50,"e,u")', 7,
    E'line\\n\\ttab \\\\ "quote" \\'\\' {}(),', 'ab', 'cd ', '12.34', '0101', '10.0.0.1/8', '${tenant}', '<a>b</a>', '(1,2)',
    '2026-01-01 00:00:00.000001', '24:00', 'app.kinds'), ('${tenant}', null, null, null, null, null, 'NaN', '-Infinity', null, '', '{}', '{}',
    'empty', null, null, null, '', '', '', null, '', null, null, null, null, null, null, null);`

export interface Moving {
  postgres: TestPostgres
  authority: Authority
  stop(): Promise<void>
  /** Both databases and a Kept anew, with tenants `a` and `b` on `shared`. */
  begin(settings?: TestSettings): Promise<TestKept>
  /** The same with nothing registered yet, and further runners. */
  beginBare(runners?: string, settings?: TestSettings): Promise<TestKept>
}

export function outsideOf({ postgres, authority }: Pick<Moving, 'postgres' | 'authority'>) {
  const urls: Record<string, string> = {
    SHARED: postgres.url('mover', 'shared'),
    OWN: postgres.url('mover', 'own'),
  }
  return {
    reach: 'loopback' as const,
    authorities: [authority.pem],
    secret: (name: string) => urls[name] ?? null,
  }
}

export async function startMoving(): Promise<Moving> {
  const authority = await makeAuthority()
  const postgres = await startPostgres({ certificate: await authority.issue() })
  await postgres.sql(`create role app login password 'secret';
    create role mover login password 'secret' bypassrls`)
  // Made once: what each test begins with is a copy of it.
  for (const name of databases) {
    await postgres.sql(`create database first_${name}`)
    await postgres.sql(guardSchema, `first_${name}`)
    await postgres.sql(`${appSchema} ${protect}`, `first_${name}`)
  }
  for (const tenant of [a, b]) await postgres.sql(rowsOf(tenant), 'first_shared')
  const beginBare: Moving['beginBare'] = async (runners = '', settings = {}) => {
    for (const name of databases) {
      await postgres.sql(`drop database if exists ${name} with (force)`)
      await postgres.sql(`create database ${name} template first_${name}`)
    }
    const outside = outsideOf({ postgres, authority })
    const kept = await testKept({ collectors: [], outside, ...settings })
    const { apply } = claimsOperations(() => [])
    await kept.ask('operator', apply, { page, systems: systems + runners })
    return kept
  }
  return {
    postgres,
    authority,
    stop: () => postgres.stop(),
    beginBare,
    async begin(settings) {
      const kept = await beginBare('', settings)
      await register(kept)
      return kept
    },
  }
}

async function register(kept: TestKept): Promise<void> {
  for (const cluster of databases) {
    const place = { cluster, provider: 'aws', region: 'us-east-1' }
    await kept.ask(person, tenancyOperations.reviewCluster, place)
    await kept.ask(person, tenancyOperations.registerCluster, place)
  }
  await kept.ask(person, tenancyOperations.addTenants, { tenants: [a, b], cluster: 'shared' })
}

/** What a database holds of a tenant, table by table, as text. */
export async function contents(
  { postgres }: Pick<Moving, 'postgres'>,
  database: string,
  tenant: string,
): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {}
  for (const name of tables) {
    const rows = (await postgres.sql(
      `select t::text as said from ${['base'].includes(name) ? 'only ' : ''}app.${name} t where tenant_id = '${tenant}' order by 1`,
      database,
    )) as { said: string }[]
    all[name] = rows.map(({ said }) => said)
  }
  return all
}

export const isEmpty = (all: Record<string, string[]>) =>
  Object.values(all).every((rows) => rows.length === 0)

export const { start, list, cancel } = moveOperations

/** Carries the last move out in this process. */
export async function carryLast(
  moving: Pick<Moving, 'postgres' | 'authority'>,
  kept: TestKept,
  step: (step: MoveStep) => void = () => {},
): Promise<void> {
  const { moves } = await kept.ask(person, list, {})
  const work: JobContext = {
    ask: (operation, input) => kept.ask('worker', operation, input),
    outside: { ...outsideOf(moving), mail: null },
    now: () => kept.time.now(),
    signal: new AbortController().signal,
    log: () => {},
  }
  await carryOut(work, moves[0]!.id, step)
}

/** Ends it at a step, as a worker does that goes down there. */
export async function interruptLast(
  moving: Pick<Moving, 'postgres' | 'authority'>,
  kept: TestKept,
  at: MoveStep,
): Promise<void> {
  const ended = new Failure('draining', 'it ended here')
  const carried = carryLast(moving, kept, (step) => {
    if (step === at) throw ended
  })
  await carried.then(
    () => {
      throw new Error(`it never came to "${at}"`)
    },
    (error: unknown) => {
      if (error !== ended) throw error
    },
  )
}
