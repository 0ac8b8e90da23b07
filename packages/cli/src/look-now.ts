import type { Answer } from '@kept/client'
import type { ExitCode, Given } from './command.ts'
import { Failure } from './failure.ts'
import { openSigned, type Signed } from './signed.ts'
import { printStatus, type ShownClaim } from './standing.ts'
import type { Terminal } from './terminal.ts'

type Look = Answer<'/api/looks', 'get'>['looks'][number]

/** Has the collectors of a running Kept look now, waits until they have, and says how it stands. */
export async function lookNow(given: Given, terminal: Terminal): Promise<ExitCode> {
  const seconds = readSeconds(given.options.get('timeout') ?? '120')
  const options = new Map(given.options)
  const server = terminal.env['KEPT_SERVER']
  if (!options.has('server') && server) options.set('server', server)
  const remote = await openSigned({ options }, 'check', terminal)
  const since = remote.now()
  const { looks } = await remote.post('/api/collect', { body: {} })
  const end = terminal.now() + seconds * 1000
  const late = await waitForLooks(remote, since, end, terminal)
  if (late.length === 0) await waitForVerdicts(remote, since, end, terminal)
  const code = await printStatus(remote, given, terminal)
  for (const { kind, subject } of late) {
    terminal.complain(`${subject}: ${kind} was not looked at within ${seconds} s\n`)
  }
  if (looks === 0) terminal.complain('no collector looks at any system yet\n')
  return late.length > 0 ? 1 : code
}

function readSeconds(said: string): number {
  if (/^\d{1,5}$/.test(said)) return Number(said)
  throw new Failure('--timeout', `"${said}" is no number of seconds`, 'write it as --timeout 120')
}

async function waitForLooks(
  remote: Signed,
  since: number,
  end: number,
  terminal: Terminal,
): Promise<Look[]> {
  for (;;) {
    const { looks } = await remote.get('/api/looks')
    const late = looks.filter(({ seenAt }) => seenAt === null || Date.parse(seenAt) < since)
    if (late.length === 0 || terminal.now() >= end) return late
    await terminal.wait(500)
  }
}

/** Evidence is judged by a job of its own, a moment after it is received. */
async function waitForVerdicts(
  remote: Signed,
  since: number,
  end: number,
  terminal: Terminal,
): Promise<void> {
  const { looks } = await remote.get('/api/looks')
  const seen = Math.max(since, ...looks.map(({ seenAt }) => Date.parse(seenAt ?? '')))
  if (looks.length > 0) await waitUntilJudged(remote, seen, end, terminal)
}

/** The claims once every verdict is of this instant or later; as they are when that takes too long. */
export async function waitUntilJudged(
  remote: Signed,
  since: number,
  end: number,
  terminal: Terminal,
): Promise<ShownClaim[]> {
  for (;;) {
    const { claims } = await remote.get('/api/claims')
    const isNew = claims.every(({ judgedAt }) => judgedAt !== null && Date.parse(judgedAt) >= since)
    if (isNew || terminal.now() >= end) return claims
    await terminal.wait(300)
  }
}
