import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeFileSync,
  writeSync,
  type Stats,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Instant } from '@kept/page'
import { didYouMean } from '@kept/page'
import { Failure } from './failure.ts'

/** The world outside: the only place of this package that reads, writes or looks at the clock. */
export interface Terminal {
  /** Columns to wrap at. */
  width: number
  colour: boolean
  /** Whether the output goes to a screen, where a page's control characters could do harm. */
  screen: boolean
  env: Readonly<Record<string, string | undefined>>
  now: () => Instant
  wait: (milliseconds: number) => Promise<void>
  /** Settles at the first SIGINT or SIGTERM; the second ends the process at once. */
  interrupted: () => Promise<void>
  fetch: typeof fetch
  isFolder: (path: string) => boolean
  /** When a file was last written; null when there is none. */
  writtenAt: (path: string) => Instant | null
  /** The files in a folder and the folders in it, in order, without what is hidden or installed. */
  list: (folder: string) => string[]
  /** Reads a file whole; `-` is standard input. */
  read: (path: string) => Promise<Uint8Array>
  /** The same, or null when there is no such file. */
  readIfThere: (path: string) => Promise<Uint8Array | null>
  /** Reads a file that only its owner may read. */
  readSecret: (path: string) => Promise<Uint8Array>
  write: (path: string, text: string) => void
  /** Writes a new file that only its owner may read; one that is there stays as it is. */
  writeSecret: (path: string, text: string) => void
  print: (chunks: Iterable<string>) => Promise<void>
  complain: (text: string) => void
}

const mostBytes = 256 * 1024 * 1024
const batchSize = 64 * 1024

export function openTerminal(): Terminal {
  const { env } = process
  const { isTTY, columns } = mayBeScreen() ? process.stdout : { isTTY: false, columns: 0 }
  return {
    width: Math.min(Math.max(columns || 80, 40), 120),
    colour: wantsColour(env, isTTY),
    screen: isTTY,
    env,
    now: () => Date.now(),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    interrupted,
    fetch: globalThis.fetch,
    isFolder: (path) => lookAt(path)?.isDirectory() ?? false,
    writtenAt: (path) => lookAt(path)?.mtimeMs ?? null,
    list,
    read: readAll,
    readIfThere,
    readSecret,
    write: writeAll,
    writeSecret,
    print: async (chunks) => {
      for (const batch of batches(chunks)) if (!(await written(batch))) return
    },
    complain,
  }
}

/** Node opens a stream when it is first asked for it, and most runs complain of nothing. */
function complain(text: string): void {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => {})
  process.stderr.write(text)
}

/** https://no-color.org comes first: who asked for none gets none. */
export function wantsColour(env: NodeJS.ProcessEnv, isTTY: boolean): boolean {
  if (env['NO_COLOR']) return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return isTTY && env['TERM'] !== 'dumb'
}

function* batches(chunks: Iterable<string>): Generator<string> {
  let batch = ''
  for (const chunk of chunks) {
    batch += chunk
    if (batch.length < batchSize) continue
    yield batch
    batch = ''
  }
  if (batch) yield batch
}

/** Node's own stream of the output takes longer to load than a page to be read: only a screen needs it. */
function mayBeScreen(): boolean {
  try {
    const { rdev, mode } = fstatSync(1)
    // A device, and not one of memory, as /dev/null is.
    return (mode & constants.S_IFMT) === constants.S_IFCHR && rdev >> 8 !== 1
  } catch {
    return false
  }
}

/** Waits until the text is out, so that a slow reader bounds memory; false when nobody reads. */
async function written(text: string): Promise<boolean> {
  let rest: Uint8Array = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      const code = errorCode(error)
      // The reader of a pipe may leave early, as `head` does: that is no failure of ours.
      if (code === 'EPIPE' || code === 'EBADF') return false
      if (code !== 'EAGAIN') throw explainWriting('<stdout>', error)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  return true
}

async function readAll(path: string): Promise<Uint8Array> {
  const place = path === '-' ? '<stdin>' : path
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of path === '-' ? process.stdin : chunksOf(path)) {
      size += chunk.length
      if (size > mostBytes) {
        throw new Failure(place, 'it is larger than 256 MB', 'split it, or name another file')
      }
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof Failure ? error : explainReading(path, error)
  }
  return Buffer.concat(chunks)
}

/** Node's own streams and promises of files take longer to load than a page to be read. */
function* chunksOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r')
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(batchSize)
      const length = readSync(file, chunk)
      if (length === 0) return
      yield chunk.subarray(0, length)
    }
  } finally {
    closeSync(file)
  }
}

function explainReading(path: string, error: unknown): Failure {
  const code = errorCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const near = didYouMean(basename(path), namesIn(dirname(path)))
    const fix = near ? `did you mean ${near}?` : 'name a file that exists'
    return new Failure(path, 'there is no such file', fix)
  }
  if (code === 'EISDIR') return new Failure(path, 'it is a folder', 'name a file in it')
  if (code === 'EACCES' || code === 'EPERM') {
    return new Failure(path, 'it may not be read', 'allow this user to read it')
  }
  return new Failure(path, `it cannot be read (${code})`, 'name a file that can be read')
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** What lies at a path, or null when nothing does that can be looked at. */
function lookAt(path: string): Stats | null {
  try {
    return statSync(path)
  } catch {
    return null
  }
}

function list(folder: string): string[] {
  const names = namesIn(folder).filter((name) => !name.startsWith('.') && name !== 'node_modules')
  return names.toSorted().flatMap((name) => {
    const path = folder === '.' ? name : `${folder.replace(/\/$/, '')}/${name}`
    if (!lookAt(path)?.isDirectory()) return [path]
    // A link to a folder may lead back.
    return lstatSync(path).isSymbolicLink() ? [] : list(path)
  })
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  return lookAt(path) ? readAll(path) : null
}

async function readSecret(path: string): Promise<Uint8Array> {
  const there = lookAt(path)
  if (there?.isFile() && (there.mode & 0o077) !== 0) {
    const fix = `chmod 600 ${path}, and think about who may have read it`
    throw new Failure(path, 'others can read this key', fix)
  }
  return readAll(path)
}

function writeSecret(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      throw new Failure(path, 'it is there already, and stays as it is', 'name a new file')
    }
    throw explainWriting(path, error)
  }
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      process.on(signal, () => {
        // Whoever asks twice does not want to wait.
        if (asked) process.exit(code)
        asked = true
        resolve()
      })
    }
  })
}

function writeAll(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw explainWriting(path, error)
  }
}

function explainWriting(path: string, error: unknown): Failure {
  const code = errorCode(error)
  const fix =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'make room on the disk, or write to another one'
      : path === '<stdout>'
        ? 'send the output to a file or program that takes it'
        : 'name a file in a folder this user may write'
  return new Failure(path, `it cannot be written (${code})`, fix)
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown reason'
}
