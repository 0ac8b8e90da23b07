import type { Rule } from './rule.ts'

export const monitoringRules: readonly Rule[] = [
  {
    proof: 'monitoring.continuous',
    words: 'monitor continuous',
    not: '"camera" "cctv" "office" "premises" "building" "video"',
    take: { gap: 'gap' },
  },
  {
    proof: 'monitoring.continuous',
    words: '~monitor|"metrics" "gap"|"silent"|"silence"|"quiet"|"blind" @length ~alert|on_call',
    not: '"camera" "video" customer',
    take: { gap: 'length' },
    need: 'gap',
    near: 14,
  },
  {
    proof: 'monitoring.flow-logs',
    words: 'flow_logs "enable"|"collect"|"=on"|"record"|"capture"',
  },
  {
    proof: 'monitoring.detector',
    words:
      '^@detectors "=on"|"enable"|"use"|"run"|"active"|"ingest"|"deploy"|"watch"|"detect"|"every region"',
    not: 'alert on_call ^laptop ^computer malware',
    take: { with: 'names detectors' },
    need: 'with',
  },
  {
    proof: 'monitoring.detector',
    words:
      '@detectors "all regions"|"all our regions"|"every account"|"all accounts"|"all our accounts"|"all of our accounts"',
    not: '"cost"|"costs"|"price"|"billing" alert on_call',
    bare: true,
    take: { with: 'names detectors' },
    need: 'with',
    near: 6,
  },
  {
    proof: 'monitoring.outliers',
    words: '~logs outlier alert',
    over: 'logs.kept',
    not: '@detectors "login"',
    take: { within: 'bound' },
  },
  {
    proof: 'monitoring.outliers',
    words:
      'outlier "activity"|"behaviour"|"traffic"|"access"|"sign in"|"login"|"event"|"pattern"|"request" alert',
    take: { within: 'bound' },
    not: '@detectors "you"|"your"|"the user"|"users" incident customer',
  },
  {
    proof: 'monitoring.outliers',
    words: '~logs ~outlier "we get notified"|"we are notified"|"we are alerted"|"alerts us"',
    not: '@detectors customer',
  },
  {
    proof: 'monitoring.protections',
    words:
      '^@protections "protect"|"behind"|"shield"|"use"|"employ"|"guard"|"mitigate"|"block"|"filter"|"safeguard"|"in operation"|"operate"|"in place"|"enabled"|"installed"|"active"|"run"|"maintain"|"keep out"|"edge"|"pass"|"passes"|"sits behind"|"protection"|"rate limited"|"front"|"bad guys"|"attackers out"|"intruders out"|"hackers out"|"keep attackers"|"keeps attackers"|"keep intruders"|"keeps intruders"|"at bay"|"fend off"|"ward off"',
    not: '"your firewall"|"firewall team"|"their firewall"|"firewall settings" "allow list" "ip range" "per minute" "per second"',
    take: { for: 'names protections' },
    need: 'for',
  },
  {
    proof: 'monitoring.protections',
    words:
      '"protected with the following"|"safeguards protect it"|"protected by the following" +@protections',
    take: { for: 'names protections' },
    need: 'for',
  },
  {
    proof: 'ledger.coverage',
    words: 'audit_trail @layers',
    not: '"entry alteration"|"entry and alteration"|"alteration and deletion" @length background "user account"|"your"|"end user" "subprocessor" "building"|"office"|"premises"|"door"|"visitor"',
    take: { layers: 'names-all layers', with: 'names services' },
    need: 'layers|with',
  },
  {
    proof: 'ledger.coverage',
    words: '"auditing allows"|"auditing lets"|"track changes"|"audit access" @layers',
    take: { layers: 'names-all layers' },
    need: 'layers',
  },
  {
    proof: 'logs.kept',
    words: '^logs retain @length',
    not: '"log in" "logged in" "logged out" "logs out" "log you" session "building"|"office"|"premises"|"door"|"visitor" "user account"|"your"|"end user"',
    take: { for: 'lasting' },
    need: 'for',
    over: 'ledger.coverage retention',
  },
  {
    proof: 'logs.kept',
    words: '^"audit logs"|"log files"|"logs" @length',
    not: '"building"|"office"|"premises"|"door"|"visitor" delete answer "log in" "log you" "logged in" "logged out" "logs out" session',
    take: { for: 'lasting' },
    need: 'for',
    near: 8,
  },
  {
    proof: 'uptime',
    words: '^uptime @percent',
    not: '"credit" "last month" "average of the last"',
    take: { min: 'percent' },
    need: 'min',
  },
  {
    proof: 'load.tested',
    words: 'loadtest "request"|"requests"|"req"|"rps"',
    take: { rate: 'count request', every: 'frequency' },
    need: 'rate',
  },
  {
    proof: 'load.tested',
    words:
      '"simulate"|"simulated"|"rehearse"|"throw" "requests per second"|"requests a second"|"requests per minute"',
    take: { rate: 'count request', every: 'frequency' },
    need: 'rate',
  },
  {
    proof: 'processing.complete',
    words: 'process_complete',
    denial: 'allowed',
    take: { within: 'bound' },
  },
  {
    proof: 'processing.complete',
    words:
      '~"processing"|"jobs"|"job" @length "finished within"|"processed within"|"completed within"|"done within"|"delivered within"',
    not: 'ticket incident vulnerability',
    bare: true,
    take: { within: 'bound' },
    need: 'within',
  },
  {
    proof: 'processing.complete',
    words:
      '"accepted"|"accept"|"received"|"queued" "job"|"jobs"|"file"|"message"|"event"|"webhook"|"record"|"payload"|"transaction"|"run"|"batch"|"import" "delivered"|"processed"|"finished"|"completed" @within',
    not: 'ticket incident vulnerability export delete customer "request"|"report"|"reports"',
    take: { within: 'bound' },
    need: 'within',
    near: 20,
  },
  {
    proof: 'uptime',
    words: '@percent "promise"|"commit"|"guarantee" "month"|"months"|"year"|"quarter"',
    not: '"credit" "last month" "average of the last" "of requests" "refund" "profit" ticket answer @cipher',
    take: { min: 'high-percent' },
    need: 'min',
    near: 10,
  },
  {
    proof: 'paging',
    words: '^on_call alert|"=calls"|"=phones"|"acknowledge"|"paged"|"integrated"|"page the"|"wake"',
    not: 'customer researcher "=on calls" "written by" "who carry"',
    take: { within: 'bound', via: 'names pagingChannels', from: 'names-back detectors' },
    over: 'monitoring.detector monitoring.outliers',
    joins: true,
  },
  {
    proof: 'paging',
    words: '~on_call "respond"|"pick up"|"pick it up"|"react"|"acknowledge"|"acked" @within',
    not: 'customer researcher ticket',
    take: { within: 'bound', via: 'names pagingChannels' },
    need: 'within',
    joins: true,
  },
  {
    proof: 'paging',
    words: '"alert"|"alarm" "acknowledge" @within',
    not: 'customer researcher',
    take: { within: 'bound' },
    need: 'within',
    joins: true,
  },
]
