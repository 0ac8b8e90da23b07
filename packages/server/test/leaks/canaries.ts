/** Test support: the roles, the schema and the tenants of the leaky app, in a template of a database. */
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureRole, withClient } from '@kept/postgres'
import { testDatabase } from '@kept/postgres/testing'
import type pg from 'pg'
import type { TestPostgres } from '../postgres.ts'

const password = 'only-for-tests'

/** Roles belong to the cluster. `owner` and `back` pass row security; `observer` may become `app`. */
export const roles = ['owner', 'app', 'back', 'observer'] as const
export type Urls = Record<(typeof roles)[number], string>

interface Letter {
  tenant: string
  /** In every name that only this tenant has. */
  word: string
  admin: string
  member: string
}

/** Bearer tokens and ids; for tests alone. `b` sorts behind `a`, as one of two must. */
export const canaries: Record<'a' | 'b', Letter> = {
  a: {
    tenant: '2c9d1f0e-57a3-4be8-9a61-d03f7be4c815',
    word: 'Aldebaran',
    admin: 'tok_aldebaran_admin_71c5e0b2f94d',
    member: 'tok_aldebaran_member_0d93fa6612be',
  },
  b: {
    tenant: 'b7e04a9d-1c68-4f2b-8d35-96ae20f1c7d4',
    word: 'Betelgeuse',
    admin: 'tok_betelgeuse_admin_e5a81370cc4f',
    member: 'tok_betelgeuse_member_b6642f9d8a01',
  },
}

const { a, b } = canaries

/** What systems.yaml says of the database; its secret is the URL of `observer`. */
export const databaseTags = ['app-role:leaks_app', `canary:${a.tenant}`, `canary:${b.tenant}`]

/** The secret of the service. */
export const serviceSecret = JSON.stringify({
  a: a.admin,
  b: b.admin,
  lesser: { a: a.member, b: b.member },
})

export const hash = (token: string): Buffer => createHash('sha256').update(token).digest()

const as = (url: string, role: string) => url.replace(/\/\/[^@]*@/, `//leaks_${role}:${password}@`)

/** Makes the schema and both canaries in an empty database, as its superuser. */
async function prepare(url: string): Promise<void> {
  await withClient(url, async (client) => {
    for (const role of roles) await ensureRole(client, { name: `leaks_${role}`, password })
    await client.query(`alter role leaks_owner bypassrls; alter role leaks_back bypassrls;
      grant leaks_app to leaks_observer with inherit false, set true;
      alter schema public owner to leaks_owner`)
  })
  await withClient(as(url, 'owner'), async (client) => {
    await client.query(readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8'))
    for (const letter of ['a', 'b'] as const) await settle(client, letter)
  })
}

const urlsOf = (url: string) =>
  Object.fromEntries(roles.map((role) => [role, as(url, role)])) as Urls

/** A database of its own with both canaries in it. */
export async function leakyDatabase(): Promise<{ urls: Urls; drop(): Promise<void> }> {
  const database = await testDatabase({ name: 'leaks', prepare })
  return { urls: urlsOf(database.url), drop: () => database.drop() }
}

/** The same on a server that a collector reaches over TLS. */
export async function leakyDatabaseOn(server: TestPostgres): Promise<Urls> {
  const name = `leaks_${randomBytes(6).toString('hex')}`
  await server.sql(`alter role postgres password 'secret'`)
  await server.sql(`create database ${name}`)
  const url = `${server.url('postgres', name)}?sslmode=no-verify`
  await prepare(url)
  return urlsOf(url)
}

/** Both get the same states and terms, and names of their own. */
async function settle(client: pg.ClientBase, letter: 'a' | 'b'): Promise<void> {
  const { tenant, word, admin, member } = canaries[letter]
  await client.query('insert into tenants (id, name, seats, last_invoice) values ($1, $2, 3, 2)', [
    tenant,
    `${word} Inc`,
  ])
  const insert = async (table: string, row: Record<string, unknown>): Promise<string> => {
    const columns = ['tenant_id', ...Object.keys(row)]
    const { rows } = await client.query<{ id: string }>(
      `insert into ${table} (${columns.join(', ')})
       values (${columns.map((_, i) => `$${i + 1}`).join(', ')}) returning *`,
      [tenant, ...Object.values(row)],
    )
    return rows[0]!.id
  }
  const seat = async (seat: number, role: string, token?: string) => {
    const name = `${word} ${role} ${seat}`
    const email = `seat${seat}@${word.toLowerCase()}.example`
    const id = await insert('members', { seat, role, name, email })
    if (token !== undefined) await insert('tokens', { hash: hash(token), member: id })
    return id
  }
  await seat(1, 'admin', admin)
  await seat(2, 'member', member)
  const objects: Record<string, string> = { tenant, member: await seat(3, 'member') }
  for (const name of ['Freight', 'Works', 'Yards']) {
    const email = `${name}@${word}.example`.toLowerCase()
    const reference = `${word}-${name}`
    objects['customer'] = await insert('customers', { name: `${word} ${name}`, email, reference })
  }
  const { customer } = objects
  objects['project'] = await insert('projects', { customer, name: `${word} harbour` })
  for (const visibility of ['public', 'internal']) {
    const text = `${word} ${visibility} remark`
    objects['comment'] = await insert('comments', { project: objects['project'], text, visibility })
  }
  for (const [number, state] of [[1, 'paid'] as const, [2, 'sent'] as const]) {
    const row = { customer, number, state, title: `${word} cranes ${number}`, due: '2026-03-01' }
    const invoice = await insert('invoices', row)
    const line = { invoice, line: 1, text: `${word} crane hours`, cents: 120_000 }
    await insert('invoice_lines', line)
    objects['invoice'] = invoice
    const payload = { id: invoice, title: row.title }
    await insert('deliveries', { invoice, url: 'https://hooks.example/kept', payload })
    const subject = `${word} invoice ${number}`
    objects['mail'] = await insert('mails', { invoice, recipient: `pay@${word}.example`, subject })
  }
  await insert('audit', { seat: 1, action: 'sendInvoice', object: objects['invoice'] })
  objects['export'] = await insert('exports', { kind: 'invoices' })
  objects['digest'] = await insert('digests', {})
  for (const kind of ['export', 'digest'] as const) {
    await insert('jobs', { kind, object: objects[kind] })
  }
  await insert('canaries', { letter, objects })
}
