import type { Rule } from './rule.ts'

export const disclosureRules: readonly Rule[] = [
  {
    proof: 'disclosure.policy',
    words:
      'disclosure policy_word|"publish"|"follow"|"have"|"run"|"operate"|"public"|"linked"|"read"|"find"|"see"',
    not: '"private bug bounty"|"private bounty"|"private programme"|"private program"|"invite only"|"by invitation"',
    modal: true,
  },
  {
    proof: 'disclosure.answered',
    words: 'researcher|"report"|"reports" answer',
    not: 'ticket alert "affected" "questions"',
    take: { within: 'within' },
  },
  {
    proof: 'disclosure.answered',
    words: 'answer ~report_found @within',
    not: 'ticket alert incident "affected"',
    take: { within: 'within' },
    need: 'within',
  },
  {
    proof: 'disclosure.rewarded',
    words:
      'reward researcher|disclosure|@severity|"report"|"reports"|"bounty"|"bug bounty"|"severity"|"finding"|"findings"',
    not: '"exclude" "out of scope" "not eligible"',
    take: { severity: 'least-severity' },
  },
  {
    proof: 'contact',
    words: '@email ~contact_word|researcher|"reach"',
    take: { address: 'email' },
    need: 'address',
    modal: true,
    duty: true,
  },
  {
    proof: 'contact',
    words: '"available for any questions"|"questions and follow up"|"for questions and follow"',
    modal: true,
  },
  {
    proof: 'links',
    words: 'links_word read_these',
    not: '@length @frequency "their documentation"|"their website"|"their page"|"their pages"|"its documentation"',
    modal: true,
    duty: true,
  },
  {
    proof: 'links',
    words: '"=published here"|"=described here"|"=listed here"|"found here"|"available here"',
    modal: true,
    provider: true,
  },
  {
    proof: 'policy',
    words:
      '@policies policy_word "have"|"place"|"maintain"|"documented"|"written"|"approved"|"follow"|"exists"|"there is"',
    not: '"test" failover tabletop',
    take: { of: 'names-whole policies' },
    need: 'of',
  },
]
