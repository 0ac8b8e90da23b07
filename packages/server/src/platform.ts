import { access } from './capabilities/access/index.ts'
import type { BundleKey } from './capabilities/access/bundle.ts'
import { claims } from './capabilities/claims/index.ts'
import { authenticate as bySignature } from './capabilities/claims/signatures.ts'
import { clocks } from './capabilities/clocks/index.ts'
import { append } from './capabilities/ledger/append.ts'
import { ledger } from './capabilities/ledger/index.ts'
import { authenticate as bySession } from './capabilities/identity/authenticate.ts'
import { identity } from './capabilities/identity/index.ts'
import type { LogIdentity } from './capabilities/ledger/sequence.ts'
import type { Witness } from './capabilities/ledger/witness.ts'
import { isolation } from './capabilities/isolation/index.ts'
import { publishing } from './capabilities/publishing/index.ts'
import { registers } from './capabilities/registers/index.ts'
import { tenancy } from './capabilities/tenancy/index.ts'
import { transport } from './capabilities/transport/index.ts'
import { openAuthorization, type Authorization } from './authorization.ts'
import type { Capability, Collector } from './foundation/capability.ts'
import type { Route } from './foundation/operation.ts'
import type { Outside } from './foundation/outside.ts'
import { nobody, type Ports } from './gate.ts'

export interface PlatformSettings {
  log: LogIdentity
  witnesses: readonly Witness[]
  /** Signs what apps go on by when this Kept is down. */
  bundles: BundleKey
  /** 32 bytes that seal what people prove themselves by. */
  identityKey: Uint8Array
  /** Where readers find this Kept: `https://security.example.com`. */
  origin: string
  /** Whether a mail server is connected. */
  mails: boolean
  /** What identity asks providers and DNS by; nothing is asked when absent. */
  outside?: Outside
  /** Other collectors than those of the capabilities: for tests. */
  collectors?: readonly Collector[]
  /** Capabilities below those of the house: for tests. */
  below?: readonly Capability[]
}

const nowhere: Outside = { reach: 'loopback', authorities: [], secret: () => null, mail: null }

export interface Platform {
  capabilities: Capability[]
  authorization: Authorization
  ports: Ports
}

/**
 * The house, in order: a capability imports only those above it. What one needs of those below is
 * handed in here, as are the ports by which the gate knows callers, policies and the ledger.
 */
export function compose(settings: PlatformSettings): Platform {
  const capabilities: Capability[] = [
    ledger(settings.log, settings.witnesses),
    clocks(() =>
      Object.fromEntries(
        capabilities.flatMap(({ name, onAlarm }) => (onAlarm ? [[name, onAlarm]] : [])),
      ),
    ),
    claims(
      () => settings.collectors ?? capabilities.flatMap(({ collectors }) => collectors ?? []),
      settings.log,
    ),
    registers,
    tenancy,
    identity({
      origin: settings.origin,
      key: settings.identityKey,
      outside: settings.outside ?? nowhere,
      staffRoutes,
    }),
    access({ bundles: settings.bundles }),
    isolation,
    transport,
    publishing({ origin: settings.origin, log: settings.log, mails: settings.mails }),
    ...(settings.below ?? []),
  ]
  const authorization = openAuthorization(capabilities)
  function staffRoutes(): Route[] {
    return capabilities
      .flatMap(({ routes }) => routes ?? [])
      .filter(({ operation }) => {
        const admitted = authorization.admitted(operation)
        return admitted.includes('person') && !admitted.includes('entrant')
      })
  }
  return {
    capabilities,
    authorization,
    ports: {
      async authenticate(tx, credentials) {
        if (credentials.headers['signature'] !== undefined) return bySignature(tx, credentials)
        return (await bySession(tx, credentials, settings.origin)) ?? nobody
      },
      authorize: authorization.authorize,
      record: async (tx, action, entry) => void (await append(tx, action, entry)),
    },
  }
}
