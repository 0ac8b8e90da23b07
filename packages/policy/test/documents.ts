import * as fc from 'fast-check'
import type { Entity, Policies } from '../src/index.ts'
import { PolicyFailure, readPolicies } from '../src/index.ts'

/** Documents in folders of organisations: what the tests' policies are about. */
export const schema = `
entity Org;
entity Folder in [Org];
entity User in [Org] = { clearance: Long, admin: Bool, nick?: String };
entity Doc in [Folder, Org] = {
  owner: User, reviewer?: User, org: Org,
  level: Long, rank?: Long, state: String, title?: String, open: Bool,
};
action any;
action read, write in [any] appliesTo { principal: User, resource: Doc, context: { mfa: Bool, n?: Long } };
`

/** A row as the database has it; a null is an absent attribute. */
export interface Row {
  id: string
  folder: string | null
  in_org: string | null
  owner: string | null
  reviewer: string | null
  org: string | null
  level: number | null
  rank: number | null
  state: string | null
  title: string | null
  open: boolean | null
}

const entity = (type: string, id: string | null) =>
  id === null ? undefined : { __entity: { type, id } }

/** The same row as `decide` is told of it. */
export function toResource(row: Row): Entity {
  const { owner, reviewer, org, level, rank, state, title, open } = row
  const attrs = {
    owner: entity('User', owner),
    reviewer: entity('User', reviewer),
    org: entity('Org', org),
    level,
    rank,
    state,
    title,
    open,
  }
  const present = Object.entries(attrs).filter(([, value]) => value !== null && value !== undefined)
  return {
    type: 'Doc',
    id: row.id,
    attrs: Object.fromEntries(present) as NonNullable<Entity['attrs']>,
    parents: [
      ...(row.folder === null ? [] : [{ type: 'Folder', id: row.folder }]),
      ...(row.in_org === null ? [] : [{ type: 'Org', id: row.in_org }]),
    ],
  }
}

const user = fc.constantFrom('ada', 'bob', "o'neil")
const org = fc.constantFrom('north', 'south')
const folder = fc.constantFrom('f1', 'f2')
const long = fc.integer({ min: -2, max: 4 })
const text = fc.constantFrom('a', 'ab', 'a%b', 'a_b', 'A', 'a\\b', 'é', '')

export const anyRow = fc.record({
  folder: fc.option(folder),
  in_org: fc.option(org),
  owner: fc.option(user, { freq: 8 }),
  reviewer: fc.option(user),
  org: fc.option(org, { freq: 8 }),
  level: fc.option(long, { freq: 8 }),
  rank: fc.option(long),
  state: fc.option(text, { freq: 8 }),
  title: fc.option(text),
  open: fc.option(fc.boolean(), { freq: 8 }),
})

export const anyPrincipal: fc.Arbitrary<Entity> = fc.record({
  type: fc.constant('User'),
  id: user,
  attrs: fc.record({ clearance: long, admin: fc.boolean(), nick: text }, { requiredKeys: [] }),
  parents: fc.uniqueArray(
    org.map((id) => ({ type: 'Org', id })),
    { selector: ({ id }) => id },
  ),
})

export const anyContext = fc.record({ mfa: fc.boolean(), n: long }, { requiredKeys: ['mfa'] })

const quoted = (value: string) => JSON.stringify(value)
const compared = fc.constantFrom('==', '!=', '<', '<=', '>', '>=')
const pattern = fc.constantFrom('a*', '*b', 'a%*', 'a_b', '*', 'a\\\\*', '')

/** A condition that a validator finds nothing to say against, mostly. */
const atom = fc.oneof(
  fc.tuple(compared, long).map(([sign, n]) => `resource.level ${sign} ${n}`),
  compared.map((sign) => `resource.level ${sign} principal.clearance`),
  compared.map((sign) => `(resource has rank && resource.rank ${sign} resource.level)`),
  text.map((value) => `resource.state == ${quoted(value)}`),
  text.map((value) => `(resource has title && resource.title != ${quoted(value)})`),
  pattern.map((like) => `resource.state like "${like}"`),
  pattern.map((like) => `(resource has title && resource.title like "${like}")`),
  fc
    .array(text, { minLength: 1, maxLength: 3 })
    .map((values) => `[${values.map(quoted).join(', ')}].contains(resource.state)`),
  fc.constantFrom(
    'resource.open',
    'resource.owner == principal',
    'principal == resource.owner',
    '(resource has reviewer && resource.reviewer == resource.owner)',
    'resource has title',
    'principal in resource.org',
    'resource is Doc',
    'resource is Doc in Folder::"f1"',
    'principal is User',
    'principal.admin',
    'principal.clearance + 1 > 2',
    'context.mfa',
    '(context has n && context.n < 2)',
    '(context has n && resource.level == context.n)',
    '(principal has nick && principal.nick == resource.state)',
    'context.mfa == resource.open',
  ),
  user.map((id) => `resource.owner in [User::${quoted(id)}, User::"eve"]`),
  org.map((id) => `resource.org == Org::"${id}"`),
  org.map((id) => `principal in Org::"${id}"`),
  org.map((id) => `resource in Org::"${id}"`),
  folder.map((id) => `resource in [Folder::"${id}", Org::"south"]`),
  fc.constantFrom('d0', 'd1').map((id) => `resource == Doc::"${id}"`),
)

const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} || ${b})`),
    tie('condition').map((one) => `!(${one})`),
  ),
}))

const scope = fc.tuple(
  fc.constantFrom('principal', 'principal is User', 'principal == User::"ada"', 'principal in Org::"north"'),
  fc.constantFrom('action', 'action == Action::"read"', 'action in Action::"any"', 'action in [Action::"write"]'),
  fc.constantFrom('resource', 'resource', 'resource is Doc', 'resource == Doc::"d0"', 'resource in Folder::"f1"'),
) // prettier-ignore

const clause = fc.tuple(fc.constantFrom('when', 'unless'), condition)

export const anyPolicy = fc
  .tuple(fc.constantFrom('permit', 'permit', 'forbid'), scope, fc.array(clause, { maxLength: 2 }))
  .map(
    ([effect, [principal, action, resource], clauses]) =>
      `${effect} (${principal}, ${action}, ${resource})` +
      `${clauses.map(([kind, body]) => ` ${kind} { ${body} }`).join('')};`,
  )

/** Policies by their numbers; null where the validator refuses one, as it may what can never hold. */
export function readIfSound(texts: readonly string[]): Policies | null {
  try {
    return readPolicies({ schema, policies: Object.fromEntries(texts.entries()) })
  } catch (error) {
    if (error instanceof PolicyFailure && error.code === 'bad-policy') return null
    throw error
  }
}
