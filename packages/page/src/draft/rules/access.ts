import type { Rule } from './rule.ts'

export const accessRules: readonly Rule[] = [
  {
    proof: 'access.need-to-know',
    words: 'need_to_know ^access|entitlement|"grant"',
    denial: 'allowed',
  },
  {
    proof: 'access.need-to-know',
    words: '"standing access"|"standing privileges"|"permanent access" ~data|staff|production',
    denial: 'needed',
  },
  {
    proof: 'access.need-to-know',
    words:
      '"standing access"|"standing privileges"|"permanent access" data|customer_data|production "prohibited"|"forbidden"|"ruled out"|"banned"|"not allowed"|"not permitted"|"abolished"',
    denial: 'allowed',
    near: 12,
  },
  {
    proof: 'access.approval',
    words: '^entitlement|"grant" approve @approvers',
    not: 'deployment code subprocessor',
    take: { by: 'names approvers' },
  },
  {
    proof: 'access.approval',
    words:
      '~access approve @approvers "ask"|"get it"|"gets it"|"request"|"before"|"first"|"in advance"',
    not: 'deployment code subprocessor',
    take: { by: 'names approvers' },
  },
  {
    proof: 'access.approval',
    words:
      'access|entitlement approve "request"|"requests" "before"|"first"|"in advance"|"prior"|"must"|"require"',
    not: 'deployment code subprocessor customer_data "your" consent',
    take: { by: 'names approvers' },
  },
  {
    proof: 'access.review',
    words:
      '"who has access"|"who can access"|"who may access" "audit"|"check"|"verify"|"list"|review @frequency',
    take: { every: 'frequency' },
  },
  {
    proof: 'access.review',
    words: '^entitlement|"access grants"|"grants of access" review @frequency',
    not: '^api ^code ^vendor ^logs vulnerability policy_word "firewall"',
    take: { every: 'frequency' },
  },
  {
    proof: 'access.review',
    words: 'access review "right"|"list"|"permission"|"control"|"regularly"|"periodic"',
    not: '^api ^code ^vendor ^logs vulnerability policy_word',
    take: { every: 'frequency' },
  },
  {
    proof: 'access.review',
    words:
      '"permission"|"permissions"|"access right"|"access rights"|"user access"|"privilege"|"privileges" "audited"|"audit" @frequency',
    not: 'api code vendor logs customer',
    take: { every: 'frequency' },
    near: 14,
  },
  {
    proof: 'access.limit',
    words:
      '^production access|"keys to"|"open to"|"credentials"|"logins" limit|@count @roles|people|"of us"',
    not: 'database consent review approve need_to_know two_factor customer_data "production logs"|"production metrics"|"production dashboards"|"production alerts"',
    denial: 'allowed',
    take: { max: 'count people', to: 'names roles', in: 'environment' },
    need: 'max|to',
  },
  {
    proof: 'access.limit',
    words: '^production @count people ~access',
    not: 'database',
    bare: true,
    take: { max: 'count people', to: 'row roles' },
    need: 'max',
    give: { in: 'production' },
    near: 4,
  },
  {
    proof: 'access.database',
    words: '^database @count people ~access',
    bare: true,
    take: { max: 'count people', to: 'row roles' },
    need: 'max',
    near: 4,
  },
  {
    proof: 'access.limit',
    words: '"lower environment" access @roles|team',
    take: { to: 'names roles' },
    need: 'to',
    give: { in: 'lower' },
  },
  {
    proof: 'access.database',
    words: 'database access|"account"|"credential"|"logins"|"login" limit|@count @roles|people',
    not: 'review consent',
    denial: 'allowed',
    take: { max: 'count people', to: 'names roles' },
    need: 'max|to',
    over: 'access.limit',
  },
  {
    proof: 'access.second-factor',
    words:
      'two_factor ~access ^data|customer_data|database|production|"before the access"|"access is given" enforce|"always"|"before"|"each time"',
    not: '"all systems" "corporate" "production systems" everyone @services to_customer "their account" "remote" system "of us"',
    over: 'mfa.staff',
  },
  {
    proof: 'access.second-factor',
    words:
      'access two_factor "only after"|"only once"|"not before"|"not until" "given"|"granted"|"opened"|"possible"',
    not: '"vpn" "your" customer "account"|"accounts" "building"|"office"|"door" "remote" @services "corporate" everyone "all systems" "information systems" "every system"',
    denial: 'allowed',
    over: 'mfa.staff',
    near: 14,
  },
  {
    proof: 'access.timeboxed',
    words:
      '^access|"grant"|"consent expires"|"consent lapses"|"consent runs out"|"approval expires"|"approval lapses"|"pass"|"permission"|"rights"|"privileges"|"elevated" "run out"|"runs out"|"ends after"|"ends on its own"|"is withdrawn"|"revoked after"|"expire"|"lapse"|"time limited"|"time boxed"|"time bound"|"temporary"|"shuts itself off"|"switches itself off"|"switch itself off"|"turns itself off"|"ends by itself"|"automatically end"|"automatically revoked"|"ends automatically"|"just in time"|"closes by itself"|"closes itself"|"by itself"|"loses the access"|"loses access"|"dies after"|"remain in effect"|"remains in effect"|"in effect for"|"for a maximum of"|"of its own accord"',
    not: '"sessions" "session" "token" "building"|"office"|"premises"|"door"|"car park" leaver "user account"|"your"|"end user" "link" "trial" "cookie"|"cookies"|"marketing"',
    take: { max: 'bound' },
  },
  {
    proof: 'access.timeboxed',
    words:
      '"access time"|"time of access" "kept as low"|"as low as possible"|"as short as possible"',
  },
  {
    proof: 'access.consent',
    words:
      'access|"open"|"look into"|"enter"|"log in" customer_data|data|"account"|"my"|"your" staff|us|nobody|partner|"someone"|"anyone" consent',
    not: 'purpose other_customer',
    denial: 'some',
    take: { who: 'consent-who' },
    near: 30,
  },
  {
    proof: 'access.consent',
    words: 'access customer_data|data|"it" third_party consent',
    denial: 'some',
    take: { who: 'consent-who' },
    over: 'third-parties',
    near: 30,
  },
  {
    proof: 'access.consent',
    words: '^access customer_data|data|"it"|"them" staff|partner|nobody',
    not: 'third_party need_to_know other_customer consent "without it" "internal" "only" "limited to" @count production database "standing" purpose key "encrypted" two_factor',
    denial: 'some',
    take: { who: 'consent-who' },
    near: 26,
  },
  {
    proof: 'access.revoked',
    words: '~leaver revoke ^account @within',
    not: 'customer_data session',
    take: { within: 'within' },
    need: 'within',
    over: 'access.timeboxed',
    near: 34,
  },
  {
    proof: 'devices.encrypted',
    words: 'encrypt|"filevault"|"bitlocker" ^laptop',
    not: 'in_transit "data you"',
    over: 'encryption.at-rest',
  },
  {
    proof: 'devices.encrypted',
    words:
      '"endpoint"|"endpoints" "disk encryption"|"full disk encryption"|"encrypted disk"|"encrypted disks"|"filevault"|"bitlocker"',
    not: 'in_transit "api" "database"',
    over: 'encryption.at-rest',
    near: 14,
  },
  {
    proof: 'devices.protected',
    words: 'malware|"microsoft defender" ^computer|staff',
    not: '"file" "upload" "defender for cloud" customer',
    near: 22,
  },
  {
    proof: 'staff.trained',
    words:
      'training ^staff|everyone|"mandatory"|"compulsory"|"when you join"|"on joining"|"onboarding"|@frequency',
    not: '"model" "your staff" "your team" "your own" "=depending" customer_data recover',
    take: { every: 'frequency' },
  },
  {
    proof: 'staff.screened',
    words:
      'background ^staff|everyone|"anybody"|"first day"|"before they start"|"before joining"|"prior to"|"before hiring"',
    not: 'vendor "user account"|"your"|"end user"',
  },
  {
    proof: 'staff.screened',
    words:
      'background "day one"|"first day"|"before start"|"before hire"|"before the contract"|"prior to hire"|"on hiring"|"pre employment"',
    not: 'vendor "user account"|"your"|"end user" training',
    bare: true,
    near: 8,
  },
  {
    proof: 'staff.screened',
    words:
      'background "goes through"|"go through"|"clears"|"clear"|"pass"|"passes"|"undergo"|"undergoes"|"subject to" "every"|"each"|"all"|"new"',
    not: 'vendor "user account"|"your"|"end user" customer_data deployment code',
    near: 12,
  },
  {
    proof: 'staff.bound',
    words: 'confidentiality ^staff|everyone|"person"|"signed"|"sign"',
    not: '"availability" "integrity" @certificate "you" "report"',
  },
]
