import type { Rule } from './rule.ts'

export const findingsRules: readonly Rule[] = [
  {
    proof: 'findings.fixed',
    words: '^@severity @within|"next" ~fix',
    not: 'ticket answer "supported" alert researcher',
    take: { severities: 'severities' },
    need: 'critical|high|medium|low',
    over: 'dependencies.updated updates.released pentest',
    near: 40,
    joins: true,
  },
  {
    proof: 'findings.fixed',
    words: '~vulnerability|pentest fix @within',
    not: '@severity dependency researcher retest answer',
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
    take: { within: 'within', by: 'retester' },
    not: 'recover backup access',
    over: 'pentest',
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
    words: 'third_party "check"|"test"|"examine"|"break into" @frequency',
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
    proof: 'pentest.on-request',
    words:
      '~"vulnerability testing"|"test us for vulnerabilities"|"test us"|"test you ourselves"|pentest customer|"your own" "request"|"facilitate"|"welcome"|"permission"|"agree"|"gladly"',
    not: '"report" "summary"',
    take: { within: 'within' },
    over: 'pentest scan',
    modal: true,
    duty: true,
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
