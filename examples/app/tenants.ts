import { createHash, randomBytes } from 'node:crypto'
import type { Client } from 'pg'

/** An id made of a name, so that the same tenants and rows are there after every start. */
export function idOf(name: string): string {
  const hex = createHash('sha256').update(`kept example ${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Two tenants that own nothing real: the collector tries to reach from one into the other. */
export const canaryTenants = { a: idOf('canary a'), b: idOf('canary b') }

const canaryInvoice = { a: idOf('invoice canary a 1'), b: idOf('invoice canary b 1') }

/** What the app tells the collector it may try: see the README of the capability isolation. */
export const canaries = {
  operations: [
    { name: 'invoices.list', method: 'GET', path: '/invoices' },
    { name: 'invoices.read', method: 'GET', path: '/invoices/{invoice}' },
    { name: 'invoices.pay', method: 'PUT', path: '/invoices/{invoice}/pay' },
  ],
  tenants: {
    a: { objects: { invoice: canaryInvoice.a } },
    b: { objects: { invoice: canaryInvoice.b } },
  },
} as const

/** Customers of the company, and how many invoices each has sent. */
const tenants = [
  ['Alder Travel', 140],
  ['Birch Events', 95],
  ['Cedar Clinics', 60],
  ['Dogwood Foods', 33],
  ['Elm Logistics', 12],
] as const

/** A tenant, and how many invoices it has sent. */
export type Size = readonly [name: string, invoices: number]

/** The one tenant of a database that nobody shares. */
export const enterprise: readonly Size[] = [['Fir Insurance', 48]]

/** Tenants made up for environments that hold no customer's data. */
export const samples: readonly Size[] = [
  ['Sample Travel', 8],
  ['Sample Events', 3],
]

export const namedTenants = tenants.map(([name]) => ({ name, id: idOf(name) }))

/** Tokens by tenant; drawn anew at each seeding and kept nowhere but with whoever seeds. */
export type Tokens = Record<string, string>

/** All that share a database, and the canaries. */
export const everybody: readonly Size[] = [...tenants, ['canary a', 1], ['canary b', 1]]

/**
 * Fills the empty tables, as their owner, who becomes each tenant in turn, in one transaction. No column
 * is named: what the tables call the tenant differs.
 */
export async function seed(owner: Client, sizes: readonly Size[]): Promise<void> {
  await owner.query('begin')
  for (const [name, invoices] of sizes) {
    const tenant = idOf(name)
    await owner.query(`select set_config('app.tenant_id', $1, true)`, [tenant])
    await owner.query('insert into tenants values ($1, $2)', [tenant, name])
    const customer = idOf(`customer ${name}`)
    await owner.query('insert into customers values ($1, $2, $3)', [
      tenant,
      customer,
      `A customer of ${name}`,
    ])
    const ids = Array.from({ length: invoices }, (_, i) => idOf(`invoice ${name} ${i + 1}`))
    await owner.query(
      `insert into invoices
       select $1, id, $2, '2026-' || n, 1000 + (n * 7919) % 90000, n % 3 > 0
       from unnest($3::uuid[]) with ordinality as made (id, n)`,
      [tenant, customer, ids],
    )
  }
  await owner.query('commit')
}

/** Gives each tenant a new token; the database keeps only its hash. */
export async function issueTokens(owner: Client, sizes: readonly Size[]): Promise<Tokens> {
  const tokens: Tokens = {}
  await owner.query('delete from tokens')
  for (const [name] of sizes) {
    const id = idOf(name)
    const token = randomBytes(24).toString('base64url')
    await owner.query('insert into tokens values (sha256($1::bytea), $2)', [Buffer.from(token), id])
    tokens[id] = token
  }
  return tokens
}

/** The first invoice of a tenant. */
export function firstInvoice(name: string): string {
  return idOf(`invoice ${name} 1`)
}
