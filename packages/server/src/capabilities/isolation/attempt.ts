import type { Client, QueryResult } from 'pg'

/** What a statement came to; an error is its SQLSTATE. */
export interface Attempt {
  rows: Record<string, unknown>[]
  count: number
  error: string | null
}

/** Runs a statement and undoes it, unless it is to stay; an error undoes nothing but itself. */
export async function attempt(
  client: Client,
  statement: string,
  values: readonly unknown[] = [],
  stays = false,
): Promise<Attempt> {
  await client.query('savepoint attempt')
  let undo = !stays
  try {
    const given = values.length > 0 ? { text: statement, values: [...values] } : statement
    const { rows, rowCount } = (await client.query(given)) as QueryResult<Record<string, unknown>>
    return { rows, count: rowCount ?? 0, error: null }
  } catch (error) {
    undo = true
    const { code } = error as { code?: string }
    if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) throw error
    return { rows: [], count: 0, error: code }
  } finally {
    await client.query(undo ? 'rollback to savepoint attempt' : 'release savepoint attempt')
  }
}
