import { z } from 'zod'
import type { System } from '@kept/page'
import type { CollectorContext } from '../../foundation/capability.ts'
import { cannotLook, secretOf } from '../../foundation/look.ts'
import { openService, type Service } from '../../outside/service.ts'
import { inOrder, nameOf, type ServedRoute } from './reviews.ts'

/** Where the guard in an app tells what it counted and which routes there are. */
export const reportPath = '/.well-known/kept-guard'
const canariesPath = '/.well-known/kept-canaries'

const count = z.int().nonnegative()
const word = z.string().min(1).max(2000)

const report = z.looseObject({
  /** Which of the processes of the app it speaks for. */
  instance: word,
  since: word,
  requests: count,
  undecided: count,
  routes: z
    .array(
      z.looseObject({
        method: word.transform((said) => said.toUpperCase()),
        path: word,
        action: word.nullable(),
        public: z.boolean(),
      }),
    )
    .max(10_000),
})
export type Report = z.output<typeof report>

/** What the guards of all processes that were found say together. */
export interface Reports {
  /** By instance. */
  each: ReadonlyMap<string, Report>
  requests: number
  undecided: number
  /** Without those that Kept itself asks for. */
  routes: ServedRoute[]
}

/** The secret of the service; `a` is the token of a canary, which isolation reads too. */
const tokens = z.looseObject({ a: z.string().min(1), report: z.string().min(1) })

/** What an app says of its canaries, as far as it is needed here. */
const canaries = z.looseObject({
  openapi: z.string().startsWith('/').max(500).optional(),
  tenants: z.looseObject({
    a: z.looseObject({ objects: z.record(z.string(), z.string().min(1).max(200)) }),
  }),
})

/** An app with a guard, and what opens it. */
export interface Guarded {
  service: Service
  tokens: z.output<typeof tokens>
}

export async function openGuarded(subject: System, context: CollectorContext): Promise<Guarded> {
  const reading = tokens.safeParse(parse(secretOf(subject, context)))
  if (!reading.success) {
    throw cannotLook(
      `the secret of ${subject.id} is not {"a": "<token of a canary>", ..., "report": "<token of the guard's report>"}`,
    )
  }
  return { service: await openService(subject, context), tokens: reading.data }
}

/** So often it is asked, each time over a new connection, until so many answers brought no new process. */
const [mostAsked, quiet] = [40, 6]

/** Asks until no further process of the app answers; of each its last word counts. */
export async function readReports(guarded: Guarded): Promise<Reports> {
  const each = new Map<string, Report>()
  let since = 0
  for (let asked = 0; asked < mostAsked && since < quiet; asked++) {
    const one = await readReport(guarded)
    since = each.has(one.instance) ? since + 1 : 0
    each.set(one.instance, one)
  }
  const all = [...each.values()]
  const routes = new Map(
    all.flatMap((one) => inOrder(one.routes).map((route) => [nameOf(route), route] as const)),
  )
  return {
    each,
    requests: all.reduce((sum, { requests }) => sum + requests, 0),
    undecided: all.reduce((sum, { undecided }) => sum + undecided, 0),
    routes: inOrder([...routes.values()].filter(({ path }) => !isKepts(path))),
  }
}

function isKepts(path: string): boolean {
  return path === reportPath || path === canariesPath
}

/** What one process says, whichever answers. */
export async function readReport({ service, tokens: { report: token } }: Guarded): Promise<Report> {
  const text = await read(service, token, reportPath)
  const reading = report.safeParse(parse(text))
  if (reading.success) return reading.data
  const [issue] = reading.error.issues
  const at = issue!.path.map(String).join('/')
  throw cannotLook(
    `${service.base}${reportPath} is no report of a guard: /${at}: ${issue!.message}`,
  )
}

export async function readCanary({ service, tokens: { a } }: Guarded) {
  const reading = canaries.safeParse(parse(await read(service, a, canariesPath)))
  if (!reading.success) throw cannotLook(`${service.base}${canariesPath} is not as it should be`)
  return { openapi: reading.data.openapi, objects: Object.values(reading.data.tenants.a.objects) }
}

export async function read(service: Service, token: string, path: string): Promise<string> {
  const answer = await service.ask(token, 'GET', path, { mostBytes: 16 * 1_048_576 })
  if (answer.status === 200) return answer.body
  throw cannotLook(`${service.base}${path} answers with status ${answer.status}`)
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
