/** Test support: work in one tenant, and what is done in it later. */
import type pg from 'pg'
import { all, type Row } from './operation.ts'
import { toCsv } from './tables.ts'

export type Scoped = typeof scoped
export type Job = (tx: pg.ClientBase, back: pg.Pool, job: Row) => Promise<void>

/** Work in a transaction that sees one tenant. */
export async function scoped<T>(
  pool: pg.Pool,
  tenant: string,
  work: (tx: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query(`select set_config('app.tenant_id', $1, true)`, [tenant])
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

export const jobs: Record<string, Job> = {
  async export(tx, back, { tenant_id: tenant, object }) {
    const [asked] = await all(tx, 'select kind from exports where id = $1', [object])
    // Deleted before its turn came.
    if (asked === undefined) return
    const rows = await all(tx, exportsOf[String(asked['kind'])]!)
    await store(tx, back, object, `${String(tenant)}/${String(object)}.csv`, rows)
  },
  async digest(tx, _, { object }) {
    const rows = await all(tx, `select title from invoices where state = 'sent' order by number`)
    const text = `To be paid: ${rows.map(({ title }) => String(title)).join(', ')}`
    await tx.query('update digests set text = $2 where id = $1', [object, text])
  },
}

export const exportsOf: Record<string, string> = {
  invoices: 'select number, title, state from invoices order by number',
  customers: 'select name, reference, status from customers order by name, id',
}

export async function store(
  tx: pg.ClientBase,
  back: pg.Pool,
  object: unknown,
  key: string,
  rows: Row[],
): Promise<void> {
  await back.query(
    `insert into bucket (key, content) values ($1, $2)
     on conflict (key) do update set content = excluded.content`,
    [key, toCsv(rows)],
  )
  await tx.query('update exports set file = $2 where id = $1', [object, key])
}

export interface Pools {
  app: pg.Pool
  back: pg.Pool
}

export interface Worker {
  /** Does what is queued; resolves when nothing is left. */
  wake: () => Promise<void>
  idle: () => Promise<void>
}

/** One job after the other, each in its own tenant. */
export function openWorker({ app, back }: Pools, scope: Scoped, jobs: Record<string, Job>): Worker {
  let work = Promise.resolve()
  const drain = async () => {
    const claim = 'delete from jobs where id = (select min(id) from jobs) returning *'
    for (let [job] = await all(back, claim); job; [job] = await all(back, claim)) {
      const claimed = job
      const run = jobs[String(job['kind'])]!
      await scope(app, String(job['tenant_id']), (tx) => run(tx, back, claimed))
    }
  }
  return { wake: () => (work = work.then(drain)), idle: () => work }
}
