import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Client } from 'pg'

/** Debian's package postgresql-15: the oldest that is supported. */
const programs = '/usr/lib/postgresql/15/bin'

export function hasOlder(): boolean {
  return existsSync(join(programs, 'postgres'))
}

export interface Older {
  url: string
  stop(): Promise<void>
}

export async function startOlder(): Promise<Older> {
  const folder = mkdtempSync(join(tmpdir(), 'kept-older-'))
  // It refuses to run as root.
  const account = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : null
  if (account) chownSync(folder, account.uid, account.gid)
  const nobody = account ?? {}
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  const words = ['-D', data, '-U', 'postgres', '-A', 'trust', '-N', '--encoding=UTF8']
  const made = spawnSync(join(programs, 'initdb'), words, { ...nobody, cwd: '/', encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)
  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off']
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { ...nobody, cwd: '/', stdio: 'ignore' },
  )
  const url = `postgres://postgres@/postgres?host=${folder}`
  while (!(await answers(url))) {
    if (server.exitCode !== null) throw new Error('PostgreSQL 15 did not start')
    await setTimeout(50)
  }
  return {
    url,
    async stop() {
      const ended = once(server, 'exit')
      server.kill('SIGQUIT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString })
  client.on('error', () => {})
  return await client.connect().then(
    () => client.end().then(() => true),
    () => false,
  )
}
