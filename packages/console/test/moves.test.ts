/** Tenants that move between real databases, as the staff see and start it. */
import { existsSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { movableTime, systemTime } from '../../server/src/foundation/time.ts'
import type { Browser } from '../../server/test/browser.ts'
import type { TestKept } from '../../server/test/kept.ts'
import {
  a,
  b,
  carryLast,
  interruptLast,
  startMoving,
  type Moving,
} from '../../server/test/moving.ts'
import { openStaff, openTenant } from '../../server/test/tenant-owner.ts'
import {
  become,
  executablePath,
  findObjections,
  openStage,
  origin,
  tabTo,
  type Stage,
} from './staged.ts'

describe.skipIf(!existsSync(executablePath))(
  'moves of tenants, in Chromium (/usr/bin/chromium)',
  () => {
    let moving: Moving
    let kept: TestKept
    let stage: Stage
    let page: Page
    let staff: Browser
    beforeAll(async () => {
      moving = await startMoving()
      kept = await moving.begin({ origin, time: movableTime(systemTime) })
      stage = await openStage({ kept })
      page = stage.page
      staff = await openStaff(kept, stage.address)
      await become(page, stage.address, staff)
    }, 180_000)
    afterAll(async () => {
      await stage?.close()
      await moving?.stop()
    })

    const expectSound = async (name: string) => {
      expect(await findObjections(page, name)).toEqual([])
      expect(stage.wrongs).toEqual([])
    }
    const section = (name: string) => page.getByRole('region', { name, exact: true })
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
    /** The worker is kept from it, so that each step can be seen. */
    const hold = () => kept.as.superuser.query('delete from graphile_worker._private_jobs')

    it('shows where tenants are, and that none moves', async () => {
      await page.goto(`${stage.address}/console/moves`)
      await section('Clusters').getByText('2 shared').first().waitFor({ timeout: 90_000 })
      await page.getByText('No tenant is being moved').waitFor()
      expect(await moves()).toEqual([])
      await expectSound('moves')
    }, 180_000)

    it('says what a move does before it begins, by the keyboard alone', async () => {
      await page.goto(`${stage.address}/console/moves?tenant=${a}&to=own&as=dedicated`)
      await page.getByLabel('Tenant', { exact: true }).waitFor()
      await tabTo(page, 'See what it does')
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog')
      await dialog.getByText('Its rows are copied while').waitFor()
      await dialog.getByText('shared (aws, us-east-1), one of several there').waitFor()
      await dialog.getByText('own (aws, us-east-1), the only one there').waitFor()
      await expectSound('moves-second-look')
      expect((await moves()).length).toBe(0)
      await page.keyboard.press('Escape')
      expect(await dialog.count()).toBe(0)
      expect((await moves()).length).toBe(0)
      await press('See what it does')
      await dialog.getByRole('button', { name: 'Move it' }).focus()
      await page.keyboard.press('Enter')
      await page.getByText('It is planned').waitFor()
      await hold()
      await section('Under way').getByText('Planned').waitFor()
    }, 60_000)

    it('shows how far it is, and rolls it back when it is cancelled', async () => {
      await interruptLast(moving, kept, 'copied')
      const here = section('Under way').locator('[aria-current=step]')
      await expect.poll(() => here.textContent(), { timeout: 10_000 }).toBe('Copying')
      await expectSound('moves-under-way')
      await press('Cancel the move')
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel the move' }).click()
      await section('Under way').getByText('Being cancelled').waitFor()
      await carryLast(moving, kept)
      await section('Before').getByText('Cancelled', { exact: true }).waitFor()
      await page.getByText('No tenant is being moved').waitFor()
    }, 60_000)

    it('says why one was refused, at its own address too', async () => {
      await moving.postgres.sql('alter table app.writes add surplus text', 'shared')
      await begin(a, 'own')
      await carryLast(moving, kept)
      const row = section('Before').locator('li').first()
      await row.getByText('Refused', { exact: true }).waitFor()
      await row.getByText('own differs from shared').waitFor()
      await row.getByRole('link').click()
      await page.getByText('own differs from shared').waitFor()
      await page.getByText('so that it stayed where it was').waitFor()
      await expectSound('moves-refused')
      expect(await moves()).toMatchObject([
        { state: 'rolled-back', to: 'own' },
        { cancelled: true },
      ])
      await moving.postgres.sql('alter table app.writes drop surplus', 'shared')
    }, 60_000)

    it('says at once what cannot be begun', async () => {
      await page.goto(`${stage.address}/console/moves?tenant=${b}&to=shared`)
      await press('See what it does')
      await press('Move it')
      await page.getByRole('alert').getByText(`${b} is on shared`).waitFor()
      await page.getByLabel('Tenant', { exact: true }).fill('nobody')
      await press('See what it does')
      await page.getByRole('alert').getByText('There is no tenant nobody').waitFor()
      expect((await moves()).length).toBe(2)
    }, 60_000)

    it('shows one that is done with what was the same on both sides', async () => {
      await begin(a, 'own')
      await carryLast(moving, kept)
      const row = section('Before').locator('li').first()
      await row.getByText('Done', { exact: true }).waitFor()
      await row.getByRole('link').click()
      await page.getByRole('heading', { name: 'The same on both sides' }).waitFor()
      expect(await page.locator('tbody tr').count()).toBeGreaterThan(8)
      expect(await page.getByRole('button', { name: 'Cancel the move' }).count()).toBe(0)
      await expectSound('moves-done')
      await page.goto(`${stage.address}/console/moves/${a}`)
      await page.getByRole('heading', { name: 'No such move' }).waitFor()
    }, 60_000)

    it('says that it cannot be read, where it cannot', async () => {
      await page.route('**/api/clusters', (route) => route.abort())
      await page.goto(`${stage.address}/console/moves`)
      await page.getByRole('alert').waitFor({ timeout: 30_000 })
      expect(await page.getByText('No cluster is registered').count()).toBe(0)
      await page.unroute('**/api/clusters')
    }, 60_000)

    it('is for the staff: a tenant’s user reads none and starts none', async () => {
      const owner = await openTenant(kept, stage.address, staff, 'acme')
      for (const [method, path, body] of [
        ['GET', '/api/moves', undefined],
        ['GET', '/api/clusters', undefined],
        ['POST', '/api/moves', { tenant: 'acme', cluster: 'own', kind: 'shared' }],
      ] as const) {
        expect((await owner.by.ask(method, path, body)).body['code']).toBe('not-allowed')
      }
      expect((await staff.ask('GET', '/api/moves')).status).toBe(200)
      await become(page, stage.address, owner.by)
      await page.goto(`${stage.address}/console/moves`)
      await page.getByRole('heading', { name: 'You are signed in elsewhere' }).waitFor()
    }, 60_000)

    async function moves() {
      return (await staff.ask('GET', '/api/moves')).body['moves'] as unknown[]
    }

    async function begin(tenant: string, to: string): Promise<void> {
      await page.goto(`${stage.address}/console/moves?tenant=${tenant}&to=${to}`)
      await press('See what it does')
      await press('Move it')
      await page.getByText('It is planned').waitFor()
      await hold()
    }
  },
)
