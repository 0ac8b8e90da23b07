import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { close, listen } from '../../../../test/loopback.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { context, system, Watch } from '../../../../test/looking.ts'
import type { Canaries } from './canaries.ts'
import { isolationCollector } from '../collect.ts'

interface Invoice {
  id: string
  tenant: string
  title: string
  customer: string
  amount: number
  currency: string
  state: string
  terms: string
}

const flaws = [
  'none',
  'reads across',
  'writes across',
  'writes across and denies it',
  'deletes across',
  'lists across',
  'says 403 for what is there',
  'says more for what is there',
  'names the customer in a text of the same form',
  'names the customer wherever it looks',
  'gives an amount away in a header',
  'has a header more for what is there',
  'answers with a page of the same length',
  'lists rows of others without their ids',
] as const
type Flaw = (typeof flaws)[number]

const tokens = { a: 'token-of-a', b: 'token-of-b' }
const canaries: Canaries = {
  operations: [
    { name: 'invoices.list', method: 'GET', path: '/invoices' },
    { name: 'invoices.read', method: 'GET', path: '/invoices/{invoice}' },
    {
      name: 'invoices.rename',
      method: 'PATCH',
      path: '/invoices/{invoice}',
      body: { title: 'canary' },
    },
    {
      name: 'invoices.delete',
      method: 'DELETE',
      path: '/invoices/{invoice}',
      control: 'invoices.read',
    },
  ],
  tenants: { a: { objects: { invoice: '1001' } }, b: { objects: { invoice: '2002' } } },
}

type Said = [status: number, body: unknown, headers?: Record<string, string>]

/** Both pay in one currency and by the same terms; what state an invoice is in is one of three words. */
const samples = {
  a: {
    customer: 'Birch & Sons',
    amount: 4711,
    currency: 'EUR',
    state: 'overdue',
    terms: 'net 30 days',
  },
  b: {
    customer: 'Elm Logistics',
    amount: 8919,
    currency: 'EUR',
    state: 'open',
    terms: 'net 30 days',
  },
} as const

/** A small app with invoices, which can be given a flaw. */
class App {
  flaw: Flaw = 'none'
  published: unknown = canaries
  broken = false
  readonly invoices: Invoice[] = []
  private readonly server: Server
  private asked = ''

  constructor() {
    this.restore()
    this.server = createServer((request, response) => void this.serve(request, response))
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, body, headers] = await this.answer(request)
    const type = { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' }
    // What every sound app sends and what changes each time.
    const always = { 'x-request-id': String(Math.random()), 'x-powered-by': 'Kept Test 2.18' }
    response.writeHead(status, { ...type, ...always, ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

  restore(): void {
    this.invoices.length = 0
    for (const tenant of ['a', 'b'] as const) {
      const id = canaries.tenants[tenant].objects['invoice']!
      this.invoices.push({ ...samples[tenant], id, tenant, title: 'canary' })
    }
  }

  async start(): Promise<string> {
    return await listen(this.server)
  }

  async stop(): Promise<void> {
    await close(this.server)
  }

  private async answer(request: IncomingMessage): Promise<Said> {
    const body = await text(request)
    this.asked = `${request.url} ${body}`
    if (this.broken) return [503, { error: 'down' }]
    const token = request.headers.authorization?.replace('Bearer ', '')
    const tenant = token === tokens.a ? 'a' : token === tokens.b ? 'b' : null
    if (tenant === null) return [401, { error: 'who are you' }]
    if (request.url === '/.well-known/kept-canaries') return [200, this.published]
    if (request.url === '/invoices') {
      const all = this.flaw === 'lists across'
      const own = this.invoices.filter((one) => all || one.tenant === tenant)
      const bare = this.flaw === 'lists rows of others without their ids' ? this.invoices : []
      const customers = bare.map(({ customer }) => ({ customer }))
      return [200, { states: ['open', 'overdue', 'paid'], rows: [...own, ...customers] }]
    }
    const id = /^\/invoices\/(\w+)$/.exec(request.url ?? '')?.[1]
    const found = this.invoices.find((one) => one.id === id)
    return this.onOne(request.method!, found, found?.tenant === tenant, body)
  }

  private onOne(method: string, found: Invoice | undefined, own: boolean, body: string): Said {
    const across = { GET: 'reads across', PATCH: 'writes across', DELETE: 'deletes across' }[method]
    if (this.flaw === 'names the customer wherever it looks' && !own) {
      return [404, { error: `try ${this.invoices.map((one) => one.customer).join()}` }]
    }
    // It says which states there are, one of which is the owner's, and sends back what it was sent.
    const missing: Said = [404, { error: `no ${this.asked} among open, overdue and paid` }]
    const isPaged = this.flaw === 'answers with a page of the same length'
    if (!found) return isPaged ? [404, page('there is no such invoice')] : missing
    if (!own && this.flaw !== across) return this.denyBadly(found) ?? missing
    if (method === 'PATCH') found.title = (JSON.parse(body) as { title: string }).title
    if (method === 'DELETE') this.invoices.splice(this.invoices.indexOf(found), 1)
    const { tenant: _, ...shown } = found
    return [200, shown, { etag: `"of ${found.customer}"` }]
  }

  private denyBadly(found: Invoice): Said | null {
    const missing = { error: `no ${this.asked} among open, overdue and paid` }
    switch (this.flaw) {
      case 'says 403 for what is there':
        return [403, { error: 'not yours' }]
      case 'says more for what is there':
        return [404, { error: 'no', owner: 'a' }]
      case 'writes across and denies it':
        found.title = 'changed'
        return null
      case 'names the customer in a text of the same form':
        return [404, { error: `it is of ${found.customer.toUpperCase()}` }]
      case 'gives an amount away in a header':
        return [404, missing, { 'x-request-id': `${Math.random()} ${found.amount}` }]
      case 'has a header more for what is there':
        return [404, missing, { 'x-owner': 'somebody' }]
      case 'answers with a page of the same length':
        return [404, page(`it is of ${found.customer}`)]
      default:
        return null
    }
  }
}

/** HTML of one length, whatever it says. */
function page(said: string): string {
  const html = `<!doctype html><title>404</title><p>${said.replace('&', '&amp;')}</p>`
  return html.padEnd(200)
}

let app: App
let address: string
beforeEach(async () => {
  app = new App()
  address = await app.start()
})
afterEach(() => app.stop())

const watch = () =>
  new Watch(isolationCollector, system({ type: 'service', address, secret: 'CANARIES' }))
const look = (watching: Watch, secret = JSON.stringify(tokens)) =>
  watching.look({ secrets: { CANARIES: secret } })

describe('service.isolation-probe', () => {
  it.each(flaws.filter((flaw) => flaw !== 'none'))(
    'breaks when the app %s, and is mended',
    async (flaw) => {
      const watching = watch()
      expect(await look(watching)).toEqual({
        outcome: 'pass',
        measured: { operations: 8, crossed: 0 },
      })
      expect(watching.verdict('tenancy.isolated')).toBe('kept')
      app.flaw = flaw
      const seen = await look(watching)
      expect(seen, seen.note).toMatchObject({ outcome: 'fail' })
      expect(seen.measured['crossed']).toBeGreaterThan(0)
      expect(watching.verdict('tenancy.isolated')).toBe('broken')
      app.flaw = 'none'
      app.restore()
      expect(await look(watching)).toMatchObject({ outcome: 'pass' })
      expect(watching.verdict('tenancy.isolated')).toBe('kept')
    },
  )

  it.each([
    ['names the customer in a text of the same form', /holds what only another tenant may see/],
    ['names the customer wherever it looks', /holds what only another tenant may see/],
    ['gives an amount away in a header', /holds what only another tenant may see/],
    ['answers with a page of the same length', /holds what only another tenant may see/],
    ['lists rows of others without their ids', /invoices\.list: its answer holds what only/],
    ['has a header more for what is there', /with other headers than a missing one: x-owner/],
  ] as const)('says what tells when the app %s', async (flaw, why) => {
    app.flaw = flaw
    const seen = await look(watch())
    expect(seen.note).toMatch(why)
    // What was seen is not told on.
    expect(seen.note).not.toMatch(/birch|elm|4711|8919/i)
  })

  it.each([
    ['a token the app does not know', () => JSON.stringify({ a: 'token-of-a', b: 'nonsense' })],
    ['one token for both', () => JSON.stringify({ a: 'token-of-a', b: 'token-of-a' })],
    ['no JSON', () => 'token-of-a'],
  ])('knows nothing with %s, and says no token', async (_, secret) => {
    const seen = await look(watch(), secret())
    expect(seen).toMatchObject({ outcome: 'inconclusive', measured: {} })
    expect(seen.note).not.toContain('token-of-a')
    expect(await look(watch())).toMatchObject({ outcome: 'pass' })
  })

  it('knows nothing of an app that is down, or whose canary lost its object', async () => {
    app.broken = true
    expect(await look(watch())).toMatchObject({ outcome: 'inconclusive' })
    app.broken = false
    app.invoices.splice(0, 1)
    const seen = await look(watch())
    expect(seen).toMatchObject({ outcome: 'inconclusive' })
    expect(seen.note).toContain('invoices.read fails for canary a')
  })

  it.each([
    ['nothing', undefined],
    ['no operation', { ...canaries, operations: [] }],
    ['an unknown field', { ...canaries, more: 1 }],
    [
      'a control that is not there',
      { ...canaries, operations: [{ ...canaries.operations[0], control: 'nothing' }] },
    ],
    [
      'an object without an id',
      { ...canaries, operations: [{ name: 'x', method: 'GET', path: '/invoices/{other}' }] },
    ],
  ])('knows nothing when the app publishes %s', async (_, published) => {
    app.published = published
    expect(await look(watch())).toMatchObject({ outcome: 'inconclusive' })
  })

  it('sends no token in the clear to another machine, nor beyond its reach', async () => {
    const far = system({ type: 'service', address: 'http://192.0.2.1', secret: 'CANARIES' })
    const secrets = { CANARIES: JSON.stringify(tokens) }
    const seen = await isolationCollector.collect(far, context({ secrets }))
    expect(seen.note).toMatch(/only reach its own machine/)
  })
})
