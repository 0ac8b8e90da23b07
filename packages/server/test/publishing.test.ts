import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  bundleVerifier,
  documentHeaders,
  paths,
  renderClaim,
  scriptHeaders,
} from '../src/capabilities/publishing/documents.ts'
import { makeDocuments } from './made-documents.ts'
import { log, makeProof } from './made-proof.ts'
import { makeClaimView, makeView } from './made-views.ts'

const executablePath = '/usr/bin/chromium'
const documents = makeDocuments()

/** The claim whose verdict is entry 4 of the log of `made-proof.ts`. */
function makeLoggedClaim(): string {
  const view = makeClaimView(makeView('clear'), 0)
  const history = view.claim.history.map((turn) => ({ ...turn, entry: 4 }))
  const site = { ...view.site, log: { ...view.site.log!, ...log } }
  return renderClaim({ ...view, site, claim: { ...view.claim, history } })
}

describe.skipIf(!existsSync(executablePath))(
  'the documents in Chromium (/usr/bin/chromium)',
  () => {
    const profile = mkdtempSync(join(tmpdir(), 'kept-chromium-'))
    const html = { 'content-type': 'text/html; charset=utf-8', ...documentHeaders }
    let proof = ''
    let server: Server
    let context: BrowserContext
    let page: Page
    let base: string
    const elsewhere: string[] = []
    const violations: string[] = []

    beforeAll(async () => {
      const script = await bundleVerifier()
      const logged = makeLoggedClaim()
      proof = JSON.stringify(await makeProof(4))
      server = createServer(({ url }, response) => {
        const document = url === '/logged' ? logged : documents.get(url!)
        if (url === paths.verifier)
          response
            .writeHead(200, { 'content-type': 'text/javascript', ...scriptHeaders })
            .end(script)
        else if (url === paths.proof(4))
          response.writeHead(200, { 'content-type': 'application/json' }).end(proof)
        else response.writeHead(document ? 200 : 404, html).end(document ?? '')
      })
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      context = await chromium.launchPersistentContext(profile, {
        executablePath,
        headless: true,
        args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ], // prettier-ignore
      })
      page = context.pages()[0] ?? (await context.newPage())
      page.on('request', (request) => {
        if (!request.url().startsWith(`${base}/`) && !request.url().startsWith('data:'))
          elsewhere.push(request.url())
      })
      page.on('console', (message) => {
        if (/content security policy/i.test(message.text())) violations.push(message.text())
      })
      page.on('pageerror', (error) => violations.push(error.message))
    })

    afterAll(async () => {
      await context?.close()
      server?.close()
      rmSync(profile, { recursive: true, force: true })
    })

    /** What axe objects to; all of its rules, or only those named. */
    async function findObjections(rules: readonly string[] = []): Promise<string[]> {
      return page.evaluate(
        async (values) => {
          const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
          const runOnly = values.length > 0 ? { runOnly: { type: 'rule' as const, values } } : {}
          const { violations } = await axe.run({ ...runOnly, resultTypes: ['violations'] })
          return violations.map(
            ({ id, nodes }) => `${id}: ${nodes[0]!.html} ${nodes[0]!.failureSummary}`,
          )
        },
        [...rules],
      )
    }

    /** Opens a document. Axe comes over the debugging protocol, which the page's policy does not bind. */
    async function open(path: string): Promise<void> {
      await page.goto(base + path)
      await page.evaluate(axe.source)
    }

    it.each([...documents.keys(), '/logged'])(
      '%s is accessible, fits, and loads nothing from elsewhere',
      async (path) => {
        await open(path)
        for (const width of [1280, 360]) {
          await page.setViewportSize({ width, height: 900 })
          await page.emulateMedia({ colorScheme: 'light' })
          const widest = await page.evaluate('document.documentElement.scrollWidth')
          expect(widest, `scrolls sideways at ${width}`).toBeLessThanOrEqual(width)
          expect(await findObjections(), `light, ${width}`).toEqual([])
          // Nothing but the colours differs in the dark.
          await page.emulateMedia({ colorScheme: 'dark' })
          expect(await findObjections(['color-contrast']), `dark, ${width}`).toEqual([])
        }
        expect(violations).toEqual([])
        expect(elsewhere).toEqual([])
        expect(await page.title()).not.toBe('owned')
        expect(await context.cookies()).toEqual([])
      },
      120_000,
    )

    it('verifies an entry at the press of a button, and finds a forged one', async () => {
      await page.goto(`${base}/logged`)
      const button = page.getByRole('button', { name: 'Verify in this browser' })
      await button.click()
      await page.getByText('✓ Verified here.').waitFor()
      const honest = proof
      proof = proof.replace(
        /"entry":"[^"]*"/,
        `"entry":"${Buffer.from('{"n":5}').toString('base64')}"`,
      )
      expect(proof).not.toBe(honest)
      await button.click()
      await page.getByText('✕ Not verified').waitFor()
      proof = honest
    })

    it('is whole without JavaScript: no dead button, and the way to check offline', async () => {
      const browser = await chromium.launch({
        executablePath,
        headless: true,
        args: ['--no-sandbox', '--disable-gpu'],
      })
      const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
      await plain.goto(`${base}/logged`)
      expect(await plain.getByRole('button').count()).toBe(0)
      expect(await plain.getByText('kept verify').count()).toBe(1)
      expect(await plain.getByRole('link', { name: 'the entry with its proof' }).count()).toBe(1)
      await browser.close()
    })

    it('would see a violation and an objection: the controls', async () => {
      await open('/empty')
      await page.evaluate(
        `document.body.insertAdjacentHTML('beforeend', '<img src="/x.png"><p style="color:red">x</p>')`,
      )
      expect((await findObjections()).join()).toContain('image-alt')
      expect(violations.join()).toMatch(/style/i)
      violations.length = 0
    })
  },
)
