import { randomBytes } from 'node:crypto'
import type { Cluster } from '@kept/postgres'
import { fill } from '../app/database.ts'
import { idOf, samples } from '../app/tenants.ts'
import { makeDatabase, makeRoles } from './databases.ts'
import { plans, type Store } from './production.ts'

/** The lower environments of a company, each with a database, roles and a password of its own. */
export interface Environments {
  /** What systems.yaml names as secrets. */
  secrets: Readonly<Record<string, string>>
  copyIntoStaging(): Promise<void>
  emptyStaging(): Promise<void>
}

const { role, column, mode } = plans.B
const names = ['testing', 'demo', 'preprod', 'staging']
const databaseOf = (name: string) => `${role}_${name}`

/** Those of Clear, with the app's tables and rows of invented tenants. They run no app. */
export async function startEnvironments(cluster: Cluster): Promise<Environments> {
  const made = await Promise.all(names.map((name) => makeEnvironment(cluster, name)))
  // A start finds staging as it should be, whatever was done to it before.
  await emptyStaging(cluster)
  return {
    secrets: Object.fromEntries(made),
    copyIntoStaging: () => copyIntoStaging(cluster),
    emptyStaging: () => emptyStaging(cluster),
  }
}

async function makeEnvironment(cluster: Cluster, name: string) {
  const database = databaseOf(name)
  const password = randomBytes(18).toString('base64url')
  const roles = await cluster.asSuperuser(async (client) => {
    const these = await makeRoles(client, database, password)
    await makeDatabase(client, database, these)
    return these
  })
  await cluster.asSuperuser(async (client) => {
    await fill(client, { mode, column, ...roles }, samples)
    await client.query(`alter role ${roles.observer} bypassrls`)
    await client.query(`grant select (${column}) on customers, invoices to ${roles.observer}`)
  }, database)
  const url = cluster.networkUrl({ role: roles.observer, password, database })
  return [`${name.toUpperCase()}_DB`, url] as const
}

/** In the order in which rows may be put in; the other way round they may be taken out. */
const tables = ['tenants', 'customers', 'invoices']

/** Puts every row of production's tables into staging's, as whoever is in a hurry for real data does. */
async function copyIntoStaging(cluster: Cluster): Promise<void> {
  const [{ name: production }] = Object.values(plans.B.databases) as [Store]
  const rows = await cluster.asSuperuser(async (client) => {
    const copied: string[] = []
    for (const table of tables) {
      const { rows } = await client.query(`select json_agg(${table})::text as all from ${table}`)
      copied.push(rows[0].all as string)
    }
    return copied
  }, production)
  await cluster.asSuperuser(async (client) => {
    for (const [i, table] of tables.entries()) {
      await client.query(
        `insert into ${table} select * from json_populate_recordset(null::${table}, $1)
         on conflict do nothing`,
        [rows[i]],
      )
    }
  }, databaseOf('staging'))
}

/** Leaves staging the tenants that were made up for it. */
async function emptyStaging(cluster: Cluster): Promise<void> {
  const own = samples.map(([name]) => idOf(name))
  await cluster.asSuperuser(async (client) => {
    for (const table of tables.toReversed()) {
      const tenant = table === 'tenants' ? 'id' : column
      await client.query(`delete from ${table} where not ${tenant} = any($1)`, [own])
    }
  }, databaseOf('staging'))
}
