import type { z } from 'zod'
import type { document } from './document.ts'

/** How Kept's own portal of tenants is asked, for a canary tenant of it. */
export function keptDocument({
  offersAddresses,
}: {
  offersAddresses: boolean
}): z.input<typeof document> {
  return {
    reading: { method: 'GET', path: '/api/sessions' },
    who: {
      method: 'GET',
      path: '/api/session',
      take: { entered: '/account', home: '/tenant' },
    },
    signIn: [signIn],
    factor: [{ method: 'POST', path: '/api/session/totp', body: { code: '{code}' } }],
    ways: {
      'an API key made before': {
        prepare: [
          invite,
          accept,
          {
            method: 'POST',
            path: '/api/keys',
            body: { label: 'kept-probe', scopes: ['claims.tell-time'], days: 1 },
            take: { key: '/key' },
          },
        ],
        reading: {
          method: 'GET',
          path: '/api/time',
          headers: { authorization: 'Bearer {key}' },
        },
        factor: [],
      },
      'a link of an invitation': { prepare: [invite], enter: [accept], factor: [] },
      'a link for who lost all factors': {
        prepare: [
          invite,
          { ...accept, take: { account: '/account' } },
          {
            method: 'POST',
            path: '/api/people/{account}/link',
            body: {},
            take: { link: { from: '/link', after: '#' } },
            as: 'owner',
          },
        ],
        enter: [accept],
        factor: [],
      },
    },
    require: { on: [settings({ secondFactor: true })], off: [settings({})] },
    guests: {
      list: { method: 'GET', path: '/api/people', as: 'owner' },
      at: '/people',
      email: '/email',
      id: '/id',
      remove: [{ method: 'DELETE', path: '/api/people/{guest}', as: 'owner' }],
    },
    passwords: {
      refusesWords: true,
      ways: {
        'by an invitation': {
          begin: [invite],
          set: { ...accept, body: { ...accept.body, password: '{new}' } },
        },
        'by a change': {
          begin: [invite, accept],
          set: { method: 'PUT', path: '/api/account/password', body: { password: '{new}' } },
        },
      },
    },
    connections: Object.fromEntries(
      ['google', 'microsoft', 'okta', 'oidc', 'saml'].map((name) => [
        name,
        {
          begin: [
            {
              method: 'POST',
              path: '/api/sso',
              body: { tenant: '{tenant}', connection: `{${name}}` },
              take: { address: '/address' },
            },
          ],
          address: '/address',
        },
      ]),
    ),
    addresses: {
      offered: offersAddresses,
      list: [settings({ addresses: ['{network}'] })],
      none: [settings({})],
    },
  }
}

const signIn = {
  method: 'POST',
  path: '/api/sign-in',
  body: { tenant: '{tenant}', email: '{email}', password: '{password}' },
} as const

const invite = {
  method: 'POST',
  path: '/api/people',
  body: { email: '{email}', role: 'member' },
  take: { link: { from: '/link', after: '#' } },
  as: 'owner',
} as const

const accept = {
  method: 'POST',
  path: '/api/invitations/accept',
  body: { token: '{link}', name: 'Probe {unique}', password: '{password}' },
} as const

function settings(more: { secondFactor?: boolean; addresses?: string[] }) {
  const body = { secondFactor: false, providerOnly: false, addresses: null, ...more }
  return { method: 'PUT', path: '/api/settings', body, as: 'owner' } as const
}
