import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ProofValues, System } from '@kept/page'
import { makeAuthority, type Authority } from '../../../test/certificates.ts'
import { testKept, type TestKept } from '../../../test/kept.ts'
import { system, Watch } from '../../../test/looking.ts'
import { startPostgres, type TestPostgres } from '../../../test/postgres.ts'
import { claimsOperations } from '../claims/operations.ts'
import {
  clustersCollector,
  placementCollector,
  regionCollector,
  routingCollector,
} from './collect.ts'
import { tenancyOperations as operations } from './operations.ts'
import { seatOfHost } from './region.ts'

const claims = claimsOperations(() => [])
const person = { kind: 'person', id: 'cto' } as const
const page = `---
company: Example Inc
contact: security@example.com
---
# Security

[All data is in the US](kept:residency?regions=us#us).
`
const systemsYaml = `databases:
  main: { provider: aws, secret: MAIN }
  own: { provider: aws, secret: OWN }
  canaries: { provider: aws, secret: MAIN, tags: ['canary:eve', 'canary:mallory'] }
accounts:
  aws-account: { provider: aws }
runners:
  collector: { holder: collector, kinds: ['*'], subjects: ['*'] }
`
const database = (id: string, more: Partial<System> = {}) =>
  system({ type: 'database', id, provider: 'aws', secret: id.toUpperCase(), ...more })
const [main, own] = [database('main'), database('own')]
const service = system({ type: 'service', id: 'web' })
const account = system({ type: 'account', id: 'aws-account', provider: 'aws' })

let postgres: TestPostgres
let authority: Authority
let kept: TestKept

beforeAll(async () => {
  authority = await makeAuthority()
  postgres = await startPostgres({ certificate: await authority.issue() })
  await postgres.sql(`create role reader login password 'secret' bypassrls`)
  for (const name of ['main', 'own']) await postgres.sql(`create database ${name}`)
}, 60_000)
afterAll(() => postgres.stop())

/** `invoices` has an index that leads with the tenant, `notes` has none, `visits` is partitioned. */
const schema = `
  drop schema if exists app cascade; create schema app;
  create table app.invoices (tenant_id text, id int, primary key (tenant_id, id));
  create table app.notes (id int primary key, tenant_id text);
  create table app.visits (tenant_id text not null) partition by hash (tenant_id);
  create table app.visit partition of app.visits for values with (modulus 1, remainder 0);
  create table app.countries (code text);
  alter table app.invoices enable row level security;
  alter table app.invoices force row level security;
  grant usage on schema app to reader;
  grant select (tenant_id) on app.invoices, app.notes, app.visits to reader;`
const rows = {
  main: `insert into app.invoices values ('a', 1), ('a', 2), ('b', 1);
    insert into app.notes values (1, 'b'), (2, null); insert into app.visits values ('c')`,
  own: `insert into app.invoices values ('big', 1); insert into app.visits values ('big')`,
}

beforeEach(async () => {
  for (const name of ['main', 'own'] as const) {
    await postgres.sql(schema, name)
    await postgres.sql(rows[name], name)
  }
  await postgres.sql('alter role reader bypassrls')
  kept = await testKept({ collectors: [] })
  await kept.ask('operator', claims.apply, { page, systems: systemsYaml })
  return () => kept.stop()
})

const given = (subjects: readonly System[] = [main, own]) => ({
  kept,
  subjects,
  authorities: [authority.pem],
  secrets: { MAIN: postgres.url('reader', 'main'), OWN: postgres.url('reader', 'own') },
})
async function register(cluster: string, region = 'us-east-1'): Promise<void> {
  const place = { cluster, provider: 'aws', region }
  await kept.ask(person, operations.reviewCluster, place)
  await kept.ask(person, operations.registerCluster, place)
}
const add = (tenants: string[], cluster: string, kind: 'shared' | 'dedicated' = 'shared') =>
  kept.ask(person, operations.addTenants, { tenants, cluster, kind })
async function registerAll(): Promise<void> {
  for (const cluster of ['main', 'own', 'canaries']) await register(cluster)
  await add(['a', 'b', 'c'], 'main')
  await add(['big'], 'own', 'dedicated')
}

interface Damaging {
  watch: Watch
  proof: string
  params?: ProofValues
  damage: () => Promise<unknown>
  repair: () => Promise<unknown>
  subjects?: readonly System[]
}

/** Kept, damaged and broken, repaired and kept again. */
const turns = ['kept', 'broken', 'kept']

/** The verdicts of three looks, and what the second said. */
async function damage({ watch, proof, params = {}, subjects, ...how }: Damaging) {
  const judged = async () => {
    const { note, measured } = await watch.look(given(subjects))
    return { verdict: watch.verdict(proof, params), said: note ?? JSON.stringify(measured) }
  }
  const before = await judged()
  await how.damage()
  const damaged = await judged()
  await how.repair()
  const after = await judged()
  return { verdicts: [before, damaged, after].map(({ verdict }) => verdict), said: damaged.said }
}

describe('tenants of a database', () => {
  const shared = { proof: 'tenancy.shared', params: { dedicated: 'some' } }

  it('are counted where they really are', async () => {
    await registerAll()
    const watch = new Watch(placementCollector, main)
    expect(await watch.look(given())).toEqual({
      outcome: 'pass',
      measured: { sharedTenants: 3, dedicatedTenants: 0, sharedElsewhere: 0 },
    })
    expect(watch.verdict('tenancy.shared', { dedicated: 'none' })).toBe('kept')
    const alone = new Watch(placementCollector, own)
    expect((await alone.look(given())).measured).toEqual({
      sharedTenants: 0,
      dedicatedTenants: 1,
      sharedElsewhere: 3,
    })
    expect(alone.verdict('tenancy.shared', { dedicated: 'some' })).toBe('kept')
    expect(alone.verdict('tenancy.shared', { dedicated: 'none' })).toBe('broken')
  })

  it.each([
    ['through an index', `insert into app.invoices values ('stray', 1)`, 'invoices'],
    ['without one', `insert into app.notes values (9, 'stray')`, 'notes'],
    ['in a partition', `insert into app.visits values ('stray')`, 'visits'],
  ])('that the register does not place there are found %s', async (_, insert, table) => {
    await registerAll()
    const seen = await damage({
      ...shared,
      watch: new Watch(placementCollector, main),
      damage: () => postgres.sql(insert, 'main'),
      repair: () => postgres.sql(`delete from app.${table} where tenant_id = 'stray'`, 'main'),
    })
    expect(seen).toEqual({
      verdicts: turns,
      said: expect.stringMatching(
        new RegExp(`^1 tenant that the register does not place here has rows in app.${table}$`),
      ),
    })
  })

  it('that are placed elsewhere are told', async () => {
    await registerAll()
    const seen = await damage({
      ...shared,
      watch: new Watch(placementCollector, own),
      damage: () => postgres.sql(`insert into app.invoices values ('a', 7)`, 'own'),
      repair: () => postgres.sql(`delete from app.invoices where tenant_id = 'a'`, 'own'),
    })
    expect(seen).toEqual({
      verdicts: turns,
      said: expect.stringMatching(
        /^1 tenant that the register does not place here has rows in app.invoices$/,
      ),
    })
  })

  it('that are canaries count for nothing', async () => {
    await registerAll()
    await postgres.sql(`insert into app.notes values (7, 'eve')`, 'main')
    const watch = new Watch(placementCollector, database('canaries', { secret: 'MAIN' }))
    expect((await watch.look(given())).note).toMatch(/^3 tenants that the register/)
    expect((await new Watch(placementCollector, main).look(given())).note).toMatch(/^1 tenant /)
    await postgres.sql(
      `delete from app.invoices; delete from app.visits;
      delete from app.notes where tenant_id <> 'eve'`,
      'main',
    )
    expect((await watch.look(given())).measured).toMatchObject({ sharedTenants: 0 })
  })

  it('prove nothing while none is registered, or while rows are hidden', async () => {
    const watch = new Watch(placementCollector, main)
    expect(await watch.look(given())).toMatchObject({
      outcome: 'inconclusive',
      note: expect.stringContaining('no tenant is registered') as string,
    })
    await registerAll()
    await postgres.sql('alter role reader nobypassrls')
    expect((await watch.look(given())).note).toMatch(/policies hide rows of app.invoices: give/)
    await postgres.sql('alter role reader bypassrls')
    await postgres.sql('revoke select (tenant_id) on app.notes from reader', 'main')
    expect((await watch.look(given())).note).toMatch(/nothing of app.notes can be read: grant/)
    await postgres.sql('drop schema app cascade', 'main')
    expect((await watch.look(given())).note).toMatch(/it has no table with a column tenant_id/)
    expect(watch.verdict('tenancy.shared')).toBe('unproven')
  })
})

describe('a dedicated tenant', () => {
  it('has its rows in its own database and none in another', async () => {
    await registerAll()
    const watch = new Watch(routingCollector, service)
    const seen = await damage({
      watch,
      proof: 'tenancy.dedicated',
      damage: () => postgres.sql(`insert into app.notes values (8, 'big'), (9, 'big')`, 'main'),
      repair: () => postgres.sql(`delete from app.notes where tenant_id = 'big'`, 'main'),
    })
    expect(seen).toEqual({
      verdicts: turns,
      said: expect.stringMatching(/^main: 2 rows of tenants with a database of their own$/),
    })
    expect((await watch.look(given())).measured).toEqual({ dedicatedTenants: 1, misrouted: 0 })
  })

  it('proves nothing without a row of its own, or when there is none', async () => {
    const watch = new Watch(routingCollector, service)
    for (const cluster of ['main', 'own']) await register(cluster)
    await add(['a'], 'main')
    expect((await watch.look(given())).note).toMatch(/no tenant is placed on a database of its own/)
    await add(['big'], 'own', 'dedicated')
    await postgres.sql('truncate app.invoices, app.visits', 'own')
    expect((await watch.look(given())).note).toMatch(/1 of 1 dedicated tenants have no row/)
    expect(watch.verdict('tenancy.dedicated')).toBe('unproven')
  })
})

describe('where a database is', () => {
  const us = { proof: 'residency', params: { regions: ['us'] } }
  const set = (name: string, value: string) => postgres.set(name, value)
  beforeEach(async () => {
    await set('kept.region', 'us-east-1')
    await set('kept.provider', 'aws')
    await registerAll()
  })
  const watched = () => new Watch(regionCollector, main)

  it('is what whoever runs the server says in its configuration file', async () => {
    const watch = watched()
    expect(await watch.look(given())).toEqual({
      outcome: 'pass',
      measured: { regions: ['us-east-1'], provider: 'aws', elsewhereRefused: true },
    })
    expect(watch.verdict('residency', { regions: ['us'], provider: ['aws'] })).toBe('kept')
    expect(watch.verdict('residency', { regions: ['us'], provider: ['gcp'] })).toBe('broken')
  })

  it('breaks the promise when it lies elsewhere', async () => {
    const seen = await damage({
      ...us,
      watch: watched(),
      damage: () => set('kept.region', 'eu-west-1'),
      repair: () => set('kept.region', 'us-east-1'),
    })
    expect(seen).toEqual({
      verdicts: turns,
      said: expect.stringMatching(/registered in us-east-1, seen in eu-west-1/),
    })
  })

  it('breaks the promise when a database slipped in', async () => {
    const slipped = database('slipped')
    const all = [main, own]
    const watch = watched()
    await watch.look(given(all))
    expect(watch.verdict('residency', us.params)).toBe('kept')
    expect((await watch.look(given([...all, slipped]))).note).toBe(
      'not registered as a cluster: slipped',
    )
    expect(watch.verdict('residency', us.params)).toBe('broken')
    await watch.look(given(all))
    expect(watch.verdict('residency', us.params)).toBe('kept')
  })

  it('breaks the promise when one elsewhere would not be refused any more', async () => {
    // A register that somebody wrote around the operation.
    const client = kept.as.owner
    const seen = await damage({
      ...us,
      watch: watched(),
      damage: () =>
        client.query(`update tenancy.clusters set region = 'eu-west-1' where id = 'main'`),
      repair: () =>
        client.query(`update tenancy.clusters set region = 'us-east-1' where id = 'main'`),
    })
    expect(seen).toEqual({
      verdicts: turns,
      said: expect.stringMatching(/it is registered in eu-west-1, outside the promised regions/),
    })
  })

  it('is not what a role, a database or a session says', async () => {
    await postgres.sql(`alter role reader set kept.region = 'us-west-2'`)
    const watch = watched()
    expect(await watch.look(given())).toMatchObject({
      outcome: 'inconclusive',
      note: expect.stringContaining('its host name says no region') as string,
    })
    await postgres.sql('alter role reader reset kept.region')
    expect((await watch.look(given())).outcome).toBe('pass')
  })

  it('proves nothing while no cluster is registered', async () => {
    const bare = await testKept({ collectors: [] })
    try {
      await bare.ask('operator', claims.apply, { page, systems: systemsYaml })
      const watch = watched()
      expect((await watch.look({ ...given(), kept: bare })).note).toMatch(
        /no cluster is registered/,
      )
      expect(watch.verdict('residency', us.params)).toBe('unproven')
    } finally {
      await bare.stop()
    }
  })

  it('leaves nothing of what it tried', async () => {
    const count = async () => (await kept.as.owner.query('select from tenancy.clusters')).rowCount
    const before = await count()
    await watched().look(given())
    expect(await count()).toBe(before)
  })

  it.each([
    ['db.abc.eu-west-1.rds.amazonaws.com', 'eu-west-1', 'aws'],
    ['db.cluster-ro-abc.us-gov-west-1.rds.amazonaws.com.', 'us-gov-west-1', 'aws'],
    ['ec2-1-2-3-4.compute-1.amazonaws.com', 'us-east-1', 'aws'],
    ['ec2-1-2-3-4.eu-central-1.compute.amazonaws.com', 'eu-central-1', 'aws'],
    ['ep-cool-name-123.us-east-2.aws.neon.tech', 'us-east-2', 'neon'],
    ['aws-0-eu-central-1.pooler.supabase.com', 'eu-central-1', 'supabase'],
    ['eu-west-1.rds.amazonaws.com.example.com', null, null],
    ['eu-west-1-rds.example.com', null, null],
    ['127.0.0.1', null, null],
  ])('is seen in %s', (host, region, provider) => {
    expect(seatOfHost(host)).toEqual(region === null ? null : { regions: [region], provider })
  })
})

describe('the clusters of an account', () => {
  const params = { regions: ['us'] }
  const watched = () => new Watch(clustersCollector, account)

  it('are each reviewed before they were created', async () => {
    await registerAll()
    const watch = watched()
    expect((await watch.look(given())).measured).toEqual({
      clusters: 2,
      unreviewed: 0,
      regions: ['us-east-1'],
    })
    expect(watch.verdict('clusters.reviewed', params)).toBe('kept')
    expect((await watch.look(given([main, own, database('new')]))).note).toBe(
      'new is not registered',
    )
    expect(watch.verdict('clusters.reviewed', params)).toBe('broken')
    await watch.look(given())
    expect(watch.verdict('clusters.reviewed', params)).toBe('kept')
  })

  it('are unreviewed when the review came later', async () => {
    await register('main')
    const place = { cluster: 'own', provider: 'aws', region: 'us-east-1' }
    await kept.ask(person, operations.reviewCluster, place)
    const createdAt = new Date(kept.time.now() - 1000).toISOString()
    await kept.ask(person, operations.registerCluster, { ...place, createdAt })
    const watch = watched()
    expect((await watch.look(given())).note).toBe('own was reviewed too late')
    expect(watch.verdict('clusters.reviewed', params)).toBe('broken')
  })

  it('count where systems.yaml says that they lie', async () => {
    await registerAll()
    const watch = watched()
    await watch.look(given([main, database('own', { regions: ['eu-west-1'] })]))
    expect(watch.verdict('clusters.reviewed', params)).toBe('broken')
  })

  it('prove nothing when there are none, or nobody knows at whom', async () => {
    await registerAll()
    const watch = watched()
    expect((await watch.look(given([]))).note).toBe('systems.yaml has no database at aws')
    const nowhere = new Watch(clustersCollector, { ...account, provider: null })
    expect((await nowhere.look(given())).note).toMatch(/names no provider/)
    expect(watch.verdict('clusters.reviewed', params)).toBe('unproven')
  })
})
