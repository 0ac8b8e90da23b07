import { durationLength, sayLength } from '../duration.ts'
import { proof } from '../proof.ts'
import { isFast, isSlow } from './hashes.ts'
import { all, beyond, count, day, differing, month, none, only, week } from './terms.ts'

const secondFactors = {
  fields: { accounts: 'some', without: 'count', unknown: 'count' },
  holds: (seen: { accounts: number; without: number; unknown: number }) => [
    seen.accounts === 0 && 'the list has no account',
    none(seen.without, 'account% without a second factor'),
    none(seen.unknown, 'account% whose second factor is not known'),
  ],
  figure: (seen: { accounts: number }) =>
    `${count(seen.accounts, 'account')}, each with a second factor`,
  good: { accounts: 31, without: 0, unknown: 0 },
  bad: { accounts: 31, without: 0, unknown: 1 },
} as const

export const identityProofs = [
  proof({
    id: 'password.minimum',
    means: 'Nobody can set a password shorter than promised: a probe tries, and is refused.',
    params: { length: { type: 'number', least: 1, most: 128, says: 'least number of characters' } },
    connect: 'the sign-in of the app, for a probe that tries short passwords',
    example: '[Passwords have at least 12 characters](kept:password.minimum?length=12)',
    needs: (need) => [
      need.observed({
        kind: 'service.password-policy',
        of: ['service'],
        age: day,
        fields: { minimumLength: 'count', shortAccepted: 'count', older: 'count' },
        holds: (seen, params) => [
          none(seen.shortAccepted, 'password% that should be refused accepted'),
          beyond(seen.minimumLength, 1024, 'as a least length'),
          seen.minimumLength < (params.length ?? 1) &&
            `the least length is ${seen.minimumLength}, promised ${params.length}`,
          none(seen.older, 'account% with a password older than this rule'),
        ],
        figure: (seen) =>
          `${count(seen.minimumLength, 'character')} at least; shorter ones refused`,
        good: { minimumLength: 12, shortAccepted: 0, older: 0 },
        bad: { minimumLength: 8, shortAccepted: 0, older: 0 },
      }),
    ],
  }),
  proof({
    id: 'password.policy',
    means:
      'Every service the staff sign in to enforces a strong password policy, or single sign-on only.',
    params: {
      for: { type: 'list', says: 'the services named on the page; every account list when absent' },
      length: {
        type: 'number',
        least: 1,
        most: 128,
        says: 'least number of characters; 12 when absent',
      },
    },
    connect: 'the admin export of each service that staff use',
    example: '[All services our staff use enforce strong passwords](kept:password.policy)',
    needs: (need) => [
      need.observed({
        kind: 'people.password-policy',
        of: ['people'],
        age: week,
        named: (params) => params.for ?? [],
        fields: { minimumLength: 'count', singleSignOnOnly: 'yes' },
        holds: (seen, params) => [
          !seen.singleSignOnOnly &&
            seen.minimumLength < (params.length ?? 12) &&
            `passwords of ${count(seen.minimumLength, 'character')} are accepted`,
          beyond(seen.minimumLength, 1024, 'as a least length'),
        ],
        figure: (seen) =>
          seen.singleSignOnOnly
            ? 'single sign-on only'
            : `${count(seen.minimumLength, 'character')} at least`,
        good: { minimumLength: 14, singleSignOnOnly: false },
        bad: { minimumLength: 8, singleSignOnOnly: false },
      }),
    ],
  }),
  proof({
    id: 'password.hashed',
    means: 'Passwords are stored only as hashes of a slow, salted function.',
    params: {
      with: { type: 'list', says: 'the functions allowed: argon2id, scrypt, bcrypt, pbkdf2' },
    },
    connect: 'the app’s account table, for a collector that reads hash headers only',
    example: '[Passwords are hashed with bcrypt](kept:password.hashed?with=bcrypt)',
    needs: (need) => [
      need.observed({
        kind: 'database.password-hashes',
        of: ['database'],
        age: week,
        fields: { hashes: 'some', weak: 'count', functions: 'words' },
        // Of a function that nobody here knows, nobody here knows whether it is slow.
        suffices: (seen) => seen.functions.every(isSlow),
        holds: (seen, params) => [
          none(seen.weak, 'password% not hashed by a slow function'),
          seen.functions.some(isFast) &&
            `${seen.functions.filter(isFast).join(', ')} is no slow function`,
          only(params.with, seen.functions, (extra) => `some are hashed with ${extra}`),
          differing(seen.functions) > seen.hashes && 'more functions than passwords cannot be',
        ],
        figure: (seen) =>
          `${count(seen.hashes, 'password')} hashed with ${seen.functions.join(', ')}`,
        good: { hashes: 1200, weak: 0, functions: ['bcrypt'] },
        bad: { hashes: 1200, weak: 3, functions: ['bcrypt', 'md5'] },
      }),
    ],
  }),
  proof({
    id: 'mfa.staff',
    means:
      'Every staff account of every connected system has a second factor; an unknown one does not count.',
    params: {},
    connect: 'the account list of every system that staff sign in to',
    example: '[Employees use two-factor authentication on all systems](kept:mfa.staff)',
    needs: (need) => [
      need.observed({ kind: 'people.second-factors', of: ['people'], age: week, ...secondFactors }),
    ],
  }),
  proof({
    id: 'mfa.accounts',
    means: 'Every account of each named service has a second factor.',
    params: { for: { type: 'list', required: true, says: 'the services named on the page' } },
    connect: 'the account list of each named service',
    example: '[We use 2FA for GitHub and AWS](kept:mfa.accounts?for=github,aws)',
    needs: (need) => [
      need.observed({
        kind: 'people.second-factors',
        of: ['people'],
        age: week,
        named: (params) => params.for,
        ...secondFactors,
      }),
    ],
  }),
  proof({
    id: 'mfa.tenant',
    means:
      'A customer can require a second factor of its users, and no way of signing in goes round it.',
    params: {},
    connect: 'the sign-in of the app, for a probe with a test customer',
    example: '[You can require MFA for your accounts](kept:mfa.tenant)',
    needs: (need) => [
      need.observed({
        kind: 'service.tenant-second-factor',
        of: ['service'],
        age: day,
        fields: { tried: 'some', bypassed: 'count' },
        holds: (seen) => [
          seen.tried === 0 && 'no way of signing in was tried',
          none(seen.bypassed, 'way% of signing in without the second factor'),
        ],
        figure: (seen) =>
          `${count(seen.tried, 'way')} of signing in tried, none without a second factor`,
        good: { tried: 6, bypassed: 0 },
        bad: { tried: 6, bypassed: 1 },
      }),
    ],
  }),
  proof({
    id: 'sso',
    means:
      'A customer can sign in through its own identity provider: a test provider signs in each day.',
    params: {
      with: { type: 'list', says: 'what is offered: google, saml, oidc, microsoft, okta, scim' },
    },
    connect: 'the sign-in of the app, for a probe with a test identity provider',
    example: '[You can sign in with Google](kept:sso?with=google)',
    needs: (need) => [
      need.observed({
        kind: 'service.single-sign-on',
        of: ['service'],
        age: day,
        fields: { signedInWith: 'words', foreignAccepted: 'count' },
        holds: (seen, params) => [
          seen.signedInWith.length === 0 && 'no sign-in worked',
          none(seen.foreignAccepted, 'sign-in% through another customer’s provider accepted'),
          all(params.with, seen.signedInWith, (missing) => `no sign-in with ${missing} worked`),
        ],
        figure: (seen) => `signed in with ${seen.signedInWith.join(', ')}`,
        good: { signedInWith: ['google', 'saml'], foreignAccepted: 0 },
        bad: { signedInWith: ['saml'], foreignAccepted: 0 },
      }),
    ],
  }),
  proof({
    id: 'session.timeout',
    means: 'A session ends by itself after the promised time.',
    params: {
      within: { type: 'duration', required: true, says: 'idle time after which a session ends' },
    },
    connect: 'the sign-in of the app, for a probe that lets a session lie idle',
    example: '[Idle sessions end after 30 minutes](kept:session.timeout?within=30m)',
    needs: (need) => [
      need.observed({
        kind: 'service.session-timeout',
        of: ['service'],
        age: day,
        fields: { idleSeconds: 'amount' },
        holds: (seen, params) => [
          seen.idleSeconds * 1000 > durationLength(params.within) &&
            `a session lived ${sayLength(seen.idleSeconds * 1000)} without use`,
        ],
        figure: (seen) => `sessions end after ${sayLength(seen.idleSeconds * 1000)}`,
        good: { idleSeconds: 1800 },
        bad: { idleSeconds: 86_400 },
      }),
    ],
  }),
  proof({
    id: 'session.lifetime',
    means: 'A session ends at the promised age, however much it is used.',
    params: {
      within: { type: 'duration', required: true, says: 'age at which a session ends' },
    },
    connect: 'the sign-in of the app, for a probe that keeps a session in use until it ends',
    example: '[Nobody stays signed in for more than 12 hours](kept:session.lifetime?within=12h)',
    needs: (need) => [
      need.observed({
        kind: 'service.session-lifetime',
        of: ['service'],
        age: month,
        fields: { lifetimeSeconds: 'amount' },
        holds: (seen, params) => [
          seen.lifetimeSeconds * 1000 > durationLength(params.within) &&
            `a session lived ${sayLength(seen.lifetimeSeconds * 1000)} in use`,
        ],
        figure: (seen) => `sessions in use end after ${sayLength(seen.lifetimeSeconds * 1000)}`,
        good: { lifetimeSeconds: 28_800 },
        bad: { lifetimeSeconds: 2_592_000 },
      }),
    ],
  }),
  proof({
    id: 'roles',
    means:
      'The app has roles for a customer’s users, and a lesser role is refused what it may not do.',
    params: {},
    connect: 'the app’s API document, for a probe with users of each role',
    example: '[You decide what each of your users may do](kept:roles)',
    needs: (need) => [
      need.observed({
        kind: 'service.roles',
        of: ['service'],
        age: day,
        fields: { roles: 'some', tried: 'some', exceeded: 'count' },
        holds: (seen) => [
          seen.tried === 0 && 'no operation was tried',
          seen.roles < 2 && 'there are no two roles',
          none(seen.exceeded, 'operation% allowed to a role that may not'),
        ],
        figure: (seen) =>
          `${count(seen.roles, 'role')}, ${count(seen.tried, 'operation')} tried, none exceeded`,
        good: { roles: 3, tried: 120, exceeded: 0 },
        bad: { roles: 3, tried: 120, exceeded: 2 },
      }),
    ],
  }),
  proof({
    id: 'ip-allow-list',
    means: 'Customers can, or as the page may say cannot, limit access to their own addresses.',
    params: {
      offered: { type: 'word', of: ['yes', 'no'], says: 'whether it is offered; yes when absent' },
    },
    connect: 'the sign-in of the app, for a probe with two test customers',
    example: '[We do not support IP allow-lists](kept:ip-allow-list?offered=no)',
    needs: (need) => [
      need.observed({
        kind: 'service.address-lists',
        of: ['service'],
        age: day,
        fields: { supported: 'yes', lists: 'count', passed: 'count' },
        requires: (params) => (params.offered === 'no' ? [] : ['lists']),
        holds: (seen, { offered }) => [
          offered === 'no' && none(seen.lists, 'customer allow-list% in force'),
          offered === 'no' && seen.supported && 'customers can set allow-lists',
          offered !== 'no' && !seen.supported && 'customers cannot set allow-lists',
          offered !== 'no' &&
            none(seen.passed, 'request% from an address that is not listed answered'),
        ],
        figure: (seen) =>
          seen.supported ? `${count(seen.lists, 'allow-list')} in force` : 'none in force',
        good: { supported: false, lists: 0, passed: 0 },
        bad: { supported: true, lists: 1, passed: 0 },
      }),
    ],
  }),
  proof({
    id: 'addresses.published',
    means: 'The published list of our addresses equals the ones we really use.',
    params: {},
    connect: 'the published address list and the network’s real addresses',
    example: '[You can allow-list our IP addresses](kept:addresses.published)',
    needs: (need) => [
      need.observed({
        kind: 'endpoint.addresses',
        of: ['endpoint'],
        age: day,
        fields: { published: 'words', unlisted: 'found' },
        holds: (seen) => [
          seen.published.length === 0 && 'no address is published',
          seen.unlisted.length > 0 && `in use but not published: ${seen.unlisted.join(', ')}`,
        ],
        figure: (seen) => `${count(seen.published.length, 'published address')} in use`,
        good: { published: ['198.51.100.7'], unlisted: [] },
        bad: { published: ['198.51.100.7'], unlisted: ['198.51.100.9'] },
      }),
    ],
  }),
]
