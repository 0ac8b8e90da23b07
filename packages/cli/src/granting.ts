import type { Answer } from '@kept/client'
import type { ExitCode, Given } from './command.ts'
import { Failure } from './failure.ts'
import { toJson } from './json.ts'
import { openSigned } from './signed.ts'
import type { Terminal } from './terminal.ts'
import { clean, wrap } from './typeset.ts'

type Grants = Answer<'/api/grants', 'get'>
type Records = Answer<'/api/reads', 'get'>

/** What the command needs beside its first word, or how it is written. */
function need(value: string | undefined, what: string): string {
  if (value) return value
  throw new Failure('kept access', `${what} is missing`, '`kept access --help` says what it takes')
}

export async function listGrants(given: Given, terminal: Terminal): Promise<ExitCode> {
  const remote = await openSigned(given, 'access', terminal)
  const tenant = given.words[1]
  const before = given.options.get('before')
  const query = { ...(tenant && { tenant }), ...(before && { before }) }
  const answer = await remote.get('/api/grants', { params: { query } })
  await terminal.print(given.options.has('json') ? toJson(answer) : sayGrants(answer, terminal))
  return 0
}

function* sayGrants({ grants, next }: Grants, { width }: Terminal): Generator<string> {
  for (const one of grants) {
    const answered =
      one.answeredBy === null
        ? ''
        : `; ${one.state === 'refused' ? 'refused' : 'allowed'} by ${one.answeredBy} at ${one.answeredAt}`
    const ended = one.endedBy === null ? '' : `; ended by ${one.endedBy} at ${one.endedAt}`
    const said = `${one.state}: ${one.staff} for ${one.tenant} until ${one.until}: ${one.reason}${answered}${ended}`
    yield `${wrap(said, width, `${clean(one.id)} `, '    ').join('\n')}\n`
  }
  yield* sayMore(grants.length, next, 'grants')
}

function* sayMore(count: number, next: string | null, what: string): Generator<string> {
  if (count === 0) yield `there are no ${what}\n`
  if (next !== null) yield `older ones: --before ${next}\n`
}

export async function requestGrant(given: Given, terminal: Terminal): Promise<ExitCode> {
  const body = {
    tenant: need(given.words[1], 'TENANT'),
    reason: need(given.options.get('reason'), '--reason'),
    until: need(given.options.get('until'), '--until'),
  }
  const remote = await openSigned(given, 'access', terminal)
  const answer = await remote.post('/api/grants', { body })
  const said = `${clean(answer.grant)} waits for the tenant\n`
  await terminal.print(given.options.has('json') ? toJson(answer) : [said])
  return 0
}

export async function answerGrant(
  work: 'allow' | 'refuse',
  given: Given,
  terminal: Terminal,
): Promise<ExitCode> {
  const params = { path: { grant: need(given.words[1], 'GRANT') } }
  const body = {
    tenant: need(given.options.get('tenant'), '--tenant'),
    by: need(given.options.get('by'), '--by'),
  }
  const remote = await openSigned(given, 'access', terminal)
  const answer = await remote.post(`/api/grants/{grant}/${work}`, { params, body })
  const said = work === 'allow' ? 'it is allowed\n' : 'it is refused\n'
  await terminal.print(given.options.has('json') ? toJson(answer) : [said])
  return 0
}

export async function endGrant(given: Given, terminal: Terminal): Promise<ExitCode> {
  const params = { path: { grant: need(given.words[1], 'GRANT') } }
  const [tenant, by] = [given.options.get('tenant'), given.options.get('by')]
  const remote = await openSigned(given, 'access', terminal)
  const body = { ...(tenant && { tenant }), ...(by && { by }) }
  const answer = await remote.post('/api/grants/{grant}/end', { params, body })
  const said = `it ended at ${clean(answer.endedAt)}; apps hear of it within 30 seconds\n`
  await terminal.print(given.options.has('json') ? toJson(answer) : [said])
  return 0
}

const kinds = ['staff-read', 'reads', 'event'] as const

export async function listReads(given: Given, terminal: Terminal): Promise<ExitCode> {
  const tenant = need(given.words[1], 'TENANT')
  const kind = given.options.get('kind') ?? 'staff-read'
  if (!kinds.some((one) => one === kind)) {
    throw new Failure('--kind', `there is no kind "${kind}"`, `write one of ${kinds.join(', ')}`)
  }
  const [grant, before] = [given.options.get('grant'), given.options.get('before')]
  const remote = await openSigned(given, 'access', terminal)
  const query = {
    tenant,
    kind: kind as (typeof kinds)[number],
    ...(grant && { grant }),
    ...(before && { before }),
  }
  const answer = await remote.get('/api/reads', { params: { query } })
  await terminal.print(given.options.has('json') ? toJson(answer) : sayRecords(answer, terminal))
  return 0
}

function* sayRecords(answer: Records, { width }: Terminal): Generator<string> {
  for (const one of answer.records) {
    const cover = one.isCovered === false ? ' without a grant that let it' : ''
    const under = one.grant === null ? '' : ` under ${one.grant}`
    const detail = one.detail === null ? '' : `: ${one.detail}${one.isCut ? ' (cut)' : ''}`
    const said = `${one.actor} ${one.action}${under}${cover}${detail}`
    yield `${wrap(said, width, `${clean(one.at ?? 'no time')} `, '    ').join('\n')}\n`
  }
  yield* sayMore(answer.records.length, answer.next, 'records')
  for (const { database, drainedAt, awaySince } of answer.outboxes) {
    const here =
      drainedAt === null ? 'more may wait' : `all is here that was recorded by ${drainedAt}`
    const away =
      awaySince === null ? '' : `; since ${awaySince} its outbox cannot be drained to its end`
    const said = `${database}: ${here}${away}`
    yield `${wrap(said, width, '').join('\n')}\n`
  }
}
