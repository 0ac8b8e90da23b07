import { describe, expect, it } from 'vitest'
import { objections, underlined } from '../../test/objections.ts'

const found = (page: string) => underlined(page, 'no-number')

describe('a promise without a number', () => {
  it.each([
    ['Critical patches are applied promptly.', 'promptly'],
    ['We notify you without undue delay.', 'without undue delay'],
    ['Access is revoked immediately when somebody leaves.', 'immediately'],
    ['We respond to reports as soon as possible.', 'as soon as possible'],
    ['Vulnerabilities are remediated in a timely manner.', 'in a timely manner'],
    ['Backups are tested regularly.', 'regularly'],
    ['We perform periodic access reviews.', 'periodic'],
    ['Security audits take place from time to time.', 'from time to time'],
    ['Systems are scanned on a regular basis.', 'on a regular basis'],
    ['The platform is infinitely scalable.', 'infinitely scalable'],
    ['Your data is 100% secure.', '100% secure'],
    ['Deployments happen with zero downtime.', 'zero downtime'],
    ['With us, downtime is a thing of the past.', 'downtime is a thing of the past'],
    ['On our platform breaches simply do not happen.', 'breaches simply do not happen'],
    ['Our systems cannot be hacked.', 'cannot be hacked'],
    ['Our platform will never go offline.', 'Our platform will never go offline'],
    ['The service is always up.', 'The service is always up'],
    ['You get 100 percent availability.', '100 percent availability'],
    ['Availability of 100% is included in each plan.', 'Availability of 100%'],
    ['We use bank-grade encryption.', 'bank-grade'],
    ['Your files are kept safe by state-of-the-art security.', 'state-of-the-art'],
    ['We follow industry best practices to protect your data.', 'industry best practices'],
  ])('%s', (sentence, words) => {
    expect(found(sentence)).toEqual([`1: ${words}`])
  })

  it.each([
    'Clinics should remove leavers from their own user list promptly.',
    'If a breach should happen, you hear from us within a day.',
    'We cannot promise that breaches never happen; nobody can.',
    'Critical patches are applied promptly, at the latest within 7 days.',
    'Backups are tested regularly: every quarter.',
    'We perform periodic access reviews, twice a year.',
    'We use industry-standard AES-256 encryption.',
    'Our servers follow the best practices of the CIS benchmarks to secure them.',
    'Everybody is trained in security best practices.',
    'Please notify us immediately if you lose your key.',
    'You must report a lost device immediately.',
    'Regular expressions are checked.',
    'The list immediately above names our providers.',
    'No system is 100% secure.',
    'Uptime was 100% in the last quarter: 100% uptime in all regions.',
    'We had 100% uptime in 2025.',
    'We do not promise 100% uptime.',
    "We can't guarantee 100% availability.",
    'Credits are due for less than 100% uptime.',
    'The service is always available in English.',
    'Our support is always available.',
    'If we go down, the status page tells you.',
    'Prices never go down.',
    'We never go offline for more than 2 hours.',
    'We always write down what happened.',
    'Heroku promptly applies security updates.',
    'Our hosting provider regularly tests its generators.',
    'Is my data 100% secure?',
    'Regular users cannot change settings.',
  ])('lets pass: %s', (sentence) => {
    expect(found(sentence)).toEqual([])
  })

  it('follows a paragraph about a provider, until it speaks of us again', () => {
    const page =
      'AWS runs the servers. It promptly installs updates. We regularly test our backups.'
    expect(found(page)).toEqual(['1: regularly'])
  })

  it('proposes a number', () => {
    expect(objections('Backups are tested regularly.')[0]).toMatchObject({
      level: 'warning',
      suggestion: 'every 24 hours',
    })
  })

  it.each([
    ['We perform periodic access reviews.', 'quarterly'],
    ['We notify you promptly.', 'within 24 hours'],
    ['We periodically perform access reviews.', null],
    ['We promptly notify you.', null],
    ['We use industry-leading hosting providers.', null],
  ])(
    'proposes nothing that breaks the sentence or that it cannot know: %s',
    (sentence, suggestion) => {
      const found = objections(sentence).filter(({ rule }) => rule === 'no-number')
      expect(found).toMatchObject([{ suggestion }])
    },
  )
})
