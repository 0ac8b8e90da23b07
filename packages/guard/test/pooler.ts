import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'

/** Debian's package pgbouncer. */
const program = '/usr/sbin/pgbouncer'

export function hasPooler(): boolean {
  try {
    accessSync(program, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export interface Pooler {
  /** Of the same database by the same role, through the pooler. */
  url: string
  stop(): Promise<void>
}

/** PgBouncer in transaction mode, with one connection to the database for all its clients. */
export async function startPooler(url: string): Promise<Pooler> {
  // Its socket is for the account that runs the cluster alone.
  const { port, database, user, password } = new pg.Client({ connectionString: url })
  const folder = mkdtempSync(join(tmpdir(), 'kept-pooler-'))
  chmodSync(folder, 0o755)
  const listen = await freePort()
  const config = join(folder, 'pgbouncer.ini')
  writeFileSync(
    config,
    `[databases]
${database} = host=127.0.0.1 port=${port} user=${user} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 1
`,
  )
  // It refuses to run as root.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const child = spawn(program, [config], { stdio: ['ignore', 'ignore', 'pipe'], ...nobody })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  while (!said.includes('process up')) {
    if (child.exitCode !== null) throw new Error(`pgbouncer did not start: ${said}`)
    await setTimeout(5)
  }
  return {
    url: `postgres://${user}@127.0.0.1:${listen}/${database}`,
    async stop() {
      const over = once(child, 'exit')
      child.kill('SIGKILL')
      await over
      rmSync(folder, { recursive: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
