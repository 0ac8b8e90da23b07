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

  it('is an error where all systems are meant, whatever stands beside', () => {
    const page = (sentence: string) => `Backups are retained for one year. ${sentence}`
    expect(found(page('We delete your data from all systems within 30 days.'))).toHaveLength(2)
    expect(found(page('Deleted data is gone from all systems within 30 days.'))).toHaveLength(2)
    expect(found(page('We delete your data within 30 days.'))).toEqual([])
    expect(found(page('We delete your data from all systems within 30 days. It stays in backups until they end.'))).toEqual([]) // prettier-ignore
  })

  it('is an error where the backups are kept longer', () => {
    const page = `${erased}\n\nBackups are made every night and retained for 90 days.`
    expect(found(page)).toEqual(['1: within 30 days', '3: 90 days'])
    expect(objections(page).every(({ level }) => level === 'error')).toBe(true)
  })

  it.each([
    ['We wipe all customer records within 14 days of cancellation.', 'Snapshots expire after 60 days.'],
    ['We remove your data within ten days after your contract ends.', 'Backup retention is 45 days.'],
    ['Customer information is purged within 2 weeks.', 'We hold on to database backups for 6 months.'],
    ['Personal data is removed within 7 days of a request.', 'Our backups roll off after 30 days.'],
  ])('is an error where only the end of backups is told: %s %s', (promise, backup) => {
    expect(found(promise, backup).map((words) => words[0])).toEqual(['1', '3'])
    expect(found(backup, promise).map((words) => words[0])).toEqual(['1', '3'])
  }) // prettier-ignore

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
    ['We wipe all customer records within 90 days of cancellation.', 'Snapshots expire after 60 days.'],
    ['We wipe all customer records within 14 days of cancellation.', 'Snapshots expire 60 days later.'],
    ['Access to customer data is removed within 24 hours.', 'Backup retention is 45 days.'],
    ['We remove your data from search results within 24 hours.', 'Backup retention is 45 days.'],
    ['We wipe all customer records within 14 days of cancellation.', 'Backups are tested by hand after 90 days.'],
    ['We wipe all customer records within 14 days of cancellation.', 'Backups exist.'],
    [erased, 'Snapshots of our dashboards are kept for 90 days.'],
    [erased],
  ])('lets pass: %s %s', (...paragraphs) => {
    expect(found(...paragraphs.filter(Boolean))).toEqual([])
  }) // prettier-ignore
})
