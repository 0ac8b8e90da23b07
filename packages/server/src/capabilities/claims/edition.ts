import { createHash } from 'node:crypto'
import { parseVerifierKey } from '@kept/ledger'
import { compile, readSystems, type Finding, type KeyedRunner } from '@kept/page'
import { Failure } from '../../foundation/failure.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import type { Edition } from './changes.ts'

/** The edition that is applied now, with its text. */
export interface Applied extends Edition {
  version: number
  appliedAt: number
}

const compiled = new Map<string, Edition>()

/** Compiling is pure, so an edition is compiled once; only the prose's dates need a clock. */
export function compileEdition(page: string, systems: string): Edition {
  const key = createHash('sha256')
    .update(JSON.stringify([page, systems]))
    .digest('hex')
  const known = compiled.get(key)
  if (known) return known
  const edition = {
    source: page,
    page: compile(page, { format: 'markdown', now: 0 }),
    systems: readSystems(systems).register,
  }
  if (compiled.size >= 32) compiled.delete(compiled.keys().next().value!)
  compiled.set(key, edition)
  return edition
}

/** The edition applied now, or null before the first. */
export async function readApplied(tx: Transaction): Promise<Applied | null> {
  const row = await tx.row<{ version: number; page: string; systems: string; applied_at: Date }>`
    select version, page, systems, applied_at from claims.versions order by version desc limit 1`
  if (!row) return null
  return {
    ...compileEdition(row.page, row.systems),
    version: row.version,
    appliedAt: row.applied_at.getTime(),
  }
}

export async function needApplied(tx: Transaction): Promise<Applied> {
  const applied = await readApplied(tx)
  if (applied) return applied
  throw new Failure('not-found', 'no page was applied yet', {
    fix: 'kept apply PAGE --systems FILE',
  })
}

/**
 * Refuses what cannot be published: errors of the page or the systems, no claim at all, or a claim
 * without an explicit id, which would change when its heading does.
 */
export function checkEdition(page: string, systems: string): Edition {
  const edition = compileEdition(page, systems)
  const errors = [
    ...edition.page.findings.filter(({ level }) => level === 'error').map(say('page')),
    ...readSystems(systems).findings.map(say('systems')),
    ...edition.systems.runners.flatMap(sayKey),
    ...edition.page.claims
      .filter(({ named }) => !named)
      .map(
        ({ line, column, id }) =>
          `page:${line}:${column} this claim needs an id of its own: write #${id} at the end of its address`,
      ),
  ]
  if (edition.page.claims.length === 0) errors.push('page:1:1 there is no claim on this page')
  if (errors.length > 0) {
    throw new Failure('not-acceptable', errors[0]!, {
      errors: errors.slice(0, 100),
      fix: 'kept check PAGE --systems FILE shows each at its place',
    })
  }
  return edition
}

/** Its shape was read with the file; whether it is a key is for the ledger's notes to say. */
function sayKey({ id, key }: KeyedRunner): string[] {
  if (key === null) return []
  try {
    parseVerifierKey(key)
    return []
  } catch {
    return [`systems: the key of ${id} is none: kept keys prints one`]
  }
}

function say(file: string): (finding: Finding) => string {
  return ({ line, column, message }) => `${file}:${line}:${column} ${message}`
}
