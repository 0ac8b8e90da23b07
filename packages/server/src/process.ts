import {
  readEnvironment,
  openOutside,
  readLedgerKey,
  readTls,
  readWitnesses,
  rolesOf,
} from './config.ts'
import { Failure } from './foundation/failure.ts'
import { systemTime } from './foundation/time.ts'
import { keepKey } from './keys.ts'
import { checkLedger } from './ledger-key.ts'
import { openLog } from './log.ts'
import { migrateDatabase, startKept, type Kept } from './server.ts'

/** The separate processes of a large installation. */
export type ProcessName = 'serve' | 'work' | 'migrate'

/** Runs one of them by what the environment says; what runs is handed back, to be stopped. */
export async function runProcess(name: ProcessName, env: NodeJS.ProcessEnv): Promise<Kept | null> {
  const config = readEnvironment(env)
  if (name === 'migrate') {
    const roles = rolesOf(config)
    await migrateDatabase(config.KEPT_DATABASE_OWNER!, roles)
    keepKey(config.KEPT_LEDGER_KEY)
    return null
  }
  if (name === 'work' && config.KEPT_DATABASE_WORKER === undefined) {
    throw new Failure('bad-input', 'KEPT_DATABASE_WORKER is missing', {
      fix: 'set it to the URL of the role that carries jobs',
    })
  }
  const ledgerKey = readLedgerKey(config)
  await checkLedger(config.KEPT_DATABASE, config.KEPT_ORIGIN, ledgerKey)
  return startKept({
    origin: config.KEPT_ORIGIN,
    database: { server: config.KEPT_DATABASE, worker: config.KEPT_DATABASE_WORKER ?? '' },
    listen: name === 'serve' ? { host: config.KEPT_HOST, port: config.KEPT_PORT } : null,
    work: name === 'work',
    tls: readTls(config),
    proxies: config.KEPT_PROXIES.split(/[\s,]+/).filter(Boolean),
    ledgerKey,
    witnesses: readWitnesses(config),
    outside: openOutside(config, env),
    time: systemTime,
    log: openLog(config.KEPT_LOG),
    pace: 1000,
    drainSeconds: config.KEPT_DRAIN_SECONDS,
  })
}
