import { describe, expect, it } from 'vitest'
import { compile } from '../index.ts'
import { objections, underlined } from '../../test/objections.ts'

const found = (page: string) => underlined(page, 'withdrawn')

const endedAt = (time: string) => {
  const page = compile('We use FIPS 140-2 modules.', { format: 'text', now: Date.parse(time) })
  return page.findings.some(({ rule }) => rule === 'withdrawn')
}

describe('what has ended', () => {
  it.each([
    ['We are certified to ISO/IEC 27001:2013.', 'ISO/IEC 27001:2013'],
    ['Certified: ISO 27001 (2013)', 'ISO 27001 (2013)'],
    ['Quality follows ISO 9001:2008.', 'ISO 9001:2008'],
    ['Browsers may connect with TLS 1.0 or higher.', 'TLS 1.0'],
    ['We support TLSv1.1 and TLSv1.2.', 'TLSv1.1'],
    ['We accept TLS 1.2, 1.1 for older browsers’ sake.', 'TLS 1.2, 1.1'],
    ['Our data centers are SAS 70 audited.', 'SAS 70'],
    ['We hold an SSAE-16 report.', 'SSAE-16'],
    ['Transfers rest on the EU-US Privacy Shield.', 'Privacy Shield'],
    ['We take part in the US-EU Safe Harbor.', 'US-EU Safe Harbor'],
    ['We are PCI DSS 3.2.1 compliant.', 'PCI DSS 3.2.1'],
    ['Assessed against PCI-DSS v4.0.', 'PCI-DSS v4.0'],
    ['Modules are FIPS 140-2 validated.', 'FIPS 140-2'],
    ['Our programme follows NIST CSF v1.1.', 'NIST CSF v1.1'],
    ['Backups are encrypted with 3DES.', '3DES'],
    ['Files are sealed with DES encryption.', 'DES'],
    ['Passwords are stored as MD5 hashes.', 'MD5'],
    ['Documents are signed with SHA-1.', 'SHA-1'],
    ['We test for the OWASP Top 10 (2017).', 'OWASP Top 10 (2017'],
    ['Uploads go over SSLv3.', 'SSLv3'],
  ])('%s', (sentence, words) => {
    expect(found(sentence)).toEqual(words === '' ? [] : [`1: ${words}`])
  })

  it.each([
    ['PCI DSS', 'v3.2.1, attested by an assessor', ['3: v3.2.1']],
    ['ISO/IEC 27001', '2013', ['3: 2013']],
    ['PCI DSS', 'v4.0.1', []],
    ['ISO/IEC 27001', '2022, formerly 2013', []],
    ['Founded', '2013', []],
  ])('is found where its edition has a cell of its own: %s | %s', (name, edition, words) => {
    expect(found(`| Standard | Edition |\n| --- | --- |\n| ${name} | ${edition} |`)).toEqual(words)
  })

  it('is found in headings and cells as well', () => {
    expect(found('## ISO 27001:2013\n\nWe hold it.')).toEqual(['1: ISO 27001:2013'])
    expect(found('| Standard |\n| --- |\n| ISO 27001:2013 |')).toEqual(['3: ISO 27001:2013'])
  })

  it('makes "the latest standards" untrue', () => {
    const page = 'We comply with all the latest security standards.\n\nWe are ISO 27001:2013 certified.'
    expect(found(page)).toEqual(['1: all the latest security standards', '3: ISO 27001:2013'])
  }) // prettier-ignore

  it('warns once of SSL, a word that most pages use for TLS', () => {
    const page = 'Traffic is protected by SSL.\n\nAll our sites use SSL encryption.'
    expect(objections(page).map(({ rule, level, line }) => [rule, level, line])).toEqual([
      ['withdrawn', 'warning', 1],
    ])
  })

  it.each([
    'We are certified to ISO/IEC 27001:2022.',
    'In 2024 we moved from ISO 27001:2013 to ISO 27001:2022.',
    'Our predecessor was certified to ISO 27001:2013 between 2015 and 2019.',
    'TLS 1.0 and 1.1 are disabled.',
    'We do not accept SSLv3, TLS 1.0 or TLS 1.1.',
    'Anything below TLS 1.1 is refused.',
    'The successor of SAS 70 is SSAE 18.',
    'The Privacy Shield was declared invalid; we rely on the standard contractual clauses.',
    'Our safe harbor protects researchers who act in good faith.',
    'We are PCI DSS 4.0.1 compliant.',
    'FIPS 140-3 validated modules replaced FIPS 140-2.',
    'TOTP codes use HMAC-SHA1.',
    'Downloads show an MD5 checksum.',
    'Every push is identified by its git SHA-1 commit id.',
    'Our site scores A+ at SSL Labs and renews its SSL certificate itself.',
    'Traffic is protected by SSL/TLS.',
    'Nous chiffrons des données et des sauvegardes.',
    'We comply with the latest standards.',
    'Do you support TLS 1.0?',
    'TLS 1.1 is gone.',
    'Clients on TLS 1.1 are turned away.',
    'We are going to turn off TLS 1.1.',
    'Our blog explains why MD5 is broken.',
    'The password rule bans the words "password", "SSL" and "MD5".',
  ])('lets pass: %s', (sentence) => {
    expect(found(sentence)).toEqual([])
  })

  it('counts from the day of the end', () => {
    expect(endedAt('2026-09-20T12:00:00Z')).toBe(false)
    expect(endedAt('2026-09-23T12:00:00Z')).toBe(true)
  })
})

describe('what takes its place', () => {
  it.each([
    ['Passwords are hashed with MD5.', 'argon2id'],
    ['We use SHA-1 to hash passwords.', 'argon2id'],
    ['Documents are signed with SHA-1.', 'SHA-256'],
  ])('%s %s', (sentence, successor) => {
    const found = objections(sentence).filter(({ rule }) => rule === 'withdrawn')
    expect(found).toMatchObject([{ suggestion: successor }])
  })
})
