/** Test support: a small app with an OpenAPI document, sound until it is given a flaw. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { close, listen } from './loopback.ts'

export const apiFlaws = [
  'reads across',
  'renames across',
  'renames across and denies it',
  'deletes across and denies it',
  'takes the customer of another tenant',
  'believes a header',
  'believes the query',
  'believes the body',
  'filters by the customer of another tenant',
  'shows all when asked to',
  'keeps a list for everybody',
  'exports every tenant',
  'exports to nobody in particular',
  'deletes for the lesser role',
  'reads across for the lesser role',
] as const
export type ApiFlaw = (typeof apiFlaws)[number]

export const apiTokens = {
  a: 'token-of-a',
  b: 'token-of-b',
  lesser: { a: 'lesser-of-a', b: 'lesser-of-b' },
}

type Tenant = 'a' | 'b'
interface Invoice {
  id: string
  tenant: string
  customer_id: string
  title: string
}

const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }
const body = (schema: object) => ({
  required: true,
  content: { 'application/json': { schema } },
})
const answers = { responses: { 200: { description: 'done' } } }

export const apiDocument = {
  openapi: '3.1.0',
  info: { title: 'Invoices', version: '1' },
  servers: [{ url: '/v1' }],
  security: [{ bearer: [] }],
  paths: {
    '/health': { get: { operationId: 'health', security: [], ...answers } },
    '/customers/{customerId}': {
      parameters: [{ ...id, name: 'customerId' }],
      get: { operationId: 'readCustomer', ...answers },
    },
    '/invoices': {
      get: {
        operationId: 'listInvoices',
        parameters: [
          { name: 'customer_id', in: 'query', schema: { type: 'string' } },
          { name: 'scope', in: 'query', schema: { enum: ['own', 'all'] } },
        ],
        ...answers,
      },
      post: {
        operationId: 'createInvoice',
        requestBody: body({ $ref: '#/components/schemas/NewInvoice' }),
        ...answers,
      },
    },
    '/invoices/{id}': {
      parameters: [id],
      get: { operationId: 'readInvoice', ...answers },
      patch: {
        operationId: 'renameInvoice',
        requestBody: body({
          type: 'object',
          required: ['title'],
          properties: { title: { type: 'string' } },
        }),
        ...answers,
      },
      delete: { operationId: 'deleteInvoice', ...answers },
    },
    '/export.csv': { get: { operationId: 'exportInvoices', ...answers } },
  },
  components: {
    schemas: {
      NewInvoice: {
        type: 'object',
        required: ['title', 'customer_id', 'lines'],
        properties: {
          title: { type: 'string', minLength: 3 },
          customer_id: { type: 'string' },
          lines: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              required: ['amount'],
              properties: { amount: { type: 'integer', minimum: 100 } },
            },
          },
        },
      },
    },
  },
}

export const apiCanaries = {
  openapi: '/openapi.json',
  lesser: ['listInvoices', 'readInvoice', 'readCustomer'],
  tenants: {
    a: { objects: { tenant: 'tenant-a1', customer: 'cust-a77', invoice: 'inv-a1001' } },
    b: { objects: { tenant: 'tenant-b2', customer: 'cust-b88', invoice: 'inv-b2002' } },
  },
}

const customers = { a: 'Birch & Sons 4711', b: 'Elm Logistics 8919' }

type Said = [status: number, body: unknown]

function named(value: unknown): Tenant | null {
  return value === 'tenant-a1' ? 'a' : value === 'tenant-b2' ? 'b' : null
}

export class MadeApi {
  flaw: ApiFlaw | null = null
  document: unknown = apiDocument
  canaries: unknown = apiCanaries
  readonly invoices: Invoice[] = []
  private made = 0
  private kept: Said | null = null
  private readonly server: Server = createServer((request, response) => {
    void this.serve(request, response)
  })

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, said] = await this.answer(request)
    const isText = typeof said === 'string'
    response.writeHead(status, { 'content-type': isText ? 'text/csv' : 'application/json' })
    response.end(isText ? said : JSON.stringify(said))
  }

  restore(): void {
    this.kept = null
    this.invoices.splice(0)
    for (const tenant of ['a', 'b'] as const) {
      const { customer, invoice } = apiCanaries.tenants[tenant].objects
      this.invoices.push({
        id: invoice,
        tenant,
        customer_id: customer,
        title: `canary of ${tenant}`,
      })
    }
  }

  async start(): Promise<string> {
    this.restore()
    return await listen(this.server)
  }

  async stop(): Promise<void> {
    await close(this.server)
  }

  private async answer(request: IncomingMessage): Promise<Said> {
    const sent = await text(request)
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname === '/openapi.json') return [200, this.document]
    if (url.pathname === '/v1/health') return [200, { well: true }]
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    const isLesser = token.startsWith('lesser')
    let tenant = { 'of-a': 'a', 'of-b': 'b' }[token.slice(-4)] as Tenant | undefined
    if (this.flaw === 'believes a header') tenant = named(request.headers['x-tenant-id']) ?? tenant
    if (this.flaw === 'believes the query') tenant = named(url.searchParams.get('org_id')) ?? tenant
    if (url.pathname === '/v1/export.csv' && this.flaw === 'exports to nobody in particular')
      tenant ??= 'a'
    if (tenant === undefined) return [401, { error: 'who are you' }]
    if (url.pathname === '/.well-known/kept-canaries') return [200, this.canaries]
    const input = sent === '' ? {} : (JSON.parse(sent) as Record<string, unknown>)
    const path = `${request.method} ${url.pathname.replace('/v1', '')}`
    const mayDo = !isLesser || /^GET \/(?:invoices|customers)/.test(path)
    const isOpen = path.startsWith('DELETE') && this.flaw === 'deletes for the lesser role'
    if (!mayDo && !isOpen) return [403, { error: 'your role may not do that' }]
    return this.route({ path, tenant, isLesser, url, input })
  }

  private route(asked: {
    path: string
    tenant: Tenant
    isLesser: boolean
    url: URL
    input: Record<string, unknown>
  }): Said {
    const { path, tenant, isLesser, url, input } = asked
    const own = this.invoices.filter((one) => one.tenant === tenant)
    if (path === 'GET /export.csv') {
      const rows = this.flaw === 'exports every tenant' ? this.invoices : own
      return [200, rows.map((one) => `${one.id};${one.title};${one.customer_id}`).join('\n')]
    }
    if (path === 'GET /invoices') return this.list(own, url)
    if (path === 'POST /invoices') {
      const customer = String(input['customer_id'])
      const isOwn = customer === apiCanaries.tenants[tenant].objects.customer
      const isThere = customer === 'cust-a77' || customer === 'cust-b88'
      const passes = isOwn || (isThere && this.flaw === 'takes the customer of another tenant')
      if (!passes) return [404, { error: 'there is no such customer' }]
      const of = this.flaw === 'believes the body' ? (named(input['tenant_id']) ?? tenant) : tenant
      const made = {
        id: `inv-m${++this.made}`,
        tenant: of,
        customer_id: customer,
        title: String(input['title']),
      }
      this.invoices.push(made)
      return [201, made]
    }
    const customer = /^GET \/customers\/([\w-]+)$/.exec(path)?.[1]
    if (customer !== undefined) {
      return customer === apiCanaries.tenants[tenant].objects.customer
        ? [200, { id: customer, name: customers[tenant] }]
        : [404, { error: 'there is no such customer' }]
    }
    const [, method, which] = /^(\w+) \/invoices\/([\w-]+)$/.exec(path) ?? []
    const found = this.invoices.find((one) => one.id === which)
    return this.onOne(method!, found, found?.tenant === tenant, isLesser, input)
  }

  private list(own: Invoice[], url: URL): Said {
    const customer = url.searchParams.get('customer_id')
    const all = url.searchParams.get('scope') === 'all' && this.flaw === 'shows all when asked to'
    const across = customer !== null && this.flaw === 'filters by the customer of another tenant'
    const rows = all || across ? this.invoices : own
    const said: Said = [
      200,
      rows.filter((one) => customer === null || one.customer_id === customer),
    ]
    if (this.flaw !== 'keeps a list for everybody') return said
    this.kept ??= said
    return this.kept
  }

  private onOne(
    method: string,
    found: Invoice | undefined,
    isOwn: boolean,
    isLesser: boolean,
    input: Record<string, unknown>,
  ): Said {
    const missing: Said = [404, { error: 'there is no such invoice' }]
    if (!found) return missing
    const { flaw } = this
    const passes =
      isOwn ||
      (method === 'GET' && flaw === 'reads across') ||
      (method === 'GET' && isLesser && flaw === 'reads across for the lesser role') ||
      (method === 'PATCH' && flaw?.startsWith('renames across') === true) ||
      (method === 'DELETE' && flaw === 'deletes across and denies it')
    if (!passes) return missing
    if (method === 'PATCH') found.title = String(input['title'])
    if (method === 'DELETE') this.invoices.splice(this.invoices.indexOf(found), 1)
    return !isOwn && flaw?.endsWith('denies it') === true ? missing : [200, found]
  }
}
