import { createSignature } from 'http-message-sig'

/** A registered runner or person, and what signs with its Ed25519 key. */
export interface Signer {
  /** Its id in systems.yaml. */
  as: string
  /** Time of the server, milliseconds since 1970: a signature is good for five minutes around it. */
  now: () => number
  sign: (data: Uint8Array) => Uint8Array | Promise<Uint8Array>
}

/**
 * Signs a request by HTTP message signatures (RFC 9421): method, authority, path, query and, by its
 * digest (RFC 9530), the body. The nonce makes each signature good for once.
 */
export async function signRequest(request: Request, { as, now, sign }: Signer): Promise<Request> {
  const headers = new Headers(request.headers)
  const body = new Uint8Array(await request.clone().arrayBuffer())
  const components = ['@method', '@authority', '@path', '@query']
  if (body.length > 0) {
    headers.set('content-digest', `sha-256=:${await digest(body)}:`)
    components.push('content-digest')
  }
  const fields = [...headers].map(([name, value]) => ({ name, value }))
  const { signature, signatureInput } = await createSignature(
    { kind: 'request', method: request.method, targetUri: request.url, fields },
    {
      components,
      parameters: {
        created: Math.floor(now() / 1000),
        keyid: as,
        nonce: crypto.randomUUID(),
        alg: 'ed25519',
      },
      signer: { algorithm: 'ed25519', sign },
    },
  )
  headers.set('signature', signature)
  headers.set('signature-input', signatureInput)
  return new Request(request, { headers })
}

async function digest(body: Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
  return btoa(String.fromCharCode(...bytes))
}
