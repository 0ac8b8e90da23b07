import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../../../foundation/failure.ts'
import { at, type Transaction } from '../../../../foundation/transaction.ts'
import { readApplied } from '../../../claims/edition.ts'
import { openSecret, sealSecret } from '../../secrets.ts'

/** The two canary tenants of an app: each has a provider of its own. */
export const sides = ['a', 'b'] as const
export type Side = (typeof sides)[number]

/** PEM and the base64 of its certificate's DER. */
export interface SigningKey {
  privateKey: string
  certificate: string
}

/** What everybody may know of one. */
export interface TestProvider {
  service: string
  side: Side
  /** Its name in OpenID Connect and SAML alike, and where it is found. */
  issuer: string
  clientId: string
  certificate: string
}

export interface SealedProvider extends TestProvider {
  secret: Buffer
}

const opened = z.object({ privateKey: z.string(), clientSecret: z.string() })
export type ProviderSecrets = z.output<typeof opened>

export function issuerOf(origin: string, service: string, side: Side): string {
  return `${origin}/probe/providers/${service}/${side}`
}

/** A client's id says which provider it is known to, so that none is taken for another's. */
export function clientIdOf(service: string, side: Side): string {
  return `kept-probe-${service}-${side}`
}

const about = (service: string, side: Side) => `identity.test_providers:${service}/${side}`

export function openProvider(
  key: Uint8Array,
  { service, side, secret }: Pick<SealedProvider, 'service' | 'side' | 'secret'>,
): ProviderSecrets {
  return opened.parse(JSON.parse(openSecret(key, secret, about(service, side)).toString('utf8')))
}

/** @throws Failure `not-found` where no page asks for the proof, as for a provider that nobody made */
export async function needProvider(
  tx: Transaction,
  origin: string,
  { service, side }: { service: string; side: Side },
): Promise<SealedProvider> {
  const row = await tx.row<{ certificate: string; secret: Buffer }>`
    select certificate, secret from identity.test_providers
    where service = ${service} and side = ${side}`
  if (!row || !(await isAsked(tx, service))) {
    throw new Failure('not-found', 'there is no such provider')
  }
  return {
    service,
    side,
    issuer: issuerOf(origin, service, side),
    clientId: clientIdOf(service, side),
    ...row,
  }
}

/** Those of an app that were made, `a` before `b`. */
export async function listProviders(
  tx: Transaction,
  origin: string,
  service: string,
): Promise<SealedProvider[]> {
  const rows = await tx.rows<{ side: Side; certificate: string; secret: Buffer }>`
    select side, certificate, secret from identity.test_providers
    where service = ${service} order by side`
  return rows.map((row) => ({
    service,
    issuer: issuerOf(origin, service, row.side),
    clientId: clientIdOf(service, row.side),
    ...row,
  }))
}

/** Whether the page in force promises single sign-on, and this is an app of the company's. */
export async function isAsked(tx: Transaction, service: string): Promise<boolean> {
  const applied = await readApplied(tx)
  if (!applied) return false
  const { page, systems } = applied
  return (
    page.claims.some(({ obligations }) => obligations.some(({ proof }) => proof.id === 'sso')) &&
    systems.subjects.some(({ id, type }) => id === service && type === 'service')
  )
}

/** Keeps a new provider, in place of what there was. */
export async function keepProvider(
  tx: Transaction,
  key: Uint8Array,
  { service, side, privateKey, certificate }: { service: string; side: Side } & SigningKey,
): Promise<void> {
  const secrets: ProviderSecrets = {
    privateKey,
    clientSecret: randomBytes(32).toString('base64url'),
  }
  const sealed = sealSecret(key, Buffer.from(JSON.stringify(secrets)), about(service, side))
  await tx.rows`
    insert into identity.test_providers (service, side, certificate, secret, made_at, made_by)
    values (${service}, ${side}, ${certificate}, ${sealed}, ${at(tx.now)}, ${tx.scope.actor.id})
    on conflict (service, side) do update set certificate = excluded.certificate,
      secret = excluded.secret, made_at = excluded.made_at, made_by = excluded.made_by`
}
