import { expect, it } from 'vitest'
import { likelihood, singular, singulars } from './names.ts'

it.each([
  ['companies', 'company'],
  ['inboxes', 'inbox'],
  ['addresses', 'address'],
  ['address', 'address'],
  ['statuses', 'status'],
  ['status', 'status'],
  ['campuses', 'campus'],
  ['viruses', 'virus'],
  ['warehouses', 'warehouse'],
  ['causes', 'cause'],
  ['cases', 'case'],
  ['databases', 'database'],
  ['batches', 'batch'],
  ['branches', 'branch'],
  ['caches', 'cache'],
  ['wishes', 'wish'],
  ['quizzes', 'quiz'],
  ['menus', 'menu'],
  ['teams', 'team'],
  ['analysis', 'analysis'],
  ['bus', 'bus'],
])('%s are each one %s', (name, one) => {
  expect(singular(name)).toBe(one)
})

it('reads a name in every way it may be meant, and as itself', () => {
  expect(singulars('axes')).toEqual(['ax', 'axe', 'axes'])
  expect(singulars('movies')).toEqual(['movy', 'movie', 'movies'])
  expect(singulars('news')).toEqual(['new', 'news'])
  expect(singulars('inbox')).toEqual(['inbox'])
  expect(likelihood('companies')).toBe(1)
  expect(likelihood('compass')).toBe(0)
})
