import type { Side } from '../provider/keys.ts'
import type { Visitor } from '../visitor.ts'
import type { Begun } from './begin.ts'
import type { Canaries, Person } from './canaries.ts'
import type { Answering, Reply } from './oidc.ts'

/** Who is signed in, by what the app tells of them. */
export type Who = Readonly<Record<string, string>>

/** What an attack is made of: the passed sign-ins of this look, and the way to begin another. */
export interface Scene {
  answering: Answering
  canaries: Canaries
  /** Begins at a canary's connection, in a browser of its own. */
  begin: (side: Side) => Promise<Begun>
  /**
   * Somebody of a's domain: its canary, or whom nobody knows. `isFresh` makes it another at each look, whom a's
   * provider has just let in for the first time where it is a user. Null where the app makes no accounts for it.
   */
  meet: (whom: Whom, isFresh: boolean) => Promise<Met | null>
  /** The sign-ins that passed. */
  passed: Readonly<Record<Side, { begun: Begun; reply: Reply; who: Who }>>
}

export type Whom = 'user' | 'stranger'
export interface Met {
  person: Person
  /** As whom the app must not sign anybody in then. */
  as: Who
}

/** An answer that an app must not sign anybody in by, and in whose browser it arrives. */
export interface Attempt {
  visitor: Visitor
  reply: Reply
  /** As whom nobody may be signed in; as a's canary when absent. */
  as?: Who
}

export interface Attack {
  /** As a note says it, after "signed in by". */
  name: string
  /** Who must not be signed in by it. */
  counts: Counting
  /** Null where the app's way of signing in leaves nothing to try. */
  make: (scene: Scene) => Promise<Attempt | null>
  /**
   * The same with names that the app has not seen. It may have made an account of its own for the first, which
   * is no harm by itself, but would be found again in place of a's.
   */
  again?: (scene: Scene) => Promise<Attempt | null>
}

/** Whether somebody got in who must not have: what a canary's own provider may do in its tenant is its own affair. */
export type Counting = (who: Who, passed: Record<Side, Who>) => boolean

export const anybody: Counting = () => true

/** As a's user, or into a's tenant: something that is told of them is a's, and not b's as well. */
export const asOfA: Counting = (who, { a, b }) =>
  Object.keys(a).some((name) => who[name] === a[name] && a[name] !== b[name])

export const asUserOfA: Counting = (who, { a }) =>
  Object.keys(a).every((name) => who[name] === a[name])

export const notAsUserOfB: Counting = (who, { b }) =>
  Object.keys(b).some((name) => who[name] !== b[name])
