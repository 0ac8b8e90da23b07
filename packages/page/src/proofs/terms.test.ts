import { expect, it } from 'vitest'
import { count, people } from './terms.ts'

it('says one of a thing as one', () => {
  expect([count(1, 'character'), count(8, 'character')]).toEqual(['1 character', '8 characters'])
  expect([people(1), people(0), people(6)]).toEqual(['1 person', '0 people', '6 people'])
})
