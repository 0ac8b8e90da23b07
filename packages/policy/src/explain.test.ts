import { describe, expect, it } from 'vitest'
import { schema } from '../test/documents.ts'
import { readPolicies, type Ask } from './index.ts'

const policies = readPolicies({
  schema,
  policies: {
    owners: `permit (principal, action, resource)
      when { resource.owner == principal && resource.open };`,
    cleared: `permit (principal is User, action == Action::"read", resource)
      when { context.mfa } when { resource has rank && resource.rank < principal.clearance }
      unless { resource.state == "draft" || resource.level > 5 };`,
    writers: 'permit (principal in Org::"north", action == Action::"write", resource);',
    secret: 'forbid (principal, action, resource) when { resource.state == "secret" };',
  },
})
const ada = { type: 'User', id: 'ada', attrs: { clearance: 2, admin: false } }
const attrs = {
  level: 1,
  rank: 1,
  open: true,
  state: 'plain',
  owner: { __entity: { type: 'User', id: 'bob' } },
}
const ask: Ask = {
  principal: ada,
  action: 'read',
  resource: { type: 'Doc', id: 'd', attrs },
  context: { mfa: true },
}
const about = (changed: object): Ask => ({
  ...ask,
  resource: { ...ask.resource, attrs: { ...attrs, ...changed } },
})

describe('an explanation', () => {
  it('says who permitted', () => {
    expect(policies.explain(ask)).toEqual({
      allowed: true,
      permitted: ['cleared'],
      forbade: [],
      nearest: [],
      says: ['User ada may read Doc d: cleared permits it'],
    })
  })

  it('says who forbade, and that one of them failed', () => {
    const { allowed, permitted, forbade, says } = policies.explain(about({ state: 'secret' }))
    expect([allowed, permitted, forbade]).toEqual([false, [], ['secret']])
    expect(says).toEqual(['User ada may not read Doc d: secret forbids it'])
    const { state: _, ...unsaid } = attrs
    const failed = policies.explain({ ...ask, resource: { ...ask.resource, attrs: unsaid } })
    expect(failed.forbade).toEqual(['secret'])
    expect(failed.says.join('\n')).toMatch(/secret forbids it\n.*secret failed: .*state/s)
  })

  it('says how near each permit of the action came, the nearest first', () => {
    const { nearest, says } = policies.explain(about({ rank: 3, level: 9 }))
    expect(nearest).toEqual([
      { policy: 'owners', unmet: [{ condition: 'resource.owner == principal', error: null }] },
      {
        policy: 'cleared',
        unmet: [
          { condition: 'resource.rank < principal.clearance', error: null },
          { condition: '!(resource.level > 5)', error: null },
        ],
      },
    ])
    expect(says).toHaveLength(3)
    expect(says[1]).toBe('owners would permit it, but for: resource.owner == principal')
  })

  it('says what could not be told, but not of what was never looked at', () => {
    const { rank: _, ...unranked } = attrs
    const resource = { ...ask.resource, attrs: unranked }
    const cleared = policies
      .explain({ ...ask, resource })
      .nearest.find(({ policy }) => policy === 'cleared')
    expect(cleared!.unmet).toEqual([{ condition: 'resource has rank', error: null }])
    const { owner: __, ...unowned } = attrs
    const owners = policies
      .explain({ ...ask, resource: { ...ask.resource, attrs: unowned }, context: { mfa: false } })
      .nearest.find(({ policy }) => policy === 'owners')
    expect(owners!.unmet).toEqual([
      {
        condition: 'resource.owner == principal',
        error: expect.stringContaining('does not have the attribute `owner`') as string,
      },
    ])
  })

  it('says what the schema does not know', () => {
    const { allowed, nearest, says } = policies.explain({ ...ask, action: 'raed' })
    expect([allowed, nearest]).toEqual([false, []])
    expect(says).toContain('the schema has no action "raed"')
  })
})
