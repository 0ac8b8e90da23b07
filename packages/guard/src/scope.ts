import { createHash } from 'node:crypto'
import type { CustomTypesConfig, QueryConfig, QueryResult, QueryResultRow } from 'pg'
import { finished } from './endings.ts'
import { GuardFailure } from './failure.ts'
import type { Principal } from './principal.ts'
import { checkedInsertOf, type Detail, type Entry } from './records/outbox.ts'
import type { Witness } from './records/staff.ts'
import type { Block, TenantTransaction } from './transaction.ts'

/** A statement with its values apart. A bare text is none: it invites values into it. */
export interface Query {
  text: string
  values?: readonly unknown[]
  /** Prepared once for a connection under this name. One name, one text. */
  name?: string
  /** Rows as arrays, in the order of the columns. */
  rowMode?: 'array'
  types?: CustomTypesConfig
}

const maker = Symbol('scope')

/** What a scope is made of. */
export interface Parts {
  principal: Principal
  tenant: string
  transaction: TenantTransaction
  /** Milliseconds since 1970, for records; null where the database keeps none. */
  recordsAt: (() => number) | null
  /** Sees what comes of each query before the work does. */
  witness: Witness | null
}

/** What the work of `guard.tenant` gets: queries that see one tenant's rows, until the work returns. */
export class Scope {
  readonly principal: Principal
  readonly tenant: string
  readonly #parts: Parts
  readonly #transaction: TenantTransaction
  #open = true

  constructor(key: typeof maker, parts: Parts) {
    if (key !== maker) throw new TypeError('a scope is opened by guard.tenant')
    this.principal = parts.principal
    this.tenant = parts.tenant
    this.#parts = parts
    this.#transaction = parts.transaction
  }

  get readOnly(): boolean {
    return this.#transaction.readOnly
  }

  /** Whether each query is a transaction of its own, in which no savepoint lasts. */
  get single(): boolean {
    return this.#transaction.single
  }

  /**
   * One statement: scope.query`select ... where id = ${id}`, or one with its values apart. Queries of a scope
   * run one after the other, in the order in which they were asked.
   *
   * @throws GuardFailure `scope-finished`, `cancelled`, `connection-lost`, and others by their names; what the
   * database has against the statement is thrown as `pg` throws it
   */
  async query<Row extends QueryResultRow = Record<string, unknown>>(
    query: Query | TemplateStringsArray,
    ...values: unknown[]
  ): Promise<QueryResult<Row>> {
    this.#check()
    const run = (asked: QueryConfig) =>
      this.#transaction.run(asked, { fixed: asked.name !== undefined })
    const { witness } = this.#parts
    const asked = read(query, values)
    return (await (witness ? witness.look(asked, run) : run(asked))) as QueryResult<Row>
  }

  /**
   * For a query builder whose transactions are savepoints: one at a time, or within one another.
   *
   * @throws GuardFailure `scope-in-use`
   */
  openBlock(within: Block | null): Block {
    return this.#transaction.openBlock(within)
  }

  /** The rows alone. */
  async rows<Row extends QueryResultRow = Record<string, unknown>>(
    text: TemplateStringsArray,
    ...values: unknown[]
  ): Promise<Row[]> {
    return (await this.query<Row>(text, ...values)).rows
  }

  /**
   * A statement that goes with the COMMIT, in its round trip and in this scope. If it fails, all is undone.
   *
   * @throws GuardFailure `bad-query` in a scope that only reads, and for staff
   */
  atCommit(query: Pick<Query, 'text' | 'values'>): void {
    if (this.principal.kind === 'staff') {
      const reason = 'what staff do is recorded before they see what came of it'
      throw new GuardFailure('bad-query', reason, 'ask it with scope.query')
    }
    this.#goWithCommit(query, { fixed: false })
  }

  #goWithCommit(
    { text, values = [] }: Pick<Query, 'text' | 'values'>,
    { fixed }: { fixed: boolean },
  ): void {
    this.#check()
    if (this.readOnly) {
      throw new GuardFailure(
        'bad-query',
        'a scope that only reads has no commit',
        'leave out readOnly',
      )
    }
    this.#transaction.atCommit({ text, values }, { fixed })
  }

  /**
   * Records what is done here, in this transaction: kept if and only if that is. The tenant sees it.
   *
   * @throws GuardFailure `not-installed` when the guard was opened without records, `bad-query` in a scope
   * that only reads, `bad-record` for what the database would refuse: a detail of more than 64 KiB, or with U+0000
   */
  record(action: string, detail: Detail = {}): void {
    const { recordsAt, principal, tenant, witness } = this.#parts
    if (!recordsAt) {
      const fix = 'run the SQL of outboxSql(), and open the guard with `records: true`'
      throw new GuardFailure('not-installed', 'this guard keeps no records', fix)
    }
    const by = witness?.grant ? { grant: witness.grant() } : {}
    const entry: Entry = {
      tenant,
      actor: principal.actor,
      kind: 'event',
      action,
      detail: { ...detail, ...by },
    }
    this.#goWithCommit(checkedInsertOf(entry, recordsAt()), { fixed: true })
  }

  #check(): void {
    if (!this.#open) throw finished()
  }

  static open(parts: Parts): Scope {
    return new Scope(maker, parts)
  }

  static close(scope: Scope): void {
    scope.#open = false
  }

  static isOpen(scope: Scope): boolean {
    return scope.#open
  }

  static transactionOf(scope: Scope): TenantTransaction {
    return scope.#transaction
  }

  /** The same transaction for another principal of the same tenant. */
  static join(scope: Scope, principal: Principal): Scope {
    return new Scope(maker, { ...scope.#parts, principal })
  }
}

function read(query: Query | TemplateStringsArray, values: unknown[]): QueryConfig {
  if (isTemplate(query)) return { ...nameTemplate(query), values: values.map(asParameter) }
  if (
    typeof query !== 'object' ||
    query === null ||
    typeof query.text !== 'string' ||
    query.text.trim() === ''
  ) {
    const fix = 'ask with scope.query`...` or { text, values }: values belong in parameters'
    throw new GuardFailure('bad-query', 'this is no statement with its values apart', fix)
  }
  const { text, name, rowMode, types } = query
  if (name !== undefined && !/^.{1,40}$/.test(name)) {
    throw new GuardFailure(
      'bad-query',
      'the name of a statement is empty or longer than 40 letters',
      'shorten it',
    )
  }
  return {
    text,
    values: (query.values ?? []).map(asParameter),
    ...(name !== undefined && { name }),
    ...(rowMode && { rowMode }),
    ...(types && { types }),
  }
}

/** Only the compiler makes these: an array that somebody sent has no `raw`. */
function isTemplate(query: unknown): query is TemplateStringsArray {
  return Array.isArray(query) && Object.isFrozen(query) && 'raw' in query
}

const named = new WeakMap<TemplateStringsArray, { text: string; name: string }>()

/** A template's text is the code's own, so that there are only so many, and each is worth preparing. */
function nameTemplate(template: TemplateStringsArray): { text: string; name: string } {
  const known = named.get(template)
  if (known) return known
  const text = template.reduce((said, part, i) => `${said}$${i}${part}`)
  const name = `kept_${createHash('sha256').update(text).digest('base64url').slice(0, 24)}`
  named.set(template, { text, name })
  return { text, name }
}

/** `pg` writes an absent value as the text "undefined" in places. */
function asParameter(value: unknown): unknown {
  return value === undefined ? null : value
}
