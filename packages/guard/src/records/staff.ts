import { createHash } from 'node:crypto'
import type { CustomTypesConfig, QueryConfig, QueryResult } from 'pg'
import { GuardFailure } from '../failure.ts'
import { causeOf } from '../trouble.ts'
import type { Detail, Entry } from './outbox.ts'

export interface Looking {
  tenant: string
  actor: string
  action: string
  /** The column by which rows are named. */
  rowId: string
  /** How values are read where a query does not say. */
  types: CustomTypesConfig
  /** The live grant's id. @throws GuardFailure when it is over */
  grant: () => string
  readOnly: boolean
  /** Commits records in a transaction of their own. */
  keep: (entries: readonly Entry[]) => Promise<void>
  /** Records with the scope's COMMIT, if it wrote. */
  tell: (entry: Entry) => void
}

/** Stands between a scope's queries and its work. */
export interface Witness {
  /** Runs a query, and sees what comes of it before the work does. */
  look(query: QueryConfig, run: Run): Promise<QueryResult>
  /** The live grant by which it is looked. */
  grant?: () => string
  /** Comes before the scope's COMMIT. @throws GuardFailure where nothing may be kept */
  end?: () => void
}

export type Run = (query: QueryConfig) => Promise<QueryResult>

/** Ids in one record at most: of 200 characters and four bytes each it stays below the table's 64 KiB. */
const most = 50

/** What tells nothing of any row. */
const silent = new Set(['SAVEPOINT', 'RELEASE', 'ROLLBACK'])

type Ran = { result: QueryResult } | { error: unknown }

/**
 * Records what a member of staff asks and which rows come back, committed before they see them, an error no
 * less than rows: if the record cannot be kept, or the grant has ended, nothing returns, and nothing that the
 * scope wrote is kept, whatever its work makes of the failure.
 */
export function watchStaff(looking: Looking): Witness {
  const { tenant, actor, action, rowId, types, readOnly, grant, tell } = looking
  const entry = { tenant, actor, action }
  /** What recorded statements say that they did to how many rows. */
  const did = new Map<string, number>()
  let underWay = 0
  let broken: unknown = null

  const keep = async (details: readonly Detail[]) => {
    const entries = details.map((detail): Entry => ({ ...entry, kind: 'staff-read', detail }))
    await looking.keep(entries).catch(throwUnrecorded)
  }

  /** Hands back what may be seen of a statement; its own failure too. */
  const record = async (statement: string, ran: Ran): Promise<QueryResult | GuardFailure> => {
    if ('error' in ran) {
      const failure = hide(ran.error)
      if (failure === ran.error) return failure
      await keep([{ grant: grant(), statement, failed: sayCode(ran.error) }])
      return failure
    }
    const { result } = ran
    const by = grant()
    if (silent.has(result.command)) return result
    const ids = idsOf(result, rowId)
    if (ids === null) {
      await keep([{ grant: by, statement, failed: 'unnamed-rows' }])
      throw unnamed(rowId)
    }
    const rows = result.rowCount ?? 0
    await keep(chunks(ids).map((some) => ({ grant: by, statement, rows, ids: some })))
    const command = result.command.toLowerCase()
    did.set(command, (did.get(command) ?? 0) + rows)
    return result
  }

  return {
    grant,
    async look(query, run) {
      const statement = createHash('sha256').update(query.text).digest('base64url')
      underWay++
      try {
        const ran = await run({ ...query, types: asText }).then(
          (result): Ran => ({ result }),
          (error: unknown): Ran => ({ error }),
        )
        const seen = await record(statement, ran).catch((error: unknown) => {
          broken ??= error
          throw error
        })
        if (seen instanceof GuardFailure) throw seen
        return parse(seen, query.types ?? types)
      } finally {
        underWay--
      }
    },
    end() {
      if (underWay > 0) throw unfinished()
      if (readOnly) return
      if (broken !== null) throw broken
      if (did.size === 0) return
      const detail = { grant: grant(), did: Object.fromEntries(did) }
      tell({ ...entry, kind: 'event', detail })
    },
  }
}

/** Parsers are the app's own code, and see no value before its record is kept. */
const asText = { getTypeParser: () => (value: string) => value } as CustomTypesConfig

function parse(result: QueryResult, types: CustomTypesConfig): QueryResult {
  const parsers = result.fields.map(
    ({ name, dataTypeID }) => [name, types.getTypeParser(dataTypeID, 'text')] as const,
  )
  const byName = new Map(parsers)
  result.rows = (result.rows as (unknown[] | Record<string, unknown>)[]).map((row) =>
    Array.isArray(row)
      ? row.map((value, i) => read(value, parsers[i]?.[1]))
      : Object.fromEntries(
          Object.entries(row).map(([name, value]) => [name, read(value, byName.get(name))]),
        ),
  )
  return result
}

function read(value: unknown, parser?: (text: string) => unknown): unknown {
  return typeof value === 'string' && parser ? parser(value) : value
}

/** What the database says of an error can hold what is in rows; staff get its code, and no cause. */
export function hide(error: unknown): GuardFailure {
  if (!(error instanceof GuardFailure)) {
    const fix = 'ask it as the tenant in a test, where the database says what is wrong'
    return new GuardFailure('bad-query', `the database refused this: ${sayCode(error)}`, fix)
  }
  const { code, message, fix, cause } = error
  if (cause === undefined || code === 'cancelled') return error
  return new GuardFailure(code, message.slice(0, -`; ${fix}`.length), fix)
}

function sayCode(error: unknown): string {
  return error instanceof GuardFailure ? error.code : (causeOf(error).code ?? 'unknown')
}

/** Null where a row has no name. */
function idsOf({ rows, fields }: QueryResult, rowId: string): string[] | null {
  const at = fields.findIndex(({ name }) => name === rowId)
  const ids = (rows as unknown[]).map((row) =>
    Array.isArray(row) ? (row[at] as unknown) : (row as Record<string, unknown>)[rowId],
  )
  return ids.every(isId) ? ids : null
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && id.length > 0 && id.length <= 200
}

function unnamed(rowId: string): GuardFailure {
  return new GuardFailure(
    'unnamed-rows',
    `staff may see no row without a name, and a row has no ${rowId} of 1 to 200 characters`,
    `select its ${rowId}, or name the column by rowId; a figure is named as: select 'count' as ${rowId}, count(*)`,
  )
}

/** That nothing came back is told too. */
function chunks(ids: readonly string[]): string[][] {
  const count = Math.max(1, Math.ceil(ids.length / most))
  return Array.from({ length: count }, (_, i) => ids.slice(i * most, (i + 1) * most))
}

function unfinished(): GuardFailure {
  return new GuardFailure(
    'scope-in-use',
    'the work of this scope returned before it was recorded what it asked; nothing was kept',
    'await every query before the work returns',
  )
}

function throwUnrecorded(cause: unknown): never {
  const fix = 'see that outboxSql() was run for this database, and that it takes records'
  // The cause can hold the record itself, and with it what staff were to see only after it.
  const reason = `what staff did could not be recorded (${sayCode(cause)})`
  throw new GuardFailure('unrecorded', reason, fix)
}
