import { Client, DatabaseError } from 'pg'
import { GuardFailure } from '../failure.ts'
import { lockTimeout } from './sql.ts'

/**
 * Opens a database by its URL, works and closes. Row security is off, which does not go around it: what a
 * policy would hide is an error then and not a row that seems not to be there.
 *
 * @throws GuardFailure `cannot-connect`, without the password
 */
export async function withDatabase<T>(
  url: string,
  { writes }: { writes: boolean },
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = open(url, writes)
  // Without a listener a server that goes away between two queries would end this process.
  client.on('error', () => {})
  try {
    await client.connect()
    // Whatever the URL says of them.
    for (const [name, value] of settings(writes)) {
      await client.query('select set_config($1, $2, false)', [name, value])
    }
    // Triggers find what they name without a schema where the role finds it; ours are found first.
    await client.query(
      `select set_config('search_path', 'pg_catalog, ' || current_setting('search_path'), false)`,
    )
  } catch (error) {
    await client.end().catch(() => {})
    throw explain(error)
  }
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

const settings = (writes: boolean) => [
  ['default_transaction_read_only', writes ? 'off' : 'on'],
  ['row_security', 'off'],
  ['statement_timeout', '0'],
  ['lock_timeout', lockTimeout],
  ['client_min_messages', 'warning'],
]

function open(connectionString: string, writes: boolean): Client {
  try {
    return new Client({
      connectionString,
      application_name: 'kept protect',
      connectionTimeoutMillis: 15_000,
      // A pooler that would hand these on to others refuses them.
      options: settings(writes)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
    })
  } catch (error) {
    throw explain(error)
  }
}

function explain(error: unknown): GuardFailure {
  const { code, message } = error as { code?: string; message: string }
  const isRefused = error instanceof DatabaseError
  const reason = isRefused ? message : (code ?? message.split('\n')[0]!)
  const fix = message.includes('startup parameter')
    ? 'name the server itself, and no pooler in front of it'
    : isRefused
      ? 'see that this role may connect to this database'
      : 'see that the URL is postgres://role:password@host/database, and the server there'
  return new GuardFailure('cannot-connect', `the database cannot be opened (${reason})`, fix, error)
}

/** Reads in one view of the database, and leaves nothing behind. */
export async function reading<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin transaction isolation level repeatable read read only')
  // Then names are told with their schemas, so that an operator of another schema is not taken for `=`.
  await client.query('set local search_path = pg_catalog')
  try {
    return await work()
  } finally {
    await client.query('rollback').catch(() => {})
  }
}
