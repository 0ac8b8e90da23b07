import { formatVerifierKey, noteSigner, signingKey } from '@kept/ledger'

/** The log of every test: its key is made of a constant. */
const key = signingKey(new Uint8Array(32).fill(7))
export const testLog = {
  origin: 'kept.test/ledger',
  signer: noteSigner('kept.test/ledger', key),
  key: formatVerifierKey('kept.test/ledger', key.publicKey),
}

/** The bundles of every test: another key, made of a constant too. */
const bundleKey = signingKey(new Uint8Array(32).fill(8))
export const testBundles = {
  key: Buffer.from(bundleKey.publicKey).toString('base64'),
  sign: bundleKey.sign,
}
