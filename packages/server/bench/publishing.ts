import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { median, type Benchmark } from '../../../scripts/measure.ts'
import { startKept, type Kept } from '../src/server.ts'
import { aloneOn } from '../test/settings.ts'
import { withDatabase } from './database.ts'

const runs = 5
const seconds = 5
const connections = 50
const autocannon = createRequire(import.meta.url).resolve('autocannon')
const example = join(import.meta.dirname, '..', '..', '..', 'examples', 'clear')

/**
 * Requests for the public page in a second of this process's CPU, over connections that stay open and
 * with gzip accepted. This process serves and does nothing else; the load comes from another. The
 * page is made anew each second, which counts too. Beside it, by turns, a server of node:http alone
 * that sends as many bytes: what the machine can do at all at that moment.
 */
const benchPublishing: Benchmark = (say) =>
  withDatabase(async (urls) => {
    const kept = await serve(urls)
    const bytes = (await ask(kept.address!)).length
    const bare = await serveBare(bytes)
    try {
      const rates: Record<'kept' | 'bare', number[]> = { kept: [], bare: [] }
      for (let run = 0; run <= runs; run++) {
        say(`run ${run} of ${runs}`)
        const kind = { kept: await measure(kept.address!), bare: await measure(bare.address) }
        // The first warms up and does not count.
        if (run > 0) for (const name of ['kept', 'bare'] as const) rates[name].push(kind[name])
      }
      const ratio = median(rates.kept.map((rate, i) => rate / rates.bare[i]!))
      return [
        {
          name: 'public page',
          value: median(rates.kept),
          unit: 'requests/CPU-s',
          target: '>= 15000',
        },
        {
          name: '  node:http alone',
          value: median(rates.bare),
          unit: 'requests/CPU-s',
          target: null,
        },
        { name: '  against it', value: ratio, unit: 'x', target: null },
        { name: '  an answer', value: bytes / 1024, unit: 'KiB', target: null },
      ]
    } finally {
      bare.server.close()
      await kept.stop()
    }
  })
export default benchPublishing

async function serve(database: { server: string; worker: string }): Promise<Kept> {
  const kept = await startKept({ ...aloneOn(database), origin: 'http://localhost' })
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

async function ask(address: string): Promise<Buffer> {
  const answer = await fetch(address, { headers: { 'accept-encoding': 'gzip' } })
  return gzipSync(Buffer.from(await answer.arrayBuffer()))
}

async function serveBare(bytes: number): Promise<{ address: string; server: Server }> {
  const body = Buffer.alloc(bytes, 'a')
  const head = { 'content-type': 'text/html; charset=utf-8', 'content-length': bytes }
  const server = createServer((_, response) => response.writeHead(200, head).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { address: `http://127.0.0.1:${(server.address() as { port: number }).port}`, server }
}

/** Requests answered in a second of this process's CPU. */
async function measure(address: string): Promise<number> {
  const before = process.cpuUsage()
  const requests = await runLoad(address)
  const { user, system } = process.cpuUsage(before)
  return requests / ((user + system) / 1e6)
}

async function runLoad(address: string): Promise<number> {
  const words = ['-c', String(connections), '-d', String(seconds), '-j', '-n']
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [autocannon, ...words, '-H', 'accept-encoding=gzip', `${address}/`],
    { maxBuffer: 2 ** 24 },
  )
  const { '2xx': good, non2xx, errors, timeouts } = JSON.parse(stdout) as Result
  if (good === 0 || non2xx + errors + timeouts > 0) {
    const counts = JSON.stringify({ good, non2xx, errors, timeouts })
    throw new Error(`not every request was answered: ${counts}`)
  }
  return good
}

/** What autocannon says, as far as it is read here. */
interface Result {
  '2xx': number
  non2xx: number
  errors: number
  timeouts: number
}
