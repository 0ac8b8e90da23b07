import { createHash, createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto'
import type { Given } from './command.ts'
import { Failure } from './failure.ts'
import { openRemote, type Remote } from './remote.ts'
import type { Terminal } from './terminal.ts'

/** A running Kept, as a registered runner or person asks it. */
export interface Signed extends Remote {
  /** The runner that signs. */
  as: string
  /** The server's time, milliseconds since 1970: the two clocks need not agree. */
  now: () => number
  /** Asks with a signature of its own; a body goes as JSON. */
  ask: <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<T>
}

/** Opens a connection that signs with --key as --as. */
export async function openSigned(
  { options }: Pick<Given, 'options'>,
  command: string,
  terminal: Terminal,
): Promise<Signed> {
  const place = `kept ${command}`
  const [key, as] = [options.get('key'), options.get('as')]
  if (key === undefined || as === undefined) {
    const missing = key === undefined ? 'with which key to sign' : 'as whom to sign'
    const fix =
      key === undefined ? 'give --key FILE, or set KEPT_KEY' : 'give --as ID, or set KEPT_AS'
    throw new Failure(place, `it does not know ${missing}`, fix)
  }
  const remote = openRemote({ options }, command, terminal)
  const secret = readKey(key, await terminal.readSecret(key))
  const ahead = await measureAhead(remote, terminal)
  const now = () => terminal.now() + ahead
  return {
    ...remote,
    as,
    now,
    async ask<T>(method: 'GET' | 'POST', path: string, body?: unknown) {
      const request = await signRequest(
        { method, url: remote.url + path, body },
        { key: secret, as, created: Math.floor(now() / 1000) },
      )
      return (await remote.send(request)) as T
    },
  }
}

async function measureAhead(remote: Remote, terminal: Terminal): Promise<number> {
  const { now } = await remote.get<{ now: string }>('/api/time')
  return Date.parse(now) - terminal.now()
}

function readKey(path: string, pem: Uint8Array): KeyObject {
  const fix = '`kept keys new FILE` makes one'
  try {
    const key = createPrivateKey(Buffer.from(pem))
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    throw new Failure(path, 'it is no private key in PEM', fix)
  }
  throw new Failure(path, 'it is no Ed25519 key', fix)
}

/**
 * Signs a request by HTTP message signatures (RFC 9421): method, authority, path, query and, by its
 * digest (RFC 9530), the body. The nonce makes each signature good for once.
 */
export async function signRequest(
  { method, url, body }: { method: 'GET' | 'POST'; url: string; body?: unknown },
  { key, as, created }: { key: KeyObject; as: string; created: number },
): Promise<Request> {
  const { createSignature } = await import('http-message-sig')
  const text = method === 'GET' ? null : JSON.stringify(body ?? {})
  const headers = new Headers({ accept: 'application/json' })
  if (text !== null) {
    headers.set('content-type', 'application/json')
    const digest = createHash('sha256').update(text).digest('base64')
    headers.set('content-digest', `sha-256=:${digest}:`)
  }
  const fields = [...headers].map(([name, value]) => ({ name, value }))
  const { signature, signatureInput } = await createSignature(
    { kind: 'request', method, targetUri: url, fields },
    {
      components: [
        '@method',
        '@authority',
        '@path',
        '@query',
        ...(text === null ? [] : ['content-digest']),
      ],
      parameters: { created, keyid: as, nonce: randomUUID(), alg: 'ed25519' },
      signer: { algorithm: 'ed25519', sign: (data) => sign(null, data, key) },
    },
  )
  headers.set('signature', signature)
  headers.set('signature-input', signatureInput)
  return new Request(url, { method, headers, ...(text === null ? {} : { body: text }) })
}
