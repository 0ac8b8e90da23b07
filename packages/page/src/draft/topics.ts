/**
 * What security pages speak of: a name for people, and words of which each term must stand in a sentence,
 * written as those of a rule. A sentence about one of these that nothing binds is worth a second look.
 */
export const topics: readonly { name: string; words: string }[] = [
  { name: 'backups', words: 'backup' },
  { name: 'penetration tests', words: 'pentest' },
  { name: 'vulnerability scans', words: 'scan' },
  { name: 'sub-processors', words: 'subprocessor' },
  { name: 'suppliers', words: 'vendor' },
  { name: 'checks of employees', words: 'background' },
  { name: 'training', words: 'training' },
  { name: 'confidentiality', words: '"confidentiality agreement"|"confidentiality agreements"|"ndas"|"sign an nda"|"signs an nda"|"secrecy"|"non disclosure"|"bound to confidentiality"|"confidentiality undertaking"' }, // prettier-ignore
  { name: 'a second factor', words: 'two_factor' },
  { name: 'single sign-on', words: 'sso' },
  { name: 'passwords', words: 'password' },
  { name: 'sessions', words: '"session"|"sessions"|"signed out"|"logged out"|"inactivity"' },
  { name: 'keys', words: '"encryption key"|"encryption keys"|"cryptographic key"|"cryptographic keys"|"master key"|"key management"' }, // prettier-ignore
  { name: 'encryption', words: 'encrypt|"tls"|"ssl"' },
  {
    name: 'weaknesses',
    words:
      '"vulnerability"|"vulnerabilities"|"weakness"|"weaknesses"|"=findings"|"security issue"|"security issues"|"security hole"|"critical issues"|"critical issue"|"cve"',
  },
  { name: 'dependencies', words: '"=dependency"|"=dependencies"|"=libraries"|"library"|"open source"|"third party code"|"security fix"|"security update"|"security updates"|"security patch"|"security patches"' }, // prettier-ignore
  { name: 'changes of code', words: '"code"|"pull request"|"merge request"|"every change"|"each change"|"all changes"|"every release"|"each release"|"every deployment"' }, // prettier-ignore
  { name: 'recovery', words: '"disaster"|"outage"|"outages"|"rto"|"rpo"|"recovery"|"recover"|"failover"|"continuity"|point_in_time|recovery_time|recovery_point' }, // prettier-ignore
  { name: 'incidents', words: 'incident' },
  { name: 'logs', words: '"log"|"logs"|"logging"|"audit trail"|"audit trails"' },
  { name: 'monitoring', words: '"monitor"|"monitored"|"monitoring"|"watched"|on_call' },
  { name: 'protections', words: '@protections' },
  { name: 'card numbers', words: 'card' },
  {
    name: 'deletion',
    words:
      '"delete"|"deletion"|"erase"|"erased"|"destroyed"|"purged"|"wiped"|"=gone" data|customer_data|"account"|"everything"',
  },
  { name: 'export', words: '"export"|"exports"|"portability"|"copy of all"|"copy of your data"' },
  { name: 'where data lies', words: '@regionNames data|customer_data|hosted|located|"leave"' },
  { name: 'hosting', words: 'provider_word|@hostNames' },
  { name: 'uptime', words: '"uptime"|"availability"' },
  { name: 'customers kept apart', words: 'isolate|other_customer data|customer|"record"|"environment"|"network"' }, // prettier-ignore
  { name: 'environments', words: '@environments isolate|data|customer_data' },
  { name: 'roles', words: 'rbac' },
  { name: 'laptops', words: 'laptop' },
  { name: 'reports of weaknesses', words: 'researcher|"bug bounty"|"responsible disclosure"|"disclosure policy"' }, // prettier-ignore
  { name: 'policies', words: '@policies policy_word' },
  { name: 'access', words: 'limit|nobody|@count production|database|"servers" "can"|"may"|"able to"|"allowed"|"permitted"|"get"|"touch"' }, // prettier-ignore
  { name: 'access', words: '"access"|"permission"|"permissions"|"privileges"|"privileged"' },
  { name: 'who sees data', words: 'nobody|"=share"|"=sell"|"=disclose"|"=disclosed"|"only the" "your"|customer_data "see"|"read"|"browse"|"look at"|"look into"|"sell"|"share"' }, // prettier-ignore
]
