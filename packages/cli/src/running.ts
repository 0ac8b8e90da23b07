import type { Up } from '@kept/server'
import type { ExitCode, Given } from './command.ts'
import { Failure } from './failure.ts'
import { readTexts, sayApplied } from './proposing.ts'
import { readText } from './report/source.ts'
import { tally } from './standing.ts'
import type { Terminal } from './terminal.ts'
import { clean } from './typeset.ts'

type Runtime = typeof import('@kept/server')

/** The runtime is a package of its own: who only checks pages needs no database. */
async function loadRuntime(command: string): Promise<Runtime> {
  try {
    return await import('@kept/server')
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes('@kept/server')) throw error
    const fix = 'npm install @kept/server, beside @kept/cli'
    throw new Failure(`kept ${command}`, 'the runtime is not installed', fix)
  }
}

export async function runUp(given: Given, terminal: Terminal): Promise<ExitCode> {
  const { words, options, lists } = given
  const texts = await readTexts('up', words[0]!, options.get('systems'), terminal)
  const settings = {
    ...texts,
    data: options.get('data') ?? '.kept',
    database: readDatabase(options.get('database')),
    host: options.get('host') ?? '127.0.0.1',
    port: readPort(options.get('port') ?? '4180'),
    origin: readOrigin(options.get('origin')),
    tls: await readTls(options, terminal),
    proxies: lists.get('proxy') ?? [],
    env: { ...terminal.env },
    say: (step: keyof typeof steps) => terminal.complain(`${steps[step]}\n`),
  }
  const runtime = await loadRuntime('up')
  const asked = terminal.interrupted()
  const running = await started(() => runtime.up(settings))
  await terminal.print(sayRunning(running, terminal))
  const ended = await Promise.race([asked, running.ended])
  terminal.complain('stopping\n')
  await running.stop()
  if (ended === undefined) return 0
  const fix = `see server.log in ${settings.data}/postgres, and start again`
  throw new Failure('kept up', `it had to stop: ${ended}`, fix)
}

const steps = {
  database: 'starting the database',
  schema: 'bringing it to the newest form',
  serve: 'starting to serve',
  apply: 'applying the page',
  judge: 'judging',
}

function* sayRunning({ address, origin, applied, claims, ownerLink }: Up, { width }: Terminal) {
  if (applied.same) yield `version ${applied.version} is in force, as before\n`
  else yield* sayApplied(applied, width)
  yield `${tally(claims)}\n`
  if (origin !== address) yield `for readers: ${clean(origin)}/\n`
  if (ownerLink === null) yield `console: ${clean(origin)}/console\n`
  else {
    yield `console, for its first owner: ${clean(ownerLink)}\n`
    yield '  this link is good once and for a day; starting again makes another\n'
  }
  yield `${address}/\nCtrl-C stops it\n`
}

/** What comes before serve and work: the newest form, and a page as the operator applies it. */
export async function migrate(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [page] = given.words
  const systems = given.options.get('systems')
  if (!page && systems !== undefined) {
    throw new Failure('kept migrate', 'systems are applied with their page', 'name the page first')
  }
  const texts = page ? await readTexts('migrate', page, systems, terminal) : null
  const runtime = await loadRuntime('migrate')
  const applied = await started(() => runtime.prepare({ ...terminal.env }, texts))
  terminal.complain('the database is of the newest form\n')
  if (applied === null) return 0
  await terminal.print(
    applied.same
      ? [`version ${applied.version} is in force, as before\n`]
      : sayApplied(applied, terminal.width),
  )
  return applied.proposal === null ? 0 : 1
}

export async function runProcess(name: 'serve' | 'work', terminal: Terminal): Promise<ExitCode> {
  const runtime = await loadRuntime(name)
  const asked = terminal.interrupted()
  const running = await started(() => runtime.runProcess(name, { ...terminal.env }))
  terminal.complain(running.address === null ? 'working\n' : `serving at ${running.address}/\n`)
  await asked
  terminal.complain('draining\n')
  await running.stop()
  return 0
}

/** What keeps the runtime from starting, in its own words. */
async function started<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (error) {
    throw explain(error)
  }
}

interface Told extends Error {
  code?: string
  path?: string
  place?: string
  fix?: string
  detail?: { fix?: string; errors?: string[] }
}

/** The failures of the server and of its PostgreSQL come from another package: known by their names. */
function explain(error: unknown): unknown {
  const { name, message, code, path, place = '', fix = '', detail } = error as Told
  if (name === 'PostgresFailure') {
    const reason = message.slice(place.length + 2, message.length - fix.length - 2)
    return new Failure(place, reason, fix)
  }
  if (name === 'Failure' && detail) {
    const reason = [message, ...(detail.errors ?? []).slice(1)].join('\n')
    return new Failure('kept', reason, detail.fix ?? 'see the log above')
  }
  if (code !== undefined && path !== undefined) {
    return new Failure(
      path,
      `it cannot be used (${code})`,
      'see that this user may read and write it',
    )
  }
  return error
}

function readDatabase(said: string | undefined): string | null {
  if (said === undefined) return null
  const url = URL.parse(said)
  if (url && /^postgres(?:ql)?:$/.test(url.protocol)) return said
  // What was given may hold a password, so it is not repeated.
  const fix = 'write it as postgres://role:password@host/postgres'
  throw new Failure('--database', 'it is no URL of a PostgreSQL server', fix)
}

function readPort(said: string): number {
  const port = Number(said)
  if (/^\d{1,5}$/.test(said) && port <= 65_535) return port
  throw new Failure('--port', `"${said}" is no port`, 'give a number from 0 to 65535')
}

function readOrigin(said: string | undefined): string | null {
  if (said === undefined) return null
  const url = URL.parse(said)
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search)
    return url.origin
  const fix = 'write it as https://security.example.com'
  throw new Failure('--origin', `"${said}" is no web address without a path`, fix)
}

async function readTls(options: Given['options'], terminal: Terminal) {
  const [cert, key] = [options.get('tls-cert'), options.get('tls-key')]
  if (cert === undefined && key === undefined) return null
  if (cert === undefined || key === undefined) {
    const fix = 'give --tls-cert and --tls-key'
    throw new Failure('kept up', 'TLS needs a certificate and its key', fix)
  }
  return {
    cert: (await readText(cert, terminal)).text,
    key: new TextDecoder().decode(await terminal.readSecret(key)),
  }
}
