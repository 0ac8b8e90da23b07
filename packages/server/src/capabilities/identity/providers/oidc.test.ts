import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testKept, type TestKept } from '../../../../test/kept.ts'
import {
  openLyingProvider,
  openOidcProvider,
  type Lies,
  type Person,
} from '../../../../test/oidc-providers.ts'
import { openBrowser, type Browser } from '../../../../test/browser.ts'
import {
  ledgerText,
  openStaff,
  openTenant,
  proveAgain,
  origin,
  verifyDomain,
  type Owner,
} from '../../../../test/tenant-owner.ts'
import { movableTime, systemTime } from '../../../foundation/time.ts'

const dns = new Map<string, string[]>()
let kept: TestKept
let address: string
let staff: Browser
let acme: Owner
let globex: Owner
let real: Awaited<ReturnType<typeof openOidcProvider>>
let lying: Awaited<ReturnType<typeof openLyingProvider>>
let connection: string
let odd: string
let foreign: string

const browser = () => openBrowser(address, origin)

async function connect(owner: Owner, issuer: string, secret: string): Promise<string> {
  const added = await owner.by.ask('POST', '/api/connections/oidc', {
    label: 'company',
    issuer,
    clientId: 'kept',
    clientSecret: secret,
  })
  expect(added.status).toBe(200)
  const id: string = added.body['id']
  await owner.by.ask('PUT', `/api/connections/${id}/enabled`, { enabled: true })
  return id
}

const callbackOf = (id: string) => `${origin}/api/sso/${id}/callback`

beforeAll(async () => {
  kept = await testKept({
    collectors: [],
    // The provider's clock is this machine's.
    time: movableTime(systemTime),
    outside: { txt: (name) => Promise.resolve(dns.get(name) ?? []) },
  })
  address = await kept.serve({ mostAsks: 10_000 })
  staff = await openStaff(kept, address)
  acme = await openTenant(kept, address, staff, 'acme')
  globex = await openTenant(kept, address, staff, 'globex')
  real = await openOidcProvider()
  lying = await openLyingProvider(() => kept.time.now())
  await verifyDomain(acme, dns, 'acme.test')
  await verifyDomain(globex, dns, 'globex.test')
  const secret = 'a secret that is long enough for HS256, too'
  connection = await connect(acme, real.issuer, secret)
  real.register({ id: 'kept', secret, callback: callbackOf(connection) })
  lying.client = { id: 'kept', secret: 'of the liar', callback: '' }
  odd = await connect(acme, lying.issuer, lying.client.secret)
  foreign = await connect(globex, lying.issuer, lying.client.secret)
}, 60_000)
afterAll(async () => {
  await kept.stop()
  await real.stop()
  await lying.stop()
})

async function begin(by: Browser, id: string, more: object = {}): Promise<string> {
  const begun = await by.ask('POST', '/api/sso', {
    tenant: id === foreign ? 'globex' : 'acme',
    connection: id,
    ...more,
  })
  expect(begun.status).toBe(200)
  return begun.body['address']
}

/** Goes from redirect to redirect at the provider until it sends the browser back to us. */
async function comeBack(by: Browser, from: string): Promise<string> {
  let next = from
  for (let hop = 0; hop < 10 && !next.startsWith(origin); hop++) {
    const told = await by.go(next)
    expect([hop, told.status >= 300 && told.status < 400, told.text.slice(0, 300)]).toEqual([
      hop,
      true,
      expect.anything(),
    ])
    next = told.location!
  }
  return next
}

async function land(by: Browser, back: string): Promise<string> {
  const came = await by.go(back)
  if (came.status !== 303) return [came.body['code'], came.body['check']].filter(Boolean).join(' ')
  const session = await by.ask('GET', '/api/session')
  return session.status === 200 ? 'in' : 'nobody'
}

async function signIn(person: Partial<Person> = {}, by = browser()): Promise<string> {
  real.person = { sub: 's-1', email: 'ada@acme.test', email_verified: true, name: 'Ada', ...person }
  return await land(by, await comeBack(by, await begin(by, connection)))
}

async function lie(lies: Lies, id = odd, by = browser()): Promise<string> {
  lying.lies = lies
  const begun = await by.ask('POST', '/api/sso', {
    tenant: id === foreign ? 'globex' : 'acme',
    connection: id,
  })
  if (begun.status !== 200)
    return [begun.body['code'], begun.body['check']].filter(Boolean).join(' ')
  return await land(by, lying.takeCode(begun.body['address']))
}

describe('a connection', () => {
  it('is for a tenant that has a verified domain', async () => {
    const initech = await openTenant(kept, address, staff, 'initech')
    const add = () =>
      initech.by.ask('POST', '/api/connections/oidc', {
        label: 'early',
        issuer: real.issuer,
        clientId: 'kept',
        clientSecret: 'secret',
      })
    expect((await add()).body['code']).toBe('conflict')
    await verifyDomain(initech, dns, 'initech.test')
    expect((await add()).status).toBe(200)
  })

  it.each([
    'https://user@a.test',
    'https://a.test/?x=1',
    'https://a.test/#x',
    'ftp://a.test',
    'no url',
  ])('has no issuer %s', async (issuer) => {
    const add = (one: string) =>
      acme.by.ask('POST', '/api/connections/oidc', {
        label: 'x',
        issuer: one,
        clientId: 'kept',
        clientSecret: 'secret',
      })
    expect((await add(issuer)).body['code']).toBe('bad-input')
    const added = await add('https://a.test/tenant')
    expect(added.status).toBe(200)
    // Nobody can be sent to a machine that this Kept may not reach.
    const asked = await acme.by.ask('POST', `/api/connections/${added.body['id']}/trials`, {})
    expect(asked.body).toMatchObject({ code: 'not-connected', check: 'connection' })
  })
})

describe('a sign-in by oidc-provider', () => {
  it('makes an account of the tenant, the same each time', async () => {
    const by = browser()
    const asked = new URL(await begin(by, connection))
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: callbackOf(connection),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^kept_state_/),
    })
    expect(await signIn({}, by)).toBe('in')
    const session = await by.ask('GET', '/api/session')
    expect(session.body).toMatchObject({
      tenant: 'acme',
      email: 'ada@acme.test',
      name: 'Ada',
      role: 'member',
      factors: ['provider'],
    })
    const again = browser()
    expect(await signIn({ email: 'ada.l@acme.test' }, again)).toBe('in')
    expect((await again.ask('GET', '/api/session')).body['account']).toBe(session.body['account'])
  })

  it('sets a cookie for the way that no script and no other site uses, and takes it away', async () => {
    const by = browser()
    const begun = await by.ask('POST', '/api/sso', { tenant: 'acme', connection })
    expect(begun.setCookies.join()).toMatch(
      /^__Host-kept-sign-in=kept_browser_[\w-]{43}; .*HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(begun.text).not.toContain('kept_browser_')
    const came = await by.go(await comeBack(by, begun.body['address']))
    expect(came.setCookies.join()).toMatch(/__Host-kept-sign-in=; .*Expires=Thu, 01 Jan 1970/)
  })

  it.each([
    [{ amr: ['pwd'] }, ['provider']],
    [{ amr: ['pwd', 'otp'] }, ['mfa', 'provider']],
    [{ amr: ['hwk'] }, ['provider']],
    [{ amr: ['hwk', 'pin'] }, ['mfa', 'provider']],
    [{ acr: 'phr' }, ['mfa', 'provider']],
  ])('by %j counts as %j', async (person, factors) => {
    const by = browser()
    // Claims of a sign-in stand in the ID token.
    lying.lies = {
      claims: (claims) => ({ ...claims, ...person, email: 'mia@acme.test', sub: 's-mia' }),
    }
    expect(await land(by, lying.takeCode(await begin(by, odd)))).toBe('in')
    expect((await by.ask('GET', '/api/session')).body['factors'].toSorted()).toEqual(factors)
  })

  it('is refused where the address was not verified or is in no domain of the tenant', async () => {
    expect(await signIn({ sub: 's-2', email_verified: false })).toBe('provider-answer email')
    for (const email of ['ada@gmail.test', globex.email, 'olga@kept.test'])
      expect(await signIn({ sub: 's-2', email })).toBe('foreign-address domain')
    expect(await signIn({ sub: 's-2' })).toBe('conflict account')
    expect(await signIn({ sub: 's-2', email: 'bo@acme.test' })).toBe('in')
  })

  it('takes each code once, in the browser that began', async () => {
    const by = browser()
    const back = await comeBack(by, await begin(by, connection))
    const victim = browser()
    expect(await land(victim, back)).toBe('sign-in-over')
    expect((await victim.ask('GET', '/api/session')).status).toBe(401)
    // Somebody else tried it: it is over for all.
    expect(await land(by, back)).toBe('sign-in-over')
    const anew = await comeBack(by, await begin(by, connection))
    expect(await land(by, anew)).toBe('in')
    expect(await land(by, anew)).toBe('sign-in-over')
  })

  it('is over after ten minutes', async () => {
    const by = browser()
    const early = await comeBack(by, await begin(by, connection))
    expect(await land(by, early)).toBe('in')
    const late = await comeBack(by, await begin(by, connection))
    kept.time.advance(10 * 60_000 + 1)
    expect(await land(by, late)).toBe('sign-in-over')
  })
})

describe('a provider that lies', () => {
  const over = (name: string, value: unknown): Lies => ({
    claims: (claims) => ({ ...claims, [name]: value }),
  })
  const seconds = (by: number) => Math.floor(kept.time.now() / 1000) + by

  it.each<[string, string, () => Lies]>([
    ['unsigned', 'signature', () => ({ signing: 'none' })],
    ['signed by the secret that it shares with us', 'signature', () => ({ signing: 'HS256' })],
    ['signed by another key', 'signature', () => ({ signing: 'other key' })],
    ['of a key that it does not have', 'signature', () => ({ header: { kid: 'k9' } })],
    ['of another issuer', 'issuer', () => over('iss', 'https://accounts.google.com')],
    ['for another client', 'audience', () => over('aud', 'somebody else')],
    [
      'for several clients and made for another',
      'audience',
      () => ({ claims: (claims) => ({ ...claims, aud: ['kept', 'other'], azp: 'other' }) }),
    ],
    ['of another sign-in', 'nonce', () => over('nonce', 'of another browser')],
    ['of no sign-in', 'nonce', () => over('nonce', undefined)],
    ['that is over', 'time', () => over('exp', seconds(-130))],
    ['from the future', 'time', () => over('iat', seconds(180))],
    [
      'that is old',
      'time',
      () => ({ claims: (claims) => ({ ...claims, iat: seconds(-3600), exp: seconds(300) }) }),
    ],
    ['not for now', 'time', () => over('nbf', seconds(180))],
    ['with no address', 'email', () => over('email', undefined)],
    ['with a text for email_verified', 'email', () => over('email_verified', 'false')],
    ['with an address that looks alike', 'email', () => over('email', 'аda@acme.test')],
    [
      'by another provider in the browser (RFC 9207)',
      'issuer',
      () => ({ back: (to) => to.set('iss', 'https://accounts.google.com') }),
    ],
    ['by no provider in the browser', 'issuer', () => ({ back: (to) => to.delete('iss') })],
    ['that somebody denied', 'answer', () => ({ back: (to) => to.set('error', 'access_denied') })],
  ])('with an ID token %s', async (_, check, lies) => {
    expect(await lie(lies())).toBe(`provider-answer ${check}`)
    expect(await lie({})).toMatch(/^(?:in|conflict account)$/)
    expect(await lie(over('sub', 's-mia'))).toBe('in')
    expect(await ledgerText(kept)).toContain(`"check":"${check}"`)
  })

  it('clocks may differ by two minutes', async () => {
    const mia = (claims: Record<string, unknown>) => ({ ...claims, sub: 's-mia' })
    expect(await lie({ claims: (claims) => ({ ...mia(claims), iat: seconds(100) }) })).toBe('in')
    expect(await lie({ claims: (claims) => ({ ...mia(claims), exp: seconds(-100) }) })).toBe('in')
  })

  it('about its own name is found at the beginning', async () => {
    expect(await lie({ issuer: 'https://accounts.google.com' })).toBe('provider-answer issuer')
  })

  it('sends the code verifier that belongs to the challenge', async () => {
    lying.lies = {}
    const by = browser()
    const asked = new URL(await begin(by, odd))
    await land(by, lying.takeCode(asked.href))
    const { createHash } = await import('node:crypto')
    const verifier = lying.asked.at(-1)!.get('code_verifier')!
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(
      asked.searchParams.get('code_challenge'),
    )
    expect(verifier).not.toBe(asked.searchParams.get('nonce'))
  })

  it('an answer for one connection is none for another', async () => {
    lying.lies = {}
    const by = browser()
    const back = lying.takeCode(await begin(by, odd))
    expect(await land(by, back.replace(odd, foreign))).toBe('sign-in-over')
    expect(
      await land(
        by,
        lying
          .takeCode(await begin(by, connection))
          .replace(callbackOf(odd), callbackOf(connection)),
      ),
    ).toMatch(/^provider-answer/)
  })

  it('of one tenant vouches for nobody of another', async () => {
    const victim = {
      claims: (claims: object) => ({ ...claims, sub: 's-mia', email: 'mia@acme.test' }),
    }
    expect(await lie(victim, foreign)).toBe('foreign-address domain')
    expect(
      await lie(
        { claims: (claims) => ({ ...claims, sub: 's-mia', email: 'gil@globex.test' }) },
        foreign,
      ),
    ).toBe('in')
    const { rows } = await kept.as.superuser.query(`select distinct a.tenant, c.tenant as by
      from identity.subjects s join identity.accounts a on a.id = s.account join identity.connections c on c.id = s.connection`)
    expect(rows.toSorted((a, b) => (a.by < b.by ? -1 : 1))).toEqual([
      { tenant: 'acme', by: 'acme' },
      { tenant: 'globex', by: 'globex' },
    ])
  })
})

describe('trying a connection', () => {
  async function attempt(lies: Lies) {
    lying.lies = lies
    const asked = await acme.by.ask('POST', `/api/connections/${odd}/trials`, {})
    expect(asked.status).toBe(200)
    const came = await acme.by.go(lying.takeCode(asked.body['address']))
    expect([came.status, came.location]).toEqual([303, `${origin}/portal/acme/sign-in-ways/${odd}`])
    const { trials } = (await acme.by.ask('GET', `/api/connections/${odd}/trials`)).body
    return trials[0]
  }

  it('shows claims and reasons, and no token', async () => {
    const passed = await attempt({ claims: (claims) => ({ ...claims, department: 'Sales' }) })
    expect(passed).toMatchObject({
      passed: true,
      sent: { email: 'ada@acme.test', department: 'Sales' },
    })
    kept.time.advance(1)
    const failed = await attempt({
      claims: (claims) => ({ ...claims, email_verified: false, email: 'ada@gmail.test' }),
    })
    expect(failed.checks.filter((one: { passed: boolean }) => !one.passed)).toEqual([
      {
        check: 'email',
        passed: false,
        why: 'the provider does not say that the address was verified (email_verified)',
      },
      { check: 'domain', passed: false, why: 'gmail.test is no verified domain of this tenant' },
    ])
    kept.time.advance(1)
    const unproved = await attempt({
      signing: 'HS256',
      claims: (claims) => ({ ...claims, email: 'eve@acme.test' }),
    })
    expect(unproved).toMatchObject({ passed: false, sent: { email: 'eve@acme.test' } })
    expect(unproved.checks.at(-1)).toMatchObject({ check: 'signature', passed: false })
    expect(JSON.stringify([passed, failed, unproved])).not.toMatch(/eyJ|access_token/)
  })

  it('is for owners', async () => {
    const by = browser()
    expect(await signIn({}, by)).toBe('in')
    expect((await by.ask('POST', `/api/connections/${odd}/trials`, {})).status).toBe(403)
    expect((await by.ask('GET', '/api/connections')).status).toBe(403)
  })
})

describe('Google', () => {
  it.each([
    'https://accounts.google.com',
    'https://accounts.google.com/',
    'HTTPS://Accounts.Google.com',
  ])('%s must say whose organisation manages an account', async (issuer) => {
    await proveAgain(kept, acme)
    const id = await connect(acme, issuer, 'secret')
    const { rows } = await kept.as.superuser.query(
      `select config from identity.connections where id = $1`,
      [id],
    )
    expect(rows[0].config.managed).toBe(true)
    expect((await acme.by.ask('DELETE', `/api/connections/${id}`)).status).toBe(200)
  })

  it('lets nobody in without it, or of another organisation', async () => {
    // What answers is here and no Google: the rule is the same.
    const set = (managed: boolean) =>
      kept.as.superuser.query(
        `update identity.connections set config = config || $2::jsonb where id = $1`,
        [odd, JSON.stringify({ managed })],
      )
    await set(true)
    const by = (hd: string | undefined): Lies => ({
      claims: (claims) => ({ ...claims, sub: 's-mia', email: 'mia@acme.test', hd }),
    })
    for (const hd of [undefined, 'gmail.test', 'globex.test', 'sub.acme.test'])
      expect(await lie(by(hd))).toBe('foreign-address domain')
    expect(await lie(by('acme.test'))).toBe('in')
    lying.lies = {}
    expect(new URL(await begin(browser(), odd)).searchParams.get('hd')).toBe('acme.test')
    await set(false)
  })
})

describe('the client’s secret', () => {
  it('is sealed in the database, and told to nobody', async () => {
    const { rows } = await kept.as.superuser.query(
      `select string_agg(c::text, '') as all, string_agg(encode(c.secret, 'escape'), '') as raw from identity.connections c`,
    )
    expect(rows[0].all + rows[0].raw).not.toContain('of the liar')
    expect((await acme.by.ask('GET', '/api/connections')).text).not.toContain('of the liar')
  })
})

describe('the ledger', () => {
  it('holds no address, name, code or state of anybody', async () => {
    const text = await ledgerText(kept)
    expect(text).toContain('"refused":"provider-answer"')
    expect(text).not.toMatch(
      /@(?:acme|globex|gmail)\.test|s-mia|kept_(?:ticket|state|browser|session)_/,
    )
  })
})
