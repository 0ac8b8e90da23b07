import { randomBytes } from 'node:crypto'
import { addKey, type Key, type Mode } from '@kept/guard'
import type { Cluster } from '@kept/postgres'
import { startApp, type App } from '../app/app.ts'
import { fill } from '../app/database.ts'
import {
  canaryTenants,
  enterprise,
  everybody,
  idOf,
  issueTokens,
  onlyCanaries,
  type Size,
  type Tokens,
} from '../app/tenants.ts'
import type { Letter } from '../promises.ts'
import type { Authority } from './certificates.ts'
import { asOwner, makeDatabase, makeRoles, type Roles } from './databases.ts'
import { apps } from './ports.ts'

/** A company's production system: databases of its own on a server of its own, and its app. */
export interface Production {
  readonly app: App
  /** Ends the app's process, as far as it is one, and begins another: counts and flaws go with it. */
  deploy(): Promise<void>
  tokens: Tokens
  /** What systems.yaml names as secrets. */
  secrets: Readonly<Record<string, string>>
  plantLeak(): Promise<void>
  mendLeak(): Promise<void>
  useCertificate(from: number, until: number): Promise<void>
  stop(): Promise<void>
}

/** A database of a company: its name, its system of systems.yaml, and which tenants begin in it. */
export interface Store {
  name: string
  system: string
  tenants: readonly Size[]
}

interface Plan {
  /** Begins the names of its roles. */
  role: string
  mode: Mode
  /** By the secret that opens each; the app's own is the first. */
  databases: Readonly<Record<string, Store>>
  /** What its tables call the tenant. */
  column: string
  algorithm: 'ecdsa' | 'rsa'
  /** What its endpoints speak; the app's own choice when absent. */
  suites?: readonly string[]
}

export const plans: Record<Letter, Plan> = {
  A: {
    role: 'app',
    mode: 'sealed',
    databases: { APP_DB: { name: 'invoices', system: 'app-db', tenants: everybody } },
    column: 'tenant_id',
    algorithm: 'ecdsa',
  },
  B: {
    role: 'clear',
    mode: 'plain',
    databases: { GST_DB: { name: 'clear_gst', system: 'gst-db', tenants: everybody } },
    column: 'org_id',
    algorithm: 'ecdsa',
  },
  C: {
    role: 'perdoo',
    mode: 'plain',
    databases: {
      SHARED_DB: { name: 'perdoo', system: 'shared-db', tenants: everybody },
      ENTERPRISE_DB: { name: 'perdoo_enterprise', system: 'enterprise-db', tenants: enterprise },
      OWN_DB: { name: 'perdoo_own', system: 'own-db', tenants: onlyCanaries },
    },
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
  const plan = plans[letter]
  const password = randomBytes(18).toString('base64url')
  const url = (as: string, { name }: Store) =>
    cluster.networkUrl({ role: as, password, database: name })
  const stores = Object.values(plan.databases)
  const [main, ...others] = stores as [Store, ...Store[]]
  const roles = await cluster.asSuperuser(async (client) => {
    const made = await makeRoles(client, plan.role, password)
    for (const { name } of stores) await makeDatabase(client, name, made)
    return made
  })
  const keys = { app: newKey('app'), canaries: newKey('canaries') }
  const issue = (from: number, until: number) => authority.issue(from, until, plan.algorithm)
  const change = (statement: string) =>
    asOwner(cluster, main.name, roles, async (client) => void (await client.query(statement)))
  // A start finds the app as it should be, whatever was done to it before.
  const mendLeak = () => change('drop policy if exists everybody on invoices')
  for (const store of stores) await prepare(cluster, store, roles, plan, keys)
  const [tokens, certificate] = await Promise.all([
    openDoor(cluster, main, others),
    // Sound by this machine's clock, which TLS reads, and by the tour's own, which may be far ahead.
    issue(Date.now() - day, now + 90 * day),
  ])
  await mendLeak()
  const reportToken = randomBytes(32).toString('hex')
  const settings = {
    database: url(roles.web, main),
    others: Object.fromEntries(others.map((one) => [one.system, url(roles.web, one)])),
    scope:
      plan.mode === 'sealed'
        ? { mode: 'sealed' as const, key: keys.app }
        : { mode: 'plain' as const },
    reportToken,
    certificate,
    port: apps[letter].secure,
    plainPort: apps[letter].plain,
    ...(plan.suites ? { suites: plan.suites } : {}),
  }
  let app = await startApp(settings)
  const opened = Object.entries(plan.databases).map(([secret, store]) => [
    secret,
    url(roles.observer, store),
  ])
  const [a, b] = [tokens[canaryTenants.a]!, tokens[canaryTenants.b]!]
  return {
    get app() {
      return app
    },
    async deploy() {
      await app.stop()
      app = await startApp(settings)
    },
    tokens,
    secrets: {
      ...(Object.fromEntries(opened) as Record<string, string>),
      SEAL: JSON.stringify(keys.canaries),
      CANARIES: JSON.stringify({
        a: a.admin,
        b: b.admin,
        lesser: { a: a.clerk, b: b.clerk },
        report: reportToken,
      }),
    },
    plantLeak: async () => {
      await mendLeak()
      await change('create policy everybody on invoices using (true)')
    },
    mendLeak,
    async useCertificate(from, until) {
      settings.certificate = await issue(from, until)
      app.useCertificate(settings.certificate)
    },
    stop: () => app.stop(),
  }
}

function newKey(id: string): Key & { secret: string } {
  return { id, secret: randomBytes(32).toString('base64') }
}

/** A database as it should be. */
async function prepare(
  cluster: Cluster,
  { name, tenants }: Store,
  roles: Roles,
  { mode, column }: Plan,
  keys: { app: Key; canaries: Key },
): Promise<void> {
  await cluster.asSuperuser(async (client) => {
    await fill(client, { mode, column, ...roles }, tenants)
    if (mode === 'sealed') {
      await client.query(addKey(keys.app))
      // It opens the canaries and nobody else, so that the collector can try them.
      await client.query(addKey(keys.canaries, { tenants: Object.values(canaryTenants) }))
    }
    await client.query(grantsOf(roles.observer))
  }, name)
}

/** Who may come in is known in the app's own database, and which tenants have theirs elsewhere. */
async function openDoor(
  cluster: Cluster,
  { name, tenants }: Store,
  others: readonly Store[],
): Promise<Tokens> {
  return await cluster.asSuperuser(async (client) => {
    const strangers = others.flatMap(({ system, tenants: there }) =>
      there.filter((one) => !tenants.includes(one)).map(([tenant]) => ({ tenant, system })),
    )
    for (const { tenant, system } of strangers) {
      const row = [idOf(tenant), tenant]
      await client.query('insert into tenants values ($1, $2) on conflict do nothing', row)
      const moved = [idOf(tenant), system]
      await client.query('insert into kept.moved values ($1, $2) on conflict do nothing', moved)
    }
    return await issueTokens(client, [
      ...tenants.map(([tenant]) => tenant),
      ...strangers.map(({ tenant }) => tenant),
    ])
  }, name)
}

/** The collector counts tenants, and carries moves out: it reads and writes every row (docs/guides/moving.md). */
function grantsOf(observer: string): string {
  return `alter role ${observer} bypassrls;
    grant select, insert, update, delete on customers, invoices, tenants to ${observer};
    grant usage on schema kept to ${observer};
    grant select, insert, update, delete on kept.moved to ${observer}`
}
