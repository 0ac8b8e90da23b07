import { createHash, randomBytes } from 'node:crypto'
import type { Client } from 'pg'

/** An id made of a name, so that the same tenants and rows are there after every start. */
export function idOf(name: string): string {
  const hex = createHash('sha256').update(`kept example ${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Two tenants that own nothing real: the collector tries to reach from one into the other. */
export const canaryTenants = { a: idOf('canary a'), b: idOf('canary b') }

const objectsOf = (name: string) => ({
  objects: {
    tenant: idOf(name),
    customer: idOf(`customer ${name}`),
    invoice: idOf(`invoice ${name} 1`),
  },
})

/** What the app tells the collector it may try: see docs/guides/isolation.md. */
export const canaries = {
  openapi: '/openapi.json',
  lesser: ['customers.list', 'customers.read', 'invoices.list', 'invoices.read'],
  tenants: { a: objectsOf('canary a'), b: objectsOf('canary b') },
}

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

/** Tenants made up for environments that hold no customer's data. */
export const samples: readonly Size[] = [
  ['Sample Travel', 8],
  ['Sample Events', 3],
]

export const namedTenants = tenants.map(([name]) => ({ name, id: idOf(name) }))

/** Tokens by tenant, of its administrator and of its clerk; drawn anew at each start and kept nowhere else. */
export type Tokens = Record<string, { admin: string; clerk: string }>

/** They own nothing real: two for each database. */
const pair = (one: string, other: string): Size[] => [
  [`canary ${one}`, 1],
  [`canary ${other}`, 1],
]
export const onlyCanaries: readonly Size[] = pair('e', 'f')

/** All that share a database, and the canaries. */
export const everybody: readonly Size[] = [...tenants, ...pair('a', 'b')]

/** The one tenant of a database that nobody shares, and the canaries of that database. */
export const enterprise: readonly Size[] = [['Fir Insurance', 48], ...pair('c', 'd')]

/** Fills the empty tables, as somebody whom no policy binds. */
export async function seed(superuser: Client, sizes: readonly Size[]): Promise<void> {
  for (const [name, invoices] of sizes) {
    const tenant = idOf(name)
    const customer = idOf(`customer ${name}`)
    await superuser.query('insert into tenants values ($1, $2)', [tenant, name])
    await superuser.query('insert into customers values ($1, $2, $3)', [
      tenant,
      customer,
      `A customer of ${name}`,
    ])
    const ids = Array.from({ length: invoices }, (_, i) => idOf(`invoice ${name} ${i + 1}`))
    await superuser.query(
      `insert into invoices
       select $1, id, $2, '2026-' || n, 1000 + (n * 7919) % 90000, n % 3 > 0
       from unnest($3::uuid[]) with ordinality as made (id, n)`,
      [tenant, customer, ids],
    )
  }
}

/** Gives two people of each tenant new tokens; the database keeps only their hashes. */
export async function issueTokens(superuser: Client, names: readonly string[]): Promise<Tokens> {
  const tokens: Tokens = {}
  await superuser.query('delete from tokens')
  for (const name of names) {
    const issued = { admin: newToken(), clerk: newToken() }
    for (const [role, token] of Object.entries(issued)) {
      await superuser.query(`insert into tokens values (sha256($1::bytea), $2, $3, $4)`, [
        Buffer.from(token),
        idOf(name),
        `${role} of ${name}`,
        role,
      ])
    }
    tokens[idOf(name)] = issued
  }
  return tokens
}

function newToken(): string {
  return randomBytes(24).toString('base64url')
}

/** The first invoice of a tenant. */
export function firstInvoice(name: string): string {
  return idOf(`invoice ${name} 1`)
}
