import type { Side, SigningKey } from '../provider/keys.ts'
import {
  anybody,
  asOfA,
  asUserOfA,
  notAsUserOfB,
  type Attack,
  type Attempt,
  type Counting,
  type Scene,
  type Whom,
} from './attacks.ts'
import type { Begun, BegunOf } from './begin.ts'
import { lookAlike, type Canary } from './canaries.ts'
import { answerSaml, elsewhere, type SamlTwist } from './saml.ts'
import { wraps } from './wraps.ts'

interface Twisted {
  from: Side
  /** Of whom of a's domain it speaks, in place of its own canary. */
  whom?: Whom
  counts: Counting
  twist: (scene: Scene, asked: BegunOf<'saml'>['asked']) => SamlTwist
}

const [minute, day] = [60_000, 86_400_000]

/** `stranger` is a key that nobody was told of. */
export function samlAttacks(stranger: SigningKey): Attack[] {
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
      twist: ({ canaries: { a } }) => ({ says: { issuer: a.issuer } }),
    },
    'a response of another customer’s provider': {
      from: 'a',
      counts: anybody,
      twist: ({ canaries: { b } }) => ({ says: { issuer: b.issuer }, key: b.key }),
    },
    'a response that another customer’s key signed': {
      from: 'a',
      counts: anybody,
      twist: ({ canaries: { b } }) => ({ key: b.key }),
    },
    'a response that a key signed which nobody knows': {
      from: 'a',
      counts: anybody,
      twist: () => ({ key: stranger }),
    },
    'a response that nobody signed': { from: 'a', counts: anybody, twist: () => ({ key: null }) },
    'a response that was changed after it was signed': {
      from: 'a',
      counts: anybody,
      twist: () => ({ after: (xml) => xml.replaceAll('>Kept canary', '>Another canary') }),
    },
    'an assertion for another service (audience)': {
      from: 'a',
      counts: anybody,
      twist: (_, asked) => ({ says: { audience: elsewhere(asked).audience } }),
    },
    'an assertion for any service (no audience)': {
      from: 'a',
      counts: anybody,
      twist: () => ({ says: { audience: null } }),
    },
    'an assertion for another address (recipient)': {
      from: 'a',
      counts: anybody,
      twist: (_, asked) => {
        const { recipient } = elsewhere(asked)
        return { says: { recipient }, destination: recipient }
      },
    },
    'an assertion that was over': {
      from: 'a',
      counts: anybody,
      twist: ({ answering: { now } }) => ({ says: { now: now - day } }),
    },
    'an assertion that was over ten minutes ago': {
      from: 'a',
      counts: anybody,
      // More than clocks may differ by; it holds for five.
      twist: ({ answering: { now } }) => ({ says: { now: now - 15 * minute } }),
    },
    'an assertion that names no request': {
      from: 'a',
      counts: anybody,
      twist: () => ({ says: { inResponseTo: null } }),
    },
    'an assertion for a request that nobody made': {
      from: 'a',
      counts: anybody,
      twist: (_, { id }) => ({ says: { inResponseTo: `${id}-another` } }),
    },
    'a name with a comment in it, of another customer’s provider': {
      from: 'b',
      counts: asOfA,
      twist: ({ canaries: { a, b } }) => commented(a, b),
    },
    'a name with a comment in it': {
      from: 'a',
      counts: asUserOfA,
      twist: ({ canaries: { a, b } }) => commented(a, b),
    },
    ...Object.fromEntries(
      Object.entries(wraps).map(([name, wrap]): [string, Twisted] => [
        `an unsigned assertion ${name}`,
        { from: 'a', counts: anybody, twist: () => ({ wrap }) },
      ]),
    ),
  }
  return [...Object.entries(plain).map(toAttack), ...crossed]
}

function toAttack([name, { from, whom, counts, twist }]: [string, Twisted]): Attack {
  const make = async (scene: Scene, isFresh: boolean): Promise<Attempt | null> => {
    const met = whom ? await scene.meet(whom, isFresh) : null
    if (whom && !met) return null
    const begun = mustBeSaml(await scene.begin(from))
    const twisted = twist(scene, begun.asked)

    const said = { ...twisted, ...(met && { person: met.person }) }
    const reply = answerSaml(scene.answering, begun, said)
    return { visitor: begun.visitor, reply, ...(met && { as: met.as }) }
  }
  return {
    name,
    counts,
    make: (scene) => make(scene, false),
    ...(whom && { again: (scene: Scene) => make(scene, true) }),
  }
}

/** A signature does not cover comments, and whoever reads a text up to one reads another name than was signed. */
function commented(of: Canary, by: Canary): SamlTwist {
  const { cut, rest } = lookAlike(of, by)
  const person = { subject: cut.subject + rest.subject, email: cut.email + rest.email }
  return {
    person,
    before: (xml) =>
      xml
        .replaceAll(`>${person.subject}<`, `>${cut.subject}<!---->${rest.subject}<`)
        .replaceAll(`>${person.email}<`, `>${cut.email}<!---->${rest.email}<`),
  }
}

/** Sound responses that arrive where they do not belong. */
const crossed: readonly Attack[] = [
  {
    name: 'a response to a sign-in that another browser began',
    counts: anybody,
    async make({ answering, begin }) {
      const [theirs, mine] = [mustBeSaml(await begin('a')), await begin('a')]
      return { visitor: mine.visitor, reply: answerSaml(answering, theirs) }
    },
  },
  {
    name: 'a response that was used before',
    counts: anybody,
    async make({ begin, passed }) {
      const { visitor } = await begin('a')
      return { visitor, reply: passed.a.reply }
    },
  },
  {
    name: 'a response of another customer’s provider, at this one’s address',
    counts: notAsUserOfB,
    async make({ answering, begin, passed }) {
      const begun = mustBeSaml(await begin('b'))
      const { consumer: address } = mustBeSaml(passed.a.begun).asked
      if (address === begun.asked.consumer) return null
      return { visitor: begun.visitor, reply: { ...answerSaml(answering, begun), address } }
    },
  },
]

function mustBeSaml(begun: Begun): BegunOf<'saml'> {
  if (begun.kind === 'saml') return begun
  throw new TypeError('a connection speaks one protocol')
}
