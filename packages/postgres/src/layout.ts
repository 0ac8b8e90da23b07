import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, type Stats } from 'node:fs'
import { join, resolve } from 'node:path'
import { codeOf, PostgresFailure } from './failure.ts'

/** The major version whose data directories these programs can run. */
const majorVersion = '18'

/** Where the parts of a cluster lie in its directory. Only `data` and `sockets` are the server's. */
export interface Layout {
  directory: string
  /** PostgreSQL's own data directory, 0700. */
  data: string
  /** The socket of clients, in a folder that only the server's account and root may enter. */
  sockets: string
  password: string
  settings: string
  access: string
  log: string
  /** Where the watchdog listens for the owner, and what it locks to be the only one. */
  watchdog: string
  lock: string
  certificates: string
}

const names = {
  data: 'data',
  sockets: 'sockets',
  password: 'superuser.password',
  settings: 'postgresql.conf',
  access: 'pg_hba.conf',
  log: 'server.log',
  watchdog: 'watchdog.sock',
  lock: 'watchdog.lock',
  certificates: 'tls',
} as const

/** Working folders and rotated files, which may lie beside the names above. */
const ours = /^(?:programs-|initdb-|server\.log\.1$|watchdog\.lock-)/

export function layoutOf(directory: string): Layout {
  const at = resolve(directory)
  const paths = Object.entries(names).map(([part, name]) => [part, join(at, name)])
  return { directory: at, ...(Object.fromEntries(paths) as Record<keyof typeof names, string>) }
}

/**
 * Makes the directory of a cluster or checks the one that is there: ours by owner and content, short
 * enough for the address of a Unix socket. As root it is passable for the server's account, which may
 * write only in what it owns; otherwise it is closed to everybody else.
 */
export function openDirectory(directory: string): Layout {
  const layout = layoutOf(directory)
  checkLength(layout)
  mkdirSync(layout.directory, { recursive: true, mode: isRoot() ? 0o711 : 0o700 })
  checkOwner(layout.directory, statSync(layout.directory))
  checkContent(layout)
  chmodSync(layout.directory, isRoot() ? 0o711 : 0o700)
  return layout
}

export function isRoot(): boolean {
  return process.geteuid!() === 0
}

/** sockaddr_un holds 108 bytes with the closing zero (unix(7)). */
function checkLength({ directory, sockets }: Layout): void {
  const longest = Buffer.byteLength(join(sockets, '.s.PGSQL.65535'))
  if (longest <= 107) return
  throw new PostgresFailure(
    'path-too-long',
    directory,
    `its path is ${longest - 107} bytes too long for the address of a Unix socket`,
    'choose a shorter path, or give a short symbolic link to it',
  )
}

function checkOwner(place: string, { uid }: Stats): void {
  const self = process.geteuid!()
  if (uid === self) return
  throw new PostgresFailure(
    'directory-foreign',
    place,
    `it belongs to user ${uid}, and this process runs as user ${self}`,
    `run as user ${uid}, or give it away with all it holds, or choose another directory`,
  )
}

function checkContent({ directory, data }: Layout): void {
  const entries = readdirSync(directory)
  const known: readonly string[] = Object.values(names)
  const strange = entries.filter((name) => !known.includes(name) && !ours.test(name))
  if (entries.includes('data')) return checkVersion(data)
  if (entries.includes('PG_VERSION')) checkVersion(directory)
  if (strange.length === 0) return
  throw new PostgresFailure(
    'not-a-cluster',
    directory,
    `it is not empty and holds no cluster of ours, but ${strange.slice(0, 3).join(', ')}`,
    'choose an empty directory, or one that does not exist yet',
  )
}

function checkVersion(data: string): void {
  const version = readVersion(data)
  if (version === majorVersion) return
  const [code, reason] =
    version === null
      ? (['not-a-cluster', 'it has no PG_VERSION, so it is no data directory'] as const)
      : (['other-major-version', `it was made by PostgreSQL ${version}`] as const)
  throw new PostgresFailure(
    code,
    data,
    `${reason}, and these programs are PostgreSQL ${majorVersion}`,
    'choose another directory, and move the data with pg_dump and pg_restore',
  )
}

function readVersion(data: string): string | null {
  try {
    return readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null
    // Somebody else's data directory lets nobody look in.
    if (codeOf(error) === 'EACCES') checkOwner(data, statSync(data))
    throw error
  }
}
