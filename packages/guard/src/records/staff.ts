import type { QueryResult } from 'pg'
import { GuardFailure } from '../failure.ts'
import type { Entry } from './outbox.ts'

export interface Looking {
  tenant: string
  actor: string
  action: string
  /** The column by which rows are named. */
  rowId: string
  /** The live grant's id. @throws GuardFailure when it is over */
  grant: () => string
  /** Writes within the scope's transaction. */
  write: (entry: Entry) => Promise<unknown>
}

/** Sees what a scope's queries return before the work does. */
export interface Witness {
  saw(result: QueryResult): Promise<void>
  /** The live grant by which it is looked. */
  grant?: () => string
  /** What was written in the scope's transaction, and is to be written again if that is undone. */
  readonly written: readonly Entry[]
}

/** Ids in one record at most: of 200 characters and four bytes each it stays below the table's 64 KiB. */
const most = 50

/**
 * Records which rows a member of staff reads, before they see them: if the record cannot be written, or the
 * grant has ended, no row returns.
 */
export function watchStaff({ tenant, actor, action, rowId, grant, write }: Looking): Witness {
  const written: Entry[] = []

  async function record(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      await write(entry).catch((error: unknown) => {
        throw unrecorded(error)
      })
    }
  }

  return {
    grant,
    written,
    async saw(result) {
      const entry = { tenant, actor, action }
      const by = grant()
      const entries = [
        ...chunks(idsOf(result, rowId)).map((ids): Entry => ({
          ...entry,
          kind: 'staff-read',
          detail: { grant: by, ids },
        })),
        ...changesOf(result).map((change): Entry => ({
          ...entry,
          kind: 'event',
          detail: { grant: by, ...change },
        })),
      ]
      await record(entries)
      // Going back to a savepoint undoes records of rows that were seen.
      if (result.command === 'ROLLBACK') await record(written.map(again))
      written.push(...entries)
    },
  }
}

/** The same record a second time, which a reader of both can tell. */
export function again(entry: Entry): Entry {
  return { ...entry, detail: { ...entry.detail, again: true } }
}

function idsOf({ rows, fields }: QueryResult, rowId: string): string[] {
  const at = fields.findIndex(({ name }) => name === rowId)
  return (rows as unknown[]).map((row) => {
    const id: unknown = Array.isArray(row) ? row[at] : (row as Record<string, unknown>)[rowId]
    if (at >= 0 && isId(id)) return String(id)
    throw new GuardFailure(
      'unnamed-rows',
      `staff may see no row without a name, and a row has no ${rowId} of 1 to 200 characters`,
      `select its ${rowId}, or name the column by rowId; a figure is named as: select 'count' as ${rowId}, count(*)`,
    )
  })
}

function isId(id: unknown): id is string | number | bigint {
  if (typeof id === 'number' || typeof id === 'bigint') return true
  return typeof id === 'string' && id.length > 0 && id.length <= 200
}

function chunks(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / most)
  return Array.from({ length: count }, (_, i) => ids.slice(i * most, (i + 1) * most))
}

const changing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

function changesOf({ command, rowCount }: QueryResult): { did: string; rows: number }[] {
  return changing.has(command) && rowCount ? [{ did: command.toLowerCase(), rows: rowCount }] : []
}

export function unrecorded(cause: unknown): GuardFailure {
  const fix = 'see that outboxSql() was run for this database, and that it takes records'
  return new GuardFailure('unrecorded', 'what staff read could not be recorded', fix, cause)
}
