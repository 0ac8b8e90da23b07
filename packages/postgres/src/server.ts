import { mkdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from 'pg'
import type { Account } from './account.ts'
import { withClient } from './client.ts'
import { codeOf, PostgresFailure } from './failure.ts'
import { giveTo, superuser } from './initdb.ts'
import type { Layout } from './layout.ts'
import { explainLog, lastLines, logSize, readLog } from './log.ts'
import { findFreePort } from './port.ts'
import { isPostmaster, readPidFile } from './postmaster.ts'
import { explainSpawn } from './programs.ts'
import type { Running, Supervision } from './supervision.ts'
import { socketUrl } from './url.ts'

/** A server that answers queries. */
export interface Server {
  running: Running
  port: number
  version: string
  adopted: boolean
}

export interface Launch {
  layout: Layout
  supervision: Supervision
  password: string
  startSeconds: number
}

/**
 * The server of this directory that runs already: the watchdog's, or one whose watchdog was killed. A
 * `postmaster.pid` whose pid now names another process is removed, or PostgreSQL would obey it.
 */
export async function findRunning({ layout, supervision }: Launch): Promise<Running | null> {
  if (supervision.found) return supervision.found
  const file = readPidFile(layout.data)
  if (file === null) return null
  if (isPostmaster(file.pid, layout.data)) return await supervision.watch(file.pid)
  rmSync(join(layout.data, 'postmaster.pid'), { force: true })
  return null
}

/** Takes over a running server, after it has said itself that it is the one of this directory. */
export async function adopt(launch: Launch, running: Running): Promise<Server> {
  const { layout } = launch
  const file = readPidFile(layout.data)
  const port = file?.port ?? 0
  const said = await untilReady(launch, running, port, logSize(layout.log))
  const sameDirectory = realpathSync(said.directory) === realpathSync(layout.data)
  // The file's time is written some moments before the server notes its own.
  const sameTime = file !== null && Math.abs(said.startedAt - file.startedAt) <= 10
  if (!sameDirectory || !sameTime || file.pid !== running.pid) {
    throw new PostgresFailure(
      'not-answering',
      layout.directory,
      `who answers for process ${running.pid} is the server of ${said.directory}, started at ${said.startedAt}`,
      'stop that process and start again',
    )
  }
  return { running, port, version: said.version, adopted: true }
}

/** Starts the server and waits until it answers. Without a wanted port it tries free ones. */
export async function launchServer(
  launch: Launch,
  programs: string,
  account: Account,
  wantedPort: number | undefined,
): Promise<Server> {
  const { layout, startSeconds } = launch
  const deadline = performance.now() + startSeconds * 1000
  mkdirSync(layout.sockets, { recursive: true, mode: 0o700 })
  giveTo(layout.sockets, account)
  for (;;) {
    const port = wantedPort ?? (await findFreePort())
    const logged = logSize(layout.log)
    const running = await spawnServer(launch, programs, account, port)
    try {
      const { version } = await untilReady(launch, running, port, logged)
      return { running, port, version, adopted: false }
    } catch (error) {
      launch.supervision.stop()
      await running.ending
      if (performance.now() > deadline || !isPassing(error, wantedPort)) throw error
      await wait(100)
    }
  }
}

async function spawnServer(
  { layout, supervision }: Launch,
  programs: string,
  account: Account,
  port: number,
): Promise<Running> {
  const program = join(programs, 'bin', 'postgres')
  const words = ['-D', layout.data, '-c', `config_file=${layout.settings}`, '-p', String(port)]
  try {
    return await supervision.start(program, words, account)
  } catch (error) {
    throw explainSpawn(error, program, account)
  }
}

/** What another attempt may mend: a port lost to somebody, or the last processes of a killed server. */
function isPassing(error: unknown, wantedPort: number | undefined): boolean {
  if (!(error instanceof PostgresFailure)) return false
  if (error.code === 'port-taken') return wantedPort === undefined
  return /pre-existing shared memory block|lock file ".*" already exists/.test(error.message)
}

interface Said {
  directory: string
  startedAt: number
  version: string
}

const question = `select current_setting('data_directory') as directory,
  extract(epoch from pg_postmaster_start_time())::float8 as "startedAt",
  current_setting('server_version') as version`

async function ask(client: Client): Promise<Said> {
  return (await client.query<Said>(question)).rows[0]!
}

/** Asks until the server answers; fails when it ends, refuses us, or takes longer than `startSeconds`. */
async function untilReady(
  { layout, password, startSeconds }: Launch,
  running: Running,
  port: number,
  logged: number,
): Promise<Said> {
  const deadline = performance.now() + startSeconds * 1000
  const url = socketUrl(layout.sockets, port, { role: superuser, password, database: 'postgres' })
  let hasEnded = false
  const ended = running.ending.then(() => (hasEnded = true))
  for (;;) {
    const left = Math.max(deadline - performance.now(), 100)
    try {
      return await withClient(url, ask, left)
    } catch (error) {
      throwIfFinal(error, layout)
    }
    if (hasEnded) throw explainLog(layout.directory, readLog(layout.log, logged))
    if (performance.now() > deadline) throw late(layout, startSeconds, readLog(layout.log, logged))
    await Promise.race([ended, wait(20)])
  }
}

/** Classes 28 and 22: the server is there, and asking again would not help. Else it is on its way. */
function throwIfFinal(error: unknown, { directory, password }: Layout): void {
  const code = codeOf(error) ?? ''
  if (/^28...$/.test(code)) {
    throw new PostgresFailure(
      'password-mismatch',
      password,
      'the server does not accept the password in this file',
      `put back the file that belongs to ${directory}`,
    )
  }
  if (/^22...$/.test(code)) throw explainLog(directory, (error as Error).message)
}

function late({ directory }: Layout, seconds: number, log: string): PostgresFailure {
  return new PostgresFailure(
    'start-timeout',
    directory,
    `the server did not answer within ${seconds} s. Its last words:\n${lastLines(log)}\n`,
    'give it more startSeconds: after a crash it may have much to replay',
  )
}
