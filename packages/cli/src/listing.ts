import type { Answer } from '@kept/client'
import { ListError, readExport, type AccountList, type PasswordPolicy } from '@kept/page/accounts'
import type { ExitCode, Given } from './command.ts'
import { Failure } from './failure.ts'
import { toJson } from './json.ts'
import { findAction, needWord, readInstant } from './registering.ts'
import { readText } from './report/source.ts'
import { openSigned, type Signed } from './signed.ts'
import type { Terminal } from './terminal.ts'
import { clean } from './typeset.ts'

type Listed = Answer<'/api/account-lists', 'get'>['lists'][number]
type Shown = Answer<'/api/account-lists/{system}', 'get'>
type Count = Pick<Listed, 'accounts' | 'without' | 'unknown' | 'inactive' | 'services'>

const actions = { push, list }

export async function runAccounts(given: Given, terminal: Terminal): Promise<ExitCode> {
  return await findAction('accounts', actions, given.words[0]!)(given, terminal)
}

async function push(given: Given, terminal: Terminal): Promise<ExitCode> {
  const system = needWord('accounts', given, 'SYSTEM')
  const file = given.words[2]!
  if (file === '') {
    const fix = 'name an export of it, or - for standard input'
    throw new Failure('kept accounts', 'FILE is missing', fix)
  }
  const said = readInstant(given.options.get('exported'), '--exported')
  const exported = await readFile(file, terminal)
  const remote = await openSigned(given, 'accounts', terminal)
  const exportedAt = said ?? dateOf(file, remote, terminal)
  if ('policy' in exported) {
    return await pushPolicy(given, remote, { ...exported.policy, exportedAt, system }, terminal)
  }
  return await pushList(given, remote, { ...exported.accounts, exportedAt, system }, terminal)
}

async function readFile(file: string, terminal: Terminal): Promise<ReturnType<typeof readExport>> {
  const { name, text } = await readText(file, terminal)
  try {
    return readExport(text)
  } catch (error) {
    if (!(error instanceof ListError)) throw error
    const { line, message, fix } = error
    throw new Failure(line === null ? name : `${name}:${line}`, message, fix)
  }
}

/** A file says by its date when it was exported: sent again later, it is no newer. */
function dateOf(file: string, remote: Signed, terminal: Terminal): string {
  const written = file === '-' ? null : terminal.writtenAt(file)
  return new Date(Math.min(written ?? Infinity, remote.now())).toISOString()
}

type To<T> = T & { system: string; exportedAt: string }

async function pushList(
  { options }: Given,
  remote: Signed,
  { system, ...body }: To<AccountList>,
  terminal: Terminal,
): Promise<ExitCode> {
  const params = { path: { system } }
  const result = await remote.post('/api/account-lists/{system}', { params, body })
  const again = result.taken ? '' : ', which was here already'
  const said = `${system}: ${sayCount(result)}; by ${body.source}${again}`
  await terminal.print(options.has('json') ? toJson({ system, ...result }) : [`${clean(said)}\n`])
  return result.without + result.unknown > 0 ? 1 : 0
}

async function pushPolicy(
  { options }: Given,
  remote: Signed,
  { system, ...body }: To<PasswordPolicy>,
  terminal: Terminal,
): Promise<ExitCode> {
  const params = { path: { system } }
  const result = await remote.post('/api/password-policies/{system}', { params, body })
  const takes = body.singleSignOnOnly
    ? 'single sign-on only'
    : `passwords of ${body.minimumLength} characters at least`
  const said = `${system}: ${takes}; by ${body.source}`
  await terminal.print(options.has('json') ? toJson({ system, ...result }) : [`${clean(said)}\n`])
  return 0
}

async function list(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [, system, extra] = given.words
  if (extra !== '') {
    throw new Failure('kept accounts', `"${extra}" follows the system`, 'name one system')
  }
  const remote = await openSigned(given, 'accounts', terminal)
  const print = (result: object, said: Iterable<string>) =>
    terminal.print(given.options.has('json') ? toJson(result) : said)
  if (system === '') {
    const { lists } = await remote.get('/api/account-lists')
    await print({ lists }, sayLists(lists))
    return 0
  }
  const params = { path: { system: system! } }
  const shown = await remote.get('/api/account-lists/{system}', { params })
  await print(shown, sayShown(shown))
  return 0
}

function* sayLists(lists: readonly Listed[]): Generator<string> {
  for (const one of lists) yield `${clean(`${one.system}: ${sayCount(one)}; ${sayOrigin(one)}`)}\n`
  if (lists.length === 0) yield 'no list of accounts was pushed yet\n'
}

function* sayShown({ system, list: origin, lacking, ...count }: Shown): Generator<string> {
  const from = origin === null ? 'as they are now' : sayOrigin(origin)
  yield `${clean(`${system}: ${sayCount(count)}; ${from}`)}\n`
  for (const { account, secondFactor } of lacking) {
    const why = secondFactor === 'no' ? 'no second factor' : 'not known whether it has one'
    yield `  ${clean(account)}: ${why}\n`
  }
  const rest = count.without + count.unknown - lacking.length
  if (rest > 0) yield `  and ${rest} more\n`
}

function sayOrigin({ exportedAt, pushedBy }: Pick<Listed, 'exportedAt' | 'pushedBy'>): string {
  return `of ${new Date(exportedAt).toISOString()}, pushed by ${pushedBy}`
}

function sayCount({ accounts: all, without, unknown, inactive, services }: Count): string {
  const lacking = [
    without > 0 && `${without} without a second factor`,
    unknown > 0 && `${unknown} not known to have one`,
  ].filter((one) => one !== false)
  const aside = [
    inactive > 0 && `${inactive} inactive`,
    services > 0 && `${services} of services`,
  ].filter((one) => one !== false)
  const many = all === 1 ? '1 account' : `${all} accounts`
  const said = lacking.length > 0 ? lacking.join(', ') : 'each with a second factor'
  return `${many}, ${said}${aside.length > 0 ? `; not counted: ${aside.join(', ')}` : ''}`
}
