import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { startCluster, type Cluster } from '@kept/postgres'
import pino from 'pino'
import { checkDatabase, openOutside, readEnvironment, readWitnesses } from './config.ts'
import { prepareDatabase, prepareOnServer, type Databases } from './database.ts'
import { Failure } from './foundation/failure.ts'
import { systemTime } from './foundation/time.ts'
import { keepKey } from './keys.ts'
import { openLog } from './log.ts'
import { applyChanged, askAsOperator, inviteFirstOwner, type Applied } from './operator.ts'
import { isLoopbackHost } from './outside/reach.ts'
import { checkListening, startKept, type Kept } from './server.ts'

/** What `kept up` runs: everything in one process. */
export interface UpSettings {
  /** The text of the page and of systems.yaml. */
  page: string
  systems: string
  /** The directory that holds the keys, the passwords and the embedded server. */
  data: string
  /** URL of a PostgreSQL server that somebody else runs; null for the embedded one. */
  database: string | null
  host: string
  /** 0 takes a free one. */
  port: number
  /** Where readers find it; what the directory knows, or the address itself, when null. */
  origin: string | null
  tls: { cert: string; key: string } | null
  proxies: readonly string[]
  /** Mail, witnesses and the rest, as `kept serve --help` lists them. */
  env: NodeJS.ProcessEnv
  say: (step: 'database' | 'schema' | 'serve' | 'apply' | 'judge') => void
}

export interface Up {
  address: string
  origin: string
  applied: Applied
  claims: readonly { id: string; text: string; verdict: string; judgedAt: string | null }[]
  /** By which the first owner of the console comes, once and within a day; null when there is one. */
  ownerLink: string | null
  /** Settles, with words, when it ends without being asked to. */
  ended: Promise<string>
  stop(): Promise<void>
}

const name = 'kept'

/** Starts one Kept on its own directory. Whatever fails leaves nothing running. */
export async function up(settings: UpSettings): Promise<Up> {
  const { data, host, proxies, say } = settings
  checkListening({ listen: { host, port: 0 }, tls: settings.tls, proxies })
  mkdirSync(data, { recursive: true })
  const running: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of running.toReversed()) await end()
  }
  try {
    mustLeadHere(settings)
    // The embedded server holds the directory by itself.
    if (settings.database !== null) running.push(holdDirectory(data))
    say('database')
    const { databases, cluster } = await openDatabase(settings)
    if (cluster) running.push(() => cluster.stop())
    const port = settings.port === 0 ? await findPort(settings) : settings.port
    const origin = readOrigin(settings, port)
    const ledgerKey = keepKey(join(data, 'ledger.key'))
    const bundleKey = keepKey(join(data, 'bundle.key'))
    const identityKey = keepKey(join(data, 'identity.key'))
    say('serve')
    const kept = await startKept(
      toKept(settings, { databases, origin, port, ledgerKey, bundleKey, identityKey }),
    )
    running.push(() => kept.stop())
    // Only now: a start that failed must not fix the name by which readers know the ledger.
    writeFileSync(originFile(data), `${origin}\n`)
    say('apply')
    const applied = await applyChanged(kept, settings)
    say('judge')
    const claims = await readVerdicts(kept)
    const ownerLink = await inviteFirstOwner(kept)
    const ended = new Promise<string>((resolve) => {
      void cluster?.ended.then(({ how }) => resolve(`the embedded PostgreSQL ended (${how})`))
    })
    return { address: kept.address!, origin, applied, claims, ownerLink, ended, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * One Kept a directory, whatever database it uses. Node has no file locks, SQLite has: a lock of the
 * kernel's, which goes when the process does, however it goes, so that none is ever stale.
 */
function holdDirectory(data: string): () => Promise<void> {
  const lock = new DatabaseSync(join(data, 'kept.lock'))
  try {
    lock.exec('pragma journal_mode = off; begin exclusive')
  } catch {
    lock.close()
    throw new Failure('conflict', `another kept up runs on ${data}`, {
      fix: 'stop it first, or give this one a directory of its own with --data',
    })
  }
  return () => Promise.resolve(lock.close())
}

interface Opened {
  databases: Databases
  cluster: Cluster | null
}

async function openDatabase({ data, database, say }: UpSettings): Promise<Opened> {
  const files = { name, secrets: join(data, 'passwords.json'), sql: join(data, 'prepare.sql') }
  if (database !== null) {
    checkDatabase('--database', database)
    say('schema')
    return { databases: await prepareOnServer(database, files), cluster: null }
  }
  const cluster = await startCluster({ directory: join(data, 'postgres') })
  try {
    say('schema')
    const databases = await cluster.asSuperuser((client) =>
      prepareDatabase(client, (address) => cluster.url(address), files),
    )
    return { databases, cluster }
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

function originFile(data: string): string {
  return join(data, 'origin')
}

/** A ledger keeps the name it began with: the directory remembers it. */
function readOrigin(settings: UpSettings, port: number): string {
  const { data, host, origin } = settings
  if (origin !== null) return new URL(origin).origin
  const known = readKnown(data)
  if (known !== null) return known
  if (['0.0.0.0', '::'].includes(host)) {
    throw new Failure('bad-input', `${host} is no address that readers know`, {
      fix: 'say where they find it: --origin https://security.example.com',
    })
  }
  return ownOrigin(settings, port)
}

function readKnown(data: string): string | null {
  return existsSync(originFile(data)) ? readFileSync(originFile(data), 'utf8').trim() : null
}

function ownOrigin({ host, tls }: UpSettings, port: number): string {
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  return `${tls ? 'https' : 'http'}://${authority}`
}

/**
 * On loopback without a proxy, the address that readers know is the one at which it listens; under another,
 * links such as the first owner's lead to nobody. It is not changed silently: the ledger is named by it.
 */
function mustLeadHere(settings: UpSettings): void {
  const { data, port, origin } = settings
  const known = readKnown(data)
  if (origin !== null || known === null || port === 0 || !isOnlyLocal(settings, known)) return
  const [there, own] = [new URL(known), new URL(ownOrigin(settings, port))]
  if (there.hostname === 'localhost') own.hostname = there.hostname
  if (there.origin === own.origin) return
  throw new Failure('bad-input', `readers know it as ${known}, which leads elsewhere now`, {
    fix: `listen there as before, or say where they find it: --origin ${own.origin}; its ledger is named by that`,
  })
}

interface Ready {
  databases: Databases
  origin: string
  port: number
  ledgerKey: string
  bundleKey: string
  identityKey: string
}

function toKept(settings: UpSettings, { databases, ...ready }: Ready) {
  const { host, tls, proxies, env } = settings
  const config = readEnvironment({
    ...env,
    KEPT_ORIGIN: ready.origin,
    KEPT_DATABASE: databases.server,
  })
  return {
    ...ready,
    database: databases,
    listen: { host, port: ready.port },
    metricsPort: config.KEPT_METRICS_PORT ?? null,
    work: true,
    tls,
    proxies,
    witnesses: readWitnesses(config),
    outside: openOutside(config, env),
    time: systemTime,
    // Standard output is for what a person reads.
    log: openLog(env['KEPT_LOG'] === undefined ? 'warn' : config.KEPT_LOG, pino.destination(2)),
    pace: 1000,
    drainSeconds: 0,
  }
}

/** What is applied is judged within a second or two; what is not by then says so itself. */
async function readVerdicts(kept: Kept): Promise<Up['claims']> {
  for (let tries = 0; ; tries++) {
    const { claims } = await askAsOperator<'list'>(kept, 'claims.list', {})
    if (tries >= 50 || claims.every(({ judgedAt }) => judgedAt !== null)) return claims
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function isOnlyLocal({ host, proxies }: UpSettings, known: string): boolean {
  return isLoopbackHost(host) && isLoopbackHost(new URL(known).hostname) && proxies.length === 0
}

/** The one by which readers know it on loopback, or one that is free. */
async function findPort(settings: UpSettings): Promise<number> {
  const known = settings.origin === null ? readKnown(settings.data) : null
  const there = known !== null && isOnlyLocal(settings, known) ? new URL(known).port : ''
  return there === '' ? await findFreePort(settings.host) : Number(there)
}

async function findFreePort(host: string): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(0, host, resolve)
  })
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
