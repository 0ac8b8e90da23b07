import { DatabaseError, escapeIdentifier, escapeLiteral, type ClientBase } from 'pg'
import { PostgresFailure } from './failure.ts'
import { alone, checkName } from './role.ts'

export interface Database {
  name: string
  owner: string
  /** Who may connect besides the owner and superusers: these roles and nobody else. */
  mayConnect?: readonly string[]
}

/**
 * Makes a database or puts right its owner and who may connect. PUBLIC may neither connect nor make
 * temporary tables, with which one pooled session can shadow the tables of the next.
 */
export async function ensureDatabase(
  client: ClientBase,
  { name, owner, mayConnect = [] }: Database,
): Promise<void> {
  checkName('database', name)
  await closeOthers(client)
  const [database, holder] = [escapeIdentifier(name), escapeIdentifier(owner)]
  await alone(client, `database ${name}`, async () => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount === 0) await client.query(`create database ${database} template template0`)
    await client.query(`alter database ${database} owner to ${holder}`)
    for (const role of ['public', ...(await strangers(client, name))]) {
      await client.query(`revoke all on database ${database} from ${role} cascade`)
    }
    for (const role of mayConnect) {
      await client.query(`grant connect on database ${database} to ${escapeIdentifier(role)}`)
    }
  })
}

/** A role of one database needs no other, and these two let everybody in. */
async function closeOthers(client: ClientBase): Promise<void> {
  await alone(client, 'database postgres', async () => {
    const { rows } = await client.query<{ name: string }>(
      `select quote_ident(datname) as name from pg_database
       where datname in ('postgres', 'template1') and (datacl is null
         or exists (select from aclexplode(datacl) where grantee = 0))`,
    )
    for (const { name } of rows) await client.query(`revoke all on database ${name} from public`)
  })
}

/** Who holds rights on a database without owning it, quoted. */
async function strangers(client: ClientBase, name: string): Promise<string[]> {
  const { rows } = await client.query<{ role: string }>(
    `select distinct quote_ident(rolname) as role
     from pg_database, aclexplode(datacl) as held join pg_roles on pg_roles.oid = held.grantee
     where datname = $1 and grantee <> datdba`,
    [name],
  )
  return rows.map(({ role }) => role)
}

export interface Clone {
  name: string
  template: string
  owner?: string
}

/**
 * Copies a database with all it holds; rights to connect are not copied. For tests: a copy through the
 * WAL needs no checkpoint, which makes it the quicker of PostgreSQL's two ways for small databases.
 *
 * @throws PostgresFailure `template-in-use` when somebody is connected to the template
 */
export async function cloneDatabase(
  client: ClientBase,
  { name, template, owner }: Clone,
): Promise<void> {
  checkName('database', name)
  const belonging = owner === undefined ? '' : `owner ${escapeIdentifier(owner)}`
  try {
    await client.query(
      `create database ${escapeIdentifier(name)} template ${escapeIdentifier(template)} strategy wal_log ${belonging}`,
    )
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== '55006') throw error
    throw new PostgresFailure(
      'template-in-use',
      `database ${template}`,
      'somebody is connected to it, and PostgreSQL copies no database in use',
      'close every connection to the template first',
    )
  }
}

/** Removes a database, and whoever is connected to it from it. One that is not there is fine. */
export async function dropDatabase(client: ClientBase, name: string): Promise<void> {
  await client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`)
}

/** Marks a database as a template, or finds the mark: the last step of making it, so a sign of wholeness. */
export async function sealTemplate(client: ClientBase, name: string): Promise<void> {
  await client.query(
    `alter database ${escapeIdentifier(name)} with is_template true allow_connections false`,
  )
}

export async function isSealed(client: ClientBase, name: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_database where datname = ${escapeLiteral(name)} and datistemplate`,
  )
  return rowCount === 1
}
