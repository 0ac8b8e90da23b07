/** Test support: twenty leaks as engineers make them; each says how it came about. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type pg from 'pg'
import { exportsOf, store, type Job, type Scoped } from './jobs.ts'
import { all, notFound, one, type Caller, type Operation, type Row } from './operation.ts'
import { operations } from './operations.ts'
import { fromCursor, shown, toPage } from './tables.ts'

/** What an app with the leak does differently. */
export interface Change {
  operations?: Record<string, Partial<Operation>>
  jobs?: Record<string, Job>
  scoped?: Scoped
  /** Lets in whom the role alone would not. */
  admits?: (request: FastifyRequest, caller: Caller) => boolean
  /** Stand in for the HEAD routes that Fastify makes of GET. */
  routes?: (http: FastifyInstance, back: pg.Pool) => void
}

export interface Leak {
  name: string
  says: string
  /** SQL as the owner of the tables; `mend` takes it back. */
  plant?: string
  mend?: string
  /** Anew for each app that starts, so that what it remembers is its own. */
  change?: () => Change
}

const sound = (id: string): Operation => operations[id]!

/** The first ten: the kinds that everybody knows. */
const known: Leak[] = [
  {
    name: 'view',
    says: 'GET /balances lists the customers of all',
    // A column was to be added to the view. CREATE OR REPLACE VIEW drops the options that it does not
    // repeat, and security_invoker was one.
    plant: `create or replace view customer_balances as
      select c.tenant_id, c.id as customer, c.name, coalesce(sum(l.cents), 0)::integer as open,
        max(i.due) as due
      from customers c
      left join invoices i on i.tenant_id = c.tenant_id and i.customer = c.id and i.state = 'sent'
      left join invoice_lines l on l.tenant_id = i.tenant_id and l.invoice = i.id
      group by c.tenant_id, c.id`,
    mend: `alter view customer_balances set (security_invoker = true)`,
  },
  {
    name: 'definer',
    says: 'GET /search finds the invoices of all',
    // ILIKE is not leakproof, so that no index is used under a policy. The function was made SECURITY
    // DEFINER with the tenant in each WHERE; the invoices came a sprint later, without.
    plant: `create or replace function search(q text) returns table (kind text, id uuid, name text)
      language sql stable security definer set search_path = public as $$
        select 'customer', id, name from customers
          where name ilike '%' || q || '%' and tenant_id = current_setting('app.tenant_id')::uuid
        union all select 'project', id, name from projects
          where name ilike '%' || q || '%' and tenant_id = current_setting('app.tenant_id')::uuid
        union all select 'invoice', id, title from invoices where title ilike '%' || q || '%'
      $$`,
    mend: `alter function search(text) security invoker`,
  },
  {
    name: 'policy',
    says: 'public comments of all are listed and read',
    // For the customers' portal, where "public" means: for the customer of this tenant. Permissive
    // policies are joined by OR.
    plant: `create policy portal on comments for select using (visibility = 'public')`,
    mend: `drop policy portal on comments`,
  },
  {
    name: 'privileged',
    says: 'GET /mails/{mail} reads the mails of all',
    // The sender of mails had `findMail` already, on its own pool.
    change: () => ({
      operations: {
        readMail: {
          run: ({ back, params }) =>
            one(back, `select ${shown.mails} from mails where id = $1`, [params['mail']]),
        },
      },
    }),
  },
  {
    name: 'join',
    says: `GET /audit shows another tenant's e-mail beside an own entry`,
    // Moved to the pool with the longer timeout. Seats are numbered in each tenant; rows came twice,
    // and DISTINCT ON was found to help.
    change: () => ({
      operations: {
        listAudit: {
          run: async ({ back, caller, query }) => ({
            items: await all(
              back,
              `select distinct on (audit.id) action, object, email
               from audit join members on members.seat = audit.seat
               where audit.tenant_id = $1 order by audit.id desc, email limit $2 offset $3`,
              [caller.tenant, query['limit'], query['offset']],
            ),
          }),
        },
      },
    }),
  },
  {
    name: 'cache',
    says: 'GET /statistics answers from what another tenant asked for',
    // Sums took two seconds for the largest tenant. The key is the address, as in the docs of the cache.
    change: () => {
      const cache = new Map<string, { until: number; answer: unknown }>()
      return {
        operations: {
          readStatistics: {
            async run(call) {
              const key = call.reply.request.url
              const held = cache.get(key)
              if (held && held.until > Date.now()) return held.answer
              const answer = await sound('readStatistics').run(call)
              cache.set(key, { until: Date.now() + 30_000, answer })
              return answer
            },
          },
        },
      }
    },
  },
  {
    name: 'filter',
    says: 'GET /invoices?overdue=true lists the overdue invoices of all',
    // The nightly reminder's query, used again here. OR binds weaker than AND.
    change: () => ({
      operations: {
        listInvoices: {
          async run(call) {
            const { back, caller, query } = call
            if (query['overdue'] !== true) return sound('listInvoices').run(call)
            const items = await all(
              back,
              `select ${shown.invoices} from invoices
               where tenant_id = $1 and state = 'overdue' or state = 'sent' and due < current_date
               order by invoices.due, id limit $2 offset $3`,
              [caller.tenant, query['limit'], query['offset']],
            )
            return { items }
          },
        },
      },
    }),
  },
  {
    name: 'write',
    says: 'PATCH /members/{member} answers 404 and yet changes the member of another tenant',
    // After an audit the app was to lose UPDATE on members; the back pool writes, the app reads back.
    change: () => ({
      operations: {
        updateMember: {
          async run(call) {
            const { back, params, body } = call
            await back.query(
              'update members set name = coalesce($2, name), role = coalesce($3, role) where id = $1',
              [params['member'], body['name'], body['role']],
            )
            return sound('readMember').run(call)
          },
        },
      },
    }),
  },
  {
    name: 'export',
    says: 'an export is a file with the rows of whoever exported last that day',
    // Support wanted names of files that they can read.
    change: () => ({
      jobs: {
        async export(tx, back, { object }) {
          const [asked] = await all(tx, 'select kind from exports where id = $1', [object])
          if (asked === undefined) return
          const kind = String(asked['kind'])
          const rows = await all(tx, exportsOf[kind]!)
          const day = new Date().toISOString().slice(0, 10)
          await store(tx, back, object, `${kind}-${day}.csv`, rows)
        },
      },
    }),
  },
  {
    name: 'job',
    says: 'a digest names the open invoices of all',
    // The job reads on the pool it was claimed with, which is the queue's.
    change: () => ({
      jobs: {
        async digest(tx, back, { object }) {
          const open = `select title from invoices where state = 'sent' order by number, title`
          const titles = (await all(back, open)).map(({ title }) => String(title))
          await tx.query('update digests set text = $2 where id = $1', [
            object,
            `To be paid: ${titles.join(', ')}`,
          ])
        },
      },
    }),
  },
]

/** The other ten: what a prober may well miss. */
const hard: Leak[] = [
  {
    name: 'next-page',
    says: 'the last page of GET /customers goes on with the next tenant',
    // Moved to the replica's pool; the cursor follows the primary key, which begins with the tenant.
    change: () => ({
      operations: {
        listCustomers: {
          async run(call) {
            const { back, caller, query } = call
            if (query['cursor'] === undefined) return sound('listCustomers').run(call)
            const rows = await all(
              back,
              `select ${shown.customers} from customers where (tenant_id, name, id) > ($1, $2, $3)
               order by tenant_id, name, id limit $4::integer + 1`,
              [caller.tenant, ...fromCursor(query['cursor']), query['limit']],
            )
            return toPage(rows, query['limit'])
          },
        },
      },
    }),
  },
  {
    name: 'directory',
    says: 'GET /search with a whole e-mail address finds the person of any tenant',
    // Invitations ask whether somebody has an account; search got the same box.
    change: () => ({
      operations: {
        search: {
          async run(call) {
            const q = String(call.query['q'] ?? '')
            if (!/^\S+@\S+\.\S+$/.test(q)) return sound('search').run(call)
            const people = `select 'member' as kind, id, name from members where email = lower($1)`
            return { items: await all(call.back, people, [q]) }
          },
        },
      },
    }),
  },
  {
    name: 'conflict',
    says: 'POST /customers answers 409 for a reference that another tenant uses',
    // A unique index from before there were tenants came back with an old migration.
    plant: `create unique index customers_reference on customers (lower(reference))`,
    mend: `drop index customers_reference`,
  },
  {
    name: 'replay',
    says: 'POST /invoices with an Idempotency-Key of another tenant answers with its invoice',
    // Keys went to the process's memory when the table grew; clients send counters and dates.
    change: () => {
      const answers = new Map<string, unknown>()
      return {
        operations: {
          createInvoice: {
            async run(call) {
              const key = call.headers['idempotency-key']
              if (key === undefined) return sound('createInvoice').run(call)
              const answer = answers.get(String(key)) ?? (await sound('createInvoice').run(call))
              answers.set(String(key), answer)
              return answer
            },
          },
        },
      }
    },
  },
  {
    name: 'total',
    says: 'X-Total-Count of GET /invoices counts the invoices of all',
    // Counting was slow under the policy, so that the number comes from the back pool.
    change: () => ({
      operations: {
        listInvoices: {
          async run(call) {
            const answer = await sound('listInvoices').run(call)
            const { count } = await one(call.back, 'select count(*) from invoices')
            call.reply.header('x-total-count', count)
            return answer
          },
        },
      },
    }),
  },
  {
    name: 'conditional',
    says: 'If-None-Match tells whether an invoice of another tenant exists, and its version',
    // Dashboards poll; remembered ETags save them a query.
    change: () => {
      const etags = new Map<string, unknown>()
      return {
        operations: {
          readInvoice: {
            async run(call) {
              const invoice = String(call.params['invoice'])
              const asked = call.headers['if-none-match']
              if (asked !== undefined && asked === etags.get(invoice)) {
                call.reply.code(304).header('etag', asked)
                return undefined
              }
              const answer = await sound('readInvoice').run(call)
              etags.set(invoice, call.reply.getHeader('etag'))
              return answer
            },
          },
        },
      }
    },
  },
  {
    name: 'head',
    says: 'HEAD /exports/{export}/file tells the size of any file, to anybody',
    // Browsers ask for the size first. HEAD was written by hand, beside the guard, "it has no body".
    change: () => ({
      routes(http, back) {
        http.head<{ Params: { export: string } }>(
          '/exports/:export/file',
          async (request, reply) => {
            const { content } = await one(
              back,
              'select content from bucket join exports on file = key where id = $1',
              [request.params.export],
            )
            return reply.header('content-length', Buffer.byteLength(String(content))).send()
          },
        )
      },
    }),
  },
  {
    name: 'batch',
    says: `POST /invoices/lookup gives another tenant's invoices beside one of one's own`,
    // "Checked already": the check asks whether there is any, the rows come by another query.
    change: () => ({
      operations: {
        lookupInvoices: {
          async run({ tx, back, body }) {
            const mine = await all(tx, 'select from invoices where id = any ($1)', [
              body['invoices'],
            ])
            if (mine.length === 0) throw notFound()
            const items = await all(
              back,
              `select ${shown.invoices} from invoices where id = any ($1) order by number`,
              [body['invoices']],
            )
            return { items }
          },
        },
      },
    }),
  },
  {
    name: 'promotion',
    says: 'a member may PATCH itself, and its role with it',
    // Everybody should change their own name. The body is the one that admins send.
    change: () => ({
      admits: (request, { member }) =>
        request.method === 'PATCH' && (request.params as Row)['member'] === member,
    }),
  },
  {
    name: 'stale',
    says: 'after a request that failed, the next on that connection runs as the tenant before',
    // The setting is set only when the tenant of a connection changes. A rollback takes it back, and
    // what we remember of the connection stays.
    change: () => {
      const tenantOf = new WeakMap<object, string>()
      return {
        async scoped(pool, tenant, work) {
          const client = await pool.connect()
          try {
            await client.query('begin')
            if (tenantOf.get(client) !== tenant) {
              await client.query(`select set_config('app.tenant_id', $1, false)`, [tenant])
              tenantOf.set(client, tenant)
            }
            const result = await work(client)
            await client.query('commit')
            return result
          } catch (error) {
            await client.query('rollback')
            throw error
          } finally {
            client.release()
          }
        },
      }
    },
  },
]

export const leaks: readonly Leak[] = [...known, ...hard]
