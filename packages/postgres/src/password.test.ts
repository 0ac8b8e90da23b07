import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keepPassword, scramVerifier } from './password.ts'

test('a verifier accepts the exchange of RFC 7677, section 3', () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  const [, keys] = scramVerifier('pencil', salt).split('$').slice(1)
  const [stored, server] = keys!.split(':').map((key) => Buffer.from(key, 'base64'))
  const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
  const message = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=${nonce}`
  const proof = Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64')
  const signature = createHmac('sha256', stored!).update(message).digest()
  const key = Buffer.from(proof.map((byte, i) => byte ^ signature[i]!))
  expect(createHash('sha256').update(key).digest()).toEqual(stored)
  expect(createHmac('sha256', server!).update(message).digest('base64')).toBe(
    '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  )
})

test('two verifiers of one password differ', () => {
  expect(scramVerifier('pencil')).not.toBe(scramVerifier('pencil'))
})

test.each(['', 'schön', 'tab\tulator'])('%j is no password', (password) => {
  expect(() => scramVerifier(password)).toThrow(expect.objectContaining({ code: 'bad-option' }))
})

test('a password is made once, in a file of its own user', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kept-pg-'))
  const file = join(folder, 'password')
  const made = keepPassword(file)
  expect([made, keepPassword(file)]).toEqual([expect.stringMatching(/^[\w-]{43}$/), made])
  expect([statSync(file).mode & 0o777, readFileSync(file, 'utf8')]).toEqual([0o600, made])
  rmSync(folder, { recursive: true })
})
