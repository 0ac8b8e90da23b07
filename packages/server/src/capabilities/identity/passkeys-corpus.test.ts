import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAuthenticator } from '../../../test/authenticator.ts'
import { openBrowser, type Browser } from '../../../test/browser.ts'
import { testKept, type TestKept } from '../../../test/kept.ts'
import { goodPassword, operations } from '../../../test/tenant-owner.ts'
import { digestOf } from './secrets.ts'

/** Ceremonies that others recorded lie beside the project, where there are any. */
const corpus = join(import.meta.dirname, '../../../../../../shared/corpus/08-identity/webauthn')
const isThere = existsSync(corpus)
const json = (name: string) => JSON.parse(readFileSync(join(corpus, name), 'utf8')) as never
const hex = (text: string) => Buffer.from(text, 'hex')
const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

interface Ceremony {
  name: string
  challenge: string
  origin: string
  response: RegistrationResponseJSON
}

/** With the challenge, the origin and so the rpId that each was made for. */
function recorded(name: string, options: string, result: string): Ceremony {
  const { challenge } = json(options) as { challenge: string }
  const response = { ...(json(result) as RegistrationResponseJSON), clientExtensionResults: {} }
  return { name, challenge, origin: clientOf(response).origin, response }
}

function clientOf({ response }: { response: { clientDataJSON: string } }) {
  return JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString()) as {
    challenge: string
    origin: string
  }
}

const specified = () => (json('w3c-l3-vectors-16.2.json') as Record<string, never>[])[0]!
function ofTheSpecification(): Ceremony {
  const { credentialId, registration } = specified() as unknown as {
    credentialId: string
    registration: Record<string, string>
  }
  const id = encode(hex(credentialId))
  return {
    name: 'W3C WebAuthn Level 3, section 16.2',
    challenge: encode(hex(registration['challenge']!)),
    origin: 'https://example.org',
    response: {
      id,
      rawId: id,
      type: 'public-key',
      response: {
        clientDataJSON: encode(hex(registration['clientDataJSON']!)),
        attestationObject: encode(hex(registration['attestationObject']!)),
      },
      clientExtensionResults: {},
    },
  }
}

function ceremonies(): Ceremony[] {
  return [
    recorded('packed', 'attestationOptionsPacked.json', 'attestationResultsPacked.json'),
    recorded('none', 'attestationOptionsNone.json', 'attestationResultsNone.json'),
    recorded('none, another', 'attestationNoneOptions.json', 'attestationNoneResponse.json'),
    recorded('fido-u2f', 'attestationOptionsU2F.json', 'attestationResultsU2F.json'),
    recorded('apple', 'attestationAppleOptions.json', 'attestationAppleResponse.json'),
    ofTheSpecification(),
  ]
}

/** A Kept at the origin of a ceremony, with its first owner signed in. */
interface Place {
  kept: TestKept
  owner: Browser
  account: string
  address: string
}

async function openPlace(origin: string): Promise<Place> {
  const kept = await testKept({ collectors: [], origin })
  const address = await kept.serve({ mostAsks: 10_000 })
  const { link } = await kept.ask('operator', operations.inviteFirstOwner, {})
  const owner = openBrowser(address, origin)
  const joined = await owner.ask('POST', '/api/invitations/accept', {
    token: link!.split('#')[1]!,
    name: 'ada',
    email: 'ada@kept.test',
    password: goodPassword,
  })
  expect(joined.status).toBe(200)
  return { kept, owner, account: joined.body['account'], address }
}

/** Hands a challenge out as it was handed out then: Kept makes its own at random. */
async function handOut(
  { kept, account }: Place,
  purpose: 'passkey-new' | 'passkey',
  challenge: string,
): Promise<void> {
  await kept.as.superuser.query(
    `insert into identity.challenges (hash, purpose, account, data, ends_at)
     values ($1, $2, $3, '{}', $4) on conflict (hash) do nothing`,
    [
      digestOf(challenge),
      purpose,
      purpose === 'passkey' ? null : account,
      new Date(kept.time.now() + 60_000),
    ],
  )
}

const add = async (place: Place, response: object) => {
  const added = await place.owner.ask('POST', '/api/account/passkeys', { label: 'x', response })
  return (added.body['code'] as string | undefined) ?? 'added'
}
const count = async ({ kept }: Place) =>
  (await kept.as.superuser.query('select id from identity.passkeys')).rows.length

describe.skipIf(!isThere)('the corpus 08-identity/webauthn (../shared/corpus)', () => {
  const all = isThere ? ceremonies() : []
  const places = new Map<string, Place>()
  beforeAll(async () => {
    for (const { origin } of all) {
      if (!places.has(origin)) places.set(origin, await openPlace(origin))
    }
  }, 120_000)
  afterAll(async () => {
    for (const { kept } of places.values()) await kept.stop()
  })

  /** What the ceremony says of its user: we take none whom the authenticator did not verify. */
  async function isVerified({ challenge, origin, response }: Ceremony): Promise<boolean> {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
      requireUserVerification: false,
    })
    expect(verified).toBe(true)
    return registrationInfo!.userVerified
  }

  it('has ceremonies of both kinds', async () => {
    const kinds = await Promise.all(all.filter(isLasting).map(isVerified))
    expect(kinds).toEqual([true, false, false, false, false])
  })

  it('apple is taken by nobody: its certificate held for one day of 2020', async () => {
    const apple = all.find((one) => !isLasting(one))!
    const place = places.get(apple.origin)!
    await handOut(place, 'passkey-new', apple.challenge)
    await expect(isVerified(apple)).rejects.toThrow('certificate out of validity period')
    expect(await add(place, apple.response)).toBe('wrong-credentials')
    expect(await count(place)).toBe(0)
  })

  it.each(all.filter(isLasting).map((one) => [one.name, one] as const))(
    '%s is taken where its user was verified, once, and else by nobody',
    async (_, ceremony) => {
      const place = places.get(ceremony.origin)!
      const before = await count(place)
      await handOut(place, 'passkey-new', ceremony.challenge)
      const isTaken = await isVerified(ceremony)
      expect(await add(place, ceremony.response)).toBe(isTaken ? 'added' : 'wrong-credentials')
      expect(await count(place)).toBe(before + (isTaken ? 1 : 0))
      // The challenge was used, or is another's.
      expect(await add(place, ceremony.response)).not.toBe('added')
      expect(await count(place)).toBe(before + (isTaken ? 1 : 0))
    },
  )

  it.each(all.map((one) => [one.name, one] as const))(
    '%s is taken by nobody for another challenge, at another origin, or changed anywhere',
    async (_, ceremony) => {
      const place = places.get(ceremony.origin)!
      const other = [...places.values()].find((one) => one !== place)!
      const before = [await count(place), await count(other)]
      // No challenge of this Kept's.
      expect(await add(place, ceremony.response)).toBe('wrong-credentials')
      await handOut(other, 'passkey-new', ceremony.challenge)
      expect(await add(other, ceremony.response)).toBe('wrong-credentials')
      for (const part of ['clientDataJSON', 'attestationObject'] as const) {
        for (const at of [3, 40, -9]) {
          await handOut(place, 'passkey-new', ceremony.challenge)
          const damaged = structuredClone(ceremony.response)
          damaged.response[part] = flip(damaged.response[part], at)
          expect(await add(place, damaged)).not.toBe('added')
        }
      }
      expect([await count(place), await count(other)]).toEqual(before)
    },
  )

  it('an assertion of a user whom nobody verified signs nobody in, though its signature holds', async () => {
    const place = places.get('https://example.org')!
    const { credentialId, authentication } = specified() as unknown as {
      credentialId: string
      authentication: Record<string, string>
    }
    const id = encode(hex(credentialId))
    const response: AuthenticationResponseJSON = {
      id,
      rawId: id,
      type: 'public-key',
      response: {
        clientDataJSON: encode(hex(authentication['clientDataJSON']!)),
        authenticatorData: encode(hex(authentication['authenticatorData']!)),
        signature: encode(hex(authentication['signature']!)),
      },
      clientExtensionResults: {},
    }
    const made = ofTheSpecification()
    const { registrationInfo } = await verifyRegistrationResponse({
      response: made.response,
      expectedChallenge: made.challenge,
      expectedOrigin: made.origin,
      expectedRPID: 'example.org',
      requireUserVerification: false,
    })
    const publicKey = registrationInfo!.credential.publicKey
    const { verified } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: clientOf(response).challenge,
      expectedOrigin: made.origin,
      expectedRPID: 'example.org',
      requireUserVerification: false,
      credential: { id, publicKey, counter: 0 },
    })
    expect(verified).toBe(true)
    await place.kept.as.superuser.query(
      `insert into identity.passkeys (id, account, public_key, counter, transports, label, added_at)
       values ($1, $2, $3, 0, '{}', 'as if it had been taken', $4)`,
      [id, place.account, Buffer.from(publicKey), new Date(place.kept.time.now())],
    )
    await handOut(place, 'passkey', clientOf(response).challenge)
    const by = openBrowser(place.address, made.origin)
    const refused = await by.ask('POST', '/api/sign-in/passkey', { response })
    expect(refused.body['code']).toBe('wrong-credentials')
    expect((await by.ask('GET', '/api/session')).status).toBe(401)
  })

  it('lets nobody in by a recorded assertion of a passkey that nobody added here', async () => {
    const place = places.get('https://localhost:44329')!
    const response = {
      ...(json('assertionNoneResponse.json') as AuthenticationResponseJSON),
      clientExtensionResults: {},
    }
    await handOut(place, 'passkey', clientOf(response).challenge)
    const by = openBrowser(place.address, clientOf(response).origin)
    const refused = await by.ask('POST', '/api/sign-in/passkey', { response })
    expect([refused.status, refused.body['code']]).not.toContain(200)
    expect((await by.ask('GET', '/api/session')).status).toBe(401)
    // The same place takes who was verified.
    const own = openAuthenticator()
    const origin = clientOf(response).origin
    const begun = await place.owner.ask('POST', '/api/account/passkeys/begin', {})
    expect(await add(place, own.create(begun.body['options'], origin))).toBe('added')
    const asked = await by.ask('POST', '/api/passkeys/ask', {})
    const proved = await by.ask('POST', '/api/sign-in/passkey', {
      response: own.get(asked.body['options'], origin),
    })
    expect(proved.status).toBe(200)
  })
})

function isLasting({ name }: Ceremony): boolean {
  return name !== 'apple'
}

/** Changes one bit of a byte, counted from the end where negative. */
function flip(encoded: string, place: number): string {
  const bytes = Buffer.from(encoded, 'base64url')
  const at = place < 0 ? bytes.length + place : place
  bytes[at] = bytes[at]! ^ 1
  return bytes.toString('base64url')
}
