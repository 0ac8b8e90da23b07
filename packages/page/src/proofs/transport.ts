import { proof } from '../proof.ts'
import { isAmong, isUnsound, readCipher } from './ciphers.ts'
import { beyond, count, day, none, only } from './terms.ts'

const grades = ['A+', 'A', 'A-', 'B', 'C', 'D', 'E', 'F', 'T', 'M']

/** As numbers; 0 is SSL 3.0. */
const versions = new Set([0, 1, 1.1, 1.2, 1.3])

/** What is older than TLS 1.0 is SSL. */
function sayVersion(version: number): string {
  return version < 1 ? 'SSL' : `TLS ${version.toFixed(1)}`
}

function sayExtra(extra: readonly string[]): string | false {
  return extra.length > 0 && `${extra.join(', ')} is accepted too`
}

/** The shortest key: of those that the names of the ciphers tell, and as it was measured. */
function bitsLeft({ ciphers, leastBits }: { ciphers: readonly string[]; leastBits: number }) {
  const told = ciphers.map((name) => readCipher(name)?.bits ?? Infinity)
  return Math.min(leastBits, ...told)
}

export const transportProofs = [
  proof({
    id: 'encryption.in-transit',
    means:
      'Every endpoint accepts encrypted connections of the promised version or newer, and refuses older ones.',
    params: {
      min: {
        type: 'number',
        decimal: true,
        least: 1,
        most: 1.3,
        says: 'least TLS version; 1.2 when absent',
      },
    },
    connect: 'the addresses of all endpoints, for real handshakes',
    example: '[All connections use TLS 1.2 or newer](kept:encryption.in-transit?min=1.2)',
    needs: (need) => [
      need.observed({
        kind: 'endpoint.tls',
        of: ['endpoint'],
        age: day,
        fields: { lowestAccepted: 'number', validUntil: 'instant', chainTrusted: 'yes' },
        holds: (seen, params) => [
          !seen.chainTrusted && 'its certificate is not trusted',
          !versions.has(seen.lowestAccepted) && `there is no TLS ${seen.lowestAccepted}`,
          seen.lowestAccepted < (params.min ?? 1.2) &&
            `${sayVersion(seen.lowestAccepted)} is accepted, promised ${params.min ?? 1.2} or newer`,
        ],
        figure: (seen) => `TLS ${seen.lowestAccepted.toFixed(1)} at least, older refused`,
        good: { lowestAccepted: 1.2, validUntil: '2100-01-01T00:00:00Z', chainTrusted: true },
        bad: { lowestAccepted: 1, validUntil: '2100-01-01T00:00:00Z', chainTrusted: true },
      }),
    ],
  }),
  proof({
    id: 'encryption.https-only',
    means:
      'Nothing is served unencrypted: plain connections are refused or redirected, and browsers are told to stay.',
    params: {},
    connect: 'the addresses of all endpoints, for plain requests',
    example: '[Unencrypted access is not supported](kept:encryption.https-only)',
    needs: (need) => [
      need.observed({
        kind: 'endpoint.plain',
        of: ['endpoint'],
        age: day,
        fields: {
          tried: 'some',
          servedPlain: 'count',
          hstsSeconds: 'number',
          methods: 'words?',
          paths: 'words?',
        },
        holds: (seen) => [
          seen.tried === 0 && 'no plain request was tried',
          none(seen.servedPlain, 'plain request% answered with content'),
          seen.hstsSeconds < 15_552_000 && 'Strict-Transport-Security is absent or under 180 days',
        ],
        figure: ({ tried, methods, paths }) =>
          `${count(tried, 'plain request')} refused or redirected` +
          (methods && paths ? `: ${methods.join(' and ')} of ${paths.join(', ')}` : ''),
        good: {
          tried: 4,
          servedPlain: 0,
          hstsSeconds: 31_536_000,
          methods: ['GET', 'POST'],
          paths: ['/', '/login'],
        },
        bad: { tried: 4, servedPlain: 1, hstsSeconds: 31_536_000 },
      }),
    ],
  }),
  proof({
    id: 'tls.suites',
    means:
      'The cipher suite, key exchange and key length that endpoints really negotiate are the promised ones.',
    params: {
      cipher: {
        type: 'list',
        says: 'the ciphers allowed: aes-128-gcm, aes-256-gcm, chacha20-poly1305',
      },
      exchange: { type: 'list', says: 'the key exchanges allowed: ecdhe-rsa, ecdhe-ecdsa' },
      bits: { type: 'number', least: 128, most: 256, says: 'least length of the cipher’s key' },
    },
    oneOf: ['cipher', 'exchange', 'bits'],
    connect: 'the addresses of all endpoints, for real handshakes',
    example: '[Data is encrypted with AES-256 in transit](kept:tls.suites?bits=256)',
    needs: (need) => [
      need.observed({
        kind: 'endpoint.suites',
        of: ['endpoint'],
        age: day,
        fields: { ciphers: 'words', exchanges: 'found', leastBits: 'some' },
        requires: (params) => (params.exchange ? ['exchanges'] : []),
        suffices: (seen, { cipher }) =>
          !cipher || seen.ciphers.every((one) => isAmong(one, cipher) !== undefined),
        holds: (seen, params) => [
          seen.ciphers.length === 0 && 'no suite was negotiated',
          params.cipher &&
            sayExtra(seen.ciphers.filter((one) => isAmong(one, params.cipher!) === false)),
          only(params.exchange, seen.exchanges, (extra) => `${extra} is accepted too`),
          params.bits !== undefined &&
            bitsLeft(seen) < params.bits &&
            `a ${bitsLeft(seen)}-bit cipher is accepted, promised ${params.bits}`,
          params.bits !== undefined && sayExtra(seen.ciphers.filter(isUnsound)),
          beyond(seen.leastBits, 256, 'bits'),
        ],
        figure: (seen) => `${seen.ciphers.join(', ')}; ${seen.leastBits} bits at least`,
        good: { ciphers: ['aes-256-gcm'], exchanges: ['ecdhe-rsa'], leastBits: 256 },
        bad: { ciphers: ['aes-128-gcm'], exchanges: ['ecdhe-rsa'], leastBits: 128 },
      }),
    ],
  }),
  proof({
    id: 'tls.grade',
    means: 'Each endpoint reaches the grade by written rules, worked out from real handshakes.',
    params: {
      min: { type: 'word', of: ['a+', 'a', 'a-', 'b'], says: 'least grade; A when absent' },
    },
    connect: 'the addresses of all endpoints, for real handshakes',
    example: '[We score an A on SSL Labs](kept:tls.grade?min=A)',
    needs: (need) => [
      need.observed({
        kind: 'endpoint.grade',
        of: ['endpoint'],
        age: day,
        fields: { grade: 'text' },
        holds: (seen, params) => {
          const rank = grades.indexOf(seen.grade.toUpperCase())
          const least = (params.min ?? 'a').toUpperCase()
          return [
            rank < 0 && `there is no grade ${seen.grade}`,
            rank > grades.indexOf(least) && `graded ${seen.grade}, promised ${least}`,
          ]
        },
        figure: (seen) => `graded ${seen.grade}`,
        good: { grade: 'A+' },
        bad: { grade: 'B' },
      }),
    ],
  }),
  proof({
    id: 'encryption.database-connections',
    means: 'Every connection to every database is encrypted; a plain one is refused.',
    params: {},
    connect: 'the databases, for a collector that lists their sessions',
    example:
      '[All connections to our databases are encrypted](kept:encryption.database-connections)',
    needs: (need) => [
      need.observed({
        kind: 'database.connections',
        of: ['database'],
        age: day,
        fields: { sessions: 'count', plain: 'count', plainRefused: 'yes', rulesRead: 'yes?' },
        holds: (seen) => [
          none(seen.plain, 'unencrypted session%'),
          !seen.plainRefused && 'an unencrypted connection is accepted',
        ],
        // Who may come from where stands in a file that the collector cannot always read.
        figure: (seen) =>
          `${count(seen.sessions, 'session')}, each encrypted; plain ones refused, ` +
          (seen.rulesRead ? 'by the rules for every address' : 'as tried from one address'),
        good: { sessions: 20, plain: 0, plainRefused: true, rulesRead: true },
        bad: { sessions: 20, plain: 0, plainRefused: false },
      }),
    ],
  }),
]
