import type { Rule } from './rule.ts'

export const findingsRules: readonly Rule[] = [
  {
    proof: 'findings.fixed',
    words: '^@severity @within|"next" ~fix',
    not: 'ticket "respond"|"reply"|"response"|"acknowledge"|"answer"|"answered" "supported" alert researcher',
    take: { severities: 'severities' },
    need: 'critical|high|medium|low',
    over: 'dependencies.updated updates.released pentest',
    near: 40,
    joins: true,
  },
  {
    proof: 'findings.fixed',
    words:
      '^@severity @within "target"|"aim"|"goal"|"commitment"|"deadline"|"time limit"|"due"|"at the latest" ~vulnerability',
    not: 'ticket answer "supported" alert researcher incident',
    bare: true,
    take: { severities: 'severities' },
    need: 'critical|high|medium|low',
    joins: true,
  },
  {
    proof: 'findings.fixed',
    words: '~vulnerability|pentest fix @within',
    not: '@severity dependency ~"security patch"|"security patches"|"security updates" researcher retest answer',
    take: { within: 'within' },
    need: 'within',
    over: 'dependencies.updated',
    joins: true,
  },
  {
    proof: 'findings.fixed',
    words: '"fixed and retested"|"fixed and re tested"|"remediated and retested" @within',
    take: { within: 'within' },
    need: 'within',
  },
  {
    proof: 'findings.retested',
    words: 'retest',
    take: { within: 'retest-within', by: 'retester' },
    not: 'recover backup access',
    over: 'pentest',
  },
  {
    proof: 'findings.retested',
    words:
      '"check that"|"checks that"|"confirm that"|"confirms that"|"verify that"|"verifies that"|"make sure that" "gone"|"fixed"|"closed"|"we did"|"really did"|"holds"|"remedied" ^third_party|pentest|"testers"|"come back"|"comes back"|"they"',
    not: 'backup access recover',
    take: { within: 'retest-within', by: 'retester' },
    over: 'pentest pentest.report findings.fixed',
  },
  {
    proof: 'pentest',
    words:
      'pentest "perform"|"conduct"|"commission"|"undergo"|"carry out"|"carried out"|"undertake"|"done"|"happen"|@frequency|third_party|"external"',
    not: '"next test" "request" "fixed" "report" "summary" retest "own penetration" recover "cover"',
    take: { every: 'cadence', 'per-year': 'per-year', by: 'tester' },
  },
  {
    proof: 'pentest',
    words:
      'third_party "attack"|"hack"|"break in"|"probe"|"check"|"test"|"examine"|"break into" @frequency',
    not: '@severity "vulnerability scan"|"vulnerability scanning"|"vulnerability testing" recover backup failover "scan"',
    take: { every: 'cadence', 'per-year': 'per-year' },
    need: 'every|per-year',
    give: { by: 'third-party' },
  },
  {
    proof: 'pentest.scope',
    words: 'owasp test|pentest|areas',
    not: '"train"',
    take: { covers: 'names testAreas', edition: 'owasp-edition' },
    need: 'covers',
    over: 'pentest changes.tested',
  },
  {
    proof: 'pentest.scope',
    words: '~pentest areas +@testAreas',
    take: { covers: 'names testAreas', edition: 'owasp-edition' },
    need: 'covers',
    over: 'pentest',
    near: 40,
  },
  {
    proof: 'pentest.booked',
    words:
      '"next test"|"next round"|"next penetration test"|"next vapt"|"next pen test"|"next pentest"|"next engagement"|"next assessment"|"next one" @date',
    take: { by: 'date' },
    need: 'by',
    over: 'pentest',
  },
  {
    proof: 'pentest.report',
    words:
      '"report"|"summary" ^pentest "up to date"|"latest"|"most recent"|"current"|"available"|"on request"|"upon request"|"younger"|"older"|"share"',
    take: { age: 'bound' },
    not: 'retest',
    denial: 'allowed',
    over: 'pentest pentest.on-request',
    modal: true,
  },
  {
    proof: 'pentest.report',
    words:
      '"report"|"summary" ~pentest "latest"|"copy of the latest"|"most recent"|"not older than"|"no older than"',
    take: { age: 'bound' },
    not: 'retest @certificate incident',
    over: 'pentest pentest.on-request',
    modal: true,
  },
  {
    proof: 'pentest.report',
    words: '"report"|"reports"|"summary" ~pentest "available"|"on request"|"upon request"|"nda"',
    not: 'retest @certificate incident researcher disclosure vulnerability',
    take: { age: 'bound' },
    over: 'pentest pentest.on-request',
    modal: true,
    near: 12,
  },
  {
    proof: 'pentest.report',
    words:
      '~"report"|"letter of attestation"|"summary" ~pentest|"latest test" "old"|"older than"|"younger than" @length',
    take: { age: 'bound' },
    need: 'age',
    not: 'retest @certificate incident backup vulnerability data',
    denial: 'allowed',
    over: 'pentest pentest.on-request',
    near: 16,
  },
  {
    proof: 'pentest.on-request',
    words:
      '~"vulnerability testing"|"own tests"|"test us for vulnerabilities"|"test us"|"test you ourselves"|pentest customer|"your own" "request"|"notifying us"|"notify us"|"notice to us"|"prior notice"|"written notice"|"advance notice"|"notice"|"tell us"|"ahead"|"arrangement"|"arranged"|"facilitate"|"welcome"|"permission"|"agree"|"gladly"',
    not: '"report" "summary"',
    take: { within: 'within' },
    over: 'pentest scan',
    modal: true,
    duty: true,
    joins: true,
  },
  {
    proof: 'pentest.on-request',
    words:
      '~"own tests"|"own test"|"own testing"|pentest ~customer|"your own" ~"request" answer @within',
    take: { within: 'within' },
    need: 'within',
    over: 'disclosure.answered',
    modal: true,
    joins: true,
  },
  {
    proof: 'pentest',
    words: '"ethical hackers"|"professional hackers"|"hired hackers" third_party @frequency',
    not: '"report"|"reports" reward disclosure retest recover',
    take: { every: 'cadence', 'per-year': 'per-year', by: 'tester' },
    near: 14,
  },
  {
    proof: 'scan',
    words: 'scan @frequency',
    not: 'code card malware "document" recover "commit" "pull request"',
    take: { every: 'frequency', by: 'tester' },
    need: 'every',
    over: 'pentest',
  },
]
