import { generateKeyPairSync } from 'node:crypto'
import { systemTime } from '../src/foundation/time.ts'
import { openLog } from '../src/log.ts'
import type { KeptSettings } from '../src/server.ts'

function makeKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return String(privateKey.export({ format: 'pem', type: 'pkcs8' }))
}

/** A whole Kept on loopback, in silence and without a worker, as tests and benchmarks start it. */
export function aloneOn(database: KeptSettings['database']): KeptSettings {
  return {
    origin: 'https://kept.test',
    database,
    listen: { host: '127.0.0.1', port: 0 },
    metricsPort: null,
    work: false,
    tls: null,
    proxies: [],
    ledgerKey: makeKey(),
    bundleKey: makeKey(),
    identityKey: makeKey(),
    witnesses: [],
    outside: { reach: 'loopback', authorities: [], secret: () => null, mail: null },
    time: systemTime,
    log: openLog('silent'),
    pace: 100,
    drainSeconds: 0,
  }
}
