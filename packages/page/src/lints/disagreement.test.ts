import { describe, expect, it } from 'vitest'
import { objections } from '../../test/objections.ts'

const found = (page: string) =>
  objections(page)
    .filter(({ rule }) => rule === 'contradiction')
    .map(({ line }) => line)

describe('two figures for one thing', () => {
  it.each([
    ['backups', 'Databases are backed up every 6 hours.\n\nEach database is backed up once a day.'],
    ['notices', 'We notify customers of a breach within 48 hours.\n\nAffected customers are informed of security incidents within 72 hours.'],
    ['availability', 'Monthly uptime is 99.9%.\n\nOur service level is 99.95% availability each month.'],
    ['versions', 'All traffic is encrypted with TLS 1.2 or newer.\n\nOur endpoints accept TLS 1.1 and above.'],
    ['what is kept', 'Backups are kept for 7 years.\n\nBackups are kept for not more than 30 days.'],
    ['passwords', 'User passwords have at least 12 characters.\n\nCustomer passwords need 8 characters or more.'],
    ['reviews of access', 'Access rights are reviewed every three months.\n\nAccess rights are gone through twice a year.'],
    ['reviews of suppliers', 'Our vendors are assessed every year.\n\nWe review all vendors every two years.'],
    ['drills', 'Our RTO is 4 hours.\n\nWe recover with an RTO of 8 hours.'],
  ])('of %s', (_, page) => {
    expect(found(page)).toEqual([1, 3])
  }) // prettier-ignore

  it.each([
    ['a version that is turned away', 'Clients on TLS 1.1 are turned away.\n\nTLS 1.2 is the least that we accept.'],
    ['a version that is gone', 'TLS 1.1 is gone.\n\nWe accept TLS 1.2 or newer.'],
    ['what holds no data of customers', 'Backups of our blog are made every week.\n\nOur databases are backed up every 24 hours.'],
    ['what is undone', 'Deleted data stays in backups for 35 days.\n\nDeleted accounts can be restored for 30 days.'],
    ['the same twice', 'Databases are backed up every 24 hours.\n\nEach database is backed up once a day.'],
    ['two kinds', 'Databases are backed up daily.\n\nFiles are backed up weekly: every file backup is complete.'],
    ['two plans', 'Uptime is 99.5% on the Business plan.\n\nUptime is 99.9% on the Enterprise plan.'],
    ['other events', 'We notify customers of a breach within 48 hours.\n\nWe notify customers of a suspected breach within 72 hours.'],
    ['two rows', '## Uptime\n\n| Package | Monthly uptime |\n| --- | --- |\n| Core | 99.9% uptime |\n| Premier | 99.95% uptime |'],
    ['two reviews', 'Privileged access is reviewed monthly.\n\nUser access is reviewed every quarter.'],
    ['a review that may come more often', 'Access rights are reviewed at least once a year.\n\nAccess rights are reviewed every quarter.'],
    ['one figure in two units', 'Access rights are reviewed every quarter.\n\nAccess rights are reviewed every three months.'],
    ['reviews below two headings', '## Production\n\nAccess rights are reviewed every month.\n\n## Office\n\nAccess rights are reviewed every quarter.'],
    ['a refusal of less', 'We do not support TLS 1.0.\n\nWe require TLS 1.2 or newer.'],
    ['a refusal of much less', 'Data in transit is protected by TLS 1.3.\n\nWe do not support SSL or TLS 1.0/1.1.'],
    ['two kinds of backups', 'Daily backups are kept for 30 days.\n\nMonthly backups are kept for one year.'],
    ['a question', 'Uptime is 99.9%.\n\nIs uptime 99.5%?'],
  ])('is not %s', (_, page) => {
    expect(found(page)).toEqual([])
  }) // prettier-ignore

  it.each([
    'Backups are deleted after 35 days.\n\nBackups are kept for 30 days. Incidents are reported within 48 hours.',
    'Backups are deleted after 35 days. Our systems are patched every week.\n\nBackups are kept for 30 days.',
    'All logs are kept for 90 days. Our application runs on two servers.\n\nAll logs are kept for 30 days.',
  ])('whatever stands beside it: %s', (page) => {
    expect(found(page)).toEqual([1, 3])
  })

  it.each([
    'Database backups are made daily. They are kept for 30 days.\n\nServer backups are made daily. They are kept for 90 days.',
    'Error logs are kept for 30 days, and access logs are kept for 90 days.',
    'Archived logs are kept for 90 days. We like logs.\n\nAccess logs are kept for 30 days.',
  ])('is not of two things, named in the sentence or the one before: %s', (page) => {
    expect(found(page)).toEqual([])
  })

  it('is found on a page of one long paragraph', () => {
    const page = 'Backups are kept for 30 days. Backups are kept for 40 days. '.repeat(400)
    expect(found(page).length).toBeGreaterThan(0)
  })

  it('of a row and of a sentence', () => {
    const page = 'Monthly uptime is 99.5%.\n\n| Service | Target |\n| --- | --- |\n| Service | 99.9% monthly uptime |' // prettier-ignore
    expect(found(page)).toEqual([1, 5])
  })

  const table = (cell: string, heading = 'Deadlines') =>
    `\n\n## ${heading}\n\n| Severity | Fixed within |\n| --- | --- |\n| Critical | ${cell} |\n| High | 7 days |`

  it.each([
    'Critical weaknesses are fixed within 24 hours.',
    'We patch critical security flaws within a day.',
    'Critical vulnerabilities are remediated within 12-24 hours.',
  ])('of one severity, in the text and in a table: %s', (text) => {
    expect(found(text + table('48 hours'))).toEqual([1, 7])
  })

  it.each([
    ['the same twice', `Critical weaknesses are fixed within 48 hours.${table('2 days')}`],
    ['the upper end of a range', `Critical weaknesses are fixed within 48 hours.${table('1-2 days')}`],
    ['another severity', `Low weaknesses are fixed within 90 days.${table('48 hours')}`],
    ['other weaknesses', `Critical weaknesses are fixed within 24 hours.${table('48 hours', 'Dependencies')}`],
    ['a mitigation', `Critical vulnerabilities are mitigated within 24 hours.${table('48 hours')}`],
    ['two tables', `We list what we fix.${table('24 hours', 'First product')}${table('48 hours', 'Second product')}`],
    ['a support case', `Critical issues are resolved within 4 hours.${table('48 hours')}`],
  ])('of one severity is not %s', (_, page) => {
    expect(found(page)).toEqual([])
  }) // prettier-ignore

  it('is found in what is linked, too', () => {
    const page =
      '[We notify customers](kept:incident.notice?within=48h#a).\n\n[We tell every customer](kept:incident.notice?within=72h#b).'
    expect(found(page)).toEqual([1, 3])
  })
})

describe('a promise that another defeats', () => {
  it('loses less than backups keep', () => {
    const page = 'Databases are backed up daily.\n\nWe lose at most an hour: RPO of 1 hour.'
    expect(found(page)).toEqual([3])
    expect(found(`${page}\n\nThe write-ahead log of the database is shipped at once.`)).toEqual([])
    expect(found(page.replace('daily', 'every 30 minutes'))).toEqual([])
  })

  it.each([
    ['Backups are replicated to two regions.', [3]],
    ['Copies of the database are replicated to Dublin and Paris.', [3]],
    ['Every database is replicated to a standby as it is written.', []],
    ['Backups are made, and the database is continuously replicated.', []],
  ])('keeps changes in between only where they are replicated: %s', (text, lines) => {
    const page = 'Databases are backed up daily.\n\nWe lose at most an hour: RPO of 1 hour.'
    expect(found(`${page}\n\n${text}`)).toEqual(lines)
  })

  it.each([
    'A warm standby gets every change within seconds.',
    'Redo logs are copied to another site each minute.',
    'We archive all transaction logs off site.',
    'Writes are mirrored to a second site in real time.',
    'We can go back to any moment of the past ten days.',
    'Binlogs are shipped as they are written.',
  ])('keeps them, however it is said: %s', (text) => {
    const page = 'Databases are backed up daily.\n\nWe lose at most an hour: RPO of 1 hour.'
    expect(found(`${page}\n\n${text}`)).toEqual([])
  })

  it.each([
    'Transaction logs are not shipped anywhere.',
    'Changes are reviewed by two people before they are written.',
    'Access logs are kept for a year.',
  ])('keeps none where something else is said: %s', (text) => {
    const page = 'Databases are backed up daily.\n\nWe lose at most an hour: RPO of 1 hour.'
    expect(found(`${page}\n\n${text}`)).toEqual([3])
  })

  it('is an error only where both are linked', () => {
    const levels = (page: string) =>
      objections(page).flatMap(({ rule, level }) => (rule === 'contradiction' ? [level] : []))
    const [backup, point] = ['Databases are backed up daily', 'Our RPO is 1 hour']
    expect(levels(`${backup}.\n\n${point}.`)).toEqual(['warning'])
    expect(
      levels(`[${backup}](kept:backup?every=24h#a).\n\n[${point}](kept:recovery?rpo=1h#b).`),
    ).toEqual(['error'])
  })

  it('wipes backups that are kept longer', () => {
    const page = 'Backups are kept for 90 days.\n\nClose your account and we wipe everything in 30 days, backups too.' // prettier-ignore
    expect(found(page)).toEqual([1, 3])
    expect(found(page.replace('90', '20'))).toEqual([])
  })

  it('keeps data in one area while a processor is in another', () => {
    const page = (place: string) =>
      `Customer data never leaves the European Union.\n\n## Sub-processors\n\n| Name | Location |\n| --- | --- |\n| Mailer | ${place} |` // prettier-ignore
    expect(found(page('United States'))).toEqual([7])
    expect(found(page('Germany'))).toEqual([])
    expect(found(page('United States').replace('Sub-processors', 'Customers'))).toEqual([])
  })
})
