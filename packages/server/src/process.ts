import {
  readEnvironment,
  openOutside,
  readKeys,
  readTls,
  readWitnesses,
  rolesOf,
  type Environment,
} from './config.ts'
import { asFailure, Failure } from './foundation/failure.ts'
import { systemTime } from './foundation/time.ts'
import { keepKey } from './keys.ts'
import { openLog } from './log.ts'
import { applyChanged, type Applied } from './operator.ts'
import { migrateDatabase, startKept, type Kept, type KeptSettings } from './server.ts'

/**
 * What comes before the separate processes of a large installation: the database in the newest form, the
 * keys, and the page as the operator applies it, the first of which nobody else can.
 */
export async function prepare(
  env: NodeJS.ProcessEnv,
  texts: { page: string; systems: string } | null,
): Promise<Applied | null> {
  const config = readEnvironment(env)
  await reached(() => migrateDatabase(config.KEPT_DATABASE_OWNER!, rolesOf(config)))
  keepKey(config.KEPT_LEDGER_KEY)
  keepKey(config.KEPT_BUNDLE_KEY)
  keepKey(config.KEPT_IDENTITY_KEY)
  if (texts === null) return null
  const kept = await start(config, env, { listen: null, metricsPort: null, work: false })
  try {
    return await applyChanged(kept, texts)
  } finally {
    await kept.stop()
  }
}

/** Runs one of them by what the environment says; what runs is handed back, to be stopped. */
export async function runProcess(name: 'serve' | 'work', env: NodeJS.ProcessEnv): Promise<Kept> {
  const config = readEnvironment(env)
  if (name === 'work' && config.KEPT_DATABASE_WORKER === undefined) {
    throw new Failure('bad-input', 'KEPT_DATABASE_WORKER is missing', {
      fix: 'set it to the URL of the role that carries jobs',
    })
  }
  return start(config, env, {
    listen: name === 'serve' ? { host: config.KEPT_HOST, port: config.KEPT_PORT } : null,
    metricsPort: config.KEPT_METRICS_PORT ?? null,
    work: name === 'work',
  })
}

async function start(
  config: Environment,
  env: NodeJS.ProcessEnv,
  does: Pick<KeptSettings, 'listen' | 'metricsPort' | 'work'>,
): Promise<Kept> {
  const settings = {
    ...does,
    ...readKeys(config),
    origin: config.KEPT_ORIGIN,
    database: { server: config.KEPT_DATABASE, worker: config.KEPT_DATABASE_WORKER ?? '' },
    tls: readTls(config),
    proxies: config.KEPT_PROXIES.split(/[\s,]+/).filter(Boolean),
    witnesses: readWitnesses(config),
    outside: openOutside(config, env),
    time: systemTime,
    log: openLog(config.KEPT_LOG),
    pace: 1000,
    drainSeconds: config.KEPT_DRAIN_SECONDS,
  }
  return reached(() => startKept(settings))
}

function reasonOf(error: unknown): { code?: string; message: string } {
  const { cause } = error as { cause?: unknown }
  return (error instanceof Failure && cause instanceof Error ? cause : error) as Error
}

/** Says in our words why a database cannot be used as it is. */
async function reached<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } catch (error) {
    const { code = '', message } = reasonOf(error)
    if (/^(?:28|3D)/.test(code)) {
      const fix = 'see that the URL names a role and a database that are there, with its password'
      throw new Failure('not-connected', `PostgreSQL refuses: ${message}`, { fix }, error)
    }
    if (/^(?:42P01|3F000|42501)$/.test(code)) {
      const fix = 'run kept migrate first, as the owner of the database'
      throw new Failure('conflict', 'the database is not of the newest form', { fix }, error)
    }
    throw asFailure(error)
  }
}
