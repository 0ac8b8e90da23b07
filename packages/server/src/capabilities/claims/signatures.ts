import { hash, timingSafeEqual } from 'node:crypto'
import { parseVerifierKey } from '@kept/ledger'
import type { KeyedRunner } from '@kept/page'
import { isSignatureError, verifySignature, type Verifier } from 'http-message-sig'
import { Failure } from '../../foundation/failure.ts'
import { at, type Actor, type Transaction } from '../../foundation/transaction.ts'
import type { Credentials } from '../../gate.ts'
import { verifyEd25519 } from '../ledger/hash.ts'
import { readApplied } from './edition.ts'

/** Seconds by which a signature may be older or newer than now. */
const fresh = 300

const anyone: Actor = { kind: 'public', id: 'anyone' }

/**
 * Who signed a request, by HTTP message signatures (RFC 9421) with Ed25519, whose `keyid` is the id
 * of a runner in systems.yaml. Without a signature it is anyone. A body must be covered by its
 * digest (RFC 9530), and no signature counts twice.
 */
export async function authenticate(tx: Transaction, request: Credentials): Promise<Actor> {
  if (request.headers['signature'] === undefined) return anyone
  const applied = await readApplied(tx)
  const runners = applied?.systems.runners ?? []
  const runner = await verify(tx, request, runners)
  return { kind: runner.holder === 'person' ? 'person' : 'runner', id: runner.id }
}

/** What the library calls a refusal, in our words: its names tell a caller nothing. */
const words: Readonly<Record<string, string>> = {
  PolicyViolation:
    'it was not made within 5 minutes of this server’s time, or it leaves out what it must cover',
  VerificationFailed: 'the key in systems.yaml did not make it for this request',
  AlgorithmMismatch: 'it must be made with Ed25519',
  InvalidComponent: 'it covers what this request does not have',
}

interface KeyOfRunner extends Verifier {
  runner: KeyedRunner
}

async function verify(
  tx: Transaction,
  request: Credentials,
  runners: readonly KeyedRunner[],
): Promise<KeyedRunner> {
  const { method, url, headers, body } = request
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value }],
  )
  let asked: string | undefined
  try {
    const { verifier, parameters } = await verifySignature<KeyOfRunner>(
      { kind: 'request', method, targetUri: url, fields },
      {
        policy: {
          algorithms: ['ed25519'],
          requiredComponents: [
            '@method',
            '@authority',
            '@path',
            '@query',
            ...(body.length > 0 ? ['content-digest'] : []),
          ],
          requiredParameters: ['created', 'keyid', 'nonce'],
          // So many seconds before and after now: the skew counts at both ends.
          maxAge: 0,
          clockSkew: fresh,
          now: Math.floor(tx.now / 1000),
        },
        resolveVerifier({ parameters: { keyid } }) {
          asked = keyid
          return findKey(runners, keyid)
        },
      },
    )
    checkDigest(headers['content-digest'], body)
    await useOnce(tx, verifier.runner.id, parameters.nonce!)
    return verifier.runner
  } catch (error) {
    if (!isSignatureError(error)) throw error
    // The library hides what a resolver throws.
    const isMissing =
      asked !== undefined && !runners.some(({ id, key }) => id === asked && key !== null)
    const why = isMissing
      ? `systems.yaml has no key of "${asked}"`
      : (words[error.code] ?? 'its fields cannot be read')
    throw new Failure('bad-signature', `the signature does not hold: ${why}`, {
      fix: 'sign @method, @authority, @path, @query and the content-digest of a body, with the key in systems.yaml, by a clock that agrees within 5 minutes',
    })
  }
}

function findKey(runners: readonly KeyedRunner[], id: string | undefined): KeyOfRunner {
  const runner = runners.find((one) => one.id === id && one.key !== null)
  if (!runner) throw new Error('no runner has this key')
  const { publicKey } = parseVerifierKey(runner.key!)
  return {
    runner,
    algorithm: 'ed25519',
    verify: (data, signature) => verifyEd25519(signature, data, publicKey),
  }
}

function checkDigest(header: string | undefined, body: Uint8Array): void {
  if (body.length === 0) return
  const said = /(?:^|,\s*)sha-256=:([A-Za-z0-9+/=]+):/.exec(header ?? '')?.[1] ?? ''
  const is = hash('sha256', body, 'buffer')
  const claimed = Buffer.from(said, 'base64')
  if (claimed.length !== is.length || !timingSafeEqual(claimed, is)) {
    throw new Failure('bad-signature', 'the body is not the one that was signed')
  }
}

async function useOnce(tx: Transaction, key: string, nonce: string): Promise<void> {
  await tx.rows`delete from claims.signatures where at < ${at(tx.now - 2 * fresh * 1000)}`
  const row = await tx.row`insert into claims.signatures (key, nonce, at)
    values (${key}, ${nonce}, ${at(tx.now)}) on conflict do nothing returning key`
  if (!row) throw new Failure('bad-signature', 'this signature was used before')
}
