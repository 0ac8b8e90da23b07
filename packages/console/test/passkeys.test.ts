import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { identityOperations } from '../../server/src/capabilities/identity/operations.ts'
import { openConsole } from '../../server/src/console.ts'
import { movableTime, systemTime } from '../../server/src/foundation/time.ts'
import { openLog } from '../../server/src/log.ts'
import { testKept, type TestKept } from '../../server/test/kept.ts'
import { executablePath } from './staged.ts'

// A name, as passkeys need one, that browsers take for this machine.
const origin = 'http://kept.localhost'
const { inviteFirstOwner } = identityOperations({
  origin,
  key: new Uint8Array(32).fill(9),
  outside: { reach: 'loopback', authorities: [], secret: () => null, mail: null },
})

describe.skipIf(!existsSync(executablePath))('a passkey in Chromium (/usr/bin/chromium)', () => {
  let kept: TestKept
  let context: BrowserContext
  const profile = mkdtempSync(join(tmpdir(), 'kept-chromium-'))
  beforeAll(async () => {
    kept = await testKept({ time: movableTime(systemTime), collectors: [], origin })
    const address = await kept.serve({
      origin,
      mostAsks: 1000,
      console: openConsole(openLog('silent')),
    })
    context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
        `--host-resolver-rules=MAP kept.localhost ${new URL(address).host}`,
      ], // prettier-ignore
    })
    context.setDefaultTimeout(60_000)
  }, 120_000)
  afterAll(async () => {
    await context?.close()
    await kept?.stop()
    rmSync(profile, { recursive: true, force: true })
  })

  it('is made at the first sign-in, and signs in alone from then on', async () => {
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    })
    const { link } = await kept.ask('operator', inviteFirstOwner, {})
    await page.goto(link!)
    await page.getByLabel('What you are called').fill('ada')
    await page.getByLabel('E-mail address').fill('ada@example.com')
    await page.getByLabel('Password').fill('lantern orbit meadow staple')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('button', { name: 'make a passkey' }).click()
    await page.locator('.codes li').first().waitFor()
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByRole('link', { name: 'Account' }).waitFor()
    await context.clearCookies()
    await page.goto(`${origin}/console/account`)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByText('This session was proved by').waitFor()
    expect(await page.getByText('This session was proved by').textContent()).toContain('passkey')
    await page.getByText(', last used').first().waitFor()
  }, 180_000)
})
