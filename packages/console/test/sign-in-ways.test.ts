import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConsole } from '../../server/src/console.ts'
import { movableTime, systemTime } from '../../server/src/foundation/time.ts'
import { openLog } from '../../server/src/log.ts'
import { codeAt } from '../../server/test/browser.ts'
import { testKept, type TestKept } from '../../server/test/kept.ts'
import { openOidcProvider } from '../../server/test/oidc-providers.ts'
import { openSamlProvider } from '../../server/test/saml-provider.ts'
import { openStaff } from '../../server/test/tenant-owner.ts'
import { executablePath, findObjections } from './staged.ts'

// The provider sends the browser back to this name, so the browser must find it.
const origin = 'http://kept.localhost'
const tenant = "acme & co's/50%"
const portal = `${origin}/portal/${encodeURIComponent(tenant)}`
const ways = `${portal}/sign-in-ways`
const password = 'lantern orbit meadow staple'

describe.skipIf(!existsSync(executablePath))(
  'a tenant’s own ways to sign in, in Chromium (/usr/bin/chromium)',
  () => {
    const dns = new Map<string, string[]>()
    const wrongs: string[] = []
    const profiles: string[] = []
    const contexts: BrowserContext[] = []
    let kept: TestKept
    let address: string
    let provider: Awaited<ReturnType<typeof openOidcProvider>>
    let page: Page
    let secret = ''

    async function launch(): Promise<Page> {
      const profile = mkdtempSync(join(tmpdir(), 'kept-chromium-'))
      profiles.push(profile)
      const context = await chromium.launchPersistentContext(profile, {
        executablePath,
        headless: true,
        args: [
          '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
          '--disable-component-update', '--disable-sync',
          `--host-resolver-rules=MAP kept.localhost ${new URL(address).host}`,
        ], // prettier-ignore
      })
      contexts.push(context)
      context.setDefaultTimeout(30_000)
      context.on('weberror', (error) => wrongs.push(error.error().message))
      context.on('console', (message) => {
        if (/content security policy|trusted/i.test(message.text())) wrongs.push(message.text())
      })
      return context.pages()[0] ?? (await context.newPage())
    }

    beforeAll(async () => {
      kept = await testKept({
        time: movableTime(systemTime),
        collectors: [],
        origin,
        outside: { txt: (name) => Promise.resolve(dns.get(name) ?? []) },
      })
      address = await kept.serve({
        origin,
        mostAsks: 10_000,
        console: openConsole(openLog('silent')),
      })
      provider = await openOidcProvider()
      page = await launch()
    }, 120_000)
    afterAll(async () => {
      for (const context of contexts) await context.close()
      await provider?.stop()
      await kept?.stop()
      for (const profile of profiles) rmSync(profile, { recursive: true, force: true })
    })

    const press = (name: string, by = page) => by.getByRole('button', { name, exact: true }).click()
    const row = (text: string) => page.locator('.rows > li', { hasText: text })
    const expectSound = async (name: string, by = page) => {
      expect(await findObjections(by, name)).toEqual([])
      expect(wrongs).toEqual([])
    }

    it('is for owners of the tenant', async () => {
      const staff = await openStaff(kept, address)
      const made = await staff.ask('POST', `/api/tenants/${encodeURIComponent(tenant)}/owner`, {
        email: 'owner@acme.test',
      })
      expect(made.status).toBe(200)
      const link = new URL(made.body['link'])
      await page.goto(`${origin}${link.pathname}${link.hash}`)
      await page.getByLabel('What you are called').fill('ola', { timeout: 90_000 })
      await page.getByLabel('Password').fill(password)
      await press('Go on')
      await page.getByText('Type the key instead').click()
      secret = (await page.locator('details .mono').textContent())!.replaceAll(' ', '')
      await page.getByLabel('Code', { exact: true }).fill(codeAt(secret, kept.time.now()))
      await press('Set it up')
      await press('I have kept them')
      await page.getByRole('link', { name: 'Sign-in' }).click()
      await page.getByText('None. A provider lets in only').waitFor()
      expect(page.url()).toBe(ways)
      await expectSound('sign-in-ways-empty')
    }, 180_000)

    it('shows which record makes a domain the tenant’s, and looks for it', async () => {
      await page.getByLabel('Domain', { exact: true }).fill('Acme.test')
      await press('Add the domain')
      const name = await page.getByLabel('Name of the TXT record').inputValue()
      const value = await page.getByLabel('Its value').inputValue()
      expect([name, value]).toEqual(['_kept.acme.test', expect.stringMatching(/^kept-domain=/)])
      await press('Check now')
      await page.getByText(`No TXT record of ${name} holds`).waitFor()
      expect(await row('acme.test').getByText('Not verified').count()).toBe(1)
      await expectSound('sign-in-ways-domain')
      dns.set(name, [value])
      await press('Check now')
      await row('acme.test').getByText('Verified', { exact: true }).waitFor()
      expect(await row('acme.test').locator('.soft').textContent()).toMatch(/^until /)
    }, 60_000)

    it('adds a provider and tries it: what it sent, and each check', async () => {
      await page.getByText('Add a connection').click()
      await page.getByLabel('What you call it').fill('our provider')
      await page.getByLabel('Issuer').fill(provider.issuer)
      await page.getByLabel('Client id').fill('kept')
      await page.getByLabel('Client secret').fill('a secret that is long enough')
      await press('Add it')
      const callback = await page.getByLabel('Redirect address').inputValue()
      expect(callback).toMatch(/^http:\/\/kept\.localhost\/api\/sso\/[\w-]+\/callback$/)
      provider.register({ id: 'kept', secret: 'a secret that is long enough', callback })
      provider.person = { sub: 's-1', email: 'mia@elsewhere.test', email_verified: true }
      await press('Test this connection')
      await page.getByText('Whoever that was would be refused').waitFor()
      const id = callback.split('/').at(-2)!
      expect(page.url()).toBe(`${ways}/${id}`)
      const failed = page.locator('tr', { has: page.locator('.v.broken') })
      expect(await failed.locator('td').allTextContents()).toEqual([
        'domain', 'Fail', 'elsewhere.test is no verified domain of this tenant',
      ]) // prettier-ignore
      expect(await page.locator('pre').first().textContent()).toContain('mia@elsewhere.test')
      await expectSound('sign-in-ways-refused')
      provider.person = { sub: 's-1', email: 'mia@acme.test', email_verified: true, name: 'Mia' }
      await press('Test this connection')
      await page.getByText('Whoever that was would be let in').waitFor()
      expect(await page.getByText(/^Tested .*, failed$/).count()).toBe(1)
      // Nobody was signed in by it: the owner still is.
      expect(await page.locator('footer').textContent()).toContain('ola, owner')
    }, 90_000)

    it('lets a user in by it once it is enabled', async () => {
      const by = await launch()
      await by.goto(`${portal}/account`)
      await press('Sign in by your company’s provider', by)
      await by.getByText('No provider lets users in there').waitFor()
      await expectSound('portal-sign-in', by)
      await press('Enable')
      await row('our provider').getByText('Enabled', { exact: true }).waitFor()
      await press('Sign in by your company’s provider', by)
      await by.getByText('This session was proved by own provider').waitFor()
      expect(by.url()).toBe(`${portal.replace("'", '%27')}/account`)
      await by.goto(ways)
      await by.getByText('Only owners see and connect providers').waitFor()
      // Disabled, it ends the sessions that it began.
      await press('Disable')
      await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
      await row('our provider').getByText('Not enabled').waitFor()
      await by.reload()
      await by.getByLabel('E-mail address').waitFor()
    }, 90_000)

    it('reads a SAML provider’s metadata of a file, and shows ours; each is named by its address', async () => {
      const saml = await openSamlProvider('https://saml.acme.test', () => kept.time.now())
      await page.goto(ways)
      await page.getByText('Add a connection').click()
      await page.getByLabel('By', { exact: true }).selectOption('saml')
      await page.getByLabel('What you call it').fill('the other')
      await page.getByLabel('Or from a file').setInputFiles({
        name: 'metadata.xml',
        mimeType: 'text/xml',
        buffer: Buffer.from(saml.metadata),
      })
      await expect
        .poll(() => page.getByLabel('The provider’s metadata (XML)').first().inputValue())
        .toBe(saml.metadata)
      await press('Add it')
      const other = row('the other')
      const ours = await other.getByLabel('Our metadata').inputValue()
      expect(await other.getByLabel('(ACS)').inputValue()).toBe(ours.replace('metadata', 'acs'))
      const told = await fetch(ours.replace(origin, address))
      expect([told.status, await told.text()]).toEqual([
        200,
        expect.stringContaining('EntityDescriptor'),
      ])
      await expectSound('sign-in-ways-saml')
      // With two of them a stranger must say which.
      for (const one of ['our provider', 'the other']) {
        await row(one).getByRole('button', { name: 'Enable' }).click()
        await row(one).getByText('Enabled', { exact: true }).waitFor()
      }
      const first = await row('our provider')
        .getByLabel('Sign-in page for this connection', { exact: false })
        .inputValue()
      const by = await launch()
      await by.goto(portal)
      await press('Sign in by your company’s provider', by)
      await by.getByText('Several providers let users in there').waitFor()
      await by.goto(first)
      await press('Sign in by your company’s provider', by)
      await by.getByRole('heading', { name: 'What you are promised' }).waitFor()
      await other.getByRole('button', { name: 'Remove' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
      await other.waitFor({ state: 'detached' })
    }, 90_000)

    it('makes a token for a directory, shown once, whose groups an owner gives a meaning', async () => {
      const base = await page.getByLabel('Base address').inputValue()
      await page.getByText('Make a token').click()
      await page.getByLabel('Which directory it is for').fill('Okta')
      await press('Make it')
      const token = await page.getByLabel('The token, shown once').inputValue()
      const ask = (path: string, body?: object) =>
        fetch(`${base.replace(origin, address)}/${path}`, {
          method: body ? 'POST' : 'GET',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/scim+json',
          },
          ...(body && { body: JSON.stringify(body) }),
        })
      const made = await ask('Groups', {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
        displayName: 'Security',
      })
      expect(made.status).toBe(201)
      await page.reload()
      await row('Security').getByRole('button', { name: 'Make owners' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Make owners' }).click()
      await row('Security').getByText('who are owners').waitFor()
      expect(await page.content()).not.toContain(token)
      await expectSound('sign-in-ways')
      await row('Okta').getByRole('button', { name: 'End it' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click()
      await page.getByText('No token yet').waitFor()
      expect((await ask('Groups')).status).toBe(401)
    }, 90_000)

    it('asks for a factor again before it changes who comes in', async () => {
      kept.time.advance(11 * 60_000)
      await page.getByLabel('Domain', { exact: true }).fill('beta.test')
      await press('Add the domain')
      await page.getByText('Prove that it is you').waitFor()
      expect(await row('beta.test').count()).toBe(0)
      await page.getByLabel('Code of your authenticator app').fill(codeAt(secret, kept.time.now()))
      await press('Prove it')
      await row('beta.test').waitFor()
      expect(await page.getByRole('dialog').count()).toBe(0)
      await row('beta.test').getByRole('button', { name: 'Remove' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
      await row('beta.test').waitFor({ state: 'detached' })
    }, 60_000)
  },
)
