import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from './cluster.ts'

/** Where the setup answers, by name: test workers and their children inherit it. */
export const addressVariable = 'KEPT_TEST_POSTGRES'

/**
 * A global setup of vitest: one cluster for a whole test run, started by the first test file that asks
 * for a database, so that a run without databases pays nothing. Returns its own end.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'kept-test-'))
  // As root the server runs as another user, which must get through.
  chmodSync(folder, 0o711)
  let cluster: Promise<Cluster> | null = null
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    cluster ??= startTestCluster(join(folder, 'cluster'))
    void cluster.then(
      (started) => socket.end(JSON.stringify({ url: started.superuserUrl() })),
      (error: Error) => socket.end(JSON.stringify({ error: error.message })),
    )
  })
  const address = join(folder, 'address.sock')
  await new Promise<void>((listening) => server.listen(address, listening))
  process.env[addressVariable] = address
  return async () => {
    server.close()
    await (await cluster?.catch(() => null))?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Nothing of it has to outlive a crash of the machine. */
async function startTestCluster(directory: string): Promise<Cluster> {
  const { startCluster } = await import('./start.ts')
  const settings = {
    fsync: false,
    synchronous_commit: false,
    full_page_writes: false,
    max_connections: 200,
    max_wal_size: '2GB',
    autovacuum_naptime: '1h',
  }
  return await startCluster({ directory, settings, graceSeconds: 2, stopSeconds: 5 })
}
