import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureDatabase, ensureRole, type Cluster } from '@kept/postgres'
import { startApp, type App } from '../app/app.ts'
import { canaryTenants, enterprise, issueTokens, seed, type Tokens } from '../app/tenants.ts'
import type { Letter } from '../promises.ts'
import type { Authority } from './certificates.ts'
import { apps } from './ports.ts'

/** A company's production system: databases of its own on the production server, and its app. */
export interface Production {
  app: App
  tokens: Tokens
  /** What systems.yaml names as secrets. */
  secrets: Readonly<Record<string, string>>
  plantLeak(): Promise<void>
  mendLeak(): Promise<void>
  useCertificate(from: number, until: number): Promise<void>
  stop(): Promise<void>
}

interface Plan {
  /** Begins the names of its roles. */
  role: string
  /** Name by the secret that opens it; the app runs on the first. */
  databases: Readonly<Record<string, string>>
  algorithm: 'ecdsa' | 'rsa'
  /** What its endpoints speak; the app's own choice when absent. */
  suites?: readonly string[]
}

const plans: Record<Letter, Plan> = {
  A: { role: 'app', databases: { APP_DB: 'invoices' }, algorithm: 'ecdsa' },
  B: { role: 'clear', databases: { APP_DB: 'clear' }, algorithm: 'ecdsa' },
  C: {
    role: 'perdoo',
    databases: { SHARED_DB: 'perdoo', ENTERPRISE_DB: 'perdoo_enterprise' },
    algorithm: 'rsa',
    suites: ['TLS_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  },
}

const day = 86_400_000

export async function startProduction(
  letter: Letter,
  cluster: Cluster,
  authority: Authority,
  now: number,
): Promise<Production> {
  const { role, databases, algorithm, suites } = plans[letter]
  const roles = { owner: `${role}_owner`, web: `${role}_web`, observer: `${role}_observer` }
  const password = randomBytes(18).toString('base64url')
  const url = (as: string, database: string) => cluster.networkUrl({ role: as, password, database })
  await cluster.asSuperuser(async (client) => {
    for (const name of Object.values(roles)) await ensureRole(client, { name, password })
    // The collector may see who is connected, and may act as the app to try the canaries.
    await client.query(`grant pg_read_all_stats to ${roles.observer}`)
    await client.query(`grant ${roles.web} to ${roles.observer} with inherit false, set true`)
    const mayConnect = [roles.web, roles.observer]
    for (const name of Object.values(databases))
      await ensureDatabase(client, { name, owner: roles.owner, mayConnect })
  })
  const [main, ...others] = Object.values(databases) as [string, ...string[]]
  const issue = (from: number, until: number) => authority.issue(from, until, algorithm)
  // A start finds the app as it should be, whatever was done to it before.
  const mendLeak = () =>
    change(cluster, main, roles.owner, 'drop policy if exists everybody on invoices')
  const [tokens, certificate] = await Promise.all([
    fill(cluster, main, roles, null),
    issue(now - day, now + 90 * day),
    ...others.map((name) => fill(cluster, name, roles, enterprise)),
  ])
  await mendLeak()
  const app = await startApp({
    database: url(roles.web, main),
    certificate,
    port: apps[letter].secure,
    plainPort: apps[letter].plain,
    ...(suites ? { suites } : {}),
  })
  const opened = Object.entries(databases).map(([secret, name]) => [
    secret,
    url(roles.observer, name),
  ])
  return {
    app,
    tokens,
    secrets: {
      ...(Object.fromEntries(opened) as Record<string, string>),
      CANARIES: JSON.stringify({ a: tokens[canaryTenants.a], b: tokens[canaryTenants.b] }),
    },
    plantLeak: async () => {
      await mendLeak()
      await change(cluster, main, roles.owner, 'create policy everybody on invoices using (true)')
    },
    mendLeak,
    async useCertificate(from, until) {
      app.useCertificate(await issue(from, until))
    },
    stop: () => app.stop(),
  }
}

/** Makes the tables and rows that are not there yet, and draws new tokens. */
async function fill(
  cluster: Cluster,
  database: string,
  { owner, web }: { owner: string; web: string },
  tenants: Parameters<typeof seed>[1],
): Promise<Tokens> {
  return cluster.asSuperuser(async (client) => {
    await client.query(`set role ${owner}`)
    const { rows } = await client.query(`select to_regclass('public.invoices') as known`)
    if (!rows[0].known) {
      const schema = readFileSync(join(import.meta.dirname, '../app/schema.sql'), 'utf8')
      await client.query(schema.replaceAll('app_web', web))
      await seed(client, tenants)
    }
    return issueTokens(client, tenants)
  }, database)
}

function change(cluster: Cluster, database: string, owner: string, statement: string) {
  return cluster.asSuperuser(async (client) => {
    await client.query(`set role ${owner}`)
    await client.query(statement)
  }, database)
}
