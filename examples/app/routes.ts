import { found, type Scope } from '@kept/guard'
import type { FastifyInstance } from 'fastify'
import { document } from './document.ts'
import { canaries } from './tenants.ts'

/** What is wrong in the app, for as long as somebody wants to see how that shows. */
export interface Flaws {
  /** Remembers the list of invoices by its address alone, whoever asked first. */
  cachesForAll: boolean
  /** Answers an address before the guard is asked, as a cache in front does. */
  answersInFront: boolean
}

type Id<Name extends string> = { Params: Record<Name, string> }
const may = (action: string) => ({ config: { kept: { action } } })
const open = { config: { kept: { public: true } } } as const

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** What is no id is the id of nothing. */
const idOf = (text: unknown) => found(uuid.test(String(text)) ? String(text) : null)

/** Every route says which action it is; what a scope sees is its own tenant's, so no statement names one. */
export function addRoutes(app: FastifyInstance, flaws: Flaws): void {
  app.get('/', open, () => ({ app: 'invoices' }))
  app.get('/openapi.json', open, () => document)
  app.get('/.well-known/kept-canaries', may('canaries.read'), () => canaries)

  app.get('/customers', may('customers.list'), ({ guard }) =>
    guard.tenant((scope) => scope.rows`select id, name from customers order by name limit 100`),
  )
  app.post<{ Body: { name?: unknown } }>(
    '/customers',
    { ...may('customers.create'), schema: { body: needs('name') } },
    ({ guard, body }) =>
      guard.tenant(async (scope) => {
        const [row] =
          await scope.rows`insert into customers (name) values (${String(body.name)}) returning id, name`
        scope.record('customers.create', { id: row!['id'] })
        return row
      }),
  )
  app.get<Id<'customer'>>('/customers/:customer', may('customers.read'), ({ guard, params }) =>
    guard.tenant((scope) =>
      one(scope.rows`select id, name from customers where id = ${idOf(params.customer)}`),
    ),
  )
  app.delete<Id<'customer'>>('/customers/:customer', may('customers.delete'), ({ guard, params }) =>
    guard.tenant((scope) =>
      changed(
        scope,
        'customers.delete',
        scope.rows`delete from customers where id = ${idOf(params.customer)} returning id`,
      ),
    ),
  )
  addInvoices(app, flaws)
}

function addInvoices(app: FastifyInstance, flaws: Flaws): void {
  const remembered = new Map<string, unknown>()
  app.get<{ Querystring: { paid?: string; customer?: string } }>(
    '/invoices',
    may('invoices.list'),
    async ({ guard, query, url }) => {
      if (!flaws.cachesForAll) remembered.clear()
      const known = remembered.get(url)
      if (known !== undefined) return known
      const paid = query.paid === undefined ? null : query.paid === 'true'
      const customer = query.customer === undefined ? null : idOf(query.customer)
      const rows = await guard.tenant(
        (scope) => scope.rows`select id, number, amount_cents, paid from invoices
          where paid = coalesce(${paid}::boolean, paid)
            and customer_id = coalesce(${customer}::uuid, customer_id)
          order by number limit 100`,
      )
      if (flaws.cachesForAll) remembered.set(url, rows)
      return rows
    },
  )
  app.post<{ Body: Record<string, unknown> }>(
    '/invoices',
    { ...may('invoices.create'), schema: { body: needs('customer', 'number', 'amount_cents') } },
    ({ guard, body }) =>
      guard.tenant(async (scope) => {
        // The foreign key holds the tenant, so that another's customer is one that is not there.
        const [row] = await scope.rows`
          insert into invoices (customer_id, number, amount_cents)
          select id, ${String(body['number'])}, ${Number(body['amount_cents'])}::integer
          from customers where id = ${idOf(body['customer'])}
          returning id, number, amount_cents, paid`
        found(row)
        scope.record('invoices.create', { id: row!['id'] })
        return row
      }),
  )
  app.get<Id<'invoice'>>('/invoices/:invoice', may('invoices.read'), ({ guard, params }) =>
    guard.tenant((scope) =>
      one(scope.rows`
        select i.id, i.number, i.amount_cents, i.paid, c.name as customer
        from invoices i left join customers c on c.id = i.customer_id
        where i.id = ${idOf(params.invoice)}`),
    ),
  )
  app.delete<Id<'invoice'>>('/invoices/:invoice', may('invoices.delete'), ({ guard, params }) =>
    guard.tenant((scope) =>
      changed(
        scope,
        'invoices.delete',
        scope.rows`delete from invoices where id = ${idOf(params.invoice)} returning id`,
      ),
    ),
  )
  app.put<Id<'invoice'>>('/invoices/:invoice/pay', may('invoices.pay'), ({ guard, params }) =>
    guard.tenant((scope) =>
      changed(
        scope,
        'invoices.pay',
        scope.rows`update invoices set paid = true where id = ${idOf(params.invoice)} returning id, paid`,
      ),
    ),
  )
  app.get('/invoices.csv', may('invoices.export'), async ({ guard }, reply) => {
    const rows = await guard.tenant(
      (scope) => scope.rows`select number, amount_cents, paid from invoices order by number`,
    )
    void reply.type('text/csv')
    return rows.map((row) => Object.values(row).join(';')).join('\n')
  })
}

function needs(...names: string[]) {
  return { type: 'object', required: names }
}

async function one<Row>(rows: Promise<Row[]>): Promise<Row> {
  return found((await rows)[0])
}

async function changed(
  scope: Scope,
  action: string,
  rows: Promise<Record<string, unknown>[]>,
): Promise<Record<string, unknown>> {
  const row = await one(rows)
  scope.record(action, { id: row['id'] })
  return row
}
