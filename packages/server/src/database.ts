import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { ensureDatabase, ensureRole, scramVerifier, withClient } from '@kept/postgres'
import { escapeIdentifier, escapeLiteral, type Client } from 'pg'
import { asFailure, Failure } from './foundation/failure.ts'
import type { Roles } from './foundation/migrate.ts'
import { migrateDatabase } from './server.ts'

/** The URLs of one Kept's database, by role. They hold passwords. */
export interface Databases {
  owner: string
  server: string
  worker: string
}

/** What makes a URL for a role of the cluster. */
export type UrlFor = (address: { role: string; password: string; database: string }) => string

/**
 * Makes the database of one Kept with its three roles, or puts them right, and brings it to the
 * newest form. The passwords are drawn once and kept in a file that only its owner may read.
 */
export async function prepareDatabase(
  superuser: Client,
  urlFor: UrlFor,
  { name, secrets }: { name: string; secrets: string },
): Promise<Databases> {
  const passwords = keepPasswords(secrets)
  const roles = rolesOf(name)
  for (const role of roleNames) {
    await ensureRole(superuser, { name: roles[role], password: passwords[role] })
  }
  await ensureDatabase(superuser, {
    name,
    owner: roles.owner,
    mayConnect: [roles.server, roles.worker],
  })
  const urls = mapRoles((role) =>
    urlFor({ role: roles[role], password: passwords[role], database: name }),
  )
  await migrateDatabase(urls.owner, roles)
  return urls
}

/**
 * The same on a server that somebody else runs, by the URL of a role that may create roles and
 * databases. What is there already is only brought to the newest form. Where the role may not, the
 * SQL for an administrator is written beside the passwords that it holds.
 */
export async function prepareOnServer(
  adminUrl: string,
  { name, secrets, sql }: { name: string; secrets: string; sql: string },
): Promise<Databases> {
  const isKnown = existsSync(secrets)
  const passwords = keepPasswords(secrets)
  const roles = rolesOf(name)
  const urls = mapRoles((role) => urlOnServer(adminUrl, roles[role], passwords[role], name))
  if (!(await canConnect(Object.values(urls)))) {
    await createOnServer(adminUrl, { name, roles, passwords, isKnown, secrets, sql })
  }
  await migrateDatabase(urls.owner, roles)
  rmSync(sql, { force: true })
  return urls
}

interface Creation {
  name: string
  roles: Roles
  passwords: Passwords
  isKnown: boolean
  secrets: string
  sql: string
}

async function createOnServer(adminUrl: string, creation: Creation): Promise<void> {
  const { name, roles, isKnown, secrets, sql } = creation
  const statements = statementsFor(creation)
  await withAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ taken: boolean; able: boolean }>(
      `select exists (select from pg_database where datname = $1)
          or exists (select from pg_roles where rolname = any($2)) as taken,
        (select rolsuper or (rolcreaterole and rolcreatedb) from pg_roles where rolname = current_user) as able`,
      [name, Object.values(roles)],
    )
    const { taken, able } = rows[0]!
    if (taken) {
      if (!isKnown) rmSync(secrets, { force: true })
      throw new Failure(
        'conflict',
        `the server has a database or roles of ${name} that ${secrets} does not open`,
        {
          fix: 'start with the --data that they were made with, or remove them from the server',
        },
      )
    }
    if (!able) {
      writeFileSync(sql, `${statements.join(';\n')};\n`, { mode: 0o600 })
      throw new Failure(
        'not-allowed',
        'the role of --database may not create roles and databases',
        {
          fix: `let an administrator run: psql -d postgres -f ${sql}, then start again`,
        },
      )
    }
    for (const statement of statements) await admin.query(statement)
  })
}

/** Three roles without any power of their own, and the database that only they may open. */
function statementsFor({ name, roles, passwords }: Creation): string[] {
  const [database, owner] = [escapeIdentifier(name), escapeIdentifier(roles.owner)]
  return [
    ...roleNames.map(
      (role) =>
        `create role ${escapeIdentifier(roles[role])} login password ${escapeLiteral(scramVerifier(passwords[role]))}`,
    ),
    // Only a member of the owner may make a database for it.
    `grant ${owner} to current_user`,
    `create database ${database} owner ${owner} template template0`,
    `revoke all on database ${database} from public`,
    `grant connect on database ${database} to ${escapeIdentifier(roles.server)}, ${escapeIdentifier(roles.worker)}`,
    `revoke ${owner} from current_user`,
  ]
}

function urlOnServer(adminUrl: string, role: string, password: string, name: string): string {
  const url = new URL(adminUrl)
  url.username = encodeURIComponent(role)
  url.password = encodeURIComponent(password)
  url.pathname = `/${encodeURIComponent(name)}`
  return url.href
}

async function canConnect(urls: readonly string[]): Promise<boolean> {
  try {
    for (const url of urls) await withClient(url, (client) => client.query('select 1'))
    return true
  } catch (error) {
    // 28: who asks is not known; 3D: there is no such database. Anything else is no answer.
    if (/^(?:28|3D)/.test((error as { code?: string }).code ?? '')) return false
    throw asFailure(error)
  }
}

async function withAdmin<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  try {
    return await withClient(url, work)
  } catch (error) {
    if (error instanceof Failure) throw error
    const { code = '', message } = error as { code?: string; message: string }
    if (!/^(?:28|3D|42)/.test(code)) throw asFailure(error)
    throw new Failure('not-connected', `PostgreSQL refuses: ${message}`, {
      fix: 'give --database the URL of a role that may create roles and databases',
    })
  }
}

const roleNames = ['owner', 'server', 'worker'] as const

function mapRoles<T>(make: (role: (typeof roleNames)[number]) => T): Record<keyof Roles, T> {
  return { owner: make('owner'), server: make('server'), worker: make('worker') }
}

function rolesOf(name: string): Roles {
  return mapRoles((role) => `${name}_${role}`)
}

interface Passwords {
  owner: string
  server: string
  worker: string
}

function draw(): string {
  return randomBytes(24).toString('base64url')
}

function keepPasswords(file: string): Passwords {
  if (!existsSync(file)) {
    const drawn: Passwords = { owner: draw(), server: draw(), worker: draw() }
    writeFileSync(file, JSON.stringify(drawn), { mode: 0o600, flag: 'wx' })
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Passwords
}
