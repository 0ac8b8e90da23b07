import { describe, expect, it } from 'vitest'
import type { Certificate } from './certificate.ts'
import { caps, gradeOf, type Facts } from './grade.ts'
import type { Exchange, Version } from './hello.ts'
import { modernSuites, olderSuites, type Suite } from './suites.ts'
import type { Choice } from './survey.ts'

const now = Date.UTC(2026, 10, 20)
const day = 86_400_000
const certificate: Certificate = {
  distrust: null,
  misnamed: false,
  validFrom: now - day,
  validUntil: now + 90 * day,
  keyBits: 3072,
}

function pick(cipher: string, exchange: string | null): Suite {
  return [...modernSuites, ...olderSuites].find(
    (suite) => suite.cipher === cipher && suite.exchange === exchange,
  )!
}

function choice(
  version: Version,
  cipher: string,
  exchange: string | null = 'ecdhe-rsa',
  keys: Exchange | null = null,
): Choice {
  return { version, suite: pick(cipher, exchange), exchange: keys }
}

const modern = [
  choice('TLS 1.3', 'aes-256-gcm', null),
  choice('TLS 1.2', 'aes-256-gcm'),
  choice('TLS 1.2', 'aes-128-gcm'),
]
const good: Facts = { choices: modern, certificate, hstsSeconds: 180 * 86_400, now }

const onlyOld = (...choices: Choice[]): Partial<Facts> => ({ choices })
const also = (...choices: Choice[]): Partial<Facts> => ({ choices: [...modern, ...choices] })
const certified = (more: Partial<Certificate>): Partial<Facts> => ({
  certificate: { ...certificate, ...more },
})

const table: readonly (readonly [grade: string, what: string, facts: Partial<Facts>])[] = [
  ['A+', 'all is well', {}],
  ['A', 'HSTS a second under 180 days', { hstsSeconds: 180 * 86_400 - 1 }],
  ['A', 'no HSTS', { hstsSeconds: 0 }],
  ['A+', 'CBC beside AEAD', also(choice('TLS 1.2', 'aes-128-cbc'))],
  ['A-', 'no TLS 1.3', onlyOld(choice('TLS 1.2', 'aes-128-gcm'))],
  ['B', 'TLS 1.1 too', also(choice('TLS 1.1', 'aes-128-cbc'))],
  ['B', 'TLS 1.0 too', also(choice('TLS 1.0', 'aes-128-cbc'))],
  ['B', 'no forward secrecy', onlyOld(choice('TLS 1.2', 'aes-128-gcm', 'rsa'))],
  ['B', 'no AEAD', onlyOld(choice('TLS 1.2', 'aes-256-cbc'))],
  [
    'B',
    'a Diffie-Hellman prime of 1024 bits',
    also(choice('TLS 1.2', 'aes-128-gcm', 'dhe-rsa', { prime: 1024 })),
  ],
  [
    'A+',
    'a Diffie-Hellman prime of 2048 bits',
    also(choice('TLS 1.2', 'aes-128-gcm', 'dhe-rsa', { prime: 2048 })),
  ],
  [
    'F',
    'a Diffie-Hellman prime of 768 bits',
    also(choice('TLS 1.2', 'aes-128-gcm', 'dhe-rsa', { prime: 768 })),
  ],
  ['B', 'an RSA key of 1024 bits', certified({ keyBits: 1024 })],
  ['A+', 'an RSA key of 2048 bits', certified({ keyBits: 2048 })],
  ['B', 'RC4 with TLS 1.0', also(choice('TLS 1.0', 'rc4'))],
  ['C', 'RC4 with TLS 1.2', also(choice('TLS 1.2', 'rc4'))],
  ['B', '3DES with TLS 1.0', also(choice('TLS 1.0', '3des-cbc'))],
  ['C', '3DES with TLS 1.2', also(choice('TLS 1.2', '3des-cbc'))],
  ['C', 'nothing newer than TLS 1.1', onlyOld(choice('TLS 1.1', 'aes-128-cbc'))],
  ['C', 'SSL 3.0 too', also(choice('SSL 3.0', 'aes-128-cbc', 'rsa'))],
  ['F', 'export ciphers too', also(choice('TLS 1.0', 'export-40', 'rsa'))],
  ['F', 'ciphers that encrypt nothing too', also(choice('TLS 1.2', 'null', 'rsa'))],
  ['F', 'suites without a certificate too', also(choice('TLS 1.2', 'aes-128-gcm', 'dh-anon'))],
  ['T', 'a chain that is not trusted', certified({ distrust: 'it is signed by itself' })],
  ['T', 'an end that has passed', certified({ validUntil: now })],
  ['A+', 'an end a moment away', certified({ validUntil: now + 1 })],
  ['T', 'a beginning still to come', certified({ validFrom: now + 1 })],
  ['M', 'another name', certified({ misnamed: true })],
  ['T', 'another name and no trust', certified({ misnamed: true, distrust: 'unknown' })],
]

describe('the grade', () => {
  it.each(table)('is %s with %s', (grade, _, facts) => {
    const found = gradeOf({ ...good, ...facts })
    expect(found.grade, found.because.join('; ')).toBe(grade)
    expect(found.because.length > 0).toBe(grade !== 'A+')
  })

  it('has a row for each of its caps', () => {
    for (const { when, why } of caps) {
      expect(
        table.some(([, , facts]) => when({ ...good, ...facts })),
        why,
      ).toBe(true)
    }
    expect(caps.filter(({ when }) => when(good))).toEqual([])
  })

  it('weighs as the guide does: 30 protocol, 30 key exchange, 40 cipher', () => {
    expect(gradeOf(good).score).toBe(Math.round(100 * 0.3 + 90 * 0.3 + 90 * 0.4))
    const choices = [choice('TLS 1.0', 'aes-128-cbc'), choice('TLS 1.2', 'aes-256-gcm')]
    const { score } = gradeOf({ ...good, choices, certificate: { ...certificate, keyBits: 1024 } })
    expect(score).toBe(Math.round(95 * 0.3 + 80 * 0.3 + 90 * 0.4))
    const zero = also(choice('TLS 1.2', 'null', 'rsa'))
    expect(gradeOf({ ...good, ...zero }).score).toBe(0)
  })
})
