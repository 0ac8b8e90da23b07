import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

export const launcher = join(import.meta.dirname, '..', 'bin', 'kept')

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}

/** Starts a command and hands back the process and how it ended. */
export function start(
  command: string,
  words: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string } = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const env = { ...process.env, ...options.env }
  const child = spawn(command, words, { env, cwd: options.cwd, stdio: 'pipe' })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  if (options.input !== undefined) child.stdin.end(options.input)
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, out, err }))
  })
  return { child, ended }
}

/** Runs the workspace's own kept, without colour unless the test asks for it. */
export function kept(
  words: readonly string[],
  options: Parameters<typeof start>[2] = {},
): Promise<Ended> {
  const env = { NO_COLOR: undefined, FORCE_COLOR: undefined, ...options.env }
  return start(launcher, words, { input: '', ...options, env }).ended
}
