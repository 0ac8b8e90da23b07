import type { Transaction } from '../../foundation/transaction.ts'
import { readCheckpoint } from '../ledger/read.ts'
import { readApplied, type Applied } from '../claims/edition.ts'
import { queueMails } from './subscriptions.ts'

interface Told {
  change: string
  version: number
}

/**
 * Tells every subscriber what changed since they were last told, once: the verdicts, what was
 * weakened or removed, and the newest checkpoint, so that each mail box is a witness of the ledger.
 * One mail holds all that came together.
 */
export async function announce(tx: Transaction, origin: string): Promise<number> {
  const told =
    await tx.row<Told>`select change, version from publishing.told for update skip locked`
  if (!told) return 0
  const applied = await readApplied(tx)
  const verdicts = await sayVerdicts(tx, told, applied)
  const editions = await sayEditions(tx, told)
  const lines = [...verdicts.lines, ...editions.lines]
  // Only what was read was told: more may have come meanwhile.
  if (verdicts.last !== told.change || editions.last !== told.version) {
    await tx.rows`
      update publishing.told set change = ${verdicts.last}, version = ${editions.last}`
  }
  if (lines.length === 0) return 0
  const note = await readCheckpoint(tx)
  const company = applied?.page.company ?? new URL(origin).host
  const subject = `${company}: ${lines.length === 1 ? lines[0]!.slice(0, 120) : `${lines.length} changes of its security page`}`
  const body = [
    ...lines,
    '',
    `${origin}/changes`,
    '',
    ...(note
      ? ['The ledger at this time; keep it, and nobody can show you another past:', '', note]
      : []),
    `To hear no more: ${origin}/subscribe/end?token=`,
  ].join('\n')
  return queueMails(tx, { subject, body })
}

/** Lines for a mail, and the last thing that they tell of. */
interface Said<Last> {
  lines: string[]
  last: Last
}

async function sayVerdicts(
  tx: Transaction,
  { change }: Told,
  applied: Applied | null,
): Promise<Said<string>> {
  const texts = new Map(applied?.page.claims.map(({ id, text }) => [id, text]))
  const rows = await tx.rows<{
    seq: string
    claim: string
    verdict: string
    was: string | null
    because: string
  }>`
    select c.seq, c.claim, c.verdict, c.because, (select b.verdict from claims.changes b
      where b.claim = c.claim and b.seq < c.seq order by b.seq desc limit 1) as was
    from claims.changes c where c.seq > ${change} order by c.seq limit 500`
  // The first verdict of a claim is news to nobody who reads the page.
  const lines = rows
    .filter(({ was }) => was !== null)
    .map(
      ({ claim, verdict, was, because }) =>
        `${was} -> ${verdict}: ${texts.get(claim) ?? claim} (${because})`,
    )
  return { lines, last: rows.at(-1)?.seq ?? change }
}

async function sayEditions(tx: Transaction, { version }: Told): Promise<Said<number>> {
  const rows = await tx.rows<{
    version: number
    changes: { kind: string; id: string; says: string }[]
  }>`
    select version, changes from claims.versions where version > ${version} order by version`
  const lines = rows
    .filter((row) => row.version > 1)
    .flatMap(({ changes }) => changes)
    .filter(({ kind }) => !/^(?:system|runner|secret)-/.test(kind))
    .map(({ kind, id, says }) => `${kind.replace('-', ' ')}, ${id}: ${says}`)
  return { lines, last: rows.at(-1)?.version ?? version }
}
