import { didYouMean } from '@kept/page'
import type { Answer } from '@kept/client'
import type { ExitCode, Given } from './command.ts'
import { Failure } from './failure.ts'
import { toJson } from './json.ts'
import { openSigned } from './signed.ts'
import type { Terminal } from './terminal.ts'
import { clean, wrap } from './typeset.ts'

type Routes = Answer<'/api/services/{service}/routes', 'get'>

export async function runApi(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [work = ''] = given.words
  if (work === 'show') return await showRoutes(given, terminal)
  if (work === 'review') return await reviewRoutes(given, terminal)
  const near = didYouMean(work, ['show', 'review'])
  const fix = near ? `did you mean \`kept api ${near}\`?` : 'write `kept api show` or `review`'
  throw new Failure('kept api', `it has no "${work}"`, fix)
}

async function showRoutes(given: Given, terminal: Terminal): Promise<ExitCode> {
  const remote = await openSigned(given, 'api', terminal)
  const params = { path: { service: given.words[1]! } }
  const answer = await remote.get('/api/services/{service}/routes', { params })
  await terminal.print(given.options.has('json') ? toJson(answer) : sayRoutes(answer, terminal))
  return 0
}

function* sayRoutes({ routes, digest, seenAt, review }: Routes, { width }: Terminal) {
  for (const { method, path, action, public: isPublic } of routes) {
    const who = isPublic ? 'public' : (action ?? 'no action')
    yield `${wrap(`${method} ${path}: ${who}`, width, '', '    ').join('\n')}\n`
  }
  const last = review
    ? `${review.digest === digest ? 'this list' : 'another list'} was reviewed by ${review.by} on ${review.day}`
    : 'nobody reviewed it yet'
  yield `\n${wrap(`${routes.length} routes, seen at ${seenAt}; ${last}`, width, '').join('\n')}\n`
  yield `digest ${clean(digest)}\n`
}

async function reviewRoutes(given: Given, terminal: Terminal): Promise<ExitCode> {
  const digest = given.options.get('digest')
  const service = given.words[1]!
  if (digest === undefined) {
    const fix = `kept api show ${service} prints the list and its digest: review that, then name it`
    throw new Failure('kept api', 'it does not know which list you reviewed', fix)
  }
  const remote = await openSigned(given, 'api', terminal)
  const params = { path: { service } }
  const answer = await remote.post('/api/services/{service}/reviews', { params, body: { digest } })
  const said = `${remote.as} reviewed ${answer.routes} routes on ${clean(answer.day)}\n`
  await terminal.print(given.options.has('json') ? toJson(answer) : [said])
  return 0
}
