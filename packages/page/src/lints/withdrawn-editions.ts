/**
 * Standards, editions and algorithms that have ended. Only what is certain: the day, where that is
 * written, and what took their place.
 */
export interface Edition {
  name: string
  /** Words of which the sentence holds one, as the index has them. */
  words: readonly string[]
  /** In small letters. */
  pattern: RegExp
  /** Written in capitals only: the word means something else in small letters. */
  capitals?: true
  /** Words that make the sentence speak of something else. */
  unless?: RegExp
  ended: string
  source: string
  successor: string | null
  /** What takes its place for passwords, which want a slow function. */
  forPasswords?: string
  /** What ended: a document that is audited against, or a technique. */
  kind: 'standard' | 'technique'
  /** Colloquial: one warning for the page is enough. */
  colloquial?: true
}

function iso(number: string, edition: string, newer: string, ended: string, source: string) {
  const name = `ISO ${number}:${edition}`
  return {
    name,
    words: [edition],
    pattern: new RegExp(
      String.raw`\b(?:iso(?: ?\/ ?iec)?|iec)[- ]?${number} ?(?:: ?|-|\()${edition}\)?(?!\d)`,
    ),
    unless: new RegExp(`${number}[^.]{0,3}${newer}`),
    ended,
    source,
    successor: `ISO ${number}:${newer}`,
    kind: 'standard',
  } as const
}

export const editions: readonly Edition[] = [
  iso('27001', '2013', '2022', '2025-10-31', 'IAF MD 26'),
  iso('27001', '2005', '2022', '2015-10-01', 'IAF resolution 2013-13'),
  iso('27002', '2013', '2022', '2022-02-15', 'the edition of 2022 replaced it'),
  iso('27018', '2014', '2019', '2019-01-31', 'the edition of 2019 replaced it'),
  iso('9001', '2008', '2015', '2018-09-15', 'IAF ID 9'),
  {
    name: 'SSL 2.0 and 3.0',
    words: ['sslv2', 'sslv3', 'ssl'],
    pattern: /\bssl ?v?[23](?:\.0)?\b/,
    ended: '2015-06-25',
    source: 'RFC 7568 forbids SSL 3.0, RFC 6176 SSL 2.0',
    successor: 'TLS 1.2 or newer',
    kind: 'technique',
  },
  {
    name: 'SSL',
    words: ['ssl'],
    pattern:
      /\bssl\b(?! ?v?[23]\b)(?!\W{0,2}(?:labs|tls|server test|vpn|offload|terminat|inspect|pinning|cert\b|certs\b|certificates?\b|based vpn))/,
    unless: /\btls|transport layer security/,
    ended: '2015-06-25',
    source: 'RFC 7568',
    successor: 'TLS 1.2 or newer',
    kind: 'technique',
    colloquial: true,
  },
  {
    name: 'TLS 1.0 and 1.1',
    words: ['tls', 'tlsv1', 'tls1'],
    pattern:
      /\btls ?v?(?:ersion )?1\.[01]\b(?!\.)|\btls ?v?1\.[23](?:,| and| or|\/) ?(?:v|tls )?1\.[01]\b/,
    ended: '2021-03-23',
    source: 'RFC 8996',
    successor: 'TLS 1.2',
    kind: 'technique',
  },
  {
    name: 'SAS 70',
    words: ['sas', 'sas70'],
    pattern: /\bsas[- ]?70\b/,
    ended: '2011-06-15',
    source: 'the AICPA replaced it by SSAE 16',
    successor: 'SOC 1 (SSAE 18)',
    kind: 'standard',
  },
  {
    name: 'SSAE 16',
    words: ['ssae', 'ssae16'],
    pattern: /\bssae[- ]?(?:no\. ?)?16\b/,
    unless: /\bssae[- ]?(?:18|21)\b|16 ?\/ ?18/,
    ended: '2017-05-01',
    source: 'the AICPA replaced it by SSAE 18',
    successor: 'SSAE 18',
    kind: 'standard',
  },
  {
    name: 'The EU-US Privacy Shield',
    words: ['shield'],
    pattern: /\bprivacy shield\b/,
    unless: /\bdata privacy framework\b/,
    ended: '2020-07-16',
    source: 'CJEU C-311/18',
    successor: 'EU-US Data Privacy Framework',
    kind: 'standard',
  },
  {
    name: 'Safe Harbor',
    words: ['harbor', 'harbour'],
    pattern:
      /\b(?:eu|us|u\.s\.|swiss|european)[- ](?:(?:eu|us|u\.s\.|swiss) )?safe harbou?r\b|\bsafe harbou?r (?:framework|privacy principles|certifi)/,
    ended: '2015-10-06',
    source: 'CJEU C-362/14',
    successor: 'EU-US Data Privacy Framework',
    kind: 'standard',
  },
  {
    name: 'PCI DSS before 4.0',
    words: ['pci'],
    pattern: /\bpci[- ]?dss,? ?\(?(?:v|version |ver\. ?)?(?:[12]\.\d|3\.[012](?:\.1)?)\b/,
    ended: '2024-03-31',
    source: 'PCI Security Standards Council',
    successor: 'PCI DSS 4.0.1',
    kind: 'standard',
  },
  {
    name: 'PCI DSS 4.0',
    words: ['pci'],
    pattern: /\bpci[- ]?dss,? ?\(?(?:v|version |ver\. ?)?4\.0\b(?!\.\d)/,
    ended: '2024-12-31',
    source: 'PCI Security Standards Council',
    successor: 'PCI DSS 4.0.1',
    kind: 'standard',
  },
  {
    name: 'FIPS 140-2',
    words: ['fips'],
    pattern: /\bfips(?: pub)?[- ]?140-2\b/,
    unless: /\b140-3\b/,
    ended: '2026-09-21',
    source: 'the CMVP moved every certificate to its historical list',
    successor: 'FIPS 140-3',
    kind: 'standard',
  },
  {
    name: 'NIST CSF 1.1',
    words: ['nist', 'csf'],
    pattern:
      /\b(?:nist csf|nist cybersecurity framework|cybersecurity framework)(?: \(csf\))?,? ?(?:v|version )?1\.[01]\b/,
    ended: '2024-02-26',
    source: 'NIST published version 2.0',
    successor: 'NIST CSF 2.0',
    kind: 'standard',
  },
  {
    name: 'NIST SP 800-53 before revision 5',
    words: ['nist', '800'],
    pattern: /\b800-53,? ?\(?(?:r|rev\.? ?|revision )[1-4]\b/,
    ended: '2021-09-23',
    source: 'NIST withdrew it',
    successor: 'NIST SP 800-53 revision 5',
    kind: 'standard',
  },
  {
    name: 'An OWASP Top 10 before 2021',
    words: ['owasp'],
    pattern: /\bowasp(?:'s)? top (?:10|ten)[ (:-]{1,3}(?:20(?:03|04|07|10|13|17))\b/,
    ended: '2021-09-24',
    source: 'OWASP has published newer editions since',
    successor: 'current OWASP Top 10',
    kind: 'standard',
  },
  {
    name: 'The EU Data Protection Directive',
    words: ['95'],
    pattern: /\bdirective 95\/46(?:\/ec)?\b/,
    unless: /\bgdpr\b|2016\/679/,
    ended: '2018-05-25',
    source: 'the GDPR repealed it',
    successor: 'Regulation (EU) 2016/679 (GDPR)',
    kind: 'standard',
  },
  {
    name: 'The Data Protection Act 1998',
    words: ['1998'],
    pattern: /\bdata protection act,? ?\(?1998\b/,
    unless: /\b2018\b/,
    ended: '2018-05-25',
    source: 'the Data Protection Act 2018 repealed it',
    successor: 'Data Protection Act 2018',
    kind: 'standard',
  },
  {
    name: 'RC4',
    words: ['rc4', 'arcfour'],
    pattern: /\b(?:rc4|arcfour)\b/,
    ended: '2015-02-18',
    source: 'RFC 7465',
    successor: 'AES-128-GCM',
    kind: 'technique',
  },
  {
    name: '3DES',
    words: ['3des', 'triple', 'tdes', 'tdea'],
    pattern: /\b(?:3des|triple[- ]des|tdes|tdea)\b/,
    ended: '2023-12-31',
    source: 'NIST SP 800-131A Rev. 2',
    successor: 'AES-256',
    kind: 'technique',
  },
  {
    name: 'DES',
    words: ['des'],
    pattern: /(?<![\w-])des(?= (?:encrypt|cipher|algorithm|keys?))/,
    capitals: true,
    ended: '2005-05-19',
    source: 'NIST withdrew FIPS 46-3',
    successor: 'AES',
    kind: 'technique',
  },
  {
    name: 'MD5',
    words: ['md5'],
    pattern: /\bmd5\b/,
    unless: /\b(?:checksums?|etag|content-md5|fingerprints?|deduplicat\w*)\b/,
    ended: '2011-03-31',
    source: 'RFC 6151',
    successor: 'SHA-256',
    forPasswords: 'argon2id',
    kind: 'technique',
  },
  {
    name: 'SHA-1',
    words: ['sha', 'sha1'],
    pattern: /\bsha-?1\b/,
    unless: /\b(?:hmac|totp|git|commits?|checksums?|fingerprints?|have i been pwned)\b/,
    ended: '2013-12-31',
    source: 'NIST SP 800-131A forbids it for signatures',
    successor: 'SHA-256',
    forPasswords: 'argon2id',
    kind: 'technique',
  },
]
