import { ensureRole } from '@kept/postgres'
import { testDatabase } from '@kept/postgres/testing'
import { runOnce } from 'graphile-worker'
import pg from 'pg'
import type { z } from 'zod'
import type { Authorization } from '../src/authorization.ts'
import { openCache } from '../src/cache.ts'
import type { Witness } from '../src/capabilities/ledger/witness.ts'
import { openHttp, type HttpSettings } from '../src/http.ts'
import { compose } from '../src/platform.ts'
import type { Capability, Collector } from '../src/foundation/capability.ts'
import { migrate, type Roles } from '../src/foundation/migrate.ts'
import type { Operation } from '../src/foundation/operation.ts'
import type { Mail, Outside } from '../src/foundation/outside.ts'
import { stillTime, type MovableTime } from '../src/foundation/time.ts'
import type { Actor } from '../src/foundation/transaction.ts'
import { nobody, openGate, type Gate } from '../src/gate.ts'
import { openLog, type Log } from '../src/log.ts'
import { openMetrics, type Metrics } from '../src/metrics.ts'
import { quietLogger, toTasks } from '../src/worker.ts'
import { testBundles, testLog } from './log.ts'
import { tests } from './operations.ts'

/** Roles belong to the cluster, so that all test files share these. */
export const roles: Roles = {
  owner: 'test_kept_owner',
  server: 'test_kept_server',
  worker: 'test_kept_worker',
}
const password = 'only-for-tests'
const never = new AbortController().signal

export { testBundles, testLog } from './log.ts'

export const noon = Date.UTC(2026, 10, 20, 12)

export interface TestKept {
  gate: Gate
  capabilities: readonly Capability[]
  authorization: Authorization
  time: MovableTime
  sent: Mail[]
  metrics: Metrics
  /** The database as each role sees it. */
  as: { owner: pg.Pool; server: pg.Pool; worker: pg.Pool; superuser: pg.Pool }
  urls: { owner: string; server: string; worker: string; superuser: string }
  ask<I extends z.ZodType, O extends z.ZodType>(
    actor: Actor | Actor['kind'],
    operation: Operation<I, O>,
    input: z.input<I>,
  ): Promise<z.output<O>>
  /** Runs beats and jobs until nothing is due. */
  work(): Promise<void>
  /** Listens on a loopback port; hands back the address, without a slash at its end. */
  serve(settings?: Partial<HttpSettings>): Promise<string>
  stop(): Promise<void>
}

export interface TestSettings {
  time?: MovableTime
  collectors?: readonly Collector[]
  outside?: Partial<Outside>
  witnesses?: readonly Witness[]
  log?: Log
  /** `https://kept.test` when absent. */
  origin?: string
}

const template = {
  name: 'kept',
  async prepare(url: string) {
    const superuser = new pg.Pool({ connectionString: url, max: 1 })
    const client = await superuser.connect()
    for (const name of Object.values(roles)) await ensureRole(client, { name, password })
    const { rows } = await client.query<{ name: string }>('select current_database() as name')
    await client.query(
      `alter database ${pg.escapeIdentifier(rows[0]!.name)} owner to ${roles.owner}`,
    )
    client.release()
    await superuser.end()
    const owner = openPool(as(url, roles.owner))
    const { capabilities } = compose({
      log: testLog,
      witnesses: [],
      bundles: testBundles,
      identityKey: new Uint8Array(32).fill(9),
      origin: 'https://kept.test',
      mails: true,
    })
    await migrate(owner, roles, capabilities)
    await owner.end()
  },
}

/** The same URL for another role. */
function as(url: string, role: string): string {
  return url.replace(/\/\/[^@]*@/, `//${role}:${password}@`)
}

function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 5 })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** One Kept on a database of its own, with a time that stands still until it is moved. */
export async function testKept(settings: TestSettings = {}): Promise<TestKept> {
  const { origin = 'https://kept.test' } = settings
  const database = await testDatabase(template)
  const urls = {
    superuser: database.url,
    owner: as(database.url, roles.owner),
    server: as(database.url, roles.server),
    worker: as(database.url, roles.worker),
  }
  const pools = {
    superuser: openPool(urls.superuser),
    owner: openPool(urls.owner),
    server: openPool(urls.server),
    worker: openPool(urls.worker),
  }
  const time = settings.time ?? stillTime(noon)
  const sent: Mail[] = []
  const outside: Outside = {
    reach: 'loopback',
    authorities: [],
    secret: () => null,
    mail: (mail) => {
      sent.push(mail)
      return Promise.resolve({ accepted: true, reply: '250 taken by the test' })
    },
    ...settings.outside,
  }
  const { capabilities, authorization, ports } = compose({
    log: testLog,
    witnesses: settings.witnesses ?? [],
    bundles: testBundles,
    identityKey: new Uint8Array(32).fill(9),
    origin,
    mails: outside.mail !== null,
    outside,
    below: [tests],
    ...(settings.collectors ? { collectors: settings.collectors } : {}),
  })
  const gate = openGate(pools.server, time, ports)
  const worker = {
    pool: pools.worker,
    capabilities,
    gate,
    outside,
    time,
    log: settings.log ?? openLog(process.env['KEPT_TEST_LOG'] ?? 'silent'),
    metrics: openMetrics(() => Promise.resolve(0)),
    pace: 100,
  }
  const ask: TestKept['ask'] = (actor, operation, input) =>
    gate.enter({
      caller: { actor: typeof actor === 'string' ? { kind: actor, id: actor } : actor },
      operation,
      input,
    }) as never
  const servers: ReturnType<typeof openHttp>[] = []
  return {
    gate,
    capabilities,
    authorization,
    time,
    sent,
    metrics: worker.metrics,
    as: pools,
    urls,
    ask,
    async work() {
      for (let round = 0; round < 4; round++) {
        for (const { operation } of capabilities.flatMap(({ beats }) => beats ?? [])) {
          await ask('worker', operation, {})
        }
        await runOnce({
          pgPool: pools.worker,
          taskList: toTasks(worker, never),
          logger: quietLogger(worker.log, never),
          noHandleSignals: true,
        })
      }
    },
    async serve(more = {}) {
      const server = openHttp({
        origin,
        routes: capabilities.flatMap(({ routes }) => routes ?? []),
        gate,
        isOpen: (operation) => authorization.authorize(nobody, operation),
        log: worker.log,
        metrics: worker.metrics,
        cache: openCache(time, () => worker.metrics.cached.inc()),
        tls: null,
        proxies: [],
        isReady: () => Promise.resolve(true),
        ...more,
      })
      servers.push(server)
      // Where its own origin is a port of this machine, others find it there.
      const { hostname, port } = new URL(origin)
      return server.listen({ host: '127.0.0.1', port: hostname === '127.0.0.1' ? Number(port) : 0 })
    },
    async stop() {
      await Promise.all(servers.map((server) => server.close()))
      await Promise.all(Object.values(pools).map((one) => one.end()))
      await database.drop()
    },
  }
}
