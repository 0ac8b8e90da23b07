import type { System } from '@kept/page'
import type { CollectorContext } from '../../foundation/capability.ts'
import { takeTurn } from '../../outside/turn.ts'
import { cannotLook, collector, seen } from '../../foundation/look.ts'
import { loginOf, withDatabase } from '../../outside/postgres.ts'
import type { Answer } from '../../outside/request.ts'
import { openService, type More } from '../../outside/service.ts'
import {
  canariesPath,
  checkOperations,
  readCanaries,
  tokensOf,
  type Canaries,
  type Operation,
} from './probe/canaries.ts'
import { findCopies } from './copies.ts'
import { tryCanaries } from './database-try.ts'
import { fill } from './probe/fill.ts'
import { operationsOf } from './probe/openapi.ts'
import { probe, type Probed } from './probe/probe.ts'
import type { Aside, Caller, Objects } from './probe/trial.ts'
import { conventionOf } from '../../outside/tenant-tables.ts'
import { findHoles, sayHoles } from './holes.ts'

export const rowSecurityCollector = collector({
  kind: 'database.row-security',
  of: ['database'],
  every: 3600,
  timeout: 300,
  async collect(subject, context) {
    const convention = conventionOf(subject)
    return await withDatabase(context, loginOf(subject, context), async (client) => {
      const { roles, tables, holes } = await findHoles(client, convention)
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
      return seen(measured, holes.length === 0 ? null : sayHoles(holes))
    })
  },
})

export const isolationCollector = collector({
  kind: 'service.isolation-probe',
  of: ['service'],
  every: 600,
  timeout: 300,
  async collect(subject, context) {
    const app = await openApp(subject, context)
    const { operations, crossings } = await takeTurn(app.base, () => tryApp(app))
    const said = crossings.slice(0, 10).map(({ operation, why }) => `${operation}: ${why}`)
    const measured = { operations, crossed: crossings.length }
    return seen(measured, said.length > 0 ? said.join('; ') : null)
  },
})

async function tryApp(app: App): Promise<Probed> {
  const canaries = await readApp(app)
  const send = async (as: Caller, operation: Operation, objects: Objects, aside: Aside = {}) => {
    const { path, ...more } = fill(operation, objects, aside)
    return await app.ask(as, operation.method, path, more)
  }
  return await probe(canaries, send, app.hasLesser)
}

interface App {
  base: string
  hasLesser: boolean
  ask(as: Caller, method: string, path: string, more?: More): Promise<Answer>
}

/** What the app says of itself, and each operation of its OpenAPI document if it names one. */
async function readApp(app: App): Promise<Canaries> {
  const read = async (path: string) => {
    const answer = await app.ask({ tenant: 'a' }, 'GET', path, { mostBytes: 16 * 1_048_576 })
    if (answer.status === 200) return answer.body
    throw cannotLook(`${app.base}${path} answers with status ${answer.status}`)
  }
  const where = `${app.base}${canariesPath}`
  const canaries = readCanaries(await read(canariesPath), where)
  const { openapi } = canaries
  const operations =
    openapi === undefined
      ? canaries.operations
      : operationsOf(await read(openapi), canaries, `${app.base}${openapi}`)
  const all = { ...canaries, operations }
  checkOperations(all, where)
  return all
}

async function openApp(subject: System, context: CollectorContext): Promise<App> {
  const tokens = tokensOf(subject, context)
  const service = await openService(subject, context)
  return {
    base: service.base,
    hasLesser: tokens.lesser !== undefined,
    async ask({ tenant, lesser }, method, path, more = {}) {
      const token = tenant === null ? null : (lesser ? tokens.lesser! : tokens)[tenant]
      const type = more.body === undefined ? {} : { 'content-type': 'application/json' }
      const headers = { ...more.headers, ...type }
      const answer = await service.ask(token, method, path, { ...more, headers })
      // No document promises HEAD: not to know it is no fault.
      if (answer.status < 500 || method === 'HEAD') return answer
      throw cannotLook(`${method} ${path} came to nothing (status ${answer.status})`)
    },
  }
}

export const collectors = [isolationCollector, rowSecurityCollector]
