import type { Rule } from './rule.ts'

export const continuityRules: readonly Rule[] = [
  {
    proof: 'backup',
    words: '^backup @frequency',
    not: 'test recover delete "from those"|"from these"|"from them"|"from our backups"|"from the backups"|"from backups"|"rebuild"|"rehearse"|"drill"',
    take: { every: 'frequency' },
    need: 'every',
  },
  {
    proof: 'backup',
    words: '^backup ^"interval"|"frequency"|"cadence"|"rhythm" @length',
    not: 'test recover delete',
    bare: true,
    take: { every: 'length' },
    need: 'every',
  },
  {
    proof: 'backup.copies',
    words: '~backup copies',
    not: 'zones "contingency" delete failover standby "replicate"',
    take: { min: 'copies', within: 'copy-regions', encrypted: 'encrypted' },
    over: 'residency',
  },
  {
    proof: 'backup.copies',
    words:
      '^backup "second"|"another"|"different"|"separate"|"two"|"three"|"four"|"multiple"|"several" "region"|"regions"|"location"|"locations"|"site"|"country"|"countries"|"data center"|"facility"',
    not: 'zones "contingency" delete failover',
    take: { min: 'copies', within: 'copy-regions', encrypted: 'encrypted' },
    over: 'residency',
    near: 20,
  },
  {
    proof: 'backup.copies',
    words:
      '~backup @regionNames "both"|"also"|"second"|"copy"|"copies"|"too"|"as well"|"replicate"',
    not: '"contingency" delete failover',
    take: { min: 'copies', within: 'copy-regions', encrypted: 'encrypted' },
    over: 'residency',
    near: 20,
  },
  {
    proof: 'backup',
    words: '~backup @frequency "how often"|"frequency"|"interval"|"schedule"',
    not: 'test recover delete',
    bare: true,
    take: { every: 'frequency' },
    need: 'every',
    near: 6,
  },
  {
    proof: 'backup.copies',
    words: '~backup @regionNames "where"|"location"|"locations"|"stored in"|"kept in"|"copies"',
    not: 'zones "contingency" delete failover',
    bare: true,
    take: { min: 'places', within: 'names regionNames', encrypted: 'encrypted' },
    need: 'min',
    over: 'residency',
  },
  {
    proof: 'backup.copies',
    words: '^backup retain|"sit"|"lie"|"live"|"held"|"stored" @regionNames',
    not: 'zones "contingency" delete failover "from" "office" "offices"',
    take: { min: 'places', within: 'names regionNames', encrypted: 'encrypted' },
    need: 'min',
    over: 'residency',
    near: 12,
  },
  {
    proof: 'restore.point-in-time',
    words: 'point_in_time',
    take: { every: 'restore-frequency' },
  },
  {
    proof: 'recovery',
    words: 'recovery_time|recovery_point @length',
    not: 'point_in_time "the last"|"of the last"|"of the past" "file" "deleted" "trash" to_customer "tester" "auditor" "assessor" retest pentest',
    take: { rto: 'rto', rpo: 'rpo' },
    need: 'rto|rpo',
    joins: true,
  },
  {
    proof: 'recovery',
    words:
      '^recover ^test|"tested"|"for real"|"drill"|"rehearse"|"practise"|"practice"|"exercise" @frequency',
    not: 'point_in_time failover redeploy tabletop',
    take: { every: 'frequency', rto: 'rto', rpo: 'rpo' },
    need: 'every',
    joins: true,
  },
  {
    proof: 'recovery',
    words:
      '^recovery_time|recovery_point "drilled"|"rehearsed"|"tested"|"practised"|"practiced"|"exercised" @frequency',
    not: 'failover redeploy tabletop point_in_time',
    take: { every: 'frequency', rto: 'rto', rpo: 'rpo' },
    need: 'every',
    joins: true,
    near: 14,
  },
  {
    proof: 'recovery',
    words: '"restore"|"restoration" ~backup @frequency',
    not: 'point_in_time failover redeploy customer',
    take: { every: 'frequency', rto: 'rto', rpo: 'rpo' },
    need: 'every',
    joins: true,
    over: 'backup',
  },
  {
    proof: 'restore.point-in-time',
    words:
      '"restore"|"restoration"|"restoring"|"restores"|"test restore"|"restore test" ~backup|"copies"|"database"|"data" "test"|"tested"|"tests"|"drill"|"rehearse"|"practise"|"practice"|"try"|"exercise"|"prove"|"verify"|"check" @frequency',
    not: 'failover redeploy customer tabletop',
    take: { every: 'restore-frequency' },
    need: 'every',
    over: 'backup',
  },
  {
    proof: 'failover',
    words:
      'failover|"standby"|"secondary" ^standby|"test"|"exercise"|"back"|"database servers" @frequency',
    not: 'zones',
    take: { every: 'frequency' },
    need: 'every',
    over: 'recovery',
    near: 34,
  },
  {
    proof: 'failover',
    words:
      '~failover|standby "practice"|"practise"|"rehearse"|"drill"|"exercise" "that"|"this"|"it" @frequency',
    not: 'redeploy tabletop "contingency" ~"region" backup',
    take: { every: 'frequency' },
    need: 'every',
    near: 12,
  },
  {
    proof: 'replicas',
    words: 'zones',
    not: '"backup" "snapshot" "region has"',
    take: { min: 'count node', zones: 'zones', of: 'replica-kind' },
    need: 'zones',
  },
  {
    proof: 'replicas',
    words:
      '^"database"|"databases"|"service"|"services"|"instances"|"application" "multiple copies"|"at least two"|"two instances"|"redundant instances"|"two copies"|"n+1"|"replicas"|"nodes"|"at least three"',
    not: 'backup zones "region" "regions" key review approve',
    take: { min: 'count node', of: 'replica-kind' },
    need: 'min',
  },
  {
    proof: 'tabletop',
    words: 'tabletop',
    take: { every: 'frequency', with: 'names-whole functions' },
  },
  {
    proof: 'contingency',
    words:
      '~"contingency"|"can"|"able"|"move" contingency "launch"|"move"|"migrate"|"run"|"switch"|"relocate"|"start"|"rehearsed"',
    not: 'backup',
    take: { to: 'contingency', within: 'names regionNames', every: 'frequency' },
    need: 'to',
    modal: true,
  },
  {
    proof: 'contingency',
    words:
      '~"contingency"|"loss of a region"|"region fails"|"region is lost"|"outage of a region"|"workloads" "another"|"other"|"different" "region"|"provider"|"cloud" "launch"|"move"|"migrate"|"switch"|"relocate"|"start"',
    not: 'backup copies',
    take: { to: 'contingency', within: 'names regionNames', every: 'sentence-frequency' },
    need: 'to',
    modal: true,
  },
  {
    proof: 'contingency',
    words:
      '^"region goes down"|"region is lost"|"region fails"|"region burns down"|"loss of a region"|"loss of the region"|"region is down"|"region is gone"|"burns down"|"is lost"|"goes dark"|"becomes unavailable" @regionNames "move to"|"moves to"|"moved to"|"start in"|"starts in"|"started in"|"switch to"|"switches to"|"relocate"|"continue in"|"continues in"|"resume in"|"brought up in"|"fail over to"',
    not: 'backup copies "=you"',
    give: { to: 'region' },
    take: { every: 'contingency-frequency' },
    modal: true,
    over: 'residency',
  },
  {
    proof: 'redeploy',
    words: 'redeploy',
    not: 'backup',
    take: { within: 'bound', every: 'frequency' },
  },
  {
    proof: 'contingency',
    words:
      '"region goes dark"|"region go dark"|"region goes down"|"region go down"|"region is lost"|"region fails"|"region fail"|"lose a region"|"lose a whole region"|"lose an entire region"|"loss of a region" "in another one"|"to another one"|"in a different one"|"to a different one"|"in another region"|"to another region"|"in a different region"|"to a different region" "rise"|"start"|"move"|"rebuild"|"come back"|"restart"|"continue"|"switch"|"relocate"|"launch"|"resume"',
    not: 'backup copies "support"',
    give: { to: 'region' },
    modal: true,
    near: 24,
  },
]
