import { cannotLook } from '../../../foundation/look.ts'
import type { Answer } from '../../../outside/request.ts'
import type { Canaries, Operation } from './canaries.ts'
import { isWord } from './sample.ts'

export type Name = 'a' | 'b'

/** As whom the app is asked: a canary, its user with the lesser role, or nobody at all. */
export interface Caller {
  tenant: Name | null
  lesser?: true
}

/** What is said beside an operation's own path and body. */
export interface Aside {
  query?: Readonly<Record<string, string>>
  headers?: Readonly<Record<string, string>>
  /** Beside what the body holds, which goes before. */
  body?: Readonly<Record<string, string>>
  /** What stands in the body instead of the operation's own. */
  instead?: Readonly<Record<string, unknown>>
  /** Stands for each `{anyWord}`; one that nobody could guess when absent. */
  word?: string
}

export type Objects = Readonly<Record<string, string>>
export type Send = (
  as: Caller,
  operation: Operation,
  objects: Objects,
  aside?: Aside,
) => Promise<Answer>

/** A thing that was made for a trial. */
export interface Made {
  by: Caller
  name: string
  id: string
  objects: Objects
}

/** Sends, and knows what was made by it, so that all of it is taken away again. */
export interface Making {
  send: Send
  /** What was made and not taken away by `remove`, the newest last. */
  made: readonly Made[]
  /** Takes away what was made after the first so many. */
  remove(from: number): Promise<void>
}

/** What is the same for all trials of an app. */
export type Setting = Pick<
  Trial,
  'canaries' | 'making' | 'hasLesser' | 'called' | 'asked' | 'echoing' | 'volatile'
>

/** One operation, tried by a stranger on what belongs to the owner. */
export interface Trial {
  canaries: Canaries
  send: Send
  making: Making
  hasLesser: boolean
  operation: Operation
  owner: Name
  stranger: Name
  /** What the owner's objects are for this operation: some are made for it. */
  objects: Objects
  /** Values that only the owner sees. */
  secrets: readonly string[]
  /** What each calls its things, as it writes them. */
  called: Readonly<Record<Name, readonly string[]>>
  /** Values of the other that each was given to ask with, so that they may come back. */
  asked: Readonly<Record<Name, Set<string>>>
  /** What tells each later what it asked with. */
  echoing: Readonly<Record<Name, ReadonlySet<Operation>>>
  /** Places of answers that are others each time. */
  volatile: Set<string>
}

/** The objects that an operation names, in its path, its query or its body. */
export function namesOf({ path, body }: Operation): string[] {
  const text = `${path} ${JSON.stringify(body ?? '')}`
  const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  return [...new Set(names)].filter((name) => !isWord(name))
}

/** Whether an operation names a thing that both canaries have: what is done to it, both may see. */
export function namesShared(operation: Operation, { tenants: { a, b } }: Canaries): boolean {
  return namesOf(operation).some((name) => a.objects[name] === b.objects[name])
}

/** What asks and does not do: it may be sent as often as one likes. */
export const isReading = ({ method }: Operation) => method === 'GET' || method === 'HEAD'

export function objectsOf(canaries: Canaries, name: Name): Objects {
  return canaries.tenants[name].objects
}

export function mustSucceed({ status }: Answer, { name }: Operation, owner: Name): void {
  if (isSuccess(status)) return
  throw cannotLook(`${name} fails for canary ${owner} on its own object (status ${status})`)
}

export const isSuccess = (status: number) => status >= 200 && status < 300
