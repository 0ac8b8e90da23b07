import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeAuthority } from '../../../test/certificates.ts'
import { context, system, Watch, type Given } from '../../../test/looking.ts'
import { inventoryCollector, presenceCollector } from './accounts.ts'

/** Heroku's Platform API cannot be had here: this speaks its documented protocol, pages and all. */
let server: Server
let given: Given
let address: string
const lists: Record<string, { id: string; [field: string]: unknown }[]> = {}

const app = (name: string) => ({ id: name, name })
const addon = (name: string, service: string) => ({
  id: name,
  name,
  addon_service: { name: service },
})

beforeEach(async () => {
  lists['apps'] = [app('api'), app('web'), app('worker')]
  lists['addons'] = [addon('main', 'heroku-postgresql'), addon('cron', 'scheduler')]
  const authority = await makeAuthority()
  server = createServer(await authority.issue(), (request, response) => {
    if (request.headers.authorization !== 'Bearer right') return response.writeHead(401).end('{}')
    if (request.headers.accept !== 'application/vnd.heroku+json; version=3') {
      return response.writeHead(406).end('{}')
    }
    const list = lists[/^\/teams\/example\/(\w+)$/.exec(request.url!)?.[1] ?? '']
    if (list === undefined) return response.writeHead(404).end('{}')
    // Two entries a page, so that every list here has several.
    const after = /^id (?:\](\S+))?\.\.; max=\d+$/.exec(request.headers.range ?? '')
    if (!after) return response.writeHead(416).end('{}')
    const from = after[1] === undefined ? 0 : list.findIndex(({ id }) => id === after[1]) + 1
    const page = list.slice(from, from + 2)
    const isLast = from + 2 >= list.length
    if (!isLast) response.setHeader('next-range', `id ]${list[from + 1]!.id}..; max=200`)
    return response.writeHead(isLast ? 200 : 206).end(JSON.stringify(page))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `https://localhost:${(server.address() as AddressInfo).port}/teams/example`
  given = { authorities: [authority.pem], secrets: { HEROKU: 'right' } }
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

const account = (provider: string | null = 'heroku', secret: string | null = 'HEROKU') =>
  system({ id: 'team', type: 'account', provider, address, secret })

describe('account.inventory', () => {
  it('breaks with a resource of another provider, and is mended without it', async () => {
    const watching = new Watch(inventoryCollector, account())
    const params = { only: ['heroku'] }
    expect(await watching.look(given)).toEqual({
      outcome: 'pass',
      measured: { resources: 5, providers: ['heroku'], lookedFor: expect.anything(), present: [] },
    })
    expect(watching.verdict('inventory', params)).toBe('kept')
    lists['addons']!.push(addon('logs', 'papertrail'))
    expect(await watching.look(given)).toMatchObject({
      measured: { resources: 6, providers: ['heroku', 'papertrail'] },
    })
    expect(watching.verdict('inventory', params)).toBe('broken')
    lists['addons']!.pop()
    await watching.look(given)
    expect(watching.verdict('inventory', params)).toBe('kept')
  })

  it('says nothing of what no account can hold', async () => {
    const watching = new Watch(inventoryCollector, account())
    await watching.look(given)
    expect(watching.verdict('inventory', { absent: ['routers', 'physical-servers'] })).toBe('kept')
    expect(watching.verdict('inventory', { absent: ['routers', 'offices'] })).toBe('unproven')
  })

  it('proves nothing by an empty account', async () => {
    Object.assign(lists, { apps: [], addons: [] })
    const watching = new Watch(inventoryCollector, account())
    expect(await watching.look(given)).toMatchObject({ measured: { resources: 0 } })
    expect(watching.verdict('inventory', { absent: ['routers'] })).not.toBe('kept')
  })

  it('knows nothing without the right token, and does not say which it has', async () => {
    const look = await inventoryCollector.collect(
      account(),
      context({ ...given, secrets: { HEROKU: 'wrong-token' } }),
    )
    expect(look).toMatchObject({ outcome: 'inconclusive' })
    expect(look.note).toMatch(/status 401: the token may not read this/)
    expect(look.note).not.toContain('wrong-token')
  })

  it.each([
    [account('aws'), /counts accounts at Heroku only, and team is at aws/],
    [account(null), /no provider that systems\.yaml names/],
    [account('heroku', null), /names no secret/],
    [{ ...account(), address: 'https://192.0.2.1/teams/example' }, /only reach its own machine/],
  ])('knows nothing of an account it cannot count', async (subject, note) => {
    const look = await inventoryCollector.collect(subject, context(given))
    expect(look).toMatchObject({ outcome: 'inconclusive' })
    expect(look.note).toMatch(note)
  })

  it('knows nothing of what is no list', async () => {
    lists['apps'] = [{ id: 'no name' }]
    const look = await inventoryCollector.collect(account(), context(given))
    expect(look).toMatchObject({ outcome: 'inconclusive' })
    expect(look.note).toMatch(/no list of its API/)
  })
})

describe('provider.presence', () => {
  it('is counted in the account where systems.yaml names one', async () => {
    const provider = system({ id: 'heroku', type: 'provider' })
    const watching = new Watch(presenceCollector, provider)
    const subjects = [account()]
    expect(await watching.look({ ...given, subjects })).toEqual({
      outcome: 'pass',
      measured: { resources: 5 },
    })
    expect(watching.verdict('provider', { name: ['heroku'] })).toBe('kept')
    Object.assign(lists, { apps: [], addons: [] })
    await watching.look({ ...given, subjects })
    expect(watching.verdict('provider', { name: ['heroku'] })).toBe('broken')
  })
})
