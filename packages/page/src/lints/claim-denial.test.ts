import { describe, expect, it } from 'vitest'
import { objections } from '../../test/objections.ts'

const found = (text: string, address: string) =>
  objections(`[${text}](kept:${address}#a).`)
    .filter(({ level }) => level === 'error')
    .map(({ message }) => message)

describe('a claim that denies what its address proves', () => {
  it.each([
    ['Our databases are not encrypted at rest', 'encryption.at-rest'],
    ['We encrypt nothing at rest', 'encryption.at-rest'],
    ['Our databases are unencrypted at rest', 'encryption.at-rest'],
    ['Nobody reviews changes', 'changes.reviewed'],
    ['Changes are never reviewed by a second engineer', 'changes.reviewed'],
    ['We have no backups', 'backup'],
    ['We do not test our backups by restoring them', 'restore.point-in-time'],
    ["Employees don't use two-factor authentication", 'mfa.staff'],
    ['Laptops are not encrypted', 'devices.encrypted'],
    ['None of our employees are trained in security each year', 'staff.trained?every=1y'],
    ['We are not certified to ISO 27001', 'certificate?standard=iso-27001'],
    ['We travel a lot, and our laptops are not encrypted', 'devices.encrypted'],
  ])('is an error: %s: %s', (text, address) => {
    expect(found(text, address)).toEqual([expect.stringContaining('denies')])
  })

  it.each([
    ['No change goes live without a review by a second engineer', 'changes.reviewed'],
    ['Nobody merges their own code', 'changes.reviewed'],
    ['The engineer who wrote a change does not approve it', 'changes.reviewed'],
    ['No database is left unencrypted at rest', 'encryption.at-rest'],
    ['Databases are encrypted at rest, so nobody can read a stolen disk', 'encryption.at-rest'],
    ['We do not store card numbers', 'cards.absent'],
    ['No backup is kept longer than 35 days', 'retention?max=35d'],
    ['We never go a night without a backup', 'backup?every=24h'],
    ['Backups never fail to run every 24 hours', 'backup?every=24h'],
    ['Nobody here has standing access to your data', 'access.need-to-know'],
    ['Unencrypted access is not supported', 'encryption.https-only'],
    ['TLS 1.1 is not accepted', 'encryption.in-transit?min=1.2'],
    ['Your data is not stored outside Ireland', 'residency?regions=ireland'],
    ['Access that is not needed is removed at the review every quarter', 'access.review?every=1q'],
    ['Sessions without activity end after 30 minutes', 'session.timeout?within=30m'],
    ['Leavers have no access after 24 hours', 'access.revoked?within=24h'],
    ['There is no data that is not backed up', 'backup'],
  ])('is let pass where a denial keeps the promise: %s: %s', (text, address) => {
    expect(found(text, address)).toEqual([])
  })
})

describe('what a claim goes on from or answers', () => {
  const errors = (page: string) =>
    objections(page).filter(({ message }) => message.includes('denies')).length

  it.each([
    'We do not [encrypt databases at rest](kept:encryption.at-rest#a).',
    'It is not true that [all databases are encrypted at rest](kept:encryption.at-rest#a).',
    '- Encryption at rest: [none](kept:encryption.at-rest#a)',
    '## Is data encrypted at rest?\n\n[No](kept:encryption.at-rest#a).',
    '| Control | State |\n| --- | --- |\n| Encryption at rest | [No](kept:encryption.at-rest#a) |',
  ])('may deny it: %s', (page) => {
    expect(errors(page)).toBe(1)
  })

  it.each([
    'No customer needs to ask: [all databases are encrypted at rest](kept:encryption.at-rest#a).',
    'Without exception [all databases are encrypted at rest](kept:encryption.at-rest#a).',
    'We have no doubt that [all databases are encrypted at rest](kept:encryption.at-rest#a).',
    'Not only do [we encrypt databases at rest](kept:encryption.at-rest#a).',
    '## Do you store card numbers?\n\n[Never](kept:cards.absent#a).',
    '| Control | State |\n| --- | --- |\n| Card numbers stored | [No](kept:cards.absent#a) |',
    '## Can other customers see our data?\n\n[No](kept:tenancy.isolated#a).',
  ])('may be kept by it: %s', (page) => {
    expect(errors(page)).toBe(0)
  })
})
