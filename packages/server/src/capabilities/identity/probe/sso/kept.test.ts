import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type Browser } from '../../../../../test/browser.ts'
import { testKept, type TestKept } from '../../../../../test/kept.ts'
import { context, system, Watch } from '../../../../../test/looking.ts'
import { freePort } from '../../../../../test/postgres.ts'
import {
  goodPassword,
  ledgerText,
  openStaff,
  openTenant,
  verifyDomain,
} from '../../../../../test/tenant-owner.ts'
import { movableTime, systemTime } from '../../../../foundation/time.ts'
import { isIn, lookAtSignIn } from '../look.ts'
import { testProviderOperations } from '../provider/operations.ts'
import type { Visitor } from '../visitor.ts'
import { providerWays } from './provider-ways.ts'
import { claimsOperations } from '../../../claims/operations.ts'

const page = `---
company: Example Inc
contact: security@example.com
---
# Security

[You can sign in by your own provider](kept:sso?with=oidc,saml#sso).
`
const systemsAt = (address: string) => `services:
  portal: { address: '${address}', provider: kept, secret: PORTAL }
runners:
  collector: { holder: collector, kinds: ['service.single-sign-on'], subjects: ['*'] }
`

const dns = new Map<string, string[]>()
const secrets: Record<string, string> = {}
let kept: TestKept
let address: string
let watch: Watch
/** The SAML connection of the first canary tenant. */
let saml: string

beforeAll(async () => {
  address = `http://127.0.0.1:${await freePort()}`
  kept = await testKept({
    origin: address,
    time: movableTime(systemTime),
    outside: {
      txt: (name) => Promise.resolve(dns.get(name) ?? []),
      secret: (name) => secrets[name] ?? null,
    },
  })
  await kept.serve({ mostAsks: 10_000 })
  const collectors = kept.capabilities.flatMap((one) => one.collectors ?? [])
  const { apply } = claimsOperations(() => collectors)
  await kept.ask('operator', apply, { page, systems: systemsAt(address) })
  const staff = await openStaff(kept, address)
  const told = await staff.ask('POST', '/api/probe/providers', { service: 'portal' })
  const users: Record<string, object> = {}
  for (const [side, tenant] of [
    ['a', 'north'],
    ['b', 'south'],
  ] as const) {
    const provider = told.body['providers'].find((one: { side: string }) => one.side === side)
    const { owner, ids } = await connect(staff, tenant, provider)
    if (side === 'a') saml = ids.saml
    users[side] = { email: `canary@${tenant}.test`, tenant, ...ids }
    users['owner'] ??= { email: owner.email, password: goodPassword, totp: owner.secret, tenant }
    users['member'] ??= { email: owner.email, password: goodPassword, totp: owner.secret, tenant }
  }
  secrets['PORTAL'] = JSON.stringify({ signIn: users })
  watch = new Watch(
    collectors.find(({ kind }) => kind === 'service.single-sign-on')!,
    system({ id: 'portal', type: 'service', address, provider: 'kept', secret: 'PORTAL' }),
  )
}, 60_000)
afterAll(() => kept.stop())

/** Shows a canary tenant's domain, and registers its test provider there by both protocols, as its owner does. */
async function connect(staff: Browser, tenant: string, provider: Record<string, string>) {
  const owner = await openTenant(kept, address, staff, tenant)
  await verifyDomain(owner, dns, `${tenant}.test`)
  const added = {
    oidc: await owner.by.ask('POST', '/api/connections/oidc', {
      label: 'probe',
      issuer: provider['issuer'],
      clientId: provider['clientId'],
      clientSecret: provider['clientSecret'],
    }),
    saml: await owner.by.ask('POST', '/api/connections/saml', {
      label: 'probe by SAML',
      metadata: await (await fetch(provider['metadata']!)).text(),
    }),
  }
  for (const { status, body } of Object.values(added)) {
    expect([status, body]).toEqual([200, expect.anything()])
    await owner.by.ask('PUT', `/api/connections/${body['id']}/enabled`, { enabled: true })
  }
  const ids = { oidc: added.oidc.body['id'] as string, saml: added.saml.body['id'] as string }
  return { owner, ids }
}

async function look() {
  const observation = await watch.look({ kept, secrets, source: page, now: kept.time.now() })
  return { ...observation, verdict: watch.verdict('sso', { with: ['oidc', 'saml'] }) }
}

describe('this portal', () => {
  it('is signed in to by both protocols, and by nothing that it must refuse', async () => {
    expect(await look()).toEqual({
      outcome: 'pass',
      measured: { signedInWith: ['oidc', 'saml'], foreignAccepted: 0 },
      verdict: 'kept',
    })
  }, 120_000)

  it('breaks its promise while a connection trusts another tenant’s key', async () => {
    const known = await kept.as.superuser.query<{ config: object }>(
      'select config from identity.connections where id = $1',
      [saml],
    )
    await kept.as.superuser.query(
      `update identity.connections set config = jsonb_set(config, '{certificates}', (
         select jsonb_agg(one) from identity.connections, jsonb_array_elements(config -> 'certificates') as one))
       where id = $1`,
      [saml],
    )
    const holed = await look()
    expect(holed).toMatchObject({
      outcome: 'fail',
      measured: { foreignAccepted: 1 },
      verdict: 'broken',
    })
    expect(holed.note).toBe('signed in by a response that another customer’s key signed, with saml')
    await kept.as.superuser.query('update identity.connections set config = $2 where id = $1', [
      saml,
      known.rows[0]!.config,
    ])
    expect((await look()).verdict).toBe('kept')
  }, 120_000)

  it('is looked at by the worker, and the page says so', async () => {
    await kept.work()
    const by = openBrowser(address, address)
    const { body } = await by.ask('GET', '/api/claims')
    const [claim] = body['claims'] as { id: string; verdict: string }[]
    expect(claim).toMatchObject({ id: 'sso', verdict: 'kept' })
  }, 120_000)

  it('asks for a second factor after a provider that says nothing of any', async () => {
    const subject = system({
      id: 'portal',
      type: 'service',
      address,
      provider: 'kept',
      secret: 'PORTAL',
    })
    const given = context({ kept, secrets, source: page, now: kept.time.now() })
    const key = new Uint8Array(32).fill(9)
    const outside = { reach: 'loopback', authorities: [], secret: () => null, mail: null } as const
    const find = testProviderOperations({ origin: address, key, outside }).findTestProviders
    const enterAll = (prepare: (owner: Visitor) => Promise<void>) =>
      lookAtSignIn(subject, given, async (at) => {
        const owner = await at.enterOwner()
        const ways = await providerWays(at, subject, owner, { context: given, key, find })
        await prepare(owner)
        const found: [string, boolean][] = []
        for (const { name, enter } of ways)
          found.push([name, await isIn(await enter(), at.document.reading)])
        return found
      })
    const say = (isIn: boolean) =>
      ['oidc', 'saml'].map((name) => [`a provider that says nothing of factors (${name})`, isIn])
    const ask = async (owner: Visitor, secondFactor: boolean) => {
      const body = { secondFactor, providerOnly: false, addresses: null }
      await owner.must([{ method: 'PUT', path: '/api/settings', body }], 'settings')
    }
    expect(await enterAll(() => Promise.resolve())).toEqual(say(true))
    kept.time.advance(31_000)
    given.now = kept.time.now()
    expect(await enterAll((owner) => ask(owner, true))).toEqual(say(false))
  }, 120_000)

  it('keeps no code, token or secret of it in the ledger', async () => {
    const text = await ledgerText(kept)
    expect(text).toContain('identity.exchange-test-code')
    for (const secret of ['eyJ', 'SAMLResponse', 'canary@north.test', 'PRIVATE KEY'])
      expect(text).not.toContain(secret)
  })
})
