import { describe, expect, it } from 'vitest'
import { objections, underlined } from '../../test/objections.ts'

const found = (page: string) => underlined(page, 'undefined-start')

describe('a clock that starts at a moment left open', () => {
  it.each([
    ['We notify you within 48 hours after a breach is confirmed.', ''],
    ['We notify you within 48 hours after we have confirmed a breach.', 'after we have confirmed'],
    ['We tell you of suspected breaches too, within 72 hours, after becoming aware of a breach.', 'after becoming aware of'],
    ['Any possible breach is told within one day of its discovery.', 'of its discovery'],
    ['Within 24 hours of detection of a potential incident we open a bridge.', 'of detection of'],
    ['You hear within a day of us determining that there was a breach.', ''],
    ['We send a notice within 48 hours of discovery.', 'of discovery'],
    ['Affected customers are told within 3 days after initial detection, by email.', 'after initial detection'],
    ['You hear within 24 hours of our determination of a breach.', 'of our determination of'],
    ['We inform you no later than 36 hours following confirmation of an incident.', 'following confirmation of'],
    ['We notify you within 72 hours of an incident.', 'of an incident'],
    ['Customers are told within two days after any security breach occurring, by email.', 'after any security breach occurring'],
  ])('%s', (sentence, words) => {
    expect(found(sentence)).toEqual(words === '' ? [] : [`1: ${words}`])
  }) // prettier-ignore

  it.each([
    'You hear from us within 72 hours of becoming aware of a breach.',
    'We email every customer within 24 hours of discovering an incident.',
    'Customers are told within one day of its discovery.',
    'We notify you within 24 hours of your request.',
    'We notify you within 72 hours of a confirmed breach.',
    'We notify you within 72 hours after an incident is declared.',
    'Weaknesses are patched within 72 hours of an incident, and we tell you.',
    'We publish a review within 5 days of an incident.',
    'We notify you within 24 hours of opening an incident.',
    'We notify you within 24 hours of discovery. Discovery means the first alert.',
    'We notify you within 24 hours of becoming aware; the clock starts at the first record.',
    'An incident is discovered when the first report of it is recorded. We tell you within a day of discovery.',
    'We notify you within 24 hours of discovery of a breach.',
    'Severe weaknesses are mended within 24 hours of discovery.',
    'We patch servers within a day after discovery.',
    'We notify you within 24 hours of the detection of an intrusion.',
    'Discovery is the moment at which an alert is opened: discovery means that alert. You hear within 48 hours of discovery.',
    'Within 48 hours of discovery requests from a court we answer.',
    'Our monitoring works 24 hours a day and detects attacks.',
    'Do you notify us within 24 hours of discovery?',
    'You agree to notify us within 24 hours of any breach of your account.',
    'You must report it to us within 24 hours of confirming a breach.',
  ])('lets pass: %s', (sentence) => {
    expect(found(sentence)).toEqual([])
  })

  it.each([
    ['Within 72 hours of confirming it, by email, we tell you of a breach.', 'Within 72 hours of the first alert or report that points to it, by email, we tell you of a breach.'],
    ['We notify you within 24 hours of any breach of your account.', 'We notify you within 24 hours of the first alert or report that points to any breach of your account.'],
    ['We notify you within 48 hours after confirming a breach.', 'We notify you within 48 hours of the first alert or report that points to a breach.'],
    ['We notify you within 72 hours of an incident.', 'We notify you within 72 hours of the first alert or report that points to it.'],
  ])('is rewritten as a sentence: %s', (sentence, rewrite) => {
    expect(objections(sentence).map(({ suggestion }) => suggestion)).toEqual([rewrite])
  }) // prettier-ignore

  it('says that potential incidents count where the page says so', () => {
    const page = 'We tell you of actual or potential incidents.\n\nYou hear within 24 hours of discovery.'
    expect(objections(page)[0]!.message).toContain('Line 1 counts incidents')
  }) // prettier-ignore
})
