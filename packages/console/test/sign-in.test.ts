import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signRequest } from '../../client/src/index.ts'
import { fromNode, openKeptSessions, type KeptSessions } from '../../guard/src/index.ts'
import { codeAt } from '../../server/test/browser.ts'
import { makeKey } from '../../server/test/signing.ts'
import {
  claims,
  executablePath,
  findObjections,
  identity,
  openStage,
  type Stage,
} from './staged.ts'

const password = 'lantern orbit meadow staple'
const longer = 'lantern orbit meadow staple and a stable'
const first = `---
company: Example Inc
contact: security@example.com
---
# Security

[All connections use TLS 1.2 or newer](kept:encryption.in-transit?min=1.2#tls).
`
/** Promises more: whoever's password is shorter takes another, and no list of networks is taken any more. */
const more = `${first}
[Passwords have at least 30 characters](kept:password.minimum?length=30#passwords).
[We do not support IP allow-lists](kept:ip-allow-list?offered=no#networks).
`
const key = makeKey('web')

/** An app of the company on a server of its own, whose users sign in at the portal. */
async function openApp(stage: Stage): Promise<{ url: string; server: Server }> {
  let sessions: KeptSessions | null = null
  const server = createServer((request, response) => {
    const answer = async (): Promise<Response> => {
      const { pathname, search } = new URL(request.url!, 'http://app')
      const incoming = fromNode(request)
      if (pathname === '/sign-in') return sessions!.begin({ tenant: 'acme', next: '/home' })
      if (pathname.startsWith('/.well-known'))
        return await sessions!.finish(incoming, pathname + search)
      const principal = await sessions!.verify(incoming, stage.kept.time.now())
      return new Response(`<!doctype html><title>app</title><p>You are ${principal?.actor} of ${principal?.tenant}</p>`, { headers: { 'content-type': 'text/html' } }) // prettier-ignore
    }
    const send = async () => {
      const refused = (error: Error) => new Response(error.message, { status: 401 })
      const given = await answer().catch(refused)
      response.statusCode = given.status
      response.setHeaders(given.headers)
      response.end(await given.text())
    }
    void send()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const signer = {
    as: 'web',
    now: () => stage.kept.time.now(),
    sign: (data: Uint8Array) => key.sign(data),
  }
  const sign = (request: Request) => signRequest(request, signer)
  sessions = openKeptSessions({ url: stage.address, app: 'web-app', origin: url, sign })
  return { url, server }
}

describe.skipIf(!existsSync(executablePath))(
  'what a sign-in asks for, in Chromium (/usr/bin/chromium)',
  () => {
    let stage: Stage
    let page: Page
    let app: { url: string; server: Server }
    let systems = ''
    let ownerSecret = ''
    const member = { email: 'mia@acme.example', page: null as unknown as Page }

    const press = (name: string, by: Page) => by.getByRole('button', { name, exact: true }).click()
    const heading = (name: string, by: Page) => by.getByRole('heading', { name }).first().waitFor()
    const isIn = (by: Page) => by.getByRole('navigation').waitFor()
    const expectSound = async (name: string, by: Page) => {
      expect(await findObjections(by, name)).toEqual([])
      expect(stage.wrongs).toEqual([])
    }
    const local = (link: string) => stage.address + new URL(link).pathname + new URL(link).hash
    const nextCode = (of: string) => {
      stage.kept.time.advance(31_000)
      return codeAt(of, stage.kept.time.now())
    }

    beforeAll(async () => {
      stage = await openStage({ applied: false })
      page = stage.page
      app = await openApp(stage)
      systems = `services:
  web-app: { address: '${app.url}', tags: ['sign-in-runner:web'] }
runners:
  web: { holder: workload, key: ${key.line}, kinds: ['*'], subjects: [web-app] }
`
      await stage.kept.ask('operator', claims.apply, { page: first, systems })
      const { link } = await stage.kept.ask('operator', identity.inviteFirstOwner, {})
      await join(page, link!, 'ada', 'ada@example.com')
      const made = await page.evaluate(async () => {
        const response = await fetch('/api/tenants/acme/owner', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email: 'ola@acme.example' }),
        })
        return (await response.json()) as { link: string }
      })
      const owner = await stage.another()
      ownerSecret = await join(owner.page, made.link, 'ola')
      await heading('What you are promised', owner.page)
      ownerPage = owner.page
      await ownerPage.goto(`${stage.address}/portal/acme/people`)
      await ownerPage.getByLabel('E-mail address').fill(member.email)
      await ownerPage.getByRole('button', { name: 'Make a link' }).last().click()
      const invited = await ownerPage.getByLabel('One-time link').inputValue()
      const other = await stage.another()
      member.page = other.page
      await other.page.goto(local(invited))
      await other.page.getByLabel('What you are called').fill('mia')
      await other.page.getByLabel('Password').fill(password)
      await press('Go on', other.page)
      await other.page.getByText('Later, if your company allows it').click()
      await heading('What you are promised', other.page)
    }, 180_000)
    let ownerPage: Page
    afterAll(async () => {
      app?.server.close()
      await stage?.close()
    })

    async function join(by: Page, link: string, name: string, email?: string): Promise<string> {
      await by.goto(local(link))
      await by.getByLabel('What you are called').fill(name, { timeout: 90_000 })
      if (email !== undefined) await by.getByLabel('E-mail address').fill(email)
      await by.getByLabel('Password').fill(password)
      await press('Go on', by)
      await by.getByText('Type the key instead').click()
      const secret = (await by.locator('details .mono').textContent())!.replaceAll(' ', '')
      await by.getByLabel('Code', { exact: true }).fill(codeAt(secret, stage.kept.time.now()))
      await press('Set it up', by)
      await press('I have kept them', by)
      await by.getByRole('navigation').waitFor()
      return secret
    }

    async function signIn(by: Page, secretWord = password): Promise<void> {
      await by.getByLabel('E-mail address').fill(member.email)
      await by.getByLabel('Password').fill(secretWord)
      await press('Sign in', by)
    }

    it('shows on the account what is set up, and what is not', async () => {
      const by = member.page
      await by.goto(`${stage.address}/portal/acme/account`)
      await by.getByText('None is set up.').first().waitFor()
      await by.getByText('0 are left').waitFor()
      await expectSound('account-without-factors', by)
      await ownerPage.goto(`${stage.address}/portal/acme/account`)
      await ownerPage.getByText('It is set up.').waitFor()
      await ownerPage.getByText('10 are left').waitFor()
      expect(await ownerPage.getByRole('button', { name: 'Set it up' }).count()).toBe(0)
      await expectSound('account-with-factors', ownerPage)
    }, 60_000)

    it('leads from an app to the portal and back, signed in there', async () => {
      const by = member.page
      await press('Sign out', by)
      await heading('Sign in to acme', by)
      await by.goto(`${app.url}/sign-in`)
      await heading('Sign in to acme', by)
      expect(by.url()).toContain(`${stage.address}/portal/acme?app=web-app&challenge=`)
      await expectSound('sign-in-from-app', by)
      await signIn(by)
      await by.waitForURL(`${app.url}/home`)
      expect(await by.locator('p').textContent()).toMatch(/^You are user:[\w-]{36} of acme$/)
      // Whoever is signed in already is asked for nothing.
      await by.goto(`${app.url}/sign-in`)
      await by.waitForURL(`${app.url}/home`)
      await by.goto(`${stage.address}/portal/acme/account`)
      await by.getByText('also in web-app').waitFor()
      await expectSound('account-with-app', by)
    }, 60_000)

    it('asks for a new password once the page promises longer ones', async () => {
      const by = member.page
      await ownerPage.goto(`${stage.address}/portal/acme/settings`)
      await ownerPage.getByLabel('Networks').waitFor()
      await press('Sign out', by)
      const applied = await stage.kept.ask('operator', claims.apply, { page: more, systems })
      expect(applied).toMatchObject({ version: 2 })
      await signIn(by)
      await heading('Choose a new password', by)
      await expectSound('new-password', by)
      await by.getByLabel('New password').fill('short and sweet')
      await by.getByLabel('The same again').fill('short and sweet')
      await press('Set it', by)
      await by.getByText('take 30 or more', { exact: false }).waitFor()
      await by.getByLabel('New password').fill(longer)
      await by.getByLabel('The same again').fill(longer)
      await press('Set it', by)
      await isIn(by)
      await press('Sign out', by)
      await signIn(by, longer)
      await isIn(by)
    }, 60_000)

    it('asks for a second factor once the tenant does, to be set up then and there', async () => {
      const by = member.page
      await ownerPage.goto(`${stage.address}/portal/acme/settings`)
      await ownerPage.getByLabel('A second factor from everybody').check()
      // The page says by now that no lists of networks are taken.
      expect(await ownerPage.getByLabel('Networks').count()).toBe(0)
      await expectSound('portal-settings-no-lists', ownerPage)
      stage.kept.time.advance(11 * 60_000)
      await press('Set it', ownerPage)
      await ownerPage.getByLabel('Code of your authenticator app').fill(nextCode(ownerSecret))
      await press('Prove it', ownerPage)
      await ownerPage.getByText('It holds from now on').waitFor()
      // Who is in is out until it is done.
      await by.reload()
      await heading('Set up your second factor', by)
      await expectSound('enrol-first', by)
      await by.getByText('Type the key instead').click()
      const secret = (await by.locator('details .mono').textContent())!.replaceAll(' ', '')
      await by.getByLabel('Code', { exact: true }).fill(codeAt(secret, stage.kept.time.now()))
      await press('Set it up', by)
      await press('I have kept them', by)
      await isIn(by)
      await press('Sign out', by)
      await by.goto(`${app.url}/sign-in`)
      await signIn(by, longer)
      await by.getByLabel('Code of your authenticator app').fill(nextCode(secret))
      await press('Go on', by)
      await by.waitForURL(`${app.url}/home`)
      expect(await by.locator('p').textContent()).toMatch(/^You are user:/)
    }, 60_000)
  },
)
