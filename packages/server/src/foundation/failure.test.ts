import { describe, expect, it } from 'vitest'
import { asFailure, Failure, failures } from './failure.ts'

describe('a failure', () => {
  it('is problem details by RFC 9457, with a code that stays', () => {
    const failure = new Failure('not-found', 'there is no claim "a"', {
      fix: 'name another',
      at: '/id',
    })
    expect(failure.toProblem('urn:uuid:1')).toEqual({
      type: 'https://kept.dev/problems/not-found',
      title: 'There is no such thing',
      status: 404,
      detail: 'there is no claim "a"',
      code: 'not-found',
      instance: 'urn:uuid:1',
      fix: 'name another',
      at: '/id',
    })
    expect(new Failure('internal', 'x').toProblem()).not.toHaveProperty('instance')
  })

  it('has a status of an error and a title that is a sentence', () => {
    for (const [code, { status, title }] of Object.entries(failures)) {
      expect(status, code).toBeGreaterThanOrEqual(400)
      expect(status, code).toBeLessThan(600)
      expect(title, code).toMatch(/^[A-Z].*\w$/)
    }
  })

  it('never puts another member in the place of one that RFC 9457 names', () => {
    const failure = new Failure('conflict', 'x', { status: 200, title: 'fine', code: 'none' })
    expect(failure.toProblem()).toMatchObject({ status: 409, code: 'conflict', detail: 'x' })
  })
})

describe('what the database reports', () => {
  const error = (code?: string, message = 'secret: hunter2') =>
    Object.assign(new Error(message), code === undefined ? {} : { code })

  it.each([
    ['08006', 'database-away'],
    ['57P01', 'database-away'],
    ['ECONNREFUSED', 'database-away'],
    ['ENOENT', 'database-away'],
    ['53100', 'disk-full'],
    ['ENOSPC', 'disk-full'],
    ['23505', 'internal'],
    ['42501', 'internal'],
    [undefined, 'internal'],
  ])('%s is %s', (code, expected) => {
    const failure = asFailure(error(code))
    expect(failure.code).toBe(expected)
    expect(JSON.stringify(failure.toProblem())).not.toContain('hunter2')
    expect(failure.cause).toBeInstanceOf(Error)
  })

  it.each(['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])(
    '"%s" is that it is away',
    (message) => {
      expect(asFailure(error(undefined, message)).code).toBe('database-away')
    },
  )

  it('that is a failure already stays as it is', () => {
    const failure = new Failure('too-many', 'x')
    expect(asFailure(failure)).toBe(failure)
  })

  it('may be anything that was thrown', () => {
    for (const thrown of ['text', 1, {}]) expect(asFailure(thrown).code).toBe('internal')
  })
})
