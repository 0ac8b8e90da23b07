import {
  CompiledQuery,
  Kysely,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
} from 'kysely'
import { GuardFailure } from './failure.ts'
import type { Scope } from './scope.ts'
import type { Block } from './transaction.ts'

/** Kysely on a scope: `kyselyOf<DB>(scope).selectFrom('document')`. A transaction in it is a savepoint. */
export function kyselyOf<DB>(scope: Scope): Kysely<DB> {
  return new Kysely<DB>({
    dialect: {
      createDriver: () => new ScopeDriver(scope),
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
}

/** Kysely's own driver, on a pool whose one connection is the scope. */
class ScopeDriver extends PostgresDriver {
  readonly #scope: Scope
  /** Kysely does not nest its transactions. */
  #block: Block | null = null

  constructor(scope: Scope) {
    const query = (text: string, values: readonly unknown[]) => scope.query({ text, values })
    const client = { query, release: () => {} }
    super({ pool: { connect: () => Promise.resolve(client), end: async () => {} } as never })
    this.#scope = scope
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#scope.single) {
      const fix = 'leave out the transaction, or readOnly'
      throw new GuardFailure('bad-query', 'in a scope that only reads each query stands alone', fix)
    }
    this.#block = this.#scope.openBlock(null)
    await say(connection, 'savepoint kept')
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await say(connection, 'release savepoint kept')
    this.#block?.close()
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await say(connection, 'rollback to savepoint kept')
    await say(connection, 'release savepoint kept')
    this.#block?.close()
  }
}

async function say(connection: DatabaseConnection, text: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(text))
}
