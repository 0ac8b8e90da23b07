/** What somebody gains who has stolen a password or a session, or was taken out. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { codeAt, openBrowser, type Browser } from '../../../test/browser.ts'
import { testKept, type TestKept } from '../../../test/kept.ts'
import {
  goodPassword,
  join,
  openStaff,
  openTenant,
  origin,
  type Owner,
} from '../../../test/tenant-owner.ts'

let kept: TestKept
let address: string
let staff: Browser
let owner: Owner
beforeAll(async () => {
  kept = await testKept({ collectors: [] })
  address = await kept.serve({ mostAsks: 100_000 })
  staff = await openStaff(kept, address)
  owner = await openTenant(kept, address, staff, 'acme')
})
afterAll(() => kept.stop())

const signIn = async (email: string) => {
  const by = openBrowser(address, origin)
  const told = await by.ask('POST', '/api/sign-in', {
    tenant: 'acme',
    email,
    password: goodPassword,
  })
  expect(told.status).toBe(200)
  return by
}
const invite = async (by: Browser, email: string, role: string): Promise<string> =>
  (await by.ask('POST', '/api/people', { email, role })).body['link']

it('asks whoever set up a second factor for it, though their tenant asks for none', async () => {
  const by = openBrowser(address, origin)
  await join(kept, by, await invite(owner.by, 'ann@acme.test', 'member'), { name: 'Ann' })
  const thief = await signIn('ann@acme.test')
  const [left, made] = [
    await thief.ask('DELETE', '/api/account/totp', {}),
    await thief.ask('POST', '/api/account/recovery-codes', {}),
  ]
  expect([left.status, made.status]).toEqual([401, 401])
  // The control: who never set one up comes in by a password, since the tenant asks for no more.
  const link = await invite(owner.by, 'bob@acme.test', 'member')
  const joined = { token: link.split('#')[1]!, name: 'Bob', password: goodPassword }
  const bob = openBrowser(address, origin)
  expect((await bob.ask('POST', '/api/invitations/accept', joined)).status).toBe(200)
  const again = await signIn('bob@acme.test')
  expect((await again.ask('GET', '/api/sessions')).status).toBe(200)
})

it('gives who was removed no way back by a link that they made', async () => {
  const mal = openBrowser(address, origin)
  const known = await join(kept, mal, await invite(owner.by, 'mal@acme.test', 'owner'), {
    name: 'Mal',
  })
  const link = await invite(mal, 'mal-again@acme.test', 'owner')
  expect((await owner.by.ask('DELETE', `/api/people/${known.account}`, {})).status).toBe(200)
  const back = await openBrowser(address, origin).ask('POST', '/api/invitations/accept', {
    token: link.split('#')[1]!,
    name: 'Nobody',
    password: goodPassword,
  })
  expect(back.status).toBe(401)
  // The control: a link of somebody who stays lets its bearer in.
  const other = await invite(owner.by, 'new@acme.test', 'member')
  const joined = { token: other.split('#')[1]!, name: 'New', password: goodPassword }
  const by = openBrowser(address, origin)
  expect((await by.ask('POST', '/api/invitations/accept', joined)).status).toBe(200)
})

it('takes ten wrong codes of a second factor, however many come at once', async () => {
  const by = openBrowser(address, origin)
  await join(kept, by, await invite(owner.by, 'cat@acme.test', 'member'), { name: 'Cat' })
  const thief = await signIn('cat@acme.test')
  const all = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      thief.ask('POST', '/api/session/totp', { code: String(100000 + i) }),
    ),
  )
  const tried = all.filter(({ body }) => body['code'] === 'wrong-credentials').length
  expect(tried).toBe(10)
  expect(all.filter(({ body }) => body['code'] === 'too-many').length).toBe(190)
}, 60_000)

it('gives another token with the password that was owed, since more may be done by it', async () => {
  kept.time.advance(20 * 60_000)
  const by = openBrowser(address, origin)
  const { secret } = await join(kept, by, await invite(await again(), 'dan@acme.test', 'member'), {
    name: 'Dan',
  })
  await kept.as.superuser.query('update identity.passwords set minimum = 8')
  kept.time.advance(31_000)
  const old = await signIn('dan@acme.test')
  const code = codeAt(secret, kept.time.now())
  expect((await old.ask('POST', '/api/session/totp', { code })).status).toBe(200)
  expect((await old.ask('GET', '/api/sessions')).status).toBe(401)
  const planted = old.cookies()
  expect(
    (await old.ask('PUT', '/api/account/password', { password: 'four other random words' })).status,
  ).toBe(200)
  expect((await old.ask('GET', '/api/sessions')).status).toBe(200)
  expect(old.cookies()).not.toBe(planted)
})

async function again(): Promise<Browser> {
  await owner.by.ask('POST', '/api/session/totp', { code: codeAt(owner.secret, kept.time.now()) })
  return owner.by
}
