import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  registry: Registry
  requests: Histogram<'route' | 'status'>
  cached: Counter
  jobs: Counter<'job' | 'outcome'>
  looks: Counter<'kind' | 'outcome'>
  draining: Gauge
}

export function openMetrics(): Metrics {
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
    looks: new Counter({
      name: 'kept_looks_total',
      help: 'Looks of collectors, by outcome',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    draining: new Gauge({ name: 'kept_draining', help: '1 while going down', registers }),
  }
}
