import { Failure } from '../src/failure.ts'
import { run } from '../src/run.ts'
import type { Terminal } from '../src/terminal.ts'

export const now = Date.parse('2026-11-20T12:00:00Z')

export interface Run {
  code: number
  out: string
  err: string
  written: Map<string, string>
}

/** Runs one command line in this process, on files that are only in memory. */
export async function runFake(
  words: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
  look: Partial<Pick<Terminal, 'width' | 'colour' | 'screen'>> = {},
): Promise<Run> {
  let out = ''
  let err = ''
  const written = new Map<string, string>()
  const inFolder = (path: string) =>
    Object.keys(files).filter(
      (file) => path === '.' || file.startsWith(`${path.replace(/\/$/, '')}/`),
    )
  const terminal: Terminal = {
    width: 80,
    colour: false,
    screen: false,
    ...look,
    env: {},
    now: () => now,
    wait: async () => {},
    interrupted: async () => {},
    fetch: () => Promise.reject(new TypeError('there is no network here')),
    isFolder: (path) => files[path] === undefined && inFolder(path).length > 0,
    writtenAt: (path) => (files[path] === undefined ? null : now),
    list: inFolder,
    readIfThere: async (path) => (files[path] === undefined ? null : terminal.read(path)),
    readSecret: (path) => terminal.read(path),
    writeSecret: (path, text) => terminal.write(path, text),
    read: async (path) => {
      const file = files[path]
      if (file === undefined) throw new Failure(path, 'there is no such file', 'name one')
      return typeof file === 'string' ? new TextEncoder().encode(file) : file
    },
    write: (path, text) => void written.set(path, text),
    print: async (chunks) => {
      for (const chunk of chunks) out += chunk
    },
    complain: (text) => void (err += text),
  }
  const code = await run(words, terminal)
  return { code, out, err, written }
}
