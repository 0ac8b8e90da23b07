import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { openAuthorization } from './authorization.ts'
import { kinds } from './foundation/transaction.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-authorization-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A capability of two operations under a policy. */
function accessBy(text: string) {
  const policy = join(folder, 'policy.cedar')
  writeFileSync(policy, text)
  const operations = [{ action: 'things.read' }, { action: 'things.write' }] as const
  return openAuthorization([{ name: 'things', operations, policy, holdings: [] }])
}
const read = { action: 'things.read' } as const
const write = { action: 'things.write' } as const
const persons = 'permit (principal is Person, action == Action::"things.read", resource);'

it('admits whom a policy permits, and nobody else', () => {
  const { admitted, authorize } = accessBy(persons)
  expect(admitted(read)).toEqual(['person'])
  expect(admitted(write)).toEqual([])
  expect(admitted({ action: 'things.forget' })).toEqual([])
  expect(authorize({ kind: 'person', id: 'cto' }, read)).toBe(true)
  expect(accessBy('permit (principal, action, resource);').admitted(write)).toEqual(kinds)
  expect(openAuthorization([]).admitted(read)).toEqual([])
})

it('tells a policy of an action that is none, by its file and place', () => {
  expect(() => accessBy(persons.replace('things.read', 'things.raed'))).toThrow(
    /^things\/policy\.cedar:1:40: error: unrecognized action.*\n.*\n.*\n {2}fix: did you mean/,
  )
})

it('decides once for a kind and an action, while no policy looks further', () => {
  const { policies, authorize } = accessBy(persons)
  const decide = vi.spyOn(policies, 'decide')
  for (const id of ['cto', 'lead']) expect(authorize({ kind: 'person', id }, read)).toBe(true)
  expect(authorize({ kind: 'runner', id: 'cto' }, read)).toBe(false)
  expect(authorize({ kind: 'person', id: 'cto' }, write)).toBe(false)
  expect(decide).toHaveBeenCalledTimes(3)
})

it('decides for each person once, where a policy looks at who it is', () => {
  const one = `forbid (principal == Person::"lead", action, resource);`
  const { policies, authorize } = accessBy(`${persons}\n${one}`)
  const decide = vi.spyOn(policies, 'decide')
  expect(authorize({ kind: 'person', id: 'cto' }, read)).toBe(true)
  expect(authorize({ kind: 'person', id: 'lead' }, read)).toBe(false)
  expect(authorize({ kind: 'person', id: 'cto' }, read)).toBe(true)
  expect(decide).toHaveBeenCalledTimes(2)
})

it('decides each ask anew once a policy looks at what it is about', () => {
  const one = `forbid (principal, action, resource) when { resource == Kept::"other" };`
  const { policies, authorize } = accessBy(`${persons}\n${one}`)
  const decide = vi.spyOn(policies, 'decide')
  for (let asked = 0; asked < 3; asked++) authorize({ kind: 'person', id: 'cto' }, read)
  expect(decide).toHaveBeenCalledTimes(3)
})

it('lets a key do what it was made for, and never how its owner signs in', () => {
  const { authorize } = accessBy(persons)
  const key = (...scopes: string[]) => authorize({ kind: 'person', id: 'cto', scopes }, read)
  expect([key('claims.*'), key(read.action), key('claims.apply'), key()]).toEqual([
    false,
    true,
    false,
    false,
  ])
})
