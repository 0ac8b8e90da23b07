import type { System } from '@kept/page'
import type { CollectorContext } from '../../foundation/capability.ts'
import { Failure } from '../../foundation/failure.ts'
import { cannotLook } from '../../foundation/look.ts'
import { loginOf, opens, withDatabase, type Login } from '../../outside/postgres.ts'

/** A database of systems.yaml, with the login that its secret holds. */
export interface Store {
  system: System
  login: Login
}

/**
 * What part of a look came to. A fault that was seen must not be hidden by something else that could
 * not be looked at, so that both are kept until the look is over.
 */
export interface Seen {
  faults: string[]
  doubts: Failure[]
}

/** Does part of a look; what it cannot see is a doubt, and the rest goes on. */
export async function look(into: Seen, part: () => Promise<void>): Promise<void> {
  try {
    await part()
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'not-connected') throw error
    into.doubts.push(error)
  }
}

export function isOf({ id }: System, { environment }: System): boolean {
  return environment?.toLowerCase() === id.toLowerCase()
}

function databases({ subjects }: CollectorContext): readonly System[] {
  return subjects.filter(({ type }) => type === 'database')
}

/** The databases of an environment, all of them: what is not looked at is not separate. */
export function storesOf(environment: System, context: CollectorContext): Store[] {
  const all = databases(context)
  const own = all.filter((one) => isOf(environment, one))
  const fix = `give each database of ${environment.id} in systems.yaml its "environment: ${environment.id}" and a "secret:" that opens it`
  if (own.length === 0) throw cannotLook(`${environment.id} has no database: ${fix}`)
  const closed = own.filter(({ secret }) => secret === null)
  if (closed.length > 0) throw cannotLook(`no secret opens ${sayIds(closed)}: ${fix}`)
  const strays = all.filter((one) => one.environment === null)
  if (strays.length > 0) {
    throw cannotLook(`systems.yaml says of ${sayIds(strays)} no environment: it may be any`)
  }
  return own.map((system) => ({ system, login: loginOf(system, context) }))
}

function sayIds(systems: readonly System[]): string {
  return systems.map(({ id }) => id).join(', ')
}

/**
 * Roles that may log in and connect to one of these databases, once for each server they are on. It
 * opens every database with its own login, which is the control of every refusal that follows.
 */
export async function countCredentials(
  context: CollectorContext,
  own: readonly Store[],
): Promise<number> {
  const credentials = new Set<string>()
  for (const { login } of own) {
    const roles = await withDatabase(context, login, async (client) => {
      const { rows } = await client.query<{ role: string }>(
        `select rolname as role from pg_roles
         where rolcanlogin and has_database_privilege(oid, current_database(), 'connect')`,
      )
      return rows
    })
    for (const { role } of roles) credentials.add(`${login.host}:${login.port} ${role}`)
  }
  return credentials.size
}

export interface Shared extends Seen {
  /** Logins of other environments that open a database of this one, each counted once. */
  logins: number
  /** All that were tried, each counted once: those that Kept holds as secrets, and no others. */
  tried: number
  /** Databases of other environments without a secret, whose logins nobody can try. */
  untried: readonly string[]
}

/**
 * Tries the login of every database of the other environments at each of this one's. A login that does
 * not open its own database is refused everywhere and shows nothing.
 */
export async function findShared(
  environment: System,
  context: CollectorContext,
  own: readonly Store[],
): Promise<Shared> {
  const found: Seen = { faults: [], doubts: [] }
  const others = databases(context).filter((one) => !isOf(environment, one))
  const known = others.filter(({ secret }) => secret !== null)
  if (known.length === 0) {
    const why = `there is no login to try at ${environment.id}`
    const fix = 'name a secret for the databases of the other environments in systems.yaml'
    found.doubts.push(cannotLook(`${why}: ${fix}`))
  }
  const [tried, shared] = [new Set<string>(), new Set<string>()]
  for (const system of known) {
    await look(found, async () => {
      const login = loginOf(system, context)
      await withDatabase(context, login, () => Promise.resolve())
      for (const one of own) {
        await look(found, async () => {
          const { user, password } = login
          const isOpen = await opens(context, { ...one.login, user, password })
          tried.add(JSON.stringify([user, password]))
          if (!isOpen) return
          shared.add(JSON.stringify([user, password]))
          const whose = `${system.id} (${system.environment})`
          found.faults.push(`the login of ${whose} opens ${one.system.id}`)
        })
      }
    })
  }
  const untried = others.filter(({ secret }) => secret === null).map(({ id }) => id)
  return { ...found, logins: shared.size, tried: tried.size, untried }
}
