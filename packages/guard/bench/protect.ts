import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, time, type Benchmark } from '../../../scripts/measure.ts'
import { startCluster } from '../../postgres/src/index.ts'
import { noPlan, protect, reading, withDatabase } from '../src/protect/index.ts'

const tables = 500
const runs = 5

/** How long `kept protect` takes to plan an app of 500 tables: the catalog read, and every row counted. */
const benchProtect: Benchmark = async (say) => {
  const directory = mkdtempSync(join(tmpdir(), 'kept-bench-'))
  try {
    say(`${tables} tables`)
    const cluster = await startCluster({ directory })
    try {
      await cluster.asSuperuser((client) => client.query(largeSchema()))
      const url = cluster.superuserUrl()
      const samples: number[] = []
      for (let i = 0; i < runs; i++) samples.push(await time(() => plan(url)))
      return [{ name: `plan ${tables} tables`, value: median(samples), unit: 's', target: '<= 5' }]
    } finally {
      await cluster.stop()
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
export default benchProtect

async function plan(url: string): Promise<void> {
  await withDatabase(url, { writes: false }, async (client) => {
    const { steps } = await reading(client, () => protect(client, { ...noPlan, appRoles: ['app'] }))
    if (steps.length < tables) throw new Error('the plan is not whole')
  })
}

/** A tenth has a column of its own for the tenant, the rest leads there in up to nine steps. */
export function largeSchema(): string {
  const made = ['create table tenants (id uuid primary key, name text)']
  for (let i = 1; i < tables; i++) {
    const parent = i % 10 === 1 ? null : i - 1
    const whose =
      parent === null
        ? 'tenant_id uuid not null references tenants'
        : `parent_id bigint not null references table_${parent}, other_id bigint references table_${Math.max(parent - 7, 1)}`
    made.push(`create table table_${i} (id bigint generated always as identity primary key, ${whose},
      name text, number int, at timestamptz, kind text, amount bigint, data jsonb, note text)`)
    made.push(`create index on table_${i} (name)`)
  }
  return made.join(';\n')
}
