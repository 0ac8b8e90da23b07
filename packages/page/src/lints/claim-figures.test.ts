import { describe, expect, it } from 'vitest'
import { objections } from '../../test/objections.ts'

const found = (text: string, address: string) =>
  objections(`[${text}](kept:${address}#a).`)
    .map(({ message }) => message)
    .filter((message) => message.startsWith('Readers'))

describe('a claim whose words and address differ', () => {
  it.each([
    ['We email every customer within 1 hour of an incident', 'incident.notice?within=24h', '1 hour', '24h'],
    ['All data is backed up every 5 minutes', 'backup?every=24h', '5 minutes', '24h'],
    ['We require TLS 1.3', 'encryption.in-transit?min=1.2', 'tls 1.3', 'TLS 1.2'],
    ['Uptime is at least 99.99 %', 'uptime?min=99.9', '99.99 %', '99.9'],
    ['Your data is deleted within thirty (30) days', 'erase?within=60d', 'thirty (30) days', '60d'],
    ['We email customers within 24 hours of an incident', 'incident.notice', '24 hours', '72h'],
    ['Our RTO is 4 hours and our RPO 1 hour', 'recovery?rto=4h&rpo=4h', '1 hour', '4h'],
    ['Critical ones are fixed within 4 hours, high ones within 24 hours', 'findings.fixed?critical=4h&high=90d', 'high: 24 hours', 'high=90d'],
    ['We delete your data within 7 days', 'erase', '7 days', '30d'],
    ['All code is reviewed by two engineers', 'changes.reviewed?min=1', 'two engineers', '1'],
    ['All code is reviewed by two other engineers', 'changes.reviewed', 'two other engineers', '1'],
    ['Data is encrypted with AES-256', 'encryption.at-rest?with=aes-128', 'aes-256', 'aes-128'],
    ['Only 2 employees can reach the database', 'access.database?max=20', '2 employees', '20'],
    ['All data is stored in Ireland', 'residency?regions=us', 'Ireland', 'us'],
    ['Passwords have at least 16 characters', 'password.minimum?length=8', '16 characters', '8'],
    ['We back up hourly', 'backup?every=1mo', 'hourly', '1mo'],
    ['Every connection uses TLS 1.3', 'encryption.in-transit', 'tls 1.3', 'TLS 1.2'],
    ['Backups are kept in three regions', 'backup.copies', 'three regions', '2'],
    ['Critical weaknesses are fixed in 4 to 8 hours', 'findings.fixed?critical=2d..3d', 'critical: 4 to 8 hours', 'critical=72h'],
  ])('%s: %s', (text, address, said, promised) => {
    expect(found(text, address)).toEqual([
      `Readers read "${said}" here, and its address promises ${promised}: that is what is proved.`,
    ])
  }) // prettier-ignore

  it.each([
    ['We email every customer within 24 hours of an incident', 'incident.notice?within=24h'],
    ['We email every customer within a day of an incident', 'incident.notice?within=24h'],
    ['Backups are made daily and kept for 35 days', 'backup?every=24h'],
    ['We test it every 12 months', 'pentest?every=1y'],
    ['Logs are kept for 3 months', 'logs.kept?for=90d'],
    ['We require TLS 1.2 or newer', 'encryption.in-transit?min=1.2'],
    ['Our RTO is 4 hours and our RPO 1 hour', 'recovery?rto=4h&rpo=1h'],
    ['We back up every night', 'backup'],
    ['We back up every month', 'backup?every=1w'],
    ['All code is reviewed by one engineer and security-sensitive code by two', 'changes.reviewed'],
    ['Two engineers review each change', 'changes.reviewed?min=3'],
    ['Only 5 employees can reach the database', 'access.database?max=2'],
    ['Data is encrypted with AES-256', 'encryption.at-rest?with=aes-256-gcm'],
    ['All data is stored in Dublin', 'residency?regions=eu-west-1'],
    ['All data is stored in Europe', 'residency?regions=ireland'],
    ['We email every customer within three days', 'incident.notice'],
    ['The team of 4 engineers answers', 'incident.team'],
    ['We have used it for 5 years', 'uptime?min=99.9'],
    ['Weaknesses are fixed in 2-4 weeks', 'findings.fixed?medium=2w..4w'],
    ['Uptime is 99.9 %', 'uptime?min=99.9'],
    ['We require TLS 1.2 or newer', 'encryption.in-transit?min=1.3'],
    ['Backups are encrypted', 'backup?every=24h'],
    ['Within two business days you hear from us', 'disclosure.answered?within=3d'],
    ['Incidents of the last 12 months are listed', 'incident.team'],
  ])('lets pass: %s: %s', (text, address) => {
    expect(found(text, address)).toEqual([])
  })
})
