import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { context, system } from '../../test/looking.ts'
import { surveyVersions } from '../capabilities/transport/survey.ts'
import { cannotLook, collector, secretOf, seen } from './look.ts'

const subject = system({ type: 'endpoint' })
const declared = { kind: 'endpoint.tls', of: ['endpoint'], every: 60, timeout: 1 } as const

describe('a look', () => {
  it('that cannot see is inconclusive, whatever it measured before', async () => {
    const blind = collector({
      ...declared,
      collect: () => Promise.reject(cannotLook('the door is shut')),
    })
    expect(await blind.collect(subject, context())).toEqual({
      outcome: 'inconclusive',
      measured: {},
      note: 'the door is shut',
    })
    const sighted = collector({ ...declared, collect: () => Promise.resolve(seen({ a: 1 })) })
    expect(await sighted.collect(subject, context())).toEqual({
      outcome: 'pass',
      measured: { a: 1 },
    })
  })

  it('that fails by a fault of ours does not pass for one that could not see', async () => {
    const faulty = collector({ ...declared, collect: () => Promise.reject(new TypeError('oops')) })
    await expect(faulty.collect(subject, context())).rejects.toThrow('oops')
  })

  it('ends by its own time, and by the signal, though the other side never says a word', async () => {
    const silent = createServer(() => {})
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const place = { host: '127.0.0.1', port, address: '127.0.0.1' }
    const looks = (timeout: number) =>
      collector({
        ...declared,
        timeout,
        async collect(_, given) {
          return seen({ accepted: await surveyVersions(given, { place, speaks: 'http' }) })
        },
      })
    const late = await looks(0.2).collect(subject, context())
    expect(late).toMatchObject({ outcome: 'inconclusive', note: 'it took more than 0.2 s' })
    const stop = new AbortController()
    const looking = looks(60).collect(subject, context({ signal: stop.signal }))
    stop.abort()
    expect(await looking).toMatchObject({ outcome: 'inconclusive', note: 'the look was given up' })
    silent.close()
  })

  it('names a secret that is not set, never its value', () => {
    const opened = { ...subject, secret: 'DB' }
    expect(secretOf(opened, context({ secrets: { DB: 'value' } }))).toBe('value')
    expect(() => secretOf(opened, context())).toThrow('the secret DB of subject is not set')
  })
})
