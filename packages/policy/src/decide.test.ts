import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  anyContext,
  anyPolicy,
  anyPrincipal,
  anyRow,
  readIfSound,
  schema,
  toResource,
} from '../test/documents.ts'
import { readPolicies, type Ask, type Policies } from './index.ts'

const anyAsk: fc.Arbitrary<Ask> = fc.record({
  principal: anyPrincipal,
  action: fc.constantFrom('read', 'write'),
  resource: anyRow.map((row) => toResource({ id: 'd0', ...row })),
  context: anyContext,
})
const anyPolicies = fc.array(anyPolicy, { minLength: 1, maxLength: 5 })

/** Those of the generated policies that a validator finds sound, and what holds of all of them. */
function always(holds: (texts: readonly string[], ask: Ask) => boolean | void): void {
  fc.assert(
    fc.property(anyPolicies, anyAsk, (all, ask) => {
      const texts = all.filter((text) => readIfSound([text]) !== null)
      fc.pre(texts.length > 0)
      holds(texts, ask)
    }),
    { numRuns: 120 },
  )
}
const read = (texts: readonly string[]): Policies => readIfSound(texts)!
const isForbid = (text: string) => text.startsWith('forbid')

const ada = { type: 'User', id: 'ada', attrs: { clearance: 2, admin: false } }
const doc = { type: 'Doc', id: 'd', attrs: { level: 1, open: true } }
const ask: Ask = { principal: ada, action: 'read', resource: doc, context: { mfa: true } }
const policiesOf = (policies: Record<string, string>) => readPolicies({ schema, policies })
const permit = 'permit (principal, action, resource);'
const when = (effect: string, condition: string) =>
  `${effect} (principal, action, resource) when { ${condition} };`

describe('whatever the policies', () => {
  it('nothing is allowed that none of them permits', () => {
    let denied = 0
    always((texts, asked) => {
      const permits = texts.filter((text) => !isForbid(text))
      const { allowed } = read(texts).decide(asked)
      const holding = permits.filter((text) => read([text]).decide(asked).allowed)
      if (holding.length === 0) expect(allowed).toBe(false)
      if (!allowed) denied++
    })
    expect(read([]).decide(ask)).toEqual({ allowed: false, because: [], troubles: [] })
    expect(denied).toBeGreaterThan(10)
  })

  it('a forbid that holds or fails wins, and is named', () => {
    let won = 0
    always((texts, asked) => {
      const { allowed, because } = read([permit, ...texts]).decide(asked)
      const alone = texts.map((text) => read([permit, text]).decide(asked))
      const wins = texts.flatMap((text, i) =>
        isForbid(text) && !alone[i]!.allowed ? [String(i + 1)] : [],
      )
      expect(allowed).toBe(wins.length === 0)
      if (!allowed) expect(because).toEqual(wins)
      won += wins.length
    })
    expect(won).toBeGreaterThan(10)
  })

  it('their order does not matter', () => {
    always((texts, asked) => {
      const forward = read(texts).decide(asked)
      const backward = read(texts.toReversed()).decide(asked)
      expect(backward.allowed).toBe(forward.allowed)
      const last = texts.length - 1
      expect(backward.because.map((id) => String(last - Number(id))).toReversed()).toEqual(
        forward.because,
      )
    })
  })

  it('a permit more takes no permission away', () => {
    let allowed = 0
    always((texts, asked) => {
      const [more, ...others] = texts.filter((text) => !isForbid(text))
      if (more === undefined || !read(others).decide(asked).allowed) return
      expect(read([...others, more]).decide(asked).allowed).toBe(true)
      allowed++
    })
    expect(allowed).toBeGreaterThan(3)
  })
})

describe('a policy that fails', () => {
  it('permits nothing, and is told', () => {
    const failing = policiesOf({ owned: when('permit', 'resource.owner == principal') })
    const { allowed, because, troubles } = failing.decide(ask)
    expect([allowed, because]).toEqual([false, []])
    expect(troubles).toMatchObject([{ policy: 'owned', says: expect.stringContaining('owner') }])
  })

  it('forbids what it would forbid, and is among the reasons', () => {
    const policies = policiesOf({ permit, secret: when('forbid', 'resource.state == "secret"') })
    const { allowed, because, troubles } = policies.decide(ask)
    expect([allowed, because, troubles.length]).toEqual([false, ['secret'], 1])
    const told = { ...doc, attrs: { ...doc.attrs, state: 'plain' } }
    expect(policies.decide({ ...ask, resource: told })).toEqual({
      allowed: true,
      because: ['permit'],
      troubles: [],
    })
  })
})

describe('what the schema does not know', () => {
  const policies = policiesOf({ permit })

  it.each<[string, Partial<Ask>, string]>([
    ['an action', { action: 'raed' }, 'no action "raed"'],
    ['an action of Object', { action: 'constructor' }, 'no action "constructor"'],
    ['a principal', { principal: { type: 'Org', id: 'a' } }, 'no Org can ask for "read"'],
    ['a resource', { resource: { type: 'Org', id: 'a' } }, '"read" is not done to a Org'],
    ['an attribute', { resource: { ...doc, attrs: { colour: 1 } } }, 'has no "colour"'],
    ['a text for a Long', { resource: { ...doc, attrs: { level: '1' } } }, 'level is no integer'],
    ['a fraction', { resource: { ...doc, attrs: { level: 1.5 } } }, 'level is no integer'],
    ['2^53', { resource: { ...doc, attrs: { level: 2 ** 53 } } }, 'level is no integer'],
    ['half a letter', { principal: { ...ada, id: '\ud800' } }, 'the id of the principal'],
    ['a context', { context: { mfa: true, ip: '::1' } }, 'context has no "ip"'],
    ['a parent', { principal: { ...ada, parents: [{ type: 'Doc', id: 'd' }] } }, 'never in a Doc'],
    [
      'another type of entity',
      { resource: { ...doc, attrs: { owner: { __entity: { type: 'Org', id: 'a' } } } } },
      "resource.owner is no { __entity: { type: 'User', id } }",
    ],
  ])('is denied and told: %s', (_, wrong, reason) => {
    const { allowed, because, troubles } = policies.decide({ ...ask, ...wrong })
    expect([allowed, because]).toEqual([false, []])
    expect(troubles).toEqual([{ policy: null, says: expect.stringContaining(reason) as string }])
    expect(policies.decide(ask).allowed).toBe(true)
  })
})

describe('what the engine would not see', () => {
  const policies = readPolicies({
    schema: `entity Org; entity User in [Org]; entity Doc in [Org] { state?: String, place?: { at?: String } };
      action read appliesTo { principal: User, resource: Doc, context: { state?: String } };`,
    policies: {
      all: permit,
      sealed: when('forbid', 'resource has state && resource.state == "sealed"'),
      there: when('forbid', 'resource has place && resource.place has at'),
      asked: when('forbid', 'context has state'),
    },
  })
  const sealed = { state: 'sealed' }
  const hidden = Object.defineProperty({}, 'state', { value: 'sealed', enumerable: false })
  const decide = (more: object, parents: unknown = [], context: unknown = {}) => {
    const resource = { type: 'Doc', id: 'd', ...more }
    const principal = { type: 'User', id: 'a', parents }
    return policies.decide({ principal, action: 'read', resource, context } as unknown as Ask)
  }

  it.each([
    ['a Map', new Map(Object.entries(sealed))],
    ['inherited', Object.create(sealed)],
    ['not enumerable', hidden],
    [
      'an object of a class',
      new (class {
        state = 'sealed'
      })(),
    ],
    ['nothing', null],
    ['within a record', { place: Object.create({ at: 'x' }) }],
  ])('is denied as an attribute: %s', (_, attrs) => {
    expect(decide({ attrs })).toMatchObject({
      allowed: false,
      troubles: [{ says: expect.stringContaining('is no plain record') }],
    })
    expect(decide({ attrs: sealed })).toMatchObject({ allowed: false, because: ['sealed'] })
    expect(decide({ attrs: Object.assign(Object.create(null), { state: 'open' }) }).allowed).toBe(
      true,
    )
  })

  it('is denied in the context', () => {
    expect(decide({}, [], Object.create(sealed)).allowed).toBe(false)
    expect(decide({}, [], sealed)).toMatchObject({ because: ['asked'] })
    expect(decide({}, [], {}).allowed).toBe(true)
  })

  it('is denied as a parent, and no crash', () => {
    for (const parents of [
      [null],
      [{ type: 'Org' }],
      [{ id: 'o' }],
      ['Org'],
      null,
      'Org',
      new Map(),
    ]) {
      expect(decide({}, parents)).toMatchObject({ allowed: false, troubles: [{ policy: null }] })
    }
    expect(decide({}, [{ type: 'Org', id: 'o' }]).allowed).toBe(true)
  })
})

it('takes actions by their groups and by their whole name', () => {
  const policies = policiesOf({ any: 'permit (principal, action in Action::"any", resource);' })
  expect(policies.decide({ ...ask, action: 'Action::"write"' }).allowed).toBe(true)
  const spaced = readPolicies({
    schema: `namespace A { entity U; action x appliesTo { principal: U, resource: U }; }
      namespace B { entity U; action x appliesTo { principal: U, resource: U }; }`,
    policies: { a: 'permit (principal, action == A::Action::"x", resource);' },
  })
  const [a, b] = ['A', 'B'].map((space) => ({ type: `${space}::U`, id: 'u' })) as [Ask['principal'], Ask['principal']] // prettier-ignore
  const may = (principal: Ask['principal'], action: string) =>
    spaced.decide({ principal, action, resource: principal }).allowed
  expect(may(a, 'A::Action::"x"')).toBe(true)
  expect(may(b, 'B::Action::"x"')).toBe(false)
  expect(may(a, 'x'), 'either could be meant').toBe(false)
})

it('takes who asks about itself as one entity, whichever says what is known', () => {
  const policies = readPolicies({
    schema:
      'entity User = { age: Long }; action see appliesTo { principal: User, resource: User };',
    policies: { self: when('permit', 'principal == resource && resource.age > 17') },
  })
  const bare = { type: 'User', id: 'a' }
  const may = (principal: Ask['principal'], resource: Ask['resource']) =>
    policies.decide({ principal, action: 'see', resource })
  const known = { ...bare, attrs: { age: 18 } }
  expect([may(known, bare), may(bare, known), may(known, known)].map((one) => one.allowed)).toEqual(
    [true, true, true],
  )
  const contrary = may(known, { ...bare, attrs: { age: 3 } })
  expect([contrary.allowed, contrary.troubles.length]).toEqual([false, 1])
})

describe('what policies look at', () => {
  it.each([
    [permit, []],
    ['permit (principal is User, action, resource is Doc);', []],
    [when('permit', 'principal is User || resource is Doc'), []],
    ['permit (principal == User::"a", action, resource);', ['principal']],
    ['permit (principal is User in Org::"a", action, resource);', ['principal']],
    ['permit (principal, action, resource in Org::"a");', ['resource']],
    [when('permit', 'context.mfa'), ['context']],
    [when('permit', '[1, 2].contains(resource.level)'), ['resource']],
    [when('permit', 'if context.mfa then principal.admin else false'), ['context', 'principal']],
    [when('permit', '{a: principal.admin}.a'), ['principal']],
    [when('permit', 'principal is User in Org::"a"'), ['principal']],
  ])('%s', (text, looks) => {
    expect([...policiesOf({ text }).looksAt].toSorted()).toEqual(looks)
  })
})
