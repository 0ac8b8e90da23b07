import { createPrivateKey, generateKeyPairSync, hkdfSync } from 'node:crypto'
import { closeSync, openSync, readFileSync, statSync, writeSync, fsyncSync } from 'node:fs'
import { Failure } from './foundation/failure.ts'

/**
 * The private key in a file, PEM; made on the first start. Only its owner may read it: one that
 * others can read is refused, since nobody knows who has it.
 */
export function keepKey(file: string): string {
  try {
    const descriptor = openSync(file, 'wx', 0o600)
    const { privateKey } = generateKeyPairSync('ed25519')
    writeSync(descriptor, String(privateKey.export({ format: 'pem', type: 'pkcs8' })))
    fsyncSync(descriptor)
    closeSync(descriptor)
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  }
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new Failure('conflict', `others can read the key in ${file}`, {
      fix: `chmod 600 ${file}, and think about who may have read it`,
    })
  }
  return readFileSync(file, 'utf8')
}

/** 32 bytes for one purpose, out of the private key in a file. */
export function deriveKey(pem: string, purpose: string): Uint8Array {
  const { d } = createPrivateKey(pem).export({ format: 'jwk' })
  return new Uint8Array(hkdfSync('sha256', Buffer.from(d!, 'base64url'), '', `kept ${purpose}`, 32))
}
