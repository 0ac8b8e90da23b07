import type { Answer } from '@kept/client'
import type { ExitCode, Given } from './command.ts'
import { Failure } from './failure.ts'
import { toJson } from './json.ts'
import { findAction, needOption, needWord } from './registering.ts'
import { readText } from './report/source.ts'
import { openSigned, type Signed } from './signed.ts'
import type { Terminal } from './terminal.ts'
import { clean } from './typeset.ts'

type Tenant = Answer<'/api/tenants', 'get'>['tenants'][number]
type Shown = Answer<'/api/tenants/{tenant}', 'get'>
type Move = Answer<'/api/moves', 'get'>['moves'][number]

const actions = { list, show, add, move, cancel, remove }

export async function runTenants(given: Given, terminal: Terminal): Promise<ExitCode> {
  return await findAction('tenants', actions, given.words[0]!)(given, terminal)
}

const open = (given: Given, terminal: Terminal) => openSigned(given, 'tenants', terminal)
const tenantOf = (given: Given) => needWord('tenants', given, 'TENANT')
const kindOf = ({ options }: Given) => (options.has('dedicated') ? 'dedicated' : 'shared')

async function print(
  { options }: Given,
  terminal: Terminal,
  result: unknown,
  said: Iterable<string>,
): Promise<void> {
  await terminal.print(options.has('json') ? toJson(result) : said)
}

async function list(given: Given, terminal: Terminal): Promise<ExitCode> {
  const remote = await open(given, terminal)
  const cluster = given.options.get('on')
  const tenants: Tenant[] = []
  for (let after: string | null = ''; after !== null;) {
    const query: Record<string, string | number> = {
      after,
      limit: 1000,
      ...(cluster !== undefined && { cluster }),
    }
    const page: Answer<'/api/tenants', 'get'> = await remote.get('/api/tenants', {
      params: { query },
    })
    tenants.push(...page.tenants)
    after = page.next
  }
  await print(given, terminal, { tenants }, sayTenants(tenants))
  return 0
}

function* sayTenants(tenants: readonly Tenant[]): Generator<string> {
  for (const one of tenants) yield `${clean(sayPlace(one))}\n`
  if (tenants.length === 0) yield 'no tenant is placed yet\n'
}

function sayPlace({ tenant, cluster, kind, moving, canary }: Omit<Tenant, 'since'>): string {
  const more = [canary ? 'a canary' : '', moving === null ? '' : `moving, also on ${moving}`]
  return [`${tenant}: ${cluster}`, kind, ...more].filter(Boolean).join(', ')
}

async function show(given: Given, terminal: Terminal): Promise<ExitCode> {
  const tenant = tenantOf(given)
  const remote = await open(given, terminal)
  const shown = await remote.get('/api/tenants/{tenant}', { params: { path: { tenant } } })
  const moves = await readMoves(remote, tenant)
  await print(given, terminal, { ...shown, moves }, sayTenant(shown, moves))
  return 0
}

async function readMoves(remote: Signed, tenant: string): Promise<Move[]> {
  const { moves } = await remote.get('/api/moves', { params: { query: { tenant } } })
  return moves
}

function* sayTenant(shown: Shown, moves: readonly Move[]): Generator<string> {
  yield `${clean(sayPlace(shown))}\n`
  for (const { cluster, kind, since, until, by } of shown.history) {
    yield clean(`  ${since} to ${until ?? 'now'}: ${cluster}, ${kind}, by ${by}`) + '\n'
  }
  for (const one of moves) yield `  ${clean(sayMove(one))}\n`
}

function sayMove({ startedAt, from, to, state, reason }: Move): string {
  return `moved ${startedAt} from ${from} to ${to}: ${state}${reason === null ? '' : `, ${reason}`}`
}

async function add(given: Given, terminal: Terminal): Promise<ExitCode> {
  const tenants = await readTenants(tenantOf(given), terminal)
  const cluster = needOption('tenants', given, 'on')
  const remote = await open(given, terminal)
  let added = 0
  for (let i = 0; i < tenants.length; i += 1000) {
    const body = { tenants: tenants.slice(i, i + 1000), cluster, kind: kindOf(given) } as const
    added += (await remote.post('/api/tenants', { body })).added
  }
  const many = tenants.length === 1 ? '1 tenant' : `${tenants.length} tenants`
  const said = `${many} on ${cluster}, ${kindOf(given)}; ${added} new\n`
  await print(given, terminal, { tenants: tenants.length, added }, [said])
  return 0
}

async function readTenants(word: string, terminal: Terminal): Promise<string[]> {
  if (word !== '-') return [word]
  const { text } = await readText('-', terminal)
  const tenants = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (tenants.length > 0) return tenants
  throw new Failure('-', 'standard input names no tenant', 'write one id a line')
}

async function move(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [tenant, cluster] = [tenantOf(given), needOption('tenants', given, 'on')]
  const remote = await open(given, terminal)
  const body = { tenant, cluster, kind: kindOf(given) } as const
  const { move: id } = await remote.post('/api/moves', { body })
  const last = await follow(given, remote, { tenant, id }, terminal)
  await print(given, terminal, last, [`${clean(sayMove(last))}\n`])
  return last.state === 'rolled-back' ? 1 : 0
}

/** How far a move is; with --wait not before it is over, and each state is said as it comes. */
async function follow(
  { options }: Given,
  remote: Signed,
  { tenant, id }: { tenant: string; id: string },
  terminal: Terminal,
): Promise<Move> {
  for (let state = ''; ;) {
    const moves = await readMoves(remote, tenant)
    const found = moves.find((one) => one.id === id)!
    if (!options.has('wait') || found.endedAt !== null) return found
    if (found.state !== state) terminal.complain(`${found.state}\n`)
    state = found.state
    await terminal.wait(300)
  }
}

async function cancel(given: Given, terminal: Terminal): Promise<ExitCode> {
  const tenant = tenantOf(given)
  const remote = await open(given, terminal)
  const going = (await readMoves(remote, tenant)).find(({ endedAt }) => endedAt === null)
  if (!going) {
    throw new Failure(
      'kept tenants',
      `${clean(tenant)} is not being moved`,
      'nothing is left to do',
    )
  }
  await remote.post('/api/moves/{move}/cancel', { params: { path: { move: going.id } } })
  const last = await follow(given, remote, { tenant, id: going.id }, terminal)
  await print(given, terminal, last, [`${clean(sayMove(last))}\n`])
  return 0
}

async function remove(given: Given, terminal: Terminal): Promise<ExitCode> {
  const tenant = tenantOf(given)
  const remote = await open(given, terminal)
  const result = await remote.post('/api/tenants/{tenant}/remove', { params: { path: { tenant } } })
  await print(given, terminal, result, [`${clean(tenant)} is forgotten\n`])
  return 0
}
