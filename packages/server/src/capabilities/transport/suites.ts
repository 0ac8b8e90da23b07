/** A cipher suite as ClientHello and ServerHello number it (IANA, TLS Cipher Suites). */
export interface Suite {
  id: number
  /** How the keys come about and who signs: `ecdhe-rsa`, `rsa`, `dh-anon`; null where the suite leaves it open (TLS 1.3). */
  exchange: string | null
  /** As pages write it: `aes-256-gcm`. */
  cipher: string
  /** Strength of the cipher's key. */
  bits: number
  aead: boolean
}

/** Bits that a cipher really gives: 3DES has 168 and is worth 112, export ciphers are cut to 40. */
const bitsOf: Record<string, number> = {
  'aes-128-gcm': 128,
  'aes-256-gcm': 256,
  'aes-128-ccm': 128,
  'aes-256-ccm': 256,
  'aes-128-ccm-8': 128,
  'aes-256-ccm-8': 256,
  'chacha20-poly1305': 256,
  'aria-128-gcm': 128,
  'aria-256-gcm': 256,
  'camellia-128-gcm': 128,
  'camellia-256-gcm': 256,
  'aes-128-cbc': 128,
  'aes-256-cbc': 256,
  'camellia-128-cbc': 128,
  'camellia-256-cbc': 256,
  'seed-cbc': 128,
  'idea-cbc': 128,
  '3des-cbc': 112,
  rc4: 128,
  'des-cbc': 56,
  'export-40': 40,
  null: 0,
}

const modern: readonly (readonly [id: number, cipher: string])[] = [
  [0x13_02, 'aes-256-gcm'],
  [0x13_03, 'chacha20-poly1305'],
  [0x13_01, 'aes-128-gcm'],
  [0x13_04, 'aes-128-ccm'],
  [0x13_05, 'aes-128-ccm-8'],
]

/** Up to TLS 1.2, the strongest first, so that a server which leaves the choice to us is asked well. */
const older: readonly (readonly [exchange: string, ciphers: Record<string, readonly number[]>])[] =
  [
    [
      'ecdhe-ecdsa',
      {
        'aes-256-gcm': [0xc0_2c],
        'chacha20-poly1305': [0xcc_a9],
        'aes-128-gcm': [0xc0_2b],
        'aes-256-ccm': [0xc0_ad],
        'aes-128-ccm': [0xc0_ac],
        'aes-256-ccm-8': [0xc0_af],
        'aes-128-ccm-8': [0xc0_ae],
        'aria-256-gcm': [0xc0_5d],
        'aria-128-gcm': [0xc0_5c],
        'camellia-256-gcm': [0xc0_87],
        'camellia-128-gcm': [0xc0_86],
        'aes-256-cbc': [0xc0_24, 0xc0_0a],
        'aes-128-cbc': [0xc0_23, 0xc0_09],
        'camellia-256-cbc': [0xc0_73],
        'camellia-128-cbc': [0xc0_72],
        '3des-cbc': [0xc0_08],
        rc4: [0xc0_07],
        null: [0xc0_06],
      },
    ],
    [
      'ecdhe-rsa',
      {
        'aes-256-gcm': [0xc0_30],
        'chacha20-poly1305': [0xcc_a8],
        'aes-128-gcm': [0xc0_2f],
        'aria-256-gcm': [0xc0_61],
        'aria-128-gcm': [0xc0_60],
        'camellia-256-gcm': [0xc0_8b],
        'camellia-128-gcm': [0xc0_8a],
        'aes-256-cbc': [0xc0_28, 0xc0_14],
        'aes-128-cbc': [0xc0_27, 0xc0_13],
        'camellia-256-cbc': [0xc0_77],
        'camellia-128-cbc': [0xc0_76],
        '3des-cbc': [0xc0_12],
        rc4: [0xc0_11],
        null: [0xc0_10],
      },
    ],
    [
      'dhe-rsa',
      {
        'aes-256-gcm': [0x9f],
        'chacha20-poly1305': [0xcc_aa],
        'aes-128-gcm': [0x9e],
        'aes-256-ccm': [0xc0_9f],
        'aes-128-ccm': [0xc0_9e],
        'aes-256-ccm-8': [0xc0_a3],
        'aes-128-ccm-8': [0xc0_a2],
        'aria-256-gcm': [0xc0_53],
        'aria-128-gcm': [0xc0_52],
        'camellia-256-gcm': [0xc0_7d],
        'camellia-128-gcm': [0xc0_7c],
        'aes-256-cbc': [0x6b, 0x39],
        'aes-128-cbc': [0x67, 0x33],
        'camellia-256-cbc': [0xc4, 0x88],
        'camellia-128-cbc': [0xbe, 0x45],
        'seed-cbc': [0x9a],
        '3des-cbc': [0x16],
        'des-cbc': [0x15],
        'export-40': [0x14],
      },
    ],
    [
      'dhe-dss',
      {
        'aes-256-gcm': [0xa3],
        'aes-128-gcm': [0xa2],
        'aes-256-cbc': [0x6a, 0x38],
        'aes-128-cbc': [0x40, 0x32],
        '3des-cbc': [0x13],
        'des-cbc': [0x12],
        'export-40': [0x11],
      },
    ],
    [
      'rsa',
      {
        'aes-256-gcm': [0x9d],
        'aes-128-gcm': [0x9c],
        'aes-256-ccm': [0xc0_9d],
        'aes-128-ccm': [0xc0_9c],
        'aes-256-ccm-8': [0xc0_a1],
        'aes-128-ccm-8': [0xc0_a0],
        'aria-256-gcm': [0xc0_51],
        'aria-128-gcm': [0xc0_50],
        'camellia-256-gcm': [0xc0_7b],
        'camellia-128-gcm': [0xc0_7a],
        'aes-256-cbc': [0x3d, 0x35],
        'aes-128-cbc': [0x3c, 0x2f],
        'camellia-256-cbc': [0xc0, 0x84],
        'camellia-128-cbc': [0xba, 0x41],
        'seed-cbc': [0x96],
        'idea-cbc': [0x07],
        '3des-cbc': [0x0a],
        rc4: [0x05, 0x04],
        'des-cbc': [0x09],
        'export-40': [0x03, 0x06, 0x08],
        null: [0x3b, 0x02, 0x01],
      },
    ],
    [
      'ecdh-anon',
      {
        'aes-256-cbc': [0xc0_19],
        'aes-128-cbc': [0xc0_18],
        '3des-cbc': [0xc0_17],
        rc4: [0xc0_16],
        null: [0xc0_15],
      },
    ],
    [
      'dh-anon',
      {
        'aes-256-gcm': [0xa7],
        'aes-128-gcm': [0xa6],
        'aes-256-cbc': [0x6d, 0x3a],
        'aes-128-cbc': [0x6c, 0x34],
        'camellia-256-cbc': [0xc5, 0x89],
        'camellia-128-cbc': [0xbf, 0x46],
        '3des-cbc': [0x1b],
        rc4: [0x18],
        'des-cbc': [0x1a],
        'export-40': [0x17, 0x19],
      },
    ],
  ]

function suite(id: number, exchange: string | null, cipher: string): Suite {
  const aead = /-(?:gcm|ccm|ccm-8|poly1305)$/.test(cipher)
  return { id, exchange, cipher, bits: bitsOf[cipher]!, aead }
}

/** What can be offered with TLS 1.3 (RFC 8446, appendix B.4). */
export const modernSuites: readonly Suite[] = modern.map(([id, cipher]) => suite(id, null, cipher))

/** What can be offered with TLS 1.2 and older. Without pre-shared keys, Kerberos and fixed Diffie-Hellman. */
export const olderSuites: readonly Suite[] = older.flatMap(([exchange, ciphers]) =>
  Object.entries(ciphers).flatMap(([cipher, ids]) => ids.map((id) => suite(id, exchange, cipher))),
)
