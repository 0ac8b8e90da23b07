import type { System } from '@kept/page'
import type { CollectorContext } from '../../foundation/capability.ts'
import { addressOf, cannotLook, collector, seen } from '../../foundation/look.ts'
import { loginOf, withDatabase } from '../../outside/postgres.ts'
import { findPlace, isLoopback, type Place } from '../../outside/reach.ts'
import { request, type Answer } from '../../outside/request.ts'
import { findBypasses } from './bypasses.ts'
import { canariesPath, readCanaries, tokensOf, type Operation, type Tokens } from './canaries.ts'
import { findCopies } from './copies.ts'
import { tryCanaries } from './database-try.ts'
import { findUncovered, type Hole } from './policies.ts'
import { probe, type Name, type Objects } from './probe.ts'
import { findStandingTenants } from './standing.ts'
import {
  conventionOf,
  findAppRoles,
  findTenantTables,
  reachable,
} from '../../outside/tenant-tables.ts'

export const rowSecurityCollector = collector({
  kind: 'database.row-security',
  of: ['database'],
  every: 3600,
  timeout: 300,
  async collect(subject, context) {
    const convention = conventionOf(subject)
    return await withDatabase(context, loginOf(subject, context), async (client) => {
      const all = await findTenantTables(client, convention)
      const roles = all.length === 0 ? [] : await findAppRoles(client, convention, all)
      const tables = await reachable(client, all, roles)
      const holes = [
        ...(await findUncovered(client, convention, tables, roles)),
        ...(await findBypasses(client, convention, all, roles)),
        ...(await findStandingTenants(client, convention, roles)),
      ]
      const { canaries } = convention
      // What the catalog shows open needs no trial, and must not be hidden by one that cannot run.
      const canariesTried = canaries !== null && tables.length > 0 && holes.length === 0
      if (canariesTried) {
        holes.push(...(await tryCanaries(client, convention, canaries, tables, roles)))
        const copies = await findCopies(client, convention, canaries, tables, roles)
        holes.push(...copies.holes)
        if (holes.length === 0 && copies.doubts.length > 0) {
          throw cannotLook(copies.doubts.slice(0, 10).join('; '))
        }
      }
      const measured = {
        tables: tables.length,
        uncovered: new Set(holes.map(({ at }) => at)).size,
        keys: tables.length > 0 ? [convention.column.replaceAll('_', '-')] : [],
        canariesTried,
      }
      return seen(measured, sayHoles(holes))
    })
  },
})

function sayHoles(holes: readonly Hole[]): string | null {
  if (holes.length === 0) return null
  const said = holes.slice(0, 10).map(({ at, why }) => `${at}: ${why}`)
  return [...said, ...(holes.length > 10 ? [`and ${holes.length - 10} more`] : [])].join('; ')
}

export const isolationCollector = collector({
  kind: 'service.isolation-probe',
  of: ['service'],
  every: 600,
  timeout: 300,
  async collect(subject, context) {
    const app = await openApp(subject, context)
    const where = `${app.base}${canariesPath}`
    const first = await app.ask('a', 'GET', canariesPath)
    if (first.status !== 200) throw cannotLook(`${where} answers with status ${first.status}`)
    const canaries = readCanaries(first.body, where)
    const { operations, crossings } = await probe(canaries, async (as, operation, objects) => {
      const { path, body } = fill(operation, objects)
      return await app.ask(as, operation.method, path, body)
    })
    const said = crossings.slice(0, 10).map(({ operation, why }) => `${operation}: ${why}`)
    const measured = { operations, crossed: crossings.length }
    return seen(measured, said.length > 0 ? said.join('; ') : null)
  },
})

interface App {
  base: string
  ask(as: Name, method: string, path: string, body?: string): Promise<Answer>
}

async function openApp(subject: System, context: CollectorContext): Promise<App> {
  const address = addressOf(subject)
  const url = URL.parse(/^https?:\/\//i.test(address) ? address : `https://${address}`)
  if (!url) throw cannotLook(`the address "${address}" of ${subject.id} is no host or URL`)
  const tokens = tokensOf(subject, context)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const place = await findPlace(context, url.hostname, port)
  mayCarryTokens(url, place)
  const base = url.href.replace(/\/$/, '')
  return {
    base,
    async ask(as, method, path, body) {
      const asking = { method, headers: headersOf(tokens, as, body), ...(body && { body }) }
      const answer = await request(context, place, new URL(base + path), asking)
      if ('status' in answer && answer.status < 500) return answer
      const what = 'status' in answer ? `status ${answer.status}` : answer.code
      throw cannotLook(`${method} ${path} came to nothing (${what})`)
    },
  }
}

/** A token never goes unencrypted to another machine. */
function mayCarryTokens(url: URL, place: Place): void {
  if (url.protocol === 'https:' || isLoopback(place.address)) return
  throw cannotLook(`${url.host} is not encrypted, and tokens are not sent in the clear`)
}

function headersOf(tokens: Tokens, as: Name, body: string | undefined): Record<string, string> {
  return {
    authorization: `Bearer ${tokens[as]}`,
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
}

/** Puts the ids of objects in the place of `{name}`. */
function fill({ path, body }: Operation, objects: Objects): { path: string; body?: string } {
  const idOf = (name: string) => {
    const id = objects[name]
    if (id === undefined) throw cannotLook(`the canaries have no object named ${name}`)
    return id
  }
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(idOf(name)))
  if (body === undefined) return { path: filled }
  const text = JSON.stringify(body).replace(/"\{(\w+)\}"/g, (_, name: string) =>
    JSON.stringify(idOf(name)),
  )
  return { path: filled, body: text }
}

export const collectors = [isolationCollector, rowSecurityCollector]
