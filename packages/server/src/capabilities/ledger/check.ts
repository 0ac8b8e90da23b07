import { parseVerifierKey, verifyLog, type LogFinding } from '@kept/ledger'
import { at, json, type Transaction } from '../../foundation/transaction.ts'
import { sha256, verifyEd25519 } from './hash.ts'
import { readTile } from './read.ts'
import type { LogIdentity } from './sequence.ts'

export interface CheckResult {
  size: number
  findings: { code: string; message: string }[]
}

/**
 * Looks over the whole log with the same verifier that anybody has: each entry against each tile and
 * each checkpoint ever signed. What it finds is kept, and nothing is mended.
 */
export async function check(tx: Transaction, log: LogIdentity): Promise<CheckResult> {
  const ends = await readEnds(tx)
  const { size } = ends
  const checkpoints = await tx.rows<{ note: string }>`
    select note from ledger.checkpoints where number <= ${ends.last} order by size`
  const { findings } = await verifyLog({
    origin: log.origin,
    keys: [parseVerifierKey(log.key, verifyEd25519)],
    checkpoints: checkpoints.map(({ note }) => note),
    entries: readBodies(tx, size),
    tiles: (address) => readTile(tx, address),
    sha256,
  })
  // An empty log has no checkpoint yet; there is nothing to find in it.
  const found = size === 0 ? [] : [...findings.map(sayFinding), ...compareEnds(ends)]
  await tx.rows`insert into ledger.checks (at, size, findings)
    values (${at(tx.now)}, ${size}, ${json(found)}) on conflict (at) do nothing`
  return { size, findings: found }
}

interface Ends {
  /** The furthest that anything in the database says the log ever came. */
  size: number
  entries: number
  head: number
  signed: number
  /** The greatest size of any earlier look. */
  seen: number
  /** How many checkpoints there are, and the number of the last. */
  count: number
  last: number
}

/** In one statement, so that what is sequenced meanwhile is in all of them or in none. */
async function readEnds(tx: Transaction): Promise<Ends> {
  const row = await tx.row<Record<Exclude<keyof Ends, 'size'>, string>>`
    select h.size as head,
      (select coalesce(max(index) + 1, 0) from ledger.entries) as entries,
      (select coalesce(max(size), 0) from ledger.checkpoints) as signed,
      (select coalesce(max(size), 0) from ledger.checks) as seen,
      (select count(*) from ledger.checkpoints) as count,
      (select coalesce(max(number), 0) from ledger.checkpoints) as last
    from ledger.head h`
  const [head, entries, signed, seen, count, last] = (
    ['head', 'entries', 'signed', 'seen', 'count', 'last'] as const
  ).map((name) => Number(row![name])) as [number, number, number, number, number, number]
  return { size: Math.max(head, signed, seen), head, entries, signed, seen, count, last }
}

/** What no verifier sees from outside: that the database disagrees with itself about where the log ends. */
function compareEnds({ size, entries, head, signed, count, last }: Ends): CheckResult['findings'] {
  const found = []
  if (entries < size)
    found.push({ code: 'entries-gone', message: `the log had ${size} entries and has ${entries}` })
  if (head !== signed)
    found.push({
      code: 'head-unsigned',
      message: `the head is at ${head} entries and the newest checkpoint at ${signed}`,
    })
  if (count !== last)
    found.push({
      code: 'checkpoint-missing',
      message: `${last - count} of ${last} checkpoints that were signed are gone`,
    })
  return found
}

const day = 86_400_000

/** Whether the last look is a day old. */
export async function isCheckDue(tx: Transaction): Promise<boolean> {
  const row = await tx.row`select 1 from ledger.checks where at > ${at(tx.now - day)} limit 1`
  return row === null
}

/** Looks once a day; of two who come at once one looks. */
export async function checkWhenDue(tx: Transaction, log: LogIdentity): Promise<CheckResult | null> {
  const turn = await tx.row<{ mine: boolean }>`
    select pg_catalog.pg_try_advisory_xact_lock(7102602) as mine`
  return turn!.mine && (await isCheckDue(tx)) ? check(tx, log) : null
}

function sayFinding({ code, says }: LogFinding): { code: string; message: string } {
  return { code, message: says }
}

const stretch = 1024

async function* readBodies(tx: Transaction, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < size; from += stretch) {
    const rows = await tx.rows<{ body: Buffer }>`
      select body from ledger.entries where index >= ${from} and index < ${Math.min(size, from + stretch)}
      order by index`
    for (const { body } of rows) yield body
  }
}
