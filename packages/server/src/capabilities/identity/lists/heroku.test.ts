import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { System } from '@kept/page'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeAuthority } from '../../../../test/certificates.ts'
import { testKept, type TestKept } from '../../../../test/kept.ts'
import { system, Watch, type Given } from '../../../../test/looking.ts'
import { claimsOperations } from '../../claims/operations.ts'
import { listOperations } from './operations.ts'

const page = `---
company: Example Inc
contact: security@example.com
---
# Security

[We use two-factor authentication for Heroku](kept:mfa.accounts?for=heroku#heroku).
`
const person = { kind: 'person', id: 'cto' } as const
const factors = { for: ['heroku'] }

/** Heroku's Platform API cannot be had here: this speaks its documented protocol, pages and all. */
let server: Server
let kept: TestKept
let given: Given
let team: System
let members: { id: string; email: string; two_factor_authentication?: boolean }[]

const member = (email: string, two_factor_authentication = true, more: object = {}) => ({
  id: email,
  email,
  two_factor_authentication,
  federated: false,
  role: 'member',
  ...more,
})

beforeAll(async () => {
  members = ['ann', 'bob', 'cat'].map((name) => member(`${name}@example.com`))
  const authority = await makeAuthority()
  server = createServer(await authority.issue(), (request, response) => {
    if (request.headers.authorization !== 'Bearer right') return response.writeHead(401).end('{}')
    if (request.url !== '/teams/example/members') return response.writeHead(404).end('{}')
    // Two entries a page, so that the list has several.
    const after = /^id (?:\](\S+))?\.\.; max=\d+$/.exec(request.headers.range ?? '')?.[1]
    const from = after === undefined ? 0 : members.findIndex(({ id }) => id === after) + 1
    const isLast = from + 2 >= members.length
    if (!isLast) response.setHeader('next-range', `id ]${members[from + 1]!.id}..; max=200`)
    return response.writeHead(isLast ? 200 : 206).end(JSON.stringify(members.slice(from, from + 2)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `https://localhost:${(server.address() as AddressInfo).port}/teams/example`
  team = system({ id: 'team', type: 'people', provider: 'heroku', secret: 'HEROKU', address })
  kept = await testKept()
  const systems = `people:
  team: { provider: heroku, secret: HEROKU, address: '${address}' }
`
  await kept.ask('operator', claimsOperations(() => []).apply, { page, systems })
  given = { authorities: [authority.pem], secrets: { HEROKU: 'right' }, kept }
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await kept.stop()
})

const watch = (subject: System) => {
  const collector = kept.capabilities
    .flatMap(({ collectors = [] }) => collectors)
    .find(({ kind }) => kind === 'people.second-factors')!
  return new Watch(collector, subject)
}

describe('the members of a team at Heroku', () => {
  it('break the sentence with one who has no second factor, and are mended with it', async () => {
    const watching = watch(team)
    const look = async () => {
      kept.time.advance(1000)
      const seen = await watching.look({ ...given, now: kept.time.now() })
      return { ...seen, verdict: watching.verdict('mfa.accounts', factors) }
    }
    const whole = { accounts: 3, without: 0, unknown: 0 }
    expect(await look()).toMatchObject({ verdict: 'kept', measured: whole })
    members[2] = member('cat@example.com', false)
    expect(await look()).toMatchObject({ verdict: 'broken', measured: { ...whole, without: 1 } })
    const { lacking } = await kept.ask(person, listOperations.show, { system: 'team' })
    expect(lacking).toEqual([{ account: 'cat@example.com', secondFactor: 'no' }])
    members[2] = member('cat@example.com')
    expect(await look()).toMatchObject({ verdict: 'kept', measured: whole })
  })

  it('are not known to have one where another provider lets them in', async () => {
    members[2] = member('cat@example.com', false, { federated: true })
    kept.time.advance(1000)
    const seen = await watch(team).look({ ...given, now: kept.time.now() })
    expect(seen).toMatchObject({ measured: { accounts: 3, without: 0, unknown: 1 } })
    members[2] = member('cat@example.com')
  })

  it.each([
    [{ address: null }, {}, 'has no address'],
    [{ address: 'https://localhost:1' }, {}, 'needs the address of its team'],
    [{}, { secrets: { HEROKU: 'wrong' } }, 'the token may not read this'],
    [{}, { secrets: {} }, 'is not set'],
  ])('say nothing with %j and %j', async (subject, more, why) => {
    const seen = await watch({ ...team, ...subject }).look({ ...given, ...more })
    expect(seen.outcome).toBe('inconclusive')
    expect(seen.note).toContain(why)
    kept.time.advance(1000)
    expect(await watch(team).look({ ...given, now: kept.time.now() })).toMatchObject({
      outcome: 'pass',
    })
  })
})
