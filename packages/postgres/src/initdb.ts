import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { initdbAccount, type Account } from './account.ts'
import type { Layout } from './layout.ts'
import { explainLog } from './log.ts'
import { scramVerifier } from './password.ts'
import { runProgram } from './programs.ts'

/** The role that initdb makes; it may do everything. */
export const superuser = 'postgres'

/**
 * Locale and encoding come with PostgreSQL itself, so that a cluster sorts the same on every machine and
 * needs no locale of the system. initdb is given the password's verifier, never the password.
 */
const words = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--data-checksums',
  '--auth=scram-sha-256',
  `--username=${superuser}`,
  '--no-instructions',
  // A new segment of the log is filled with zeros while every commit waits: 60 ms for the usual 16 MB.
  '--wal-segsize=2',
]

export interface Initial {
  programs: string
  account: Account
  password: string
  /** Whether the files are to be on disk before the directory counts as made. */
  sync: boolean
}

/** Makes the data directory: whole, or not at all. */
export async function initialise(layout: Layout, initial: Initial): Promise<void> {
  removeUnfinished(layout)
  const work = mkdtempSync(join(layout.directory, 'initdb-'))
  const maker = initdbAccount()
  const [made, verifier] = [join(work, 'data'), join(work, 'verifier')]
  mkdirSync(made, { mode: 0o700 })
  writeFileSync(verifier, scramVerifier(initial.password), { mode: 0o600 })
  for (const path of [made, verifier]) giveTo(path, maker)
  if ('uid' in maker) chmodSync(work, 0o711)
  const where = [`--pgdata=${made}`, `--pwfile=${verifier}`]
  const initdb = join(initial.programs, 'bin', 'initdb')
  const sync = initial.sync ? [] : ['--no-sync']
  const { code, output } = await runProgram(initdb, [...words, ...where, ...sync], maker)
  if (code !== 0) {
    removeUnfinished(layout)
    throw explainLog(layout.directory, output)
  }
  chmodSync(work, 0o700)
  giveTree(made, initial.account)
  renameSync(made, layout.data)
  removeUnfinished(layout)
}

function removeUnfinished({ directory }: Layout): void {
  for (const name of readdirSync(directory).filter((one) => one.startsWith('initdb-'))) {
    rmSync(join(directory, name), { recursive: true, force: true })
  }
}

export function giveTo(path: string, account: Account): void {
  if ('uid' in account) chownSync(path, account.uid, account.gid)
}

/** Links themselves are given, not what they point to. */
function giveTree(top: string, account: Account): void {
  if (!('uid' in account)) return
  lchownSync(top, account.uid, account.gid)
  for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
    lchownSync(join(entry.parentPath, entry.name), account.uid, account.gid)
  }
}
