/** Test support: all operations of the app, without a leak. */
import { Refused, all, notFound, one } from './operation.ts'
import type { Call, Operation, Query, Row, Schema } from './operation.ts'

type Role = Operation['for']

const text = { type: 'string', minLength: 1, maxLength: 200 }
const id = { type: 'string', format: 'uuid' }
const date = { type: 'string', format: 'date' }
const oneOf = (...values: string[]) => ({ type: 'string', enum: values })
const limit = { type: 'integer', minimum: 1, maximum: 100, default: 20 }
const offset = { type: 'integer', minimum: 0, maximum: 10_000, default: 0 }

/** What leaves of each table. */
export const shown = {
  tenants: 'id, name, time_zone',
  members: 'id, name, email, role',
  customers: 'id, name, reference, email, status',
  projects: 'id, customer, name, state',
  comments: 'id, project, text, visibility',
  invoices: 'id, customer, number, title, state, due::text',
  mails: 'id, invoice, recipient, subject',
  exports: 'id, kind',
  digests: 'id',
}
type Table = keyof typeof shown

function object(properties: Record<string, Schema>, required: string[] = []): Schema {
  const least = required.length === 0 && Object.keys(properties).length > 0 ? 1 : 0
  return { type: 'object', properties, required, minProperties: least, additionalProperties: false }
}

async function audit({ tx, caller }: Call, action: string, object: unknown): Promise<void> {
  await tx.query('insert into audit (tenant_id, seat, action, object) values ($1, $2, $3, $4)', [
    caller.tenant,
    caller.seat,
    action,
    object,
  ])
}

async function insert(call: Call, table: Table, row: Row): Promise<Row> {
  const columns = ['tenant_id', ...Object.keys(row)]
  const made = await one(
    call.tx,
    `insert into ${table} (${columns.join(', ')})
     values (${columns.map((_, i) => `$${i + 1}`).join(', ')}) returning ${shown[table]}`,
    [call.caller.tenant, ...Object.values(row)],
  )
  await audit(call, `create ${table}`, made['id'])
  call.reply.header('location', `/${table}/${String(made['id'])}`)
  return made
}

function reading(table: Table, object: string, role: Role): Operation {
  return {
    method: 'GET',
    path: `/${table}/{${object}}`,
    says: `Reads one of the ${table}`,
    for: role,
    run: ({ tx, params }) =>
      one(tx, `select ${shown[table]} from ${table} where id = $1`, [params[object]]),
  }
}

/** Filters are columns; the first of the sorts is that of who asks for none. */
function listing(
  path: string,
  role: Role,
  select: string,
  sorts: Record<string, string>,
  filters: Record<string, Schema> = {},
): Operation {
  const names = Object.keys(filters)
  const where = names.map((name, i) => `($${i + 3}::text is null or ${name}::text = $${i + 3})`)
  const [usual] = Object.keys(sorts)
  return {
    method: 'GET',
    path,
    says: `Lists ${path.slice(1)}`,
    for: role,
    query: { ...filters, sort: oneOf(...Object.keys(sorts)), limit, offset },
    run: async ({ tx, query }) => ({
      items: await all(
        tx,
        `${select} where ${['true', ...where].join(' and ')}
         order by ${sorts[String(query['sort'] ?? usual)]} limit $1 offset $2`,
        [query['limit'], query['offset'], ...names.map((name) => query[name])],
      ),
    }),
  }
}

function creation(table: Table, role: Role, body: Schema): Operation {
  return {
    method: 'POST',
    path: `/${table}`,
    says: `Adds to the ${table}`,
    for: role,
    body,
    status: 201,
    run: (call) => insert(call, table, call.body),
  }
}

/** Changes what the body names; its schema is the list of what may be changed. */
function update(table: Table, object: string, body: Schema): Operation {
  return {
    method: 'PATCH',
    path: `/${table}/{${object}}`,
    says: `Changes one of the ${table}`,
    for: 'admin',
    body,
    async run(call) {
      const set = Object.keys(call.body).map((name, i) => `${name} = $${i + 2}`)
      const changed = await one(
        call.tx,
        `update ${table} set ${set.join(', ')} where id = $1 returning ${shown[table]}`,
        [call.params[object], ...Object.values(call.body)],
      )
      await audit(call, `update ${table}`, changed['id'])
      return changed
    },
  }
}

function removal(table: Table, object: string): Operation {
  return {
    method: 'DELETE',
    path: `/${table}/{${object}}`,
    says: `Deletes one of the ${table}`,
    for: 'admin',
    status: 204,
    async run(call) {
      await one(call.tx, `delete from ${table} where id = $1 returning id`, [call.params[object]])
      await audit(call, `delete ${table}`, call.params[object])
    },
  }
}

/** A row that a job fills in. */
function start(table: Table, kind: string, body: Schema): Operation {
  return {
    ...creation(table, 'admin', body),
    status: 202,
    async run(call) {
      const made = await insert(call, table, call.body)
      await call.tx.query('insert into jobs (tenant_id, kind, object) values ($1, $2, $3)', [
        call.caller.tenant,
        kind,
        made['id'],
      ])
      return made
    },
  }
}

/** The next page starts behind the last row of this one. */
export function toPage(rows: Row[], limit: unknown): Row {
  const items = rows.slice(0, Number(limit))
  if (rows.length === items.length) return { items }
  const { name, id } = items.at(-1)!
  return { items, next: Buffer.from(JSON.stringify([name, id])).toString('base64url') }
}

/** @throws Refused 400 for a cursor that no page gave out */
export function fromCursor(cursor: Query[string]): unknown[] {
  if (cursor === undefined) return [null, null]
  try {
    const place: unknown = JSON.parse(Buffer.from(String(cursor), 'base64url').toString())
    if (Array.isArray(place) && place.length === 2) return place
  } catch {
    // Not of ours; refused like any other.
  }
  throw new Refused(400, 'not valid')
}

const customer = { name: text, email: text, status: oneOf('active', 'lapsed') }
const member = { name: text, role: oneOf('admin', 'member') }
const project = { customer: id, name: text, state: oneOf('open', 'closed') }
const line = { text, cents: { type: 'integer', minimum: 0, maximum: 1e8 } }
const lines = { type: 'array', maxItems: 50, items: object(line, ['text', 'cents']) }
const byName = { name: 'name, id', '-name': 'name desc, id' }
const overdue = `(state = 'sent' and due < current_date)`
const from = (table: Table) => `select ${shown[table]} from ${table}`

const invoiceList = listing(
  '/invoices',
  'member',
  `${from('invoices')} join lateral (select ${overdue} as overdue) late on true`,
  { number: 'number', '-number': 'number desc', due: 'due, id' },
  { customer: id, state: oneOf('draft', 'sent', 'paid'), overdue: { type: 'boolean' } },
)
const invoiceChange = update('invoices', 'invoice', object({ title: text, due: date }))

export const operations: Record<string, Operation> = {
  readMe: {
    method: 'GET',
    path: '/me',
    says: 'Who asks',
    for: 'member',
    run: ({ tx, caller }) => one(tx, `${from('members')} where id = $1`, [caller.member]),
  },
  readTenant: reading('tenants', 'tenant', 'member'),
  updateTenant: update(
    'tenants',
    'tenant',
    object({ time_zone: { ...text, examples: ['Europe/Berlin'] } }, ['time_zone']),
  ),
  listMembers: listing('/members', 'member', from('members'), { seat: 'seat' }),
  readMember: reading('members', 'member', 'member'),
  createMember: {
    ...creation('members', 'admin', object({ ...member, email: text }, ['name', 'email', 'role'])),
    async run(call) {
      const { seats } = await one(call.tx, 'update tenants set seats = seats + 1 returning seats')
      return insert(call, 'members', { ...call.body, seat: seats })
    },
  },
  updateMember: update('members', 'member', object(member)),
  deleteMember: removal('members', 'member'),
  listCustomers: {
    method: 'GET',
    path: '/customers',
    says: 'Lists customers by name, page by page',
    for: 'member',
    query: { status: customer.status, q: text, limit, cursor: { type: 'string' } },
    async run({ tx, query: { status, q, limit, cursor } }) {
      const rows = await all(
        tx,
        `${from('customers')}
         where ($1::text is null or status = $1) and ($2::text is null or name ilike '%' || $2 || '%')
           and ($3::text is null or (name, id) > ($3, $4::uuid))
         order by name, id limit $5::integer + 1`,
        [status, q, ...fromCursor(cursor), limit],
      )
      return toPage(rows, limit)
    },
  },
  createCustomer: creation(
    'customers',
    'admin',
    object({ ...customer, reference: text }, ['name']),
  ),
  readCustomer: reading('customers', 'customer', 'member'),
  updateCustomer: update('customers', 'customer', object(customer)),
  deleteCustomer: removal('customers', 'customer'),
  downloadCustomers: {
    method: 'GET',
    path: '/customers.csv',
    says: 'All customers as CSV',
    for: 'admin',
    run: async ({ tx, reply }) => {
      reply.type('text/csv')
      return toCsv(await all(tx, `${from('customers')} order by name, id`))
    },
  },
  listBalances: listing(
    '/balances',
    'member',
    'select customer, name, open from customer_balances',
    { name: 'name, customer', open: 'open desc, customer' },
    { customer: id },
  ),
  listProjects: listing('/projects', 'member', from('projects'), byName, {
    customer: id,
    state: project.state,
  }),
  createProject: creation('projects', 'admin', object(project, ['customer', 'name'])),
  readProject: reading('projects', 'project', 'member'),
  updateProject: update('projects', 'project', object(project)),
  deleteProject: removal('projects', 'project'),
  listComments: listing(
    '/comments',
    'member',
    from('comments'),
    { text: 'text, id' },
    { project: id, visibility: oneOf('internal', 'public') },
  ),
  createComment: creation(
    'comments',
    'member',
    object({ project: id, text, visibility: oneOf('internal', 'public') }, ['project', 'text']),
  ),
  readComment: reading('comments', 'comment', 'member'),
  deleteComment: removal('comments', 'comment'),
  listInvoices: {
    ...invoiceList,
    says: 'Lists invoices; X-Total-Count is the number of all of them',
    async run(call) {
      const { count } = await one(call.tx, 'select count(*) from invoices')
      call.reply.header('x-total-count', count)
      return invoiceList.run(call)
    },
  },
  createInvoice: {
    ...creation(
      'invoices',
      'admin',
      object({ customer: id, title: text, due: date, lines }, [
        'customer',
        'title',
        'due',
        'lines',
      ]),
    ),
    says: 'Writes an invoice; asked again with the same Idempotency-Key it answers the same',
    headers: { 'Idempotency-Key': { type: 'string', maxLength: 100 } },
    async run(call) {
      const { tx, caller, headers } = call
      const key = headers['idempotency-key'] ?? null
      const [earlier] = await all(tx, 'select invoice from answered where key = $1', [key])
      if (earlier) return readInvoice(call, earlier['invoice'])
      const { lines, ...rest } = call.body
      const { number } = await one(
        tx,
        'update tenants set last_invoice = last_invoice + 1 returning last_invoice as number',
      )
      const made = await insert(call, 'invoices', { ...rest, number })
      await tx.query(
        `insert into invoice_lines (tenant_id, invoice, line, text, cents)
         select $1, $2, ordinality, value->>'text', (value->>'cents')::integer
         from jsonb_array_elements($3) with ordinality`,
        [caller.tenant, made['id'], JSON.stringify(lines)],
      )
      if (key !== null) {
        const values = [caller.tenant, key, made['id']]
        await tx.query('insert into answered (tenant_id, key, invoice) values ($1, $2, $3)', values)
      }
      return readInvoice(call, made['id'])
    },
  },
  lookupInvoices: {
    method: 'POST',
    path: '/invoices/lookup',
    says: 'Reads several invoices, or none when one is not there',
    for: 'member',
    body: object({ invoices: { type: 'array', minItems: 1, maxItems: 50, items: id } }, [
      'invoices',
    ]),
    async run({ tx, body }) {
      const wanted = new Set(body['invoices'] as string[])
      const items = await all(tx, `${from('invoices')} where id = any ($1) order by number`, [
        [...wanted],
      ])
      if (items.length < wanted.size) throw notFound()
      return { items }
    },
  },
  readInvoice: {
    ...reading('invoices', 'invoice', 'member'),
    says: 'Reads an invoice with its lines; If-None-Match spares the body',
    headers: { 'If-None-Match': { type: 'string' } },
    async run(call) {
      const invoice = await readInvoice(call, call.params['invoice'])
      const asked = call.headers['if-none-match']
      if (asked !== '*' && asked !== call.reply.getHeader('etag')) return invoice
      call.reply.code(304)
      return undefined
    },
  },
  updateInvoice: {
    ...invoiceChange,
    async run(call) {
      await invoiceChange.run(call)
      const { id } = await one(
        call.tx,
        'update invoices set version = version + 1 where id = $1 returning id',
        [call.params['invoice']],
      )
      return readInvoice(call, id)
    },
  },
  deleteInvoice: removal('invoices', 'invoice'),
  sendInvoice: {
    method: 'POST',
    path: '/invoices/{invoice}/send',
    says: 'Mails an invoice and tells the webhook, once',
    for: 'admin',
    async run(call) {
      const { tx, params, caller } = call
      const invoice = await one(
        tx,
        `update invoices set state = case state when 'draft' then 'sent' else state end
         where id = $1 returning ${shown.invoices}`,
        [params['invoice']],
      )
      await tx.query(
        `insert into mails (tenant_id, invoice, recipient, subject)
         select tenant_id, $1, coalesce(email, 'nobody'), $2 from customers where id = $3
         on conflict do nothing`,
        [invoice['id'], `Invoice ${String(invoice['title'])}`, invoice['customer']],
      )
      await tx.query(
        `insert into deliveries (tenant_id, invoice, url, payload)
         select id, $2, webhook, $3 from tenants where id = $1 on conflict do nothing`,
        [caller.tenant, invoice['id'], JSON.stringify(invoice)],
      )
      await audit(call, 'send invoices', invoice['id'])
      return invoice
    },
  },
  listMails: listing('/mails', 'admin', from('mails'), { subject: 'subject, id' }),
  readMail: reading('mails', 'mail', 'admin'),
  readWebhook: {
    method: 'GET',
    path: '/webhook',
    says: 'Where events go',
    for: 'admin',
    run: ({ tx }) => one(tx, 'select webhook as url, webhook_secret as secret from tenants'),
  },
  setWebhook: {
    method: 'PUT',
    path: '/webhook',
    says: 'Says where events go',
    for: 'admin',
    body: object({ url: { ...text, examples: ['https://hooks.example/kept'] } }, ['url']),
    async run(call) {
      const set = 'update tenants set webhook = $1 returning id, webhook as url'
      const { id, url } = await one(call.tx, set, [call.body['url']])
      await audit(call, 'set webhook', id)
      return { url }
    },
  },
  listDeliveries: listing(
    '/webhook/deliveries',
    'admin',
    'select invoice, url, payload from deliveries',
    { invoice: 'invoice' },
  ),
  search: {
    method: 'GET',
    path: '/search',
    says: 'Finds customers, projects and invoices by a part of their name',
    for: 'member',
    query: { q: text },
    run: async ({ tx, query }) => ({
      items: await all(tx, 'select kind, id, name from search($1) order by name, id limit 50', [
        query['q'] ?? '',
      ]),
    }),
  },
  readStatistics: {
    method: 'GET',
    path: '/statistics',
    says: 'Counts and sums',
    for: 'admin',
    run: ({ tx }) =>
      one(
        tx,
        `select (select count(*)::integer from customers) as customers,
           (select count(*)::integer from projects) as projects,
           (select coalesce(sum(cents), 0)::integer from invoice_lines) as invoiced,
           (select name from customer_balances order by open desc, name limit 1) as debtor`,
      ),
  },
  startExport: start(
    'exports',
    'export',
    object({ kind: oneOf('invoices', 'customers') }, ['kind']),
  ),
  listExports: listing('/exports', 'admin', from('exports'), { kind: 'kind, id' }),
  readExport: {
    ...reading('exports', 'export', 'admin'),
    says: 'Reads an export when its file is there',
    async run({ tx, params, idle }) {
      await idle()
      const ready = 'select id, kind, file is not null as ready from exports where id = $1'
      return one(tx, ready, [params['export']])
    },
  },
  downloadExport: {
    method: 'GET',
    path: '/exports/{export}/file',
    says: 'The file of an export, as CSV',
    for: 'admin',
    async run({ tx, back, params, reply, idle }) {
      await idle()
      const { file } = await one(tx, 'select file from exports where id = $1', [params['export']])
      const { content } = await one(back, 'select content from bucket where key = $1', [file])
      reply.type('text/csv')
      return content
    },
  },
  deleteExport: removal('exports', 'export'),
  startDigest: start('digests', 'digest', object({})),
  listDigests: listing('/digests', 'admin', from('digests'), { id: 'id' }),
  readDigest: {
    ...reading('digests', 'digest', 'admin'),
    says: 'Reads a digest when it is written',
    async run({ tx, params, idle }) {
      await idle()
      return one(tx, 'select id, text from digests where id = $1', [params['digest']])
    },
  },
  deleteDigest: removal('digests', 'digest'),
  listAudit: listing(
    '/audit',
    'admin',
    'select action, object, email from audit join members using (tenant_id, seat)',
    { newest: 'audit.id desc' },
  ),
}

/** An invoice with its lines and an ETag. */
async function readInvoice({ tx, reply }: Call, invoice: unknown): Promise<Row> {
  const row = await one(tx, `${from('invoices')} where id = $1`, [invoice])
  const { version } = await one(tx, 'select version from invoices where id = $1', [invoice])
  reply.header('etag', `"${String(version)}"`)
  const lines = 'select text, cents from invoice_lines where invoice = $1 order by line'
  return { ...row, lines: await all(tx, lines, [invoice]) }
}

export function toCsv(rows: Row[]): string {
  return rows.map((row) => `${Object.values(row).map(toCell).join(',')}\n`).join('')
}

const toCell = (value: unknown): string => `"${String(value).replaceAll('"', '""')}"`
