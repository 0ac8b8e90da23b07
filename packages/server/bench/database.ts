import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster, type Cluster } from '@kept/postgres'
import { prepareDatabase, type Databases } from '../src/database.ts'

/** Runs a benchmark on a database as `kept up` makes it: everything on disk before a commit returns. */
export async function withDatabase<T>(
  run: (databases: Databases & { superuser: string }) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kept-bench-'))
  // As root the database server runs as another user, which must get through.
  chmodSync(folder, 0o711)
  let cluster: Cluster | null = null
  try {
    const started = await startCluster({ directory: join(folder, 'cluster') })
    cluster = started
    const databases = await started.asSuperuser((client) =>
      prepareDatabase(client, (address) => started.url(address), {
        name: 'kept',
        secrets: join(folder, 'passwords.json'),
      }),
    )
    return await run({ ...databases, superuser: started.superuserUrl('kept') })
  } finally {
    await cluster?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
