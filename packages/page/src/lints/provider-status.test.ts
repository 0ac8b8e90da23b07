import { describe, expect, it } from 'vitest'
import { compile } from '../index.ts'
import { underlined } from '../../test/objections.ts'

const found = (page: string) => underlined(page, 'provider-status')

describe('a provider that is no longer what the page says', () => {
  it.each([
    ['Our application is hosted on Heroku.', 'Heroku'],
    ['Heroku maintains a modern platform and installs updates.', 'Heroku'],
    ['The engineer on call is paged through Opsgenie.', 'Opsgenie'],
    ['Servers are deployed with AWS OpsWorks.', 'OpsWorks'],
  ])('%s', (sentence, words) => {
    expect(found(sentence)).toEqual([`1: ${words}`])
  })

  it('is said where the page praises it, else once', () => {
    const hosted = 'We run on Heroku.\n\nHeroku hosts our workers.'
    expect(found(hosted)).toEqual(['1: Heroku'])
    expect(found(`${hosted}\n\nOnly leading providers such as Heroku serve us.`)).toEqual(['5: Heroku'])
  }) // prettier-ignore

  it.each([
    'We migrated from Heroku to AWS in 2025.',
    'Heroku is in sustaining engineering, so we plan to move; until then our app runs on Heroku.',
    'Do you run on Heroku?',
    'We left Heroku in 2024 and now run on AWS.',
    'We do not use Heroku.',
    'Our application is hosted on AWS.',
  ])('lets pass: %s', (sentence) => {
    expect(found(sentence)).toEqual([])
  })

  it('says nothing before the day', () => {
    const page = compile('Our application is hosted on Heroku.', {
      format: 'text',
      now: Date.parse('2026-02-01T00:00:00Z'),
    })
    expect(page.findings.filter(({ rule }) => rule === 'provider-status')).toEqual([])
  })
})
