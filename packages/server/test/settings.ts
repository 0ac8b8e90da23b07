import { generateKeyPairSync } from 'node:crypto'
import { systemTime } from '../src/foundation/time.ts'
import { openLog } from '../src/log.ts'
import type { KeptSettings } from '../src/server.ts'

/** A whole Kept on loopback, in silence and without a worker, as tests and benchmarks start it. */
export function aloneOn(database: KeptSettings['database']): KeptSettings {
  const makeKey = () =>
    String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }))
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
    witnesses: [],
    outside: { reach: 'loopback', authorities: [], secret: () => null, mail: null },
    time: systemTime,
    log: openLog('silent'),
    pace: 100,
    drainSeconds: 0,
  }
}
