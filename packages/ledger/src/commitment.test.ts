import * as fc from 'fast-check'
import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { hex, utf8 } from '../test/vectors.ts'
import { commit, saltSize, verifyCommitment } from './commitment.ts'

const salt = fc.uint8Array({ minLength: saltSize, maxLength: saltSize })

it('is HMAC-SHA-256 with the salt as key', () => {
  fc.assert(
    fc.property(fc.uint8Array(), salt, (value, salt) => {
      const expected = createHmac('sha256', salt).update(value).digest('hex')
      expect(commit(value, salt)).toEqual(hex(expected))
    }),
  )
})

it('verifies with its value and salt, and with no other', () => {
  const flip = (bytes: Uint8Array, at: number) =>
    bytes.map((byte, i) => (i === at % bytes.length ? byte ^ 1 : byte))
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), salt, fc.nat(), (value, salt, at) => {
      const made = commit(value, salt)
      expect(verifyCommitment(made, value, salt)).toBe(true)
      expect(verifyCommitment(made, flip(value, at), salt)).toBe(false)
      expect(verifyCommitment(made, Uint8Array.of(...value, 0), salt)).toBe(false)
      expect(verifyCommitment(made, value, flip(salt, at))).toBe(false)
      expect(verifyCommitment(flip(made, at), value, salt)).toBe(false)
    }),
  )
})

it.each([0, 16, 31, 33, 64])('refuses a salt of %i bytes', (length) => {
  const [value, short] = [utf8('+49 30 1234'), new Uint8Array(length)]
  expect(() => commit(value, short)).toThrow(expect.objectContaining({ code: 'salt-malformed' }))
  expect(verifyCommitment(commit(value, new Uint8Array(32)), value, short)).toBe(false)
})
