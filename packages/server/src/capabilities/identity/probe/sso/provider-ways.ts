import type { System } from '@kept/page'
import type { CollectorContext } from '../../../../foundation/capability.ts'
import { cannotLook } from '../../../../foundation/look.ts'
import { need } from '../document.ts'
import type { SignInLook } from '../look.ts'
import type { TestProviderOperations } from '../provider/operations.ts'
import type { Visitor } from '../visitor.ts'
import { begin } from './begin.ts'
import { openCanaries } from './canaries.ts'
import { chooseConnections, openAnswering } from './collect.ts'
import { answer, whoIs } from './try.ts'

/** A way in by a provider that says nothing of factors: whatever else is asked then, it has not proved. */
export interface ProviderWay {
  name: string
  /** Somebody who has come back from the provider, let in or not. */
  enter: () => Promise<Visitor>
}

interface Given {
  context: CollectorContext
  key: Uint8Array
  find: TestProviderOperations['findTestProviders']
}

/**
 * The ways of canary a, who must be of the owner's tenant. None where no test provider was made, or the secret
 * names no such canary: then nobody is there to come by one.
 */
export async function providerWays(
  look: SignInLook,
  subject: System,
  owner: Visitor,
  { context, key, find }: Given,
): Promise<ProviderWay[]> {
  const { a, b } = look.users
  const { providers } = await context.ask(find, { service: subject.id })
  if (!a || !b || providers.length === 0) return []
  const canaries = openCanaries(subject, look.users, providers, key)
  const answering = openAnswering(look, canaries, key)
  const enter = async (name: string) => {
    const trying = { look, name, connection: look.document.connections[name]! }
    const begun = await begin(trying, canaries.a)
    const reply = answer(answering, begun)
    await begun.visitor.go(reply.address, reply.form)
    return begun.visitor
  }
  const names = chooseConnections(look, canaries, [])
  await mustBeOfOneTenant(look, owner, await enter(names[0]!))
  return names.map((name) => ({
    name: `a provider that says nothing of factors (${name})`,
    enter: () => enter(name),
  }))
}

/** Of another tenant nobody asked for a second factor. */
async function mustBeOfOneTenant(
  { document }: SignInLook,
  owner: Visitor,
  canary: Visitor,
): Promise<void> {
  const step = need(document, 'who')
  const [one, other] = [await whoIs(owner, step), await whoIs(canary, step)]
  if (Object.keys(one).some((name) => one[name] === other[name])) return
  throw cannotLook('canary a is told to be of another tenant than the owner')
}
