import { describe, expect, it } from 'vitest'
import { checkDatabase } from './config.ts'

describe('the way to the database', () => {
  it.each([
    'postgres://a:b@127.0.0.1:5432/kept',
    'postgres://a:b@127.3.0.1/kept',
    'postgres://a:b@[::1]/kept',
    'postgresql://a:b@localhost/kept',
    'postgres://a:b@localhost/kept?host=/run/postgresql',
    'postgres://a:b@%2Frun%2Fpostgresql/kept',
    'postgres://a:b@db.example/kept?sslmode=verify-full',
    `postgres://a:b@db.example/kept?sslrootcert=${import.meta.filename}&sslmode=verify-full`,
  ])('may be %s', (url) => {
    expect(() => checkDatabase('KEPT_DATABASE', url)).not.toThrow()
  })

  it.each([
    'postgres://a:b@db.example/kept',
    'postgres://a:b@192.0.2.2:6543/kept',
    'postgres://a:b@[2001:db8::1]/kept',
    'postgres://a:b@db.example/kept?sslmode=require',
    'postgres://a:b@db.example/kept?sslmode=no-verify',
    'postgres://a:b@127.0.0.1/kept?host=db.example',
  ])('is refused in the clear, or to whoever answers: %s', (url) => {
    expect(() => checkDatabase('KEPT_DATABASE', url)).toThrow(
      /^KEPT_DATABASE leads to [\w.:]+ without proof/,
    )
  })

  it('must be one, and the files that it names must be there', () => {
    for (const url of ['postgres://[', 'postgres://a@db.example/k?sslrootcert=/nowhere/ca.pem']) {
      expect(() => checkDatabase('--database', url)).toThrow(/^--database cannot be read: /)
    }
  })
})
