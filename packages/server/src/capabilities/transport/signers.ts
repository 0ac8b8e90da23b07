/** A kind of key that a server may sign with, each of which may have a certificate of its own. */
export interface Signer {
  key: string
  /** How a ClientHello asks for it alone: by signatures (RFC 8446, section 4.2.3), and up to TLS 1.2 by suites too. */
  signatures: readonly number[]
  exchanges: readonly string[]
  /** The same for OpenSSL. */
  sigalgs: string
  ciphers: string
  /** Whether TLS 1.1 and older can ask for it. */
  isOld: boolean
}

const rsa = { exchanges: ['ecdhe-rsa', 'dhe-rsa', 'rsa'], ciphers: 'aRSA:@SECLEVEL=0' }
const ecdsa = { exchanges: ['ecdhe-ecdsa'], ciphers: 'aECDSA:@SECLEVEL=0' }

/** TLS 1.3 binds a curve to its signature, so that each curve can be asked for alone. */
export const signers: readonly Signer[] = [
  {
    key: 'RSA',
    ...rsa,
    signatures: [0x08_04, 0x08_05, 0x08_06, 0x04_01, 0x05_01, 0x06_01, 0x02_01],
    sigalgs:
      'rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:rsa_pkcs1_sha256:rsa_pkcs1_sha384:rsa_pkcs1_sha512:rsa_pkcs1_sha1',
    isOld: true,
  },
  {
    key: 'RSA-PSS',
    ...rsa,
    signatures: [0x08_09, 0x08_0a, 0x08_0b],
    sigalgs: 'rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512',
    isOld: false,
  },
  {
    key: 'P-256',
    ...ecdsa,
    signatures: [0x04_03, 0x02_03],
    sigalgs: 'ecdsa_secp256r1_sha256:ecdsa_sha1',
    isOld: true,
  },
  {
    key: 'P-384',
    ...ecdsa,
    signatures: [0x05_03],
    sigalgs: 'ecdsa_secp384r1_sha384',
    isOld: false,
  },
  {
    key: 'P-521',
    ...ecdsa,
    signatures: [0x06_03],
    sigalgs: 'ecdsa_secp521r1_sha512',
    isOld: false,
  },
  { key: 'Ed25519', ...ecdsa, signatures: [0x08_07], sigalgs: 'ed25519', isOld: false },
  { key: 'Ed448', ...ecdsa, signatures: [0x08_08], sigalgs: 'ed448', isOld: false },
]
