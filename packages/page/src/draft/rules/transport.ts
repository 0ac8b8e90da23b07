import type { Rule } from './rule.ts'

export const transportRules: readonly Rule[] = [
  {
    proof: 'encryption.in-transit',
    words: 'encrypt in_transit|tls',
    not: 'only_apps laptop backup password "internal traffic"|"between services"|"between our services"|"service to service"|"mutual tls"|"mtls"|"inside our network"|"internal network"',
    take: { min: 'tls' },
  },
  {
    proof: 'encryption.in-transit',
    words: '"protected"|"secured" tls|"in transit"',
    not: 'only_apps laptop backup password "internal traffic"|"between services"|"between our services"|"service to service"|"mutual tls"|"mtls"|"inside our network"|"internal network"',
    take: { min: 'tls' },
  },
  {
    proof: 'encryption.in-transit',
    words:
      'encrypt "connections"|"connection"|"sessions with our" "service"|"all"|"every"|"always"|"servers"|"site"|"app"|"platform"',
    not: 'only_apps laptop backup password database "vpn" "internal traffic"|"between services"|"between our services"|"mutual tls"|"mtls"|"internal network"',
    take: { min: 'tls' },
  },
  {
    proof: 'encryption.in-transit',
    words: '@tlsVersion',
    not: '"your server" "webhook"',
    denial: 'allowed',
    take: { min: 'tls' },
    need: 'min',
  },
  {
    proof: 'encryption.in-transit',
    words:
      'tls enforce|in_transit|"connection"|"browser"|"traffic"|"every endpoint"|"all endpoints"|"security technology"',
    not: 'plain_http "only" "score" "webhook" "internal traffic"|"between services"|"between our services"|"mutual tls"|"mtls"|"internal network"',
    take: { min: 'tls' },
  },
  {
    proof: 'encryption.in-transit',
    words: '"intercept"|"listens in"|"eavesdrop" ~in_transit',
    denial: 'allowed',
  },
  {
    proof: 'encryption.https-only',
    words:
      'plain_http "301"|"308"|"=https"|"not answered"|"closed"|"drop"|"turn away"|"turned down"|"refuse"|"redirect"|"reject"|"bounce"|"disable"|"block"|"turned away"|"upgrade"|"fail"|"forwarded"|"sent to"|"sent on"',
    not: 'password database',
    denial: 'allowed',
  },
  {
    proof: 'encryption.https-only',
    words:
      'plain_http "available"|"answered"|"support"|"accept"|"allow"|"way"|"possible"|"served"|"offer"',
    not: 'password database',
    denial: 'needed',
  },
  {
    proof: 'encryption.https-only',
    words:
      '"=https"|"tls/ssl"|"ssl" "100%"|"only"|"exclusively"|"everywhere"|"hsts"|"all traffic"|"always"',
    not: '"recommend" "webhook"',
    near: 8,
  },
  {
    proof: 'tls.suites',
    words:
      'in_transit|"aead"|"key exchange"|tls|"negotiate"|"exchange keys"|"cipher"|"ciphers" @cipher',
    not: '"at rest"',
    take: { cipher: 'ciphers', exchange: 'exchanges', bits: 'bits' },
    need: 'cipher|exchange',
    over: 'encryption.in-transit',
    near: 40,
  },
  {
    proof: 'tls.suites',
    words: 'in_transit|tls "bit keys"|"bit key" @cipher',
    not: 'at_rest storage "rsa" "certificate"|"certificates"',
    take: { bits: 'bits' },
    need: 'bits',
    near: 12,
  },
  {
    proof: 'tls.grade',
    words: '"ssl labs"|"ssllabs"|"qualys"',
    take: { min: 'grade' },
    need: 'min',
  },
  {
    proof: 'encryption.https-only',
    words:
      '"hsts"|"strict transport security" enforce|"=on"|"enable"|"set"|"sent"|"send"|"in force"|"active"|"use"|"preload"|"everywhere"|"all"',
    over: 'encryption.in-transit',
  },
  {
    proof: 'encryption.database-connections',
    words:
      '^database tls|encrypt|"encrypted connection"|"encrypted connections" "links"|"connections"|"connection"|"tls"|"connect"|"talk"',
    not: '"customer connection" "browser" at_rest customer',
    over: 'encryption.in-transit',
    near: 12,
  },
  {
    proof: 'encryption.database-connections',
    words:
      '~encrypt "so is"|"so are"|"as is"|"as are" "connection"|"connections"|"link"|"links" database',
    not: '"customer connection" "browser" backup',
    over: 'encryption.in-transit',
    near: 9,
  },
  {
    proof: 'encryption.database-connections',
    words:
      'database "reject"|"refuse"|"insist"|"turn away"|"turns away"|"accept"|"drop" "speak tls"|"use tls"|"without tls"|"unencrypted"|"plaintext"|"plain text"|"no tls"|"only tls"|"over tls only"',
    denial: 'allowed',
    over: 'encryption.in-transit',
    near: 14,
  },
  {
    proof: 'encryption.database-connections',
    words: 'database encrypt|tls "connection"|"connections"|in_transit|"between"',
    not: '"customer connection" "browser"',
    over: 'encryption.in-transit',
  },
]
