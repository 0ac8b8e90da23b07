import { readdirSync, readFileSync, statSync } from 'node:fs'
import { codeOf, PostgresFailure } from './failure.ts'
import { isRoot, type Layout } from './layout.ts'

/** Under which user a program runs, in the shape that `spawn` takes; empty for our own user. */
export type Account = { uid: number; gid: number } | Record<string, never>

/** The first number to try for a server's own user: below every range that systems hand out alone. */
const first = 47_018

/**
 * The user that the server runs as. PostgreSQL refuses to run as root, so root's clusters get a number
 * that no account of this machine has: nobody else's processes may then read the data or signal the
 * server, as they could with `nobody`. Once there is data, its owner is the answer.
 */
export function serverAccount({ data }: Layout): Account {
  const owner = ownerOf(data)
  if (!isRoot()) {
    const self = process.geteuid!()
    if (owner === null || owner.uid === self) return {}
    throw foreign(data, `it belongs to user ${owner.uid}, and this process runs as user ${self}`)
  }
  if (owner?.uid === 0) throw foreign(data, 'it belongs to root, and PostgreSQL refuses root')
  if (owner) return owner
  const taken = new Set(readAccounts().map(({ uid }) => uid))
  let uid = first
  while (taken.has(uid)) uid++
  return { uid, gid: uid }
}

/**
 * The user that initdb runs as: it insists on one with a name. It is one without a single process, so
 * that nobody can meddle while the data is made; the data is handed to the server's account afterwards.
 */
export function initdbAccount(): Account {
  if (!isRoot()) return {}
  const busy = busyUsers()
  const named = readAccounts().filter(({ uid, shell }) => uid !== 0 && !busy.has(uid) && !shell)
  const chosen = named.find(({ name }) => name === 'nobody') ?? named[0]
  if (chosen) return { uid: chosen.uid, gid: chosen.gid }
  throw new PostgresFailure(
    'account-missing',
    '/etc/passwd',
    'it has no account without a shell and without processes, and initdb must not run as root',
    'start as an ordinary user, or add an account that nothing uses',
  )
}

function ownerOf(path: string): { uid: number; gid: number } | null {
  try {
    const { uid, gid } = statSync(path)
    return { uid, gid }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

function foreign(data: string, reason: string): PostgresFailure {
  return new PostgresFailure(
    'directory-foreign',
    data,
    reason,
    'give it, with all it holds, to the user that ran the server before',
  )
}

function readAccounts(): { name: string; uid: number; gid: number; shell: boolean }[] {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => {
    const [name = '', , uid, gid, , , shell = ''] = line.split(':')
    return { name, uid: Number(uid), gid: Number(gid), shell: !/(?:nologin|false)$/.test(shell) }
  })
}

function busyUsers(): Set<number> {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return new Set(processes.flatMap((pid) => ownerOf(`/proc/${pid}`)?.uid ?? []))
}
