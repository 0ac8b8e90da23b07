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
  /** Commits records in a transaction of their own. */
  keep: (entries: readonly Entry[]) => Promise<void>
  /** Writes within the scope's transaction, to be kept if and only if that is. */
  write: (entry: Entry) => Promise<unknown>
}

/** Stands between a scope's queries and its work. */
export interface Witness {
  /** Runs a query, and sees what comes of it before the work does. */
  look(query: QueryConfig, run: Run): Promise<QueryResult>
  /** The live grant by which it is looked. */
  grant?: () => string
}

export type Run = (query: QueryConfig) => Promise<QueryResult>

/** Ids in one record at most: of 200 characters and four bytes each it stays below the table's 64 KiB. */
const most = 50

/** What tells nothing of any row. */
const silent = new Set(['SAVEPOINT', 'RELEASE', 'ROLLBACK'])

/**
 * Records what a member of staff asks and which rows come back, committed before they see them, an error no
 * less than rows: if the record cannot be kept, or the grant has ended, nothing returns.
 */
export function watchStaff(looking: Looking): Witness {
  const { tenant, actor, action, rowId, types, grant, write } = looking
  const entry = { tenant, actor, action }
  const keep = async (details: readonly Detail[]) => {
    const entries = details.map((detail): Entry => ({ ...entry, kind: 'staff-read', detail }))
    await looking.keep(entries).catch(throwUnrecorded)
  }

  return {
    grant,
    async look(query, run) {
      const statement = createHash('sha256').update(query.text).digest('base64url')
      const fail = async (failure: GuardFailure, failed: string) => {
        await keep([{ grant: grant(), statement, failed }])
        return failure
      }
      const result = await run({ ...query, types: asText }).catch(async (error: unknown) => {
        const failure = hide(error)
        throw failure === error ? failure : await fail(failure, sayCode(error))
      })
      const by = grant()
      if (silent.has(result.command)) return result
      const ids = idsOf(result, rowId)
      if (ids === null) throw await fail(unnamed(rowId), 'unnamed-rows')
      const asked = { grant: by, statement, rows: result.rowCount ?? 0 }
      await keep(chunks(ids).map((some) => ({ ...asked, ids: some })))
      for (const detail of changesOf(result)) {
        const change: Entry = { ...entry, kind: 'event', detail: { grant: by, ...detail } }
        await write(change).catch(throwUnrecorded)
      }
      return parse(result, query.types ?? types)
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

const changing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

function changesOf({ command, rowCount }: QueryResult): Detail[] {
  return changing.has(command) && rowCount ? [{ did: command.toLowerCase(), rows: rowCount }] : []
}

function throwUnrecorded(cause: unknown): never {
  const fix = 'see that outboxSql() was run for this database, and that it takes records'
  throw new GuardFailure('unrecorded', 'what staff read could not be recorded', fix, cause)
}
