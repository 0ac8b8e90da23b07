import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Logger, runMigrations } from 'graphile-worker'
import type { Pool, PoolClient } from 'pg'
import type { Capability } from './capability.ts'
import { Failure } from './failure.ts'

/** The roles of one Kept's database: who owns it, who serves, who carries work. */
export interface Roles {
  owner: string
  server: string
  worker: string
}

interface Step {
  name: string
  sql: string
  digest: string
}

/**
 * Brings the database to the newest form: each capability's SQL files in order, each once, all in one
 * transaction, under a lock so that two starters take turns. A file that was changed after it ran is
 * an error: forms only grow by new files. Returns how many files ran.
 */
export async function migrate(
  owner: Pool,
  roles: Roles,
  capabilities: readonly Pick<Capability, 'name' | 'migrations'>[],
): Promise<number> {
  const steps = [
    ...readSteps('foundation', join(import.meta.dirname, 'migrations')),
    ...capabilities.flatMap(({ name, migrations }) =>
      migrations === undefined ? [] : readSteps(name, migrations),
    ),
  ]
  const client = await owner.connect()
  try {
    await client.query('select pg_advisory_lock(7102601)')
    await runMigrations({ pgPool: owner, logger: new Logger(() => () => {}) })
    return await runSteps(client, roles, steps)
  } finally {
    await client.query('select pg_advisory_unlock_all()').catch(() => {})
    client.release()
  }
}

async function runSteps(client: PoolClient, roles: Roles, steps: readonly Step[]): Promise<number> {
  await client.query('begin')
  try {
    await client.query('create schema if not exists kept')
    await client.query(
      'create table if not exists kept.migrations (name text primary key, digest text not null, at timestamptz not null default now())',
    )
    const fresh = await pending(client, steps)
    for (const { name, sql, digest } of fresh) {
      await client.query(withRoles(sql, roles))
      await client.query('insert into kept.migrations (name, digest) values ($1, $2)', [
        name,
        digest,
      ])
    }
    await client.query('commit')
    return fresh.length
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

function readSteps(capability: string, folder: string): Step[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'))
  return files.sort().map((file) => {
    const sql = readFileSync(join(folder, file), 'utf8')
    const digest = createHash('sha256').update(sql).digest('hex')
    return { name: `${capability}/${file}`, sql, digest }
  })
}

async function pending(client: PoolClient, steps: readonly Step[]): Promise<Step[]> {
  const { rows } = await client.query<{ name: string; digest: string }>(
    'select name, digest from kept.migrations',
  )
  const done = new Map(rows.map((row) => [row.name, row.digest]))
  const known = new Set(steps.map((step) => step.name))
  const newer = rows.find((row) => !known.has(row.name))
  if (newer) {
    const fix = 'run a Kept at least as new as the one that last used this database'
    throw new Failure('conflict', `the database has ${newer.name}, which this Kept lacks`, { fix })
  }
  const changed = steps.find(({ name, digest }) => done.has(name) && done.get(name) !== digest)
  if (changed) {
    const fix = 'restore the file, and say what is new in a new one'
    throw new Failure('conflict', `${changed.name} was changed after it ran`, { fix })
  }
  return steps.filter(({ name }) => !done.has(name))
}

/** `:server` and the like stand for the names of the roles, which differ from one Kept to the next. */
function withRoles(sql: string, roles: Roles): string {
  return sql.replace(
    /(?<!:):(owner|server|worker)\b/g,
    (_, role: keyof Roles) => `"${roles[role].replaceAll('"', '""')}"`,
  )
}
