import { describe, expect, it } from 'vitest'
import { underlined } from '../../test/objections.ts'

const found = (...paragraphs: string[]) => underlined(paragraphs.join('\n\n'), 'contradiction')

describe('logs to be kept, and to be gone before', () => {
  it.each([
    ['We keep logs for at least one year.', 'Logs are deleted after 90 days.'],
    ['Audit logs are retained for a minimum of 12 months.', 'We store audit logs for no longer than 180 days.'],
    ['Application logs are held for no less than 60 days.', 'Application logs are purged after 30 days.'],
    ['Logs are kept at least 30 days.', 'Our logs rotate: they are kept for up to two weeks.'],
  ])('%s %s', (least, most) => {
    expect(found(least, most).map((words) => words[0])).toEqual(['1', '3'])
    expect(found(most, least).map((words) => words[0])).toEqual(['1', '3'])
  }) // prettier-ignore

  it.each([
    ['We keep logs for at least 30 days.', 'Logs are deleted after 90 days.'],
    ['We keep audit logs for at least one year.', 'Application logs are deleted after 90 days.'],
    ['We keep audit logs for at least one year.', 'Logs are deleted after 90 days.'],
    ['We keep logs for at least one year.', 'Alerts from logs are looked at within 15 minutes.'],
    ['We keep logs for at least one year.', 'Your data is deleted within 30 days.'],
    ['We keep logs for at least one year.', 'Are logs deleted after 90 days?'],
  ])('lets pass: %s %s', (one, other) => {
    expect(found(one, other)).toEqual([])
  }) // prettier-ignore
})
