import { cannotLook } from '../../../../foundation/look.ts'
import { isIn, type SignInLook } from '../look.ts'
import type { SigningKey } from '../provider/keys.ts'
import { say, unguessable, type Visitor } from '../visitor.ts'
import { need, type Step } from '../document.ts'
import type { Attempt, Met, Scene, Who, Whom } from './attacks.ts'
import { begin, type Begun, type Trying } from './begin.ts'
import { personOf, strangerOf, type Canary, type Person } from './canaries.ts'
import { answerOidc, type Answering, type Reply } from './oidc.ts'
import { oidcAttacks } from './oidc-attacks.ts'
import { answerSaml } from './saml.ts'
import { samlAttacks } from './saml-attacks.ts'

/**
 * Signs in by a connection of each canary, and then by all that must not do: a refusal counts between two
 * sign-ins that pass. `found` is told of each that got in at once, whatever ends the look afterwards.
 */
export async function tryConnection(
  trying: Trying,
  answering: Answering,
  stranger: SigningKey,
  found: (name: string) => void,
): Promise<void> {
  const { look } = trying
  const { canaries } = answering
  const a = await signIn(trying, answering, canaries.a)
  const b = await signIn(trying, answering, canaries.b)
  mustDiffer(trying, a.who, b.who)
  const scene: Scene = {
    answering,
    canaries,
    begin: (side) => begin(trying, canaries[side]),
    meet: async (whom, isFresh) => await meet(trying, answering, { whom, isFresh, a: a.who }),
    passed: { a, b },
  }
  const attacks = a.begun.kind === 'oidc' ? oidcAttacks(stranger) : samlAttacks(stranger)
  for (const { name, counts, make, again } of attacks) {
    for (const one of again ? [make, again] : [make]) {
      const attempt = await one(scene)
      const who = attempt && (await whoGetsIn(look, attempt))
      if (!attempt || who === null) break
      if (!counts(who, { a: attempt.as ?? a.who, b: b.who })) continue
      found(name)
      break
    }
  }
  // An app that had enough of us would have refused anything.
  await signIn(trying, answering, canaries.a)
}

/** Null where nobody does. */
async function whoGetsIn(look: SignInLook, { visitor, reply }: Attempt): Promise<Who | null> {
  await visitor.go(reply.address, reply.form)
  const isSignedIn = await isIn(visitor, look.document.reading)
  return isSignedIn ? await whoIs(visitor, need(look.document, 'who')) : null
}

async function meet(
  trying: Trying,
  answering: Answering,
  { whom, isFresh, a }: { whom: Whom; isFresh: boolean; a: Who },
): Promise<Met | null> {
  const canary = answering.canaries.a
  const stranger = strangerOf(canary, isFresh ? unguessable() : undefined)
  if (whom === 'stranger') return { person: stranger, as: a }
  if (!isFresh) return { person: personOf(canary), as: a }
  const begun = await begin(trying, canary)
  const as = await whoGetsIn(trying.look, {
    visitor: begun.visitor,
    reply: answer(answering, begun, stranger),
  })
  return as && { person: stranger, as }
}

interface Passed {
  begun: Begun
  reply: Reply
  who: Who
}

/** The way in that is there for everybody; that it fails ends the look. */
async function signIn(trying: Trying, answering: Answering, canary: Canary): Promise<Passed> {
  const { look, name } = trying
  const begun = await begin(trying, canary)
  const reply = answer(answering, begun)
  const { status } = await begun.visitor.go(reply.address, reply.form)
  if (await isIn(begun.visitor, look.document.reading)) {
    return { begun, reply, who: await whoIs(begun.visitor, need(look.document, 'who')) }
  }
  throw cannotLook(
    `canary ${canary.side} is not signed in by ${name}: the app answered its own provider with status ${status}`,
  )
}

/** A sound answer, which says nothing of factors. */
export function answer(answering: Answering, begun: Begun, person?: Person): Reply {
  const twist = person ? { person } : {}
  return begun.kind === 'oidc'
    ? answerOidc(answering, begun, twist)
    : answerSaml(answering, begun, twist)
}

export async function whoIs(visitor: Visitor, step: Step): Promise<Who> {
  const names = Object.keys(step.take ?? {})
  await visitor.must([step], 'who is signed in is not told')
  const told = names.map((name): [string, string | undefined] => [name, visitor.variables[name]])
  const missing = told.find(([, value]) => value === undefined)
  if (names.length === 0 || missing) {
    throw cannotLook(`${say(step)} does not tell ${missing?.[0] ?? 'anything of who is signed in'}`)
  }
  return Object.fromEntries(told) as Record<string, string>
}

function mustDiffer({ look, name }: Trying, a: Who, b: Who): void {
  if (Object.keys(a).some((key) => a[key] !== b[key])) return
  throw cannotLook(
    `signed in by ${name}, both canaries are the same to ${say(need(look.document, 'who'))}`,
  )
}
