import { createVerify, X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type Browser } from '../../../../test/browser.ts'
import { testKept, type TestKept } from '../../../../test/kept.ts'
import { openSamlProvider, type SamlProvider, type Saying } from '../../../../test/saml-provider.ts'
import {
  ledgerText,
  openStaff,
  openTenant,
  origin,
  verifyDomain,
  type Owner,
} from '../../../../test/tenant-owner.ts'

const dns = new Map<string, string[]>()
let kept: TestKept
let address: string
let acme: Owner
let provider: SamlProvider
let second: SamlProvider
let foreign: SamlProvider
let connection: string
let secondConnection: string
let foreignConnection: string

async function connect(owner: Owner, by: SamlProvider): Promise<string> {
  const { metadata } = by
  const added = await owner.by.ask('POST', '/api/connections/saml', { label: 'x', metadata })
  expect(added.status).toBe(200)
  const id: string = added.body['id']
  await owner.by.ask('PUT', `/api/connections/${id}/enabled`, { enabled: true })
  return id
}

beforeAll(async () => {
  kept = await testKept({
    collectors: [],
    outside: { txt: (name) => Promise.resolve(dns.get(name) ?? []) },
  })
  address = await kept.serve({ mostAsks: 10_000 })
  const staff = await openStaff(kept, address)
  acme = await openTenant(kept, address, staff, 'acme')
  const globex = await openTenant(kept, address, staff, 'globex')
  await verifyDomain(acme, dns, 'acme.test')
  await verifyDomain(globex, dns, 'globex.test')
  const open = (name: string, ...more: string[]) =>
    openSamlProvider(`https://provider.test/${name}`, () => kept.time.now(), ...more)
  provider = await open('acme')
  second = await open('second', '')
  foreign = await open('globex')
  connection = await connect(acme, provider)
  secondConnection = await connect(acme, second)
  foreignConnection = await connect(globex, foreign)
}, 60_000)
afterAll(() => kept.stop())

interface Coming extends Partial<Saying> {
  by?: SamlProvider
  through?: string
  tenant?: string
}

/** Somebody who signed in by a provider. */
async function enter({
  by: from = provider,
  through = connection,
  tenant = 'acme',
  ...more
}: Coming = {}): Promise<Browser> {
  const by = openBrowser(address, origin)
  const begun = await by.ask('POST', '/api/sso', { tenant, connection: through })
  const SAMLResponse = await from.respond(begun.body['address'], more)
  const posted = await by.post(`${origin}/api/sso/${through}/acs`, { SAMLResponse, RelayState: '' })
  expect((await by.go(posted.location!)).status).toBe(303)
  expect(await isIn(by)).toBe(true)
  return by
}

const isIn = async (by: Browser) => (await by.ask('GET', '/api/session')).status === 200
const logoutAt = (id = connection) => `${origin}/api/sso/${id}/logout`
const iso = (instant: number) => new Date(instant).toISOString()
const names =
  'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'

interface Said {
  id: string
  at: number
  until: number
  issuer: string
  to: string
  name: string
  indexes: string[]
}

let count = 0
function writeRequest(more: Partial<Said> = {}): { id: string; xml: string } {
  const said: Said = {
    id: `_l${++count}`,
    at: kept.time.now(),
    until: kept.time.now() + 300_000,
    issuer: provider.entityId,
    to: logoutAt(),
    name: 'u-1',
    indexes: [],
    ...more,
  }
  const indexes = said.indexes.map((one) => `<samlp:SessionIndex>${one}</samlp:SessionIndex>`)
  const xml = `<samlp:LogoutRequest ${names} ID="${said.id}" Version="2.0" IssueInstant="${iso(said.at)}" NotOnOrAfter="${iso(said.until)}" Destination="${said.to}"><saml:Issuer>${said.issuer}</saml:Issuer><saml:NameID>${said.name}</saml:NameID>${indexes.join('')}</samlp:LogoutRequest>`
  return { id: said.id, xml }
}

const base64 = (xml: string) => Buffer.from(xml).toString('base64')

/** By each binding, signed by a provider. */
const bindings = {
  async post(more: Partial<Said> = {}, by = provider, to = connection) {
    const { id, xml } = writeRequest(more)
    const SAMLRequest = base64(by.sign(xml, id))
    return await openBrowser(address, origin).post(logoutAt(to), { SAMLRequest, RelayState: 'r/1' })
  },
  async redirect(more: Partial<Said> = {}, by = provider, to = connection) {
    const query = by.signQuery('SAMLRequest', writeRequest(more).xml, { relay: 'r/1' })
    return await openBrowser(address, origin).go(`${logoutAt(to)}?${query}`)
  },
}

/** What an address by HTTP-Redirect says, and whether it is signed by the key that our metadata names. */
async function readAddress(location: string, name: 'SAMLRequest' | 'SAMLResponse') {
  const url = new URL(location)
  const xml = inflateRawSync(Buffer.from(url.searchParams.get(name)!, 'base64')).toString()
  const { text } = await openBrowser(address, origin).go(`${origin}/api/sso/${connection}/metadata`)
  const [, , certificate] = /use="signing">(.*?)<ds:X509Certificate>([^<]+)</.exec(text)!
  const { publicKey } = new X509Certificate(Buffer.from(certificate!, 'base64'))
  const covered = url.search
    .slice(1)
    .split('&')
    .filter((one) => !/^(?:from|Signature)=/.test(one))
  const signature = url.searchParams.get('Signature')!
  const isSigned = createVerify('RSA-SHA256').update(covered.join('&')).verify(publicKey, signature, 'base64') // prettier-ignore
  return { xml, isSigned, url }
}

describe.each(Object.entries(bindings))('a logout that the provider asks for, by %s', (_, send) => {
  it('ends all sessions that it began for somebody, and is answered', async () => {
    const [one, another, other] = [
      await enter(),
      await enter({ sessionIndex: 's-2' }),
      await enter({ nameId: 'u-2', attributes: { email: 'bob@acme.test' } }),
    ]
    const elsewhere = await enter({ by: second, through: secondConnection })
    const sent = await send()
    expect(sent.status).toBe(303)
    const { xml, isSigned, url } = await readAddress(sent.location!, 'SAMLResponse')
    expect(isSigned).toBe(true)
    expect(url.origin + url.pathname).toBe('https://provider.test/slo')
    expect([url.searchParams.get('from'), url.searchParams.get('RelayState')]).toEqual([
      'kept',
      'r/1',
    ])
    expect(xml).toContain(`InResponseTo="_l${count}"`)
    expect(xml).toContain('status:Success')
    expect([await isIn(one), await isIn(another)]).toEqual([false, false])
    // Another person of that provider, the same person by another provider, the owner by password.
    expect([await isIn(other), await isIn(elsewhere), await isIn(acme.by)]).toEqual([
      true,
      true,
      true,
    ])
  })

  it('ends those that it names, where it names some', async () => {
    const [first, other] = [
      await enter({ sessionIndex: 's-1' }),
      await enter({ sessionIndex: 's-2' }),
    ]
    expect((await send({ indexes: ['s-1', 's-9'] })).status).toBe(303)
    expect([await isIn(first), await isIn(other)]).toEqual([false, true])
  })

  it.each<[string, Partial<Said>, string]>([
    ['of another issuer', { issuer: 'https://provider.test/globex' }, 'provider-answer issuer'],
    ['for another address', { to: 'https://elsewhere.test/' }, 'provider-answer destination'],
    ['that is old', { at: Date.UTC(2026, 10, 1) }, 'provider-answer time'],
    ['that is over', { until: Date.UTC(2026, 10, 1) }, 'provider-answer time'],
    ['of later', { at: Date.UTC(2027, 0, 1) }, 'provider-answer time'],
    ['that names nobody', { name: '' }, 'provider-answer subject'],
  ])('refuses one %s', async (__, more, code) => {
    const by = await enter()
    const { body } = await send(more)
    expect(`${body['code']} ${body['check']}`).toBe(code)
    expect(await isIn(by)).toBe(true)
    expect((await send()).status).toBe(303)
    expect(await isIn(by)).toBe(false)
  })

  it('counts once', async () => {
    expect((await send({ id: `_again-${_}` })).status).toBe(303)
    const by = await enter()
    expect((await send({ id: `_again-${_}` })).body['code']).toBe('replayed')
    expect(await isIn(by)).toBe(true)
  })

  it('is of no other tenant’s provider, nor of another of the tenant’s own', async () => {
    const by = await enter()
    for (const one of [foreign, second]) {
      const { body } = await send({}, one)
      expect([body['code'], body['check']]).toEqual(['provider-answer', 'signature'])
    }
    const there = { issuer: foreign.entityId, to: logoutAt(foreignConnection) }
    expect((await send(there, foreign, foreignConnection)).status).toBe(303)
    expect(await isIn(by)).toBe(true)
    expect(await ledgerText(kept)).toContain('"check":"signature"')
  })

  it('of a provider without an address for answers ends the sessions, and leads to the portal', async () => {
    const by = await enter({ by: second, through: secondConnection })
    const said = { issuer: second.entityId, to: logoutAt(secondConnection) }
    const sent = await send(said, second, secondConnection)
    expect(sent.location).toBe(`${origin}/portal/acme`)
    expect(await isIn(by)).toBe(false)
  })
})

describe('a logout is refused', () => {
  const codeOf = ({ body }: { body: Record<string, string> }) => `${body['code']} ${body['check']}`
  const by = () => openBrowser(address, origin)

  it('unsigned, signed in part, wrapped, or with more in it', async () => {
    const known = await enter()
    const { id, xml } = writeRequest()
    const signed = provider.sign(xml, id)
    const inner = /<samlp:LogoutRequest[^]*<\/samlp:LogoutRequest>/.exec(signed)![0]
    const forged = writeRequest().xml
    const wrapped = forged.replace(
      '</samlp:LogoutRequest>',
      `<x>${inner}</x></samlp:LogoutRequest>`,
    )
    const [signature] = /<ds:Signature[^]*?<\/ds:Signature>|<Signature[^]*?<\/Signature>/.exec(
      signed,
    )!
    const moved = forged.replace('</saml:Issuer>', `</saml:Issuer>${signature}`)
    const post = (text: string) => by().post(logoutAt(), { SAMLRequest: base64(text) })
    expect(codeOf(await post(xml))).toBe('provider-answer signature')
    expect(codeOf(await post(moved))).toBe('provider-answer signature')
    expect(codeOf(await post(wrapped))).toBe('provider-answer form')
    expect(codeOf(await post(signed.replace('u-1', 'u-2')))).toBe('provider-answer signature')
    expect(codeOf(await post(signed.replace('u-1', 'u-<!-- x -->1')))).toBe('provider-answer form')
    expect(codeOf(await post(`<!DOCTYPE x>${signed}`))).toBe('provider-answer form')
    expect(codeOf(await post('no xml'))).toBe('provider-answer form')
    expect((await by().post(logoutAt(), {})).body['code']).toBe('provider-answer')
    expect(await isIn(known)).toBe(true)
    expect((await post(signed)).status).toBe(303)
    expect(await isIn(known)).toBe(false)
  })

  it('in an address whose signature is missing, weak, or over something else', async () => {
    const known = await enter()
    const { xml } = writeRequest()
    const query = provider.signQuery('SAMLRequest', xml, { relay: 'r' })
    const go = (text: string) => by().go(`${logoutAt()}?${text}`)
    const weak = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
    const other = provider.signQuery('SAMLRequest', writeRequest({ name: 'u-2' }).xml)
    const borrowed = query.replace(/Signature=.*/, /Signature=.*/.exec(other)![0])
    for (const text of [
      query.replace(/&Signature=.*/, ''),
      query.replace('RelayState=r', 'RelayState=s'),
      query.replace('&RelayState=r', ''),
      borrowed,
      provider.signQuery('SAMLRequest', xml, { algorithm: weak }),
    ]) {
      expect(codeOf(await go(text))).toBe('provider-answer signature')
    }
    const twice = `${query}&SAMLRequest=${encodeURIComponent('x')}`
    expect(codeOf(await go(twice))).toBe('provider-answer form')
    expect(codeOf(await go(`${query}&SAMLResponse=x`))).toBe('provider-answer form')
    expect(await isIn(known)).toBe(true)
    expect((await go(query)).status).toBe(303)
    expect(await isIn(known)).toBe(false)
  })

  it('and taken however a sender escapes its address', async () => {
    const known = await enter()
    const escape = (text: string) =>
      encodeURIComponent(text).replaceAll(/%[0-9A-F]{2}/g, (one) => one.toLowerCase())
    const query = provider.signQuery('SAMLRequest', writeRequest().xml, { escape })
    expect((await by().go(`${logoutAt()}?${query}`)).status).toBe(303)
    expect(await isIn(known)).toBe(false)
  })
})

describe('signing out here', () => {
  const signOut = async (by: Browser) =>
    (await by.ask('POST', '/api/sign-out', {})).body['provider']

  /** What the provider answers to a logout that was begun here. */
  function answerTo(id: string, more: { status?: string; issuer?: string } = {}): string {
    const { status = 'Success', issuer = provider.entityId } = more
    return `<samlp:LogoutResponse ${names} ID="_a${++count}" Version="2.0" IssueInstant="${iso(kept.time.now())}" Destination="${logoutAt()}" InResponseTo="${id}"><saml:Issuer>${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${status}"/></samlp:Status></samlp:LogoutResponse>`
  }

  it('says where to sign out of the provider too, which is told who and which session', async () => {
    const by = await enter({ sessionIndex: 's-"7"&amp;'.replaceAll('"', '') })
    const { xml, isSigned, url } = await readAddress(await signOut(by), 'SAMLRequest')
    expect([isSigned, url.hostname]).toEqual([true, 'provider.test'])
    expect(await isIn(by)).toBe(false)
    expect(xml).toContain('<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">u-1</saml:NameID>') // prettier-ignore
    expect(xml).toContain('<samlp:SessionIndex>s-7&amp;</samlp:SessionIndex>')
    const [, id] = / ID="([^"]+)"/.exec(xml)!
    const go = (text: string) =>
      openBrowser(address, origin).go(`${logoutAt()}?${provider.signQuery('SAMLResponse', text)}`)
    expect((await go(answerTo('_unknown'))).body['code']).toBe('sign-in-over')
    expect((await go(answerTo(id!, { status: 'Responder' }))).body['check']).toBe('status')
    expect((await go(answerTo(id!, { issuer: 'x' }))).body['check']).toBe('issuer')
    const came = await go(answerTo(id!))
    expect([came.status, came.location]).toEqual([303, `${origin}/portal/acme`])
    expect((await go(answerTo(id!))).body['code']).toBe('sign-in-over')
  })

  it('says none where no provider began the session, or it has no address for that', async () => {
    const by = await enter({ by: second, through: secondConnection })
    expect(await signOut(by)).toBeNull()
    expect(await signOut(acme.by)).toBeNull()
  })
})

const corpus = join(import.meta.dirname, '../../../../../../../shared/corpus/08-identity/saml')
describe.skipIf(!existsSync(corpus))('the corpus 08-identity/saml (../shared/corpus)', () => {
  const files = existsSync(corpus)
    ? (readdirSync(corpus, { recursive: true }) as string[]).filter((name) =>
        /^logout_(?:requests|responses)\/.*\.(?:xml|base64)$/.test(name),
      )
    : []

  it.each(files)('%s ends nothing', async (name) => {
    const known = await enter({
      nameId: 'ONELOGIN_1e442c129e1f822c8096086a1103c5ee2c7cae1c',
      attributes: { email: 'one@acme.test' },
    })
    const text = readFileSync(join(corpus, name), 'utf8').trim()
    const encoded = name.endsWith('.base64') ? text : base64(text)
    const field = name.startsWith('logout_requests') ? 'SAMLRequest' : 'SAMLResponse'
    const by = openBrowser(address, origin)
    const posted = await by.post(logoutAt(), { [field]: encoded })
    expect(posted.body['code']).toBe('provider-answer')
    const query = `${field}=${encodeURIComponent(encoded)}`
    expect((await by.go(`${logoutAt()}?${query}`)).body['code']).toBe('provider-answer')
    expect(await isIn(known)).toBe(true)
  })

  it.each(files.filter((name) => name.includes('invalids')))(
    '%s ends nothing though our provider signs it',
    async (name) => {
      const known = await enter()
      const text = readFileSync(join(corpus, name), 'utf8').trim()
      const xml = name.endsWith('.base64') ? unpack(text) : text
      const field = name.startsWith('logout_requests') ? 'SAMLRequest' : 'SAMLResponse'
      const query = provider.signQuery(field, xml)
      const sent = await openBrowser(address, origin).go(`${logoutAt()}?${query}`)
      expect(sent.body['code']).toBe('provider-answer')
      expect(sent.body['check']).not.toBe('signature')
      expect(await isIn(known)).toBe(true)
    },
  )

  it('has files', () => expect(files.length).toBeGreaterThan(10))
})

function unpack(text: string): string {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString().trimStart().startsWith('<')
    ? bytes.toString()
    : inflateRawSync(bytes).toString()
}
