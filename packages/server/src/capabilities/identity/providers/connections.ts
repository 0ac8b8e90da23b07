import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../../foundation/failure.ts'
import { at, json, type Transaction } from '../../../foundation/transaction.ts'
import { openSecret, sealSecret } from '../secrets.ts'
import { verifiedDomains } from './domains.ts'

const oidcConfig = z.object({
  issuer: z.string(),
  clientId: z.string(),
  /** Whether it answers for accounts of anybody, and says by `hd` alone whose organisation manages one. */
  managed: z.boolean(),
})

const samlConfig = z.object({
  entityId: z.string(),
  address: z.string(),
  /** Base64 of DER, of the keys that the provider signs by. */
  certificates: z.array(z.string()),
  /** The same of the key that it may encrypt assertions for. */
  encryption: z.string(),
  /** Where it takes logouts by HTTP-Redirect, and answers to its own; the same address when null. */
  logout: z.string().nullable().default(null),
  logoutAnswers: z.string().nullable().default(null),
})
export type SamlConfig = z.output<typeof samlConfig>

const configs = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('oidc'), config: oidcConfig }),
  z.object({ kind: z.literal('saml'), config: samlConfig }),
])
type Config = z.output<typeof configs>

export type Connection = Config & {
  id: string
  tenant: string
  label: string
  enabled: boolean
  /** Sealed. */
  secret: Buffer
}
export type OidcConnection = Connection & { kind: 'oidc' }
export type SamlConnection = Connection & { kind: 'saml' }

interface Row {
  id: string
  tenant: string
  label: string
  kind: string
  config: unknown
  enabled: boolean
  secret: Buffer
}

function toConnection({ kind, config, ...row }: Row): Connection {
  return { ...row, ...configs.parse({ kind, config }) }
}

const about = (id: string) => `identity.connections:${id}`

export function openConnectionSecret(key: Uint8Array, { id, secret }: Connection): string {
  return openSecret(key, secret, about(id)).toString('utf8')
}

/** A connection is for a tenant that has shown a domain to be its own: only its addresses are let in. */
export async function addConnection(
  tx: Transaction,
  key: Uint8Array,
  { label, secret, ...config }: Config & { label: string; secret: string },
): Promise<string> {
  const tenant = tx.scope.actor.tenant!
  if ((await verifiedDomains(tx, tenant)).length === 0) {
    throw new Failure('conflict', 'no domain of yours is verified yet', {
      fix: 'add a domain and its TXT record, then check it',
    })
  }
  const id = randomUUID()
  const sealed = sealSecret(key, Buffer.from(secret), about(id))
  await tx.rows`
    insert into identity.connections (id, tenant, kind, label, config, secret, made_at, made_by)
    values (${id}, ${tenant}, ${config.kind}, ${label}, ${json(config.config)}::jsonb, ${sealed},
      ${at(tx.now)}, ${tx.scope.actor.id})`
  return id
}

export async function listConnections(tx: Transaction, tenant: string): Promise<Connection[]> {
  const rows = await tx.rows<Row>`
    select id, tenant, label, kind, config, enabled, secret from identity.connections
    where tenant = ${tenant} order by made_at, id`
  return rows.map(toConnection)
}

/** @throws Failure `not-found`, for another tenant's too */
export async function needConnection(tx: Transaction, id: string): Promise<Connection> {
  const row = await tx.row<Row>`
    select id, tenant, label, kind, config, enabled, secret from identity.connections
    where id = ${id} and tenant = ${tx.scope.actor.tenant ?? null}`
  if (row) return toConnection(row)
  throw new Failure('not-found', 'there is no such connection')
}

/** The connection that an answer was sent to: whose it is, the connection says. */
export async function findConnection(tx: Transaction, id: string): Promise<Connection | null> {
  await tx.rows`select pg_catalog.set_config('kept.connection', ${id}, true)`
  const row = await tx.row<Row>`
    select id, tenant, label, kind, config, enabled, secret from identity.connections where id = ${id}`
  return row && toConnection(row)
}

/** By which connection a tenant's users come: the one that is named, or the only one. */
export async function chooseConnection(
  tx: Transaction,
  tenant: string,
  id: string | null,
): Promise<Connection> {
  const all = (await listConnections(tx, tenant)).filter(({ enabled }) => enabled)
  const found = id === null && all.length === 1 ? all[0] : all.find((one) => one.id === id)
  if (found) return found
  const fix = 'sign in with a password, or ask who manages your company’s account for its address'
  const isOneOf = id === null && all.length > 1
  const reason = isOneOf
    ? 'several providers let users in there'
    : 'no provider lets users in there'
  throw new Failure('not-found', reason, { fix })
}

/** Sessions that it began end with it. */
export async function setEnabled(tx: Transaction, id: string, enabled: boolean): Promise<void> {
  const { tenant } = await needConnection(tx, id)
  if (!enabled) await mustNotBeNeeded(tx, tenant, id)
  await tx.rows`update identity.connections set enabled = ${enabled} where id = ${id}`
  if (!enabled) await endSessionsBy(tx, id)
}

export async function removeConnection(tx: Transaction, id: string): Promise<void> {
  const { tenant } = await needConnection(tx, id)
  await mustNotBeNeeded(tx, tenant, id)
  await endSessionsBy(tx, id)
  await tx.rows`delete from identity.connections where id = ${id}`
}

async function endSessionsBy(tx: Transaction, id: string): Promise<void> {
  await tx.rows`update identity.sessions set ended_at = ${at(tx.now)}
    where provider = ${id} and ended_at is null`
}

export async function replaceSecret(
  tx: Transaction,
  key: Uint8Array,
  { id, secret }: { id: string; secret: string },
): Promise<void> {
  const { kind } = await needConnection(tx, id)
  if (kind !== 'oidc') throw new Failure('conflict', 'a SAML connection has no client secret')
  const sealed = sealSecret(key, Buffer.from(secret), about(id))
  await tx.rows`update identity.connections set secret = ${sealed} where id = ${id}`
}

/** New certificates or another address, but of the same provider: subjects are known by it. */
export async function replaceProvider(
  tx: Transaction,
  id: string,
  read: Omit<SamlConfig, 'encryption'>,
): Promise<void> {
  const connection = await needConnection(tx, id)
  if (connection.kind !== 'saml' || connection.config.entityId !== read.entityId) {
    throw new Failure('conflict', `this metadata is of another provider: ${read.entityId}`, {
      fix: 'add it as a connection of its own',
    })
  }
  const config = { ...connection.config, ...read }
  await tx.rows`update identity.connections set config = ${json(config)}::jsonb where id = ${id}`
}

/** Where only a provider lets users in, one must. */
export async function mustHaveConnection(tx: Transaction, tenant: string): Promise<void> {
  const all = await listConnections(tx, tenant)
  if (all.some(({ enabled }) => enabled)) return
  throw new Failure('conflict', 'no connection to a provider is enabled', {
    fix: 'add one, try it and enable it first',
  })
}

async function mustNotBeNeeded(tx: Transaction, tenant: string, id: string): Promise<void> {
  const only =
    await tx.row`select from identity.settings where tenant = ${tenant} and provider_only`
  const all = await listConnections(tx, tenant)
  if (!only || all.some((one) => one.id !== id && one.enabled)) return
  if (!all.some((one) => one.id === id && one.enabled)) return
  throw new Failure('conflict', 'users come in by this connection alone', {
    fix: 'let them sign in by password first, or enable another connection',
  })
}
