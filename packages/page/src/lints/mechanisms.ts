import type { Words } from './reading.ts'

/** What security measures do not do, as certain facts. */
export interface Mechanism {
  words: readonly Words[]
  /** In small letters; what it matches is underlined. */
  pattern: RegExp
  /** Words that make the sentence true or doubtful. */
  unless?: RegExp
  why: string
  /** What to write in place of the match, where that can be known. */
  rewrite?: (words: string) => string
}

const hash = String.raw`(?:bcrypt|scrypt|argon2(?:id)?|pbkdf2|md5|sha-?(?:1|2|3|256|384|512)(?:[- ]bit)?)`
const tls = String.raw`(?:tls\/ssl|ssl\/tls|tls|ssl|https)(?: ?v?\d\.\d\+?)?`

const guardDuty = ['guardduty', 'duty']
const itsSources = ['flow', 'cloudtrail', 'dns']
const encrypts = ['encrypt', 'encrypts', 'encrypted', 'encrypting', 'encryption']
const hashes = [
  'bcrypt', 'scrypt', 'argon2', 'argon2id', 'pbkdf2', 'md5', 'sha', 'sha1', 'sha2', 'sha3', 'sha256', 'sha384',
  'sha512',
] // prettier-ignore
const onItsWay = ['tls', 'tlsv1', 'ssl', 'sslv3', 'https']

const feeds =
  'Your own logs do not feed GuardDuty: it reads its own copy of flow, DNS and CloudTrail events from the moment it is enabled (AWS, "GuardDuty foundational data sources"). These are two facts, each with its own check'
const keeps = () => 'VPC flow logs are kept for our own analysis; GuardDuty is enabled'

export const mechanisms: readonly Mechanism[] = [
  {
    words: [guardDuty, itsSources],
    pattern:
      /\b(?:flow|cloudtrail|dns)\b[^.;]{0,80}\b(?:ingest(?:ed)?|fed|feed|sent|send|forward(?:ed)?|stream(?:ed)?|export(?:ed)?|deliver(?:ed)?|ship(?:ped)?|pushed|push|piped|imported|import|collected)\b[^.;]{0,25}\b(?:in|into|to|by)\b[^.;]{0,10}\bguard ?duty\b/,
    why: feeds,
    rewrite: keeps,
  },
  {
    words: [guardDuty, itsSources],
    pattern:
      /\b(?:feed|send|forward|stream|export|deliver|ship|push|pipe|import|ingest|route)(?:s|es|ed|ing)?\b[^.;]{0,40}\b(?:flow|cloudtrail|dns)(?: (?:logs?|events?|trails?))?(?: and [\w ]{1,20})? (?:on |straight |directly )?(?:in|into|to) (?:aws |amazon |our )?guard ?duty\b(?! findings?)/,
    why: feeds,
    rewrite: keeps,
  },
  {
    words: [guardDuty, itsSources],
    pattern:
      /\b(?:flow|cloudtrail|dns)(?: (?:logs?|events?|trails?))?\b[^.;]{0,40}\b(?:so that|so|in order that|in order for|to let|to allow|to enable|to help|for) (?:aws |amazon |our )?guard ?duty (?:can|may|could|to|is able|will|sees?|has)\b/,
    unless: /\bfoundational\b|\b(?:its|their) own\b|\bindependent/,
    why: feeds,
    rewrite: keeps,
  },
  {
    words: [guardDuty, itsSources],
    pattern:
      /\b(?:flow|cloudtrail|dns)(?: (?:logs?|events?|trails?))?\b[^.;]{0,30}\b(?:sources?|basis|inputs?|feeds?|raw data|data) (?:for|of|to|on which) (?:aws |amazon |our )?guard ?duty\b/,
    unless: /\bfoundational\b|\b(?:its|their) own\b|\bindependent/,
    why: feeds,
    rewrite: keeps,
  },
  {
    // What GuardDuty reads by itself is told together: flow, DNS and CloudTrail events.
    words: [guardDuty, itsSources],
    pattern:
      /\b(?:flow logs?|cloudtrail(?: logs?| events?)?)\b[^.;]{0,40}\b(?:analy[sz]ed|processed|inspected|monitored|scanned|read|examined|evaluated|consumed) (?:\w+ly )?(?:by|with|in) (?:aws |amazon )?guard ?duty\b/,
    unless: /\bdns\b|\bfoundational\b|\b(?:its|their) own\b|\bindependent/,
    why: feeds,
    rewrite: keeps,
  },
  {
    words: [guardDuty, itsSources],
    pattern:
      /\bguard ?duty\b[^.;]{0,20}\b(?:ingests?|receives?|consumes?|imports?|collects?|is fed|gets)\b[^.;]{0,20}\b(?:our|the)\b[^.;]{0,30}\b(?:flow|cloudtrail|dns)\b[^.;]{0,20}\blogs?\b/,
    why: feeds,
    rewrite: keeps,
  },
  {
    words: [encrypts, hashes],
    pattern: new RegExp(
      String.raw`\bencrypt(?:ed|s|ing|ion)? (?:(?:at rest|securely|it|them) )?(?:using|with|via|by|through) (?:(?:the|a|an|salted|strong|secure|one-way|industry-standard|irreversible) ){0,3}${hash}\b(?! ?(?:with|and) (?:rsa|aes))`,
    ),
    unless: /\baes\b|aes-?\d|\btls\b|\bssl\b|\brsa\b|signature|signing|signed/,
    why: 'A hash is no encryption: it cannot be reversed and has no key. Passwords are hashed, data is encrypted',
    rewrite: (words) => words.replace(/^encrypt(?:ed|s|ing|ion)?/i, 'hashed'),
  },
  {
    words: [
      ['encryption', 'encrypted', 'cipher'],
      [...hashes, 'way'],
    ],
    pattern: new RegExp(
      String.raw`\b${hash} (?:encrypt(?:ed|ion)|cipher)\b|\bone-way encrypt(?:ed|ion)\b`,
    ),
    unless: /\brsa\b|signature/,
    why: 'A hash is no encryption: it cannot be reversed and has no key. Passwords are hashed, data is encrypted',
    rewrite: (words) =>
      words.replace(/encryption$|cipher$/i, 'hashing').replace(/encrypted$/i, 'hashed'),
  },
  {
    words: [['base64', '64'], encrypts],
    pattern:
      /\bencrypt(?:ed|s|ion)? (?:using|with|via|by|in) base ?64\b|\bbase ?64 encrypt(?:ed|ion)\b/,
    why: 'Base64 is an encoding without a key: anybody can read what it holds',
  },
  {
    words: [['rest', 'stored'], onItsWay],
    pattern: new RegExp(
      String.raw`\bat rest\b[^.;]{0,40}\b(?:using|with|via|by|through|over) (?:\w+[- ]){0,2}${tls}\b|\bstored\b[^.;]{0,30}\bencrypt\w* (?:using|with|via|by|through) (?:\w+[- ]){0,2}${tls}\b|\b${tls} encrypts?\b[^.;]{0,30}\bat rest\b`,
    ),
    unless:
      /\b(?:in transit|transit|in motion|in flight|transmi\w+|transfer\w*|between|connections?|traffic|aes|kms|luks)\b|aes-?\d/,
    why: 'TLS protects data on its way and nothing that is stored: at rest it takes encryption of the disk, the database or the field',
    rewrite: () => 'at rest with AES-256, and in transit with TLS 1.2 or newer',
  },
  {
    words: [['firewall', 'firewalls', 'vpn', 'vpns', 'vpc', 'waf', 'wafs'], encrypts],
    pattern:
      /\bencrypted(?: at rest)? (?:using|with|by|via|behind|through) (?:(?:a|an|our|the|secure|strong) ){0,2}(?:firewalls?|waf|vpc)\b|\b(?:firewalls?|wafs?|vpns?) encrypts? [^.;]{0,30}\b(?:at rest|stored|databases?|disks?)\b|\bencrypted at rest (?:using|with|by|via|behind|through) (?:(?:a|an|our|the|secure|strong) ){0,2}vpns?\b/,
    why: 'A firewall encrypts nothing and a VPN encrypts only what passes through it: stored data needs encryption of its own',
  },
  {
    words: [
      ['1024', '2048', '3072', '4096', '1024bit', '2048bit', '3072bit', '4096bit'],
      ['encryption', 'encrypted'],
    ],
    pattern:
      /\b(?:1024|2048|3072|4096)[- ]?bits? (?:(?:ssl|tls|https|data|strong|secure)\W?){0,2} ?encrypt(?:ion|ed)\b/,
    unless: /\b(?:rsa|pgp|gpg|dh|dhe|diffie)\b|public[- ]key|asymmetric/,
    why: 'That is the size of an RSA key, which signs or agrees on a key; the cipher that encrypts the data has 128 or 256 bits',
    rewrite: () => '256-bit encryption (the certificate has a 2048-bit key)',
  },
  {
    words: [['aes', 'aes512', 'aes1024', 'aes2048', 'aes4096']],
    pattern: /\baes[-_ ]?(?:512|1024|2048|4096)\b|\b(?:512|1024|2048|4096)[- ]bit aes\b/,
    why: 'AES has keys of 128, 192 or 256 bits and no others (FIPS 197)',
    rewrite: () => 'AES-256',
  },
  {
    words: [['end'], onItsWay],
    pattern: new RegExp(
      String.raw`\bend[- ]to[- ]end encrypt(?:ed|ion|s)?\b[^.;]{0,20}\b(?:using|with|via|through|by|over) (?:\w+[- ]){0,2}${tls}\b`,
    ),
    unless: /\b(?:end[- ]user devices?|client[- ]side|only the (?:sender|recipient))\b/,
    why: 'TLS ends at your servers, which then read the data: that is encryption in transit and not end to end',
    rewrite: () => 'encrypted in transit with TLS 1.2 or newer',
  },
  {
    words: [
      ['zones', 'zone'],
      ['region', 'regional'],
    ],
    pattern:
      /\bavailability zones?\b[^.;]{0,60}\b(?:(?:entire|whole|full) region|region(?:al|-wide| wide)? (?:outages?|failures?|disasters?))\b/,
    unless:
      /\b(?:another|other|second|different|multiple|two) regions?\b|cross-region|multi-region/,
    why: 'All availability zones of a region lie in that region: they do not survive its loss, copies in another region do',
  },
]
