/** A tenant's own users, signed in, and the staff's requests to see its data. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type Browser } from '../../../test/browser.ts'
import { testBundles, testKept, type TestKept } from '../../../test/kept.ts'
import { onePromise } from '../../../test/one-promise.ts'
import {
  goodPassword,
  join,
  ledgerText,
  openStaff,
  openTenant,
  origin,
  proveAgain,
  type Owner,
} from '../../../test/tenant-owner.ts'
import { claimsOperations } from '../claims/operations.ts'
import { longest } from './grants.ts'
import { accessOperations } from './operations.ts'

const operations = accessOperations({ bundles: testBundles })
const systems = `services:
  app: { tags: ['app-runner:web'] }
runners:
  web: { holder: workload, kinds: ['*'], subjects: ['*'] }
`
const web = { kind: 'runner', id: 'web' } as const
const missing = '00000000-0000-4000-8000-000000000000'

let kept: TestKept
let address: string
let staff: Browser
let owner: Owner
let stranger: Owner
let member: Browser

beforeAll(async () => {
  kept = await testKept({ collectors: [] })
  await kept.ask('operator', claimsOperations(() => []).apply, { page: onePromise, systems })
  address = await kept.serve({ origin, mostAsks: 10_000 })
  staff = await openStaff(kept, address)
  owner = await openTenant(kept, address, staff, 'acme')
  stranger = await openTenant(kept, address, staff, 'birch')
  const invited = await owner.by.ask('POST', '/api/people', {
    email: 'mia@acme.test',
    role: 'member',
  })
  member = openBrowser(address, origin)
  await join(kept, member, invited.body['link'], { name: 'mia' })
})
afterAll(() => kept.stop())

const request = async (tenant = 'acme') => {
  const until = new Date(kept.time.now() + longest / 2).toISOString()
  const asked = await staff.ask('POST', '/api/grants', { tenant, reason: 'ticket 4711', until })
  expect(asked.status).toBe(200)
  return asked.body['grant'] as string
}
const answer = async (by: Browser, grant: string, word: string, body: object = {}) => {
  const { status, body: said } = await by.ask('POST', `/api/grants/${grant}/${word}`, body)
  return status === 200 ? 'passes' : (said['code'] as string)
}
const list = async (by: Browser, query = '') => (await by.ask('GET', `/api/grants${query}`)).body
const stateOf = async (grant: string) => {
  const { grants } = await kept.ask(web, operations.list, { tenant: 'acme', grant })
  return grants[0]!.state
}

describe('an owner of a tenant, signed in', () => {
  it('allows, and ends what was allowed; the row says by whose word', async () => {
    const grant = await request()
    expect((await list(owner.by))['grants'][0]).toMatchObject({ id: grant, staff: 'olga', state: 'waiting' }) // prettier-ignore
    expect(await answer(owner.by, grant, 'allow')).toBe('passes')
    expect((await list(owner.by, `?grant=${grant}`))['grants']).toMatchObject([
      { id: grant, state: 'live', answeredBy: 'Owner', reason: 'ticket 4711' },
    ])
    const { rows } = await kept.as.superuser.query('select * from access.answers where id = $1', [
      grant,
    ])
    expect(rows).toMatchObject([{ by: 'Owner', runner: null, account: owner.account }])
    expect(await answer(owner.by, grant, 'end')).toBe('passes')
    expect(await stateOf(grant)).toBe('ended')
    expect(await answer(owner.by, grant, 'end')).toBe('conflict')
  })

  it('refuses, once', async () => {
    const grant = await request()
    expect(await answer(owner.by, grant, 'refuse')).toBe('passes')
    expect(await stateOf(grant)).toBe('refused')
    expect(await answer(owner.by, grant, 'allow')).toBe('conflict')
  })

  it('proves a factor again before an answer, and not to end one', async () => {
    const grant = await request()
    kept.time.advance(11 * 60_000)
    expect(await answer(owner.by, grant, 'allow')).toBe('prove-again')
    expect(await answer(owner.by, grant, 'refuse')).toBe('prove-again')
    expect(await stateOf(grant)).toBe('waiting')
    await proveAgain(kept, owner)
    expect(await answer(owner.by, grant, 'allow')).toBe('passes')
    kept.time.advance(11 * 60_000)
    expect(await answer(owner.by, grant, 'end')).toBe('passes')
    await proveAgain(kept, owner)
  })

  it('speaks for nobody else', async () => {
    const grant = await request()
    expect(await answer(owner.by, grant, 'allow', { by: 'mia' })).toBe('bad-input')
    expect(await answer(owner.by, grant, 'allow', { tenant: 'birch' })).toBe('not-found')
    expect(await answer(owner.by, grant, 'allow', { tenant: 'acme' })).toBe('passes')
  })

  it('is named in the ledger by no name, as the tenant and the reason are not', async () => {
    const text = await ledgerText(kept)
    expect(text).toContain('access.allow')
    for (const word of ['acme', 'Owner', 'ticket 4711']) expect(text).not.toContain(word)
  })
})

describe('another tenant’s grant', () => {
  it('looks like one that is not there', async () => {
    await proveAgain(kept, stranger)
    const grant = await request()
    const told = (id: string, word: string) =>
      stranger.by.ask('POST', `/api/grants/${id}/${word}`, {}).then(({ status, body }) => {
        const { id: _, instance: __, ...rest } = body
        return [status, rest]
      })
    for (const word of ['allow', 'refuse', 'end']) {
      expect(await told(grant, word)).toEqual(await told(missing, word))
      expect((await told(grant, word))[0]).toBe(404)
    }
    for (const query of [`?grant=${grant}`, '?tenant=acme', `?tenant=acme&grant=${grant}`]) {
      expect(await list(stranger.by, query)).toEqual({ grants: [], next: null })
    }
    const own = await request('birch')
    expect((await list(stranger.by))['grants'].map(({ id }: { id: string }) => id)).toEqual([own])
    expect(await answer(stranger.by, own, 'allow')).toBe('passes')
  })

  it('was read by nobody, as far as its records tell', async () => {
    await kept.as.superuser.query(
      `insert into access.records (database, place, digest, at, tenant, actor, kind, action, detail, bytes,
         drained_at, salt, ticket)
       values ('app-db', '1', 'x', $1, 'acme', 'staff:olga', 'staff-read', 'invoices.read', '{"ids":["1"]}', 13,
         $1, 'x', 1)`,
      [new Date(kept.time.now())],
    )
    const reads = async (by: Browser, query = '') =>
      (await by.ask('GET', `/api/reads${query}`)).body['records'].length as number
    expect(await reads(stranger.by)).toBe(0)
    expect(await reads(stranger.by, '?tenant=acme')).toBe(0)
    expect(await reads(owner.by)).toBe(1)
    expect(await reads(member)).toBe(1)
  })
})

describe('who may', () => {
  it('see it is every user of the tenant, and answer its owners alone', async () => {
    const grant = await request()
    expect((await list(member))['grants'][0]).toMatchObject({ id: grant })
    for (const word of ['allow', 'refuse', 'end']) {
      expect(await answer(member, grant, word)).toBe('not-allowed')
    }
    for (const word of ['allow', 'refuse']) {
      expect(await answer(staff, grant, word)).toBe('not-allowed')
    }
    await proveAgain(kept, owner)
    expect(await answer(owner.by, grant, 'allow')).toBe('passes')
  })

  it('see nothing is who is still on the way in', async () => {
    const entrant = openBrowser(address, origin)
    await owner.by.ask('PUT', '/api/settings', {
      secondFactor: true,
      providerOnly: false,
      addresses: null,
    })
    const signed = await entrant.ask('POST', '/api/sign-in', {
      tenant: 'acme',
      email: owner.email,
      password: goodPassword,
    })
    expect(signed.status).toBe(200)
    const grant = await request()
    for (const path of ['/api/grants', '/api/reads']) {
      expect((await entrant.ask('GET', path)).body['code']).toBe('not-signed-in')
      expect((await owner.by.ask('GET', path)).status).toBe(200)
    }
    expect(await answer(entrant, grant, 'allow')).toBe('not-signed-in')
  })

  it('answer by a key is one that was made for it', async () => {
    await proveAgain(kept, owner)
    const keyFor = async (...scopes: string[]) => {
      const body = { label: 'a program', scopes, days: 1 }
      const made = await owner.by.ask('POST', '/api/keys', body)
      const key: string = made.body['key']
      return async (grant: string, word: string) => {
        const response = await fetch(`${address}/api/grants/${grant}/${word}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: '{}',
        })
        return response.status
      }
    }
    const grant = await request()
    const reading = await keyFor('access.list', 'access.reads', 'claims.*')
    expect([await reading(grant, 'allow'), await reading(grant, 'end')]).toEqual([403, 403])
    const deciding = await keyFor('access.allow')
    // It is not asked for a factor, which no program has.
    kept.time.advance(11 * 60_000)
    expect([await deciding(grant, 'refuse'), await deciding(grant, 'allow')]).toEqual([403, 200])
  })

  it('not answer is who asked, at whatever tenant they have an account', async () => {
    await kept.as.superuser.query(
      `update identity.accounts set email = 'owner@birch.test' where tenant is null and name = 'olga'`,
    )
    const grant = await request('birch')
    await proveAgain(kept, stranger)
    expect(await answer(stranger.by, grant, 'allow')).toBe('second-person')
    await kept.as.superuser.query(
      `update identity.accounts set email = 'olga@kept.test' where tenant is null and name = 'olga'`,
    )
    expect(await answer(stranger.by, grant, 'allow')).toBe('passes')
  })
})
