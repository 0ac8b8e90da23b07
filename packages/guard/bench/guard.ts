import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readPolicies } from '@kept/policy'
import { ensureRole, startCluster } from '@kept/postgres'
import pg from 'pg'
import { median, type Benchmark, type Row } from '../../../scripts/measure.ts'
import {
  addKey,
  openGuard,
  outboxSql,
  rowCondition,
  schemaSql,
  trustedPrincipal,
  type Scope,
} from '../src/index.ts'

const tenants = 1000
const rowsOfEach = 1000
const roles = { raw: 'bench_raw', plain: 'bench_plain', sealed: 'bench_sealed' }
const password = 'only-for-benchmarks'
const key = { id: 'bench', secret: Buffer.alloc(32, 1) }

/** What scoped reads cost over the same query with its tenant in it: a list of 50 rows and one row. */
const benchGuard: Benchmark = async (say) => {
  const release = shareProcessor(say)
  const directory = mkdtempSync(join(tmpdir(), 'kept-bench-'))
  const cluster = await startCluster({ directory })
  try {
    say(`${tenants * rowsOfEach} rows of ${tenants} tenants`)
    const socket = await cluster.asSuperuser(async (client) => {
      await prepare(client)
      return { host: client.host, port: client.port }
    })
    say('over a Unix socket')
    const near = await measure(socket, { rounds: 60, block: 50 })
    say('with 2.5 ms of network')
    const path = `${socket.host}/.s.PGSQL.${socket.port}`
    const proxy = spawn(process.execPath, [join(import.meta.dirname, 'delay.ts'), path, '1.25'])
    const [port] = (await once(proxy.stdout, 'data')) as [Buffer]
    const place = { host: '127.0.0.1', port: Number(port.toString()) }
    const far = await measure(place, { rounds: 12, block: 8 })
    proxy.kill()
    return [...rowsOf('unix socket', near), ...rowsOf('2.5 ms', far)]
  } finally {
    await cluster.stop()
    rmSync(directory, { recursive: true, force: true })
    release()
  }
}
export default benchGuard

/**
 * Client and server on one processor. Where the system puts each backend else decides over more than what is
 * measured: the same raw query takes 140 us beside its client and 220 apart.
 */
function shareProcessor(say: (progress: string) => void): () => void {
  const before = /: ([\d,-]+)$/m.exec(taskset().stdout ?? '')?.[1]
  if (before === undefined) {
    say('client and server wherever the system puts them: there is no taskset')
    return () => {}
  }
  const [first = ''] = before.split(/[,-]/)
  taskset(first)
  say(`client and server on processor ${first}`)
  return () => void taskset(before)
}

/** Of util-linux: where all threads of this process run, and what it starts. */
function taskset(...words: string[]) {
  return spawnSync('taskset', ['-a', '-c', '-p', ...words, String(process.pid)], {
    encoding: 'utf8',
  })
}

/** One table for all: its owner is bound by no policy, and each of the others by its own. */
async function prepare(client: pg.Client): Promise<void> {
  for (const name of Object.values(roles)) await ensureRole(client, { name, password })
  await client.query(schemaSql({ mode: 'sealed', appRole: roles.sealed }))
  await client.query(addKey(key))
  await client.query(outboxSql({ mode: 'plain', appRole: roles.plain }))
  const gate = (mode: 'plain' | 'sealed') => `create policy ${mode} on document to ${roles[mode]}
    using (${rowCondition({ mode, column: 'tenant_id', type: 'uuid' })})`
  await client.query(`
    create table document (tenant_id uuid, id bigint, title text, body text);
    insert into document select ('00000000-0000-4000-8000-' || lpad(t::text, 12, '0'))::uuid, i, 'title ' || i,
      repeat(md5(i::text), 4) from generate_series(0, ${tenants - 1}) t, generate_series(1, ${rowsOfEach}) i;
    alter table document add primary key (tenant_id, id);
    alter table document owner to ${roles.raw};
    alter table document enable row level security;
    ${gate('plain')}; ${gate('sealed')};
    grant select on document to ${roles.plain}, ${roles.sealed};`)
  await client.query('vacuum analyze document')
}

interface Place {
  host: string
  port: number
}

type Shape = 'list' | 'point'
const texts: Record<Shape, (own: string) => string> = {
  list: (own) =>
    `select id, title, body from document ${own && `where ${own}`} order by id limit 50`,
  point: (own) => `select id, title, body from document where id = $1 ${own && `and ${own}`}`,
}

/** As an app has them: ten actions, of which everybody of a tenant may read. */
const policies = readPolicies({
  schema: `entity Tenant; entity Role; entity User in [Tenant, Role];
    action ${Array.from({ length: 10 }, (_, i) => `act${i}`).join(', ')} appliesTo { principal: User, resource: Tenant };`,
  policies: Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [
      `p${i}`,
      `permit (principal is User, action == Action::"act${i}", resource is Tenant) when { principal in resource };`,
    ]),
  ),
})

type Run = (i: number) => Promise<pg.QueryResult>

/** Seconds: the median of each block of runs, by the name of the variant. */
type Samples = Map<string, number[]>

/** All variants take turns, in another order each round: what slows the machine slows all. */
async function measure(
  place: Place,
  { rounds, block }: { rounds: number; block: number },
): Promise<Samples> {
  const { variants, end } = openVariants(place)
  const samples: Samples = new Map()
  try {
    for (let round = -3; round < rounds; round++) {
      for (const [name, run] of rotate(variants, round + 3)) {
        const time = await timeBlock(name, run, (round + 3) * block, block)
        if (round >= 0) samples.set(name, [...(samples.get(name) ?? []), time])
      }
    }
  } finally {
    await end()
  }
  return samples
}

/** The median, without the first, which find the caches of another variant. */
async function timeBlock(name: string, run: Run, from: number, block: number): Promise<number> {
  const times: number[] = []
  for (let i = from; i < from + block; i++) {
    const start = performance.now()
    const { rowCount } = await run(i)
    times.push((performance.now() - start) / 1000)
    if (rowCount !== (name.startsWith('list') ? 50 : 1))
      throw new Error(`${name}: ${rowCount} rows`)
  }
  return median(times.slice(3))
}

function rotate<T>(all: readonly T[], by: number): T[] {
  const at = (by * 7) % all.length
  return [...all.slice(at), ...all.slice(0, at)]
}

const scoped = (shape: Shape, i: number) => ({
  name: shape,
  text: texts[shape](''),
  values: shape === 'point' ? [id(i)] : [],
})

const id = (i: number) => 1 + ((i * 31) % rowsOfEach)

function openVariants(place: Place): { variants: [string, Run][]; end: () => Promise<unknown> } {
  const open = (user: string) => new pg.Pool({ ...place, user, password, database: 'postgres' })
  const pools = { raw: open(roles.raw), plain: open(roles.plain), sealed: open(roles.sealed) }
  const guards = {
    plain: openGuard({ pool: pools.plain, scope: { mode: 'plain' } }),
    walk: openGuard({ pool: pools.plain, scope: { mode: 'plain' }, policies, records: true }),
    sealed: openGuard({ pool: pools.sealed, scope: { mode: 'sealed', key } }),
  }
  const tenant = (i: number) =>
    `00000000-0000-4000-8000-${String((i * 7919) % tenants).padStart(12, '0')}`
  const principals = Array.from({ length: tenants }, (_, i) =>
    trustedPrincipal({ tenant: tenant(i), type: 'User', id: 'bench' }),
  )
  const raw = (shape: Shape): Run => {
    const [text, values] =
      shape === 'point'
        ? [texts.point('tenant_id = $2'), (i: number) => [id(i), tenant(i)]]
        : [texts.list('tenant_id = $1'), (i: number) => [tenant(i)]]
    return (i) => pools.raw.query({ name: shape, text, values: values(i) })
  }
  const guarded =
    (mode: 'plain' | 'sealed', shape: Shape, readOnly: boolean): Run =>
    (i) =>
      guards[mode].tenant(principals[i % tenants]!, (scope) => scope.query(scoped(shape, i)), {
        readOnly,
      })
  /** Walk 1 of a tenant's own read: decision, scope, query, and its count; `decides` false leaves the first out. */
  const walk =
    (shape: Shape, decides: boolean): Run =>
    (i) => {
      const principal = principals[i % tenants]!
      const asked = { action: 'act3', readOnly: true }
      const work = (scope: Scope) => scope.query(scoped(shape, i))
      if (decides) return guards.walk.tenant(principal, work, asked)
      return allowed[i % tenants]!.tenant(work)
    }
  const allowed = principals.map((principal) =>
    guards.walk.allow(principal, { action: 'act3', readOnly: true }),
  )
  /** What `pg` does without help: a transaction, its setting, the query and the end. */
  const four =
    (shape: Shape): Run =>
    async (i) => {
      const client = await pools.plain.connect()
      await client.query('begin')
      await client.query({
        name: 'set',
        text: `select set_config('app.tenant_id', $1, true)`,
        values: [tenant(i)],
      })
      const result = await client.query(scoped(shape, i))
      await client.query('commit')
      client.release()
      return result
    }
  const variants = (['list', 'point'] as const).flatMap((shape): [string, Run][] => [
    [`${shape} raw`, raw(shape)],
    [`${shape} plain`, guarded('plain', shape, true)],
    [`${shape} sealed`, guarded('sealed', shape, true)],
    [`${shape} plain, committed`, guarded('plain', shape, false)],
    [`${shape} sealed, committed`, guarded('sealed', shape, false)],
    [`${shape} walk 1, plain`, walk(shape, true)],
    [`${shape} walk 1, plain, decided before`, walk(shape, false)],
    [`${shape} in four round trips`, four(shape)],
  ])
  const end = async () => {
    for (const guard of Object.values(guards)) await guard.close()
    for (const pool of Object.values(pools)) await pool.end()
  }
  return { variants, end }
}

const targets: Record<string, Row['target']> = {
  'list plain': '<= 1.1',
  'list sealed': '<= 1.5',
  'point plain': '<= 1.25',
  'point sealed': '<= 1.5',
}

function rowsOf(where: string, samples: Samples): Row[] {
  return [...samples].map(([name, times]) => {
    const base = samples.get(name.replace(/ .*/, ' raw'))!
    if (times === base)
      return { name: `${name}, ${where}`, value: median(times) * 1e6, unit: 'us', target: null }
    const ratio = median(times.map((time, i) => time / base[i]!))
    return { name: `${name}, ${where}`, value: ratio, unit: 'x raw', target: targets[name] ?? null }
  })
}
