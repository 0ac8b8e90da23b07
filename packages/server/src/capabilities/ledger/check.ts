import { parseVerifierKey, verifyLog, type LogFinding } from '@kept/ledger'
import { at, json, type Transaction } from '../../foundation/transaction.ts'
import { sha256, verifyEd25519 } from './hash.ts'
import { readSize, readTile } from './read.ts'
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
  const size = await readSize(tx)
  const checkpoints = await tx.rows<{ note: string }>`
    select note from ledger.checkpoints where size <= ${size} order by size`
  const { findings } = await verifyLog({
    origin: log.origin,
    keys: [parseVerifierKey(log.key, verifyEd25519)],
    checkpoints: checkpoints.map(({ note }) => note),
    entries: readBodies(tx, size),
    tiles: (address) => readTile(tx, address),
    sha256,
  })
  // An empty log has no checkpoint yet; there is nothing to find in it.
  const found = size === 0 ? [] : findings.map(sayFinding)
  await tx.rows`insert into ledger.checks (at, size, findings)
    values (${at(tx.now)}, ${size}, ${json(found)}) on conflict (at) do nothing`
  return { size, findings: found }
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
