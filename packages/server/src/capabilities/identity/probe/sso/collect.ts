import { compile } from '@kept/page'
import type { CollectorContext } from '../../../../foundation/capability.ts'
import { cannotLook, collector, seen } from '../../../../foundation/look.ts'
import type { IdentitySettings } from '../../shapes.ts'
import { makeCertifiedKey } from '../../providers/encryption.ts'
import { need, type SignInDocument } from '../document.ts'
import { lookAtSignIn, mustTellApart, sayFound, troubleOf, type SignInLook } from '../look.ts'
import type { TestProviderOperations } from '../provider/operations.ts'
import type { SigningKey } from '../provider/keys.ts'
import { namesOf } from '../visitor.ts'
import { openCanaries, type Canaries } from './canaries.ts'
import type { Answering } from './oidc.ts'
import { tryConnection } from './try.ts'

type Find = TestProviderOperations['findTestProviders']

/** Signs in by each connection of two canary tenants, then by all that must let nobody in. */
export function singleSignOnCollector({ key, origin }: IdentitySettings, find: Find) {
  return collector({
    kind: 'service.single-sign-on',
    of: ['service'],
    every: 6 * 3600,
    timeout: 900,
    collect: (subject, context) =>
      lookAtSignIn(subject, context, async (look) => {
        const { providers } = await context.ask(find, { service: subject.id })
        const canaries = openCanaries(subject, look.users, providers, key)
        const names = chooseConnections(look, canaries, promisedConnections(context))
        need(look.document, 'who')
        await mustTellApart(look)
        const stranger = await makeCertifiedKey(origin, look.time.now())
        return await tryAll(look, { canaries, key, stranger, names })
      }),
  })
}

interface Trying {
  canaries: Canaries
  key: Uint8Array
  stranger: SigningKey
  names: readonly string[]
}

async function tryAll(look: SignInLook, { canaries, key, stranger, names }: Trying) {
  const signedInWith: string[] = []
  const entered: string[] = []
  const answering = openAnswering(look, canaries, key)
  const trouble = await troubleOf(
    (async () => {
      for (const name of names) {
        const trying = { look, name, connection: look.document.connections[name]! }
        await tryConnection(trying, answering, stranger, (by) =>
          entered.push(`${by}, with ${name}`),
        )
        signedInWith.push(name)
      }
    })(),
  )
  const measured = { signedInWith, foreignAccepted: entered.length }
  // What got in has got in, whatever came of the rest.
  if (entered.length > 0) {
    const found = `signed in by ${entered.slice(0, 10).join('; ')}`
    return seen(measured, sayFound(found, trouble))
  }
  if (trouble) throw trouble
  return seen(measured)
}

/** The providers' clock is the look's own. */
export function openAnswering(
  { time }: SignInLook,
  canaries: Canaries,
  key: Uint8Array,
): Answering {
  return {
    canaries,
    key,
    get now() {
      return time.now()
    },
  }
}

/** The names that the page in force promises; `[]` for whatever there is. */
function promisedConnections({ page }: Pick<CollectorContext, 'page'>): string[] {
  const { claims } = compile(page.source, { format: 'markdown', now: 0 })
  return claims
    .flatMap(({ obligations }) => obligations)
    .filter(({ proof }) => proof.id === 'sso')
    .flatMap(({ params }) => (params['with'] as string[] | undefined) ?? [])
}

/**
 * Those that the document tells of and the canaries have. One that is promised and that they lack ends the look;
 * one that the document does not tell of nobody can sign in by.
 */
export function chooseConnections(
  { document: { connections } }: SignInLook,
  canaries: Canaries,
  promised: readonly string[],
): string[] {
  const has = (name: string) =>
    Object.values(canaries).every(({ user }) => lacking(connections[name]!, user).length === 0)
  const all = Object.keys(connections)
  const missing = all.find((name) => promised.includes(name) && !has(name))
  if (missing !== undefined) {
    throw cannotLook(
      `the secret says not all that a sign-in by ${missing} takes, of canary a or b: ${Object.values(
        canaries,
      )
        .flatMap(({ user }) => lacking(connections[missing]!, user))
        .join(', ')}`,
    )
  }
  const chosen = all.filter(has)
  if (chosen.length > 0) return chosen
  throw cannotLook('there is no connection that both canaries have')
}

/** What its steps need and neither the user nor an earlier answer says. */
function lacking(
  { begin }: SignInDocument['connections'][string],
  user: Readonly<Record<string, string>>,
): string[] {
  const taken = new Set(begin.flatMap(({ take }) => Object.keys(take ?? {})))
  return begin
    .flatMap(namesOf)
    .filter((name) => name !== 'unique' && user[name] === undefined && !taken.has(name))
}
