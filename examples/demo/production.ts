import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureDatabase, ensureRole, type Cluster } from '@kept/postgres'
import { startApp, type App } from '../app/app.ts'
import { canaryTenants, issueTokens, seed, type Tokens } from '../app/tenants.ts'
import type { Authority } from './certificates.ts'

/** The first company's production system: a database server of its own, and the app on it. */
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

const database = 'invoices'
const day = 86_400_000

export async function startProduction(
  cluster: Cluster,
  authority: Authority,
  now: number,
): Promise<Production> {
  const password = randomBytes(18).toString('base64url')
  const url = (role: string) => cluster.networkUrl({ role, password, database })
  await cluster.asSuperuser(async (client) => {
    for (const name of ['app_owner', 'app_web', 'app_observer']) {
      await ensureRole(client, { name, password })
    }
    // The collector may see who is connected, and may act as the app to try the canaries.
    await client.query('grant pg_read_all_stats to app_observer')
    await client.query('grant app_web to app_observer with inherit false, set true')
    const mayConnect = ['app_web', 'app_observer']
    await ensureDatabase(client, { name: database, owner: 'app_owner', mayConnect })
  })
  const tokens = await cluster.asSuperuser(async (client) => {
    await client.query('set role app_owner')
    const { rows } = await client.query(`select to_regclass('public.invoices') as known`)
    if (!rows[0].known) {
      await client.query(readFileSync(join(import.meta.dirname, '../app/schema.sql'), 'utf8'))
      await seed(client)
    }
    return issueTokens(client)
  }, database)
  const change = (statement: string) =>
    cluster.asSuperuser(async (client) => {
      await client.query('set role app_owner')
      await client.query(statement)
    }, database)
  const mendLeak = () => change('drop policy if exists everybody on invoices')
  // A start finds the app as it should be, whatever was done to it before.
  await mendLeak()
  const app = await startApp({
    database: url('app_web'),
    certificate: await authority.issue(now - day, now + 90 * day),
    port: 4443,
    plainPort: 4480,
  })
  return {
    app,
    tokens,
    secrets: {
      APP_DB: url('app_observer'),
      CANARIES: JSON.stringify({ a: tokens[canaryTenants.a], b: tokens[canaryTenants.b] }),
    },
    plantLeak: async () => {
      await mendLeak()
      await change('create policy everybody on invoices using (true)')
    },
    mendLeak,
    async useCertificate(from, until) {
      app.useCertificate(await authority.issue(from, until))
    },
    stop: () => app.stop(),
  }
}
