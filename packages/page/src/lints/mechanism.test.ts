import { describe, expect, it } from 'vitest'
import { objections, underlined } from '../../test/objections.ts'

describe('what a measure cannot do', () => {
  it.each([
    ['CloudTrail events are forwarded to GuardDuty.', 'CloudTrail events are forwarded to GuardDuty'],
    ['We stream our flow logs into Amazon GuardDuty.', 'stream our flow logs into Amazon GuardDuty'],
    ['Our agents push DNS logs straight to GuardDuty.', 'push DNS logs straight to GuardDuty'],
    ['VPC flow logs are stored and inspected by GuardDuty.', 'flow logs are stored and inspected by GuardDuty'],
    ['CloudTrail events are continuously scanned by Amazon GuardDuty.', 'CloudTrail events are continuously scanned by Amazon GuardDuty'],
    ['Flow logs are streamed into GuardDuty.', 'Flow logs are streamed into GuardDuty'],
    ['Passwords are encrypted with bcrypt.', 'encrypted with bcrypt'],
    ['Your password is encrypted using bcrypt, and not even we can read it.', 'encrypted using bcrypt'],
    ['Passwords are encrypted using a strong one-way SHA-256 hash.', 'encrypted using a strong one-way SHA-256'],
    ['We store passwords with SHA-512 encryption.', 'SHA-512 encryption'],
    ['Credentials undergo one-way encryption.', 'one-way encryption'],
    ['API keys are encrypted using Base64.', 'encrypted using Base64'],
    ['Your data is encrypted at rest using SSL/TLS.', 'at rest using SSL/TLS'],
    ['Files are stored encrypted with HTTPS.', 'stored encrypted with HTTPS'],
    ['Our database is encrypted by a firewall.', 'encrypted by a firewall'],
    ['The VPN encrypts the databases of our customers.', 'VPN encrypts the databases'],
    ['Everything is protected by 2048-bit SSL encryption.', '2048-bit SSL encryption'],
    ['We use AES-512.', 'AES-512'],
    ['Messages are end-to-end encrypted using TLS 1.3.', 'end-to-end encrypted using TLS 1.3'],
    ['Several availability zones protect you from the loss of an entire region.', 'availability zones protect you from the loss of an entire region'],
  ])('%s', (sentence, words) => {
    expect(underlined(sentence, 'mechanism')).toEqual(words === '' ? [] : [`1: ${words}`])
  }) // prettier-ignore

  it.each([
    'Flow logs are kept for 90 days, and GuardDuty is enabled in every region.',
    'GuardDuty analyses flow logs, DNS logs and CloudTrail events.',
    'GuardDuty findings are sent to our alert channel.',
    'We send CloudTrail logs to our archive and GuardDuty findings to the chat.',
    'Flow, CloudTrail and DNS events are analysed by GuardDuty.',
    'Flow logs are not analysed by GuardDuty.',
    'Flow logs are read by our engineers, GuardDuty is enabled.',
    'Passwords are hashed with bcrypt.',
    'Passwords are hashed with Argon2id and encrypted with AES-256.',
    'Traffic is encrypted with TLS 1.2, AES-256 and SHA-256 signatures.',
    'Certificates are signed with SHA-256 and RSA encryption.',
    'Data is encrypted at rest with AES-256 and in transit with TLS 1.2.',
    'Connections to stored data are encrypted with TLS.',
    'Backups are encrypted with 4096-bit RSA and AES-256.',
    'Keys have 2048 bits.',
    'Base64 is not encryption.',
    'A firewall protects our databases.',
    'Notes are end-to-end encrypted; connections use TLS as well.',
    'Copies in another region survive the loss of an entire region, availability zones do not.',
    'Is data encrypted at rest with TLS?',
  ])('lets pass: %s', (sentence) => {
    expect(objections(sentence)).toEqual([])
  })

  it('proposes the right word', () => {
    const [found] = objections('Passwords are encrypted with scrypt.')
    expect(found).toMatchObject({ level: 'error', suggestion: 'hashed with scrypt' })
  })
})
