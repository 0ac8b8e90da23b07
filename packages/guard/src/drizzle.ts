import { NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { QueryConfig } from 'pg'
import type { Scope } from './scope.ts'

type Transaction = NodePgTransaction<Record<string, never>, Record<string, never>>

/**
 * Drizzle on a scope: `drizzleOf(scope).select().from(document)`. It is one of Drizzle's transactions, so that
 * a transaction in it is a savepoint; not in a scope that only reads.
 */
export function drizzleOf(scope: Scope): Transaction {
  const client = {
    query: (
      { text, name, rowMode, types }: QueryConfig & { rowMode?: 'array' },
      values: unknown[],
    ) =>
      scope.query({
        text,
        values,
        ...(name !== undefined && { name }),
        ...(rowMode && { rowMode }),
        ...(types && { types }),
      }),
  }
  const dialect = new PgDialect()
  const session = new NodePgSession<Record<string, never>, Record<string, never>>(
    client as never,
    dialect,
    undefined,
  )
  return new NodePgTransaction(dialect, session, undefined)
}
