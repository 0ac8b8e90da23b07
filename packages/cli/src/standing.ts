import { stands, verdictNames, verdictMeanings, type VerdictName } from '@kept/page'
import type { Answer } from '@kept/client'
import type { ExitCode, Given } from './command.ts'
import { toJson } from './json.ts'
import { painter, verdictLook } from './look.ts'
import type { Remote } from './remote.ts'
import { sayInstant } from './report/report.ts'
import type { Manner } from './report/text.ts'
import type { Terminal } from './terminal.ts'
import { shorten, wrap } from './typeset.ts'
import { sayWaiting } from './verifying/log.ts'

/** A claim as a running Kept shows it. */
export type ShownClaim = Answer<'/api/claims', 'get'>['claims'][number]

/** How a running Kept stands. */
export interface Standing {
  server: string
  claims: ShownClaim[]
  /** What becomes untrue by time alone within 30 days, soonest first. */
  lapses: ShownClaim[]
  /** Entries at the newest checkpoint; null before the first. */
  ledger: number | null
  /** For how many seconds the oldest entry has waited for its place in the ledger. */
  waiting: number
}

export async function printStatus(
  remote: Remote,
  { options }: Pick<Given, 'options'>,
  terminal: Terminal,
): Promise<ExitCode> {
  const standing = await readStanding(remote)
  await terminal.print(
    options.has('json') ? standingAsJson(standing) : standingAsText(standing, terminal),
  )
  return standing.claims.every(({ verdict }) => stands(verdict)) ? 0 : 1
}

async function readStanding(remote: Remote): Promise<Standing> {
  const { claims } = await remote.get('/api/claims')
  const { claims: lapses } = await remote.get('/api/lapses', { params: { query: { days: 30 } } })
  const { waiting } = await remote.get('/ledger/key')
  const note = await remote.read('/ledger/checkpoint')
  const size = note === null ? null : Number(new TextDecoder().decode(note).split('\n')[1])
  return { server: remote.url, claims, lapses, ledger: size, waiting }
}

function standingAsJson({ server, claims, lapses, ledger, waiting }: Standing): Iterable<string> {
  const names = verdictNames.toReversed()
  return toJson({
    server,
    claims,
    lapses: lapses.map(({ id, until }) => ({ id, until })),
    ledger,
    waiting,
    summary: Object.fromEntries(names.map((name) => [name, count(claims, name)])),
  })
}

function* standingAsText(
  { server, claims, lapses, ledger, waiting }: Standing,
  manner: Manner,
): Generator<string> {
  for (const name of verdictNames.toReversed().filter((one) => !stands(one))) {
    const wrong = claims.filter(({ verdict }) => verdict === name)
    if (wrong.length > 0) yield* writeGroup(name, wrong, manner)
  }
  if (lapses.length > 0) {
    yield `${painter(manner.colour)('bold', 'Lapses within 30 days, unless renewed')}\n\n`
    for (const { id, text, until } of lapses) {
      const when = sayInstant(Date.parse(until!))
      yield `${wrap(`#${id}: ${shorten(text, 200)}`, manner.width, `${when}: `, '    ').join('\n')}\n`
    }
    yield '\n'
  }
  for (const line of sayWaiting(waiting)) yield `${wrap(line, manner.width, '').join('\n')}\n`
  const entries = ledger === null ? 'empty' : `${ledger} ${ledger === 1 ? 'entry' : 'entries'}`
  yield `${wrap(`${tally(claims)}; ledger: ${entries}; ${server}`, manner.width, '').join('\n')}\n`
}

function* writeGroup(
  name: VerdictName,
  claims: readonly ShownClaim[],
  { width, colour }: Manner,
): Generator<string> {
  const paint = painter(colour)
  const { shape, style } = verdictLook[name]
  const title = `${shape} ${name[0]!.toUpperCase()}${name.slice(1)}`
  yield `${paint('bold', paint(style, title))} (${claims.length}): ${verdictMeanings[name]}\n\n`
  for (const { id, text, because } of claims) {
    yield `${wrap(shorten(text, 400), width, `#${id}: `, '    ').join('\n')}\n`
    yield `${wrap(because, width, '  because: ', '    ').join('\n')}\n`
  }
  yield '\n'
}

/** `1 broken, 3 kept`, worst first. */
export function tally(claims: readonly { verdict: string }[]): string {
  const counts = verdictNames
    .toReversed()
    .map((name) => [count(claims, name), name] as const)
    .filter(([number]) => number > 0)
  return counts.map(([number, name]) => `${number} ${name}`).join(', ') || 'no promises'
}

function count(claims: readonly { verdict: string }[], name: string): number {
  return claims.filter(({ verdict }) => verdict === name).length
}
