// The process between Node and PostgreSQL: parent of the server, so that it outlives a Node that is
// killed, and its judge, so that it does not outlive it for long. Started as `watchdog.ts <directory>`
// in a session of its own, where a terminal's Ctrl-C does not reach; see README.md.
import { spawn } from 'node:child_process'
import { appendFileSync, chmodSync, closeSync, openSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { codeOf } from './failure.ts'
import { layoutOf } from './layout.ts'
import { boundLog } from './log-bound.ts'
import { processStart } from './postmaster.ts'
import { programEnvironment } from './programs.ts'
import { readMessages, send, type Ending, type Order, type Report } from './watchdog-messages.ts'

const layout = layoutOf(process.argv[2]!)

/** How long one who started us may take to become the owner. */
const ownerPatience = 30_000

interface Postmaster {
  pid: number
  /** Its beginning, for signals by pid alone; see processStart. */
  start: string | null
  ending: Promise<Ending>
  /** The last signal that was needed. */
  how: Ending['how']
}

let owner: { socket: Socket; pid: number } | null = null
let postmaster: Postmaster | null = null
let graceSeconds = 0
let stopSeconds = 30
let countdown: NodeJS.Timeout | undefined
let leaving = false

// Held here for good: a lock that is collected as garbage is a lock given up.
const lock = new DatabaseSync(layout.lock)
await takeLock()
rmSync(layout.watchdog, { force: true })
const server = createServer(greet)
server.listen(layout.watchdog, () => chmodSync(layout.watchdog, 0o600))
countdown = setTimeout(leave, ownerPatience)
process.on('SIGTERM', () => void stopAndLeave('SIGTERM'))
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
process.on('uncaughtException', (error) => {
  note(`watchdog fails: ${error.stack ?? error.message}`)
  void stopAndLeave('a fault of the watchdog')
})

/**
 * Only one watchdog a directory. Node has no file locks, SQLite has: a lock of the kernel's, which goes
 * when the process does, however it goes, so that no lock is ever stale. Whoever started us and no
 * longer waits has closed our standard input.
 */
async function takeLock(): Promise<void> {
  let awaited = true
  process.stdin.on('close', () => (awaited = false)).resume()
  lock.exec('pragma journal_mode = off')
  while (!tryLock()) {
    if (!awaited) process.exit(0)
    await wait(20)
  }
}

function tryLock(): boolean {
  try {
    lock.exec('begin exclusive')
    return true
  } catch {
    return false
  }
}

/** Ownership is a connection: the kernel ends it with its process, and nothing has to be found stale. */
function greet(socket: Socket): void {
  socket.on('error', () => socket.destroy())
  readMessages(socket, (order) => obey(socket, order as Order))
  socket.on('close', () => {
    if (owner?.socket !== socket) return
    owner = null
    if (postmaster === null) return leave()
    note(`watchdog: the owner is gone; the server stops in ${graceSeconds} s unless one comes`)
    countdown = setTimeout(() => void stopAndLeave('no owner came'), graceSeconds * 1000)
  })
}

function obey(socket: Socket, order: Order): void {
  if (order.do === 'own') return void own(socket, order)
  if (owner?.socket !== socket) return
  if (order.do === 'start') start(order)
  else if (order.do === 'watch') watch(order.pid)
  else void stopServer()
}

async function own(socket: Socket, order: Order & { do: 'own' }): Promise<void> {
  // The end of a killed owner's connection may reach us just after the greeting of the next.
  if (owner) await Promise.race([once(owner.socket, 'close'), wait(200)])
  if (leaving || socket.destroyed) return void socket.destroy()
  if (owner) {
    send(socket, { refused: owner.pid })
    return void socket.end()
  }
  clearTimeout(countdown)
  owner = { socket, pid: order.pid }
  graceSeconds = order.graceSeconds
  stopSeconds = order.stopSeconds
  tell({ owned: postmaster?.pid ?? null, watchdog: process.pid })
}

function start({ program, words, account }: Order & { do: 'start' }): void {
  const log = openSync(layout.log, 'a', 0o600)
  const stdio: ['ignore', number, number] = ['ignore', log, log]
  const child = spawn(program, words, { ...account, stdio, env: programEnvironment, cwd: '/' })
  closeSync(log)
  child.on('error', (error) => {
    postmaster = null
    tell({ failed: error.message, code: codeOf(error) ?? null })
  })
  const { pid } = child
  if (pid === undefined) return
  const ending = new Promise<Omit<Ending, 'how'>>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }))
  })
  take(pid, ending)
}

/** A server that is not our child, left behind by a watchdog that was killed. */
function watch(pid: number): void {
  const begun = processStart(pid)
  const gone = async () => {
    for (let now = begun; now !== null && now === begun; now = processStart(pid)) await wait(100)
    return { code: null, signal: null }
  }
  take(pid, gone())
}

function take(pid: number, ended: Promise<Omit<Ending, 'how'>>): void {
  const taken: Postmaster = {
    pid,
    start: processStart(pid),
    how: 'itself',
    ending: ended.then((ending) => ({ ...ending, how: taken.how })),
  }
  postmaster = taken
  const bounding = setInterval(() => boundLog(layout.log), 1000)
  tell({ started: pid })
  void end(taken, bounding)
}

async function end({ ending }: Postmaster, bounding: NodeJS.Timeout): Promise<void> {
  const ended = await ending
  clearInterval(bounding)
  postmaster = null
  tell({ ended })
  if (owner === null) leave()
}

/** Fast, then immediate, then by force; each step beyond the first is written down. */
async function stopServer(): Promise<void> {
  const stopping = postmaster
  if (stopping === null || stopping.how !== 'itself') return
  await step(stopping, 'SIGINT', 'fast', stopSeconds)
  await step(stopping, 'SIGQUIT', 'immediate', 10)
  await step(stopping, 'SIGKILL', 'killed', 10)
}

async function step(
  stopping: Postmaster,
  signal: NodeJS.Signals,
  how: Ending['how'],
  seconds: number,
): Promise<void> {
  if (postmaster !== stopping) return
  if (how !== 'fast') note(`watchdog: the server still runs, so it is stopped with ${signal}`)
  stopping.how = how
  if (processStart(stopping.pid) === stopping.start) process.kill(stopping.pid, signal)
  await Promise.race([stopping.ending, wait(seconds * 1000)])
}

/** From here on nobody becomes the owner: who comes starts another watchdog, which waits for the lock. */
async function stopAndLeave(reason: string): Promise<void> {
  leaving = true
  rmSync(layout.watchdog, { force: true })
  server.close()
  note(`watchdog: stops the server: ${reason}`)
  await stopServer()
  await postmaster?.ending
  leave()
}

function leave(): void {
  rmSync(layout.watchdog, { force: true })
  process.exit(0)
}

function tell(report: Report): void {
  if (owner) send(owner.socket, report)
}

function note(line: string): void {
  try {
    appendFileSync(layout.log, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 })
  } catch {
    // A full disk must not keep a server from being stopped.
  }
}
