import { existsSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeAt } from '../../server/test/browser.ts'
import {
  claims,
  executablePath,
  findObjections,
  identity,
  openStage,
  source,
  systems,
  type Stage,
} from './staged.ts'

/** A tenant is named as the app's tables name it, with whatever signs. */
const tenant = 'acme & co/50%'
const portal = `/portal/${encodeURIComponent(tenant)}`
const password = 'lantern orbit meadow staple'
const added = '[Passwords have at least 12 characters](kept:password.minimum?length=12#passwords).'

describe.skipIf(!existsSync(executablePath))('the console in Chromium (/usr/bin/chromium)', () => {
  let stage: Stage
  let page: Page
  let secret = ''
  let codes: string[] = []
  beforeAll(async () => {
    stage = await openStage()
    page = stage.page
  }, 120_000)
  afterAll(() => stage?.close())

  const open = (path: string, by = page) => by.goto(stage.address + path)
  const heading = (name: string | RegExp, by = page) =>
    by.getByRole('heading', { name }).first().waitFor()
  const press = (name: string | RegExp, by = page) =>
    by.getByRole('button', { name, exact: typeof name === 'string' }).click()
  const expectSound = async (name: string, by = page) => {
    expect(await findObjections(by, name)).toEqual([])
    expect(stage.wrongs).toEqual([])
  }
  /** The next code of an authenticator app: each is good once. */
  function nextCode(of: string): string {
    stage.kept.time.advance(31_000)
    return codeAt(of, stage.kept.time.now())
  }
  const local = (link: string) => stage.address + new URL(link).pathname + new URL(link).hash

  /** Sets up the app that the page shows a key for, and returns the key. */
  async function enrol(by: Page): Promise<string> {
    await by.getByText('Type the key instead').click()
    const text = await by.locator('details .mono').textContent()
    const key = text!.replaceAll(' ', '')
    await by.getByLabel('Code', { exact: true }).fill(codeAt(key, stage.kept.time.now()))
    await press('Set it up', by)
    return key
  }

  async function join(by: Page, link: string, name: string): Promise<string> {
    await by.goto(local(link))
    await by.getByLabel('What you are called').fill(name)
    await by.getByLabel('Password').fill(password)
    await press('Go on', by)
    const key = await enrol(by)
    await press('I have kept them', by)
    return key
  }

  async function signIn(by: Page, email: string, key: string): Promise<void> {
    await by.getByLabel('E-mail address').fill(email)
    await by.getByLabel('Password').fill(password)
    await press('Sign in', by)
    await by.getByLabel('Code of your authenticator app').fill(nextCode(key))
    await press('Go on', by)
  }

  it('comes by itself once it is built, and asks who is there', async () => {
    await open('/console')
    await page.getByLabel('E-mail address').waitFor({ timeout: 90_000 })
    await expectSound('sign-in')
    expect(await page.getByRole('navigation').count()).toBe(0)
  }, 120_000)

  it('lets the first owner join by a link, with an authenticator app', async () => {
    const { link } = await stage.kept.ask('operator', identity.inviteFirstOwner, {})
    await page.goto(local(link!))
    await page.getByLabel('What you are called').fill('ada')
    await page.getByLabel('E-mail address').fill('ada@example.com')
    await page.getByLabel('Password').fill('short')
    await expectSound('join')
    await page.getByLabel('Password').fill(password)
    await press('Go on')
    await page.locator('.qr').waitFor()
    await expectSound('enrol')
    secret = await enrol(page)
    await page.locator('.codes li').first().waitFor()
    codes = await page.locator('.codes li').allTextContents()
    expect(new Set(codes).size).toBe(10)
    await expectSound('recovery-codes')
    await press('I have kept them')
    await heading('What we promise')
  }, 60_000)

  it('has used the link up, and its secret is nowhere in the history', async () => {
    expect(page.url()).not.toContain('kept_link')
    await page.goBack()
    expect(page.url()).not.toContain('kept_link')
    await open('/console')
    await heading('What we promise')
  })

  it('shows the verdicts as the server has them, by their addresses', async () => {
    await page.locator('.claims li').first().waitFor()
    expect(await page.locator('#group-broken').textContent()).toBe('Broken 1')
    expect(await page.locator('.claim.broken').textContent()).toBe(
      'every connection uses TLS 1.2 or newer',
    )
    await page.getByText('incident of today').waitFor()
    expect(await page.locator('aside').textContent()).toMatch(/22 h 5\d min/)
    await expectSound('board')
    await open('/console?verdict=attested')
    await heading('Attested')
    expect(await page.locator('#group-broken').count()).toBe(0)
    expect(await page.locator('.claim.attested').count()).toBe(1)
  }, 60_000)

  it('shows one claim with its parts, its evidence and what was before', async () => {
    await open('/console/claims/in-transit')
    await heading('every connection uses TLS 1.2 or newer')
    const parts = page.getByRole('region', { name: 'What it rests on' })
    await parts.getByRole('cell', { name: 'website', exact: true }).waitFor()
    expect(await parts.locator('.v.broken').count()).toBe(1)
    expect(await parts.locator('.v.kept').count()).toBe(1)
    await expectSound('claim')
    await open('/console/claims/nowhere')
    await heading('No such claim')
  }, 60_000)

  it('lists the systems with what was last seen of each', async () => {
    await open('/console/systems')
    await page.locator('details.system').first().waitFor()
    expect(await page.locator('details.system').count()).toBe(6)
    await page.getByText('api', { exact: true }).click()
    await page.locator('details[open]').getByText('lowestAccepted').waitFor()
    expect(page.url()).toContain('system=api')
    await expectSound('systems')
  }, 60_000)

  it('verifies the ledger in the browser, and again against what it remembers', async () => {
    await open('/console/ledger')
    await page.getByText('Verified in this browser').waitFor()
    const states = () => page.locator('.steps .v').allTextContents()
    // The first time there is nothing to hold the key and the size against, and it says so.
    expect(await states()).toEqual(['Not provable here', 'Holds', 'Not provable here', 'Holds'])
    await stage.kept.work()
    await page.reload()
    await page.getByText('Verified in this browser').waitFor()
    expect(await states()).toEqual(['Holds', 'Holds', 'Holds', 'Holds'])
    await expectSound('ledger')
    await open('/console/ledger/0')
    await page.locator('.entries .chosen pre').waitFor()
    expect(await page.locator('.entries .chosen').textContent()).toContain('claims.')
  }, 60_000)

  it.each([
    ['a tile of hashes', '**/ledger/tile/0/**', 'The entries shown are in the log'],
    ['an entry', '**/ledger/tile/entries/**', 'The entries shown are in the log'],
    ['the checkpoint', '**/ledger/checkpoint', 'The checkpoint’s signature'],
    ['the key', '**/ledger/key', 'The key'],
  ])(
    'shows as broken what a changed copy of %s breaks',
    async (_, pattern, step) => {
      await page.route(pattern, async (route) => {
        const response = await route.fetch()
        const body = await response.body()
        // One bit, far enough behind for a size of the checkpoint or a letter of an entry.
        body[body.length - 40]! ^= 1
        await route.fulfill({ response, body })
      })
      await open('/console/ledger')
      await page.getByText('Something does not hold').waitFor()
      const failing = page.locator('.steps li', { has: page.locator('.v.broken') })
      expect(await failing.locator('b').allTextContents()).toEqual([step])
      const isAboutEntries = step.startsWith('The entries')
      const marked = await page.locator('.entries').getByText('Not in the signed log').count()
      expect(marked > 0).toBe(isAboutEntries)
      if (isAboutEntries) await expectSound('ledger-broken')
      await page.unroute(pattern)
      await page.reload()
      await page.getByText('Verified in this browser').waitFor()
    },
    60_000,
  )

  it('tells a log that was cut, however well its end is signed', async () => {
    const { rows } = await stage.kept.as.superuser.query('select min(size) as size from ledger.checkpoints where size > 0') // prettier-ignore
    await page.route('**/ledger/checkpoint', async (route) => {
      const response = await route.fetch({
        url: `${stage.address}/ledger/checkpoint?size=${rows[0].size}`,
      })
      await route.fulfill({ response })
    })
    await open('/console/ledger')
    await page.getByText('Something does not hold').waitFor()
    const failing = page.locator('.steps li', { has: page.locator('.v.broken') })
    expect(await failing.locator('b').allTextContents()).toEqual(['Nothing was taken back'])
    await page.unroute('**/ledger/checkpoint')
  }, 60_000)

  it('finds pages, claims and actions by the keyboard alone', async () => {
    await open('/console')
    await heading('What we promise')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    await expectSound('palette')
    await page.keyboard.type('backed up')
    await page.keyboard.press('Enter')
    await heading(/backed up every 24 hours/)
    expect(page.url()).toContain('/console/claims/backups')
    await page.keyboard.press('Control+k')
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
  }, 60_000)

  it('signs out, and in again with both factors', async () => {
    await press('Sign out')
    await page.getByLabel('E-mail address').waitFor()
    await page.getByLabel('E-mail address').fill('ada@example.com')
    await page.getByLabel('Password').fill('not the password')
    await press('Sign in')
    await page.getByText('Address and password do not belong together').waitFor()
    await page.getByLabel('Password').fill(password)
    await press('Sign in')
    await page.getByLabel('Code of your authenticator app').fill('000000')
    await press('Go on')
    await page.getByText('This code is wrong, or was used before').waitFor()
    await expectSound('second-factor')
    await page.getByLabel('Code of your authenticator app').fill(nextCode(secret))
    await press('Go on')
    await heading('backed up')
    expect(page.url()).toContain('/console/claims/backups')
  }, 60_000)

  it('lets a recovery code in, once', async () => {
    const other = await stage.another()
    await open('/console', other.page)
    await other.page.getByLabel('E-mail address').fill('ada@example.com')
    await other.page.getByLabel('Password').fill(password)
    await press('Sign in', other.page)
    await press('Use a recovery code', other.page)
    await other.page.getByLabel('Recovery code').fill(codes[0]!)
    await press('Go on', other.page)
    await heading('What we promise', other.page)
    // The owner sees that session, and ends it.
    await open('/console/account')
    await page.getByText('recovery code', { exact: false }).first().waitFor()
    await expectSound('account')
    await press('End all others')
    await other.page.reload()
    await other.page.getByLabel('E-mail address').fill('ada@example.com')
    await other.page.getByLabel('Password').fill(password)
    await press('Sign in', other.page)
    await press('Use a recovery code', other.page)
    await other.page.getByLabel('Recovery code').fill(codes[0]!)
    await press('Go on', other.page)
    await other.page.getByRole('alert').waitFor()
    expect(await other.page.getByRole('alert').textContent()).toMatch(/wrong|used/)
    await other.close()
  }, 120_000)

  it('asks for a factor again where one is old, and then does what was asked', async () => {
    stage.kept.time.advance(11 * 60_000)
    await open('/console/people')
    await heading('Invite somebody')
    await page.getByLabel('E-mail address', { exact: true }).first().fill('grace@example.com')
    await page.getByRole('button', { name: 'Make a link' }).first().click()
    await page.getByText('Prove that it is you').waitFor()
    await expectSound('step-up')
    await page.getByLabel('Code of your authenticator app').fill(nextCode(secret))
    await press('Prove it')
    const link = await page.getByLabel('One-time link').inputValue()
    expect(link).toMatch(/\/console\/join#kept_link_/)
    await expectSound('link')
    await press('Done')
    const other = await stage.another()
    const second = await join(other.page, link, 'grace')
    await heading('What we promise', other.page)
    await page.reload()
    await page.getByText('grace@example.com').waitFor()
    await expectSound('people')
    await applyByTwo(other.page)
    // What was shown once lets nobody in twice.
    await press('Sign out', other.page)
    await open(local(link).slice(stage.address.length), other.page)
    await other.page.reload()
    await heading('This link lets nobody in', other.page)
    await open('/console', other.page)
    await signIn(other.page, 'grace@example.com', second)
    await heading('What we promise', other.page)
    // Removed, she is out at the next thing that she asks.
    await open('/console/people')
    const row = page.locator('.rows li', { hasText: 'grace@example.com' })
    await row.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await row.waitFor({ state: 'detached' })
    await other.page.reload()
    await other.page.getByLabel('E-mail address').waitFor()
    await other.close()
  }, 180_000)

  /** What weakens a promise is in force once another person agreed; who proposed it is refused. */
  async function applyByTwo(second: Page): Promise<void> {
    await open('/console/page')
    await page
      .getByLabel('Page (Markdown)')
      .fill(
        source
          .replaceAll('within=24h', 'within=48h')
          .replace('every customer within 24 hours', 'every customer within 48 hours'),
      )
    await page.getByRole('region', { name: 'How The page changes' }).waitFor()
    await press('See what changes')
    await page.getByText('It waits for a second person').waitFor()
    await expectSound('apply')
    await press('Propose it')
    await page.getByText('You stand behind it').waitFor()
    // That the button is missing keeps nobody from asking.
    const again = await page.evaluate(`(async () => {
      const { proposals } = await (await fetch('/api/proposals')).json()
      const path = '/api/proposals/' + proposals[0].id + '/approve'
      return (await (await fetch(path, { method: 'POST' })).json()).code
    })()`)
    expect(again).toBe('second-person')
    await expectSound('proposal')
    await open('/console/page', second)
    await second.getByText('One more person must agree').waitFor()
    await press('Agree', second)
    await second.getByText('Version 2 is in force', { exact: false }).waitFor()
    await second.getByText('by ada and grace', { exact: false }).waitFor()
    // What adds to it needs nobody else.
    await page.reload()
    await page.getByText('Nothing waits').waitFor()
    const field = page.getByLabel('Page (Markdown)')
    await field.fill(`${await field.inputValue()}\n${added}\n`)
    await press('See what changes')
    await page.getByText('added', { exact: true }).waitFor()
    await page.getByText('It is in force at once').waitFor()
    await press('Apply it')
    await page.getByText('Version 3 is in force since').waitFor()
  }

  it('makes an API key that is shown once, and ends it', async () => {
    await open('/console/account')
    await page.getByText('Make a key').click()
    await page.getByLabel('What it is for').fill('the build')
    await page.getByLabel('What it may do').fill('claims.list claims.show')
    await press('Make it')
    const key = await page.getByLabel('The key, shown once').inputValue()
    const asked = await fetch(`${stage.address}/api/page`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const allowed = await fetch(`${stage.address}/api/claims`, {
      headers: { authorization: `Bearer ${key}` },
    })
    expect([asked.status, allowed.status]).toEqual([403, 200])
    const row = page.locator('.rows li', { hasText: 'the build' })
    await row.getByRole('button', { name: 'End it' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click()
    await page.getByText('A key lets a program').waitFor()
  }, 60_000)

  it('attests by what systems.yaml lets a person speak of, and says so where it lets nobody', async () => {
    await open('/console/attest?claim=iso-27001')
    await page.getByLabel('Good until').fill('2027-06-01')
    await page.getByLabel('Document').setInputFiles({
      name: 'certificate.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('a certificate'),
    })
    await page.getByText('SHA-256 ').waitFor()
    await expectSound('attest')
    await press('Say that it is so')
    await page.getByText('systems.yaml says of what each person may speak').waitFor()
    // With a line of systems.yaml that lets her, the same words are taken.
    const { page: text, systems } = await stage.kept.ask('operator', claims.showSource, {})
    const more = `${systems}  ada:\n    holder: person\n    kinds: [document.*]\n    subjects: ['*']\n`
    const { proposal } = await stage.kept.ask('operator', claims.apply, {
      page: text!,
      systems: more,
    })
    if (proposal) {
      for (const id of ['cto', 'ceo'])
        await stage.kept.ask({ kind: 'person', id }, claims.approve, { proposal })
    }
    await page.getByLabel('Further facts').fill('issuer: an accredited auditor\nedition: 2022')
    await press('Say that it is so')
    await page.getByText('Taken, as an entry of the ledger').waitFor()
    const { evidence } = await stage.kept.ask('operator', claims.show, { id: 'iso-27001' })
    expect(evidence[0]).toMatchObject({
      runner: 'ada',
      measured: {
        document: 'certificate.pdf',
        edition: 2022,
        validUntil: '2027-06-01T00:00:00.000Z',
      },
    })
  }, 60_000)

  it('opens a tenant’s portal, which its owner manages and the staff do not enter', async () => {
    await open('/console/people')
    await page.getByText('Open a tenant’s portal').click()
    await page.getByLabel('Tenant', { exact: true }).fill(tenant)
    await page.getByLabel('E-mail address of its first owner').fill('owner@acme.example')
    await page.getByRole('button', { name: 'Make a link' }).last().click()
    const link = await page.getByLabel('One-time link').inputValue()
    await press('Done')
    const other = await stage.another()
    await join(other.page, link, 'ola')
    await heading('What you are promised', other.page)
    expect(new URL(other.page.url()).pathname).toBe(portal)
    await other.page.locator('.claims li').first().waitFor()
    await expectSound('portal', other.page)
    await open(`${portal}/people`, other.page)
    await other.page.getByText('owner@acme.example').waitFor()
    expect(await other.page.getByText('ada@example.com').count()).toBe(0)
    await expectSound('portal-people', other.page)
    await open(`${portal}/settings`, other.page)
    await other.page.getByLabel('A second factor from everybody').check()
    await press('Set it', other.page)
    await other.page.getByText('It holds from now on').waitFor()
    await expectSound('portal-settings', other.page)
    await other.page.getByLabel('Networks').fill('198.51.100.0/24')
    await press('Set it', other.page)
    await other.page.getByText('is in none of these networks', { exact: false }).waitFor()
    await open('/console', other.page)
    await heading('You are signed in elsewhere', other.page)
    await expectSound('elsewhere', other.page)
    await open(portal)
    await heading('You are signed in elsewhere')
    await other.close()
  }, 120_000)
})

describe.skipIf(!existsSync(executablePath))(
  'the console of a Kept without a page (/usr/bin/chromium)',
  () => {
    let stage: Stage
    beforeAll(async () => {
      stage = await openStage({ applied: false })
    }, 120_000)
    afterAll(() => stage?.close())

    it('says on each page what to do next', async () => {
      const { page, kept, address, wrongs } = stage
      const { link } = await kept.ask('operator', identity.inviteFirstOwner, {})
      await page.goto(address + new URL(link!).pathname + new URL(link!).hash)
      await page.getByLabel('What you are called').fill('ada')
      await page.getByLabel('E-mail address').fill('ada@example.com')
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Go on' }).click()
      await page.getByText('Type the key instead').click()
      const key = (await page.locator('details .mono').textContent())!.replaceAll(' ', '')
      await page.getByLabel('Code', { exact: true }).fill(codeAt(key, kept.time.now()))
      await page.getByRole('button', { name: 'Set it up' }).click()
      await page.getByRole('button', { name: 'I have kept them' }).click()
      for (const [path, says] of [
        ['/console', 'No page was applied yet'],
        ['/console/systems', 'No page was applied yet'],
        ['/console/page', 'None was applied yet'],
        ['/console/attest', 'nothing to attest before'],
      ] as const) {
        await page.goto(address + path)
        await page.getByText(says).waitFor()
        expect(await findObjections(page, `empty${path.replaceAll('/', '-')}`)).toEqual([])
      }
      expect(wrongs).toEqual([])
      // The first page is applied from here too.
      await page.goto(`${address}/console/page`)
      await page.getByLabel('Page (Markdown)').fill(source)
      await page.getByLabel('systems.yaml').fill(systems)
      await page.getByRole('button', { name: 'See what changes' }).click()
      await page.getByRole('button', { name: 'Apply it' }).click()
      await page.getByText('Version 1 is in force since').waitFor()
    }, 180_000)
  },
)
