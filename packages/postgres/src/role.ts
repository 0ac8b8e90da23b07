import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg'
import { PostgresFailure } from './failure.ts'
import { scramVerifier } from './password.ts'

export interface Role {
  name: string
  /** Printable ASCII. Without one the role owns things and cannot log in. */
  password?: string
}

/** All that a role could do beyond what is granted to it. */
const harmless = 'nosuperuser nobypassrls nocreaterole nocreatedb noreplication'

/**
 * Makes a role without any power of its own, or takes every such power from the one that is there, and
 * sets its password. What it may do is granted by whoever owns the things.
 *
 * @throws PostgresFailure `role-protected` for the role that asks: it would disarm itself
 */
export async function ensureRole(client: ClientBase, { name, password }: Role): Promise<void> {
  checkName('role', name)
  const login =
    password === undefined
      ? 'nologin password null'
      : `login password ${escapeLiteral(scramVerifier(password))}`
  await protectSelf(client, name)
  await alone(client, `role ${name}`, async () => {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name])
    const verb = rowCount === 0 ? 'create' : 'alter'
    await client.query(`${verb} role ${escapeIdentifier(name)} with ${harmless} ${login}`)
  })
}

async function protectSelf(client: ClientBase, name: string): Promise<void> {
  const { rowCount } = await client.query(
    'select where $1 in (current_user, session_user) or $1 = (select rolname from pg_roles where oid = 10)',
    [name],
  )
  if (rowCount === 0) return
  throw new PostgresFailure(
    'role-protected',
    `role ${name}`,
    'it is the superuser, or the role that asks, and would lose its power',
    'choose another name',
  )
}

/** PostgreSQL would cut a longer name without a word (NAMEDATALEN). */
export function checkName(kind: 'role' | 'database', name: string): void {
  if (name !== '' && Buffer.byteLength(name) <= 63 && !name.includes('\0')) return
  throw new PostgresFailure(
    'bad-option',
    `${kind} "${name.slice(0, 80)}"`,
    'its name is empty, longer than 63 bytes, or holds a zero byte',
    'choose another name',
  )
}

/** One at a time in the whole cluster of those who make the same thing; two at once would fail. */
export async function alone<T>(
  client: ClientBase,
  thing: string,
  work: () => Promise<T>,
): Promise<T> {
  const name = [`@kept/postgres ${thing}`]
  const unlock = async () => {
    await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', name)
  }
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', name)
  try {
    const made = await work()
    await unlock()
    return made
  } catch (error) {
    // In a failed transaction or on a dead connection this fails too, and only the cause counts.
    await unlock().catch(() => {})
    throw error
  }
}
