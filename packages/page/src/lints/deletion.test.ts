import { describe, expect, it } from 'vitest'
import { objections, underlined } from '../../test/objections.ts'

const found = (...paragraphs: string[]) => underlined(paragraphs.join('\n\n'), 'contradiction')
const erased = 'Your data is deleted within 30 days of your request.'

describe('deleted by a day, and in backups after it', () => {
  it.each([
    'Backups are made every night.',
    'We take daily snapshots of all databases.',
    'All databases are backed up every hour.',
  ])('%s', (backup) => {
    expect(found(erased, backup).map((words) => words[0])).toEqual(['1', '3'])
    expect(objections(`${erased}\n\n${backup}`).every(({ level }) => level === 'warning')).toBe(true)
  }) // prettier-ignore

  it('is an error where the backups are kept longer', () => {
    const page = `${erased}\n\nBackups are made every night and retained for 90 days.`
    expect(found(page)).toEqual(['1: within 30 days', '3: 90 days'])
    expect(objections(page).every(({ level }) => level === 'error')).toBe(true)
  })

  it.each([
    ['We purge all customer records no later than 60 days after termination.', 'no later than 60 days'],
    ['On request, personal information is erased in 7 days.', 'in 7 days'],
  ])('%s', (sentence, words) => {
    expect(found(sentence, 'Backups are made every night.')[0]).toBe(`1: ${words}`)
  }) // prettier-ignore

  it.each([
    [erased, 'Backups are made every night and kept for 14 days.'],
    [erased, 'We back up every night and throw backups away; they are destroyed after 10 days.'],
    [erased, 'Backups are made every night.', 'On deletion the encryption keys of the customer are destroyed.'],
    ['Your data is deleted within 30 days, and from backups within 60 days.', 'Backups are made every night.'],
    ['Your data is deleted within 30 days. Backups forget it 30 days later.', 'Backups are made every night.'],
    ['Logs with personal data are deleted after 90 days.', 'Backups are made every night.'],
    ['You can delete your data at any time.', 'Backups are made every night.'],
    ['Access of leavers is deleted within 24 hours.', 'Backups are made every night.'],
    [erased],
  ])('lets pass: %s %s', (...paragraphs) => {
    expect(found(...paragraphs.filter(Boolean))).toEqual([])
  }) // prettier-ignore
})
