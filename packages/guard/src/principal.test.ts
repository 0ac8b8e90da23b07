import { describe, expect, it } from 'vitest'
import { Principal, trustedPrincipal } from './principal.ts'

const ada = { id: 'ada', tenant: 'acme', roles: ['owner'], attrs: { plan: { name: 'pro' } } }

describe('a principal', () => {
  it('is made by this package alone', () => {
    const made = trustedPrincipal(ada)
    expect(Principal.is(made)).toBe(true)
    const Made = made.constructor as new (...given: unknown[]) => unknown
    expect(() => new Made(Symbol('principal'), ada, 'trusted')).toThrow(TypeError)
    for (const like of [
      JSON.parse(JSON.stringify(made)),
      Object.create(made),
      Object.create(Principal.prototype),
      null,
    ]) {
      expect(Principal.is(like)).toBe(false)
    }
  })

  it('does not change afterwards', () => {
    const roles = ['reader']
    const made = trustedPrincipal({ ...ada, roles })
    roles.push('owner')
    expect(made.roles).toEqual(['reader'])
    expect(() => Object.assign(made, { tenant: 'evil' })).toThrow(TypeError)
    expect(() => Object.assign(made.entity.attrs!['plan']!, { name: 'free' })).toThrow(TypeError)
    expect(() => (made.entity.parents as unknown[]).push({ type: 'Role', id: 'owner' })).toThrow(
      TypeError,
    )
  })

  it.each([
    ['no id', { ...ada, id: '' }, 'bad-principal'],
    ['a line break in its id', { ...ada, id: 'a\nb' }, 'bad-principal'],
    ['a quote in its tenant', { ...ada, tenant: `a'; --` }, 'bad-principal'],
    ['an endless tenant', { ...ada, tenant: 'x'.repeat(201) }, 'bad-principal'],
    ['no tenant', { ...ada, tenant: null }, 'no-tenant'],
    ['an undefined tenant', { ...ada, tenant: undefined as never }, 'no-tenant'],
    ['an object for a tenant', { ...ada, tenant: {} as never }, 'bad-principal'],
    ['a list for a tenant', { ...ada, tenant: ['acme'] as never }, 'bad-principal'],
    ['a number for a tenant', { ...ada, tenant: 7 as never }, 'bad-principal'],
    ['a list for an id', { ...ada, id: ['q'] as never }, 'bad-principal'],
    ['a number for an id', { ...ada, id: 7 as never }, 'bad-principal'],
    ['an object for a role', { ...ada, roles: [{}] as never }, 'bad-principal'],
    ['a parent without an id', { ...ada, parents: [{ type: 'Org' }] as never }, 'bad-principal'],
    ['a kind of its own', { ...ada, kind: 'toString' as never }, 'bad-principal'],
    ['a tenant as staff', { ...ada, kind: 'staff' as const }, 'bad-principal'],
  ])('is not made with %s', (_, identity, code) => {
    expect(() => trustedPrincipal(identity)).toThrow(expect.objectContaining({ code }))
    expect(trustedPrincipal(ada).tenant).toBe('acme')
  })
})
