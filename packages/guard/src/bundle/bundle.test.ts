import { once } from 'node:events'
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signRequest } from '../../../client/src/sign.ts'
import { codeOf, guarded, tenants, type Guarded } from '../../test/guarded.ts'
import {
  openBundle,
  trustedPrincipal,
  type Bundle,
  type BundleOptions,
  type Guard,
  type GuardFailure,
  type Scope,
} from '../index.ts'
import { pause } from './bundle.ts'

const noon = Date.UTC(2026, 10, 20, 12)
const minute = 60_000
const kept = generateKeyPairSync('ed25519')
const evil = generateKeyPairSync('ed25519')
const runner = generateKeyPairSync('ed25519')
const pem = String(kept.publicKey.export({ format: 'pem', type: 'spki' }))
const raw = Buffer.from(kept.publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('base64')

const iso = (instant: number) => new Date(instant).toISOString()
const grant = {
  id: 'g1',
  staff: 'sue',
  tenant: tenants.a,
  reason: 'ticket 7',
  from: iso(noon),
  until: iso(noon + 60 * minute),
}
const schema = `entity Tenant; entity User in [Tenant]; entity Staff;
  action "documents.read" appliesTo { principal: [User, Staff], resource: [Tenant] };`
const permitAll = { schema, policies: { all: 'permit(principal, action, resource);' } }
const permitNone = { schema, policies: { none: 'forbid(principal, action, resource);' } }

type Body = Record<string, unknown>
function bodyAt(issuedAt: number, more: Body = {}): Body {
  return {
    version: 1,
    issuedAt: iso(issuedAt),
    validUntil: iso(issuedAt + 15 * minute),
    policies: permitAll,
    grants: [grant],
    ...more,
  }
}

function seal(body: unknown, key: KeyObject = kept.privateKey): string {
  const said = typeof body === 'string' ? body : JSON.stringify(body)
  const signature = sign(null, Buffer.from(said), key).toString('base64')
  return JSON.stringify({ body: said, signature, key: raw })
}

describe('a bundle', () => {
  let server: Server
  let url: string
  let answer: { status: number; text: string } | 'hang'
  let asked: { url: string; headers: IncomingHttpHeaders }[] = []
  let now = noon
  const opened: Bundle[] = []
  const problems: GuardFailure[] = []

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push({ url: request.url!, headers: request.headers })
      if (answer !== 'hang') response.writeHead(answer.status).end(answer.text)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    now = noon
    asked = []
    problems.length = 0
    give(bodyAt(noon))
  })
  afterEach(() => opened.splice(0).forEach((bundle) => bundle.close()))

  const give = (body: unknown, key?: KeyObject) =>
    void (answer = { status: 200, text: seal(body, key) })

  function open(more: Partial<BundleOptions> = {}): Bundle {
    const signer = {
      as: 'app',
      now: () => now,
      sign: (data: Uint8Array) => sign(null, data, runner.privateKey),
    }
    const bundle = openBundle({
      url,
      key: pem,
      sign: (request) => signRequest(request, signer),
      every: 3_600_000,
      now: () => now,
      onProblem: (failure) => problems.push(failure),
      ...more,
    })
    opened.push(bundle)
    return bundle
  }
  async function pulled(more: Partial<BundleOptions> = {}): Promise<Bundle> {
    const bundle = open(more)
    await bundle.pull()
    return bundle
  }
  const codeNow = (work: () => unknown) => codeOf((async () => work())())
  const read = { action: 'documents.read', resource: { type: 'Tenant', id: tenants.a } }
  const ann = { type: 'User', id: 'ann' }
  const isAllowed = ({ policies }: Bundle) => policies.decide({ principal: ann, ...read }).allowed

  it('is asked for by a signed request, and brings policies and grants', async () => {
    const bundle = await pulled()
    expect(asked[0]).toMatchObject({
      url: '/api/bundle',
      headers: {
        'signature-input': expect.stringMatching(/keyid="app"/),
        signature: expect.any(String),
      },
    })
    expect(bundle.grantOf('sue', tenants.a)).toMatchObject({ id: 'g1', reason: 'ticket 7' })
    expect(isAllowed(bundle)).toBe(true)
  })

  it('is verified by the key in base64 too, and by no other kind', async () => {
    expect((await pulled({ key: raw })).grantOf('sue', tenants.a).id).toBe('g1')
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
    for (const key of ['', 'abc', String(rsa.export({ format: 'pem', type: 'spki' }))]) {
      expect(() => open({ key })).toThrow(expect.objectContaining({ code: 'bad-option' }))
    }
    expect(() => open({ url: 'http://kept.example.com' })).toThrow(/https/)
  })

  it.each<[string, () => void, RegExp]>([
    ['signed by another key', () => give(bodyAt(noon), evil.privateKey), /configured here/],
    [
      'changed by a letter',
      () => {
        const text = seal(bodyAt(noon))
        answer = { status: 200, text: text.replace('ticket 7', 'ticket 8') }
      },
      /configured here/,
    ],
    ['no longer valid', () => give(bodyAt(noon - 15 * minute)), /no longer/],
    ['issued in the future', () => give(bodyAt(noon + minute + 1)), /later than now/],
    [
      'valid for too long',
      () => give(bodyAt(noon, { validUntil: iso(noon + 16 * minute) })),
      /at most 15/,
    ],
    ['valid for no time', () => give(bodyAt(noon, { validUntil: iso(noon) })), /at most 15/],
    ['of another version', () => give(bodyAt(noon, { version: 2 })), /version/],
    ['without grants', () => give(bodyAt(noon, { grants: null })), /grants is no list/],
    [
      'with a grant of no end',
      () => give(bodyAt(noon, { grants: [{ ...grant, until: 'never' }] })),
      /until is no instant/,
    ],
    [
      'with policies that do not hold',
      () => give(bodyAt(noon, { policies: { schema, policies: { a: 'permit(' } } })),
      /policies/,
    ],
    ['no JSON', () => give('{'), /not JSON/],
    ['no object', () => give('[]'), /no object/],
    [
      'not signed',
      () => void (answer = { status: 200, text: JSON.stringify(bodyAt(noon)) }),
      /no body/,
    ],
  ])('that is %s is refused, and the one before holds', async (_, spoil, reason) => {
    const bundle = await pulled()
    spoil()
    await expect(bundle.pull()).rejects.toMatchObject({
      code: 'bad-bundle',
      message: expect.stringMatching(reason),
    })
    expect(bundle.grantOf('sue', tenants.a).id).toBe('g1')
    expect(isAllowed(bundle)).toBe(true)
    give(bodyAt(noon + 1, { grants: [], policies: permitNone }))
    await bundle.pull()
    expect(await codeNow(() => bundle.grantOf('sue', tenants.a))).toBe('no-grant')
    expect(isAllowed(bundle)).toBe(false)
  })

  it('older than the one that is held is refused', async () => {
    give(bodyAt(noon, { grants: [] }))
    const bundle = await pulled()
    give(bodyAt(noon - 1))
    await expect(bundle.pull()).rejects.toMatchObject({
      code: 'bad-bundle',
      message: expect.stringMatching(/older/),
    })
    expect(await codeNow(() => bundle.grantOf('sue', tenants.a))).toBe('no-grant')
    give(bodyAt(noon))
    await bundle.pull()
    expect(bundle.grantOf('sue', tenants.a).id).toBe('g1')
  })

  it('tolerates a clock that is a minute behind, by which a grant begins later', async () => {
    now = noon - minute
    const bundle = await pulled()
    expect(await codeNow(() => bundle.grantOf('sue', tenants.a))).toBe('no-grant')
    now = noon - 1
    expect(await codeNow(() => bundle.grantOf('sue', tenants.a))).toBe('no-grant')
    now = noon
    expect(bundle.grantOf('sue', tenants.a).id).toBe('g1')
  })

  it('brings nothing back when its clock is set back', async () => {
    give(bodyAt(noon, { grants: [{ ...grant, until: iso(noon + minute) }] }))
    const bundle = await pulled()
    expect(bundle.grantOf('sue', tenants.a).id).toBe('g1')
    now = noon + minute
    expect(await codeNow(() => bundle.grantOf('sue', tenants.a))).toBe('no-grant')
    now = noon
    expect(await codeNow(() => bundle.grantOf('sue', tenants.a))).toBe('no-grant')
    now = noon + 15 * minute
    expect(await codeNow(() => bundle.grantOf('sue', tenants.a))).toBe('bundle-away')
    now = noon
    expect(await codeNow(() => bundle.grantOf('sue', tenants.a))).toBe('bundle-away')
    await expect(bundle.pull()).rejects.toMatchObject({ code: 'bad-bundle' })
  })

  it.each<[string, Body, string, string]>([
    ['another tenant', grant, 'sue', tenants.b],
    ['another person', grant, 'tom', tenants.a],
    ['a time to come', { ...grant, from: iso(noon + 1) }, 'sue', tenants.a],
    ['a time that is past', { ...grant, until: iso(noon) }, 'sue', tenants.a],
  ])('grants nothing for %s', async (_, given, staff, tenant) => {
    give(bodyAt(noon, { grants: [given] }))
    const bundle = await pulled()
    expect(await codeNow(() => bundle.grantOf(staff, tenant))).toBe('no-grant')
    give(bodyAt(noon, { grants: [{ ...grant, staff, tenant }] }))
    await bundle.pull()
    expect(bundle.grantOf(staff, tenant).id).toBe('g1')
  })

  it('holds while Kept is down, to its bound and no further; policies hold on', async () => {
    const bundle = await pulled()
    answer = { status: 503, text: 'down' }
    await expect(bundle.pull()).rejects.toMatchObject({
      code: 'bundle-away',
      message: expect.stringMatching(/503/),
    })
    now = noon + 15 * minute - 1
    expect(bundle.grantOf('sue', tenants.a).id).toBe('g1')
    now += 1
    expect(await codeNow(() => bundle.grantOf('sue', tenants.a))).toBe('bundle-away')
    expect(isAllowed(bundle)).toBe(true)
    give(bodyAt(now))
    await bundle.pull()
    expect(bundle.grantOf('sue', tenants.a).id).toBe('g1')
  })

  it('grants and decides nothing before it came, except by the policies given to begin with', async () => {
    answer = 'hang'
    const bundle = open()
    expect(await codeNow(() => bundle.grantOf('sue', tenants.a))).toBe('bundle-away')
    expect(await codeNow(() => isAllowed(bundle))).toBe('not-decidable')
    const own = { decide: () => ({ allowed: true, because: ['own'], troubles: [] }) }
    const begun = open({ policies: own })
    expect(isAllowed(begun)).toBe(true)
    give(bodyAt(noon, { policies: permitNone }))
    await begun.pull()
    expect(isAllowed(begun)).toBe(false)
    give(bodyAt(noon + 1, { policies: null }))
    await begun.pull()
    expect(isAllowed(begun)).toBe(false)
  })

  it('is pulled again by itself, sooner after a failure', async () => {
    answer = { status: 500, text: '' }
    const bundle = open({ every: 20 })
    await expect.poll(() => problems.length).toBeGreaterThanOrEqual(2)
    give(bodyAt(noon))
    await expect.poll(() => codeNow(() => bundle.grantOf('sue', tenants.a))).toBe('no failure')
    const before = asked.length
    await expect.poll(() => asked.length).toBeGreaterThan(before)
    bundle.close()
    expect([pause(30_000, 0, 0.5), pause(30_000, 1, 0.5), pause(30_000, 3, 0.5)]).toEqual([
      30_000, 1000, 4000,
    ])
    expect([pause(30_000, 99, 0), pause(30_000, 99, 1)]).toEqual([27_000, 33_000])
  })

  describe('opens scopes of staff', () => {
    let world: Guarded
    beforeAll(async () => {
      world = await guarded('plain')
    })
    afterAll(() => world.stop())

    const sue = trustedPrincipal({ kind: 'staff', id: 'sue', tenant: null })
    const ids = async (scope: Scope) =>
      (await scope.rows<{ id: string }>`select id from document order by id`).map(({ id }) => id)
    const look = (guard: Guard) =>
      guard.tenant(sue, ids, { tenant: tenants.a, action: 'documents.read' })

    it('under a grant that it brought, until it has brought its end', async () => {
      const bundle = await pulled()
      const guard = world.open({ records: true, grants: bundle, policies: bundle.policies })
      expect(await look(guard)).toEqual(['a1', 'a2'])
      // Ended at Kept: honoured until the next pull.
      give(bodyAt(noon + 1, { grants: [] }))
      expect(await codeOf(look(guard))).toBe('no failure')
      await bundle.pull()
      expect(await codeOf(look(guard))).toBe('no-grant')
      // Policies are asked of staff too.
      give(bodyAt(noon + 2, { policies: permitNone }))
      await bundle.pull()
      expect(await codeOf(look(guard))).toBe('not-allowed')
      const { rows } = await world.superuser.query(
        `select detail ->> 'grant' as id from kept.outbox`,
      )
      expect(rows).toEqual([{ id: 'g1' }, { id: 'g1' }])
      await guard.close()
    })

    it('and none once Kept has been down for too long, while tenants go on', async () => {
      const bundle = await pulled()
      const guard = world.open({ records: true, grants: bundle, policies: bundle.policies })
      const own = trustedPrincipal({ id: 'ann', tenant: tenants.a })
      now = noon + 16 * minute
      expect(await codeOf(look(guard))).toBe('bundle-away')
      expect(await guard.tenant(own, ids, { action: 'documents.read' })).toEqual(['a1', 'a2'])
      await guard.close()
    })
  })
})
