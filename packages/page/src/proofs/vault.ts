import { proof } from '../proof.ts'
import { isAmong, isUnsound, readCipher } from './ciphers.ts'
import { count, day, none, year } from './terms.ts'

export const vaultProofs = [
  proof({
    id: 'encryption.at-rest',
    means:
      'Every database and store holds its data encrypted, read from the disk, the provider or the columns.',
    params: {
      of: {
        type: 'list',
        of: ['database', 'store'],
        says: 'which are meant; databases and stores when absent',
      },
      with: { type: 'list', says: 'the ciphers allowed: aes-256, aes-128' },
    },
    connect: 'the databases and stores, or the cloud account that holds their disks',
    example: '[All databases are encrypted at rest](kept:encryption.at-rest?of=database)',
    needs: (need) => [
      need.observed({
        kind: 'storage.encryption',
        of: ['database', 'store'],
        age: day,
        types: (params) => params.of,
        fields: { encrypted: 'yes', cipher: 'text?' },
        requires: (params) => (params.with ? ['cipher'] : []),
        // A cipher that nobody here knows is neither sound nor broken.
        suffices: ({ cipher }, params) =>
          cipher === undefined ||
          (readCipher(cipher) !== null && isAmong(cipher, params.with ?? [cipher]) === true),
        holds: (seen, params) => [
          !seen.encrypted && 'it is not encrypted',
          seen.cipher !== undefined &&
            isUnsound(seen.cipher) &&
            `${seen.cipher} is no cipher that is known to be sound`,
          params.with !== undefined &&
            seen.cipher !== undefined &&
            isAmong(seen.cipher, params.with) === false &&
            `encrypted with ${seen.cipher}, promised ${params.with.join(' or ')}`,
        ],
        figure: (seen) => `encrypted${seen.cipher ? ` with ${seen.cipher}` : ''}`,
        good: { encrypted: true, cipher: 'aes-256-xts' },
        bad: { encrypted: false },
      }),
    ],
  }),
  proof({
    id: 'encryption.app-only',
    means:
      'Only the company’s programs can decrypt customer data: no person holds, or can obtain, the key.',
    params: {},
    connect: 'a key service whose policy can be read; a key in a file can be read by staff',
    example: '[Only our applications can read your data](kept:encryption.app-only)',
    needs: (need) => [
      need.observed({
        kind: 'database.key-holders',
        of: ['database'],
        age: day,
        fields: { programs: 'some', people: 'count', probeRefused: 'yes' },
        holds: (seen) => [
          none(seen.people, 'person% able to decrypt'),
          !seen.probeRefused && 'a probe as a person was allowed to decrypt',
        ],
        figure: (seen) => `${count(seen.programs, 'program')} can decrypt, no person`,
        good: { programs: 2, people: 0, probeRefused: true },
        bad: { programs: 2, people: 1, probeRefused: true },
      }),
    ],
  }),
  proof({
    id: 'encryption.tenant-key',
    means:
      'Each customer’s data is encrypted under a key of its own; with `own=yes` the customer can bring it.',
    params: {
      own: { type: 'word', of: ['yes'], says: 'the customer can bring and withdraw the key' },
    },
    connect: 'the vault that wraps the keys of the app',
    example: '[Each customer has its own encryption key](kept:encryption.tenant-key)',
    needs: (need) => [
      need.observed({
        kind: 'database.tenant-keys',
        of: ['database'],
        age: day,
        fields: { tenants: 'some', sharing: 'count', ownKeys: 'yes' },
        holds: (seen, params) => [
          none(seen.sharing, 'customer% without a key of their own'),
          params.own === 'yes' && !seen.ownKeys && 'a customer’s own key did not work',
        ],
        figure: (seen) => `${count(seen.tenants, 'customer')}, each with its own key`,
        good: { tenants: 118, sharing: 0, ownKeys: true },
        bad: { tenants: 118, sharing: 1, ownKeys: true },
      }),
    ],
  }),
  proof({
    id: 'keys.rotated',
    means: 'Every encryption key is replaced within the promised time.',
    params: { every: { type: 'duration', says: 'how often; a year when absent' } },
    connect: 'the key service',
    example: '[Encryption keys are rotated every year](kept:keys.rotated?every=1y)',
    needs: (need) => [
      need.repeated({
        kind: 'database.key-rotation',
        of: ['database'],
        every: (params) => params.every ?? year,
        fields: { keys: 'some', left: 'count' },
        holds: (seen) => [
          seen.keys === 0 && 'no key was replaced',
          none(seen.left, 'key% left as before'),
        ],
        figure: (seen) => `${count(seen.keys, 'key')} rotated`,
        good: { keys: 12, left: 0 },
        bad: { keys: 12, left: 1 },
      }),
    ],
  }),
]
