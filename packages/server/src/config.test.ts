import { describe, expect, it } from 'vitest'
import { checkDatabase, readEnvironment, readWitnesses } from './config.ts'

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

describe('the environment', () => {
  const whole = { KEPT_ORIGIN: 'https://kept.test', KEPT_DATABASE: 'postgres://a:b@127.0.0.1/kept' }
  const read = (more: NodeJS.ProcessEnv) => () => {
    const config = readEnvironment({ ...whole, ...more })
    return readWitnesses(config)
  }

  it.each([
    [{ KEPT_ORIGIN: undefined }, /^KEPT_ORIGIN: is missing$/],
    [{ KEPT_SMTP: 'notaurl' }, /^KEPT_SMTP: write it as smtps:/],
    [{ KEPT_SMTP: 'https://mail.example' }, /^KEPT_SMTP: /],
    [{ KEPT_WITNESSES: 'nonsense' }, /^KEPT_WITNESSES: "nonsense" is no witness$/],
    [{ KEPT_WITNESSES: 'https://witness.example=nokey' }, /^KEPT_WITNESSES: /],
  ])('is refused by the name of what is wrong: %j', (more, says) => {
    expect(read(more)).toThrow(says)
  })

  it('is taken when it is whole', () => {
    expect(read({ KEPT_SMTP: 'smtp://127.0.0.1:25' })()).toEqual([])
  })
})
