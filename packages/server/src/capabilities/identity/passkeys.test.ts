import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openAuthenticator, type Authenticator } from '../../../test/authenticator.ts'
import { openBrowser, type Browser } from '../../../test/browser.ts'
import { testKept, type TestKept } from '../../../test/kept.ts'
import { identityOperations } from './operations.ts'
import { partyOf } from './passkeys.ts'

const origin = 'https://kept.test'
const operations = identityOperations({
  origin,
  key: new Uint8Array(32).fill(9),
  outside: { reach: 'loopback', authorities: [], secret: () => null, mail: null },
})
const password = 'lantern orbit meadow staple'
const email = 'ada@kept.test'

let kept: TestKept
let address: string
beforeAll(async () => {
  kept = await testKept({ collectors: [] })
  address = await kept.serve({ mostAsks: 1000 })
})
afterAll(() => kept.stop())

let owner: Browser
let codes: string[]
let authenticator: Authenticator
/** The first owner, who has a passkey and nothing else. */
beforeAll(async () => {
  const { link } = await kept.ask('operator', operations.inviteFirstOwner, {})
  owner = openBrowser(address)
  const token = link!.split('#')[1]!
  await owner.ask('POST', '/api/invitations/accept', { token, name: 'ada', email, password })
  authenticator = openAuthenticator()
  const response = authenticator.create(await optionsFor(owner, 'new'), origin)
  const added = await owner.ask('POST', '/api/account/passkeys', { label: 'laptop', response })
  codes = added.body['codes']
})

async function optionsFor(by: Browser, what: 'new' | 'known'): Promise<{ challenge: string }> {
  const path = what === 'new' ? '/api/account/passkeys/begin' : '/api/passkeys/ask'
  return (await by.ask('POST', path, {})).body['options']
}

let by: Browser
beforeEach(() => {
  by = openBrowser(address)
})
const signIn = (response: object) => by.ask('POST', '/api/sign-in/passkey', { response })
const code = async (asked: ReturnType<typeof signIn>) => (await asked).body['code'] ?? 'in'

describe('a passkey', () => {
  it('comes with recovery codes, as the first factor does', () => {
    expect(codes).toHaveLength(10)
  })

  it('signs somebody in alone, and no answer of it twice', async () => {
    const response = authenticator.get(await optionsFor(by, 'known'), origin)
    expect(await code(signIn(response))).toBe('in')
    expect((await by.ask('GET', '/api/session')).body).toMatchObject({
      factors: ['passkey'],
      needs: [],
      name: 'ada',
    })
    expect(await code(signIn(response))).toBe('wrong-credentials')
  })

  it('is the second factor after a password', async () => {
    await by.ask('POST', '/api/sign-in', { email, password })
    expect((await by.ask('GET', '/api/session')).body['needs']).toEqual(['factor'])
    const response = authenticator.get(await optionsFor(by, 'known'), origin)
    expect((await by.ask('POST', '/api/session/passkey', { response })).status).toBe(200)
    expect((await by.ask('GET', '/api/session')).body['needs']).toEqual([])
  })

  it('answers only the challenge that was handed out to who proves it', async () => {
    const strangers = await optionsFor(openBrowser(address), 'known')
    await by.ask('POST', '/api/sign-in', { email, password })
    const response = authenticator.get(strangers, origin)
    expect((await by.ask('POST', '/api/session/passkey', { response })).body['code']).toBe(
      'wrong-credentials',
    )
    const made = { challenge: Buffer.from('made by an attacker').toString('base64url') }
    expect(await code(signIn(authenticator.get(made, origin)))).toBe('wrong-credentials')
    expect(await code(signIn(authenticator.get(strangers, origin)))).toBe('in')
  })

  it.each([
    ['made for another site', 'https://kept.test.evil.example', {}],
    ['of somebody whom nobody verified', origin, { verified: false }],
    ['whose counter stood still, as a copy’s does', origin, { counter: 1 }],
  ])('%s proves nothing', async (_, from, more) => {
    const refused = authenticator.get(await optionsFor(by, 'known'), from, more)
    expect(await code(signIn(refused))).toBe('wrong-credentials')
    const control = authenticator.get(await optionsFor(by, 'known'), origin)
    expect(await code(signIn(control))).toBe('in')
  })

  it('of another key with the same name proves nothing', async () => {
    const options = await optionsFor(by, 'known')
    const other = openAuthenticator()
    other.create({ challenge: 'x' }, origin)
    const forged = { ...other.get(options, origin), id: authenticator.get(options, origin).id }
    expect(await code(signIn({ ...forged, rawId: forged.id }))).toBe('wrong-credentials')
  })

  it('waits five minutes for its answer, and no longer', async () => {
    const options = await optionsFor(by, 'known')
    kept.time.advance(5 * 60_000)
    expect(await code(signIn(authenticator.get(options, origin)))).toBe('wrong-credentials')
  })

  it('is none of a tenant’s that it does not belong to', async () => {
    const response = authenticator.get(await optionsFor(by, 'known'), origin)
    const other = await by.ask('POST', '/api/sign-in/passkey', { tenant: 'acme', response })
    expect(other.body['code']).toBe('wrong-credentials')
    expect(await code(signIn(response))).toBe('in')
  })

  it('cannot be made by who has the password alone', async () => {
    await by.ask('POST', '/api/sign-in', { email, password })
    const begun = await by.ask('POST', '/api/account/passkeys/begin', {})
    expect(begun.body['code']).toBe('not-signed-in')
  })

  it('stays while it is the only factor, and goes once there is another', async () => {
    const fresh = authenticator.get(await optionsFor(owner, 'known'), origin)
    expect((await owner.ask('POST', '/api/session/passkey', { response: fresh })).status).toBe(200)
    const list = async () =>
      (await owner.ask('GET', '/api/account/passkeys')).body['passkeys'] as { id: string }[]
    const [first] = await list()
    const remove = () => owner.ask('DELETE', `/api/account/passkeys/${first!.id}`)
    expect((await remove()).body['code']).toBe('conflict')
    const second = openAuthenticator()
    const response = second.create(await optionsFor(owner, 'new'), origin)
    await owner.ask('POST', '/api/account/passkeys', { label: 'telephone', response })
    expect((await remove()).status).toBe(200)
    expect(await list()).toMatchObject([{ label: 'telephone' }])
    expect(await code(signIn(authenticator.get(await optionsFor(by, 'known'), origin)))).toBe(
      'wrong-credentials',
    )
    expect(await code(signIn(second.get(await optionsFor(by, 'known'), origin)))).toBe('in')
  })
})

it.each(['http://127.0.0.1:4180', 'https://[::1]'])('%s is no name for passkeys', (address_) => {
  expect(() => partyOf(address_)).toThrow('passkeys need a name')
  expect(partyOf('http://localhost:4180')).toBe('localhost')
})
