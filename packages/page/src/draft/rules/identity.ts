import type { Rule } from './rule.ts'

export const identityRules: readonly Rule[] = [
  {
    proof: 'password.minimum',
    words: '^password "character"|"characters"',
    not: 'hash staff @services "administrators"|"admins"|"root"|"privileged"|"service account"|"service accounts" "at most"|"maximum"|"up to"|"no more than" "company account"|"company accounts"|"corporate account"|"corporate accounts"|"work account"|"work accounts"',
    denial: 'allowed',
    take: { length: 'count character' },
    need: 'length',
  },
  {
    proof: 'password.minimum',
    words: '~password "characters" "minimum"|"shorter than"|"fewer than"|"at least"',
    not: 'hash staff @services "maximum" "administrators"|"admins"|"root"|"privileged"|"service account"|"service accounts"',
    denial: 'allowed',
    take: { length: 'count character' },
    need: 'length',
    near: 8,
  },
  {
    proof: 'password.minimum',
    words: 'password "minimum" enforce customer|"user"|"everyone"|"all"',
    not: 'hash staff system @services',
    take: { length: 'count character' },
  },
  {
    proof: 'password.policy',
    words:
      'password "strong"|policy_word|enforce|"character" staff|@services|"services that our"|"company account"|"company accounts"|"corporate account"|"corporate accounts"|"work account"|"work accounts"',
    not: 'hash "user account"|"your"|"end user" rotate|"change"|"changed"|"changes"|"expire"|"reset"',
    take: { for: 'names services', length: 'count character' },
    over: 'password.minimum',
    near: 40,
  },
  {
    proof: 'password.hashed',
    words: '~password hash',
    not: '"ip" "email" "file" "commit"',
    denial: 'allowed',
    take: { with: 'hashes' },
    over: 'password.minimum password.policy',
  },
  {
    proof: 'password.hashed',
    words: '"salted hash"|"salted hashes"|"salted and hashed"|"hashed and salted"',
    not: '"ip" "email" "file" "commit"',
    denial: 'allowed',
    take: { with: 'hashes' },
    over: 'password.minimum password.policy',
  },
  {
    proof: 'mfa.accounts',
    words: 'two_factor +@services staff|everyone|us|enforce|"all"|"every"|"accounts"|"on"',
    not: 'to_customer sso "sign in with"',
    take: { for: 'names services' },
    need: 'for',
    over: 'mfa.staff',
    near: 50,
  },
  {
    proof: 'mfa.staff',
    words: 'two_factor ^staff|"internal systems"|"corporate systems"|"work system"|"team"',
    not: 'to_customer "customer"',
  },
  {
    proof: 'mfa.staff',
    words:
      'two_factor enforce|"all"|"every"|"use" ~staff|"of us use"|"of us uses"|"of us need"|"of us needs"',
    not: 'to_customer customer',
  },
  {
    proof: 'mfa.tenant',
    words: 'two_factor offer customer',
    not: 'staff_only sso "for all admins"|"for admins"|"for all administrators"|"for administrators"|"for every administrator"|"for every admin"|"of all administrators"|"of all admins"',
    modal: true,
  },
  {
    proof: 'mfa.tenant',
    words: 'two_factor "available"|"offer"|"supported"',
    not: 'staff',
    modal: true,
  },
  {
    proof: 'mfa.tenant',
    words:
      '~two_factor "compulsory"|"mandatory"|"enforce"|"require" "your users"|"your people"|"all of your"|"whole clinic"|"your whole"|"their whole"|"their users"|"their members"|"their people"|"their team"|"its users"|"own users"|"its members"|"whole account"|"whole workspace"|"for all members"|"your organization"|"your team"',
    not: 'staff_only',
    modal: true,
  },
  {
    proof: 'mfa.tenant',
    words:
      '~two_factor "insist"|"enforce"|"demand"|"require"|"make it mandatory"|"make it compulsory" "owners can"|"owner can"|"admins can"|"administrators can"|"administrator can"|"admin can"|"managers can"|"they can"',
    not: 'staff_only sso "password"|"passwords"',
    modal: true,
    near: 14,
  },
  {
    proof: 'mfa.tenant',
    words: '~sso two_factor customer|"for its"|"their accounts" offer',
    not: 'staff_only',
    modal: true,
  },
  {
    proof: 'sso',
    words: 'sso offer|customer|"plan"',
    not: 'staff_only',
    take: { with: 'names ssoNames' },
    modal: true,
  },
  {
    proof: 'sso',
    words: 'sign_in @ssoNames customer|"can"|"support"',
    not: 'staff_only two_factor',
    take: { with: 'names ssoNames' },
    need: 'with',
    modal: true,
  },
  {
    proof: 'sso',
    words: 'sso @ssoNames',
    not: 'staff_only',
    take: { with: 'names ssoNames' },
    need: 'with',
    near: 10,
  },
  {
    proof: 'session.lifetime',
    words:
      '"session"|"sessions" @length "expire"|"end"|"terminate"|"close"|"lifetime"|"life"|"live"|"last"|"valid"|"revoke"',
    not: 'idle "token" "report" access incident delete "archive" "training"',
    take: { within: 'bound' },
    need: 'within',
  },
  {
    proof: 'session.timeout',
    words: 'idle @length',
    not: '"token" "report" access incident delete "archive"',
    take: { within: 'bound' },
    need: 'within',
  },
  {
    proof: 'roles',
    words: 'rbac offer|customer_admin|"decide"|"define"|"product"|"application"|"app"',
    not: 'staff',
    modal: true,
  },
  {
    proof: 'roles',
    words:
      '^"role"|"permission" "assign"|"pick"|"give"|"decide"|"define"|"determine" customer_admin|"teammate"|"member"|"each user"',
    not: 'staff_only incident two_factor "access is" "give us"|"gives us"|"given us"|"let us"|"allow us"|"assign us"|"to us"|"our support"|"our team"|"our engineers"',
    modal: true,
  },
  {
    proof: 'roles',
    words:
      '~"roles"|"role" "owner"|"admin"|"editor"|"member"|"manager" "viewer"|"read only"|"guest"|"member"|"auditor"|"view only"',
    not: 'staff incident "our"',
    bare: true,
    modal: true,
  },
  {
    proof: 'roles',
    words:
      '"decide"|"choose"|"control"|"determine"|"define" customer "which of their"|"which of its"|"which of your"|"who of their"|"who among their"|"who in their" "staff"|"people"|"users"|"employees"|"colleagues"|"members"|"clerks"|"team"|"teammates"|"department" access|"edit"|"change"|"approve"',
    not: 'incident "support" "our staff" "our team"',
    modal: true,
    near: 18,
  },
  {
    proof: 'roles',
    words: '"there are roles"|"has roles"|"roles for"',
    not: 'staff incident production "our"',
    modal: true,
  },
  {
    proof: 'roles',
    words: '"their role"|"role allows"|"role permits"|"roles allow" access|"see"|"do"|"change"',
    not: 'staff incident production',
  },
  {
    proof: 'roles',
    words:
      '"distinct roles"|"separate roles"|"different roles"|"several roles"|"roles with" "permission"|"permissions"|"user"|"users"|"provides"|"offers"|"supports"',
    not: '"our" incident "=production" "our staff" "our team" recover',
    modal: true,
  },
  {
    proof: 'roles',
    words:
      '"roles and permissions"|"permissions per role"|"permissions per user"|"permissions for each role"',
    not: '"our" "page" incident "=production" recover',
    bare: true,
    modal: true,
  },
  {
    proof: 'roles',
    words:
      '"you decide"|"you control"|"you choose"|"you determine" "who does what"|"who sees what"|"who can do what"|"who may do what"|"who can see what"|"who may see what"|"what each"',
    not: 'incident "=production" "our staff" "our team" recover',
    modal: true,
  },
  {
    proof: 'sso',
    words: 'sign_in @ssoNames',
    not: 'staff_only staff two_factor "our"',
    bare: true,
    take: { with: 'names ssoNames' },
    need: 'with',
  },
  {
    proof: 'ip-allow-list',
    words: 'allow_list',
    not: '"firewall"',
    denial: 'needed',
    give: { offered: 'no' },
  },
  {
    proof: 'ip-allow-list',
    words: 'allow_list customer|offer|"restrict"|"limit"',
    not: '"firewall" "our ip" "our address" "publish"',
    modal: true,
  },
  {
    proof: 'addresses.published',
    words: 'own_addresses "publish"|"listed"',
    not: '"email"',
    modal: true,
    duty: true,
    over: 'ip-allow-list',
    near: 20,
  },
  {
    proof: 'addresses.published',
    words: 'allow_list "our ip"|"ip address"|"our address" customer "firewall"',
    modal: true,
    duty: true,
    over: 'ip-allow-list',
    near: 34,
  },
]
