import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as oidc from 'openid-client'
import { testKept, type TestKept } from '../../../../../test/kept.ts'
import { freePort } from '../../../../../test/postgres.ts'
import { ledgerText } from '../../../../../test/tenant-owner.ts'
import { movableTime, systemTime } from '../../../../foundation/time.ts'
import type { Actor } from '../../../../foundation/transaction.ts'
import { claimsOperations } from '../../../claims/operations.ts'
import { identityOperations, type IdentityOperations } from '../../operations.ts'
import { codeHolds, sealCode } from './codes.ts'
import { openProvider } from './keys.ts'
import { writeToken } from './tokens.ts'

const page = (proof: string) => `---
company: Example Inc
contact: security@example.com
---
# Security

[A promise](kept:${proof}#promise).
`
const systems = `services:
  app: { address: app.test }
endpoints:
  site: { address: site.test }
runners:
  collector: { holder: collector, kinds: ['service.*'], subjects: ['*'] }
`

const key = new Uint8Array(32).fill(9)
const owner: Actor = { kind: 'person', id: 'olga', roles: ['owner'] }
const { apply, approve } = claimsOperations(() => [])
let kept: TestKept
let origin: string
let operations: IdentityOperations
let a: Told
let b: Told

interface Told {
  issuer: string
  clientId: string
  clientSecret: string
  metadata: string
}

beforeAll(async () => {
  origin = `http://127.0.0.1:${await freePort()}`
  kept = await testKept({ origin, collectors: [], time: movableTime(systemTime) })
  await kept.serve({ mostAsks: 10_000 })
  const outside = { reach: 'loopback', authorities: [], secret: () => null, mail: null } as const
  operations = identityOperations({ origin, key, outside })
  await kept.ask('operator', apply, { page: page('sso?with=oidc'), systems })
  const { providers } = await kept.ask(owner, operations.openTestProviders, { service: 'app' })
  ;[a, b] = [providers[0]!, providers[1]!]
}, 60_000)
afterAll(() => kept.stop())

const redirect = 'https://app.test/callback'

/** A code as a look gives it, for the first canary. */
async function giveCode(more: object = {}): Promise<string> {
  const { providers } = await kept.ask('worker', operations.findTestProviders, { service: 'app' })
  const [provider] = providers
  const { privateKey } = openProvider(key, provider!)
  const now = Math.floor(kept.time.now() / 1000)
  const claims = { sub: 'canary', email: 'canary@north.test', email_verified: true }
  const said = { iss: a.issuer, aud: a.clientId, iat: now, exp: now + 60, ...claims }
  return sealCode(key, {
    issuer: a.issuer,
    clientId: a.clientId,
    redirect,
    challenge: null,
    idToken: writeToken(said, { privateKey, certificate: provider!.certificate }),
    claims,
    endsAt: kept.time.now() + codeHolds,
    ...more,
  })
}

async function exchange(code: string, more: Record<string, string> = {}, at = a) {
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirect,
    client_id: a.clientId,
    client_secret: a.clientSecret,
    ...more,
  }
  const response = await fetch(`${at.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  const body = (await response.json()) as Record<string, string>
  return response.status === 200 ? body : `${response.status} ${body['error']}`
}

describe('a test provider', () => {
  it('is a provider to a library that knows none of it', async () => {
    const config = await oidc.discovery(
      new URL(a.issuer),
      a.clientId,
      a.clientSecret,
      oidc.ClientSecretBasic(a.clientSecret),
      { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] },
    )
    const verifier = oidc.randomPKCECodeVerifier()
    const code = await giveCode({ challenge: await oidc.calculatePKCECodeChallenge(verifier) })
    const back = new URL(redirect)
    back.search = new URLSearchParams({ code, iss: a.issuer }).toString()
    const tokens = await oidc.authorizationCodeGrant(config, back, {
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    })
    expect(tokens.claims()).toMatchObject({ sub: 'canary', aud: a.clientId })
    const info = await oidc.fetchUserInfo(config, tokens.access_token, 'canary')
    expect(info.email).toBe('canary@north.test')
  })

  it('hands over a code once', async () => {
    const code = await giveCode()
    expect(await exchange(code)).toMatchObject({ token_type: 'Bearer' })
    expect(await exchange(code)).toBe('400 invalid_grant')
  })

  it.each<[string, string, () => Promise<unknown>]>([
    [
      'to another client',
      '401 invalid_client',
      async () =>
        await exchange(await giveCode(), { client_id: b.clientId, client_secret: b.clientSecret }),
    ],
    [
      'without the secret',
      '401 invalid_client',
      async () => await exchange(await giveCode(), { client_secret: '' }),
    ],
    [
      'at the other provider',
      '400 invalid_grant',
      async () =>
        await exchange(
          await giveCode(),
          { client_id: b.clientId, client_secret: b.clientSecret },
          b,
        ),
    ],
    [
      'for another address',
      '400 invalid_grant',
      async () => await exchange(await giveCode(), { redirect_uri: `${redirect}/x` }),
    ],
    [
      'when its time is over',
      '400 invalid_grant',
      async () => await exchange(await giveCode({ endsAt: kept.time.now() - 1 })),
    ],
    [
      'without its verifier',
      '400 invalid_grant',
      async () => await exchange(await giveCode({ challenge: 'x' })),
    ],
    [
      'with a verifier for none',
      '400 invalid_grant',
      async () => await exchange(await giveCode(), { code_verifier: 'x' }),
    ],
    [
      'for another grant',
      '400 invalid_grant',
      async () => await exchange(await giveCode(), { grant_type: 'refresh_token' }),
    ],
    ['that somebody made up', '400 invalid_grant', async () => await exchange('AAAA')],
    [
      'that another key sealed',
      '400 invalid_grant',
      async () =>
        await exchange(
          sealCode(new Uint8Array(32), {
            issuer: a.issuer,
            clientId: a.clientId,
            redirect,
            challenge: null,
            idToken: '',
            claims: {},
            endsAt: kept.time.now() + 1000,
          }),
        ),
    ],
  ])('hands over no code %s', async (_, refusal, ask) => {
    expect(await ask()).toBe(refusal)
    expect(await exchange(await giveCode())).toMatchObject({ token_type: 'Bearer' })
  })

  it('tells nobody of a canary but who has a token of this provider', async () => {
    const given = (await exchange(await giveCode())) as Record<string, string>
    const ask = async (issuer: string, authorization?: string) => {
      const headers = { ...(authorization && { authorization }) }
      return (await fetch(`${issuer}/userinfo`, { headers })).status
    }
    const bearer = `Bearer ${given['access_token']}`
    expect(await ask(a.issuer, bearer)).toBe(200)
    expect(await ask(b.issuer, bearer)).toBe(401)
    expect(await ask(a.issuer)).toBe(401)
    expect(await ask(a.issuer, 'Bearer kept_key_x')).toBe(401)
    kept.time.advance(codeHolds + 1)
    expect(await ask(a.issuer, bearer)).toBe(401)
  })

  it('is shown to owners of the staff, and made anew when they say so', async () => {
    const open = (actor: Actor, more: object = {}) =>
      kept.ask(actor, operations.openTestProviders, { service: 'app', ...more })
    expect((await open(owner)).providers[0]).toEqual(
      expect.objectContaining({ clientSecret: a.clientSecret }),
    )
    for (const other of [
      { kind: 'person', id: 'mo', roles: ['member'] },
      { kind: 'member', id: 'x', tenant: 'north', roles: ['owner'] },
      { kind: 'public', id: 'anyone' },
    ] as const) {
      await expect(open(other as Actor)).rejects.toMatchObject({
        code: expect.stringMatching(/not-/),
      })
    }
    const before = await (await fetch(`${a.issuer}/jwks`)).text()
    const { providers } = await open(owner, { renew: true })
    expect(await exchange(await giveCode())).toBe('401 invalid_client')
    ;[a, b] = [providers[0]!, providers[1]!]
    expect(await exchange(await giveCode())).toMatchObject({ token_type: 'Bearer' })
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect(await (await fetch(`${a.issuer}/jwks`)).text()).not.toBe(before)
  })

  it('leaves no secret in the ledger', async () => {
    const text = await ledgerText(kept)
    expect(text).toContain('identity.open-test-providers')
    for (const secret of [a.clientSecret, b.clientSecret, 'eyJ', 'PRIVATE KEY'])
      expect(text).not.toContain(secret)
  })

  it('is for a service of systems.yaml, and not there once no page promises single sign-on', async () => {
    const ask = { service: 'site' }
    await expect(kept.ask(owner, operations.openTestProviders, ask)).rejects.toMatchObject({
      code: 'not-found',
    })
    const code = await giveCode()
    const paths = ['.well-known/openid-configuration', 'jwks', 'metadata', 'userinfo']
    const statuses = () =>
      Promise.all(paths.map(async (path) => (await fetch(`${a.issuer}/${path}`)).status))
    expect(await statuses()).toEqual([200, 200, 200, 401])
    const { proposal } = await kept.ask('operator', apply, { page: page('mfa.tenant'), systems })
    for (const id of ['ada', 'bea'])
      await kept.ask({ kind: 'person', id }, approve, { proposal: proposal! })
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect(await statuses()).toEqual([404, 404, 404, 404])
    expect(await exchange(code)).toMatch(/^404/)
    const found = await kept.ask('worker', operations.findTestProviders, { service: 'app' })
    expect(found.providers).toEqual([])
  })
})
