/** Test support: what most operations of the leaky app do to a table, and the words of their schemas. */
import { Refused, all, one } from './operation.ts'
import type { Call, Operation, Query, Row, Schema } from './operation.ts'

type Role = Operation['for']

export const text = { type: 'string', minLength: 1, maxLength: 200 }
export const id = { type: 'string', format: 'uuid' }
export const date = { type: 'string', format: 'date' }
export const oneOf = (...values: string[]) => ({ type: 'string', enum: values })
export const limit = { type: 'integer', minimum: 1, maximum: 100, default: 20 }
export const offset = { type: 'integer', minimum: 0, maximum: 10_000, default: 0 }

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

export const from = (table: Table) => `select ${shown[table]} from ${table}`

export function object(properties: Record<string, Schema>, required: string[] = []): Schema {
  const least = required.length === 0 && Object.keys(properties).length > 0 ? 1 : 0
  return { type: 'object', properties, required, minProperties: least, additionalProperties: false }
}

export async function audit({ tx, caller }: Call, action: string, object: unknown): Promise<void> {
  await tx.query('insert into audit (tenant_id, seat, action, object) values ($1, $2, $3, $4)', [
    caller.tenant,
    caller.seat,
    action,
    object,
  ])
}

export async function insert(call: Call, table: Table, row: Row): Promise<Row> {
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

export function reading(table: Table, object: string, role: Role): Operation {
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
export function listing(
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

export function creation(table: Table, role: Role, body: Schema): Operation {
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
export function update(table: Table, object: string, body: Schema): Operation {
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

export function removal(table: Table, object: string): Operation {
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
export function start(table: Table, kind: string, body: Schema): Operation {
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

export function toCsv(rows: Row[]): string {
  return rows.map((row) => `${Object.values(row).map(toCell).join(',')}\n`).join('')
}

const toCell = (value: unknown): string => `"${String(value).replaceAll('"', '""')}"`
