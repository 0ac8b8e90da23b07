import type { Decision, Finding, Plan, Protection, Step } from '@kept/guard/protect'
import type { ExitCode, Given } from './command.ts'
import { Failure } from './failure.ts'
import { toJson } from './json.ts'
import { painter } from './look.ts'
import type { Terminal } from './terminal.ts'
import { clean, wrap } from './typeset.ts'

type Guard = typeof import('@kept/guard/protect')

/** The guard is a package of its own, which brings the client of the database. */
async function loadGuard(): Promise<Guard> {
  try {
    return await import('@kept/guard/protect')
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const lacks = message.includes('@kept/guard') || message.includes("'pg'")
    if (code !== 'ERR_MODULE_NOT_FOUND' || !lacks) throw error
    const fix = 'npm install @kept/guard pg, beside @kept/cli'
    throw new Failure('kept protect', 'the guard is not installed', fix)
  }
}

export async function runProtect(given: Given, terminal: Terminal): Promise<ExitCode> {
  const url = urlOf(given, terminal)
  const guard = await loadGuard()
  try {
    return await work(guard, url, given, terminal)
  } catch (error) {
    throw explain(error)
  }
}

async function work(
  guard: Guard,
  url: string,
  given: Given,
  terminal: Terminal,
): Promise<ExitCode> {
  const { options } = given
  const { plan, isThere } = await planOf(guard, given, terminal)
  const planned = options.has('confirm') ? await confirmed(guard, url, plan) : plan
  if (options.has('apply')) await apply(guard, url, planned, terminal)
  const { protection, findings } = await guard.withDatabase(
    url,
    { writes: false },
    async (client) =>
      guard.reading(client, async () => {
        const protection = await guard.protect(client, planned)
        const looks = options.has('check') || options.has('apply')
        return {
          protection,
          findings: looks ? await guard.check(client, protection) : protection.findings,
        }
      }),
  )
  const file = options.get('plan')
  if (file !== undefined && !isThere) await writePlan(guard, file, protection.plan, terminal)
  const out = options.get('out')
  if (out !== undefined && out !== '-')
    terminal.write(out, [...guard.migration(protection)].join(''))
  const isOpen = findings.some(({ level }) => level === 'error')
  if (out === '-') await terminal.print(guard.migration(protection))
  else if (options.has('json')) await terminal.print(toJson(inJson(guard, protection, findings)))
  else await terminal.print(say(guard, protection, findings, given, terminal))
  if (options.has('check') || options.has('apply') || out === undefined) {
    return isOpen || protection.steps.length > 0 ? 1 : 0
  }
  return 0
}

function urlOf({ words: [given = ''] }: Given, { env }: Terminal): string {
  const url = given || env['DATABASE_URL'] || ''
  if (/^postgres(?:ql)?:\/\//.test(url)) return url
  // What was given may hold a password, so it is not repeated.
  const reason =
    url === '' ? 'no database is named' : 'the argument is no URL of a PostgreSQL database'
  throw new Failure('kept protect', reason, 'write it as postgres://role:password@host/database')
}

async function planOf(
  guard: Guard,
  { options, lists }: Given,
  terminal: Terminal,
): Promise<{ plan: Plan; isThere: boolean }> {
  const file = options.get('plan')
  const bytes = file === undefined ? null : await terminal.readIfThere(file)
  const plan = bytes === null ? guard.noPlan : await readPlan(guard, file!, bytes)
  return {
    isThere: bytes !== null,
    plan: {
      ...plan,
      tenant: options.get('tenant') ?? plan.tenant,
      setting: options.get('setting') ?? plan.setting,
      scope: options.has('sealed') ? 'sealed' : plan.scope,
      appRoles: lists.get('app-role') ?? plan.appRoles,
    },
  }
}

async function readPlan(guard: Guard, file: string, bytes: Uint8Array): Promise<Plan> {
  const { parse } = await import('yaml')
  let value: unknown
  try {
    value = parse(new TextDecoder().decode(bytes))
  } catch (error) {
    const [first] = (error as Error).message.split('\n')
    throw new Failure(
      file,
      `it is no YAML: ${first}`,
      'write it anew by naming a file that is not there',
    )
  }
  try {
    return guard.readPlan(value)
  } catch (error) {
    const { reason, fix } = parted(error as Told)
    throw new Failure(file, reason, fix)
  }
}

async function writePlan(
  guard: Guard,
  file: string,
  plan: Plan,
  terminal: Terminal,
): Promise<void> {
  const { stringify } = await import('yaml')
  const head = [
    '# How the tenants of a database are kept apart, for `kept protect --plan`.',
    '# A decision that ends with ? is proposed: take the ? away, or decide otherwise.',
    '# tables: own COLUMN, through COLUMN, shared, shared and written, closed.',
    '# undecided: nothing can be proposed; say one of these.',
    '# unique: per tenant, everywhere. roles: nobypassrls.',
    '# across: references that are meant to lead to other tenants, as schema.table.column.',
  ]
  terminal.write(file, `${head.join('\n')}\n${stringify(guard.planToFile(plan), { lineWidth: 0 })}`)
}

/** What is proposed must be found before it can be taken. */
async function confirmed(guard: Guard, url: string, plan: Plan): Promise<Plan> {
  return await guard.withDatabase(url, { writes: false }, async (client) => {
    const { plan: found } = await guard.reading(client, () => guard.protect(client, plan))
    return guard.confirm(found)
  })
}

async function apply(guard: Guard, url: string, plan: Plan, terminal: Terminal): Promise<void> {
  const stop = new AbortController()
  void terminal.interrupted().then(() => stop.abort())
  await guard.apply(url, plan, {
    say: ({ at, why }: Step, place, of) =>
      terminal.complain(
        `${wrap(`${at}: ${why}`, terminal.width, `${place}/${of} `, '    ').join('\n')}\n`,
      ),
    wait: terminal.wait,
    signal: stop.signal,
  })
}

const kinds: readonly (readonly [Decision['kind'], string])[] = [
  ['tenant', 'lists the tenants'],
  ['own', 'with a column for the tenant'],
  ['path', 'reached by foreign keys'],
  ['part', 'part of another table'],
  ['shared', 'shared by all tenants'],
  ['written', 'shared and written by all tenants'],
  ['closed', 'closed to the app'],
  ['open', 'undecided'],
]

function* say(
  guard: Guard,
  protection: Protection,
  findings: readonly Finding[],
  { options }: Given,
  { width, colour }: Terminal,
): Generator<string> {
  const paint = painter(colour)
  const { decisions, steps, tenant, plan } = protection
  const looks = options.has('check') || options.has('apply')
  yield `${paint('bold', `The tenant is a row of ${clean(guard.sayTenant(tenant))}`)}: ${clean(tenant.why)}\n`
  yield `Roles of the app: ${clean(plan.appRoles.join(', ')) || 'none found'}\n`
  for (const [kind, means] of looks ? [] : kinds) {
    const own = decisions.filter((one) => one.kind === kind)
    if (own.length > 0) yield* sayDecisions(own, `${own.length} ${means}`, width, paint)
  }
  if (!looks) yield* sayLosses(steps, width, paint)
  for (const level of ['error', 'note'] as const) {
    const own = findings.filter((one) => one.level === level)
    if (own.length > 0) yield `\n${paint('bold', level === 'error' ? 'Findings' : 'Notes')}\n`
    for (const one of own) yield* sayFinding(one, width)
  }
  const errors = findings.filter(({ level }) => level === 'error').length
  const left =
    steps.length === 0
      ? 'the migration is applied'
      : `the migration has ${counted(steps.length, 'step')}`
  const found = errors === 0 ? 'no findings' : counted(errors, 'finding')
  const next = steps.length > 0 && !options.has('out') ? '; --out FILE writes it' : ''
  yield `\n${left}, ${found}${next}\n`
}

function* sayDecisions(
  own: readonly Decision[],
  title: string,
  width: number,
  paint: ReturnType<typeof painter>,
): Generator<string> {
  yield `\n${paint('bold', title)}\n`
  for (const { table, why, notes, asked } of own) {
    const said = [`${why}${asked ? ' (to be confirmed)' : ''}`, ...notes].join('; ')
    yield `${wrap(said, width, `  ${clean(table.id)}: `, '    ').join('\n')}\n`
  }
}

/** What an app can do no more, by the rights that are taken. */
function* sayLosses(
  steps: readonly Step[],
  width: number,
  paint: ReturnType<typeof painter>,
): Generator<string> {
  const taking = Map.groupBy(
    steps.filter(({ loses }) => loses !== undefined),
    ({ loses }) => loses!,
  )
  if (taking.size > 0) yield `\n${paint('bold', 'What the app loses')}\n`
  for (const [loses, own] of taking) {
    const at = own.map((one) => clean(one.at)).join(', ')
    yield `${wrap(at, width, `  ${clean(loses)}: `, '    ').join('\n')}\n`
  }
}

function* sayFinding({ at, why, fix }: Finding, width: number): Generator<string> {
  yield `${wrap(why, width, `  ${clean(at)}: `, '    ').join('\n')}\n`
  yield `${wrap(fix, width, '    fix: ', '      ').join('\n')}\n`
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function inJson(
  guard: Guard,
  { decisions, steps, tenant, plan }: Protection,
  findings: readonly Finding[],
) {
  return {
    tenant: guard.sayTenant(tenant),
    why: tenant.why,
    plan: guard.planToFile(plan),
    tables: decisions.map(({ table, kind, column, said, asked, why, notes }) => ({
      table: table.id,
      kind,
      column,
      decision: said,
      confirmed: !asked,
      why,
      notes,
    })),
    steps,
    findings,
  }
}

interface Told extends Error {
  fix?: string
}

/** The guard's failures come from another package: known by their name. */
function explain(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'GuardFailure') return error
  const { reason, fix } = parted(error)
  return new Failure('kept protect', reason, fix)
}

function parted({ message, fix = '' }: Told): { reason: string; fix: string } {
  return { reason: message.slice(0, message.length - fix.length - 2), fix }
}
