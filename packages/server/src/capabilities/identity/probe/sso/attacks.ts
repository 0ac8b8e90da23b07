import type { Side } from '../provider/keys.ts'
import type { Visitor } from '../visitor.ts'
import type { Begun, BegunOf, Kind } from './begin.ts'
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

/** How the providers of one protocol answer. */
export interface Protocol<K extends Kind, Twist> {
  kind: K
  /** What a note calls an answer. */
  called: string
  answer: (answering: Answering, begun: BegunOf<K>, twist?: Twist & { person?: Person }) => Reply
}

/** An answer that is sound but for one thing. */
export interface Twisted<K extends Kind, Twist> {
  from: Side
  /** Of whom of a's domain it speaks, in place of its own canary. */
  whom?: Whom
  counts: Counting
  /** Null where it cannot be tried. */
  twist: (scene: Scene, asked: BegunOf<K>['asked']) => Twist | null
}

/** What a tenant's own provider says as it should, of people of another tenant. */
export const foreign = {
  'another customer’s provider, as a user of this one': {
    from: 'b',
    counts: asOfA,
    whom: 'user',
    twist: () => ({}),
  },
  'another customer’s provider, under an address of this one’s domain': {
    from: 'b',
    counts: asOfA,
    whom: 'stranger',
    twist: () => ({}),
  },
} as const

export function attackBy<K extends Kind, Twist extends object>(
  { kind, answer }: Protocol<K, Twist>,
  name: string,
  { from, whom, counts, twist }: Twisted<K, Twist>,
): Attack {
  const make = async (scene: Scene, isFresh: boolean): Promise<Attempt | null> => {
    const met = whom ? await scene.meet(whom, isFresh) : null
    if (whom && !met) return null
    const begun = mustBe(kind, await scene.begin(from))
    const twisted = twist(scene, begun.asked)
    if (twisted === null) return null
    const said = { ...twisted, ...(met && { person: met.person }) }
    const reply = answer(scene.answering, begun, said)
    return { visitor: begun.visitor, reply, ...(met && { as: met.as }) }
  }
  return {
    name,
    counts,
    make: (scene) => make(scene, false),
    ...(whom && { again: (scene: Scene) => make(scene, true) }),
  }
}

/** Sound answers that arrive where they do not belong; `move` takes one to another address, if there is one. */
export function crossedAttacks<K extends Kind, Twist extends object>(
  { kind, called, answer }: Protocol<K, Twist>,
  move: (answering: Answering, begun: BegunOf<K>, to: BegunOf<K>['asked']) => Reply | null,
): Attack[] {
  return [
    {
      name: `${called} to a sign-in that another browser began`,
      counts: anybody,
      async make({ answering, begin }) {
        const [theirs, mine] = [mustBe(kind, await begin('a')), await begin('a')]
        return { visitor: mine.visitor, reply: answer(answering, theirs) }
      },
    },
    {
      name: `${called} that was used before`,
      counts: anybody,
      async make({ begin, passed }) {
        const { visitor } = await begin('a')
        return { visitor, reply: passed.a.reply }
      },
    },
    {
      name: `${called} of another customer’s provider, at this one’s address`,
      counts: notAsUserOfB,
      async make({ answering, begin, passed }) {
        const begun = mustBe(kind, await begin('b'))
        const reply = move(answering, begun, mustBe(kind, passed.a.begun).asked)
        return reply && { visitor: begun.visitor, reply }
      },
    },
  ]
}

function mustBe<K extends Kind>(kind: K, begun: Begun): BegunOf<K> {
  if (begun.kind === kind) return begun as BegunOf<K>
  throw new TypeError('a connection speaks one protocol')
}
