import { describe, expect, it } from 'vitest'
import { objections, underlined } from '../../test/objections.ts'

describe('a key size beside a cipher of another size', () => {
  it.each([
    ['Traffic uses 256-bit encryption (AES-128).', '256-bit'],
    ['Disks are sealed by AES128 with 256 bit keys.', '256 bit'],
    ['We offer 128-bit security through AES_256_GCM.', '128-bit'],
    ['All files: 128 bit encryption, ChaCha20-Poly1305.', '128 bit'],
    ['The suite TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 gives you 256-bit encryption.', '256-bit'],
  ])('%s', (sentence, words) => {
    expect(underlined(sentence, 'contradiction')).toEqual([`1: ${words}`])
  })

  it.each([
    'Data is encrypted with 256-bit AES-256.',
    'AES-128 for sessions, AES-256 for disks; keys have 128 or 256 bits.',
    'Certificates have 2048-bit RSA keys, sessions use AES-256.',
    'We use AES-256 with ECDSA on a 256-bit curve.',
    'AES-128-GCM with a 256-bit elliptic curve exchanges keys.',
    'AES-256 at rest and 128-bit TLS sessions in transit.',
    'At least 128-bit encryption, AES-256 where the browser can.',
    'AES-256 works on 128-bit blocks.',
    'Disks use XTS-AES-128 with a 256-bit key.',
    'Is 256-bit encryption the same as AES-128?',
  ])('lets pass: %s', (sentence) => {
    expect(objections(sentence)).toEqual([])
  })

  it('proposes the size of the cipher', () => {
    expect(objections('We use 256-bit AES_128_GCM.')[0]).toMatchObject({
      level: 'error',
      column: 8,
      endColumn: 15,
      suggestion: '128-bit',
    })
  })
})
