import { randomUUID } from 'node:crypto'
import { cannotLook } from '../../../foundation/look.ts'
import type { Operation } from './canaries.ts'
import { isWord } from './sample.ts'
import type { Aside, Objects } from './trial.ts'

interface Filled {
  path: string
  headers: Readonly<Record<string, string>>
  body?: string
}

/** Puts the ids of objects in the place of `{name}`, and what is said aside beside the operation's own. */
export function fill(operation: Operation, objects: Objects, aside: Aside): Filled {
  const { path, body, described } = operation
  const idOf = (name: string) => {
    const id = objects[name]
    if (id === undefined) throw cannotLook(`the canaries have no object named ${name}`)
    return id
  }
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(idOf(name)))
  const asked = withQuery(filled, aside.query)
  const { key } = described ?? {}
  // Each request has a key of its own, or the answer to another would come again.
  const headers = { ...(key !== undefined && { [key]: randomUUID() }), ...aside.headers }
  if (body === undefined) return { path: asked, headers }
  const said = { ...aside.body, ...Object(body), ...aside.instead } as object
  const text = JSON.stringify(aside.body || aside.instead ? said : body)
    .replaceAll(/\{(\w+)\}/g, (all, name: string) => (isWord(name) ? idOf(name) : all))
    .replaceAll(/"\{(\w+)\}"/g, (_, name: string) => JSON.stringify(idOf(name)))
  return { path: asked, headers, body: text }
}

/** What is asked aside stands in the place of what the path asks by the same name. */
function withQuery(path: string, query: Aside['query'] = {}): string {
  if (Object.keys(query).length === 0) return path
  const [bare, given] = path.split('?')
  const all = new URLSearchParams(given)
  for (const [name, value] of Object.entries(query)) all.set(name, value)
  return `${bare}?${all.toString()}`
}
