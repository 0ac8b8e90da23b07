import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeAt } from '../../../../test/browser.ts'
import { openCanary, type Canary } from '../../../../test/canary-portal.ts'
import { testKept, type TestKept } from '../../../../test/kept.ts'
import { Watch } from '../../../../test/looking.ts'
import { openStaff, openTenant, goodPassword } from '../../../../test/tenant-owner.ts'
import { claimsOperations } from '../../claims/operations.ts'
import { addressListsCollector } from './address-lists.ts'

let kept: TestKept
let canary: Canary

beforeAll(async () => {
  kept = await testKept({ origin: 'http://localhost' })
  canary = await openCanary(kept)
})
afterAll(() => kept.stop())

const look = async () => {
  kept.time.advance(20 * 60_000)
  return await addressListsCollector.collect(canary.subject, canary.given())
}
const damage = (sql: string) => kept.as.superuser.query(sql)
const page = (address: string) => `---
company: Example Inc
contact: security@example.com
---
# Security

[Where your people come from is up to you](kept:${address}#networks).
`
const apply = (address: string) =>
  kept.ask('operator', claimsOperations(() => []).apply, {
    page: page(address),
    systems: 'services:\n  portal: { provider: kept }\n',
  })

test(
  'a list that is offered keeps out whoever is not in it, whatever they say of themselves',
  { timeout: 120_000 },
  async () => {
    expect((await look()).note).toContain('has no "closed" user')
    // A tenant whose owner comes from a network that is not this one's: its list is set beneath Kept.
    const staff = await openStaffAgain()
    const closed = await openTenant(kept, canary.address, staff, 'closed')
    await damage(
      `insert into identity.settings (tenant, addresses) values ('closed', '{203.0.113.0/24}')`,
    )
    canary.secret.signIn['closed'] = {
      email: closed.email,
      password: goodPassword,
      totp: closed.secret,
      tenant: 'closed',
      listed: '203.0.113.9',
    }
    const watch = new Watch({ ...addressListsCollector, collect: look }, canary.subject)
    expect((await watch.look()).measured).toEqual({ supported: true, lists: 1, passed: 0 })
    expect(watch.verdict('ip-allow-list')).toBe('kept')
    expect(watch.verdict('ip-allow-list', { offered: 'no' })).toBe('broken')

    await damage(`update identity.settings set addresses = '{0.0.0.0/0}' where tenant = 'closed'`)
    const holed = await watch.look()
    expect(holed.note).toContain('with all that is asked for')
    expect(watch.verdict('ip-allow-list')).toBe('broken')
    await damage(
      `update identity.settings set addresses = '{203.0.113.0/24}' where tenant = 'closed'`,
    )
    await watch.look()
    expect(watch.verdict('ip-allow-list')).toBe('kept')

    canary.secret.signIn['closed']['password'] = 'not the one of that user'
    const unknown = await look()
    expect(unknown).toMatchObject({ outcome: 'inconclusive' })
    expect(unknown.note).toContain('as it answers to a wrong password')
  },
)

test(
  'a page that offers none has Kept refuse them, and counts those from before',
  { timeout: 120_000 },
  async () => {
    await damage(`update identity.settings set addresses = null`)
    await apply('ip-allow-list?offered=no')
    const watch = new Watch({ ...addressListsCollector, collect: look }, canary.subject)
    expect(await watch.look()).toEqual({
      outcome: 'pass',
      measured: { supported: false, lists: 0, passed: 0 },
    })
    expect(watch.verdict('ip-allow-list', { offered: 'no' })).toBe('kept')
    expect(watch.verdict('ip-allow-list', {})).toBe('broken')

    kept.time.advance(60_000)
    await signInAgain()
    const settings = { secondFactor: false, providerOnly: false, addresses: ['127.0.0.0/8'] }
    const refused = await canary.owner.by.ask('PUT', '/api/settings', settings)
    expect(refused).toMatchObject({ status: 403, body: { code: 'not-allowed', at: '/addresses' } })
    const control = await canary.owner.by.ask('PUT', '/api/settings', {
      ...settings,
      addresses: null,
    })
    expect(control.status).toBe(200)
    expect((await canary.owner.by.ask('GET', '/api/settings')).body['offersAddresses']).toBe(false)

    await damage(
      `insert into identity.settings (tenant, addresses) values ('other', '{203.0.113.0/24}')`,
    )
    const { note, measured } = await watch.look()
    expect(measured).toEqual({ supported: false, lists: 1, passed: 0 })
    expect(note).toContain('have their owners remove it')
    expect(watch.verdict('ip-allow-list', { offered: 'no' })).toBe('broken')
    await damage(`update identity.settings set addresses = null where tenant = 'other'`)
    await watch.look()
    expect(watch.verdict('ip-allow-list', { offered: 'no' })).toBe('kept')
  },
)

async function openStaffAgain() {
  // The staff invite a first owner only by somebody who proved a factor just now.
  await damage(`update identity.accounts set removed_at = now() where tenant is null`)
  await damage(`update identity.accounts set name = 'former' where tenant is null`)
  return await openStaff(kept, canary.address)
}

/** The first session has lain idle too long by now. */
async function signInAgain() {
  const { by, email, secret } = canary.owner
  const given = { tenant: 'canary', email, password: goodPassword }
  expect((await by.ask('POST', '/api/sign-in', given)).status).toBe(200)
  const code = codeAt(secret, kept.time.now())
  expect((await by.ask('POST', '/api/session/totp', { code })).status).toBe(200)
}
