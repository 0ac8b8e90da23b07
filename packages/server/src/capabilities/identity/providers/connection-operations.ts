import { z } from 'zod'
import { Failure } from '../../../foundation/failure.ts'
import { operation } from '../../../foundation/operation.ts'
import { mustBeFresh } from '../sessions.ts'
import { nothing, type IdentitySettings } from '../shapes.ts'
import { addressesOf } from './addresses.ts'
import { checkNames } from './checks.ts'
import {
  addConnection,
  listConnections,
  needConnection,
  removeConnection,
  replaceProvider,
  replaceSecret,
  setEnabled,
} from './connections.ts'
import { makeCertifiedKey } from './encryption.ts'
import { endOf, readMetadata } from './metadata.ts'
import { listTrials } from './trials.ts'

const label = z.string().trim().min(1).max(100)
const connection = z.strictObject({ connection: z.uuid() })
const metadata = z.string().min(1).max(60_000)
const secret = z.string().min(1).max(1000)
/** What the provider is told of us. */
const told = z.object({
  id: z.string(),
  callback: z.string().nullable(),
  entityId: z.string().nullable(),
  consumer: z.string().nullable(),
})

/** The operations on a tenant's connections to its providers. */
export function connectionOperations({ key, origin, outside }: IdentitySettings) {
  const isNear = outside.reach === 'loopback'
  const tell = (id: string, kind: 'oidc' | 'saml') => {
    const { callback, entityId, consumer } = addressesOf(origin, id)
    return kind === 'oidc'
      ? { id, callback, entityId: null, consumer: null }
      : { id, callback: null, entityId, consumer }
  }
  return {
    connections: operation({
      action: 'identity.list-connections',
      says: 'The connections of a tenant to its providers, and what each provider is told of us',
      input: nothing,
      output: z.object({
        connections: z.array(
          told.extend({
            kind: z.enum(['oidc', 'saml']),
            label: z.string(),
            enabled: z.boolean(),
            /** The issuer, or the entity id. */
            provider: z.string(),
            clientId: z.string().nullable(),
            certificatesEndAt: z.number().nullable(),
          }),
        ),
      }),
      async run(tx) {
        const all = await listConnections(tx, tx.scope.actor.tenant!)
        return {
          connections: all.map((one) => ({
            ...tell(one.id, one.kind),
            kind: one.kind,
            label: one.label,
            enabled: one.enabled,
            ...(one.kind === 'oidc'
              ? {
                  provider: one.config.issuer,
                  clientId: one.config.clientId,
                  certificatesEndAt: null,
                }
              : {
                  provider: one.config.entityId,
                  clientId: null,
                  certificatesEndAt: endOf(one.config.certificates),
                }),
          })),
        }
      },
    }),
    addOidc: operation({
      action: 'identity.add-oidc-connection',
      says: 'Adds an OpenID provider, for Google Workspace https://accounts.google.com; it lets nobody in yet',
      input: z.strictObject({
        label,
        issuer: z.string().max(500),
        clientId: z.string().min(1).max(500),
        clientSecret: secret,
      }),
      output: told,
      secret: true,
      entry: (_, { id }) => ({ connection: id }),
      async run(tx, { label: named, issuer, clientId, clientSecret }) {
        await mustBeFresh(tx)
        const spelled = spellIssuer(issuer, isNear)
        const config = { issuer: spelled, clientId, managed: isGoogle(spelled) }
        const id = await addConnection(tx, key, {
          kind: 'oidc',
          label: named,
          config,
          secret: clientSecret,
        })
        return tell(id, 'oidc')
      },
    }),
    addSaml: operation({
      action: 'identity.add-saml-connection',
      says: 'Adds a SAML provider by its metadata; it lets nobody in yet',
      input: z.strictObject({ label, metadata }),
      output: told,
      secret: true,
      entry: (_, { id }) => ({ connection: id }),
      ahead: (work) => makeCertifiedKey(origin, work.now),
      async run(tx, { label: named, metadata: xml }, { certificate, privateKey }) {
        await mustBeFresh(tx)
        const config = { ...readMetadata(xml, isNear), encryption: certificate }
        const id = await addConnection(tx, key, {
          kind: 'saml',
          label: named,
          config,
          secret: privateKey,
        })
        return tell(id, 'saml')
      },
    }),
    enableConnection: operation({
      action: 'identity.enable-connection',
      says: 'Has a connection let users in, or no more: then the sessions that it began end',
      input: connection.extend({ enabled: z.boolean() }),
      output: z.object({}),
      entry: ({ connection: id, enabled }) => ({ connection: id, enabled }),
      async run(tx, { connection: id, enabled }) {
        await mustBeFresh(tx)
        await setEnabled(tx, id, enabled)
        return {}
      },
    }),
    replaceClientSecret: operation({
      action: 'identity.replace-client-secret',
      says: 'Sets another client secret of an OpenID connection',
      input: connection.extend({ clientSecret: secret }),
      output: z.object({}),
      secret: true,
      entry: ({ connection: id }) => ({ connection: id }),
      async run(tx, { connection: id, clientSecret }) {
        await mustBeFresh(tx)
        await replaceSecret(tx, key, { id, secret: clientSecret })
        return {}
      },
    }),
    replaceMetadata: operation({
      action: 'identity.replace-metadata',
      says: 'Reads newer metadata of the same SAML provider: its certificates change',
      input: connection.extend({ metadata }),
      output: z.object({}),
      secret: true,
      entry: ({ connection: id }) => ({ connection: id }),
      async run(tx, { connection: id, metadata: xml }) {
        await mustBeFresh(tx)
        await replaceProvider(tx, id, readMetadata(xml, isNear))
        return {}
      },
    }),
    removeConnection: operation({
      action: 'identity.remove-connection',
      says: 'Removes a connection: the sessions that it began end, and nobody is known by it any more',
      input: connection,
      output: z.object({}),
      entry: ({ connection: id }) => ({ connection: id }),
      async run(tx, { connection: id }) {
        await mustBeFresh(tx)
        await removeConnection(tx, id)
        return {}
      },
    }),
    trials: operation({
      action: 'identity.list-trials',
      says: 'What a provider sent when its connection was tried, and each check with its reason',
      input: connection,
      output: z.object({
        trials: z.array(
          z.object({
            id: z.string(),
            at: z.number(),
            passed: z.boolean(),
            sent: z.record(z.string(), z.unknown()),
            checks: z.array(
              z.object({ check: z.enum(checkNames), passed: z.boolean(), why: z.string() }),
            ),
          }),
        ),
      }),
      async run(tx, { connection: id }) {
        await needConnection(tx, id)
        return { trials: await listTrials(tx, id) }
      },
    }),
  }
}

/** Google signs anybody in, under an address of any domain. */
function isGoogle(issuer: string): boolean {
  return new URL(issuer).href === 'https://accounts.google.com/'
}

/** As the provider writes it: it is compared as it stands. */
function spellIssuer(issuer: string, isNear: boolean): string {
  const url = URL.parse(issuer)
  const isSecure = url?.protocol === 'https:' || (isNear && url?.protocol === 'http:')
  if (url && isSecure && url.search === '' && url.hash === '' && url.username === '') return issuer
  throw new Failure('bad-input', '/issuer: write it like https://accounts.example.com', {
    fix: 'take it from the provider’s .well-known/openid-configuration',
  })
}
