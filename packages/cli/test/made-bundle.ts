import { createHash } from 'node:crypto'
import {
  append,
  emptyFrontier,
  encodeEntry,
  formatVerifierKey,
  hashLeaf,
  noteSigner,
  proveInclusion,
  rootOf,
  signCheckpoint,
  signDocument,
  signingKey,
  type Hash,
  type Json,
} from '@kept/ledger'
import { bundleFormat, judgeVersion, type Bundle } from '@kept/page'

const source = '[TLS 1.2 or newer](kept:encryption.in-transit?min=1.2#tls)\n'
const at = '2026-11-20T12:00:00.000Z'
const entries = [
  {
    action: 'claims.put-in-force',
    actor: 'operator:operator',
    at,
    entry: { version: 1, page: `sha256:${createHash('sha256').update(source).digest('hex')}` },
  },
  {
    action: 'claims.evidence',
    actor: 'runner:ci',
    at,
    entry: {
      id: 'scan',
      kind: 'endpoint.tls',
      subject: 'website',
      outcome: 'pass',
      observedAt: '2026-11-20T11:00:00Z',
      receivedAt: '2026-11-20T11:00:01Z',
      runner: 'ci',
      measured: { lowestAccepted: 1.2, validUntil: '2027-06-01T00:00:00Z', chainTrusted: true },
    },
  },
]

/** A bundle of one kept promise, signed by a log of two entries whose key is made of a constant. */
export async function makeBundle(): Promise<Bundle> {
  const origin = 'kept.test/ledger'
  const key = signingKey(new Uint8Array(32).fill(7))
  const signer = noteSigner(origin, key)
  const leaves = entries.map((entry) => hashLeaf(encodeEntry(entry)))
  const nodes = new Map<string, Hash>()
  const frontier = append(emptyFrontier, leaves, undefined, (height, index, hash) =>
    nodes.set(`${height} ${index}`, hash),
  )
  const size = leaves.length
  const read = (height: number, index: number) => nodes.get(`${height} ${index}`)!
  const paths = await Promise.all(leaves.map((_, index) => proveInclusion(index, size, read)))
  const rest: Omit<Bundle, 'signed'> = {
    format: bundleFormat,
    at,
    judge: judgeVersion,
    page: { version: 1, source },
    register: {
      subjects: [
        {
          id: 'website',
          type: 'endpoint',
          provider: null,
          environment: null,
          regions: [],
          tags: [],
        },
      ],
      runners: [
        { id: 'ci', holder: 'workload', name: null, kinds: ['endpoint.*'], subjects: ['*'] },
      ],
      unread: [],
    },
    verdicts: [
      {
        claim: 'tls',
        verdict: 'kept',
        until: '2026-11-21T12:00:00.000Z',
        because: 'website: TLS 1.2 at least, older refused',
      },
    ],
    log: {
      origin,
      key: formatVerifierKey(origin, key.publicKey),
      checkpoint: await signCheckpoint({ origin, size, root: rootOf(frontier), extensions: [] }, [
        signer,
      ]),
      earlier: [],
    },
    entries: entries.map((entry, index) => ({
      index,
      entry,
      path: paths[index]!.map((hash) => Buffer.from(hash).toString('base64')),
    })),
  }
  return { ...rest, signed: await signDocument(rest as unknown as Json, [signer]) }
}
