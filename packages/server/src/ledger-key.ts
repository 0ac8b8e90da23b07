import { LedgerError, openCheckpoint, parseVerifierKey } from '@kept/ledger'
import { withClient } from '@kept/postgres'
import { Failure } from './foundation/failure.ts'
import { identify } from './server.ts'

/** Whoever signs on with another key or name makes a ledger that nobody can verify. */
export async function checkLedger(url: string, origin: string, key: string): Promise<void> {
  const note = await withClient(url, async (client) => {
    const { rows } = await client.query<{ note: string }>(
      'select note from ledger.checkpoints order by size desc limit 1',
    )
    return rows[0]?.note ?? null
  })
  if (note === null) return
  const log = identify(origin, key)
  try {
    openCheckpoint(note, { origin: log.origin, keys: [parseVerifierKey(log.key)] })
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    const [was] = note.split('\n')
    throw new Failure(
      'conflict',
      `the ledger here is ${was}, signed by a key of its own, and this would be ${log.origin}`,
      {
        fix: 'start with the key and the origin that the ledger began with: --data and --origin, or KEPT_LEDGER_KEY and KEPT_ORIGIN',
      },
    )
  }
}
