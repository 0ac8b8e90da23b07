import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import type { CryptoKey, JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Principal } from '../principal.ts'
import type { Incoming } from './incoming.ts'
import { verifyToken, type TokenOptions } from './token.ts'

const now = Date.UTC(2026, 10, 20, 12)
const seconds = now / 1000
const issuer = 'https://id.example.com'
const audience = 'app'
const claims = { sub: 'ada', tenant: 'acme', roles: ['editor'] }

const own = await generateKeyPair('RS256', { extractable: true })
const foreign = await generateKeyPair('RS256')
const jwks = {
  keys: [{ ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }],
}
const secret = new TextEncoder().encode('a secret of at least 32 bytes, for tests')
const publicKey = new TextEncoder().encode(await exportSPKI(own.publicKey))
const options: TokenOptions = { issuer, audience, keys: { jwks } }

interface Made {
  claims?: JWTPayload
  kid?: string
  key?: CryptoKey | Uint8Array
  alg?: string
  from?: string
  to?: string
  expires?: number
  begins?: number
}

async function make(made: Made = {}): Promise<string> {
  const { kid = 'k1', key = own.privateKey, alg = 'RS256', from = issuer, to = audience } = made
  const jwt = new SignJWT(made.claims ?? claims)
    .setProtectedHeader({ alg, kid })
    .setIssuer(from)
    .setAudience(to)
    .setExpirationTime(made.expires ?? seconds + 60)
  if (made.begins !== undefined) jwt.setNotBefore(made.begins)
  return await jwt.sign(key)
}

function bearing(...tokens: string[]): Incoming {
  const values = tokens.map((token) => `Bearer ${token}`)
  return { headers: (name) => (name === 'authorization' ? values : []) }
}

const ask = async (token: string, more: Partial<TokenOptions> = {}) =>
  await verifyToken({ ...options, ...more })(bearing(token), now)

describe('verifyToken', () => {
  it('makes a principal of what the token says', async () => {
    const principal = await ask(await make())
    expect(Principal.is(principal)).toBe(true)
    expect(principal).toMatchObject({
      actor: 'user:ada',
      tenant: 'acme',
      roles: ['editor'],
      verified: `token of ${issuer}`,
    })
    expect(principal!.entity).toEqual({
      type: 'User',
      id: 'ada',
      attrs: {},
      parents: [
        { type: 'Role', id: 'editor' },
        { type: 'Tenant', id: 'acme' },
      ],
    })
  })

  it('says nothing of a request without a token', async () => {
    expect(await verifyToken(options)({ headers: () => [] }, now)).toBeNull()
  })

  it('reads the claims that it was told of, and numbers as ids', async () => {
    const token = await make({ claims: { sub: 'ada', org: 7, groups: ['a'], plan: 'pro' } })
    const principal = await ask(token, {
      tenantClaim: 'org',
      rolesClaim: 'groups',
      attrs: ({ plan }) => ({ plan: plan as string }),
    })
    expect(principal).toMatchObject({ tenant: '7', roles: ['a'] })
    expect(principal!.entity.attrs).toEqual({ plan: 'pro' })
  })

  it('lets an issuer vouch for staff, who belong to no tenant whatever the token says', async () => {
    const principal = await ask(await make(), { kind: 'staff' })
    expect(principal).toMatchObject({ actor: 'staff:ada', tenant: null })
  })

  it('holds a token against the issuer that it names, among several', async () => {
    const other = 'https://staff.example.com'
    const verify = verifyToken(options, { ...options, issuer: other, kind: 'staff' })
    expect(await verify(bearing(await make()), now)).toMatchObject({ kind: 'user' })
    expect(await verify(bearing(await make({ from: other })), now)).toMatchObject({ kind: 'staff' })
  })

  const unsigned = new UnsecuredJWT(claims)
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(seconds + 60)
    .encode()

  it.each<[string, string, RegExp, () => string | Promise<string>]>([
    ['no signature (alg none)', 'bad-token', /algorithm|signature/, () => unsigned],
    [
      'the public key as a secret (HS256)',
      'bad-token',
      /algorithm/,
      () => make({ alg: 'HS256', key: publicKey }),
    ],
    [
      'a signature by another key',
      'bad-token',
      /signature/,
      () => make({ key: foreign.privateKey }),
    ],
    ['a kid that nobody knows', 'bad-token', /no key/, () => make({ kid: 'k2' })],
    ['another audience', 'bad-token', /claim aud/, () => make({ to: 'other' })],
    ['another issuer', 'bad-token', /issuer/, () => make({ from: 'https://evil.example' })],
    ['an end that is past', 'token-expired', /expired/, () => make({ expires: seconds - 31 })],
    ['a beginning to come', 'token-early', /not yet/, () => make({ begins: seconds + 31 })],
    ['no tenant', 'no-tenant', /without a tenant/, () => make({ claims: { sub: 'ada' } })],
    [
      'a list of tenants',
      'no-tenant',
      /without a tenant/,
      () => make({ claims: { sub: 'ada', tenant: ['acme'] } }),
    ],
    [
      'a tenant with a quote',
      'bad-principal',
      /quotes/,
      () => make({ claims: { sub: 'ada', tenant: "a'b" } }),
    ],
    ...[{ x: 1 }, ['ada'], 7].map((sub): [string, string, RegExp, () => Promise<string>] => [
      `as its sub ${JSON.stringify(sub)}`,
      'bad-token',
      /sub is no text/,
      () => make({ claims: { sub: sub as never, tenant: 'acme' } }),
    ]),
    ['nobody', 'bad-token', /claim sub/, () => make({ claims: { tenant: 'acme' } })],
    [
      'roles that are no list',
      'bad-token',
      /roles/,
      () => make({ claims: { ...claims, roles: 'admin' } }),
    ],
    ['no sense', 'bad-token', /cannot be read/, () => 'abc.def.ghi'],
  ])('refuses a token with %s', async (_, code, reason, made) => {
    const token = await made()
    const refusal: unknown = await ask(token).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code, message: expect.stringMatching(reason) })
    expect(String(refusal)).not.toContain(token)
    // The control: the same verifier takes the token that is as it must be.
    expect(await ask(await make())).not.toBeNull()
  })

  it('forgives clocks half a minute', async () => {
    expect(await ask(await make({ expires: seconds - 29, begins: seconds - 90 }))).not.toBeNull()
    expect(await ask(await make({ begins: seconds + 29 }))).not.toBeNull()
  })

  it('refuses two tokens, and a header that is none', async () => {
    const token = await make()
    const verify = verifyToken(options)
    await expect(verify(bearing(token, token), now)).rejects.toMatchObject({ code: 'bad-token' })
    const basic = { headers: () => ['Basic YWRhOng='] }
    await expect(verify(basic, now)).rejects.toMatchObject({ code: 'bad-token' })
    expect(await verify(bearing(token), now)).not.toBeNull()
  })

  it('takes HS256 by a secret alone, and then nothing else', async () => {
    const byWord = { keys: { secret } }
    const token = await make({ alg: 'HS256', key: secret })
    expect(await ask(token, byWord)).not.toBeNull()
    await expect(ask(await make(), byWord)).rejects.toMatchObject({ code: 'bad-token' })
    await expect(ask(token)).rejects.toMatchObject({ code: 'bad-token' })
  })

  it.each<[string, Partial<TokenOptions>]>([
    ['HS256 beside public keys', { algorithms: ['RS256', 'HS256'] }],
    ['none', { algorithms: ['none'] }],
    ['no algorithm at all', { algorithms: [] }],
    ['RS256 by a secret', { keys: { secret }, algorithms: ['RS256'] }],
    ['a short secret', { keys: { secret: new Uint8Array(31) } }],
    ['keys in the clear from elsewhere', { keys: { url: 'http://id.example.com/jwks' } }],
    ['keys from no address', { keys: { url: 'id.example.com' } }],
    ['no audience', { audience: '' }],
  ])('is not opened with %s', (_, more) => {
    expect(() => verifyToken({ ...options, ...more })).toThrow(
      expect.objectContaining({ code: 'bad-option' }),
    )
    expect(verifyToken(options)).toBeTypeOf('function')
  })
})

describe('keys at an address', () => {
  let server: Server
  let url: string
  let answer = { status: 200, body: JSON.stringify(jwks) }

  beforeAll(async () => {
    server = createServer((_, response) => {
      response.writeHead(answer.status, { location: '/elsewhere' }).end(answer.body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
  })
  afterAll(() => server.close())

  it('are fetched', async () => {
    expect(await ask(await make(), { keys: { url } })).toMatchObject({ tenant: 'acme' })
    await expect(ask(await make({ kid: 'k2' }), { keys: { url } })).rejects.toMatchObject({
      code: 'bad-token',
    })
  })

  it.each([
    ['away', 500, ''],
    ['elsewhere', 302, ''],
    ['no keys', 200, '{"keys": 1}'],
  ])('that are %s let nobody in, and are not the token’s fault', async (_, status, body) => {
    const before = answer
    answer = { status, body }
    await expect(ask(await make(), { keys: { url } })).rejects.toMatchObject({ code: 'keys-away' })
    answer = before
    expect(await ask(await make(), { keys: { url } })).not.toBeNull()
  })

  it('that cannot be reached let nobody in', async () => {
    const nowhere = { keys: { url: 'http://127.0.0.1:1/jwks' } }
    await expect(ask(await make(), nowhere)).rejects.toMatchObject({ code: 'keys-away' })
  })
})
