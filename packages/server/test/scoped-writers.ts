/** Test support: an app that goes on writing rows of a tenant, wherever the tenant is at home. */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** Writes through scopes as the guard opens them, and keeps what was acknowledged. */
export class ScopedWriters {
  /** The rows that are there by what was acknowledged, each with its number. */
  readonly rows = new Map<string, number>()
  acknowledged = 0
  /** How long a scope waited to be opened at most, in milliseconds. */
  longestWait = 0
  private readonly pools: Readonly<Record<string, pg.Pool>>
  private readonly tenant: string
  private home: string
  private running: Promise<unknown> = Promise.resolve()
  private isOver = false

  constructor(urls: Readonly<Record<string, string>>, ca: string, tenant: string, home: string) {
    this.pools = Object.fromEntries(
      Object.entries(urls).map(([name, connectionString]) => [
        name,
        new pg.Pool({ connectionString, max: 4, ssl: { ca } }),
      ]),
    )
    this.tenant = tenant
    this.home = home
  }

  start(): void {
    this.running = Promise.all([1, 2, 3].map((writer) => this.write(writer)))
  }

  async stop(): Promise<void> {
    this.isOver = true
    await this.running
    await Promise.all(Object.values(this.pools).map((pool) => pool.end()))
  }

  private async write(writer: number): Promise<void> {
    const own: string[] = []
    for (let i = 0; !this.isOver; i++) {
      const id = `${writer}-${i}`
      await this.inScope(async (client) => {
        await client.query('insert into app.writes values ($1, $2)', [this.tenant, id])
      })
      this.rows.set(id, 0)
      own.push(id)
      const changed = own[(i * 7) % own.length]!
      await this.inScope(async (client) => {
        await client.query('update app.writes set n = n + 1 where id = $1', [changed])
      })
      this.rows.set(changed, this.rows.get(changed)! + 1)
      if (i % 5 === 0) {
        const [gone] = own.splice((i * 3) % own.length, 1)
        await this.inScope((client) => client.query('delete from app.writes where id = $1', [gone]))
        this.rows.delete(gone!)
      }
      await sleep(10)
    }
  }

  /** The lock first, and only then a look at whether the tenant moved. */
  private async inScope(work: (client: pg.PoolClient) => Promise<unknown>): Promise<void> {
    const began = performance.now()
    for (;;) {
      const client = await this.pools[this.home]!.connect()
      try {
        await client.query('begin')
        await client.query(
          `select set_config('app.tenant_id', $1, true),
             pg_advisory_xact_lock_shared(hashtextextended('kept.tenant:' || $1, 0))`,
          [this.tenant],
        )
        const { rows } = await client.query<{ destination: string }>(
          'select destination from kept.moved where tenant = $1',
          [this.tenant],
        )
        if (rows.length === 0) {
          this.longestWait = Math.max(this.longestWait, performance.now() - began)
          await work(client)
          await client.query('commit')
          this.acknowledged++
          return
        }
        await client.query('rollback')
        this.home = rows[0]!.destination
      } finally {
        client.release()
      }
      await sleep(5)
    }
  }
}
