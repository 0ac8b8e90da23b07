import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testKept, type TestKept } from '../../../test/kept.ts'
import { makeKey, signed } from '../../../test/signing.ts'
import { claimsOperations } from '../claims/operations.ts'
import { tenancyOperations as operations } from './operations.ts'

const claims = claimsOperations(() => [])
const [cto, ci] = [makeKey('cto'), makeKey('ci')]
const page = (promises: string) => `---
company: Example Inc
contact: security@example.com
---
# Security

${promises}
`
const inUs = '[All data is in the US](kept:residency?regions=us#us).'
const systems = `databases:
  main: { provider: aws, environment: production, region: us-east-1 }
  own: { provider: aws, environment: production }
  europe: { provider: aws, environment: lab }
  canaries: { tags: ['canary:one', 'canary:two'] }
accounts:
  aws-account: { provider: aws }
runners:
  cto: { holder: person, name: the CTO, key: ${cto.line}, kinds: ['*'], subjects: ['*'] }
  ci: { holder: workload, key: ${ci.line}, kinds: [endpoint.*], subjects: ['*'] }
`

let kept: TestKept
const person = { kind: 'person', id: 'cto' } as const
const apply = (promises: string) =>
  kept.ask('operator', claims.apply, { page: page(promises), systems })
const review = (cluster: string, region: string, provider = 'aws') =>
  kept.ask(person, operations.reviewCluster, { cluster, provider, region })
const register = (cluster: string, region: string, more: object = {}) =>
  kept.ask(person, operations.registerCluster, { cluster, provider: 'aws', region, ...more })
const add = (tenants: string[], cluster: string, kind: 'shared' | 'dedicated' = 'shared') =>
  kept.ask(person, operations.addTenants, { tenants, cluster, kind })
const refused = (code: string) => expect.objectContaining({ code }) as Error

async function entries(action: string) {
  await kept.work()
  const { rows } = await kept.as.owner.query<{ body: Buffer }>(
    'select body from ledger.entries order by index',
  )
  return rows
    .map(({ body }) => JSON.parse(body.toString()) as { action: string; entry: unknown })
    .filter((one) => one.action === action)
    .map(({ entry }) => entry)
}

describe('a cluster', () => {
  beforeAll(async () => {
    kept = await testKept({ collectors: [] })
    await apply(inUs)
  })
  afterAll(() => kept.stop())

  it('is registered once it was reviewed, and not before', async () => {
    await expect(register('main', 'us-east-1')).rejects.toThrow(refused('not-reviewed'))
    await review('main', 'us-east-1')
    await expect(register('main', 'us-west-2'), 'systems.yaml says otherwise').rejects.toThrow(
      refused('conflict'),
    )
    kept.time.advance(1000)
    expect(await register('main', 'us-east-1')).toEqual({ wasReviewed: true })
    await expect(register('main', 'us-east-1')).rejects.toThrow(refused('conflict'))
    await expect(review('main', 'us-east-1')).rejects.toThrow(refused('conflict'))
  })

  it('is refused outside the promised regions, whoever reviewed it, and the ledger has that', async () => {
    await review('europe', 'eu-west-1')
    await expect(register('europe', 'eu-west-1')).rejects.toThrow(refused('outside-regions'))
    await expect(register('europe', 'nowhere-1'), 'nobody knows it').rejects.toThrow(
      refused('outside-regions'),
    )
    const all = await entries('tenancy.register-cluster')
    expect(all).toContainEqual({
      cluster: 'europe',
      provider: 'aws',
      region: 'eu-west-1',
      refused: 'outside-regions',
    })
    const { clusters } = await kept.ask('operator', operations.listClusters, {})
    expect(clusters.map(({ cluster, state }) => [cluster, state])).toEqual([
      ['main', 'registered'],
      ['europe', 'reviewed'],
    ])
  })

  it('is counted as unreviewed when it was there before its review', async () => {
    await review('own', 'us-east-1')
    const createdAt = new Date(kept.time.now() - 86_400_000).toISOString()
    expect(await register('own', 'us-east-1', { createdAt })).toEqual({ wasReviewed: false })
    const later = new Date(kept.time.now() + 1000).toISOString()
    await review('canaries', 'us-east-1')
    await expect(register('canaries', 'us-east-1', { createdAt: later })).rejects.toThrow(
      refused('bad-input'),
    )
  })

  it('is one of systems.yaml', async () => {
    await expect(register('mian', 'us-east-1')).rejects.toThrow(refused('not-found'))
  })

  it.each([
    ['[x](kept:residency?regions=us&on=main#us)', 'other systems', 'europe', null],
    ['[x](kept:residency?regions=us&on=lab#us)', 'its environment', 'europe', 'outside-regions'],
    ['[x](kept:clusters.reviewed?regions=us#us)', 'every cluster', 'europe', 'outside-regions'],
    [
      '[x](kept:clusters.reviewed?regions=us&on=aws-account#us)',
      'the clusters of an account',
      'europe',
      'outside-regions',
    ],
    ['[x](kept:residency?regions=europe#eu)', 'where it lies', 'europe', null],
  ])('is held against %s, about %s', async (promise, _, cluster, code) => {
    const one = await testKept({ collectors: [] })
    try {
      await one.ask('operator', claims.apply, { page: page(promise), systems })
      const place = { cluster, provider: 'aws', region: 'eu-west-1' }
      await one.ask(person, operations.reviewCluster, place)
      const asked = one.ask(person, operations.registerCluster, place)
      if (code === null) expect(await asked).toEqual({ wasReviewed: true })
      else await expect(asked).rejects.toThrow(refused(code))
    } finally {
      await one.stop()
    }
  })

  it('may be reviewed by a person alone, and registered by nobody unknown', async () => {
    const place = { cluster: 'x', provider: 'aws', region: 'us-east-1' }
    const runner = kept.ask('runner', operations.reviewCluster, place)
    await expect(runner).rejects.toThrow(refused('not-allowed'))
    const stranger = kept.ask('public', operations.registerCluster, place)
    await expect(stranger).rejects.toThrow(refused('not-signed-in'))
  })
})

describe('a tenant', () => {
  beforeAll(async () => {
    kept = await testKept({ collectors: [] })
    await apply(inUs)
    for (const cluster of ['main', 'own']) {
      await review(cluster, 'us-east-1')
      await register(cluster, 'us-east-1')
    }
  })
  afterAll(() => kept.stop())

  it('is placed on a registered cluster, once', async () => {
    expect((await add(['a', 'b'], 'main')).added).toBe(2)
    expect((await add(['b', 'c'], 'main')).added).toBe(1)
    await expect(add(['a'], 'own', 'dedicated')).rejects.toThrow(refused('conflict'))
    await expect(add(['d'], 'europe')).rejects.toThrow(refused('not-found'))
  })

  it('has a database of its own with nobody else in it', async () => {
    await expect(add(['big'], 'main', 'dedicated')).rejects.toThrow(refused('conflict'))
    expect((await add(['big'], 'own', 'dedicated')).added).toBe(1)
    await expect(add(['d'], 'own')).rejects.toThrow(refused('conflict'))
    await expect(add(['e'], 'own', 'dedicated')).rejects.toThrow(refused('conflict'))
  })

  it('is told of by a handle in the ledger, never by its id', async () => {
    const bodies = JSON.stringify(await entries('tenancy.add-tenants'))
    expect(bodies).toMatch(/"tenants":\["[0-9a-f-]{36}"/)
    expect(bodies).not.toContain('"big"')
  })

  it('is listed, page by page, canaries of systems.yaml too', async () => {
    const first = await kept.ask('operator', operations.listTenants, { limit: 4 })
    expect(first.tenants.map(({ tenant }) => tenant)).toEqual(['a', 'b', 'big', 'c'])
    const rest = await kept.ask('operator', operations.listTenants, { after: first.next! })
    expect(rest.tenants).toEqual([
      expect.objectContaining({ tenant: 'one', cluster: 'canaries', canary: true }),
      expect.objectContaining({ tenant: 'two', cluster: 'canaries', canary: true }),
    ])
    expect(rest.next).toBeNull()
  })

  it('is forgotten with its history', async () => {
    expect(await kept.ask(person, operations.showTenant, { tenant: 'c' })).toMatchObject({
      cluster: 'main',
      history: [{ cluster: 'main', kind: 'shared', until: null, by: 'cto' }],
    })
    await kept.ask(person, operations.removeTenant, { tenant: 'c' })
    await expect(kept.ask(person, operations.showTenant, { tenant: 'c' })).rejects.toThrow(
      refused('not-found'),
    )
    const { rows } = await kept.as.superuser.query(
      `select from tenancy.placements where tenant = 'c'`,
    )
    expect(rows).toEqual([])
  })

  it('is hidden from a transaction of the public by the database itself', async () => {
    const client = await kept.as.server.connect()
    const count = async (actor: string, tenant: string) => {
      await client.query(`begin`)
      await client.query(
        `select set_config('kept.actor', $1, true), set_config('kept.tenant', $2, true)`,
        [actor, tenant],
      )
      const { rows } = await client.query<{ n: number }>(
        'select count(*)::int as n from tenancy.placements',
      )
      await client.query('rollback')
      return rows[0]!.n
    }
    try {
      expect(await count('public:anyone', '')).toBe(0)
      expect(await count('public:anyone', 'a')).toBe(1)
      expect(await count('person:cto', '')).toBe(3)
    } finally {
      client.release()
    }
  })

  it('is not placed on a cluster that the page excludes by now', async () => {
    const tighter = '[All data is in Oregon](kept:residency?regions=us-west-2#us).'
    await kept.as.owner.query(
      `insert into claims.versions select version + 1, $1, systems, changes, applied_at, by, ticket
       from claims.versions order by version desc limit 1`,
      [page(tighter)],
    )
    await expect(add(['late'], 'main')).rejects.toThrow(refused('outside-regions'))
    expect(await entries('tenancy.add-tenants')).toContainEqual({
      cluster: 'main',
      kind: 'shared',
      refused: 'outside-regions',
    })
  })
})

describe('over HTTP', () => {
  it('takes signed requests of people and runners', async () => {
    const one = await testKept({ collectors: [] })
    try {
      await one.ask('operator', claims.apply, { page: page(inUs), systems })
      const address = await one.serve()
      const post = async (key: typeof cto, path: string, input: object) => {
        const body = JSON.stringify(input)
        const created = Math.floor(one.time.now() / 1000)
        const headers = signed(key, { url: address + path, body, created })
        return await fetch(address + path, { method: 'POST', headers, body })
      }
      const place = { cluster: 'main', provider: 'aws', region: 'us-east-1' }
      expect((await post(ci, '/api/cluster-reviews', place)).status).toBe(403)
      expect((await post(cto, '/api/cluster-reviews', place)).status).toBe(200)
      const elsewhere = await post(ci, '/api/clusters', { ...place, region: 'eu-west-1' })
      expect([elsewhere.status, ((await elsewhere.json()) as { code: string }).code]).toEqual([
        409,
        'outside-regions',
      ])
      expect((await post(ci, '/api/clusters', place)).status).toBe(200)
      const tenants = { tenants: ['a'], cluster: 'main' }
      expect((await post(ci, '/api/tenants', tenants)).status).toBe(200)
      expect((await fetch(`${address}/api/tenants`)).status).toBe(401)
    } finally {
      await one.stop()
    }
  })
})
