/** What is looked at, when and by whom; and the clocks that run: by collectors, a worker and clocks of a running Kept. */
import { existsSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Collector, Observation } from '../../server/src/foundation/capability.ts'
import { stopClock } from '../../server/src/capabilities/clocks/clocks.ts'
import { cannotLook, collector } from '../../server/src/foundation/look.ts'
import { movableTime, systemTime } from '../../server/src/foundation/time.ts'
import type { Browser } from '../../server/test/browser.ts'
import { testKept, type TestKept } from '../../server/test/kept.ts'
import { onePromise, soundTls } from '../../server/test/one-promise.ts'
import { openStaff, openTenant, type Owner } from '../../server/test/tenant-owner.ts'
import {
  become,
  executablePath,
  findObjections,
  openStage,
  origin,
  startClock,
  tabTo,
  within,
  type Stage,
} from './staged.ts'

const systems = `endpoints:
  website: { address: example.test }
databases:
  archive: { provider: aws }
runners:
  looker: { holder: collector, kinds: ['*'], subjects: [website] }
`
const hour = 3_600_000

describe.skipIf(!existsSync(executablePath))(
  'evidence and clocks, in Chromium (/usr/bin/chromium)',
  () => {
    let kept: TestKept
    let stage: Stage
    let page: Page
    let staff: Browser
    let owner: Owner
    let seen: Observation = { outcome: 'pass', measured: soundTls }
    const look = (kind: string, collect: Collector['collect']) =>
      collector({ kind, of: ['endpoint'], every: 3600, timeout: 5, collect })
    beforeAll(async () => {
      const collectors = [
        look('endpoint.tls', () => Promise.resolve(seen)),
        look('endpoint.plain', () =>
          Promise.reject(cannotLook('example.test does not answer on port 80')),
        ),
      ]
      kept = await testKept({ time: movableTime(systemTime), collectors, origin })
      stage = await openStage({ kept })
      page = stage.page
      staff = await openStaff(kept, stage.address)
      owner = await openTenant(kept, stage.address, staff, 'acme')
      await become(page, stage.address, staff)
    }, 180_000)
    afterAll(() => stage?.close())

    const expectSound = async (name: string) => {
      expect(await findObjections(page, name)).toEqual([])
      expect(stage.wrongs).toEqual([])
    }
    const open = (path: string) => page.goto(stage.address + path)
    const looks = () => page.getByRole('region', { name: 'Looks' })
    const row = (kind: string) => looks().locator('tr', { hasText: kind })
    const clocks = () => page.getByRole('region', { name: 'Clocks' })

    it('of no page is none', async () => {
      await open('/console/moves')
      await page.getByText('No page was applied yet').waitFor({ timeout: 90_000 })
      await open('/console/systems/website')
      await page.getByRole('heading', { name: 'No such system' }).waitFor()
      expect(await page.getByRole('table').count()).toBe(0)
    }, 180_000)

    it('says before the first look when it is, and whether nobody takes it', async () => {
      const applied = await staff.ask('POST', '/api/page', { page: onePromise, systems })
      expect(applied.status).toBe(200)
      await open('/console/systems/website')
      await row('endpoint.tls').getByText('Not yet').waitFor()
      await page.getByText('Nobody has said anything of it').waitFor()
      await expectSound('system-empty')
      kept.time.advance(3 * 60_000)
      await page.reload()
      await row('endpoint.tls').getByText('No worker took it').waitFor()
      expect(await row('endpoint.tls').textContent()).toMatch(/due 3 min/)
    }, 60_000)

    it('shows who looked, what was measured, when next, and trouble in its words', async () => {
      await kept.work()
      await page.reload()
      const tls = row('endpoint.tls')
      await tls.getByText('Pass', { exact: true }).waitFor()
      expect(await tls.locator('td[data-label="By"]').textContent()).toBe('looker')
      expect(await tls.locator('td[data-label="Next"]').textContent()).toMatch(/^in (?:59 min|1 h)/)
      await row('endpoint.plain').getByText('does not answer on port 80').waitFor()
      await row('endpoint.plain').getByText('Inconclusive', { exact: true }).waitFor()
      await page.getByText('lowestAccepted').first().waitFor()
      await expectSound('system')
    }, 60_000)

    it('looks again when it is asked to, by the keyboard alone, and keeps what was before', async () => {
      seen = {
        outcome: 'fail',
        measured: { ...soundTls, lowestAccepted: 1 },
        note: 'TLS 1.0 is on',
      }
      await tabTo(page, 'Look now at endpoint.tls')
      await page.keyboard.press('Enter')
      await row('endpoint.tls').getByText('No worker').waitFor({ state: 'hidden' })
      await expect.poll(async () => (await nextLook()) <= kept.time.now()).toBe(true)
      await kept.work()
      await row('endpoint.tls').getByText('Fail', { exact: true }).waitFor()
      await row('endpoint.tls').getByText('TLS 1.0 is on').waitFor()
      seen = { outcome: 'pass', measured: soundTls }
      kept.time.advance(hour + 60_000)
      await kept.work()
      await page.reload()
      await row('endpoint.tls').getByText('Pass', { exact: true }).waitFor()
      const before = page.getByRole('region', { name: 'As it came in' })
      await before.getByText('TLS 1.0 is on').waitFor()
      await expectSound('system-history')
    }, 60_000)

    it('leads there from the systems and the palette, and says where no collector looks', async () => {
      await open('/console/systems?system=website')
      await page.getByRole('link', { name: /Who looks at website/ }).click()
      await looks().waitFor()
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').waitFor()
      await page.keyboard.type('archive system')
      await page.getByRole('option', { name: 'archive system' }).waitFor()
      await page.keyboard.press('Enter')
      await page.getByText('No collector of Kept’s own looks at it').waitFor()
      expect(page.url()).toBe(`${stage.address}/console/systems/archive`)
      await expectSound('system-nobody')
    }, 60_000)

    it('says that it cannot be read, where it cannot', async () => {
      await page.route('**/api/looks', (route) => route.abort())
      await open('/console/systems/website')
      await page.getByRole('alert').waitFor({ timeout: 30_000 })
      expect(await page.getByText('No collector of Kept’s own').count()).toBe(0)
      await page.unroute('**/api/looks')
    }, 60_000)

    it('has a board without clocks, which says why none runs', async () => {
      await open('/console')
      await clocks().getByText('None runs. A clock starts by itself').waitFor()
      await page.getByRole('region', { name: 'Lapses soon' }).waitFor()
      expect(await clocks().locator('li').count()).toBe(0)
      await expectSound('board-no-clocks')
    }, 60_000)

    it('counts clocks down, beyond what was promised too', async () => {
      const now = kept.time.now()
      const start = (subject: string, ago: number, hours: number | null) =>
        startClock(kept, { subject, startedAt: now - ago * hour, hours })
      await start('fresh incident', 1, 24)
      await start('old incident', 30, 24)
      await start('slow incident', 20, 24)
      await start('open question', 1, null)
      const stopped = await start('closed incident', 5, 24)
      await stop(stopped, now - hour)
      await page.reload()
      const row = (subject: string) => clocks().locator('li', { hasText: subject })
      const left = (subject: string) => row(subject).locator('.v').first()
      await left('fresh incident').waitFor()
      expect(await left('fresh incident').textContent()).toMatch(/^22 h 59 min$|^23 h$/)
      expect(await left('fresh incident').getAttribute('class')).toContain('kept')
      expect(await left('slow incident').getAttribute('class')).toContain('due')
      expect(await left('old incident').textContent()).toMatch(/^−6 h/)
      expect(await left('old incident').getAttribute('class')).toContain('broken')
      await row('old incident').getByText('was due').waitFor()
      expect(await left('open question').getAttribute('class')).toContain('unproven')
      await row('open question').getByText('its due date is not known yet').waitFor()
      await row('closed incident').getByText('in time').waitFor()
      // The next due first.
      const order = await clocks().locator('li').allTextContents()
      expect(order.map((text) => /old|slow|fresh|open|closed/.exec(text)![0])).toEqual([
        'old', 'slow', 'fresh', 'open', 'closed',
      ]) // prettier-ignore
      await expectSound('board-clocks')
      await start('short incident', 0.99, 1)
      await page.reload()
      const [first] = [await left('short incident').textContent()]
      expect(first).toMatch(/ s$/)
      await expect.poll(() => left('short incident').textContent()).not.toBe(first)
    }, 60_000)

    it('says what an app is told of its test providers, once the page promises single sign-on', async () => {
      const apply = (page: string) =>
        staff.ask('POST', '/api/page', { page, systems: `services:\n  app: {}\n${systems}` })
      expect((await apply(onePromise)).status).toBe(200)
      await open('/console/systems/app')
      await page.getByRole('button', { name: 'Show what the app is told' }).click()
      await page.getByRole('alert').waitFor()
      expect(await page.getByText('Client secret').count()).toBe(0)
      const promises = `${onePromise}\n[Your users sign in by SAML](kept:sso?with=saml#sso).\n`
      expect((await apply(promises)).status).toBe(200)
      await page.getByRole('button', { name: 'Show what the app is told' }).click()
      await page.getByRole('region', { name: 'Customer b' }).waitFor()
      expect(await page.getByLabel('Client secret').count()).toBe(2)
      await expectSound('system-providers')
      const before = await page.getByLabel('Client secret').first().inputValue()
      const anew = { name: 'Make keys and secrets anew' }
      await page.getByRole('button', anew).click()
      await page.getByRole('dialog').getByRole('button', anew).click()
      await expect
        .poll(() => page.getByLabel('Client secret').first().inputValue())
        .not.toBe(before)
    }, 60_000)

    it('is for the staff: a tenant’s user reads none of it', async () => {
      for (const path of ['/api/looks', '/api/evidence?subject=website', '/api/clocks']) {
        expect((await owner.by.ask('GET', path)).body['code']).toBe('not-allowed')
        expect((await staff.ask('GET', path)).status).toBe(200)
      }
      await become(page, stage.address, owner.by)
      await open('/console/systems/website')
      await page.getByRole('heading', { name: 'You are signed in elsewhere' }).waitFor()
    }, 60_000)

    async function nextLook(): Promise<number> {
      const { looks: all } = (await staff.ask('GET', '/api/looks')).body
      return Date.parse(all.find(({ kind }: { kind: string }) => kind === 'endpoint.tls').nextAt)
    }

    async function stop(id: string, stoppedAt: number): Promise<void> {
      await within(kept, (tx) => stopClock(tx, id, { stoppedAt, proof: 'its evidence' }))
    }
  },
)
