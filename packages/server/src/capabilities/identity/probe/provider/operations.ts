import { z } from 'zod'
import { Failure } from '../../../../foundation/failure.ts'
import { documentOf, operation, type Document } from '../../../../foundation/operation.ts'
import { makeCertifiedKey } from '../../providers/encryption.ts'
import type { IdentitySettings } from '../../shapes.ts'
import { codeHolds, isSame, openAccess, openCode, sealAccess, takeCode } from './codes.ts'
import {
  isAsked,
  keepProvider,
  listProviders,
  needProvider,
  openProvider,
  sides,
  type SealedProvider,
} from './keys.ts'
import { writeProviderMetadata } from './saml.ts'
import { publicJwk } from './tokens.ts'

const service = z.string().min(1).max(100)
const one = z.object({ service, side: z.enum(sides) })
const said = z.string().max(8192).optional()

/** What an app is told of a provider, to be its client. */
const told = z.object({
  side: z.enum(sides),
  issuer: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  metadata: z.string(),
})

/**
 * The test providers of an app's two canary tenants, as the app asks them. They sign in nobody: what a code
 * stands for was signed by the look that gave it, and their own addresses only hand it over.
 */
export function testProviderOperations({ origin, key }: IdentitySettings) {
  return {
    openTestProviders: operation({
      action: 'identity.open-test-providers',
      says: 'Says what an app is to be told of its two test providers; makes them where there are none, or anew',
      input: z.strictObject({ service, renew: z.boolean().default(false) }),
      output: z.object({ providers: z.array(told) }),
      secret: true,
      entry: ({ service: of, renew }) => ({ service: of, renew }),
      ahead: async ({ now }) =>
        await Promise.all(
          sides.map(async (side) => ({ side, ...(await makeCertifiedKey(origin, now)) })),
        ),
      async run(tx, { service: of, renew }, fresh) {
        if (!(await isAsked(tx, of))) throw notAsked(of)
        const known = await listProviders(tx, origin, of)
        if (renew || known.length < sides.length) {
          for (const made of fresh) await keepProvider(tx, key, { service: of, ...made })
        }
        const all = await listProviders(tx, origin, of)
        return {
          providers: all.map((provider) => ({
            side: provider.side,
            issuer: provider.issuer,
            clientId: provider.clientId,
            clientSecret: openProvider(key, provider).clientSecret,
            metadata: `${provider.issuer}/metadata`,
          })),
        }
      },
    }),
    findTestProviders: operation({
      action: 'identity.find-test-providers',
      says: 'The test providers of an app with their sealed keys, for a look that acts as them',
      input: z.strictObject({ service }),
      output: z.object({ providers: z.array(z.custom<SealedProvider>()) }),
      run: async (tx, { service: of }) => ({
        providers: (await isAsked(tx, of)) ? await listProviders(tx, origin, of) : [],
      }),
    }),
    describeTestProvider: operation({
      action: 'identity.describe-test-provider',
      says: 'What a test provider says of itself (OpenID Connect Discovery)',
      input: one,
      output: documentOf,
      async run(tx, asked) {
        const { issuer } = await needProvider(tx, origin, asked)
        return tell({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code', 'id_token', 'code id_token'],
          response_modes_supported: ['query', 'form_post'],
          grant_types_supported: ['authorization_code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          scopes_supported: ['openid', 'email', 'profile'],
          claims_supported: ['sub', 'email', 'email_verified', 'name'],
          token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
          code_challenge_methods_supported: ['S256'],
          authorization_response_iss_parameter_supported: true,
        })
      },
    }),
    showTestKeys: operation({
      action: 'identity.show-test-keys',
      says: 'The key that a test provider signs by (RFC 7517)',
      input: one,
      output: documentOf,
      async run(tx, asked) {
        const { certificate } = await needProvider(tx, origin, asked)
        return tell({ keys: [publicJwk(certificate)] })
      },
    }),
    exchangeTestCode: operation({
      action: 'identity.exchange-test-code',
      says: 'Hands over what a code of a test provider stands for, to the app that it was given for, once',
      input: one.extend({
        grant_type: said,
        code: said,
        redirect_uri: said,
        client_id: said,
        client_secret: said,
        code_verifier: said,
        authorization: said,
      }),
      output: documentOf,
      secret: true,
      entry: ({ service: of, side }) => ({ service: of, side }),
      async run(tx, asked) {
        const provider = await needProvider(tx, origin, asked)
        const client = clientOf(asked)
        const { clientSecret } = openProvider(key, provider)
        if (client.id !== provider.clientId || !isSame(client.secret, clientSecret)) {
          throw new Failure('wrong-credentials', 'this is no client of this provider', {
            error: 'invalid_client',
          })
        }
        const { issuer } = provider
        const code = asked.code ?? ''
        const opened = openCode(key, tx.now, {
          issuer,
          clientId: client.id,
          code: asked.grant_type === 'authorization_code' ? code : '',
          redirect: asked.redirect_uri ?? '',
          verifier: asked.code_verifier ?? null,
        })
        await takeCode(tx, code, opened.endsAt)
        return tell({
          access_token: sealAccess(key, opened),
          token_type: 'Bearer',
          expires_in: codeHolds / 1000,
          scope: 'openid email profile',
          id_token: opened.idToken,
        })
      },
    }),
    showTestUser: operation({
      action: 'identity.show-test-user',
      says: 'What a test provider says of the canary whom an access token is about (userinfo)',
      input: one.extend({ authorization: said }),
      output: documentOf,
      async run(tx, asked) {
        const { issuer } = await needProvider(tx, origin, asked)
        const [, token = ''] = /^bearer (.+)$/i.exec(asked.authorization ?? '') ?? []
        const claims = openAccess(key, tx.now, { issuer, token })
        if (claims) return tell(claims)
        throw new Failure('wrong-credentials', 'this access token is none, or over', {
          error: 'invalid_token',
        })
      },
    }),
    showTestMetadata: operation({
      action: 'identity.show-test-metadata',
      says: 'What a test provider says of itself (SAML metadata)',
      input: one,
      output: documentOf,
      async run(tx, asked) {
        const provider = await needProvider(tx, origin, asked)
        const body = writeProviderMetadata(provider, `${provider.issuer}/sso`)
        return { type: 'application/samlmetadata+xml; charset=utf-8', body }
      },
    }),
  }
}

/** By `Authorization: Basic`, each part form-encoded (RFC 6749, section 2.3.1), or in the form. */
function clientOf(asked: {
  authorization?: string | undefined
  client_id?: string | undefined
  client_secret?: string | undefined
}): { id: string; secret: string } {
  const [, basic] = /^basic (.+)$/i.exec(asked.authorization ?? '') ?? []
  if (basic === undefined) return { id: asked.client_id ?? '', secret: asked.client_secret ?? '' }
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':')
  return { id: decode(id), secret: decode(secret) }
}

function decode(text: string): string {
  return new URLSearchParams(`x=${text}`).get('x') ?? ''
}

function tell(body: object): Document {
  return {
    type: 'application/json',
    body: JSON.stringify(body),
    headers: { 'cache-control': 'no-store' },
  }
}

/** As clients of OAuth read it (RFC 6749, section 5.2). */
export function tellClient({ message, detail }: Failure): Document {
  const { error = 'invalid_request' } = detail
  return tell({ error, error_description: message })
}

function notAsked(of: string): Failure {
  return new Failure('not-found', `no page in force promises single sign-on of a service ${of}`, {
    fix: 'promise it by kept:sso, and name the app in systems.yaml as a service',
  })
}

export type TestProviderOperations = ReturnType<typeof testProviderOperations>
