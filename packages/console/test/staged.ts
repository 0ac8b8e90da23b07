/** Test support: a Kept with a page, evidence and a clock, its console, and a browser that looks at it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { z } from 'zod'
import { claimsOperations } from '../../server/src/capabilities/claims/operations.ts'
import { startClock as begin } from '../../server/src/capabilities/clocks/clocks.ts'
import { identityOperations } from '../../server/src/capabilities/identity/operations.ts'
import { openConsole } from '../../server/src/console.ts'
import { operation } from '../../server/src/foundation/operation.ts'
import { movableTime, systemTime } from '../../server/src/foundation/time.ts'
import type { Transaction } from '../../server/src/foundation/transaction.ts'
import { openLog } from '../../server/src/log.ts'
import type { Browser } from '../../server/test/browser.ts'
import { noon, testKept, type TestKept } from '../../server/test/kept.ts'

export const executablePath = '/usr/bin/chromium'
/** Where pictures of all pages go, for whoever wants to see them; nowhere when absent. */
const pictures = process.env['KEPT_PICTURES']

const examples = join(import.meta.dirname, '../../../examples/small')
const read = (name: string) => readFileSync(join(examples, name), 'utf8')
const key = new Uint8Array(32).fill(9)
// Loopback has no TLS, and so no cookie that demands it.
export const origin = 'http://kept.test'

export const source = read('security.md')
export const systems = read('systems.yaml')
export const claims = claimsOperations(() => [])
export const identity = identityOperations({
  origin,
  key,
  outside: { reach: 'loopback', authorities: [], secret: () => null, mail: null },
})

/** The example's evidence as if its day were today; one endpoint turns out to accept TLS 1.0. */
function evidenceUntil(now: number) {
  const moved = (text: string) => new Date(Date.parse(text) + now - noon).toISOString()
  return read('evidence.jsonl')
    .trim()
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, moved)
    .split('\n')
    .map((line) => JSON.parse(line) as { runner: string; id: string; measured?: object })
    .map(({ runner, ...one }) => {
      const measured =
        one.id === 'example-05' ? { ...one.measured, lowestAccepted: 1 } : one.measured
      return { runner, evidence: { ...one, ...(measured ? { measured } : {}) } }
    })
}

async function stageKept(applied: boolean): Promise<TestKept> {
  const kept = await testKept({ time: movableTime(systemTime), collectors: [], origin })
  if (!applied) return kept
  await kept.ask('operator', claims.apply, { page: source, systems })
  for (const { runner, evidence } of evidenceUntil(kept.time.now())) {
    const actor = { kind: runner === 'cto' ? 'person' : 'runner', id: runner } as const
    await kept.ask(actor, claims.receive, { evidence: [evidence as never] })
  }
  const begun = kept.time.now() - 3_600_000
  await startClock(kept, { subject: 'incident of today', startedAt: begun, hours: 24 })
  await kept.work()
  return kept
}

/** Does something of a capability that no operation does yet, as the worker. */
export async function within<T>(kept: TestKept, run: (tx: Transaction) => Promise<T>): Promise<T> {
  const once = operation({
    action: 'tests.run',
    says: 'Runs what a test says',
    input: z.strictObject({}),
    output: z.custom<T>(),
    run,
  })
  return await kept.ask('worker', once, {})
}

/** Starts a clock as the capability that owns it would, and returns its id. */
export async function startClock(
  kept: TestKept,
  { subject, startedAt, hours }: { subject: string; startedAt: number; hours: number | null },
): Promise<string> {
  const span = (part: number) =>
    hours === null ? null : { months: 0, seconds: hours * 3600 * part }
  const clock = await within(kept, (tx) =>
    begin(tx, {
      owner: 'tests',
      kind: 'notice',
      subject,
      startedAt,
      within: span(1),
      target: span(1 / 2),
      timeZone: 'UTC',
      fractions: [],
      policy: {},
    }),
  )
  return clock.id
}

export interface Stage {
  kept: TestKept
  address: string
  context: BrowserContext
  page: Page
  /** What the console did that it must not: requests elsewhere, breaches of its policy, errors. */
  wrongs: string[]
  /** A browser of somebody else. */
  another(): Promise<{ page: Page; close: () => Promise<void> }>
  close(): Promise<void>
}

/** With the example's page, or without any; or over a Kept that a test made. */
export async function openStage({
  applied = true,
  kept: made = null as TestKept | null,
} = {}): Promise<Stage> {
  const kept = made ?? (await stageKept(applied))
  const files = openConsole(openLog('silent'))
  const address = await kept.serve({ origin, mostAsks: 10_000, console: files })
  const wrongs: string[] = []
  const profiles: string[] = []
  async function launch(): Promise<BrowserContext> {
    const profile = mkdtempSync(join(tmpdir(), 'kept-chromium-'))
    profiles.push(profile)
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ], // prettier-ignore
    })
    context.setDefaultTimeout(20_000)
    context.on('request', (request) => {
      if (!/^(?:data:|http:\/\/127\.0\.0\.1:)/.test(request.url())) wrongs.push(request.url())
    })
    context.on('weberror', (error) => wrongs.push(error.error().message))
    context.on('console', (message) => {
      if (/content security policy|trusted/i.test(message.text())) wrongs.push(message.text())
    })
    return context
  }
  const context = await launch()
  const others: BrowserContext[] = []
  return {
    kept,
    address,
    context,
    page: context.pages()[0] ?? (await context.newPage()),
    wrongs,
    async another() {
      const other = await launch()
      others.push(other)
      return { page: other.pages()[0] ?? (await other.newPage()), close: () => other.close() }
    },
    async close() {
      for (const one of [...others, context]) await one.close()
      await kept.stop()
      for (const profile of profiles) rmSync(profile, { recursive: true, force: true })
    },
  }
}

/**
 * What axe objects to on the page as it is, in light and dark, wide and narrow; and whether it scrolls
 * sideways. Axe comes over the debugging protocol, which the page's policy does not bind.
 */
export async function findObjections(page: Page, name: string): Promise<string[]> {
  const found: string[] = []
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 900 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.evaluate(axe.source)
      const widest = (await page.evaluate('document.documentElement.scrollWidth')) as number
      if (widest > width) found.push(`${name} scrolls sideways: ${widest} of ${width}`)
      // Nothing but the colours differs in the dark.
      const rules = colorScheme === 'dark' ? `runOnly: ['color-contrast'],` : ''
      const objections = (await page.evaluate(
        `axe.run({ ${rules} resultTypes: ['violations'] }).then(({ violations }) =>
          violations.map(({ id, nodes }) => id + ': ' + nodes[0].html + ' ' + nodes[0].failureSummary))`,
      )) as string[]
      found.push(...objections.map((one) => `${name}, ${colorScheme}, ${width}: ${one}`))
      if (pictures) {
        mkdirSync(pictures, { recursive: true })
        const path = join(pictures, `${name}-${width}-${colorScheme}.png`)
        await page.screenshot({ path, fullPage: true })
      }
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
  return found
}

/** Gives a browser the session that somebody began over the API. */
export async function become(page: Page, address: string, by: Browser): Promise<void> {
  await page.context().clearCookies()
  await page.context().addCookies(
    by
      .cookies()
      .split('; ')
      .map((one) => {
        const at = one.indexOf('=')
        return { name: one.slice(0, at), value: one.slice(at + 1), url: address }
      }),
  )
}

/** Goes on by Tab alone until what has the focus is called that, as who has no mouse must be able to. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab')
    const focused = (await page.evaluate(`(() => {
      const one = document.activeElement
      return (one?.labels?.[0]?.textContent ?? one?.textContent ?? '').trim()
    })()`)) as string
    if (focused === name) return
  }
  throw new Error(`Tab does not lead to ${name}`)
}
