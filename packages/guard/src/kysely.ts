import { randomBytes } from 'node:crypto'
import {
  CompiledQuery,
  Kysely,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type TransactionSettings,
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
  /** By chance, so that no savepoint of the app's own is taken for it. */
  readonly #savepoint = `kept_${randomBytes(8).toString('hex')}`
  /** Kysely does not nest its transactions. */
  #block: Block | null = null

  constructor(scope: Scope) {
    const query = (text: string, values: readonly unknown[]) => scope.query({ text, values })
    const client = { query, release: () => {} }
    super({ pool: { connect: () => Promise.resolve(client), end: async () => {} } as never })
    this.#scope = scope
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    if (settings.isolationLevel !== undefined || settings.accessMode !== undefined) {
      const fix = 'leave them out; a scope that only reads is opened by readOnly'
      throw new GuardFailure('bad-query', 'isolation and access are of the whole scope', fix)
    }
    if (this.#scope.single) {
      const fix = 'leave out the transaction, or readOnly'
      throw new GuardFailure('bad-query', 'in a scope that only reads each query stands alone', fix)
    }
    this.#block = this.#scope.openBlock(null)
    await say(connection, `savepoint ${this.#savepoint}`)
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await say(connection, `release savepoint ${this.#savepoint}`)
    this.#block?.close()
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await say(connection, `rollback to savepoint ${this.#savepoint}`)
    await say(connection, `release savepoint ${this.#savepoint}`)
    this.#block?.close()
  }
}

async function say(connection: DatabaseConnection, text: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(text))
}
