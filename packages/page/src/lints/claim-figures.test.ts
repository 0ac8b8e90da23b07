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
    ['Critical weaknesses are fixed in 4 to 8 hours', 'findings.fixed?critical=2d..3d', '4 to 8 hours', '48h, 72h'],
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
