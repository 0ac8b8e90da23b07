import { describe, expect, it } from 'vitest'
import { readPolicies } from './index.ts'
import { misfit, readSchema } from './schema.ts'

const text = `namespace App {
  type Place = { city: String, at?: { x: Long, y: Long } };
  entity Team in [Team];
  entity User in [Team] = { place: Place, tags: Set<String>, boss?: User, ip?: ipaddr };
  action all;
  action some in [all];
  action read in [some] appliesTo { principal: User, resource: [User, Team], context: Place };
}`

describe('a schema', () => {
  const { entities, actions } = readSchema(text)

  it('is read with its namespace, groups and types', () => {
    expect([...entities.get('App::User')!.ancestors]).toEqual(['App::Team'])
    const read = actions.get('App::Action::"read"')!
    expect(actions.get('read')).toEqual(read)
    expect(read.ancestors.map(({ id }) => id).toSorted()).toEqual(['all', 'some'])
    expect([...read.resources].toSorted()).toEqual(['App::Team', 'App::User'])
    expect([...read.context.keys()].toSorted()).toEqual(['at', 'city'])
  })

  const fields = entities.get('App::User')!.attributes
  it.each<[Parameters<typeof misfit>[0], string | null]>([
    [{}, null],
    [{ place: { city: 'Graz', at: { x: 1, y: 2 } }, tags: [] }, null],
    [{ boss: { __entity: { type: 'App::User', id: 'a' } } }, null],
    [{ ip: { __extn: { fn: 'ip', arg: '::1' } } }, null],
    [{ place: { city: 1 } }, 'user.place.city is no String'],
    [{ place: { at: { z: 1 } } }, 'user.place.at has no "z"'],
    [{ place: [] }, 'user.place is no plain record'],
    [{ tags: ['a', 1] }, 'user.tags is no String'],
    [{ tags: 'a' }, 'user.tags is no Set'],
    [{ boss: 'a' }, "user.boss is no { __entity: { type: 'App::User', id } }"],
    [{ ip: '::1' }, 'user.ip is no { __extn: { fn, arg } }'],
    [JSON.parse('{"__proto__":{"city":"a"}}') as { city: string }, 'user has no "__proto__"'],
  ])('takes %j: %s', (values, reason) => {
    expect(misfit(values, fields, 'user')).toBe(reason)
  })
})

// The last of this file: it may leave the engine of this process unfit.
it('is refused, and not a crash, when its groups are too deep for the engine', () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => `action g${i + 1} in [g${i}];`)
  const schema = `entity A; action g0; ${chain.join('\n')}`
  expect(() => readPolicies({ schema, policies: {} })).toThrow(
    expect.objectContaining({ code: 'bad-schema' }),
  )
})
