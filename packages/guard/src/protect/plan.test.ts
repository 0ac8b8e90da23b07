import { expect, it } from 'vitest'
import { confirm, noPlan, readPlan } from './plan.ts'

const refused = (value: unknown) => {
  try {
    readPlan(value)
  } catch (error) {
    return (error as Error).message
  }
  return null
}

it.each([
  [{ tabels: {} }, /no part "tabels"; did you mean tables\? it may have tenant, /],
  [
    { tables: { 'public.a': 'shred' } },
    /under tables: public\.a: "shred" is no decision; did you mean shared\?/,
  ],
  [
    { tables: { 'public.a': 'owned by me' } },
    /public\.a: "owned by me" is no decision; it may be own COLUMN/,
  ],
  [{ tables: { 'public.a': 'shared\nshared' } }, /public\.a: "shared\nshared" is no decision/],
  [
    { unique: { 'public.k': 'per tennant' } },
    /under unique: public\.k: .* did you mean per tenant\?/,
  ],
  [
    { roles: { web: 'superuser' } },
    /under roles: web: "superuser" is no decision; it may be nobypassrls/,
  ],
  [{ across: 'public.a.b' }, /across cannot be read; it is a list of references/],
])('%j is an error that names its place', (value, message) => {
  expect(refused(value)).toMatch(message)
})

it('takes what may be said, proposed or decided', () => {
  const tables = {
    a: 'own x?',
    b: 'through x, y',
    c: 'shared and written?',
    d: 'closed',
    e: 'undecided',
    f: 'own x\ny?',
    g: 'through x\ny, z',
  }
  const given = {
    tables,
    unique: { k: 'everywhere?' },
    roles: { web: 'nobypassrls?' },
    across: ['a.b'],
  }
  expect(refused(given)).toBe(null)
  expect(confirm(readPlan(given))).toEqual({
    ...noPlan,
    tables: {
      a: 'own x',
      b: 'through x, y',
      c: 'shared and written',
      d: 'closed',
      e: 'undecided',
      f: 'own x\ny',
      g: 'through x\ny, z',
    },
    unique: { k: 'everywhere' },
    roles: { web: 'nobypassrls' },
    across: ['a.b'],
  })
})
