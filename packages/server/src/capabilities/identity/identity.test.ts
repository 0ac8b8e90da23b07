import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeAt, openBrowser, type Browser } from '../../../test/browser.ts'
import { testKept, type TestKept } from '../../../test/kept.ts'
import { makeKey } from '../../../test/signing.ts'
import { claimsOperations } from '../claims/operations.ts'
import { identityOperations } from './operations.ts'

const operations = identityOperations({
  origin: 'https://kept.test',
  key: new Uint8Array(32).fill(9),
  outside: { reach: 'loopback', authorities: [], secret: () => null, mail: null },
})
const good = 'lantern orbit meadow staple'

let kept: TestKept
let address: string
beforeAll(async () => {
  kept = await testKept({ collectors: [] })
  address = await kept.serve({ mostAsks: 1000 })
})
afterAll(() => kept.stop())

let count = 0
const browser = () => openBrowser(address)
const tokenOf = (link: string) => link.split('#')[1]!

interface Known {
  email: string
  secret: string
  codes: string[]
  account: string
}

/** Uses a link up and sets an authenticator app up, as a person does. */
async function join(by: Browser, link: string, more: object = {}): Promise<Known> {
  const email = `person${++count}@kept.test`
  const accepted = await by.ask('POST', '/api/invitations/accept', {
    token: tokenOf(link),
    name: `person ${count}`,
    email,
    password: good,
    ...more,
  })
  expect(accepted.status).toBe(200)
  return { email, account: accepted.body['account'], ...(await enrol(by)) }
}

async function enrol(by: Browser): Promise<{ secret: string; codes: string[] }> {
  const begun = await by.ask('POST', '/api/account/totp', {})
  expect(begun.status).toBe(200)
  const secret: string = begun.body['secret']
  const code = codeAt(secret, kept.time.now())
  const confirmed = await by.ask('POST', '/api/account/totp/confirm', { code })
  expect(confirmed.status).toBe(200)
  return { secret, codes: confirmed.body['codes'] }
}

/** The next interval, in which another code is shown. */
const later = () => kept.time.advance(31_000)

async function signIn(by: Browser, { email, secret }: Known, more: object = {}) {
  const first = await by.ask('POST', '/api/sign-in', { email, password: good, ...more })
  expect(first.status).toBe(200)
  later()
  const second = await by.ask('POST', '/api/session/totp', {
    code: codeAt(secret, kept.time.now()),
  })
  expect(second.status).toBe(200)
}

let owner: Known
let ownerBrowser: Browser
beforeAll(async () => {
  const { link } = await kept.ask('operator', operations.inviteFirstOwner, {})
  ownerBrowser = browser()
  owner = await join(ownerBrowser, link!)
})

async function invite(email: string, role = 'member', more: object = {}): Promise<string> {
  later()
  const code = codeAt(owner.secret, kept.time.now())
  expect((await ownerBrowser.ask('POST', '/api/session/totp', { code })).status).toBe(200)
  const made = await ownerBrowser.ask('POST', '/api/people', { email, role, ...more })
  expect(made.status).toBe(200)
  return made.body['link']
}

describe('the first owner', () => {
  it('comes by a link that works once, and there is no second', async () => {
    expect(await kept.ask('operator', operations.inviteFirstOwner, {})).toMatchObject({
      link: null,
    })
    expect((await ownerBrowser.ask('GET', '/api/session')).body).toMatchObject({
      role: 'owner',
      needs: [],
      tenant: null,
    })
  })
})

describe('a member of the staff', () => {
  it('comes in by password and second factor, and by no password alone', async () => {
    const by = browser()
    const person = await join(by, await invite(`person${count + 1}@kept.test`))
    const other = browser()
    await other.ask('POST', '/api/sign-in', { email: person.email, password: good })
    expect((await other.ask('GET', '/api/session')).body['needs']).toEqual(['factor'])
    for (const [method, path, body] of [
      ['GET', '/api/keys'],
      ['GET', '/api/sessions'],
      ['POST', '/api/account/totp', {}],
      ['POST', '/api/account/recovery-codes', {}],
      ['PUT', '/api/account/password', { password: 'another good pass phrase' }],
    ] as const) {
      const refused = await other.ask(method, path, body)
      expect([path, refused.status >= 401 && refused.status < 410]).toEqual([path, true])
    }
    later()
    const code = codeAt(person.secret, kept.time.now())
    expect((await other.ask('POST', '/api/session/totp', { code })).status).toBe(200)
    expect((await other.ask('GET', '/api/keys')).status).toBe(200)
  })

  it('gives a code once, whoever asks first', async () => {
    const by = browser()
    const person = await join(by, await invite(`person${count + 1}@kept.test`))
    later()
    const code = codeAt(person.secret, kept.time.now())
    const tries = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const one = browser()
        await one.ask('POST', '/api/sign-in', { email: person.email, password: good })
        return (await one.ask('POST', '/api/session/totp', { code })).status
      }),
    )
    expect(tries.toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401, 401, 401])
  })

  it('uses a recovery code once', async () => {
    const by = browser()
    const person = await join(by, await invite(`person${count + 1}@kept.test`))
    const recover = async () => {
      const one = browser()
      await one.ask('POST', '/api/sign-in', { email: person.email, password: good })
      return (await one.ask('POST', '/api/session/recovery', { code: person.codes[0]! })).status
    }
    expect([await recover(), await recover()]).toEqual([200, 401])
  })
})

describe('a name of somebody in systems.yaml', () => {
  it('is whose an owner says it is, and nobody else takes it', async () => {
    const { line } = makeKey('cto')
    const systems = `services:
  app: {}
runners:
  cto: { holder: person, name: the CTO, kinds: ['*'], subjects: ['*'], key: ${line} }
`
    const { apply } = claimsOperations(() => [])
    const page = `---
company: Example Inc
contact: security@example.com
---
# Security

[Passwords have at least 12 characters](kept:password.minimum?length=12#passwords).
`
    await kept.ask('operator', apply, { page, systems })
    const accept = (made: string, name: string | null) =>
      browser().ask('POST', '/api/invitations/accept', {
        token: tokenOf(made),
        name,
        password: good,
      })
    const unsaid = await invite('mallory@kept.test')
    for (const name of ['cto', 'CTO', '\uFF43to']) {
      expect((await accept(unsaid, name)).body['code']).toBe('conflict')
    }
    // The control: the link still works, for another name.
    expect((await accept(unsaid, 'mallory')).status).toBe(200)
    const said = await invite('cto@kept.test', 'member', { name: 'cto' })
    const shown = await browser().ask('POST', '/api/invitations/show', { token: tokenOf(said) })
    expect(shown.body).toMatchObject({ known: false, name: 'cto' })
    expect((await accept(said, 'somebody else')).status).toBe(200)
    const { people } = (await ownerBrowser.ask('GET', '/api/people')).body
    expect(people).toContainEqual(expect.objectContaining({ email: 'cto@kept.test', name: 'cto' }))
  })
})

describe('a session', () => {
  it('gets another token when a factor is proved: one that was planted is worth nothing', async () => {
    const by = browser()
    const person = await join(by, await invite(`person${count + 1}@kept.test`))
    const victim = browser()
    await victim.ask('POST', '/api/sign-in', { email: person.email, password: good })
    const planted = victim.cookies()
    later()
    await victim.ask('POST', '/api/session/totp', { code: codeAt(person.secret, kept.time.now()) })
    expect(victim.cookies()).not.toBe(planted)
    const attacker = browser()
    attacker.setCookies(planted)
    expect((await attacker.ask('GET', '/api/session')).status).toBe(401)
    expect((await victim.ask('GET', '/api/session')).status).toBe(200)
  })

  it('ends when its bearer signs out, after it lay idle, and at its age', async () => {
    const by = browser()
    const person = await join(by, await invite(`person${count + 1}@kept.test`))
    const cookie = by.cookies()
    expect((await by.ask('POST', '/api/sign-out', {})).setCookies[0]).toMatch(
      /Expires=Thu, 01 Jan 1970/,
    )
    by.setCookies(cookie)
    expect((await by.ask('GET', '/api/session')).status).toBe(401)
    await signIn(by, person)
    kept.time.advance(2 * 3_600_000 - 60_000)
    expect((await by.ask('GET', '/api/session')).status).toBe(200)
    kept.time.advance(2 * 3_600_000)
    expect((await by.ask('GET', '/api/session')).status).toBe(401)
    await signIn(by, person)
    for (let hour = 0; hour < 11; hour++) {
      kept.time.advance(3_600_000)
      expect((await by.ask('GET', '/api/session')).status).toBe(200)
    }
    kept.time.advance(3_600_000)
    expect((await by.ask('GET', '/api/session')).status).toBe(401)
    await signIn(ownerBrowser, owner)
  })

  it('leaves as a cookie that no script and no other site uses', async () => {
    const by = browser()
    const answer = await by.ask('POST', '/api/sign-in', { email: owner.email, password: good })
    expect(answer.setCookies[0]).toMatch(
      /^__Host-kept=kept_session_[\w-]{43}; .*Path=\/.*; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(JSON.stringify(answer.body)).not.toContain('kept_session')
  })

  it('asks nothing for another site, whose form would send its cookie', async () => {
    for (const from of ['cross-site', 'same-site']) {
      const refused = await ownerBrowser.ask(
        'POST',
        '/api/sessions/end',
        {},
        { 'sec-fetch-site': from },
      )
      expect(refused.body).toMatchObject({ code: 'cross-site' })
    }
    const foreign = { 'sec-fetch-site': 'cross-site' }
    const by = browser()
    const input = { email: owner.email, password: good }
    expect((await by.ask('POST', '/api/sign-in', input, foreign)).body['code']).toBe('cross-site')
    expect((await ownerBrowser.ask('POST', '/api/sessions/end', {})).status).toBe(200)
  })

  it('is kept in the database as no token that works', async () => {
    const token = ownerBrowser.cookies().split('=')[1]!
    const { rows } = await kept.as.superuser.query(
      `select string_agg(s::text, '') as all from identity.sessions s`,
    )
    expect(rows[0].all).not.toContain(token)
    expect(rows[0].all).not.toContain(token.slice('kept_session_'.length))
  })
})

describe('a sign-in', () => {
  it('answers alike for a wrong password and for a name that nobody has', async () => {
    const wrong = await browser().ask('POST', '/api/sign-in', {
      email: owner.email,
      password: 'not the right one at all',
    })
    const unknown = await browser().ask('POST', '/api/sign-in', {
      email: 'nobody@kept.test',
      password: 'not the right one at all',
    })
    const told = ({ status, body }: typeof wrong) => ({ status, ...body, instance: '' })
    expect(told(wrong)).toEqual(told(unknown))
    expect(wrong.status).toBe(401)
  })

  it('waits after ten that were wrong, from where they came, and lets others in', async () => {
    const by = browser()
    const person = await join(by, await invite(`person${count + 1}@kept.test`))
    const attempt = (password: string, from: string) =>
      kept.gate
        .enter({
          caller: {
            credentials: { method: 'POST', url: '', headers: {}, body: Buffer.of(), address: from },
          },
          operation: operations.signIn,
          input: { email: person.email, password },
        })
        .then(
          () => 'in',
          (error: { code: string }) => error.code,
        )
    const tries: string[] = []
    for (let i = 0; i < 11; i++) tries.push(await attempt(`wrong password ${i}`, '203.0.113.7'))
    expect(tries).toEqual([...Array<string>(10).fill('wrong-credentials'), 'too-many'])
    expect(await attempt(good, '203.0.113.7')).toBe('too-many')
    expect(await attempt(good, '203.0.113.8')).toBe('in')
    kept.time.advance(16 * 60_000)
    expect(await attempt(good, '203.0.113.7')).toBe('in')
  })
})

describe('a password', () => {
  it.each([
    ['short', 'it has 5 characters'],
    ['abcabcabcabcabc', 'it repeats'],
    ['passwordpassword', 'it is one that many people have'],
    ['!!!!1qaz2wsx!!!!', 'it is one that many people have'],
    ['person 12 person', 'it is little more than'],
  ])('%s is refused', async (password, why) => {
    const link = await invite(`refused${++count}@kept.test`)
    const refused = await browser().ask('POST', '/api/invitations/accept', {
      token: tokenOf(link),
      name: `person ${count}`,
      password,
    })
    expect(refused.body).toMatchObject({ code: 'weak-password' })
    expect(refused.body['detail']).toContain(why)
    const taken = await browser().ask('POST', '/api/invitations/accept', {
      token: tokenOf(link),
      name: `person ${count}`,
      password: good,
    })
    expect(taken.status).toBe(200)
  })
})

describe('the first owner of a tenant', () => {
  it('comes by a link of the staff, of which there is one until then, and none afterwards', async () => {
    const link = () =>
      ownerBrowser.ask('POST', '/api/tenants/acme/owner', { email: 'eve@acme.test' })
    await invite(`before${count}@kept.test`)
    const [first, spare] = [(await link()).body['link'], (await link()).body['link']]
    const accept = (made: string, name: string) =>
      browser().ask('POST', '/api/invitations/accept', {
        token: tokenOf(made),
        name,
        password: good,
      })
    expect((await accept(first, 'Eve')).status).toBe(200)
    expect((await accept(spare, 'Mallory')).body['code']).toBe('wrong-credentials')
    expect((await link()).body['code']).toBe('conflict')
    const other = { email: 'eve@other.test' }
    expect((await ownerBrowser.ask('POST', '/api/tenants/other/owner', other)).status).toBe(200)
  })
})

describe('somebody who is taken out', () => {
  it('has no session and no key any more', async () => {
    const by = browser()
    const person = await join(by, await invite(`person${count + 1}@kept.test`))
    const made = await by.ask('POST', '/api/keys', { label: 'ci', scopes: ['claims.*'], days: 30 })
    const key = { authorization: `Bearer ${made.body['key']}` }
    const stranger = browser()
    const asked = () => stranger.ask('GET', '/api/proposals', undefined, key)
    const before = (await asked()).status
    await invite(`other${count}@kept.test`)
    await ownerBrowser.ask('DELETE', `/api/people/${person.account}`)
    expect((await by.ask('GET', '/api/session')).status).toBe(401)
    expect([before, (await asked()).status]).toEqual([200, 401])
  })
})

describe('a key', () => {
  it('does what it was made for, and never what its owner does to sign in', async () => {
    const by = browser()
    await join(by, await invite(`person${count + 1}@kept.test`))
    const made = await by.ask('POST', '/api/keys', { label: 'x', scopes: ['claims.*'], days: 1 })
    const headers = { authorization: `Bearer ${made.body['key']}` }
    const ask = async (path: string) =>
      (await browser().ask('GET', path, undefined, headers)).status
    expect(await ask('/api/proposals')).toBe(200)
    for (const path of ['/api/keys', '/api/session', '/api/grants'])
      expect(await ask(path)).toBe(403)
    kept.time.advance(86_400_000 + 1000)
    expect(await ask('/api/proposals')).toBe(401)
    await signIn(ownerBrowser, owner)
  })
})
