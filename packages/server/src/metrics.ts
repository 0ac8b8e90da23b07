import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  registry: Registry
  requests: Histogram<'route' | 'status'>
  cached: Counter
  jobs: Counter<'job' | 'outcome'>
  waiting: Gauge
  draining: Gauge
}

/** `readWaiting` is asked when somebody reads the figures. */
export function openMetrics(readWaiting: () => Promise<number>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    requests: new Histogram({
      name: 'kept_http_request_seconds',
      help: 'Time to answer, by route and status',
      labelNames: ['route', 'status'],
      buckets: [0.002, 0.01, 0.05, 0.2, 1, 5],
      registers,
    }),
    cached: new Counter({
      name: 'kept_http_cached_total',
      help: 'Requests answered from memory, which are in no other count',
      registers,
    }),
    jobs: new Counter({
      name: 'kept_jobs_total',
      help: 'Jobs run, by outcome',
      labelNames: ['job', 'outcome'],
      registers,
    }),
    waiting: new Gauge({
      name: 'kept_ledger_waiting_seconds',
      help: 'For how long the oldest entry has waited for its place in the ledger',
      registers,
      async collect() {
        this.set(await readWaiting().catch(() => Number.NaN))
      },
    }),
    draining: new Gauge({ name: 'kept_draining', help: '1 while going down', registers }),
  }
}

/**
 * Shows the figures of the inside on a port of their own, to this machine alone: on the public port a
 * proxy on the same machine looks like the machine itself.
 */
export async function serveMetrics({ registry }: Metrics, port: number) {
  const show = async (response: ServerResponse) => {
    const text = await registry.metrics()
    response.writeHead(200, { 'content-type': registry.contentType }).end(text)
  }
  const server = createServer((request, response) => {
    if (request.url === '/metrics') void show(response)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
