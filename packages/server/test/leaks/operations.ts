/** Test support: all operations of the app, without a leak. */
import { all, notFound, one, type Call, type Operation, type Row } from './operation.ts'
import {
  audit,
  creation,
  date,
  from,
  fromCursor,
  id,
  insert,
  limit,
  listing,
  object,
  oneOf,
  reading,
  removal,
  shown,
  start,
  text,
  toCsv,
  toPage,
  update,
} from './tables.ts'

const customer = { name: text, email: text, status: oneOf('active', 'lapsed') }
const member = { name: text, role: oneOf('admin', 'member') }
const project = { customer: id, name: text, state: oneOf('open', 'closed') }
const line = { text, cents: { type: 'integer', minimum: 0, maximum: 1e8 } }
const lines = { type: 'array', maxItems: 50, items: object(line, ['text', 'cents']) }
const byName = { name: 'name, id', '-name': 'name desc, id' }
const overdue = `(state = 'sent' and due < current_date)`

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
    waits: true,
    async run({ tx, params }) {
      const ready = 'select id, kind, file is not null as ready from exports where id = $1'
      return one(tx, ready, [params['export']])
    },
  },
  downloadExport: {
    method: 'GET',
    path: '/exports/{export}/file',
    says: 'The file of an export, as CSV',
    for: 'admin',
    waits: true,
    async run({ tx, back, params, reply }) {
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
    waits: true,
    async run({ tx, params }) {
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
