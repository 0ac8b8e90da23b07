import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { median, type Benchmark, type Row } from '../../../scripts/measure.ts'
import { identityOperations } from '../src/capabilities/identity/operations.ts'
import { startKept, type Kept } from '../src/server.ts'
import { codeAt } from '../test/browser.ts'
import { aloneOn } from '../test/settings.ts'
import { withDatabase } from './database.ts'

const run = promisify(execFile)
const autocannon = createRequire(import.meta.url).resolve('autocannon')
const [email, password] = ['ada@example.com', 'lantern orbit meadow staple']
/** A request that anybody may send, and whose answer costs nothing: what differs is who asks. */
const path = '/api/bundle/key'

/**
 * What signing in costs: CPU of this process for looking at a session, what argon2id does to others' requests,
 * and what a browser fetches to show the console. This process serves; load and browser are others.
 */
const benchIdentity: Benchmark = (say) =>
  withDatabase(async (urls) => {
    const origin = 'http://localhost'
    const settings = aloneOn(urls)
    const kept = await startKept({ ...settings, origin, proxies: ['127.0.0.1'] })
    try {
      const cookie = await joinFirst(kept, origin)
      return [
        ...(await measureCheck(kept, cookie, say)),
        ...(await measureSignIns(kept.address!, cookie, say)),
        ...(await measureConsole(kept.address!, cookie, say)),
      ]
    } finally {
      await kept.stop()
    }
  })
export default benchIdentity

/** The first owner of the staff, signed in with two factors; hands back their cookie. */
async function joinFirst(kept: Kept, origin: string): Promise<string> {
  const { action } = identityOperations({
    origin,
    key: new Uint8Array(32),
    outside: aloneOn({ server: '', worker: '' }).outside,
  }).inviteFirstOwner
  const operation = kept.capabilities
    .flatMap(({ operations = [] }) => operations)
    .find((one) => one.action === action) as never
  const caller = { actor: { kind: 'operator', id: 'bench' } } as const
  const made = await kept.gate.enter({ caller, operation, input: {} })
  const [, token] = (made as { link: string }).link.split('#')
  let cookie = ''
  const ask = async (to: string, body: object) => {
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    const response = await fetch(kept.address! + to, init)
    if (!response.ok) throw new Error(`${to} was answered with ${response.status}`)
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    return (await response.json()) as Record<string, string>
  }
  await ask('/api/invitations/accept', { token, name: 'ada', email, password })
  const { secret } = await ask('/api/account/totp', {})
  await ask('/api/account/totp/confirm', { code: codeAt(secret!, Date.now()) })
  return cookie
}

type Say = (progress: string) => void

/** CPU of this process for one request, in milliseconds, with a session and without, by turns. */
async function measureCheck(kept: Kept, cookie: string, say: Say): Promise<Row[]> {
  const costs: Record<'with' | 'without' | 'gate', number[]> = { with: [], without: [], gate: [] }
  for (let turn = 0; turn <= 5; turn++) {
    say(`session check, run ${turn} of 5`)
    const asKnown = await costOf(() => load(kept.address!, ['-d', '4'], cookie))
    const without = await costOf(() => load(kept.address!, ['-d', '4'], null))
    const known = await costOf(() => enter(kept, cookie))
    const unknown = await costOf(() => enter(kept, null))
    // The first warms up and does not count.
    if (turn === 0) continue
    costs.with.push(asKnown)
    costs.without.push(without)
    costs.gate.push(known - unknown)
  }
  const check = median(costs.with.map((cost, i) => cost - costs.without[i]!))
  const unit = 'ms CPU'
  return [
    { name: 'session check', value: check, unit, target: '<= 0.3' },
    { name: '  request with a session', value: median(costs.with), unit, target: null },
    { name: '  the same without', value: median(costs.without), unit, target: null },
    { name: '  check, by the gate alone', value: median(costs.gate), unit, target: null },
  ]
}

async function costOf(work: () => Promise<number>): Promise<number> {
  const before = process.cpuUsage()
  const requests = await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / requests
}

/** Past HTTP: what is left is who asks, decision, transaction and answer. */
async function enter(kept: Kept, cookie: string | null): Promise<number> {
  const operation = kept.capabilities
    .flatMap(({ routes = [] }) => routes)
    .find((route) => route.path === path)!.operation
  const credentials = {
    method: 'GET',
    url: kept.address! + path,
    headers: cookie === null ? {} : { cookie },
    body: new Uint8Array(0),
    address: '127.0.0.1',
  }
  const count = 2000
  for (let i = 0; i < count; i++) {
    await kept.gate.enter({ caller: { credentials }, operation, input: {} })
  }
  return count
}

interface Result {
  '2xx': number
  non2xx: number
  errors: number
  timeouts: number
  latency: { p99: number }
}

async function ask(address: string, words: string[], cookie: string | null): Promise<Result> {
  const headers = cookie === null ? [] : ['-H', `cookie=${cookie}`]
  const { stdout } = await run(
    process.execPath,
    [autocannon, '-j', '-n', '-c', '10', ...words, ...headers, address + path],
    { maxBuffer: 2 ** 24 },
  )
  const result = JSON.parse(stdout) as Result
  const { '2xx': good, non2xx, errors, timeouts } = result
  if (good > 0 && non2xx + errors + timeouts === 0) return result
  const counts = JSON.stringify({ good, non2xx, errors, timeouts })
  throw new Error(`not every request was answered: ${counts}`)
}

async function load(address: string, words: string[], cookie: string | null): Promise<number> {
  return (await ask(address, words, cookie))['2xx']
}

/** How long the slowest hundredth of requests takes, alone and while ten people a second sign in. */
async function measureSignIns(address: string, cookie: string, say: Say): Promise<Row[]> {
  const slow: Record<'alone' | 'beside', number[]> = { alone: [], beside: [] }
  const rates: number[] = []
  const seconds = 8
  const others = () => ask(address, ['-R', '100', '-d', String(seconds)], cookie)
  const script = join(import.meta.dirname, 'sign-ins.ts')
  const words = [script, address, email, password, '10', String(seconds + 1)]
  for (let turn = 0; turn <= 5; turn++) {
    say(`sign-ins, run ${turn} of 5`)
    const alone = await others()
    const signingIn = run(process.execPath, words)
    await sleep(500)
    const beside = await others()
    const { stdout } = await signingIn
    const done = JSON.parse(stdout) as { signIns: number; seconds: number }
    if (turn === 0) continue
    rates.push(done.signIns / done.seconds)
    slow.alone.push(alone.latency.p99)
    slow.beside.push(beside.latency.p99)
  }
  const ratio = median(slow.beside.map((p99, i) => p99 / Math.max(1, slow.alone[i]!)))
  return [
    { name: 'p99 beside 10 sign-ins/s', value: ratio, unit: 'x', target: '<= 2' },
    { name: '  sign-ins that were done', value: median(rates), unit: '/s', target: '>= 9.5' },
    { name: '  alone', value: median(slow.alone), unit: 'ms', target: null },
    { name: '  beside them', value: median(slow.beside), unit: 'ms', target: null },
  ]
}

/** All that Chromium is sent until the page stands, compressed as it comes, headers included. */
async function measureConsole(address: string, cookie: string, say: Say): Promise<Row[]> {
  say('console')
  const deadline = performance.now() + 120_000
  while ((await (await fetch(`${address}/console`)).text()).includes('wait.js')) {
    if (performance.now() > deadline) throw new Error('the console was not built')
    await sleep(1000)
  }
  const out = await fetched(address, null)
  const signedIn = await fetched(address, cookie)
  const unit = 'kB'
  return [
    { name: 'console, first load', value: out / 1000, unit, target: '<= 200' },
    { name: '  signed in, the board too', value: signedIn / 1000, unit, target: '<= 200' },
  ]
}

async function fetched(address: string, cookie: string | null): Promise<number> {
  const profile = mkdtempSync(join(tmpdir(), 'kept-bench-chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    if (cookie !== null) {
      const [name = '', value = ''] = cookie.split('=')
      await context.addCookies([{ name, value, url: address }])
    }
    const page = context.pages()[0] ?? (await context.newPage())
    const devtools = await context.newCDPSession(page)
    let bytes = 0
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
    await devtools.send('Network.enable')
    await page.goto(`${address}/console`)
    await page.getByRole('heading').first().waitFor({ timeout: 60_000 })
    await page.waitForLoadState('networkidle')
    return bytes
  } finally {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  }
}
