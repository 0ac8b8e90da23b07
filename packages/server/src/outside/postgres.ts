import { createConnection, type Socket } from 'node:net'
import { Client, DatabaseError, type ClientConfig } from 'pg'
import type { System } from '@kept/page'
import type { CollectorContext } from '../foundation/capability.ts'
import { Failure } from '../foundation/failure.ts'
import { cannotLook, secretOf, tagged } from '../foundation/look.ts'
import { codeOf, findPlace, patience, type Place, type Way } from './reach.ts'
import { trusted } from './request.ts'

/** What opens a database, read from a URL. It holds secrets: never in a log, note or error. */
export interface Login {
  host: string
  port: number
  user: string
  password: string
  database: string
  /** What opens scopes there, where they are sealed: of the secret that the tag `seal:` names. Not sent. */
  seal: string | null
}

/**
 * What opens a database: its secret, a URL `postgres://user:password@host:port/database`. Where the
 * system has an address too, the secret must open that place and no other. `sslmode` is not heeded:
 * Kept always demands TLS with a certificate of a trusted authority for that name, as `verify-full` does.
 */
export function loginOf(subject: System, context: Pick<CollectorContext, 'outside'>): Login {
  const { id, address } = subject
  const [sealed] = tagged(subject, 'seal')
  const seal = sealed === undefined ? null : context.outside.secret(sealed)
  const login = { ...readLogin(secretOf(subject, context), id), seal }
  if (address === null) return login
  const said = URL.parse(/^[a-z]+:\/\//i.test(address) ? address : `postgres://${address}`)
  if (said && hostOf(said) === login.host && portOf(said) === login.port) return login
  throw cannotLook(
    `the secret of ${id} opens ${login.host}:${login.port}, its address is ${address}`,
  )
}

function readLogin(url: string, whose: string): Omit<Login, 'seal'> {
  const parsed = URL.parse(url)
  if (!parsed || !/^postgres(?:ql)?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw cannotLook(`the secret of ${whose} is no URL like postgres://user:password@host/database`)
  }
  const user = decodeURIComponent(parsed.username)
  return {
    host: hostOf(parsed),
    port: portOf(parsed),
    user,
    password: decodeURIComponent(parsed.password),
    database: decodeURIComponent(parsed.pathname.slice(1)) || user,
  }
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

function portOf({ port }: URL): number {
  return port === '' ? 5432 : Number(port)
}

const seals = new WeakMap<Client, string>()

/** What opens scopes on this connection, if its login has that. */
export function sealOf(client: Client): string | null {
  return seals.get(client) ?? null
}

/** Works on a database over verified TLS and closes the connection, whatever happens. */
export async function withDatabase<T>(
  way: Way,
  login: Login,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  return await connect(Client, way, login, work)
}

/** The same to change what is there, each statement for as long as it takes: for moves alone. */
export async function changeDatabase<T>(
  way: Way,
  login: Login,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  return await connect(ChangingClient, way, login, work)
}

class ChangingClient extends Client {
  constructor(config: ClientConfig) {
    const unhurried = { query_timeout: 0, statement_timeout: 0, keepAlive: true }
    super({ ...config, ...unhurried, options: '-c search_path=pg_catalog' })
  }
}

/** The password is wrong, or that role may not come from here; or it may not connect to that database. */
const refusals = new Set(['28P01', '28000', '42501'])

/**
 * Whether a login that was made for another place opens this one; false when it is refused. Whatever
 * else it comes to says nothing of the login and ends the look.
 */
export async function opens(way: Way, login: Login): Promise<boolean> {
  try {
    return await connect(BoundClient, way, login, () => Promise.resolve(true))
  } catch (error) {
    const { cause } = error as Error
    if (cause instanceof DatabaseError && refusals.has(cause.code ?? '')) return false
    throw error
  }
}

/**
 * Shows that it knows a password, bound to the certificate of the server that asks (RFC 5802 with
 * tls-server-end-point of RFC 5929), and in no other way: the password is that of another server, and
 * whoever took this one over must neither learn it nor pass the proof on. These are methods of pg's
 * own, which calls them as the server asks.
 */
class BoundClient extends Client {
  constructor(config: ClientConfig) {
    super({ ...config, enableChannelBinding: true })
  }

  _handleAuthCleartextPassword(): void {
    this.refuse()
  }

  _handleAuthMD5Password(): void {
    this.refuse()
  }

  _handleAuthSASL(asked: { mechanisms: readonly string[] }): void {
    if (!asked.mechanisms.includes('SCRAM-SHA-256-PLUS')) return this.refuse()
    ;(Client.prototype as unknown as BoundClient)['_handleAuthSASL'].call(this, asked)
  }

  private refuse(): void {
    const why = 'asks for a password in a way that could give one of another server away'
    const fix = 'let it take scram-sha-256, and its secret name the server itself and no pooler'
    this.connection.emit('error', cannotLook(`${this.host}:${this.port} ${why}: ${fix}`))
  }
}

async function connect<T>(
  Kind: new (config: ClientConfig) => Client,
  way: Way,
  { seal, ...login }: Login,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const place = await findPlace(way, login.host, login.port)
  const client = new Kind({
    ...login,
    ssl: { ca: trusted(way.outside), rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    stream: () => pinned(place),
    application_name: 'kept',
    connectionTimeoutMillis: patience * 1000,
    query_timeout: 6 * patience * 1000,
    statement_timeout: 6 * patience * 1000,
    options: '-c default_transaction_read_only=on -c search_path=pg_catalog',
  })
  if (seal !== null) seals.set(client, seal)
  // Without a listener a server that goes away between two queries would end this process.
  client.on('error', () => {})
  const giveUp = () => void client.end().catch(() => {})
  way.signal.addEventListener('abort', giveUp, { once: true })
  try {
    await client.connect()
    return await work(client)
  } catch (error) {
    way.signal.throwIfAborted()
    throw explain(error, login)
  } finally {
    way.signal.removeEventListener('abort', giveUp)
    await client.end().catch(() => {})
  }
}

/** pg looks the host up again when it connects: this socket goes to the address that was looked at. */
function pinned({ address, port }: Place): Socket {
  const socket = createConnection({ host: address, port })
  socket.connect = () => socket
  return socket
}

function explain(error: unknown, { host, port }: Pick<Login, 'host' | 'port'>): unknown {
  if (error instanceof Failure) return error
  const where = `the database at ${host}:${port}`
  if (error instanceof DatabaseError) {
    const right = error.code === '42501' ? ': the role of its secret lacks a right' : ''
    return cannotLook(`${where} answers with an error (${codeOf(error)})${right}`, error)
  }
  const { message = '', code } = error as { message?: string; code?: string }
  if (message.includes('does not support SSL')) return cannotLook(`${where} offers no TLS`, error)
  if (code !== undefined || /^(?:Connection|Query read timeout|timeout)/.test(message)) {
    return cannotLook(`${where} cannot be used (${code ?? message})`, error)
  }
  return error
}
