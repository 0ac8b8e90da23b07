import { describe, expect, it } from 'vitest'
import { compile } from '../index.ts'
import { now, objections } from '../../test/objections.ts'

/** Which rules object to a page; `//` parts paragraphs. */
const rules = (text: string) => [
  ...new Set(objections(text.replaceAll(' // ', '\n\n')).map(({ rule }) => rule)),
]

describe('plain wording of what is wrong', () => {
  it.each([
    ['contradiction', 'Customer data stays in Norway. // Each night the backups go to AWS in Ohio, United States.'],
    ['contradiction', 'Your files and records remain within Austria at all times. // A copy is stored in Ireland.'],
    ['third-party', 'Your documents and data are never given to anybody outside the company. // We send mail with Mailgun.'],
    ['mechanism', 'CloudTrail logs are switched on so that GuardDuty can look for attacks.'],
    ['mechanism', 'Flow logs serve as input for GuardDuty.'],
    ['not-a-certificate', 'The ISO 27001 certificate of our cloud provider makes our platform ISO 27001 certified.'],
    ['not-a-certificate', 'We inherit SOC 2 by running on AWS.'],
    ['expired', 'Our ISO 27001 certificate lapsed on 4 February 2026.'],
    ['blank', 'Security contact: TBA'],
    ['blank', 'Phone number: n/a'],
    ['blank', 'For our policy, see .'],
    ['blank', 'In an emergency, call . We answer at once.'],
    ['no-number', 'Every incident is dealt with promptly.'],
    ['no-number', 'Our availability has been outstanding.'],
  ])('%s: %s', (rule, text) => {
    expect(rules(text)).toEqual([rule])
  }) // prettier-ignore

  it.each(['All your data is safe with us.', 'Your records are in good hands, safe and sound.'])(
    'unprovable: %s',
    (text) => {
      const { findings } = compile(text, { format: 'text', now })
      expect(findings.map(({ rule }) => rule)).toEqual(['unprovable'])
    },
  )
})

describe('what looks like it and is fine', () => {
  it.each([
    'Our data team stays in Norway. // Backups go to Ireland.',
    'Billing data stays in Norway. // Backups are stored in Ireland.',
    'Your data stays in Norway for 30 days. // Backups are stored in Ireland.',
    'Our blog is hosted in the United States. // All customer data is stored only in Norway.',
    'We never give your data to anyone inside the company who need not see it. // We host on AWS.',
    'Flow logs are kept for 90 days, and so are findings of GuardDuty.',
    'Our certificate is valid until May 2029, and the one before ran out on 3 May 2026 and was renewed.',
    'Contact: security@acme.example',
    'For details, see our policy.',
    'Incidents are handled within 4 hours.',
    'Our uptime is excellent: 99.98 % in the last month.',
    'A trial ends after 40 days, and your data is then deleted within 10 days. // Backups are kept for 8 days.',
    'Our competitors back up their data every night. // Your data is deleted within 30 days of your request.',
    'In the past we backed up data every week. // Your data is deleted within 30 days of your request.',
  ])('%s', (text) => {
    expect(rules(text)).toEqual([])
  })
})
