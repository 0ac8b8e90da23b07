/** Test support: keys of runners and requests that they sign, RFC 9421. */
import { createHash, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { formatVerifierKey } from '@kept/ledger'
import { createSignatureSync } from 'http-message-sig'

export interface RunnerKey {
  id: string
  /** As systems.yaml has it. */
  line: string
  sign(message: Uint8Array): Uint8Array
}

export function makeKey(id: string): RunnerKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  const raw = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(12)
  return {
    id,
    line: formatVerifierKey(id, raw),
    sign: (message) => sign(null, message, privateKey),
  }
}

export interface ToSign {
  method?: string
  url: string
  body?: string
  /** Seconds since 1970. */
  created: number
  nonce?: string
  components?: string[]
  as?: string
}

export function signed(key: RunnerKey, asked: ToSign): Record<string, string> {
  const { method = 'POST', url, body, created, nonce = randomUUID(), as = key.id } = asked
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (body !== undefined) headers['content-digest'] = digestOf(body)
  const fields = Object.entries(headers).map(([name, value]) => ({ name, value }))
  const own = ['@method', '@authority', '@path', '@query']
  const { signature, signatureInput } = createSignatureSync(
    { kind: 'request', method, targetUri: url, fields },
    {
      components: asked.components ?? (body === undefined ? own : [...own, 'content-digest']),
      parameters: { created, keyid: as, nonce, alg: 'ed25519' },
      signer: { algorithm: 'ed25519', sign: (message) => key.sign(message) },
    },
  )
  return { ...headers, signature, 'signature-input': signatureInput }
}

export function digestOf(body: string): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
}
