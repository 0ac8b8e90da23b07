import { createPublicKey, verify } from 'node:crypto'
import { decodeEntry } from '@kept/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testBundles, testKept, testLog, type TestKept } from '../../../test/kept.ts'
import { onePromise } from '../../../test/one-promise.ts'
import { makeKey, signed } from '../../../test/signing.ts'
import { claimsOperations } from '../claims/operations.ts'
import { bundleLasts } from './bundle.ts'
import { accessOperations } from './operations.ts'

const operations = accessOperations({
  bundles: testBundles,
})
const [webKey, ciKey] = [makeKey('web'), makeKey('ci')]
const ada = { kind: 'person', id: 'ada' } as const
const web = { kind: 'runner', id: 'web' } as const
const ci = { kind: 'runner', id: 'ci' } as const
const systems = `services:
  app: { tags: ['app-runner:web', 'policy-runner:ci'] }
runners:
  web: { holder: workload, key: ${webKey.line}, kinds: ['*'], subjects: ['*'] }
  ci: { holder: workload, key: ${ciKey.line}, kinds: ['*'], subjects: ['*'] }
  ada: { holder: person, name: Ada, kinds: ['*'], subjects: ['*'] }
`
const minute = 60_000

let kept: TestKept
let url: string
beforeAll(async () => {
  kept = await testKept({ collectors: [] })
  const { apply } = claimsOperations(() => [])
  await kept.ask('operator', apply, { page: onePromise, systems })
  url = await kept.serve()
})
afterAll(() => kept.stop())

interface Body {
  issuedAt: string
  validUntil: string
  policies: unknown
  grants: { id: string }[]
}

const pull = () => kept.ask(web, operations.showBundle, {})
const bodyOf = async () => JSON.parse((await pull()).body) as Body
const grants = async () => (await bodyOf()).grants

const get = (path: string, key: typeof webKey | null) => {
  const asked = { method: 'GET', url: url + path, created: Math.floor(kept.time.now() / 1000) }
  return fetch(asked.url, { headers: key === null ? {} : signed(key, asked) })
}

async function grantFor(lasts: number): Promise<string> {
  const until = new Date(kept.time.now() + lasts).toISOString()
  const asked = { tenant: 'acme', reason: 'ticket 4711', until }
  const { grant } = await kept.ask(ada, operations.request, asked)
  return grant
}
const allow = (grant: string) =>
  kept.ask(web, operations.allow, { grant, tenant: 'acme', by: 'eve' })

/** What an app does with it, by the key that it was configured with. */
function isSigned(body: string, signature: string, key: string): boolean {
  const x = Buffer.from(key, 'base64').toString('base64url')
  const known = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
  return verify(null, Buffer.from(body), known, Buffer.from(signature, 'base64'))
}

describe('a bundle', () => {
  it('is handed to the app’s runner alone, signed by a key that everybody may read', async () => {
    const statuses = await Promise.all(
      [webKey, ciKey, null].map(async (key) => (await get('/api/bundle', key)).status),
    )
    expect(statuses).toEqual([200, 403, 401])
    const told = (await (await get('/api/bundle/key', null)).json()) as { key: string }
    const bundle = (await (await get('/api/bundle', webKey)).json()) as {
      body: string
      signature: string
      key: string
    }
    expect(bundle.key).toBe(told.key)
    expect(isSigned(bundle.body, bundle.signature, told.key)).toBe(true)
    expect(isSigned(`${bundle.body} `, bundle.signature, told.key)).toBe(false)
    const other = Buffer.from(testLog.key.split('+')[2]!, 'base64').subarray(1).toString('base64')
    expect(isSigned(bundle.body, bundle.signature, other)).toBe(false)
  })

  it('is canonical JSON that says from when until when it is believed', async () => {
    const { body } = await pull()
    expect(decodeEntry(new TextEncoder().encode(body))).toEqual({
      version: 1,
      issuedAt: new Date(kept.time.now()).toISOString(),
      validUntil: new Date(kept.time.now() + bundleLasts).toISOString(),
      policies: null,
      grants: [],
    })
  })

  it('holds a grant from when it is allowed until it ends, whatever runs meanwhile', async () => {
    const [short, long, refused] = [
      await grantFor(10 * minute),
      await grantFor(60 * minute),
      await grantFor(60 * minute),
    ]
    expect(await grants()).toEqual([])
    const from = new Date(kept.time.now()).toISOString()
    await allow(short)
    await allow(long)
    await kept.ask(web, operations.refuse, { grant: refused, tenant: 'acme', by: 'eve' })
    const until = new Date(kept.time.now() + 10 * minute).toISOString()
    const known = { staff: 'ada', tenant: 'acme', reason: 'ticket 4711', from }
    expect((await grants())[0]).toEqual({ id: short, ...known, until })
    expect((await grants()).map(({ id }) => id)).toEqual([short, long])
    kept.time.advance(10 * minute - 1)
    expect((await grants()).map(({ id }) => id)).toEqual([short, long])
    kept.time.advance(1)
    expect((await grants()).map(({ id }) => id)).toEqual([long])
    await kept.ask(web, operations.end, { grant: long, tenant: 'acme', by: 'eve' })
    expect(await grants()).toEqual([])
  })

  it('names its key in the ledger once, the first time it signs', async () => {
    await pull()
    await pull()
    const another = accessOperations({
      bundles: { ...testBundles, key: 'another' },
    })
    await Promise.all([1, 2, 3].map(() => kept.ask(web, another.showBundle, {})))
    await kept.work()
    const { rows } = await kept.as.owner.query<{ body: Buffer }>('select body from ledger.entries')
    const keys = rows
      .map(({ body }) => JSON.parse(body.toString()) as { action: string; entry: { key: string } })
      .filter(({ action }) => action === 'access.bundle-key')
    expect(keys.map(({ entry }) => entry.key)).toEqual([testBundles.key, 'another'])
  })
})

describe('policies', () => {
  const push = (policies: Record<string, string>) =>
    kept.ask(ci, operations.pushPolicies, {
      schema: 'entity User, Invoice; action read appliesTo { principal: User, resource: Invoice };',
      policies,
    })
  const read = 'permit (principal, action == Action::"read", resource);'

  it('are those that were pushed last, each version once', async () => {
    const first = await push({ read })
    expect(first.version).toBe(1)
    expect(await push({ read })).toEqual(first)
    const second = await push({ read, never: 'forbid (principal, action, resource);' })
    expect(second.version).toBe(2)
    expect((await bodyOf()).policies).toMatchObject({
      policies: { read, never: expect.stringMatching(/^forbid/) },
    })
    expect((await push({ read })).version).toBe(3)
    expect((await bodyOf()).policies).toMatchObject({ policies: { read } })
  })

  it.each([
    ['an action that is none', 'permit (principal, action == Action::"write", resource);', /^a:1:/],
    [
      'an attribute that is none',
      'permit (principal, action, resource) when { resource.owner == 7 };',
      /^a:1:/,
    ],
    ['what is no policy', 'let everybody pass', /^a:1:/],
  ])('with %s are refused, and the bundle keeps those before', async (_, text, place) => {
    await push({ read })
    const refused = await push({ a: text }).catch(
      ({ code, message }: { code: string; message: string }) => ({ code, message }),
    )
    expect(refused).toMatchObject({ code: 'not-acceptable' })
    expect((refused as { message: string }).message).toMatch(place)
    expect((await bodyOf()).policies).toMatchObject({ policies: { read } })
  })
})
