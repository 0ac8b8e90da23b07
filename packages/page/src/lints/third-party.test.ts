import { describe, expect, it } from 'vitest'
import { underlined } from '../../test/objections.ts'

const found = (...paragraphs: string[]) => underlined(paragraphs.join('\n\n'), 'third-party')
const hosted = 'Our servers run on Google Cloud.'

describe('no third party, on a page that names some', () => {
  it.each([
    ['We never share your data with third parties.', 'never share your data with third parties'],
    [
      'Your information is not disclosed to any third party.',
      'is not disclosed to any third party',
    ],
    ['No third party can access your data.', 'No third party can access'],
    ['Your records are shared with no third party.', 'shared with no third party'],
    ['We do not let third parties see your data.', 'do not let third parties see'],
    ['We do not give your data to anybody else.', 'do not give your data to anybody'],
    [
      'Customer information is never disclosed to any outside company.',
      'never disclosed to any outside company',
    ],
    [
      'We will not hand your records to any other organisation.',
      'will not hand your records to any other organisation',
    ],
    ['Data is not passed to third parties without your consent.', 'is not passed to third parties'],
  ])('%s', (sentence, words) => {
    expect(found(sentence, hosted)).toEqual([`1: ${words}`])
    expect(found(sentence)).toEqual([])
  })

  it.each([
    'We do not share your data with third parties for marketing.',
    'We share data with no third party other than our sub-processors.',
    'We never share your data with third parties, except the providers listed below.',
    'We do not use third-party cookies.',
    'Never share your account data with anyone.',
    'You should not give your recovery data to anyone.',
    'Employees never share customer data with anyone outside the company.',
    'We do not share your data with anyone who has not signed a contract.',
    'We never share your data with anyone except our sub-processors.',
    'We never share your password with anyone.',
    'We never sell your data.',
    'We do not allow third-party software on laptops.',
    'Do you share data with third parties?',
    'A third party tests our systems every year.',
  ])('lets pass: %s', (sentence) => {
    expect(found(sentence, hosted)).toEqual([])
  })

  it('takes consent as a definition only beside a list of sub-processors', () => {
    const consent = 'No third party gets your data without your consent.'
    expect(found(consent, hosted, 'Our sub-processors are listed here.')).toEqual([])
    expect(found('No third party gets your data.', hosted, 'Our sub-processors are listed here.')).toHaveLength(1)
  }) // prettier-ignore

  it.each([
    'We ran on Heroku until 2023.',
    'We no longer use Heroku.',
    'We compared Heroku, Render and Fly.io before we chose.',
  ])('counts none that was left or only looked at: %s', (sentence) => {
    expect(found('We never share your data with third parties.', sentence)).toEqual([])
  })

  it('counts the one that was moved to', () => {
    for (const moved of [
      'We migrated from Heroku to Google Cloud in 2024.',
      'We replaced Heroku with AWS.',
    ])
      expect(found('We never share your data with third parties.', moved)).toHaveLength(1)
  })

  it('counts no service of the customer', () => {
    const page = ['We never share your data with third parties.', 'Sign in with SSO through Azure AD.']
    expect(found(...page, 'Our integrations connect your Slack.')).toEqual([])
  }) // prettier-ignore
})
