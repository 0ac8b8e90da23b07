/** A member of the staff asks, the tenant answers in its portal, and sees what was read. */
import { existsSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessOperations } from '../../server/src/capabilities/access/operations.ts'
import { codeAt, openBrowser, type Browser } from '../../server/test/browser.ts'
import { testBundles } from '../../server/test/kept.ts'
import { onePromise } from '../../server/test/one-promise.ts'
import { join, openStaff, openTenant, type Owner } from '../../server/test/tenant-owner.ts'
import {
  become,
  claims,
  executablePath,
  findObjections,
  openStage,
  tabTo,
  type Stage,
} from './staged.ts'

const access = accessOperations({ bundles: testBundles })
const systems = (tags: string) => `services:
  app: { tags: ['app-runner:web'] }
databases:
  app-db: { address: '127.0.0.1:1', tags: [${tags}] }
runners:
  web: { holder: workload, kinds: ['*'], subjects: ['*'] }
`

describe.skipIf(!existsSync(executablePath))(
  'who of the staff may see a tenant’s data, in Chromium (/usr/bin/chromium)',
  () => {
    let stage: Stage
    let page: Page
    let staff: Browser
    let owner: Owner
    let stranger: Owner
    let member: Browser
    beforeAll(async () => {
      stage = await openStage({ applied: false })
      const { kept, address } = stage
      page = stage.page
      await kept.ask('operator', claims.apply, { page: onePromise, systems: systems('') })
      staff = await openStaff(kept, address)
      owner = await openTenant(kept, address, staff, 'acme')
      stranger = await openTenant(kept, address, staff, 'birch')
      const email = 'mia@acme.test'
      const { body } = await owner.by.ask('POST', '/api/people', { email, role: 'member' })
      member = openBrowser(address)
      await join(kept, member, body['link'], { name: 'mia' })
    }, 180_000)
    afterAll(() => stage?.close())

    const go = async (by: Browser, path: string) => {
      await become(page, stage.address, by)
      await page.goto(stage.address + path)
    }
    const expectSound = async (name: string) => {
      expect(await findObjections(page, name)).toEqual([])
      expect(stage.wrongs).toEqual([])
    }
    const heading = (name: string) => page.getByRole('heading', { name, exact: true }).waitFor()
    const section = (name: string) => page.getByRole('region', { name, exact: true })
    /** What the app recorded, as its outbox is drained: by the operation that keeps it. */
    const record = (place: string, tenant: string, detail: object) =>
      stage.kept.ask('worker', access.keepRecords, {
        database: 'app-db',
        rows: [
          {
            place,
            tenant,
            at: new Date(stage.kept.time.now()).toISOString(),
            actor: 'staff:olga',
            kind: 'staff-read',
            action: 'invoices.read',
            detail: JSON.stringify(detail),
            bytes: JSON.stringify(detail).length,
            digest: Buffer.from(place.padEnd(32, '.')).toString('base64'),
          },
        ],
      })
    let grant = ''

    it('begins with nothing, and says what that means', async () => {
      await go(owner.by, '/portal/acme/staff-access')
      await page.getByText('Nobody ever asked to see your data').waitFor({ timeout: 90_000 })
      // Without an app's records silence is no proof.
      await page.getByText('nobody can tell what was read').waitFor()
      expect(await page.getByText('The staff read nothing').count()).toBe(0)
      await expectSound('staff-access-empty')
      await go(staff, '/console/grants')
      await page.getByText('Nobody asked for one yet').waitFor()
      await expectSound('grants-empty')
    }, 180_000)

    it('is asked for by the staff, by the keyboard alone', async () => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Pages, claims, actions' }).waitFor()
      await page.keyboard.type('ask to see')
      await page.keyboard.press('Enter')
      await heading('Grants')
      await tabTo(page, 'Tenant')
      await page.keyboard.type('acme')
      await page.keyboard.press('Tab')
      await page.keyboard.type('ticket 4711: an invoice does not open')
      await page.keyboard.press('Enter')
      await page.getByText('It waits for the tenant').waitFor()
      await section('Waiting for the tenant').getByText('Waits for an answer').waitFor()
      await expectSound('grants')
      const { grants } = await stage.kept.ask({ kind: 'person', id: 'olga' }, access.list, {})
      expect(grants).toMatchObject([{ staff: 'olga', tenant: 'acme', state: 'waiting' }])
      expect(Date.parse(grants[0]!.until) - Date.parse(grants[0]!.askedAt)).toBeLessThanOrEqual(
        3_600_000,
      )
      grant = grants[0]!.id
    }, 60_000)

    it('may be asked for as long as it lasts at most, and not without a reason', async () => {
      await page.getByLabel('Tenant', { exact: true }).fill('birch')
      await page.getByLabel('Reason').fill('   x')
      await page.getByLabel('For', { exact: true }).selectOption('480')
      await page.getByRole('button', { name: 'Ask', exact: true }).click()
      await page.getByRole('alert').waitFor()
      await page.getByLabel('Reason').fill('ticket 12')
      await page.getByRole('button', { name: 'Ask', exact: true }).click()
      const row = section('Waiting for the tenant').locator('li', { hasText: 'birch' })
      await row.waitFor()
      await row.getByRole('button', { name: 'Take it back' }).click()
      await section('Before').getByText('Ended early').waitFor()
      expect(await section('Waiting for the tenant').locator('li').count()).toBe(1)
    }, 60_000)

    it('is seen by a member, who decides nothing', async () => {
      await go(member, '/portal/acme/staff-access')
      const waiting = section('Waiting for an answer')
      await waiting.getByText('ticket 4711').waitFor()
      await waiting.getByText('An owner of yours answers').waitFor()
      expect(await page.locator('main').getByRole('button').count()).toBe(0)
      expect(await page.getByText('birch').count()).toBe(0)
      await expectSound('staff-access-member')
    }, 60_000)

    it('of another tenant is none, at its own address too', async () => {
      await go(stranger.by, '/portal/birch/staff-access')
      await section('Before').getByText('ticket 12').waitFor()
      expect(await page.getByText('ticket 4711').count()).toBe(0)
      for (const id of [grant, '00000000-0000-4000-8000-000000000000', 'x']) {
        await page.goto(`${stage.address}/portal/birch/staff-access/${id}`)
        await heading('No such grant')
      }
      await expectSound('staff-access-missing')
      await page.goto(`${stage.address}/portal/acme/staff-access/${grant}`)
      await heading('You are signed in elsewhere')
    }, 60_000)

    it('is allowed by an owner, after a fresh factor, by the keyboard alone', async () => {
      stage.kept.time.advance(11 * 60_000)
      await go(owner.by, '/portal/acme/staff-access')
      await section('Waiting for an answer').getByText('ticket 4711').waitFor()
      await tabTo(page, 'Allow')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').getByText('olga can read your data until').waitFor()
      await expectSound('staff-access-allow')
      // Who thinks better of it is back where they were.
      await page.keyboard.press('Escape')
      await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Allow')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').getByRole('button', { name: 'Allow' }).focus()
      await page.keyboard.press('Enter')
      await page.getByText('Prove that it is you').waitFor()
      await page.keyboard.type(codeAt(owner.secret, stage.kept.time.now()))
      await page.keyboard.press('Enter')
      await section('Live').getByText('allowed by Owner').waitFor()
      await expectSound('staff-access-live')
    }, 60_000)

    it('shows the tenant each row that was read under it, and what none let happen', async () => {
      const { kept } = stage
      await kept.ask('operator', claims.apply, {
        page: onePromise,
        systems: systems("'outbox:DRAIN'"),
      })
      for (const proposal of await proposals()) {
        for (const id of ['ada', 'grace']) {
          await kept.ask({ kind: 'person', id }, claims.approve, { proposal })
        }
      }
      await kept.ask('worker', access.sendOut, {})
      await record('1', 'acme', { grant, statement: 'x', rows: 3, ids: ['17', '18', '19'] })
      await record('2', 'acme', { grant, statement: 'y', rows: 1, ids: ['20'] })
      await kept.ask('worker', access.noteDrain, {
        database: 'app-db',
        why: null,
        emptyAt: kept.time.now(),
      })
      await page.goto(`${stage.address}/portal/acme/staff-access/${grant}`)
      await page.getByText('2 reads of 4 rows.').waitFor()
      await page.getByText('17, 18, 19').waitFor()
      await page.getByText('All is here that app-db had recorded by').waitFor()
      expect(await page.getByText('None let it').count()).toBe(0)
      await expectSound('staff-access-grant')
      await record('3', 'acme', { statement: 'z', rows: 5, ids: ['1', '2', '3', '4', '5'] })
      await page.goto(`${stage.address}/portal/acme/staff-access`)
      const uncovered = section('Read without a grant')
      await uncovered.getByText('no grant of yours let it').waitFor()
      expect(await uncovered.locator('tbody tr').count()).toBe(1)
      await uncovered.getByText('5 rows').click()
      await uncovered.getByText('1, 2, 3, 4, 5').waitFor()
      await expectSound('staff-access-uncovered')
    }, 60_000)

    it('is ended at once by the owner, which the staff see', async () => {
      await section('Live').getByRole('button', { name: 'End at once' }).click()
      await page.getByText('No grant is live').waitFor()
      await section('Before').getByText('ended by Owner').waitFor()
      await go(staff, `/console/grants/${grant}`)
      await page.getByText('Ended early').waitFor()
      await page.getByText('2 reads of 4 rows.').waitFor()
      expect(await page.getByRole('button', { name: 'End it' }).count()).toBe(0)
      await expectSound('grants-one')
    }, 60_000)

    it('says that it cannot be read, where it cannot', async () => {
      await page.route('**/api/grants*', (route) => route.abort())
      await page.goto(`${stage.address}/console/grants`)
      await page.getByRole('alert').waitFor({ timeout: 30_000 })
      expect(await page.getByText('Nobody asked for one yet').count()).toBe(0)
      await page.unroute('**/api/grants*')
    }, 60_000)

    async function proposals(): Promise<string[]> {
      const { proposals: all } = await stage.kept.ask('operator', claims.listProposals, {})
      return all.map(({ id }) => id)
    }
  },
)
