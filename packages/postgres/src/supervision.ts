import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { extname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Account } from './account.ts'
import { codeOf, PostgresFailure } from './failure.ts'
import type { Layout } from './layout.ts'
import { explainLog, logSize, readLog } from './log.ts'
import { processStart } from './postmaster.ts'
import { programEnvironment } from './programs.ts'
import { readMessages, send, type Ending, type Order, type Report } from './watchdog-messages.ts'

/** Our ownership of a directory: the open connection to its watchdog. */
export interface Supervision {
  /** The server that ran when we came. */
  found: Running | null
  watchdog: number
  start(program: string, words: readonly string[], account: Account): Promise<Running>
  watch(pid: number): Promise<Running>
  stop(): void
  /** Gives up ownership. Without a server the watchdog is gone then; with one it waits for the grace. */
  release(): Promise<void>
  /** Whether the connection keeps this process alive. */
  hold(held: boolean): void
  /** Settles when the watchdog is gone. */
  closed: Promise<void>
}

export interface Running {
  pid: number
  /** Settles when the server has ended; `unknown` when the watchdog went first. */
  ending: Promise<Ending>
}

export interface Patience {
  graceSeconds: number
  stopSeconds: number
  /** How long a watchdog that is just stopping the server of a former owner is waited for. */
  waitSeconds: number
}

/** Becomes the owner of a directory, by its watchdog; starts one when there is none. */
export async function own(layout: Layout, patience: Patience): Promise<Supervision> {
  const deadline = performance.now() + patience.waitSeconds * 1000
  const logged = logSize(layout.log)
  let started: ChildProcess | null = null
  try {
    for (;;) {
      const socket = await connect(layout.watchdog)
      const owned = socket && (await claim(socket, layout, patience))
      if (owned) return owned
      if (started?.exitCode) throw explainLog(layout.directory, readLog(layout.log, logged))
      if (started === null || started.exitCode === 0) started = startWatchdog(layout)
      if (performance.now() > deadline) throw late(layout, patience)
      await wait(10)
    }
  } finally {
    // A watchdog that still waits for the lock of another one leaves when its input closes.
    started?.stdin?.destroy()
  }
}

/** Beside this file, as source or as built. */
const script = join(import.meta.dirname, `watchdog${extname(import.meta.filename)}`)

/** In a session of its own, without our environment, arguments of Node, or descriptors. */
function startWatchdog({ directory, log }: Layout): ChildProcess {
  const complaints = openSync(log, 'a', 0o600)
  const child = spawn(process.execPath, ['--no-warnings', script, directory], {
    detached: true,
    stdio: ['pipe', 'ignore', complaints],
    env: programEnvironment,
    cwd: '/',
  })
  closeSync(complaints)
  child.on('error', () => {})
  child.stdin?.on('error', () => {})
  child.unref()
  return child
}

async function connect(address: string): Promise<Socket | null> {
  const socket = createConnection(address)
  const { promise, resolve, reject } = Promise.withResolvers<Socket | null>()
  socket.on('connect', () => resolve(socket))
  socket.on('error', (error) => {
    const absent = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(codeOf(error) ?? '')
    if (absent) resolve(null)
    else reject(error)
  })
  return promise
}

/** Asks to be the owner; null when the watchdog left in the meantime. */
async function claim(
  socket: Socket,
  layout: Layout,
  patience: Patience,
): Promise<Supervision | null> {
  const reports = new Reports(socket)
  const { graceSeconds, stopSeconds } = patience
  send(socket, { do: 'own', pid: process.pid, graceSeconds, stopSeconds })
  const report = await reports.next()
  if (report !== null && 'refused' in report) throw refused(layout, report.refused)
  if (report === null || !('owned' in report)) return null
  return supervise(socket, reports, report)
}

function supervise(
  socket: Socket,
  reports: Reports,
  { owned, watchdog }: Extract<Report, { owned: unknown }>,
): Supervision {
  const begun = processStart(watchdog)
  let serves = owned !== null
  const ask = async (order: Order): Promise<Running> => {
    send(socket, order)
    const report = await reports.next()
    if (report !== null && 'started' in report) {
      serves = true
      return { pid: report.started, ending: end() }
    }
    throw Object.assign(new Error(report && 'failed' in report ? report.failed : 'it is gone'), {
      code: report && 'failed' in report ? report.code : null,
    })
  }
  const end = async (): Promise<Ending> => {
    const report = await reports.next()
    serves = false
    return report !== null && 'ended' in report
      ? report.ended
      : { code: null, signal: null, how: 'unknown' }
  }
  return {
    found: owned === null ? null : { pid: owned, ending: end() },
    watchdog,
    closed: reports.closed,
    start: (program, words, account) => ask({ do: 'start', program, words, account }),
    watch: (pid) => ask({ do: 'watch', pid }),
    stop: () => send(socket, { do: 'stop' }),
    hold: (held) => void (held ? socket.ref() : socket.unref()),
    release: async () => {
      socket.ref().end()
      await reports.closed
      if (!serves) await untilGone(watchdog, begun)
    },
  }
}

async function untilGone(pid: number, begun: string | null): Promise<void> {
  for (let now = begun; now !== null && now === begun; now = processStart(pid)) await wait(2)
}

/** The watchdog's reports in their order; null when it is gone. */
class Reports {
  readonly closed: Promise<void>
  private readonly arrived: Report[] = []
  private wake = Promise.withResolvers<void>()
  private isClosed = false

  constructor(socket: Socket) {
    readMessages(socket, (report) => {
      this.arrived.push(report as Report)
      this.signal()
    })
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.isClosed = true
        this.signal()
        resolve()
      })
    })
  }

  async next(): Promise<Report | null> {
    while (this.arrived.length === 0 && !this.isClosed) await this.wake.promise
    return this.arrived.shift() ?? null
  }

  private signal(): void {
    this.wake.resolve()
    this.wake = Promise.withResolvers<void>()
  }
}

function refused({ directory }: Layout, pid: number): PostgresFailure {
  const who = pid === process.pid ? 'this process itself' : `process ${pid}`
  return new PostgresFailure(
    'already-owned',
    directory,
    `${who} (pid ${pid}) runs the cluster there`,
    'use its address, stop that process, or choose another directory',
  )
}

function late({ directory }: Layout, { waitSeconds }: Patience): PostgresFailure {
  return new PostgresFailure(
    'start-timeout',
    directory,
    `no watchdog of it answered within ${waitSeconds} s; one that is stopping a server may take long`,
    'start again, and see the end of server.log',
  )
}
