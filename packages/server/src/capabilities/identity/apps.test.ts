import { setTimeout as sleep } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromNode, openGuard, openKeptSessions, type KeptSessions } from '@kept/guard'
import { guardFastify } from '@kept/guard/fastify'
import { readPolicies } from '@kept/policy'
import { codeAt, openBrowser, type Browser } from '../../../test/browser.ts'
import { testKept, type TestKept } from '../../../test/kept.ts'
import { onePromise } from '../../../test/one-promise.ts'
import { makeKey, signed, type RunnerKey } from '../../../test/signing.ts'
import {
  goodPassword,
  ledgerText,
  openStaff,
  openTenant,
  origin,
  proveAgain,
  rowsSeen,
  type Owner,
} from '../../../test/tenant-owner.ts'
import { claimsOperations } from '../claims/operations.ts'

const [webKey, otherKey, plainKey] = [makeKey('web'), makeKey('other'), makeKey('plain')]

let kept: TestKept
let address: string
let staff: Browser
let acme: Owner
let globex: Owner
let web: App
let other: App
const policies = readPolicies({
  schema: `entity Role, Tenant; entity User in [Role, Tenant] { email: String, factors: Set<String> };
    action "app.read" appliesTo { principal: [User], resource: [Tenant] };`,
  policies: { own: 'permit(principal, action, resource) when { principal in resource };' },
})
const pool = new pg.Pool({ connectionString: 'postgres://127.0.0.1:1/none', max: 1 })

interface App {
  url: string
  server: FastifyInstance
  sessions: KeptSessions
}

const sign = (key: RunnerKey) => async (request: Request) => {
  const body = await request.clone().text()
  const created = Math.floor(kept.time.now() / 1000)
  const headers = signed(key, { method: request.method, url: request.url, body, created })
  return new Request(request, { headers })
}

/** An app of the company on a server of its own, whose users sign in at Kept's portal. */
async function openApp(name: string, key: RunnerKey, port = 0): Promise<App> {
  const server = fastify({ forceCloseConnections: true })
  // Where its connection comes from says a header here, as behind a proxy.
  let sessions: KeptSessions | null = null
  await server.register(guardFastify, {
    guard: openGuard({ pool, policies, scope: { mode: 'plain' } }),
    verify: (incoming, now) => sessions!.verify(incoming, now),
  })
  const isOpen = { config: { kept: { public: true } } } as const
  server.get<{ Querystring: { tenant: string; next: string } }>('/enter', isOpen, ({ query }) =>
    sessions!.begin(query),
  )
  server.get('/.well-known/kept-sign-in', isOpen, ({ raw }) =>
    sessions!.finish(fromNode(raw), raw.url!),
  )
  server.post('/leave', isOpen, ({ raw }) => sessions!.end(fromNode(raw)))
  server.get('/who', { config: { kept: { action: 'app.read' } } }, ({ guard }) => {
    const { tenant, id, roles, verified, entity } = guard.principal!
    return { tenant, id, roles, verified, attrs: entity.attrs }
  })
  const url = await server.listen({ host: '127.0.0.1', port })
  sessions = openKeptSessions({
    url: address,
    app: name,
    origin: url,
    sign: sign(key),
    attrs: ({ email, factors }) => ({ email, factors: [...factors] }),
    clientAddress: (incoming) => incoming.headers('x-from')[0] ?? incoming.address ?? null,
  })
  return { url, server, sessions }
}

beforeAll(async () => {
  kept = await testKept({ collectors: [] })
  address = await kept.serve({ mostAsks: 10_000 })
  web = await openApp('web-app', webKey)
  other = await openApp('other-app', otherKey)
  const { apply } = claimsOperations(() => [])
  const systems = `services:
  web-app: { address: '${web.url}/some/path', tags: ['sign-in-runner:web'] }
  other-app: { address: '${other.url}', tags: ['sign-in-runner:other'] }
  closed-app: { address: 'https://closed.test' }
  clear-app: { address: 'http://clear.test', tags: ['sign-in-runner:web'] }
  lost-app: { tags: ['sign-in-runner:web'] }
runners:
  web: { holder: workload, key: ${webKey.line}, kinds: ['*'], subjects: ['*'] }
  other: { holder: workload, key: ${otherKey.line}, kinds: ['*'], subjects: ['*'] }
  plain: { holder: workload, key: ${plainKey.line}, kinds: ['*'], subjects: ['*'] }
`
  await kept.ask('operator', apply, { page: onePromise, systems })
  staff = await openStaff(kept, address)
  acme = await openTenant(kept, address, staff, 'acme')
  globex = await openTenant(kept, address, staff, 'globex')
}, 60_000)
afterAll(async () => {
  await web.server.close()
  await other.server.close()
  await pool.end()
  await kept?.stop()
})

/** As a browser goes: to the app, to Kept, and back to the app with a code. */
async function beginAt(by: Browser, app: App, tenant = 'acme', next = '/'): Promise<string> {
  const begun = await by.go(`${app.url}/enter?${String(new URLSearchParams({ tenant, next }))}`)
  expect(begun.status).toBe(303)
  expect(new URL(begun.location!).pathname).toMatch(/^\/api\/apps\/[a-z-]+\/enter$/)
  const sent = await by.go(begun.location!)
  expect(sent.status).toBe(303)
  return sent.location!
}

async function enter(by: Browser, app = web, tenant = 'acme', next = '/'): Promise<string> {
  const back = await beginAt(by, app, tenant, next)
  expect(back).toMatch(new RegExp(`^${app.url}/.well-known/kept-sign-in\\?code=kept_code_`))
  const landed = await by.go(back)
  expect(landed.status).toBe(303)
  tokens.push(/kept-app=(kept_app_[\w-]{43});/.exec(landed.setCookies.join('\n'))![1]!)
  expect(landed.setCookies.join()).toMatch(
    /kept-app=kept_app_[^;]+; Path=\/; HttpOnly; SameSite=Lax/,
  )
  return landed.location!
}
const tokens: string[] = []

const who = (by: Browser, app = web) => by.go(`${app.url}/who`)

/** Milliseconds until the app lets somebody in no more. */
async function untilRefused(by: Browser): Promise<number> {
  const begun = performance.now()
  for (;;) {
    const { status } = await who(by)
    if (status === 401) return performance.now() - begun
    expect(status).toBe(200)
    if (performance.now() - begun > 10_000) throw new Error('it goes on and on')
    await sleep(50)
  }
}

let count = 0
/** A member of acme without a second factor. */
async function newMember(): Promise<{ by: Browser; account: string; email: string }> {
  await proveAgain(kept, acme)
  const email = `member${++count}@acme.test`
  const made = await acme.by.ask('POST', '/api/people', { email, role: 'member' })
  const by = openBrowser(address, origin)
  const token = new URL(made.body['link']).hash.slice(1)
  const name = `member ${count}`
  const joined = await by.ask('POST', '/api/invitations/accept', {
    token,
    name,
    password: goodPassword,
  })
  expect(joined.status).toBe(200)
  return { by, account: joined.body['account'], email }
}

async function setSettings(to: object): Promise<void> {
  await proveAgain(kept, acme)
  const usual = { secondFactor: false, providerOnly: false, addresses: null }
  expect((await acme.by.ask('PUT', '/api/settings', { ...usual, ...to })).status).toBe(200)
}

const callKept = async (key: RunnerKey | null, path: string, body: object) => {
  const url = `${address}/api/app-sessions${path}`
  const request = new Request(url, { method: 'POST', body: JSON.stringify(body) })
  const response = await fetch(key === null ? request : await sign(key)(request))
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('an app that shares the portal’s sign-in', () => {
  it('lets in who is signed in there, as who they are, and where they wanted to go', async () => {
    expect(await enter(acme.by, web, 'acme', '/reports?year=2026#top')).toBe(
      `${web.url}/reports?year=2026#top`,
    )
    const { status, body } = await who(acme.by)
    expect(status).toBe(200)
    expect(body).toEqual({
      tenant: 'acme',
      id: acme.account,
      roles: ['owner'],
      verified: 'session of Kept',
      attrs: { email: acme.email, factors: expect.arrayContaining(['password', 'totp']) },
    })
    const listed = await acme.by.ask('GET', '/api/sessions')
    expect(listed.body['sessions'].map(({ apps }: { apps: string[] }) => apps)).toEqual([
      ['web-app'],
    ])
  })

  it('takes its token as a bearer too, and not both', async () => {
    const ask = (headers: Record<string, string>) => fetch(`${web.url}/who`, { headers })
    const authorization = `Bearer ${tokens.at(-1)!}`
    expect((await ask({ authorization })).status).toBe(200)
    const cookie = `kept-app=${tokens.at(-1)!}`
    expect((await ask({ cookie })).status).toBe(200)
    expect((await ask({ authorization, cookie })).status).toBe(401)
    expect((await ask({ cookie: `${cookie}; ${cookie}` })).status).toBe(401)
  })

  it('sends who is not signed in to the portal first, and back from there', async () => {
    const { by } = await newMember()
    const stranger = openBrowser(address, origin)
    const page = new URL(await beginAt(stranger, web))
    expect([page.origin, page.pathname]).toEqual([origin, '/portal/acme'])
    expect(page.searchParams.get('app')).toBe('web-app')
    expect(page.searchParams.get('challenge')).toMatch(/^[\w-]{43}$/)
    // Somebody else is signed in here, of the staff or of another tenant.
    for (const one of [staff, globex.by]) {
      expect(await beginAt(one, web)).toMatch(`${origin}/portal/acme?app=web-app`)
    }
    expect(await enter(by)).toBe(`${web.url}/`)
  })

  it('keeps no token, and says none in the ledger', async () => {
    const { rows } = await kept.as.superuser.query<{ text: string }>(
      `select s::text as text from identity.app_sessions s union all select c::text from identity.challenges c`,
    )
    expect(rows.length).toBeGreaterThan(0)
    const all = rows.map(({ text }) => text).join('\n') + (await ledgerText(kept))
    expect(tokens.length).toBeGreaterThan(0)
    for (const token of tokens) expect(all).not.toContain(token.slice(9))
    expect(await rowsSeen(kept, ['app_sessions'], { of: 'acme', as: 'globex' })).toEqual({
      app_sessions: 0,
    })
    const own = await rowsSeen(kept, ['app_sessions'], { of: 'acme', as: 'acme' })
    expect(own['app_sessions']).toBeGreaterThan(0)
  })

  it('refuses who was removed, within 5 seconds', async () => {
    const { by, account } = await newMember()
    await enter(by)
    expect((await who(by)).status).toBe(200)
    await proveAgain(kept, acme)
    expect((await acme.by.ask('DELETE', `/api/people/${account}`)).status).toBe(200)
    expect(await untilRefused(by)).toBeLessThan(5000)
    expect((await who(acme.by)).status).toBe(200)
  }, 20_000)

  it('refuses a session that was ended at Kept, within 5 seconds', async () => {
    const { by, email } = await newMember()
    await enter(by)
    expect((await who(by)).status).toBe(200)
    const again = openBrowser(address, origin)
    await again.ask('POST', '/api/sign-in', { tenant: 'acme', email, password: goodPassword })
    expect((await again.ask('POST', '/api/sessions/end', {})).body).toEqual({ ended: 1 })
    expect(await untilRefused(by)).toBeLessThan(5000)
  }, 20_000)

  it('refuses one that was not used for too long, and counts its own requests as use', async () => {
    const { by } = await newMember()
    await enter(by)
    for (let hours = 0; hours < 3; hours++) {
      kept.time.advance(3_600_000)
      await sleep(3100)
      expect((await who(by)).status).toBe(200)
    }
    kept.time.advance(2 * 3_600_000)
    expect(await untilRefused(by)).toBeLessThan(5000)
    for (const owner of [acme, globex]) await signInAgain(owner)
  }, 30_000)

  it('refuses who lacks a second factor from when the tenant asks for one, until it is proved', async () => {
    const { email } = await newMember()
    const plain = openBrowser(address, origin)
    await plain.ask('POST', '/api/sign-in', { tenant: 'acme', email, password: goodPassword })
    await enter(plain)
    expect((await who(plain)).status).toBe(200)
    await setSettings({ secondFactor: true })
    try {
      expect(await untilRefused(plain)).toBeLessThan(5000)
      expect(await beginAt(plain, web)).toMatch(`${origin}/portal/acme?app=web-app`)
      const begun = await plain.ask('POST', '/api/account/totp', {})
      const code = codeAt(begun.body['secret'], kept.time.now())
      const proved = await plain.ask('POST', '/api/account/totp/confirm', { code })
      expect(proved.status).toBe(200)
      await enter(plain)
      expect((await who(plain)).status).toBe(200)
    } finally {
      await setSettings({ secondFactor: false })
    }
  }, 30_000)

  it('lets in from the tenant’s networks alone, by the browser’s own address', async () => {
    const { by } = await newMember()
    await enter(by)
    const token = tokens.at(-1)!
    const from = async (there: string | null) =>
      (
        await fetch(`${web.url}/who`, {
          headers: { cookie: `kept-app=${token}`, ...(there && { 'x-from': there }) },
        })
      ).status
    expect(await from('198.51.100.7')).toBe(200)
    await setSettings({ addresses: ['127.0.0.0/8'] })
    try {
      expect([await from(null), await from('203.0.113.5'), await from('nowhere')]).toEqual([
        200, 401, 401,
      ])
      await sleep(3100)
      expect(await from('198.51.100.7')).toBe(401)
    } finally {
      await setSettings({})
    }
  }, 20_000)

  it('has a tenant’s session for that tenant alone, and a token for itself alone', async () => {
    await enter(globex.by, web, 'globex')
    expect((await who(globex.by)).body['tenant']).toBe('globex')
    const token = tokens.at(-1)!
    const asOther = await callKept(otherKey, '/check', { token })
    expect(asOther).toEqual({ status: 200, body: { session: null } })
    expect((await callKept(webKey, '/check', { token })).body['session']).toMatchObject({
      tenant: 'globex',
      account: globex.account,
    })
    const atOther = await fetch(`${other.url}/who`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(atOther.status).toBe(401)
  })

  it('tells a forged, a malformed and another’s token apart by nothing', async () => {
    const answers = await Promise.all(
      [
        `kept_app_${'A'.repeat(43)}`,
        'kept_app_',
        `${tokens[0]!}x`,
        acme.by.cookies().split('=')[1]!,
      ].map(async (token) => {
        const response = await fetch(`${web.url}/who`, { headers: { cookie: `kept-app=${token}` } })
        return `${response.status} ${await response.text()}`
      }),
    )
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toMatch(/^401 .*bad-session/)
    expect((await fetch(`${web.url}/who`)).status).toBe(401)
  })

  it('signs somebody out at Kept as well', async () => {
    const { by } = await newMember()
    await enter(by)
    const headers = { cookie: `kept-app=${tokens.at(-1)!}` }
    const who = async (from: string) =>
      (await fetch(`${web.url}/who`, { headers: { ...headers, 'x-from': from } })).status
    const places = ['192.0.2.1', '192.0.2.2']
    expect(await Promise.all(places.map(who)), 'remembered, by address').toEqual([200, 200])
    const left = await fetch(`${web.url}/leave`, { method: 'POST', redirect: 'manual', headers })
    expect(await Promise.all(places.map(who)), 'at once').toEqual([401, 401])
    expect([left.status, left.headers.get('location')]).toEqual([303, '/'])
    expect(left.headers.getSetCookie()).toEqual([expect.stringMatching(/^kept-app=; .*Max-Age=0/)])
    expect((await by.ask('GET', '/api/session')).status).toBe(401)
    expect(await untilRefused(by)).toBeLessThan(5000)
  }, 20_000)
})

describe('a code', () => {
  it('is good once, for the browser that began and the app that it was made for', async () => {
    const victim = openBrowser(address, origin)
    const back = await beginAt(acme.by, web)
    // Slipped to somebody else: without what that browser began with, and with another beginning.
    expect((await victim.go(back)).body['code']).toBe('bad-session')
    await victim.go(`${web.url}/enter?tenant=acme&next=/`)
    const slipped = await victim.go(back)
    expect([slipped.status, slipped.body['code'], slipped.setCookies]).toEqual([
      401,
      'bad-session',
      [],
    ])
    const atOther = await acme.by.go(back.replace(web.url, other.url))
    expect(atOther.body['code']).toBe('bad-session')
    expect((await acme.by.go(back)).status).toBe(303)
    expect((await who(acme.by)).status).toBe(200)
    await acme.by.go(`${web.url}/enter?tenant=acme&next=/`)
    expect((await acme.by.go(back)).body['code']).toBe('bad-session')
  })

  it('is good for a minute, and for a session that still is', async () => {
    const late = await beginAt(acme.by, web)
    kept.time.advance(60_001)
    expect((await acme.by.go(late)).body['code']).toBe('bad-session')
    const { by, account } = await newMember()
    const back = await beginAt(by, web)
    expect((await acme.by.ask('DELETE', `/api/people/${account}`)).status).toBe(200)
    expect((await by.go(back)).body['code']).toBe('bad-session')
    expect(await ledgerText(kept)).toContain('"refused":"sign-in-over"')
  })

  it('is traded by the app’s own runner alone', async () => {
    const code = new URL(await beginAt(acme.by, web)).searchParams.get('code')!
    const body = { code, verifier: 'whatever' }
    const asked = await Promise.all(
      [webKey, otherKey, plainKey, null].map(async (key) => {
        const { status, body: told } = await callKept(key, '', body)
        return `${status} ${String(told['code'])}`
      }),
    )
    expect(asked).toEqual([
      '400 sign-in-over',
      '400 sign-in-over',
      '403 not-allowed',
      '401 not-signed-in',
    ])
    expect((await acme.by.ask('POST', '/api/app-sessions', body)).status).toBe(403)
  })
})

describe('nobody is sent elsewhere', () => {
  it.each(['unknown-app', 'closed-app', 'clear-app', 'lost-app'])(
    'Kept sends a browser to no app that does not share its sign-in: %s',
    async (app) => {
      const query = String(new URLSearchParams({ tenant: 'acme', challenge: 'A'.repeat(43) }))
      const sent = await acme.by.go(`${origin}/api/apps/${app}/enter?${query}`)
      expect([sent.status, sent.location]).toEqual([404, null])
      const control = await acme.by.go(`${origin}/api/apps/web-app/enter?${query}`)
      expect(control.status).toBe(303)
    },
  )

  it('nor by a name of a tenant that is an address', async () => {
    const tenant = '/evil.test/..//evil.test'
    const query = String(new URLSearchParams({ tenant, challenge: 'A'.repeat(43) }))
    const sent = await acme.by.go(`${origin}/api/apps/web-app/enter?${query}`)
    expect(sent.location).toMatch(`${origin}/portal/${encodeURIComponent(tenant)}?`)
  })

  it.each([
    'https://evil.test/',
    '//evil.test/',
    '/\\evil.test',
    '/..//evil.test',
    '/%0d%0aset-cookie:a',
    'javascript:x',
  ])('and the app nobody to %s', async (next) => {
    const landed = await enter(acme.by, web, 'acme', next)
    expect(new URL(landed).origin).toBe(web.url)
  })
})

describe('while Kept is away', () => {
  it('nobody is let in, but who was asked after within 5 seconds', async () => {
    await signInAgain(acme)
    await enter(acme.by)
    expect((await who(acme.by)).status).toBe(200)
    const begun = performance.now()
    await kept.stop()
    let status = 200
    while (status === 200) {
      status = (await who(acme.by)).status
      if (status === 200) expect(performance.now() - begun).toBeLessThan(5000)
      await sleep(50)
    }
    expect(status).toBe(503)
    expect((await acme.by.go(`${web.url}/.well-known/kept-sign-in?code=x`)).status).toBe(401)
    kept = undefined as never
  }, 20_000)
})

/** Sessions end while time is moved on. */
async function signInAgain(owner: Owner): Promise<void> {
  const { email, by } = owner
  const tenant = owner === acme ? 'acme' : 'globex'
  const asked = { tenant, email, password: goodPassword }
  expect((await by.ask('POST', '/api/sign-in', asked)).status).toBe(200)
  await proveAgain(kept, owner)
}
