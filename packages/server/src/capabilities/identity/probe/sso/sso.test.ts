import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { testKept, type TestKept } from '../../../../../test/kept.ts'
import { system, Watch } from '../../../../../test/looking.ts'
import { freePort } from '../../../../../test/postgres.ts'
import { openSsoApp, type App, type Hole } from '../../../../../test/sso-app.ts'
import { systemTime, movableTime } from '../../../../foundation/time.ts'
import { claimsOperations } from '../../../claims/operations.ts'
import { identityOperations } from '../../operations.ts'

const source = `---
company: Example Inc
contact: security@example.com
---
# Security

[You can sign in with Google](kept:sso?with=google,saml#sso).
`
const systemsAt = (address: string) => `services:
  app: { address: '${address}', secret: APP }
runners:
  collector: { holder: collector, kinds: ['service.single-sign-on'], subjects: ['*'] }
`

const claims = claimsOperations(() => [])
const user = (tenant: string) => ({
  email: `owner@${tenant}.test`,
  password: 'the owner of a canary tenant',
})
const secret = JSON.stringify({
  signIn: {
    owner: user('north'),
    member: user('north'),
    a: { email: 'canary@north.test', tenant: 'north' },
    b: { email: 'canary@south.test', tenant: 'south' },
  },
})

let kept: TestKept
let app: App & { stop(): Promise<void> }
let watch: Watch
let openDocument: { connections: Record<string, unknown> }

beforeAll(async () => {
  const origin = `http://127.0.0.1:${await freePort()}`
  kept = await testKept({
    origin,
    time: movableTime(systemTime),
    outside: { secret: (name) => (name === 'APP' ? secret : null) },
  })
  await kept.serve({ mostAsks: 10_000 })
  app = await openSsoApp({ domains: { 'north.test': 'north', 'south.test': 'south' } })
  openDocument = app.document as typeof openDocument
  const { apply } = claims
  await kept.ask('operator', apply, { page: source, systems: systemsAt(app.url) })
  const operations = identityOperations({
    origin,
    key: new Uint8Array(32).fill(9),
    outside: { reach: 'loopback', authorities: [], secret: () => null, mail: null },
  })
  const owner = { kind: 'person', id: 'olga', roles: ['owner'] } as const
  const { providers } = await kept.ask(owner, operations.openTestProviders, { service: 'app' })
  // As whoever registers the providers at the app's two canary tenants does.
  for (const { side, issuer, clientId, clientSecret, metadata } of providers) {
    const tenant = side === 'a' ? 'north' : 'south'
    const told = await (await fetch(metadata)).text()
    const certificate = /<ds:X509Certificate>([^<]+)</.exec(told)![1]!
    for (const kind of ['oidc', 'saml'] as const) {
      app.connections.push({ tenant, kind, issuer, clientId, clientSecret, certificate })
    }
  }
  const collectors = kept.capabilities.flatMap((one) => one.collectors ?? [])
  const collector = collectors.find(({ kind }) => kind === 'service.single-sign-on')!
  watch = new Watch(
    collector,
    system({ id: 'app', type: 'service', address: app.url, secret: 'APP' }),
  )
}, 60_000)
afterAll(async () => {
  await app.stop()
  await kept.stop()
})
afterEach(() => app.holes.clear())

async function look({ with: names = ['google', 'saml'], ...more }: Looking = {}) {
  const { connections, ...rest } = openDocument
  const chosen = Object.fromEntries(names.map((name) => [name, connections[name]]))
  app.document = JSON.parse(
    JSON.stringify({ ...rest, connections: chosen, ...more.document }),
  ) as Record<string, unknown>
  const secrets = { APP: more.secret ?? secret }
  const observation = await watch.look({ kept, secrets, source, now: kept.time.now() })
  return { ...observation, verdict: watch.verdict('sso', { with: names }) }
}

interface Looking {
  with?: string[]
  document?: object
  secret?: string
}

describe('an app whose customers sign in by providers of their own', () => {
  it('is signed in to, and by nothing that it must refuse', async () => {
    expect(await look()).toEqual({
      outcome: 'pass',
      measured: { signedInWith: ['google', 'saml'], foreignAccepted: 0 },
      verdict: 'kept',
    })
  }, 60_000)

  it.each<[Hole, 'google' | 'saml', RegExp]>([
    [
      'finds addresses in any tenant',
      'google',
      /another customer’s provider, as a user of this one/,
    ],
    ['finds addresses in any tenant', 'saml', /another customer’s provider, as a user of this one/],
    ['finds the tenant by the domain', 'google', /under an address of this one’s domain/],
    ['finds the tenant by the domain', 'saml', /under an address of this one’s domain/],
    ['takes any issuer', 'google', /of another issuer/],
    ['trusts the issuer that a token names', 'google', /that gives itself out as this one’s/],
    ['takes any audience', 'google', /for another client/],
    ['takes any key', 'google', /that another key signed/],
    ['takes alg none', 'google', /alg none/],
    ['takes HS256', 'google', /HS256/],
    ['takes old tokens', 'google', /that was over/],
    ['takes any nonce', 'google', /of another sign-in \(nonce\)/],
    ['takes tokens without a nonce', 'google', /without a nonce/],
    ['takes tokens an hour late', 'google', /token that was over ten minutes ago/],
    ['takes any browser', 'google', /that another browser began/],
    ['takes unsigned assertions', 'saml', /that nobody signed/],
    ['takes the key of a response', 'saml', /a key signed which nobody knows/],
    [
      'takes the key of the issuer that a response names',
      'saml',
      /a response of another customer’s provider/,
    ],
    ['takes any audience of SAML', 'saml', /for another service/],
    ['takes any recipient', 'saml', /for another address/],
    ['takes old assertions', 'saml', /that was over/],
    ['takes assertions an hour late', 'saml', /assertion that was over ten minutes ago/],
    ['takes any response', 'saml', /that nobody made/],
    ['takes responses to no request', 'saml', /that names no request/],
    ['takes assertions for everybody', 'saml', /for any service \(no audience\)/],
    ['takes responses again', 'saml', /that was used before/],
    ['takes responses of any browser', 'saml', /that another browser began/],
    ['reads the first assertion', 'saml', /an unsigned assertion before a signed one/],
    ['reads up to a comment', 'saml', /with a comment in it/],
  ])(
    'that %s (%s) breaks its promise until it is repaired',
    async (hole, name, said) => {
      app.holes.add(hole)
      const holed = await look({ with: [name] })
      expect(holed).toMatchObject({ outcome: 'fail', verdict: 'broken' })
      expect(holed.note).toMatch(said)
      expect(holed.note).toContain(`with ${name}`)
      app.holes.clear()
      expect(await look({ with: [name] })).toMatchObject({ outcome: 'pass', verdict: 'kept' })
    },
    60_000,
  )
})

describe('what could not be tried', () => {
  const google = { with: ['google'] }
  const without = (side: string, more: object = {}) => {
    const { signIn } = JSON.parse(secret) as { signIn: Record<string, object> }
    return JSON.stringify({ signIn: { ...signIn, [side]: { ...signIn[side], ...more } } })
  }

  it.each<[string, () => void, RegExp, Looking?]>([
    ['an app that is down', () => app.holes.add('is down'), /GET \/login\/\{tenant\}\/oidc/],
    [
      'an app that lets nobody in',
      () => app.holes.add('lets nobody in'),
      /canary a is not signed in/,
    ],
    [
      'an app that had enough of us',
      () => {
        app.asked = 0
        app.holes.add('limits')
      },
      /later \(429\)/,
    ],
    [
      'a document that is none',
      () => {},
      /is not as it should be: \/connections/,
      { document: { connections: 1 } },
    ],
    [
      'a document that does not say who is in',
      () => {},
      /has no "who"/,
      { document: { who: undefined } },
    ],
    [
      'a document by which both are the same',
      () => {},
      /both canaries are the same/,
      { document: { who: { method: 'GET', path: '/me', take: { app: '/app' } } } },
    ],
    [
      'a reading that everybody may',
      () => {},
      /answers to who is not signed in/,
      { document: { reading: { method: 'GET', path: '/.well-known/kept-sign-in' } } },
    ],
    [
      'canaries of one domain',
      () => {},
      /of one domain/,
      { secret: without('b', { email: 'canary@sub.north.test' }) },
    ],
    [
      'a secret without what a connection takes',
      () => {},
      /not all that a sign-in by google takes.*tenant/,
      { secret: without('a', { tenant: undefined }) },
    ],
    [
      'a tenant that the app does not know',
      () => {},
      /GET \/login\/\{tenant\}\/oidc answers with status 404/,
      { secret: without('b', { tenant: 'nowhere' }) },
    ],
    [
      'tenants in each other’s place',
      () => {},
      /register the test provider there/,
      { secret: without('a', { tenant: 'south' }) },
    ],
  ])(
    '%s is no pass',
    async (_, plant, why, more = {}) => {
      plant()
      const seen = await look({ ...google, ...more })
      expect(seen).toMatchObject({ outcome: 'inconclusive', measured: {} })
      expect(seen.note).toMatch(why)
      app.holes.clear()
      expect((await look(google)).outcome).toBe('pass')
    },
    60_000,
  )

  it('leaves what got in before the app gave up', async () => {
    app.asked = 0
    app.holes.add('finds addresses in any tenant').add('limits')
    const seen = await look(google)
    expect(seen).toMatchObject({ outcome: 'fail', verdict: 'broken' })
    expect(seen.note).toMatch(/as a user of this one/)
    expect(seen.note).not.toMatch(/eyJ|state=|code=|canary@|@north/)
  }, 60_000)

  it('is a sign-in that the page promises and the app has no more', async () => {
    const seen = await look(google)
    expect(seen.outcome).toBe('pass')
    expect(watch.verdict('sso', { with: ['google', 'saml'] })).toBe('broken')
  }, 60_000)
})
