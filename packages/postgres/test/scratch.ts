import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ClusterOptions } from '../src/index.ts'

const made: string[] = []

/** A new empty directory with a short path, which `removeScratch` removes. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'kept-pg-'))
  made.push(directory)
  return directory
}

/** Ends, by pid, what still runs in our directories, removes them, and fails if something ran. */
export async function removeScratch(): Promise<void> {
  const left = made.flatMap((directory) => processesOf(directory))
  for (const { pid } of left) kill(pid)
  while (left.some(({ pid }) => isAlive(pid))) await wait(20)
  for (const directory of made) rmSync(directory, { recursive: true, force: true })
  if (left.length > 0) throw new Error(`left running: ${left.map(({ words }) => words).join('; ')}`)
}

/** For tests: nothing has to survive the machine. */
export const quick = { fsync: false }

/** What names a directory or works in it: watchdogs, postmasters, and their processes. */
export function processesOf(directory: string): { pid: number; words: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).flatMap((pid) => {
    if (pid === process.pid) return []
    const words = tryRead(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')
    const folder = tryRead(() => readlinkSync(`/proc/${pid}/cwd`))
    return words.includes(directory) || folder.startsWith(directory) ? [{ pid, words }] : []
  })
}

export function watchdogOf(directory: string): number {
  return processesOf(directory).find(({ words }) => /watchdog\.[jt]s/.test(words))!.pid
}

export async function untilNoProcess(directory: string): Promise<void> {
  while (processesOf(directory).length > 0) await wait(20)
}

export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It is gone already, which is what is wanted.
  }
}

export function isAlive(pid: number): boolean {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return stat !== '' && !/\) [ZX] /.test(stat)
}

function tryRead(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

/** What an owner in a process of its own says once its cluster runs, or why it does not. */
export interface Said {
  pid: number
  port: number
  adopted: boolean
  url: string
  code: string | undefined
}

/** Starts a cluster in another Node process, which owns it until it is killed. */
export async function startOwner(
  options: ClusterOptions,
  program = join(import.meta.dirname, 'owner.ts'),
): Promise<{ said: Said; owner: number; killed: () => Promise<void> }> {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    // A process group of its own, as a shell gives to what it runs in the foreground.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const gone = new Promise<void>((resolve) => {
    child.on('exit', () => resolve())
  })
  const said = await new Promise<Said>((resolve, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more
      if (text.endsWith('\n')) resolve(JSON.parse(text) as Said)
    })
    child.on('exit', (code) => reject(new Error(`the owner ended with ${code}`)))
  })
  const killed = async () => {
    child.kill('SIGKILL')
    await gone
  }
  return { said, owner: child.pid!, killed }
}
