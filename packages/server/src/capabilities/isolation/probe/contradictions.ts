import { leaks, toldBy } from './across.ts'
import { idIn } from './made.ts'
import { isSuccess, namesOf, objectsOf, type Aside, type Trial } from './trial.ts'
import { holds } from './values.ts'

const words = ['tenant', 'org', 'organization', 'account', 'workspace', 'company', 'customer']
const fields = words.flatMap((word) => [`${word}_id`, `${word}Id`])

/**
 * A tenant that is named beside the token changes nothing: in headers and a query of what is read, and in
 * the body of what is made. Which tenant a canary is, the app says as its object `tenant`.
 */
export async function tryContradictions(trial: Trial): Promise<string | null> {
  const { operation, canaries, owner } = trial
  const { tenant } = objectsOf(canaries, owner)
  if (tenant === undefined || operation.public) return null
  if (operation.method === 'GET') return await tryToRead(trial, tenant)
  return operation.makes === undefined ? null : await tryToMake(trial, operation.makes, tenant)
}

function asides(tenant: string): (Aside & { what: string })[] {
  const headers = words.flatMap((word) => [
    [`x-${word}-id`, tenant],
    [`x-${word}`, tenant],
  ])
  const query = [...words, ...fields].map((name) => [name, tenant])
  return [
    { what: 'a header', headers: Object.fromEntries(headers) as Record<string, string> },
    { what: 'the query', query: Object.fromEntries(query) as Record<string, string> },
  ]
}

async function tryToRead(trial: Trial, tenant: string): Promise<string | null> {
  const { canaries, send, operation, stranger, owner } = trial
  const isList = namesOf(operation).length === 0
  const own = objectsOf(canaries, stranger)
  const objects = isList ? own : trial.objects
  const others = Object.entries(objectsOf(canaries, owner)).filter(
    ([name, id]) => name !== 'tenant' && own[name] !== id,
  )
  for (const { what, ...aside } of asides(tenant)) {
    const answer = await send({ tenant: stranger }, operation, objects, aside)
    const isTold = isList && others.some(([, id]) => holds(answer.body, id))
    if (!isTold && toldBy(trial, answer).length === 0) continue
    return `${leaks}, when ${what} names that tenant`
  }
  return null
}

async function tryToMake(trial: Trial, made: string, tenant: string): Promise<string | null> {
  const { canaries, send, operation, stranger, owner } = trial
  const body = Object.fromEntries([...words.slice(0, 1), ...fields].map((name) => [name, tenant]))
  const objects = objectsOf(canaries, stranger)
  const answer = await send({ tenant: stranger }, operation, objects, { body })
  if (!isSuccess(answer.status)) return null
  const reading = canaries.operations.find(
    (one) => one.method === 'GET' && namesOf(one).at(-1) === made,
  )
  if (!reading) return null
  const theirs = { ...objectsOf(canaries, owner), [made]: idIn(answer, operation) }
  const { status } = await send({ tenant: owner }, reading, theirs)
  return isSuccess(status) ? 'it is made for another tenant when its body names that one' : null
}
