import { describe, expect, it } from 'vitest'
import { objections, underlined } from '../../test/objections.ts'

const found = (page: string) => underlined(page, 'range')

describe('a deadline of two numbers', () => {
  it.each([
    ['We respond within 1-2 business days.', '1-2 business days'],
    ['Critical issues are fixed in 4 to 8 hours.', '4 to 8 hours'],
    ['Requests for deletion take two to three weeks to resolve.', 'two to three weeks'],
    ['High: 24–48 hours', '24–48 hours'],
    ['We respond within 1-2 days, Monday to Friday.', '1-2 days'],
    ['Low: 3d – 5d', '3d – 5d'],
    ['We answer reports within 2 hours to 6 hours.', '2 hours to 6 hours'],
    ['High severity: 12 hrs-36 hrs', '12 hrs-36 hrs'],
  ])('%s', (sentence, words) => {
    expect(found(sentence)).toEqual([`1: ${words}`])
  })

  it('finds each range of a sentence', () => {
    expect(found('Critical issues are fixed in 1-2 days, and others in 3 to 4 weeks.')).toEqual(['1: 1-2 days', '1: 3 to 4 weeks'])
  }) // prettier-ignore

  it('takes the context from the heading or the lead of the list', () => {
    expect(found('## Response times\n\n- 2-4 hours in office hours')).toEqual(['3: 2-4 hours'])
    expect(found('| Severity | Fixed within |\n| --- | --- |\n| P1 | 4-8 hours |')).toEqual(['3: 4-8 hours'])
  }) // prettier-ignore

  it.each([
    'We respond within 2 business days.',
    'We notify you within 2 hours and fix the rest within 3 days.',
    'Critical: 8h - 4h',
    'We respond from Monday to Friday, 9h - 17h.',
    'Critical issues take 2 days and 4 days are for the others.',
    'Our engineers have 5-10 years of experience in incident response.',
    'The tour of the office takes 2-3 hours.',
    'We respond Monday to Friday, 9-17, 365 days a year.',
    'Tests ran from 6-13 July; fixes within 7 days.',
  ])('lets pass: %s', (sentence) => {
    expect(found(sentence)).toEqual([])
  })

  it('is a note that tells target from promise', () => {
    expect(objections('Critical: fixed within 2-4 hours.')[0]).toMatchObject({
      level: 'note',
      suggestion: '4 hours at the latest (target: 2 hours)',
    })
  })
})
