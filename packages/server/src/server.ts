import type { AddressInfo } from 'node:net'
import { createSecureContext } from 'node:tls'
import pg from 'pg'
import { noteSigner, formatVerifierKey } from '@kept/ledger'
import type { FastifyInstance } from 'fastify'
import type { BundleKey } from './capabilities/access/bundle.ts'
import { renderFailure } from './capabilities/publishing/failure.ts'
import { readSigningKey } from './capabilities/ledger/hash.ts'
import type { Witness } from './capabilities/ledger/witness.ts'
import { openCache } from './cache.ts'
import { openConsole } from './console.ts'
import { Failure } from './foundation/failure.ts'
import type { Capability } from './foundation/capability.ts'
import { migrate, type Roles } from './foundation/migrate.ts'
import type { Outside } from './foundation/outside.ts'
import type { Time } from './foundation/time.ts'
import { nobody, openGate, type Gate } from './gate.ts'
import { openHttp } from './http.ts'
import { deriveKey } from './keys.ts'
import type { Log } from './log.ts'
import { openMetrics, serveMetrics } from './metrics.ts'
import { isLoopbackHost } from './outside/reach.ts'
import { compose } from './platform.ts'
import { readProxies } from './proxies.ts'
import { startWorker } from './worker.ts'

/** All that one Kept needs to run. */
export interface KeptSettings {
  /** Where readers find it, without a path: `https://security.example.com`. */
  origin: string
  /** URLs as the role that serves and as the role that carries jobs. */
  database: { server: string; worker: string }
  /** Null for a process that only works. */
  listen: { host: string; port: number } | null
  /** The port of 127.0.0.1 at which the figures are read; null for none. */
  metricsPort: number | null
  /** Whether this process works too. */
  work: boolean
  tls: { cert: string; key: string } | null
  proxies: readonly string[]
  /** PEM of the Ed25519 key that signs checkpoints. */
  ledgerKey: string
  /** PEM of the Ed25519 key that signs the bundles of apps: another than the ledger's. */
  bundleKey: string
  /** PEM of the key by which what people prove themselves by is sealed: another again. */
  identityKey: string
  witnesses: readonly Witness[]
  outside: Outside
  time: Time
  log: Log
  /** Milliseconds between two looks for work that is due. */
  pace: number
  /** Seconds between saying "not ready" and closing, so that a balancer hears of it. */
  drainSeconds: number
}

export interface Kept {
  /** Where it listens; null when it only works. */
  address: string | null
  /** Where its figures are read; null when nowhere. */
  metrics: string | null
  gate: Gate
  capabilities: readonly Capability[]
  stop(): Promise<void>
}

/** Brings a database to the newest form, as its owner. Returns how many files ran. */
export async function migrateDatabase(ownerUrl: string, roles: Roles): Promise<number> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2 })
  // What fails while it is in use fails there.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    return await migrate(pool, roles, compose(bare).capabilities)
  } finally {
    await pool.end()
  }
}

/** What the schema depends on none of. */
const bare = {
  log: {
    origin: 'none',
    signer: { name: 'none', keyId: 0, sign: () => new Uint8Array(64) },
    key: '',
  },
  witnesses: [],
  bundles: { key: '', sign: () => new Uint8Array(64) },
  identityKey: new Uint8Array(32),
  origin: 'http://localhost',
  mails: false,
}

/** Starts one Kept on a database that was brought to the newest form. */
export async function startKept(settings: KeptSettings): Promise<Kept> {
  checkListening(settings)
  checkTls(settings.tls)
  const { origin, time, log, outside } = settings
  const pool = openPool(settings.database.server, log)
  const { capabilities, authorization, ports } = compose({
    log: identify(origin, settings.ledgerKey),
    witnesses: settings.witnesses,
    bundles: identifyBundles(settings),
    identityKey: deriveKey(settings.identityKey, 'identity'),
    origin,
    mails: outside.mail !== null,
    outside,
  })
  const gate = openGate(pool, time, ports)
  const metrics = openMetrics(() => readWaiting(gate, capabilities))
  const state = { draining: false }
  const http = settings.listen
    ? openHttp({
        origin,
        routes: capabilities.flatMap(({ routes }) => routes ?? []),
        gate,
        isOpen: (operation) => authorization.authorize(nobody, operation),
        log,
        metrics,
        cache: openCache(time, () => metrics.cached.inc()),
        renderProblem: renderFailure,
        console: openConsole(log),
        tls: settings.tls,
        proxies: settings.proxies,
        isReady: async () => !state.draining && (await answers(pool)),
      })
    : null
  const address = http
    ? await listen(settings.listen!, (at) => serveAt(http, at, settings.tls !== null)).catch(
        giveUp(pool),
      )
    : null
  const figures =
    settings.metricsPort === null
      ? null
      : await listen({ host: '127.0.0.1', port: settings.metricsPort }, ({ port }) =>
          serveMetrics(metrics, port),
        ).catch(async (error: unknown) => {
          await http?.close()
          return giveUp(pool)(error)
        })
  // A start that failed before must not have said for good which log this is.
  await begin(gate, capabilities).catch(async (error: unknown) => {
    figures?.close()
    await http?.close()
    return giveUp(pool)(error)
  })
  const workerPool = settings.work ? openPool(settings.database.worker, log) : null
  const worker = workerPool
    ? await startWorker({
        pool: workerPool,
        capabilities,
        gate,
        outside,
        time,
        log,
        metrics,
        pace: settings.pace,
      })
    : null
  return {
    address,
    metrics: figures?.address ?? null,
    gate,
    capabilities,
    async stop() {
      state.draining = true
      metrics.draining.set(1)
      if (http) await drain(http, settings.drainSeconds)
      figures?.close()
      await worker?.stop()
      await workerPool?.end()
      await pool.end()
    },
  }
}

async function begin(gate: Gate, capabilities: readonly Capability[]): Promise<void> {
  const caller = { actor: { kind: 'operator', id: 'operator' } } as const
  for (const { begin: operation } of capabilities)
    if (operation) await gate.enter({ caller, operation, input: {} })
}

/** Nothing may outlive a start that failed. */
function giveUp(pool: pg.Pool): (error: unknown) => Promise<never> {
  return async (error) => {
    await pool.end()
    throw error
  }
}

/** Why an address cannot be listened at, by the code of the system. */
const refusals: Record<string, [reason: string, fix: string]> = {
  EADDRINUSE: ['is taken by another program', 'stop that program, or choose another port'],
  EACCES: ['may not be opened by this user', 'choose a port from 1024 on'],
  EADDRNOTAVAIL: ['is no address of this machine', 'choose an address of this machine'],
  ENOTFOUND: ['is no address of this machine', 'choose an address of this machine'],
}

async function listen<T>(
  at: { host: string; port: number },
  open: (at: { host: string; port: number }) => Promise<T>,
): Promise<T> {
  try {
    return await open(at)
  } catch (error) {
    const refusal = refusals[(error as { code?: string }).code ?? '']
    if (!refusal) throw error
    const [reason, fix] = refusal
    throw new Failure('conflict', `port ${at.port} of ${at.host} ${reason}`, { fix }, error)
  }
}

async function serveAt(
  http: FastifyInstance,
  at: { host: string; port: number },
  isSecure: boolean,
): Promise<string> {
  await http.listen(at)
  // Of all addresses the one that every machine has.
  const host = ['0.0.0.0', '::'].includes(at.host) ? '127.0.0.1' : at.host
  const { port } = http.server.address() as AddressInfo
  return `${isSecure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

async function readWaiting(gate: Gate, capabilities: readonly Capability[]): Promise<number> {
  const routes = capabilities.flatMap((one) => one.routes ?? [])
  const { operation } = routes.find((one) => one.operation.action === 'ledger.show-key')!
  const caller = { actor: { kind: 'public', id: 'metrics' } } as const
  const { waiting } = (await gate.enter({ caller, operation, input: {} })) as { waiting: number }
  return waiting
}

/** OpenSSL's own words name neither the file nor what to do. */
function checkTls(tls: KeptSettings['tls']): void {
  if (!tls) return
  try {
    createSecureContext(tls)
  } catch (error) {
    const fix = 'give a certificate and the private key that belongs to it, both as PEM'
    throw new Failure('bad-input', 'the TLS certificate and key cannot be used', { fix }, error)
  }
}

export function identify(origin: string, pem: string) {
  const name = `${new URL(origin).host}/ledger`
  const key = readSigningKey(pem)
  return {
    origin: name,
    signer: noteSigner(name, key),
    key: formatVerifierKey(name, key.publicKey),
  }
}

/** The key of bundles, which must be another than the ledger's: who may sign one may not sign the other. */
function identifyBundles({ bundleKey, ledgerKey }: KeptSettings): BundleKey {
  const { publicKey, sign } = readSigningKey(bundleKey)
  if (Buffer.compare(publicKey, readSigningKey(ledgerKey).publicKey) === 0) {
    throw new Failure('conflict', 'the ledger and bundles would be signed by one key', {
      fix: 'name a file of its own by KEPT_BUNDLE_KEY; kept migrate makes it',
    })
  }
  return { key: Buffer.from(publicKey).toString('base64'), sign }
}

/** Beyond loopback nothing is served in the clear, unless to a declared proxy that adds TLS. */
export function checkListening({
  listen,
  tls,
  proxies,
}: Pick<KeptSettings, 'listen' | 'tls' | 'proxies'>): void {
  readProxies(proxies)
  if (!listen || tls || proxies.length > 0) return
  if (isLoopbackHost(listen.host)) return
  throw new Failure('not-connected', `listening on ${listen.host} needs TLS`, {
    fix: 'give --tls-cert and --tls-key, or name the proxy in front with --proxy',
  })
}

function openPool(url: string, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 60_000,
    application_name: 'kept',
  })
  const note = (error: Error) => {
    // A pool that ends does not wait until the server has closed its side.
    if (pool.ending) return
    const code = (error as { code?: string }).code ?? error.name
    log.warn({ says: 'a connection to the database ended', code })
  }
  pool.on('error', note)
  // A connection that is in use tells its own end; its query fails too, and is answered for there.
  pool.on('connect', (client) => client.on('error', note))
  return pool
}

/** Whoever asks for readiness waits no longer than this, in milliseconds. */
const readiness = 2000

async function answers(pool: pg.Pool): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => late.resolve(false), readiness)
  const query = { text: 'select 1', query_timeout: readiness }
  const asked = pool.query(query).then(
    () => true,
    () => false,
  )
  const isReady = await Promise.race([asked, late.promise])
  clearTimeout(timer)
  return isReady
}

/** In two phases: say that we are not ready, give whoever routes to us time to hear it, then close. */
async function drain(http: FastifyInstance, seconds: number): Promise<void> {
  if (seconds > 0) await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  await http.close()
}
