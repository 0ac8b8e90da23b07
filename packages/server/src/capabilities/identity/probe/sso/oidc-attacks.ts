import {
  anybody,
  asOfA,
  notAsUserOfB,
  type Attack,
  type Attempt,
  type Counting,
  type Scene,
  type Whom,
} from './attacks.ts'
import type { BegunOf } from './begin.ts'
import { answerOidc, type OidcTwist } from './oidc.ts'
import type { Side, SigningKey } from '../provider/keys.ts'

type Asked = BegunOf<'oidc'>['asked']

interface Twisted {
  from: Side
  /** Of whom of a's domain it speaks, in place of its own canary. */
  whom?: Whom
  counts: Counting
  /** Null where it cannot be tried. */
  twist: (scene: Scene, asked: Asked) => OidcTwist | null
}

const [minute, hour] = [60, 3600]

/** `stranger` is a key that nobody was told of. */
export function oidcAttacks(stranger: SigningKey): Attack[] {
  const plain: Record<string, Twisted> = {
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
    'another customer’s provider that gives itself out as this one’s': {
      from: 'b',
      counts: asOfA,
      whom: 'user',
      twist: ({ canaries: { a } }) => ({ claims: { iss: a.issuer, aud: a.clientId } }),
    },
    'an ID token of another issuer': {
      from: 'a',
      counts: anybody,
      twist: ({ canaries: { b } }) => ({ claims: { iss: b.issuer } }),
    },
    'an ID token for another client': {
      from: 'a',
      counts: anybody,
      twist: ({ canaries: { b } }) => ({ claims: { aud: b.clientId } }),
    },
    'an ID token that another key signed': {
      from: 'a',
      counts: anybody,
      // What it fetches over TLS a client need not check a signature of (OpenID Connect Core, 3.1.3.7, 6).
      twist: ({ canaries: { a } }, { isInFront }) =>
        isInFront || a.issuer.startsWith('http:') ? { key: { ...stranger } } : null,
    },
    'an ID token that nobody signed (alg none)': {
      from: 'a',
      counts: anybody,
      twist: () => ({ signing: 'none' }),
    },
    'an ID token that its public key signed (HS256)': {
      from: 'a',
      counts: anybody,
      twist: () => ({ signing: 'HS256' }),
    },
    'an ID token that was over': {
      from: 'a',
      counts: anybody,
      twist: ({ answering: { now } }) => {
        const then = Math.floor(now / 1000) - 24 * hour
        return { claims: { iat: then, exp: then + hour } }
      },
    },
    'an ID token that was over ten minutes ago': {
      from: 'a',
      counts: anybody,
      // More than clocks may differ by.
      twist: ({ answering: { now } }) => {
        const then = Math.floor(now / 1000) - 15 * minute
        return { claims: { iat: then, exp: then + 5 * minute } }
      },
    },
    'an ID token without a nonce, where one was asked for': {
      from: 'a',
      counts: anybody,
      twist: (_, { nonce }) => (nonce === null ? null : { claims: { nonce: undefined } }),
    },
    'an ID token of another sign-in (nonce)': {
      from: 'a',
      counts: anybody,
      twist: (_, { nonce }) => (nonce === null ? null : { claims: { nonce: `${nonce}-another` } }),
    },
  }
  return [...Object.entries(plain).map(toAttack), ...crossed]
}

function toAttack([name, { from, whom, counts, twist }]: [string, Twisted]): Attack {
  const make = async (scene: Scene, isFresh: boolean): Promise<Attempt | null> => {
    const met = whom ? await scene.meet(whom, isFresh) : null
    if (whom && !met) return null
    const begun = mustBeOidc(await scene.begin(from))
    const twisted = twist(scene, begun.asked)
    if (twisted === null) return null
    const said = { ...twisted, ...(met && { person: met.person }) }
    const reply = answerOidc(scene.answering, begun, said)
    return { visitor: begun.visitor, reply, ...(met && { as: met.as }) }
  }
  return {
    name,
    counts,
    make: (scene) => make(scene, false),
    ...(whom && { again: (scene: Scene) => make(scene, true) }),
  }
}

/** Sound answers that arrive where they do not belong. */
const crossed: readonly Attack[] = [
  {
    name: 'an answer to a sign-in that another browser began',
    counts: anybody,
    async make({ answering, begin }) {
      const [theirs, mine] = [mustBeOidc(await begin('a')), await begin('a')]
      return { visitor: mine.visitor, reply: answerOidc(answering, theirs) }
    },
  },
  {
    name: 'an answer that was used before',
    counts: anybody,
    async make({ begin, passed }) {
      const { visitor } = await begin('a')
      return { visitor, reply: passed.a.reply }
    },
  },
  {
    name: 'an answer of another customer’s provider, at this one’s address',
    counts: notAsUserOfB,
    async make({ answering, begin, passed }) {
      const begun = mustBeOidc(await begin('b'))
      const { redirect } = mustBeOidc(passed.a.begun).asked
      if (redirect === begun.asked.redirect) return null
      const asked = { ...begun.asked, redirect }
      return { visitor: begun.visitor, reply: answerOidc(answering, { ...begun, asked }) }
    },
  },
]

function mustBeOidc(begun: Scene['passed']['a']['begun']): BegunOf<'oidc'> {
  if (begun.kind === 'oidc') return begun
  throw new TypeError('a connection speaks one protocol')
}
