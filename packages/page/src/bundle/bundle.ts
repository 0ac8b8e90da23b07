import type { Register } from '../register.ts'
import type { VerdictName } from '../verdict.ts'
import { findMismatch, type Shape } from './shape.ts'

/** Names the format below; another one has another number. */
export const bundleFormat = 'kept-bundle/2'

/**
 * A page with everything its verdicts rest on, as one JSON document that anyone can verify offline.
 * Instants are RFC 3339, hashes and paths are base64. It says what its checkpoint covers and nothing
 * newer. What remains to be trusted are the runners that it names.
 */
export interface Bundle {
  format: typeof bundleFormat
  /** The instant that it was made at and that its verdicts are of. */
  at: string
  /** `judgeVersion` of the judges that gave the verdicts. */
  judge: string
  /** The page in force, as it was written. Its versions are entries `claims.put-in-force`. */
  page: { version: number; source: string }
  /** Systems without address and secret, runners without key. */
  register: Register
  verdicts: readonly BundledVerdict[]
  log: {
    /** Names the log in its checkpoints. */
    origin: string
    /** Its key as C2SP signed-note writes it. */
    key: string
    /** The newest checkpoint, a C2SP signed note: every path leads to its root. */
    checkpoint: string
    /** One checkpoint a day before it, oldest first, each with its consistency proof (RFC 6962 2.1.2). */
    earlier: readonly { checkpoint: string; path: readonly string[] }[]
  }
  /** The evidence behind the verdicts and the versions of the page, in the order of the log. */
  entries: readonly BundledEntry[]
  /** A C2SP signed note of the log's key over the SHA-256 of all else, by RFC 8785. */
  signed: string
}

/** A verdict as it was published. */
export interface BundledVerdict {
  claim: string
  verdict: VerdictName
  until: string | null
  because: string
}

/** An entry of the ledger: its bytes are `entry` by RFC 8785, so that nothing stands here twice. */
export interface BundledEntry {
  index: number
  entry: {
    action: string
    actor: string
    at: string
    /** Of `claims.evidence`: evidence as a line of JSON has it. */
    entry: unknown
  }
  /** The audit path from it to the root, leaf first (RFC 6962 2.1.1). */
  path: readonly string[]
}

const shape: Shape = {
  format: 'text',
  at: 'instant',
  judge: 'text',
  page: { version: 'number', source: 'text' },
  register: {
    subjects: [
      {
        id: 'text',
        type: 'text',
        provider: 'text?',
        environment: 'text?',
        regions: ['text'],
        tags: ['text'],
      },
    ],
    runners: [{ id: 'text', holder: 'text', name: 'text?', kinds: ['text'], subjects: ['text'] }],
    unread: ['text'],
  },
  verdicts: [{ claim: 'text', verdict: 'text', until: 'instant?', because: 'text' }],
  log: {
    origin: 'text',
    key: 'text',
    checkpoint: 'text',
    earlier: [{ checkpoint: 'text', path: ['text'] }],
  },
  entries: [
    {
      index: 'number',
      entry: { action: 'text', actor: 'text', at: 'instant', entry: 'any' },
      path: ['text'],
    },
  ],
  signed: 'text',
}

/** Reads a bundle without believing it; what is none says where and why. */
export function readBundle(text: string): { bundle: Bundle } | { at: string; says: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { at: '$', says: 'it is not JSON' }
  }
  const format = (value as { format?: unknown } | null)?.format
  if (format !== bundleFormat) {
    return { at: '$.format', says: `it is no bundle of the format "${bundleFormat}"` }
  }
  return findMismatch(value, shape, '$') ?? { bundle: value as Bundle }
}
