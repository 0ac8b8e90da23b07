import { describe, expect, it } from 'vitest'
import { denies, guardOf, isOpen, isOrder, silences } from './guards.ts'

describe('what is no promise', () => {
  it.each([
    ['future', 'We hope to offer passkeys one day'],
    ['future', 'ISO 27001 is on our wish list'],
    ['future', 'FedRAMP: targeting Moderate in 2027'],
    ['advice', 'You should turn on two-factor authentication'],
    ['advice', 'Passwords of at least 12 characters are safer'],
    ['advice', 'A second factor for everybody is a good idea'],
    ['hedge', 'We encrypt laptops, except those of contractors'],
    ['hedge', 'All laptops are encrypted apart from shared ones'],
    ['supposition', 'Some of our customers require penetration tests twice a year'],
    ['supposition', 'A customer asked whether we keep backups for ten years'],
    ['supposition', 'Attackers scan the internet every day'],
    ['past', 'The previous provider kept backups for a year'],
    ['past', 'We used to run our own servers'],
    ['hedge', 'If a vendor is breached, timelines may differ'],
    ['other', 'A firm that keeps nightly copies would lose no more than a day'],
    ['other', 'Under the Data Act, providers keep logs for six months'],
    ['other', 'Competitor X encrypts data at rest'],
    ['other', 'Acme Corp, one of our customers, requires all code to be reviewed'],
    ['hedge', 'Data may be encrypted at rest'],
    ['hedge', 'Employees in the US/EU office must use 2FA'],
    ['hedge', 'Remote staff use two-factor authentication'],
    ['hedge', 'For important ones it happens at least twice in a calendar year'],
    ['supposition', 'On the Enterprise plan, data is backed up every hour'],
    ['future', 'We will hold the certificate by the end of the year'],
    ['hedge', 'Passwords are changed where the system so requires'],
    ['hedge', 'Patches are installed where the vendor supports this'],
    ['supposition', 'Customers who opted for the Swiss cloud have their data stored in Zurich'],
    ['supposition', 'Everyone else is hosted in Frankfurt'],
    ['past', 'Before May 2024 our certificate was ISO 27001:2013'],
    ['past', 'Until 1 March 2025, backups are kept for 30 days'],
  ])('%s: %s', (guard, text) => {
    expect(guardOf(text)).toBe(guard)
  })

  it.each([
    'Acme Ltd, a company in Berlin, encrypts all data at rest',
    'No customer data may be stored outside the EU',
    'For all of our products it happens at least twice in a calendar year',
    'Azure has more certificates than we could list, among them ISO 27018',
    'Access to production is limited to five engineers of our infrastructure team',
    'Employees of the company must use 2FA',
    'Our business continuity plan is tested every year',
    'Before any release, all code is reviewed',
    'Reports are acknowledged within one day',
    'Backups are restored in one day',
    'Customer data is never used to train models',
    'The Controller shall receive a complete copy of its data',
    'Only the sub-processors on our list see it',
    'Their accounts are gone by the end of the same day',
    'The person helping you has to ask for access first',
    'We use a handful of other companies to run it',
    'After an hour you have to log in again',
    'Customer data is kept apart from that of other customers',
  ])('lets pass: %s', (text) => {
    expect(guardOf(text)).toBeNull()
  })
})

describe('a denial', () => {
  it.each(['It is impossible to read it', 'We keep no card numbers', 'Nobody reads it', 'It never leaves the EU', 'None'])('%s', (text) => {
    expect(denies(text)).toBe(true)
  }) // prettier-ignore

  it.each([
    'Nothing ships until it is tested',
    'Nobody signs in without a second factor',
    'You are signed out after 20 minutes of doing nothing',
    'It is watched with no gap longer than a minute',
    'No later than a day',
  ])('is none: %s', (text) => {
    expect(denies(text)).toBe(false)
  })
})

describe('orders and headings', () => {
  it('tell the reader what to do', () => {
    expect(isOrder('Rotate your keys every 90 days')).toBe(true)
    expect(isOrder('If you lose your phone, revoke its session')).toBe(true)
    expect(isOrder('Keys are rotated every 90 days')).toBe(false)
  })

  it('silence a section of duties and plans, and leave open what may be either', () => {
    expect(silences('What you can do')).toBe(true)
    expect(silences('What you do')).toBe(true)
    expect(silences('Roadmap')).toBe(true)
    expect(silences('Your side')).toBe(false)
    expect(isOpen('Your side')).toBe(true)
    expect(isOpen('Backups')).toBe(false)
  })
})
