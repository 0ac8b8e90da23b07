import { randomBytes } from 'node:crypto'
import type { Cluster } from '@kept/postgres'
import { startApp, type App } from '../app/app.ts'
import {
  canaryTenants,
  enterprise,
  everybody,
  issueTokens,
  type Size,
  type Tokens,
} from '../app/tenants.ts'
import type { Letter } from '../promises.ts'
import type { Authority } from './certificates.ts'
import { asOwner, fill, makeDatabase, makeRoles, type Roles } from './databases.ts'
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
  /** What its tables call the tenant. */
  column: string
  algorithm: 'ecdsa' | 'rsa'
  /** What its endpoints speak; the app's own choice when absent. */
  suites?: readonly string[]
}

export const plans: Record<Letter, Plan> = {
  A: {
    role: 'app',
    databases: { APP_DB: 'invoices' },
    column: 'tenant_id',
    algorithm: 'ecdsa',
  },
  B: { role: 'clear', databases: { GST_DB: 'clear_gst' }, column: 'org_id', algorithm: 'ecdsa' },
  C: {
    role: 'perdoo',
    databases: { SHARED_DB: 'perdoo', ENTERPRISE_DB: 'perdoo_enterprise' },
    column: 'tenant_id',
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
  const { role, databases, column, algorithm, suites } = plans[letter]
  const password = randomBytes(18).toString('base64url')
  const url = (as: string, database: string) => cluster.networkUrl({ role: as, password, database })
  const roles = await cluster.asSuperuser(async (client) => {
    const made = await makeRoles(client, role, password)
    for (const name of Object.values(databases)) await makeDatabase(client, name, made)
    return made
  })
  const [main, ...others] = Object.values(databases) as [string, ...string[]]
  const issue = (from: number, until: number) => authority.issue(from, until, algorithm)
  const change = (statement: string) =>
    asOwner(cluster, main, roles, async (client) => void (await client.query(statement)))
  // A start finds the app as it should be, whatever was done to it before.
  const mendLeak = () => change('drop policy if exists everybody on invoices')
  const [tokens, certificate] = await Promise.all([
    prepare(cluster, main, roles, column, everybody),
    // Sound by this machine's clock, which TLS reads, and by the tour's own, which may be far ahead.
    issue(Date.now() - day, now + 90 * day),
    ...others.map((name) => prepare(cluster, name, roles, column, enterprise)),
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
      await change('create policy everybody on invoices using (true)')
    },
    mendLeak,
    async useCertificate(from, until) {
      app.useCertificate(await issue(from, until))
    },
    stop: () => app.stop(),
  }
}

/** A database as it should be, and new tokens for its tenants. */
async function prepare(
  cluster: Cluster,
  database: string,
  roles: Roles,
  column: string,
  tenants: readonly Size[],
): Promise<Tokens> {
  return await asOwner(cluster, database, roles, async (client) => {
    await fill(client, roles, column, tenants)
    return await issueTokens(client, tenants)
  })
}
