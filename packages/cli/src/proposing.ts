import type { Answer } from '@kept/client'
import type { ExitCode, Given } from './command.ts'
import { Failure } from './failure.ts'
import { toJson } from './json.ts'
import { readText } from './report/source.ts'
import { openSigned } from './signed.ts'
import type { Terminal } from './terminal.ts'
import { clean, wrap } from './typeset.ts'

type Change = Answer<'/api/page', 'post'>['changes'][number]

interface Applied {
  version: number
  proposal: string | null
  changes: readonly Change[]
}

export async function applyPage(given: Given, terminal: Terminal): Promise<ExitCode> {
  const { words, options } = given
  const texts = await readTexts('apply', words[0]!, options.get('systems'), terminal)
  const remote = await openSigned(given, 'apply', terminal)
  const applied = await remote.post('/api/page', { body: texts })
  await terminal.print(options.has('json') ? toJson(applied) : sayApplied(applied, terminal.width))
  return applied.proposal === null ? 0 : 1
}

/** A page and the systems that it speaks of: one without the other cannot be applied. */
export async function readTexts(
  command: string,
  page: string,
  systems: string | undefined,
  terminal: Terminal,
): Promise<{ page: string; systems: string }> {
  if (systems === undefined) {
    const fix = 'give --systems FILE'
    throw new Failure(`kept ${command}`, 'a page is applied with its systems', fix)
  }
  if (page === '-' && systems === '-') {
    throw new Failure('-', 'standard input can be read only once', 'name a file for the others')
  }
  const [text, rest] = [await readText(page, terminal), await readText(systems, terminal)]
  return { page: text.text, systems: rest.text }
}

/** What came of applying a page, line by line. */
export function* sayApplied(
  { version, proposal, changes }: Applied,
  width: number,
): Generator<string> {
  // Who is to agree must see them all.
  yield* sayChanges(changes, width, proposal === null ? mostChanges : changes.length)
  if (proposal === null) yield `version ${version} is in force\n`
  else {
    yield `it weakens a promise, so it waits for people; version ${version} stays in force\n`
    yield `  fix: let two people who are registered run: kept approve ${clean(proposal)}\n`
  }
}

/** A first page adds everything at once. */
const mostChanges = 20

function* sayChanges(
  changes: readonly Change[],
  width: number,
  most = changes.length,
): Generator<string> {
  for (const { kind, id, says, detail } of changes.slice(0, most)) {
    const said = detail === undefined ? says : `${says}: ${detail}`
    yield `${wrap(said, width, `  ${clean(kind)} ${clean(id)}: `, '      ').join('\n')}\n`
  }
  const rest = changes.length - most
  if (rest > 0) yield `  and ${rest} more\n`
}

export async function approveProposal(given: Given, terminal: Terminal): Promise<ExitCode> {
  const remote = await openSigned(given, 'approve', terminal)
  const params = { path: { proposal: given.words[0]! } }
  const result = await remote.post('/api/proposals/{proposal}/approve', { params })
  const { version, waitsFor } = result
  const said =
    version !== null
      ? `version ${version} is in force`
      : waitsFor > 0
        ? `${remote.as} agrees; it waits for ${waitsFor} more`
        : 'another version has overtaken it; apply the page again'
  await terminal.print(given.options.has('json') ? toJson(result) : [`${said}\n`])
  return version === null ? 1 : 0
}

export async function declineProposal(given: Given, terminal: Terminal): Promise<ExitCode> {
  const remote = await openSigned(given, 'decline', terminal)
  const params = { path: { proposal: given.words[0]! } }
  const result = await remote.post('/api/proposals/{proposal}/decline', { params })
  await terminal.print(given.options.has('json') ? toJson(result) : ['it is declined\n'])
  return 0
}

type Proposal = Answer<'/api/proposals', 'get'>['proposals'][number]

export async function listProposals(given: Given, terminal: Terminal): Promise<ExitCode> {
  const remote = await openSigned(given, 'proposals', terminal)
  const { proposals } = await remote.get('/api/proposals')
  await terminal.print(
    given.options.has('json') ? toJson({ proposals }) : sayProposals(proposals, terminal.width),
  )
  return 0
}

function* sayProposals(proposals: readonly Proposal[], width: number): Generator<string> {
  for (const { id, proposedAt, proposedBy, approvedBy, waitsFor, changes } of proposals) {
    const behind = approvedBy.length > 0 ? `, agreed to by ${approvedBy.join(', ')}` : ''
    const said = `by ${proposedBy} at ${proposedAt}${behind}; waits for ${waitsFor} more`
    yield `${wrap(said, width, `${clean(id)} `, '    ').join('\n')}\n`
    yield* sayChanges(changes, width)
  }
  if (proposals.length === 0) yield 'nothing waits for people\n'
}
