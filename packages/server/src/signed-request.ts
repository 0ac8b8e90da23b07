import { Failure } from './foundation/failure.ts'
import type { Credentials } from './gate.ts'

/** A signature and what it covers, under one label (RFC 9421, section 4). */
const signatureField = /^\s*([a-z*][a-z0-9_.*-]*)=:[A-Za-z0-9+/]+=*:\s*$/
const inputField =
  /^\s*([a-z*][a-z0-9_.*-]*)=\(([^()]*)\)((?:;\s*[a-z*][a-z0-9_.*-]*(?:=(?:"(?:[^"\\]|\\.)*"|[^;",\s]+))?)*)\s*$/
const parameter = /;\s*([a-z*][a-z0-9_.*-]*)(?:=("(?:[^"\\]|\\.)*"|[^;",\s]+))?/g
const needed = ['@method', '@authority', '@path', '@query']
/** A nonce is kept to tell a signature that is sent again: longer ones are refused, never cut. */
const longestNonce = 100

const fix =
  'sign @method, @authority, @path, @query and the content-digest of a body, with created, keyid and nonce, as RFC 9421 says and kept --key FILE does'

/**
 * Refuses a signature that cannot hold, before the body is read and a database asked. Whose it is and
 * whether it holds is said by who has the keys.
 */
export function checkSignatureFields(headers: Credentials['headers']): void {
  const input = inputField.exec(headers['signature-input'] ?? '')
  const signature = signatureField.exec(headers['signature'] ?? '')
  if (!input || !signature || input[1] !== signature[1]) {
    throw refuse('Signature-Input and Signature must hold one signature, under one label')
  }
  const [, , components, parameters] = input as unknown as string[]
  const missing = needed.filter((name) => !components!.includes(`"${name}"`))
  if (missing.length > 0) throw refuse(`it does not cover ${missing.join(', ')}`)
  const said = new Map([...parameters!.matchAll(parameter)].map(([, name, value]) => [name, value]))
  for (const name of ['created', 'keyid', 'nonce']) {
    if (!said.has(name)) throw refuse(`it has no ${name}`)
  }
  const nonce = said.get('nonce')?.replace(/^"(.*)"$/, '$1') ?? ''
  if (nonce.length === 0 || nonce.length > longestNonce) {
    throw refuse(`its nonce must have 1 to ${longestNonce} characters`)
  }
}

function refuse(why: string): Failure {
  return new Failure('bad-signature', `the signature does not hold: ${why}`, { fix })
}
