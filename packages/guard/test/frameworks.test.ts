import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { readPolicies } from '@kept/policy'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verifySession, verifyToken, type Grant, type Guard, type Report } from '../src/index.ts'
import { GuardFailure } from '../src/failure.ts'
import { frameworks, type App } from './apps.ts'
import { guarded, tenants, type Guarded } from './guarded.ts'

const secret = new TextEncoder().encode('a secret of at least 32 bytes, for tests')
const [users, staff, audience] = ['https://id.example.com', 'https://staff.example.com', 'app']
const keys = { secret }
const reportToken = 'a-token-of-the-report-that-is-long-enough'

const policies = readPolicies({
  schema: `
    entity Role;
    entity Tenant;
    entity Document in [Tenant];
    entity User in [Role, Tenant];
    entity Staff in [Role];
    action "documents.list", "documents.read", "documents.create", "documents.delete"
      appliesTo { principal: [User], resource: [Tenant] };
    action "documents.open" appliesTo { principal: [User], resource: [Document] };
    action "support.look" appliesTo { principal: [Staff], resource: [Tenant] };`,
  policies: {
    own: `permit(principal, action in [Action::"documents.list", Action::"documents.read", Action::"documents.create"], resource)
      when { principal in resource };`,
    open: `permit(principal, action == Action::"documents.open", resource)
      when { resource in Tenant::"${tenants.a}" };`,
    held: 'forbid(principal, action == Action::"documents.open", resource == Document::"a2");',
    owners: `permit(principal in Role::"owner", action == Action::"documents.delete", resource)
      when { principal in resource };`,
    support: 'permit(principal, action == Action::"support.look", resource);',
  },
})

const grants = {
  grantOf(who: string, tenant: string): Grant {
    if (who === 'sue' && tenant === tenants.a) {
      return { id: 'g1', staff: who, tenant, reason: 'ticket', from: 0, until: Infinity }
    }
    throw new GuardFailure('no-grant', 'there is none', 'ask for one')
  },
}

async function tokenOf(sub: string, tenant: string | null, roles: string[] = [], iss = users) {
  return await new SignJWT({ ...(tenant && { tenant }), roles })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(iss)
    .setAudience(audience)
    .setSubject(sub)
    .setExpirationTime('10 min')
    .sign(secret)
}

const tokens = {
  ann: await tokenOf('ann', tenants.a),
  owner: await tokenOf('olga', tenants.a, ['owner']),
  bob: await tokenOf('bob', tenants.b),
  sue: await tokenOf('sue', null, [], staff),
  homeless: await tokenOf('eve', null),
}
type Who = keyof typeof tokens

interface Case {
  asks: string
  who?: Who
  send?: { headers?: Record<string, string | string[]>; body?: string }
  status: number
  code?: string
  answer?: unknown
  counts: 'decided' | 'refused' | 'decided and refused' | 'neither'
}

const titled = [
  { id: 'a1', title: 'first' },
  { id: 'a2', title: 'second' },
]
const json = (body: unknown) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

const cases: Case[] = [
  { asks: 'GET /documents', who: 'ann', status: 200, answer: titled, counts: 'decided' },
  { asks: 'GET /documents/a1', who: 'ann', status: 200, answer: titled[0], counts: 'decided' },
  { asks: 'GET /v1/documents', who: 'ann', status: 200, answer: titled, counts: 'decided' },
  { asks: 'HEAD /documents', who: 'ann', status: 200, counts: 'decided' },
  { asks: 'GET /health', status: 200, answer: 'well', counts: 'decided' },
  // Deny by default.
  { asks: 'GET /closed', who: 'ann', status: 404, code: 'not-found', counts: 'refused' },
  { asks: 'GET /v1/closed', who: 'ann', status: 404, code: 'not-found', counts: 'refused' },
  { asks: 'GET /nowhere', who: 'ann', status: 404, counts: 'neither' },
  // Who asks.
  { asks: 'GET /documents', status: 401, code: 'not-signed-in', counts: 'refused' },
  { asks: 'GET /documents', who: 'homeless', status: 403, code: 'no-tenant', counts: 'refused' },
  {
    asks: 'GET /documents',
    send: { headers: { authorization: [`Bearer ${tokens.ann}`, `Bearer ${tokens.bob}`] } },
    status: 401,
    code: 'bad-token',
    counts: 'refused',
  },
  {
    asks: 'GET /documents',
    who: 'ann',
    send: { headers: { cookie: 'sid=s3cret' } },
    status: 401,
    code: 'bad-token',
    counts: 'refused',
  },
  {
    asks: 'GET /documents',
    send: { headers: { cookie: 'sid=s3cret' } },
    status: 200,
    answer: [{ id: 'b1', title: 'other' }],
    counts: 'decided',
  },
  // What they may do.
  {
    asks: 'DELETE /documents/a1',
    who: 'ann',
    status: 403,
    code: 'not-allowed',
    counts: 'decided and refused',
  },
  { asks: 'DELETE /documents/a1', who: 'owner', status: 200, answer: 'deleted', counts: 'decided' },
  { asks: 'GET /rows/a1', who: 'ann', status: 200, answer: { id: 'a1' }, counts: 'decided' },
  { asks: 'GET /rows/b1', who: 'ann', status: 404, code: 'not-found', counts: 'refused' },
  {
    asks: 'GET /rows/known',
    who: 'ann',
    status: 404,
    code: 'not-found',
    counts: 'decided and refused',
  },
  {
    asks: 'GET /rows/a2',
    who: 'ann',
    status: 403,
    code: 'not-allowed',
    counts: 'decided and refused',
  },
  { asks: 'GET /rows/none', who: 'ann', status: 404, code: 'not-found', counts: 'refused' },
  { asks: 'GET /documents/b1', who: 'ann', status: 404, code: 'not-found', counts: 'decided' },
  { asks: 'GET /documents/none', who: 'ann', status: 404, code: 'not-found', counts: 'decided' },
  // Tenants that the client names.
  {
    asks: `GET /tenants/${tenants.a}/documents`,
    who: 'ann',
    status: 200,
    answer: titled,
    counts: 'decided',
  },
  {
    asks: `GET /tenants/${tenants.b}/documents`,
    who: 'ann',
    status: 403,
    code: 'tenant-contradiction',
    counts: 'refused',
  },
  {
    asks: `GET /documents?tenant_id=${tenants.a}`,
    who: 'ann',
    status: 200,
    answer: titled,
    counts: 'decided',
  },
  {
    asks: `GET /documents?tenant_id=${tenants.b}`,
    who: 'ann',
    status: 403,
    code: 'tenant-contradiction',
    counts: 'refused',
  },
  {
    asks: 'GET /documents',
    who: 'ann',
    send: { headers: { 'x-tenant-id': tenants.b } },
    status: 403,
    code: 'tenant-contradiction',
    counts: 'refused',
  },
  {
    asks: 'POST /documents',
    who: 'ann',
    send: json({ id: 'x', title: 'x', tenant_id: tenants.b }),
    status: 403,
    code: 'tenant-contradiction',
    counts: 'refused',
  },
  {
    asks: 'POST /documents',
    who: 'ann',
    send: json({ id: 'a3', title: 'third', tenant_id: tenants.a }),
    status: 200,
    answer: { id: 'a3' },
    counts: 'decided',
  },
  // Staff.
  {
    asks: `GET /support/${tenants.a}/documents`,
    who: 'sue',
    status: 200,
    answer: titled,
    counts: 'decided',
  },
  {
    asks: `GET /support/${tenants.b}/documents`,
    who: 'sue',
    status: 403,
    code: 'no-grant',
    counts: 'decided and refused',
  },
  {
    asks: `GET /support/${tenants.a}/documents`,
    who: 'ann',
    status: 403,
    code: 'not-allowed',
    counts: 'decided and refused',
  },
  { asks: 'GET /documents', who: 'sue', status: 500, code: 'bad-option', counts: 'refused' },
  {
    asks: `GET /support/${tenants.b}/documents`,
    who: 'ann',
    status: 403,
    code: 'tenant-contradiction',
    counts: 'refused',
  },
  // The app's own errors stay its own.
  { asks: 'GET /boom', who: 'ann', status: 500, counts: 'decided' },
]

interface Answer {
  status: number
  headers: Record<string, unknown>
  body: string
}

function ask(url: string, { asks, who, send = {} }: Pick<Case, 'asks' | 'who' | 'send'>) {
  const [method, path] = asks.split(' ') as [string, string]
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const headers = { ...(who && { authorization: `Bearer ${tokens[who]}` }), ...send.headers }
  const asked = request(url + path, { method, headers, agent: false }, (response) => {
    text(response).then(
      (body) => resolve({ status: response.statusCode!, headers: response.headers, body }),
      reject,
    )
  })
  asked.on('error', reject).end(send.body)
  return { promise, asked }
}

describe.each(Object.keys(frameworks))('an app on %s', (name) => {
  let world: Guarded
  let guard: Guard
  let app: App
  const ended: string[] = []

  beforeAll(async () => {
    world = await guarded('plain')
    const pool = world.openPool({ max: 4 })
    guard = world.open({ pool, policies, grants, records: true })
    const verify = [
      verifyToken(
        { issuer: users, audience, keys },
        { issuer: staff, audience, keys, kind: 'staff' },
      ),
      verifySession(() => Promise.resolve({ id: 'bob', tenant: tenants.b, until: Infinity }), {
        cookie: 'sid',
      }),
    ]
    app = await frameworks[name]!({ guard, verify, reportToken }, (code) => ended.push(code))
  })
  afterAll(async () => {
    await app.stop()
    await guard.close()
    await world.stop()
  })
  beforeEach(async () => {
    await world.superuser.query('delete from kept.outbox')
    await world.superuser.query(`delete from document where id = 'a3'`)
  })

  const report = async (): Promise<Report> => {
    const send = { headers: { authorization: `Bearer ${reportToken}` } }
    const { body } = await ask(app.url, { asks: 'GET /.well-known/kept-guard', send }).promise
    return JSON.parse(body) as Report
  }
  const records = async () => {
    const { rows } = await world.superuser.query(
      'select tenant, actor, kind, action, detail from kept.outbox order by id',
    )
    return rows as unknown[]
  }

  it.each(cases)('answers $asks of $who with $status $code', async (one) => {
    const before = await report()
    const { status, headers, body } = await ask(app.url, one).promise
    expect({ status, body }).toMatchObject({ status: one.status })
    if (one.code) {
      expect(headers['content-type']).toMatch(/^application\/problem\+json/)
      expect(JSON.parse(body)).toMatchObject({ status, code: one.code, type: expect.any(String) })
    }
    if (one.answer !== undefined) {
      expect(typeof one.answer === 'string' ? body : JSON.parse(body)).toEqual(one.answer)
    }
    const after = await report()
    const grown = (['requests', 'decided', 'undecided', 'refused'] as const).map(
      (count) => after[count] - before[count],
    )
    const decided = one.counts.startsWith('decided') ? 1 : 0
    // In Hono nothing can be told from a middleware that might have answered, which is closed.
    const isClosed = name === 'hono' && one.counts === 'neither'
    const refused = one.counts.endsWith('refused') || isClosed ? 1 : 0
    expect(grown).toEqual([1, decided, 0, refused])
    expect(after.contradictions - before.contradictions).toBe(
      one.code === 'tenant-contradiction' ? 1 : 0,
    )
  })

  it('answers for another tenant’s object as for one that is not there', async () => {
    const whole = async (path: string) => {
      const answer = await ask(app.url, { asks: `GET ${path}`, who: 'ann' }).promise
      return { ...answer, headers: { ...answer.headers, date: '' } }
    }
    expect(await whole('/documents/b1')).toEqual(await whole('/documents/none'))
    expect(await whole('/rows/b1')).toEqual(await whole('/rows/none'))
    expect(await whole('/rows/known')).toEqual(await whole('/rows/none'))
    expect((await whole('/rows/a1')).status).toBe(200)
    expect((await ask(app.url, { asks: 'GET /documents/b1', who: 'bob' }).promise).status).toBe(200)
  })

  it('records a contradiction for the tenant of who sent it', async () => {
    await ask(app.url, { asks: `GET /tenants/${tenants.b}/documents`, who: 'ann' }).promise
    expect(await records()).toEqual([
      {
        tenant: tenants.a,
        actor: 'user:ann',
        kind: 'event',
        action: 'guard.contradiction',
        detail: { where: 'path tenant_id', method: 'GET', path: '/tenants/:tenant_id/documents' },
      },
    ])
  })

  it('records what staff read, and what was done', async () => {
    await ask(app.url, { asks: `GET /support/${tenants.a}/documents`, who: 'sue' }).promise
    const send = json({ id: 'a3', title: 'third' })
    await ask(app.url, { asks: 'POST /documents', who: 'ann', send }).promise
    expect(await records()).toMatchObject([
      { actor: 'staff:sue', kind: 'staff-read', detail: { grant: 'g1', ids: ['a1', 'a2'] } },
      { actor: 'user:ann', kind: 'event', action: 'documents.create', detail: { id: 'a3' } },
    ])
  })

  it('stops what runs for a client that went away', async () => {
    const { asked, promise } = ask(app.url, { asks: 'GET /slow', who: 'ann' })
    promise.catch(() => {})
    const running = async () => {
      const { rowCount } = await world.superuser.query(
        `select from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active'
          and datname = current_database() and pid <> pg_backend_pid()`,
      )
      return rowCount
    }
    await expect.poll(running).toBe(1)
    asked.destroy()
    await expect.poll(() => ended).toEqual(['cancelled'])
    await expect.poll(running).toBe(0)
  })

  it('gives its report to its token alone', async () => {
    const asks = 'GET /.well-known/kept-guard'
    const own = `Bearer ${reportToken}`
    for (const authorization of [[], ['Bearer wrong'], [`Bearer ${tokens.ann}`], [own, own]]) {
      const send = { headers: { ...(authorization.length > 0 && { authorization }) } }
      expect((await ask(app.url, { asks, send }).promise).status).toBe(404)
    }
    expect(await report()).toMatchObject({ instance: expect.any(String), undecided: 0 })
  })

  it('reports each route as it is, and those beside the guard as open', async () => {
    const { routes } = await report()
    const said = routes.map(({ method, path, action, public: open }) =>
      [method, path, open ? 'public' : action].join(' '),
    )
    const early = name === 'express' ? ['GET /early '] : []
    expect(said.sort()).toEqual(
      [
        ...early,
        'DELETE /documents/:id documents.delete',
        'GET /boom documents.list',
        'GET /closed ',
        'GET /documents documents.list',
        'GET /documents/:id documents.read',
        'GET /health public',
        'GET /rows/:id documents.open',
        'GET /slow documents.list',
        'GET /support/:tenant/documents support.look',
        'GET /tenants/:tenant_id/documents documents.list',
        'GET /v1/closed ',
        'GET /v1/documents documents.list',
        'POST /documents documents.create',
      ].sort(),
    )
  })
})
