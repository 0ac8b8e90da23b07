import { NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { QueryConfig } from 'pg'
import type { Scope } from './scope.ts'
import type { Block } from './transaction.ts'

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
  return withBlocks(new NodePgTransaction(dialect, session, undefined), scope, null)
}

/** The transaction, whose own ones begin in turns, each knowing the one around it. */
function withBlocks(outer: Transaction, scope: Scope, within: Block | null): Transaction {
  const transaction = outer.transaction.bind(outer)
  outer.transaction = async (work) => {
    const block = scope.openBlock(within)
    try {
      return await transaction((inner) => work(withBlocks(inner, scope, block)))
    } finally {
      block.close()
    }
  }
  return outer
}
