import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { authorityFile, keepCertificate } from './certificate.ts'
import { layoutOf } from './layout.ts'

const layout = layoutOf(mkdtempSync(join(tmpdir(), 'kept-pg-')))
const year = 365 * 86_400_000
const now = Date.now()
afterAll(() => rmSync(layout.directory, { recursive: true }))

const read = (file: string) => new X509Certificate(readFileSync(file))

test('a certificate is signed by its authority, for this machine alone, and signs nothing', async () => {
  await keepCertificate(layout, {}, now)
  const [authority, own] = [
    read(authorityFile(layout)),
    read(join(layout.certificates, 'server.pem')),
  ]
  expect([own.verify(authority.publicKey), own.verify(own.publicKey)]).toEqual([true, false])
  expect([own.checkHost('localhost'), own.checkIP('127.0.0.1')]).toEqual(['localhost', '127.0.0.1'])
  expect([own.checkHost('example.com'), own.checkIP('127.0.0.2')]).toEqual([undefined, undefined])
  expect([authority.ca, own.ca]).toEqual([true, false])
})

test('it is made anew when less than a year is left, and not before', async () => {
  const before = read(authorityFile(layout)).fingerprint256
  await keepCertificate(layout, {}, now + 3.9 * year)
  expect(read(authorityFile(layout)).fingerprint256).toBe(before)
  await keepCertificate(layout, {}, now + 4.1 * year)
  expect(read(authorityFile(layout)).fingerprint256).not.toBe(before)
})
