/** How the sign-in of this app is asked: see docs/guides/signing-in-probes.md. */
const signIn = {
  method: 'POST',
  path: '/sign-in',
  body: { tenant: '{tenant}', email: '{email}', password: '{password}' },
}
const invite = {
  method: 'POST',
  path: '/people',
  body: { email: '{email}' },
  take: { link: '/link' },
  as: 'owner',
}
const join = { method: 'POST', path: '/join', body: { link: '{link}', password: '{password}' } }
const rules = (more: object) => ({
  method: 'PUT',
  path: '/rules',
  body: { secondFactor: false, networks: null, ...more },
  as: 'owner',
})
const counts = { method: 'GET', path: '/counts', headers: { authorization: 'Bearer {report}' } }

export const describe = (offered: boolean) => ({
  reading: { method: 'GET', path: '/me' },
  signIn: [signIn],
  factor: [{ method: 'POST', path: '/sign-in/code', body: { code: '{code}' } }],
  ways: {
    'an API key made before': {
      prepare: [signIn, { method: 'POST', path: '/keys', take: { key: '/key', keyId: '/id' } }],
      reading: { method: 'GET', path: '/me', headers: { authorization: 'Bearer {key}' } },
      factor: [],
      after: [signIn, { method: 'DELETE', path: '/keys/{keyId}' }],
    },
    'a link of an invitation': { prepare: [invite], enter: [join], factor: [] },
  },
  require: { on: [rules({ secondFactor: true })], off: [rules({})] },
  guests: {
    list: { method: 'GET', path: '/people' },
    at: '/people',
    email: '/email',
    id: '/id',
    remove: [{ method: 'DELETE', path: '/people/{guest}' }],
  },
  passwords: {
    refusesWords: true,
    ways: {
      'by an invitation': {
        begin: [invite],
        set: { ...join, body: { link: '{link}', password: '{new}' } },
      },
      'by a change': {
        begin: [invite, join],
        set: { method: 'PUT', path: '/me/password', body: { password: '{new}' } },
      },
      'by a member': {
        begin: [signIn],
        of: 'member',
        set: { method: 'PUT', path: '/me/password', body: { password: '{new}' } },
      },
    },
    older: { ask: counts, at: '/older' },
  },
  addresses: {
    offered,
    list: [rules({ networks: ['{network}'] })],
    none: [rules({})],
    count: { ask: counts, at: '/lists' },
  },
})
