import { randomBytes } from 'node:crypto'
import { addKey, rowPolicy, schemaSql } from '@kept/guard'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { System } from '@kept/page'
import { makeAuthority, type Authority } from '../../../test/certificates.ts'
import { system, Watch, type Given } from '../../../test/looking.ts'
import { startPostgres, strictAccess, type TestPostgres } from '../../../test/postgres.ts'
import { separationCollector } from './collect.ts'

const [a, b] = ['aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002']
const [c, d] = ['cccccccc-0000-4000-8000-000000000003', 'cccccccc-0000-4000-8000-000000000004']
const environments = ['production', 'staging'] as const
type Name = (typeof environments)[number]
const canaries: Record<Name, readonly [string, string]> = { production: [a, b], staging: [c, d] }
const password = (name: Name) => `the-password-of-${name}`

let authority: Authority
let servers: Record<Name, TestPostgres>

beforeAll(async () => {
  authority = await makeAuthority()
  const [production, staging] = await Promise.all(
    environments.map(async () => startPostgres({ certificate: await authority.issue() })),
  )
  servers = { production: production!, staging: staging! }
  await Promise.all(environments.map((name) => servers[name].sql(begin(name))))
}, 60_000)
afterAll(() => Promise.all(environments.map((name) => servers[name].stop())))

/** A server for each environment: a table under row policies and two without, for the app and for the reader. */
const begin = (name: Name) => `
  create role owner nologin; create role app login password '${password(name)}-app';
  create role ${name}_reader login;
  revoke all on database postgres from public;
  grant connect on database postgres to app, ${name}_reader`
const stranger: Record<Name, string> = {
  production: 'staging_reader',
  staging: 'production_reader',
}
const uuids = (name: Name) => canaries[name].map((id) => `'${id}'::uuid`).join()
const schema = (name: Name) => `
  do $$ begin
    if exists (select from pg_roles where rolname = '${stranger[name]}') then
      drop owned by ${stranger[name]}; drop role ${stranger[name]};
    end if;
  end $$;
  drop schema if exists app cascade;
  create schema app authorization owner;
  grant usage on schema app to app, ${name}_reader;
  alter role ${name}_reader password '${password(name)}';
  grant app to ${name}_reader with inherit false, set true;
  set role owner; set search_path = app;
  create table invoices (tenant_id uuid not null, total int not null);
  alter table invoices enable row level security;
  alter table invoices force row level security;
  create policy tenant on invoices
    using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
  create table events (tenant_id uuid not null);
  create table visits (tenant_id uuid not null) partition by hash (tenant_id);
  create table visit partition of visits for values with (modulus 1, remainder 0);
  grant select on invoices, visits to app;
  grant select (tenant_id) on events to ${name}_reader;
  reset role;
  insert into invoices select id, 1 from unnest(array[${uuids(name)}]) id;
  insert into visits select unnest(array[${uuids(name)}])`

beforeEach(() => Promise.all(environments.map((name) => servers[name].sql(schema(name)))))

const staging = system({ type: 'environment', id: 'staging', environment: 'staging' })
const production = system({ type: 'environment', id: 'production', environment: 'production' })
const databaseOf = (name: Name) =>
  system({
    type: 'database',
    id: `${name}-db`,
    environment: name,
    secret: name.toUpperCase(),
    tags: canaries[name].map((tenant) => `canary:${tenant}`),
  })
const both = () => environments.map(databaseOf)
const secrets = () => ({
  PRODUCTION: servers.production.url('production_reader', 'postgres', password('production')),
  STAGING: servers.staging.url('staging_reader', 'postgres', password('staging')),
})
const look = (watching: Watch, given: Given = {}) =>
  watching.look({
    authorities: [authority.pem],
    secrets: secrets(),
    subjects: [production, staging, ...both()],
    ...given,
  })
const promised = (watching: Watch) =>
  watching.verdict(
    'environments',
    { names: [watching.subject.id] },
    [production, staging].filter(({ id }) => id !== watching.subject.id),
  )
const apart = {
  outcome: 'pass',
  // The app, the reader and the superuser.
  measured: { credentials: 3, tried: 1, sharedCredentials: 0, customerDataFromProduction: false },
}
const sameLogin = `create role production_reader login password '${password('production')}'`

/** Damage to staging, what is said of it, and its repair. */
const flaws: readonly (readonly [what: string, damage: string, why: RegExp, repair: string])[] = [
  [
    'a role of production with the same password and right',
    `${sameLogin}; grant connect on database postgres to production_reader`,
    /^the login of production-db \(production\) opens staging-db$/,
    'revoke connect on database postgres from production_reader',
  ],
  [
    'that role, until it gets a password of its own',
    `${sameLogin}; grant connect on database postgres to production_reader`,
    /opens staging-db/,
    `alter role production_reader password 'another'`,
  ],
  [
    'a copy behind row policies',
    `insert into app.invoices values ('${b}', 1)`,
    /^app\.invoices of staging-db holds rows of a canary of production-db$/,
    `delete from app.invoices where tenant_id = '${b}'`,
  ],
  [
    'a copy without row policies',
    `insert into app.events values ('${a}'), ('${a}')`,
    /^app\.events of staging-db holds rows/,
    'truncate app.events',
  ],
  [
    'a copy in a partition',
    `insert into app.visits values ('${a}')`,
    /^app\.visits of staging-db holds rows/,
    `delete from app.visits where tenant_id = '${a}'`,
  ],
]

describe('environment.separation', () => {
  it.each(flaws)('breaks with %s, and is mended', async (_, damage, why, repair) => {
    const watching = new Watch(separationCollector, staging)
    expect(await look(watching)).toEqual(apart)
    expect(promised(watching)).toBe('kept')
    await servers.staging.sql(damage)
    const seen = await look(watching)
    expect(seen.note).toMatch(why)
    expect(seen).toMatchObject({ outcome: 'fail' })
    expect(promised(watching)).toBe('broken')
    await servers.staging.sql(repair)
    expect(await look(watching)).toMatchObject({
      outcome: 'pass',
      measured: { sharedCredentials: 0, customerDataFromProduction: false },
    })
    expect(promised(watching)).toBe('kept')
  })

  it('looks into sealed databases with keys that open the canaries of production', async () => {
    const key = { id: 'canaries', secret: randomBytes(32).toString('base64') }
    const opening = (name: Name, tenants: string[]) => servers[name].sql(addKey(key, { tenants }))
    for (const name of environments) {
      await servers[name].sql(`${schemaSql({ mode: 'sealed', appRole: 'app' })}
        drop policy tenant on app.invoices;
        ${rowPolicy({ mode: 'sealed', table: 'app.invoices', column: 'tenant_id', type: 'uuid' })}`)
      await opening(name, name === 'staging' ? [a, b, c, d] : [a, b])
    }
    const sealed = both().map((one) => ({
      ...one,
      tags: [...one.tags, 'tenant-setting:kept.tenant', 'seal:SEAL'],
    }))
    const given = {
      subjects: [production, staging, ...sealed],
      secrets: { ...secrets(), SEAL: JSON.stringify(key) },
    }
    const watching = new Watch(separationCollector, staging)
    expect(await look(watching, given)).toEqual(apart)
    await servers.staging.sql(`insert into app.invoices values ('${a}', 1)`)
    expect((await look(watching, given)).note).toMatch(/^app\.invoices of staging-db holds rows/)
    await opening('staging', [c, d])
    const closed = await look(watching, given)
    expect(closed).toMatchObject({ outcome: 'inconclusive' })
    expect(closed.note).toMatch(/opens no scope of one of the canaries/)
    for (const name of environments) await servers[name].sql('drop schema kept cascade')
  })

  it('measures what it found broken', async () => {
    await servers.staging.sql(
      `${sameLogin}; grant connect on database postgres to production_reader;
       insert into app.events values ('${a}')`,
    )
    const seen = await look(new Watch(separationCollector, staging))
    const measured = {
      credentials: 4,
      tried: 1,
      sharedCredentials: 1,
      customerDataFromProduction: true,
    }
    expect(seen).toMatchObject({ outcome: 'fail', measured })
    expect(seen.note).toMatch(/opens staging-db; app\.events of staging-db/)
  })

  it('breaks where two environments have one login at one place', async () => {
    const watching = new Watch(separationCollector, staging)
    await look(watching)
    expect(promised(watching)).toBe('kept')
    const one = { ...secrets(), PRODUCTION: secrets().STAGING }
    expect(await look(watching, { secrets: one })).toMatchObject({
      outcome: 'fail',
      measured: { sharedCredentials: 1 },
    })
    expect(promised(watching)).toBe('broken')
  })

  it('counts a login once that opens two databases, and finds it in either', async () => {
    await servers.staging.sql(
      `${sameLogin}; grant connect on database postgres to production_reader`,
    )
    const second = { ...databaseOf('staging'), id: 'second-db', environment: 'Staging' }
    const seen = await look(new Watch(separationCollector, staging), {
      subjects: [staging, second, ...both()],
    })
    expect(seen).toMatchObject({ outcome: 'fail', measured: { sharedCredentials: 1 } })
    expect(seen.note).toMatch(/opens second-db; .*opens staging-db/)
  })

  it.each([
    ['of the same name with another password', `create role production_reader login password 'x'`],
    ['that may not connect', sameLogin],
    ['that may not log in', `${sameLogin}; alter role production_reader nologin`],
  ])('is not disturbed by a role %s', async (_, change) => {
    await servers.staging.sql(change)
    expect(await look(new Watch(separationCollector, staging))).toMatchObject({ outcome: 'pass' })
  })

  it('is not disturbed by a role that the server’s rules keep out', async () => {
    await servers.staging.sql(
      `${sameLogin}; grant connect on database postgres to production_reader`,
    )
    expect(await look(new Watch(separationCollector, staging))).toMatchObject({ outcome: 'fail' })
    await servers.staging.allow(['host all production_reader 0.0.0.0/0 reject', ...strictAccess])
    const kept = await look(new Watch(separationCollector, staging))
    await servers.staging.allow(strictAccess)
    expect(kept).toMatchObject({ outcome: 'pass' })
  })

  it('lets production hold what is its own, and tries the logins of others there', async () => {
    const watching = new Watch(separationCollector, production)
    expect(await look(watching)).toEqual(apart)
    expect(promised(watching)).toBe('kept')
    await servers.production.sql(
      `create role staging_reader login password '${password('staging')}';
       grant connect on database postgres to staging_reader`,
    )
    const seen = await look(watching)
    expect(seen.note).toBe('the login of staging-db (staging) opens production-db')
    expect(promised(watching)).toBe('broken')
  })

  it('says whose login it did not try', async () => {
    const closed = { ...databaseOf('production'), id: 'closed-db', secret: null, tags: [] }
    const seen = await look(new Watch(separationCollector, staging), {
      subjects: [...both(), closed],
    })
    expect(seen).toEqual({ ...apart, note: 'not tried: closed-db' })
  })
})

/** What keeps a look from seeing, and the words that say so: by the systems, or done to a server. */
const blindfolds: readonly (readonly [
  what: string,
  why: RegExp,
  given: ((systems: [System, System]) => Given) | null,
  done?: { at: Name; sql: string; undo: string },
])[] = [
  ['no database', /staging has no database: give each/, ([one]) => ({ subjects: [one] })],
  [
    'a database without a secret',
    /no secret opens closed-db/,
    ([one, two]) => ({ subjects: [one, two, { ...two, id: 'closed-db', secret: null }] }),
  ],
  [
    'a database without an environment',
    /says of stray-db no environment/,
    ([one, two]) => ({ subjects: [one, two, { ...one, id: 'stray-db', environment: null }] }),
  ],
  [
    'a secret that is not set',
    /the secret NOTHING of staging-db is not set/,
    ([one, two]) => ({ subjects: [one, { ...two, secret: 'NOTHING' }] }),
  ],
  ['no other environment', /no login to try/, ([, two]) => ({ subjects: [two] })],
  [
    'another whose secret is not set',
    /the secret NOTHING of production-db is not set/,
    ([one, two]) => ({ subjects: [{ ...one, secret: 'NOTHING' }, two] }),
  ],
  [
    'a server that has no place for the login now',
    /answers with an error \(53300\)/,
    null,
    {
      at: 'staging',
      sql: `${sameLogin} connection limit 0; grant connect on database postgres to production_reader`,
      undo: 'revoke connect on database postgres from production_reader; drop role production_reader',
    },
  ],
  [
    'no canary in production',
    /no canary of production is known/,
    ([one, two]) => ({ subjects: [{ ...one, tags: [] }, two] }),
  ],
  [
    'a canary that is not in production',
    /a canary of production-db has no row there/,
    null,
    {
      at: 'production',
      sql: `delete from app.invoices where tenant_id = '${a}'; delete from app.visits where tenant_id = '${a}'`,
      undo: `insert into app.invoices values ('${a}', 1)`,
    },
  ],
  [
    'the same canary in both',
    /staging-db and production-db name the same canary/,
    ([one, two]) => ({ subjects: [one, { ...two, tags: [`canary:${a}`, `canary:${c}`] }] }),
  ],
  [
    'no table with a tenant',
    /no table with a column org_id/,
    ([one, two]) => ({ subjects: [one, { ...two, tags: [...two.tags, 'tenant-column:org_id'] }] }),
  ],
  [
    'a table that nobody may read',
    /nothing of app\.events in staging-db can be read: grant select \(tenant_id\)/,
    null,
    {
      at: 'staging',
      sql: 'revoke select (tenant_id) on app.events from staging_reader',
      undo: 'grant select (tenant_id) on app.events to staging_reader',
    },
  ],
  [
    'a schema that nobody may use',
    /nothing of app\.events in staging-db can be read/,
    null,
    {
      at: 'staging',
      sql: 'revoke usage on schema app from staging_reader',
      undo: 'grant usage on schema app to staging_reader',
    },
  ],
  [
    'a role of the app that it may not become',
    /nothing can be tried as app: grant app to/,
    null,
    {
      at: 'staging',
      sql: 'revoke app from staging_reader',
      undo: 'grant app to staging_reader with inherit false, set true',
    },
  ],
  [
    'policies and no tenant that is known to be there',
    /policies of staging-db hide its rows from app: name two tenants/,
    ([one, two]) => ({ subjects: [one, { ...two, tags: [] }] }),
  ],
  [
    'policies on another setting',
    /policies of staging-db hide its rows from app/,
    ([one, two]) => ({
      subjects: [one, { ...two, tags: [...two.tags, 'tenant-setting:app.org'] }],
    }),
  ],
]

describe('environment.separation knows nothing', () => {
  it.each(blindfolds.map(([what, why, given, done]) => [what, { why, given, done }] as const))(
    'with %s',
    async (_, { why, given, done }) => {
      const watching = new Watch(separationCollector, staging)
      const [one, two] = both()
      const blinded = given?.([one!, two!])
      if (done) await servers[done.at].sql(done.sql)
      const seen = await look(watching, blinded)
      expect(seen.note).toMatch(why)
      expect(seen).toMatchObject({ outcome: 'inconclusive', measured: {} })
      for (const name of environments) expect(seen.note).not.toContain(password(name))
      expect(promised(watching)).toBe('unproven')
      if (done) await servers[done.at].sql(done.undo)
      expect(await look(watching)).toEqual(apart)
      expect(promised(watching)).toBe('kept')
    },
  )

  it.each(['password', 'md5'])('of a server that asks for the password by %s', async (method) => {
    const { staging: server } = servers
    await server.sql(`set password_encryption = 'md5'; ${sameLogin};
      grant connect on database postgres to production_reader`)
    const watching = new Watch(separationCollector, staging)
    await server.allow([`hostssl all production_reader 127.0.0.1/32 ${method}`, ...strictAccess])
    const client = await server.connect({
      host: '127.0.0.1',
      ssl: { ca: authority.pem },
      user: 'production_reader',
      password: password('production'),
      database: 'postgres',
    })
    await client.end()
    const seen = await look(watching)
    await server.allow(strictAccess)
    expect(seen).toMatchObject({ outcome: 'inconclusive' })
    expect(seen.note).toMatch(/in a way that could give one of another server away/)
    expect(await look(watching)).toMatchObject({ outcome: 'pass' })
  })

  it('by a login that does not even open its own database', async () => {
    const watching = new Watch(separationCollector, production)
    await servers.staging.sql(`alter role staging_reader password 'changed'`)
    const seen = await look(watching)
    expect(seen).toMatchObject({ outcome: 'inconclusive' })
    expect(seen.note).toMatch(/answers with an error \(28P01\)/)
    await servers.staging.sql(`alter role staging_reader password '${password('staging')}'`)
    expect(await look(watching)).toEqual(apart)
  })

  it('when nobody answers, and when it was given up', async () => {
    const nobody = 'postgres://staging_reader:the-password@127.0.0.1:1/app'
    const watching = new Watch(separationCollector, staging)
    const away = await look(watching, { secrets: { ...secrets(), STAGING: nobody } })
    expect(away).toMatchObject({ outcome: 'inconclusive' })
    expect(away.note).not.toContain('the-password')
    const signal = AbortSignal.abort()
    expect(await look(watching, { signal })).toMatchObject({ outcome: 'inconclusive' })
    expect(await look(watching)).toEqual(apart)
  })

  it('hides no fault behind what it could not look at', async () => {
    const watching = new Watch(separationCollector, staging)
    await look(watching)
    await servers.staging.sql(`insert into app.events values ('${a}')`)
    await servers.staging.sql('revoke app from staging_reader')
    const copied = await look(watching)
    expect(copied).toMatchObject({
      outcome: 'fail',
      measured: { sharedCredentials: 0, customerDataFromProduction: true },
    })
    expect(promised(watching)).toBe('broken')
    await servers.staging.sql(
      `${sameLogin}; grant connect on database postgres to production_reader`,
    )
    const [one, two] = both()
    const subjects = [{ ...one!, tags: [] }, two!]
    expect(await look(watching, { subjects })).toEqual({
      outcome: 'fail',
      measured: { credentials: 4, tried: 1, sharedCredentials: 1 },
      note: 'the login of production-db (production) opens staging-db',
    })
    expect(promised(watching)).toBe('broken')
  })
})
