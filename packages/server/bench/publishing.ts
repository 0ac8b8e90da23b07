import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { median, type Benchmark } from '../../../scripts/measure.ts'
import { noMail } from '../src/config.ts'
import { systemTime } from '../src/foundation/time.ts'
import { openLog } from '../src/log.ts'
import { startKept, type Kept } from '../src/server.ts'
import { withDatabase } from './database.ts'

const runs = 5
const seconds = 5
const connections = 50
const autocannon = createRequire(import.meta.url).resolve('autocannon')
const example = join(import.meta.dirname, '..', '..', '..', 'examples', 'clear')

/**
 * Requests for the public page in a second of this process's CPU, over connections that stay open and
 * with gzip accepted. This process serves and does nothing else; the load comes from another. The
 * page is made anew each second, which counts too.
 */
const benchPublishing: Benchmark = (say) =>
  withDatabase(async (urls) => {
    const kept = await serve(urls)
    try {
      const rates: number[] = []
      let bytes = 0
      for (let run = 0; run <= runs; run++) {
        say(`run ${run} of ${runs}`)
        const before = process.cpuUsage()
        const load = await runLoad(kept.address!)
        const { user, system } = process.cpuUsage(before)
        if (run > 0) rates.push(load.requests / ((user + system) / 1e6))
        bytes = load.bytes / load.requests
      }
      return [
        { name: 'public page', value: median(rates), unit: 'requests/CPU-s', target: '>= 15000' },
        { name: '  an answer', value: bytes / 1024, unit: 'KiB', target: null },
      ]
    } finally {
      await kept.stop()
    }
  })
export default benchPublishing

async function serve(database: { server: string; worker: string }): Promise<Kept> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const kept = await startKept({
    origin: 'http://localhost',
    database,
    listen: { host: '127.0.0.1', port: 0 },
    work: false,
    tls: null,
    proxies: [],
    ledgerKey: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    witnesses: [],
    outside: { reach: 'loopback', authorities: [], secret: () => null, mail: noMail },
    time: systemTime,
    log: openLog('silent'),
    pace: 1000,
    drainSeconds: 0,
  })
  const { operation } = kept.capabilities
    .flatMap(({ routes = [] }) => routes)
    .find(({ operation }) => operation.action === 'claims.apply')!
  await kept.gate.enter({
    caller: { actor: { kind: 'operator', id: 'bench' } },
    operation,
    input: {
      page: readFileSync(join(example, 'security.md'), 'utf8'),
      systems: readFileSync(join(example, 'systems.yaml'), 'utf8'),
    },
  })
  return kept
}

async function runLoad(address: string): Promise<{ requests: number; bytes: number }> {
  const words = ['-c', String(connections), '-d', String(seconds), '-j', '-n']
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [autocannon, ...words, '-H', 'accept-encoding=gzip', `${address}/`],
    { maxBuffer: 2 ** 24 },
  )
  const result = JSON.parse(stdout) as Result
  const { '2xx': good, non2xx, errors, timeouts } = result
  if (good === 0 || non2xx + errors + timeouts > 0)
    throw new Error(
      `not every request was answered: ${JSON.stringify({ good, non2xx, errors, timeouts })}`,
    )
  return { requests: good, bytes: result.throughput.total }
}

/** What autocannon says, as far as it is read here. */
interface Result {
  '2xx': number
  non2xx: number
  errors: number
  timeouts: number
  throughput: { total: number }
}
