import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openClient } from '@kept/client'
import { Client } from 'pg'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundlesOf } from '../examples/demo/acts.ts'
import { root } from '../scripts/packages.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-tour-'))
// As root the databases run as another user, who must be able to pass.
chmodSync(folder, 0o711)
let tour: number
let child: ChildProcess

/** How far the ports of a tour lie from its first. */
const offsets = [0, 1, 2, 3, 263, 264, 265, 300, 301, 302, 303]

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => resolve(true))
  })
  if (listening) await new Promise((resolve) => server.close(resolve))
  return listening
}

async function findPorts(): Promise<number> {
  for (let first = 20_000 + (process.pid % 100) * 100; first < 32_000; first += 7) {
    const free = await Promise.all(offsets.map((offset) => isFree(first + offset)))
    if (free.every(Boolean)) return first
  }
  throw new Error('no room for a tour')
}

/** Starts the tour and waits for its addresses. */
async function start(): Promise<void> {
  const env = { ...process.env, KEPT_DEMO: folder, KEPT_DEMO_PORT: String(tour) }
  child = spawn(process.execPath, [join(root, 'examples/demo/main.ts')], { env })
  let said = ''
  child.stderr!.on('data', (text: Buffer) => (said += String(text)))
  await new Promise<void>((resolve, reject) => {
    child.stdout!.on('data', (text: Buffer) => {
      said += String(text)
      if (said.includes('Ctrl-C ends it.')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`the tour ended with ${code}: ${said}`)))
  })
}

async function stop(): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  child.kill('SIGINT')
  const [code] = (await once(child, 'exit')) as [number | null]
  return code
}

beforeAll(async () => {
  tour = await findPorts()
  await start()
}, 180_000)

afterAll(async () => {
  await stop()
  rmSync(folder, { recursive: true })
}, 60_000)

const claimsOf = async (company: 1 | 2 | 3) =>
  (await openClient(`http://127.0.0.1:${tour + company}`).get('/api/claims')).claims
const verdictOf = async (company: 1 | 2 | 3, id: string) =>
  (await claimsOf(company)).find((claim) => claim.id === id)?.verdict
const post = (id: string, site: string) =>
  fetch(`http://127.0.0.1:${tour}/act`, {
    method: 'POST',
    body: new URLSearchParams({ act: id }),
    // What browsers send from a page without referrer.
    headers: { origin: 'null', 'sec-fetch-site': site },
  })
const act = async (id: string) => expect((await post(id, 'same-origin')).status).toBe(200)
/** Runs SQL in the first company's production, as somebody with every right there might. */
async function production(statements: string): Promise<void> {
  const read = (file: string) => readFileSync(join(folder, 'production-a', file), 'utf8')
  const client = new Client({
    host: join(folder, 'production-a/sockets'),
    port: Number(read('data/postmaster.pid').split('\n')[3]),
    user: 'postgres',
    password: read('superuser.password').trim(),
    database: 'invoices',
  })
  await client.connect()
  await client.query(statements).finally(() => client.end())
}
const browser = '/usr/bin/chromium'
const patience = { timeout: 90_000, interval: 500 }

describe('the tour', () => {
  it.skipIf(!existsSync(browser))(
    `has buttons that work in ${browser}`,
    async () => {
      const context = await chromium.launchPersistentContext(join(folder, 'browser'), {
        executablePath: browser,
        headless: true,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      })
      try {
        const page = await context.newPage()
        await page.goto(`http://127.0.0.1:${tour}/`)
        await expect.poll(() => verdictOf(1, 'isolated'), patience).toBe('kept')
        for (const [button, verdict] of [
          ['Plant it', 'broken'],
          ['Mend it', 'kept'],
        ] as const) {
          await page.getByRole('button', { name: button }).click()
          await expect.poll(() => verdictOf(1, 'isolated'), { timeout: 10_000 }).toBe(verdict)
          // The page says it too, although nobody reloads it.
          const act = page.locator('li', { has: page.getByRole('button', { name: button }) })
          const said = act.getByText(verdict === 'kept' ? 'Kept' : 'Broken', { exact: true })
          await said.waitFor({ timeout: 10_000 })
        }
      } finally {
        await context.close()
      }
    },
    120_000,
  )

  it('says what to do where its ports are taken', async () => {
    const env = { ...process.env, KEPT_DEMO: join(folder, 'second'), KEPT_DEMO_PORT: String(tour) }
    const second = spawn(process.execPath, [join(root, 'examples/demo/main.ts')], { env })
    let said = ''
    second.stderr.on('data', (text: Buffer) => (said += String(text)))
    const [code] = (await once(second, 'close')) as [number | null]
    expect(code).toBe(2)
    expect(said).toMatch(/EADDRINUSE.*\n {2}fix: .*KEPT_DEMO_PORT/)
    expect(said).not.toMatch(/^ {4}at /m)
  }, 120_000)

  it.each(['cross-site', 'same-site', 'none'])('takes no form that is %s', async (site) => {
    expect((await post('day', site)).status).toBe(403)
  })

  it('takes no form by a name that a stranger made mean this machine', async () => {
    const send = (host: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = {
          host,
          origin: `http://${host}`,
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/x-www-form-urlencoded',
        }
        const options = { host: '127.0.0.1', port: tour, path: '/act', method: 'POST', headers }
        request(options, (answer) => {
          answer.resume()
          resolve(answer.statusCode!)
        })
          .on('error', reject)
          .end('act=none')
      })
    for (const host of [`rebound.test:${tour}`, 'rebound.test', `127.0.0.1:${tour + 1}`])
      expect(await send(host)).toBe(403)
    for (const host of [`127.0.0.1:${tour}`, `localhost:${tour}`])
      expect(await send(host)).toBe(303)
  })

  it('copies a ledger of any size by the addresses that it has', () => {
    expect(bundlesOf(0)).toEqual([])
    expect(bundlesOf(300)).toEqual(['tile/entries/000', 'tile/entries/001.p/44'])
    const many = bundlesOf(256_001)
    expect(many.at(-2)).toBe('tile/entries/999')
    expect(many.at(-1)).toBe('tile/entries/x001/000.p/1')
  })

  it('says without a script too that it looks, and for how long', async () => {
    const page = async () => await (await fetch(`http://127.0.0.1:${tour}/`)).text()
    await act('cross')
    expect(await page()).toContain('without JavaScript, <a href="/">look again</a>')
    const script = await fetch(`http://127.0.0.1:${tour}/refresh.js`)
    expect(script.headers.get('content-type')).toContain('text/javascript')
  })

  it.each([
    [1, { isolated: 'kept', tls: 'kept', 'environment-certificates': 'attested' }],
    [
      2,
      {
        ssl: 'kept',
        environments: 'kept',
        segregation: 'kept',
        gsp: 'attested',
        'soc-2-report': 'attested',
        'iso-27001-2013': 'broken',
      },
    ],
    [3, { 'database-connections': 'kept', suites: 'kept', https: 'broken', team: 'attested' }],
  ] as const)(
    'shows what was measured at company %s and what its people say',
    async (company, wanted) => {
      for (const [id, verdict] of Object.entries(wanted))
        await expect.poll(() => verdictOf(company, id), patience).toBe(verdict)
      const claims = await claimsOf(company)
      expect(claims.filter(({ verdict }) => verdict === 'unproven')).not.toEqual([])
      const attested = claims.filter(({ verdict }) => verdict === 'attested')
      for (const { because, until } of attested) {
        expect(because).toContain('attested by the CTO')
        expect(until).not.toBeNull()
      }
    },
    120_000,
  )

  it('finds a function that reads every tenant, and that it is gone', async () => {
    const verdict = () => verdictOf(1, 'isolated')
    await expect.poll(verdict, patience).toBe('kept')
    await production(`create role app_reports; grant usage, create on schema public to app_reports;
      grant select on invoices to app_reports;
      create policy reports on invoices to app_reports using (true);
      create function all_invoices() returns setof invoices language sql security definer
        as 'select * from invoices';
      alter function all_invoices owner to app_reports`)
    // Nothing is planted: this act only looks again.
    await act('mend')
    await expect.poll(verdict, patience).toBe('broken')
    await production('revoke execute on function all_invoices from public')
    await act('mend')
    await expect.poll(verdict, patience).toBe('kept')
    await production('drop owned by app_reports cascade; drop role app_reports')
  }, 240_000)

  it.each([
    ['forgets the tenant in a cache', ['cache', 'cache'], 1, 'isolated'],
    ['has a cache in front of its guard', ['front', 'deploy'], 2, 'authorization'],
  ] as const)(
    'shows it when the app %s, and that it is mended',
    async (_, [damage, repair], company, claim) => {
      const verdict = () => verdictOf(company, claim)
      await expect.poll(verdict, patience).toBe('kept')
      await act(damage)
      await expect.poll(verdict, patience).toBe('broken')
      await act(repair)
      await expect.poll(verdict, patience).toBe('kept')
    },
    180_000,
  )

  it('moves a tenant while it writes, and back, and loses nothing', async () => {
    const said = async () => await (await post('move', 'same-origin')).text()
    await expect.poll(() => verdictOf(3, 'own-database'), patience).toBe('kept')
    for (const outcome of [/has a database of its own now/, /shares its database again/]) {
      const page = await said()
      expect(page).toMatch(outcome)
      expect(page).toMatch(/it wrote [1-9]\d* invoices meanwhile, of which 0 are lost/)
    }
    for (const claim of ['own-database', 'multi-tenant', 'isolated'])
      await expect.poll(() => verdictOf(3, claim), patience).toBe('kept')
  }, 180_000)

  it('refuses a database outside the promised region', async () => {
    const page = await (await post('elsewhere', 'same-origin')).text()
    expect(page).toContain('refused: eu-west-1 lies outside ap-south-1')
    await expect.poll(() => verdictOf(2, 'new-clusters'), patience).toBe('kept')
  }, 120_000)

  it('takes a review of the routes that are served', async () => {
    await expect.poll(() => verdictOf(1, 'rest-api'), patience).toBe('kept')
    await act('review')
    await expect.poll(() => verdictOf(1, 'api-review'), patience).toBe('kept')
  }, 120_000)

  it('lets an attestation lapse, and a person say it again', async () => {
    const verdict = () => verdictOf(1, 'environment-certificates')
    await act('lapse')
    await expect.poll(verdict, patience).toBe('broken')
    await act('attest')
    await expect.poll(verdict, patience).toBe('attested')
  }, 180_000)

  it('finds a copy of production in staging, and that it is gone', async () => {
    const verdict = () => verdictOf(2, 'environments')
    await expect.poll(verdict, patience).toBe('kept')
    await act('copy')
    await expect.poll(verdict, patience).toBe('broken')
    await act('empty')
    await expect.poll(verdict, patience).toBe('kept')
  }, 240_000)

  it('mends a website that answered in the clear', async () => {
    const because = (await claimsOf(3)).find(({ id }) => id === 'https')!.because
    expect(because).toMatch(/^website: \d+ plain requests? answered with content;/)
    await act('redirect')
    await expect.poll(() => verdictOf(3, 'https'), patience).toBe('kept')
  }, 120_000)

  it('starts again as it was left, and makes no new words of its people', async () => {
    const before = await claimsOf(2)
    expect(await stop()).toBe(0)
    await start()
    const after = await claimsOf(2)
    const said = (claims: typeof before) =>
      claims.filter(({ verdict }) => verdict === 'attested').map(({ id, until }) => [id, until])
    expect(said(after)).toEqual(said(before))
    expect(said(after)).not.toEqual([])
  }, 180_000)

  it('stands as well when its clock was moved before it started again', async () => {
    await act('month')
    expect(await stop()).toBe(0)
    await start()
    const crossed = await (await post('cross', 'same-origin')).text()
    expect(crossed).toContain('status 404; its own: status 200')
    await act('day')
    for (const id of ['isolated', 'tls'])
      await expect.poll(() => verdictOf(1, id), patience).toBe('kept')
  }, 240_000)

  it('ends, and says why, when a database server of it ends', async () => {
    let said = ''
    child.stderr!.on('data', (text: Buffer) => (said += String(text)))
    const pidFile = readFileSync(join(folder, 'postgres/data/postmaster.pid'), 'utf8')
    process.kill(Number.parseInt(pidFile), 'SIGQUIT')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(2)
    expect(said).toMatch(/the database server of .*postgres ended .*\n {2}fix: start again/)
    expect(said).not.toMatch(/^ {4}at /m)
  }, 60_000)
})
