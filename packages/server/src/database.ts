import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { ensureDatabase, ensureRole } from '@kept/postgres'
import type { Client } from 'pg'
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
  const roles = { owner: `${name}_owner`, server: `${name}_server`, worker: `${name}_worker` }
  for (const [role, password] of Object.entries(passwords)) {
    await ensureRole(superuser, { name: roles[role as keyof typeof roles], password })
  }
  await ensureDatabase(superuser, {
    name,
    owner: roles.owner,
    mayConnect: [roles.server, roles.worker],
  })
  const url = (role: keyof typeof roles) =>
    urlFor({ role: roles[role], password: passwords[role], database: name })
  const urls = { owner: url('owner'), server: url('server'), worker: url('worker') }
  await migrateDatabase(urls.owner, roles)
  return urls
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
