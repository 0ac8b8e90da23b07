import { didYouMean } from '@kept/page'
import type { Answer } from '@kept/client'
import type { ExitCode, Given } from './command.ts'
import { Failure } from './failure.ts'
import { toJson } from './json.ts'
import { openSigned } from './signed.ts'
import type { Terminal } from './terminal.ts'
import { clean } from './typeset.ts'

type Cluster = Answer<'/api/clusters', 'get'>['clusters'][number]
type Work = (given: Given, terminal: Terminal) => Promise<ExitCode>

const actions: Readonly<Record<string, Work>> = { list, review, register }

export async function runClusters(given: Given, terminal: Terminal): Promise<ExitCode> {
  return await findAction('clusters', actions, given.words[0]!)(given, terminal)
}

/** What a command does by its first word. */
export function findAction(
  command: string,
  known: Readonly<Record<string, Work>>,
  word: string,
): Work {
  if (Object.hasOwn(known, word)) return known[word]!
  const near = didYouMean(word, Object.keys(known))
  const fix = near
    ? `did you mean \`kept ${command} ${near}\`?`
    : `write one of ${Object.keys(known).join(', ')}`
  throw new Failure(`kept ${command}`, `it has no "${word}"`, fix)
}

/** An option that an action cannot do without. */
export function needOption(command: string, { options }: Given, name: string): string {
  const value = options.get(name)
  if (value !== undefined) return value
  throw new Failure(`kept ${command}`, `it needs --${name}`, `give --${name} ID`)
}

/** What an action works on. */
export function needWord(command: string, { words }: Given, what: string): string {
  if (words[1] !== '') return words[1]!
  throw new Failure(`kept ${command}`, `${what} is missing`, `\`kept ${command} --help\` shows how`)
}

async function list(given: Given, terminal: Terminal): Promise<ExitCode> {
  const remote = await openSigned(given, 'clusters', terminal)
  const { clusters } = await remote.get('/api/clusters')
  await terminal.print(given.options.has('json') ? toJson({ clusters }) : sayClusters(clusters))
  return 0
}

function* sayClusters(clusters: readonly Cluster[]): Generator<string> {
  for (const { cluster, provider, region, state, wasReviewed, reviewedBy, ...on } of clusters) {
    const review = wasReviewed ? `reviewed by ${reviewedBy}` : `reviewed too late by ${reviewedBy}`
    const tenants = `${on.shared} shared, ${on.dedicated} dedicated`
    yield `${clean(`${cluster}: ${state}, ${provider} ${region}, ${review}; ${tenants}`)}\n`
  }
  if (clusters.length === 0) yield 'no cluster was reviewed yet\n'
}

function readPlace(given: Given) {
  return {
    cluster: needWord('clusters', given, 'CLUSTER'),
    provider: needOption('clusters', given, 'provider'),
    region: needOption('clusters', given, 'region'),
  }
}

async function review(given: Given, terminal: Terminal): Promise<ExitCode> {
  const place = readPlace(given)
  const remote = await openSigned(given, 'clusters', terminal)
  const result = await remote.post('/api/cluster-reviews', { body: place })
  const { cluster, provider, region } = place
  const said = `${remote.as} verified that ${cluster} is to be created at ${provider} in ${region}`
  await terminal.print(given.options.has('json') ? toJson(result) : [`${clean(said)}\n`])
  return 0
}

async function register(given: Given, terminal: Terminal): Promise<ExitCode> {
  const place = readPlace(given)
  const created = readInstant(given.options.get('created'), '--created')
  const remote = await openSigned(given, 'clusters', terminal)
  const body = created === null ? place : { ...place, createdAt: created }
  const result = await remote.post('/api/clusters', { body })
  const said = result.wasReviewed
    ? `${place.cluster} is registered`
    : `${place.cluster} is registered, and counts as unreviewed: it was there before its review`
  await terminal.print(given.options.has('json') ? toJson(result) : [`${clean(said)}\n`])
  return result.wasReviewed ? 0 : 1
}

/** A time that an option gives, or null where it is not given. */
export function readInstant(said: string | undefined, option: string): string | null {
  if (said === undefined) return null
  const at = Date.parse(said)
  if (/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(said) && !Number.isNaN(at)) {
    return new Date(at).toISOString()
  }
  throw new Failure(option, `"${said}" is no time`, 'write it as 2026-11-20T12:00:00Z')
}
