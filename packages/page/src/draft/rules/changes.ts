import type { Rule } from './rule.ts'

export const changesRules: readonly Rule[] = [
  {
    proof: 'changes.reviewed',
    words:
      '^code review|approve "engineer"|"developer"|"peer"|"second"|"another"|"merge"|"author"|"maintainer"|"colleague"|"someone else"|"somebody else"|"second pair"|"four eyes"|"another pair"|@count|"before release"|"before it"|"before going"',
    not: '"automated code review"|"automated review"|"static analysis" api subprocessor "cto" policy_word "access" "view" "see data"|"see your"|"see customer"|"see the"|"see any"|"see personal"|"see production" "log in"|"log into"',
    take: { min: 'count people', risk: 'risk' },
  },
  {
    proof: 'changes.reviewed',
    words:
      '"merge"|"approve"|"release"|"deploy" "own code"|"own change"|"own changes"|"own work"|"own pull request"|"own pull requests"',
    denial: 'needed',
  },
  {
    proof: 'changes.reviewed',
    words: '^code "approvals"|"approval" @count|"author"',
    take: { min: 'count people', risk: 'risk' },
  },
  {
    proof: 'changes.signed-off',
    words: '^deployment approve @approvers|"cto"',
    take: { by: 'names approvers' },
    over: 'changes.reviewed access.approval',
  },
  {
    proof: 'changes.tested',
    words:
      '"testing"|"tests"|"test"|"tested"|"test suite"|"qa" automated|"manual"|"additional"|"test suite"',
    not: 'pentest backup recover other_customer "tenant boundary"|"cross tenant"|"tenants"|"tenant"|"isolation" two_factor loadtest failover vulnerability "vulnerability scan"|"vulnerability scanning"|"vulnerability testing"',
    take: { by: 'test-kinds', risk: 'risk' },
    need: 'by',
  },
  {
    proof: 'changes.tested',
    words: '"suite"|"tests" "pass"|"passes"|"green" deployment|"ship"|"goes out"|"live"|"merge"',
    not: 'pentest backup recover',
    denial: 'allowed',
    take: { by: 'test-kinds', risk: 'risk' },
    need: 'by',
    near: 16,
  },
  {
    proof: 'changes.tested',
    words: '^code|deployment|"feature"|"features" "tested"|"test"|"tests" "by hand"',
    not: 'pentest backup recover loadtest "vulnerability"|"vulnerabilities" access',
    take: { by: 'test-kinds', risk: 'risk' },
    need: 'by',
    near: 12,
  },
  {
    proof: 'changes.tested',
    words:
      '"unit tests"|"integration tests"|"regression tests"|"end to end tests"|"tests" "gate"|"gates"|"block"|"guard"|"precede" deployment|"merge"',
    not: 'pentest backup recover loadtest vulnerability',
    take: { by: 'test-kinds', risk: 'risk' },
    near: 9,
  },
  {
    proof: 'changes.scanned',
    words: 'automated|"check"|"checks" ~code +@attackClasses',
    not: 'pentest "pen test"',
    take: { for: 'names attackClasses' },
    need: 'for',
    over: 'scan changes.reviewed dependencies.updated',
  },
  {
    proof: 'changes.scanned',
    words:
      '"static analysis"|"static code analysis"|"sast"|"semgrep"|"codeql"|"code scanning"|"secret scanning" +@attackClasses',
    not: 'pentest',
    take: { for: 'names attackClasses' },
    need: 'for',
    over: 'scan changes.reviewed dependencies.updated',
  },
  {
    proof: 'dependencies.updated',
    words: '^dependency update|fix|"patch"|"upgrade"|"bump"',
    not: '"vulnerability scan" @severity "=Depending"|"=depending"',
    take: { within: 'within' },
  },
  {
    proof: 'dependencies.updated',
    words: 'update install @within',
    not: '@severity customer',
    take: { within: 'within' },
    need: 'within',
    over: 'updates.released',
  },
  {
    proof: 'updates.released',
    words:
      '"security release"|"security releases"|"security update"|"security patch"|"patch"|"security fix" install|"release" @frequency|"regular"|"regularly"|"security updates"',
    not: 'dependency customer "status" @severity',
    take: { every: 'frequency' },
  },
  {
    proof: 'updates.released',
    words: '"release"|"ship" "updates"|"new version"|"new versions" @frequency',
    not: '"about" dependency customer "status" incident',
    take: { every: 'frequency' },
    need: 'every',
    near: 14,
  },
  {
    proof: 'environments',
    words:
      '@environments customer_data|"production data"|"real data"|"live data"|"data of customers"',
    not: 'encrypt backup staff',
    denial: 'needed',
    take: { names: 'test-environments' },
  },
  {
    proof: 'environments',
    words: '@environments "share" "credential"|"data"|"network"|"nothing"|"account"|customer_data',
    denial: 'needed',
    take: { names: 'several environments' },
    need: 'names',
    near: 30,
  },
  {
    proof: 'environments',
    words: 'isolate @environments "from each other"|"from one another"|"each from the other"',
    not: 'customer_data "team" "engineers"',
    take: { names: 'several environments' },
    need: 'names',
    over: 'tenancy.segregated',
    near: 30,
  },
  {
    proof: 'environments',
    words:
      '"environment"|"system"|"account"|"run"|"live"|"kept" isolate|"different"|"apart"|"own"|"of their own" @environments',
    not: 'customer_data',
    take: { names: 'several environments' },
    need: 'names',
    over: 'tenancy.segregated',
    near: 30,
  },
  {
    proof: 'environments',
    words: 'isolate @environments',
    not: 'customer_data "team" "engineers" "invoice"|"invoices"',
    bare: true,
    take: { names: 'several environments' },
    need: 'names',
    over: 'tenancy.segregated',
    near: 6,
  },
  {
    proof: 'environments',
    words:
      '@environments "are separate"|"are separated"|"are isolated"|"fully separated"|"strictly separated"|"completely separated"|"fully isolated"|"strictly isolated"|"completely isolated"|"kept separate"|"kept apart"',
    not: 'customer_data "team" "teams" "engineers" "invoice"|"invoices"',
    take: { names: 'several environments' },
    need: 'names',
    over: 'tenancy.segregated',
    near: 10,
  },
]
