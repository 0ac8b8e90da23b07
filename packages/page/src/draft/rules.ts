/**
 * One kind of promise a row: what words say it, and what of it the proof takes as parameters.
 *
 * `words` must all stand near each other; `a|b` means either; `@table` any name of a table; `"..."` a
 * phrase. `context` lists words that the heading or the line above may supply instead. `not` spoils
 * the row. A denial (`not`, `never`, `no one`) spoils it too, unless `denial` says that the promise is
 * one. `take` fills parameters from the sentence, `give` sets them, `need` names those it must find.
 * `over` drops other proofs recognised in the same words. `provider` rows speak of a provider, all
 * others of the company.
 */
export interface Rule {
  proof: string
  words: string
  not?: string
  denial?: true
  near?: number
  context?: string
  take?: Readonly<Record<string, string>>
  give?: Readonly<Record<string, string>>
  need?: string
  over?: string
  provider?: true
  /** The sentence may speak of what a customer can or should do. */
  modal?: true
}

export const rules: readonly Rule[] = [
  // Tenants
  { proof: 'tenancy.shared', words: 'shared customer|data', denial: true, near: 18 },
  {
    proof: 'tenancy.shared',
    words: '"physical segregation"|"new database cluster" customer',
    denial: true,
    give: { dedicated: 'none' },
    over: 'tenancy.segregated tenancy.isolated tenancy.dedicated tenancy.shared',
    near: 30,
  },
  { proof: 'tenancy.dedicated', words: 'dedicated offer customer|"enterprise"|"plan"', near: 22 },
  {
    proof: 'tenancy.dedicated',
    words: '"offer this service"|"offer this" customer',
    context: 'shared dedicated',
    over: 'tenancy.shared',
    near: 22,
  },
  {
    proof: 'tenancy.segregated',
    words: 'isolate data|customer logical|database',
    not: 'environment',
    take: { by: 'names customerKeys' },
    near: 24,
  },
  {
    proof: 'tenancy.segregated',
    words: 'isolate @customerKeys',
    take: { by: 'names customerKeys' },
    near: 30,
  },
  {
    proof: 'tenancy.isolated',
    words: 'prevent access|"fetch"|"change" other_customer',
    denial: true,
    near: 30,
  },
  {
    proof: 'tenancy.isolated',
    words:
      '"fetch"|access|"return" data only|"pertaining" customer other_customer|"nobody else"|"no one else"',
    denial: true,
    near: 24,
  },
  {
    proof: 'tenancy.isolated',
    words: 'other_customer data access',
    denial: true,
    not: 'consent',
    near: 20,
  },
  { proof: 'tenancy.authorized', words: 'authz each_request', near: 22 },
  {
    proof: 'api.inventory',
    words: 'rest_api "based"|"built"|"documented"|"every endpoint"|"match"',
    near: 16,
  },
  {
    proof: 'api.reviewed',
    words: 'api review access|"secured"|authz',
    take: { every: 'frequency' },
    near: 20,
  },
  {
    proof: 'clusters.reviewed',
    words: 'cluster review region_word|@regionNames',
    take: { regions: 'names regionNames' },
    need: 'regions',
    over: 'residency',
    near: 40,
  },

  // Where data lies
  {
    proof: 'residency',
    words:
      'host|"spin"|"infrastructure" data|customer_data|database|system|"infrastructure"|"application"|"everything"|production|backup only|region_word|"in" @regionNames',
    not: '"never leave"',
    take: { regions: 'names regionNames', provider: 'names services' },
    need: 'regions',
    denial: true,
    near: 34,
  },
  {
    proof: 'residency.processors',
    words: '"leave"|"leaves"|"outside"|"transfer" prevent|"no" @regionNames',
    denial: true,
    take: { regions: 'names regionNames' },
    need: 'regions',
    over: 'residency',
    near: 20,
  },

  // Signing in
  {
    proof: 'password.minimum',
    words: 'password enforce customer|"user"|"everyone"|"all"|"character"',
    not: 'hash',
    take: { length: 'count "character"' },
    near: 24,
  },
  {
    proof: 'password.minimum',
    words: 'password "character"',
    not: 'hash',
    take: { length: 'count "character"' },
    need: 'length',
    near: 16,
  },
  {
    proof: 'password.policy',
    words: 'password "strong"|policy_word|enforce staff|"all services"|system|@services',
    not: '"customer"|hash',
    take: { for: 'names services', length: 'count "character"' },
    over: 'password.minimum',
    near: 40,
  },
  {
    proof: 'password.hashed',
    words: 'password hash',
    denial: true,
    take: { with: 'names hashes' },
    over: 'password.minimum password.policy',
    near: 24,
  },
  {
    proof: 'mfa.accounts',
    words: 'two_factor staff|"we" @services',
    not: '"customer"|"they will"|"you can"',
    take: { for: 'names services' },
    need: 'for',
    over: 'mfa.staff',
    near: 50,
  },
  {
    proof: 'mfa.staff',
    words: 'two_factor everyone_staff|staff|"internal" system|account|enforce|"all"|access',
    not: '"database credential"|"customer can"|"your account"',
    near: 26,
  },
  {
    proof: 'mfa.tenant',
    words: 'two_factor customer offer|enforce|"require"',
    not: 'everyone_staff',
    modal: true,
    near: 30,
  },
  {
    proof: 'sso',
    words: 'sso customer|offer|"plan" offer',
    not: 'everyone_staff',
    take: { with: 'names ssoNames' },
    modal: true,
    near: 30,
  },
  {
    proof: 'session.timeout',
    words: 'session @length',
    take: { within: 'length' },
    need: 'within',
    near: 24,
  },
  {
    proof: 'roles',
    words: 'rbac offer|customer|"admin"|"you"',
    not: 'everyone_staff',
    modal: true,
    near: 24,
  },
  {
    proof: 'ip-allow-list',
    words: 'allow_list "support"|"offer"|"infrastructure"',
    denial: true,
    give: { offered: 'no' },
    need: '!negated',
    near: 20,
  },
  {
    proof: 'ip-allow-list',
    words: 'allow_list customer|offer|"restrict"|"limit"',
    not: '"firewall setting"|"our ip"|"our address"',
    modal: true,
    near: 24,
  },
  {
    proof: 'addresses.published',
    words:
      'allow_list "our ip"|"ip address"|"our address"|"egress"|"outbound" customer|"publish"|"list"|"firewall"',
    modal: true,
    over: 'ip-allow-list',
    near: 34,
  },
  {
    proof: 'addresses.published',
    words:
      '"publish" "ip address"|"ip range"|"egress ip"|"outbound ip"|"egress address"|"addresses our"',
    modal: true,
    over: 'ip-allow-list',
    near: 20,
  },

  // Staff access
  {
    proof: 'access.need-to-know',
    words: 'need_to_know access|"permission"|"privilege"|"grant"',
    denial: true,
    near: 26,
  },
  {
    proof: 'access.approval',
    words: 'access approve manager|@approvers|"request"|"ticket"',
    not: '"customer"|deployment|code',
    take: { by: 'names approvers' },
    near: 34,
  },
  {
    proof: 'access.review',
    words: 'review access "control"|"right"|"list"|"permission"|@frequency|"regularly"|"periodic"',
    not: 'api code vendor "vulnerability"',
    take: { every: 'frequency' },
    near: 26,
  },
  {
    proof: 'access.limit',
    words: 'production|environment access limit|@count @roles|team',
    not: 'database consent',
    take: { max: 'count people', to: 'names roles', in: 'environment' },
    need: 'max|to',
    denial: true,
    near: 30,
  },
  {
    proof: 'access.limit',
    words: '"lower environment" access @roles|team',
    take: { to: 'names roles' },
    give: { in: 'lower' },
    over: 'access.limit',
    near: 30,
  },
  {
    proof: 'access.database',
    words: 'database access|account limit|@count @roles|"people"|staff',
    take: { max: 'count people', to: 'names roles' },
    need: 'max|to',
    denial: true,
    over: 'access.limit',
    near: 30,
  },
  {
    proof: 'access.second-factor',
    words: 'two_factor access data|database|production enforce',
    not: '"all systems"',
    over: 'mfa.staff',
    near: 34,
  },
  {
    proof: 'access.timeboxed',
    words:
      'access "expire"|"time limited"|"time boxed"|"ends by itself"|"temporary"|"access time"|"kept as low"|"automatically end"|"time bound"|"lapse"',
    not: 'session two_factor',
    take: { max: 'length' },
    near: 24,
  },
  {
    proof: 'access.consent',
    words: 'access customer_data|data staff|"we"|"no one"|partner consent',
    not: 'third_party purpose',
    denial: true,
    give: { who: 'staff' },
    near: 40,
  },
  {
    proof: 'access.consent',
    words: 'access customer_data|data third_party consent',
    denial: true,
    give: { who: 'third-parties' },
    over: 'third-parties',
    near: 34,
  },
  {
    proof: 'access.consent',
    words: 'access customer_data|data staff|partner|"no one"',
    not: 'third_party need_to_know other_customer consent @count limit',
    denial: true,
    need: '!negated',
    take: { who: 'consent-who' },
    near: 26,
  },
  {
    proof: 'access.revoked',
    words: 'revoke|"removed" leaver @length',
    take: { within: 'within' },
    need: 'within',
    near: 34,
  },
  {
    proof: 'devices.encrypted',
    words: 'encrypt laptop disk|"all"|"every"|"encrypted"',
    not: '"data you"',
    over: 'encryption.at-rest',
    near: 20,
  },
  { proof: 'devices.protected', words: 'malware laptop|"all"|"every"|endpoint', near: 22 },
  {
    proof: 'staff.trained',
    words: 'training everyone_staff|staff',
    not: '"model"',
    take: { every: 'frequency' },
    near: 28,
  },
  { proof: 'staff.screened', words: 'background everyone_staff|staff', near: 24 },
  {
    proof: 'staff.bound',
    words: 'confidentiality everyone_staff|staff|"person"',
    not: '"availability"',
    near: 26,
  },

  // Encryption
  {
    proof: 'encryption.in-transit',
    words: 'encrypt in_transit|tls|endpoint',
    not: 'only_apps laptop',
    take: { min: 'tls' },
    near: 24,
  },
  {
    proof: 'encryption.in-transit',
    words:
      'tls enforce|"connection"|"browser"|"traffic"|"every endpoint"|"all endpoints"|"secured"|"use"|"security technology"|"accept"|"minimum"',
    not: '"version"|"plain"',
    take: { min: 'tls' },
    near: 20,
  },
  { proof: 'encryption.in-transit', words: '"intercept" in_transit|data', denial: true, near: 24 },
  {
    proof: 'encryption.https-only',
    words:
      '"unencrypted"|"plain http"|"plaintext"|"insecure"|"cleartext"|"http" "support"|"refuse"|"redirect"|"reject"|"accept"|"allow"|"disable"',
    denial: true,
    need: '!refused',
    near: 20,
  },
  {
    proof: 'encryption.https-only',
    words:
      '"100% over https"|"only over https"|"https only"|"tls/ssl only"|"tls only"|"ssl only"|"exclusively over https"|"hsts"|"always over https"|"exclusively via https"|"served over https"',
    near: 12,
  },
  {
    proof: 'tls.suites',
    words: 'in_transit|"key exchange"|tls|"negotiate" @cipher',
    take: { cipher: 'ciphers', exchange: 'exchanges', bits: 'bits' },
    need: 'cipher|exchange|bits',
    over: 'encryption.in-transit',
    not: '"at rest"',
    near: 40,
  },
  { proof: 'tls.grade', words: '"ssl labs"|"ssllabs"|"qualys"', take: { min: 'grade' }, near: 20 },
  {
    proof: 'encryption.database-connections',
    words: 'database encrypt|tls "connection"|in_transit',
    not: '"customer connection"',
    over: 'encryption.in-transit',
    near: 22,
  },
  {
    proof: 'encryption.at-rest',
    words: 'encrypt at_rest|storage data|database|storage|customer_data|"everything"|"all"',
    not: 'backup laptop "backups"',
    take: { of: 'storage-kind', with: 'rest-cipher' },
    near: 30,
  },
  { proof: 'encryption.app-only', words: 'only_apps encrypt|"decrypt"', denial: true, near: 30 },
  {
    proof: 'encryption.app-only',
    words: 'encrypt "only our"|"only the" "application"|"program" data',
    near: 30,
  },
  {
    proof: 'encryption.tenant-key',
    words: 'own_key customer|offer|"enterprise"|"you"',
    give: { own: 'yes' },
    modal: true,
    over: 'encryption.at-rest keys.rotated',
    near: 24,
  },
  {
    proof: 'encryption.tenant-key',
    words: 'per_customer_key customer|"tenant"',
    not: 'own_key',
    over: 'encryption.at-rest tenancy.segregated',
    near: 24,
  },
  { proof: 'keys.rotated', words: 'rotate key', take: { every: 'frequency' }, near: 20 },

  // What there is, and at whom
  {
    proof: 'inventory',
    words: '@ownThings "run"|"operate"|"own"|"maintain"|"manage"',
    denial: true,
    take: { absent: 'names ownThings' },
    need: 'absent',
    near: 24,
  },
  {
    proof: 'inventory',
    words: '"all server management"|"manages all servers"|"server management"',
    give: { absent: 'self-managed-servers' },
    provider: true,
    near: 16,
  },
  {
    proof: 'inventory',
    words:
      '"only uses"|"only use"|"exclusively on"|"all of our services"|"all of its services"|"entirely on"|"runs all"|"use only"|"everything runs" @services',
    take: { only: 'names-all services' },
    need: 'only',
    not: '@regionNames',
    over: 'provider',
    near: 30,
  },
  {
    proof: 'inventory',
    words:
      '"all of these"|"all services"|"all our services"|"entirely"|"everything"|"solely" host @services',
    take: { only: 'names-all services' },
    need: 'only',
    not: '@regionNames',
    over: 'provider',
    near: 24,
  },
  {
    proof: 'provider.certified',
    words: 'provider_word|@services certificate_word|"maintain" @certificate',
    take: { name: 'names-back services', with: 'certificates' },
    need: 'with',
    provider: true,
    over: 'certificate',
    near: 40,
  },
  {
    proof: 'provider',
    words:
      '@services|provider_word "control"|"isolate"|"physical"|"=audited"|"declaration"|"undergo"',
    take: { name: 'names-near services', says: 'names-all providerWords' },
    need: 'name&says',
    provider: true,
    near: 60,
  },
  {
    proof: 'provider',
    words: '@services "use"|"uses"|"leverages"|"leverage" "infrastructure"',
    take: { name: 'names services' },
    need: 'name',
    not: '@regionNames audit_trail',
    provider: true,
    near: 6,
  },
  {
    proof: 'certificate',
    words: '@certificate certificate_word|"report"|"successfully"',
    not: 'provider_word|@services',
    take: {
      standard: 'certificates',
      edition: 'edition',
      scope: 'scopes',
      until: 'date until',
      from: 'date from',
      to: 'date to',
    },
    need: 'standard',
    near: 40,
  },

  // Changes
  {
    proof: 'changes.reviewed',
    words: 'code review "engineer"|"developer"|"peer"|"second"|"approval"|"reviewed"|"before"',
    not: 'automated',
    take: { min: 'count people', risk: 'risk' },
    near: 28,
  },
  {
    proof: 'changes.signed-off',
    words: 'deployment approve @approvers|cto',
    take: { by: 'names approvers' },
    near: 20,
  },
  {
    proof: 'changes.tested',
    words: '"testing"|"tests"|"test suite"|"tested" automated|"manual"|"additional"',
    not: 'pentest backup restore two_factor loadtest',
    take: { by: 'test-kinds', risk: 'risk' },
    need: 'by',
    near: 24,
  },
  {
    proof: 'changes.scanned',
    words: 'automated|"scan" code|"static analysis"|"review" attack_class|"include"',
    take: { for: 'names attackClasses' },
    need: 'for',
    near: 40,
  },
  {
    proof: 'dependencies.updated',
    words: 'dependency update|fix|"vulnerability"|"patch"',
    take: { within: 'within' },
    not: '"scan"',
    near: 34,
  },
  {
    proof: 'dependencies.updated',
    words: 'update|"patch" install @length',
    not: '@severity',
    take: { within: 'within' },
    need: 'within',
    near: 24,
  },
  {
    proof: 'updates.released',
    words: 'update install|"release"|"patch"',
    not: 'dependency',
    take: { every: 'frequency' },
    near: 20,
  },
  {
    proof: 'environments',
    words:
      '"environment"|"environments" "separate"|"different"|"isolated"|"separated"|"apart" @environments',
    take: { names: 'names environments' },
    need: 'names',
    over: 'tenancy.segregated',
    near: 30,
  },

  // Weaknesses
  {
    proof: 'findings.fixed',
    words: '@severity @length|"next" fix|vulnerability',
    context: 'fix vulnerability',
    take: { severities: 'severities' },
    need: 'severities',
    over: 'dependencies.updated',
    near: 40,
  },
  {
    proof: 'findings.fixed',
    words: 'vulnerability fix @length',
    not: '@severity dependency researcher',
    take: { within: 'within' },
    need: 'within',
    near: 24,
  },
  {
    proof: 'findings.retested',
    words: 'retest',
    take: { within: 'within-after retest', by: 'retester' },
    not: '"restore"',
    context: 'vulnerability pentest',
    near: 30,
  },
  {
    proof: 'pentest',
    words:
      'pentest "perform"|"conduct"|"commission"|"undergo"|"carry out"|@frequency|third_party|test',
    not: '"next test"|"request"|"fixed"|"performed between"|"was performed"',
    take: { every: 'cadence', 'per-year': 'per-year', by: 'tester' },
    near: 24,
  },
  {
    proof: 'pentest',
    words:
      'third_party "check"|"test"|"examine"|"audit"|"auditor" "vulnerability"|"security vulnerabilities"',
    not: '@severity scan',
    take: { every: 'frequency' },
    need: 'every',
    give: { by: 'third-party' },
    near: 30,
  },
  {
    proof: 'pentest.scope',
    words: 'owasp test|pentest|areas',
    take: { covers: 'names testAreas', edition: 'owasp-edition' },
    need: 'covers',
    over: 'pentest',
    near: 30,
  },
  {
    proof: 'pentest.scope',
    words: 'pentest areas @testAreas',
    take: { covers: 'names testAreas', edition: 'owasp-edition' },
    need: 'covers',
    over: 'pentest',
    near: 40,
  },
  {
    proof: 'pentest.booked',
    words:
      '"next test"|"next penetration test"|"next vapt"|"next pen test"|"next pentest"|"next engagement"|"next assessment" @date',
    context: 'pentest',
    take: { by: 'date' },
    need: 'by',
    modal: true,
    over: 'pentest',
    near: 30,
  },
  {
    proof: 'pentest.report',
    words:
      '"report"|"summary" pentest "up to date"|"latest"|"most recent"|"current"|"available"|"on request"|"younger"',
    take: { age: 'age' },
    not: '"retest"',
    over: 'pentest pentest.on-request',
    near: 24,
    modal: true,
  },
  {
    proof: 'pentest.on-request',
    words:
      '"vulnerability testing"|pentest customer "request"|"facilitate"|"welcome"|"permission"|"own"',
    not: '"report"|"summary"',
    take: { within: 'within' },
    over: 'pentest scan',
    modal: true,
    near: 24,
  },
  {
    proof: 'scan',
    words: 'scan @frequency|continuous',
    not: 'code card malware',
    take: { every: 'frequency', by: 'tester' },
    need: 'every',
    over: 'pentest',
    near: 26,
  },
  {
    proof: 'disclosure.policy',
    words: 'disclosure policy_word|"publish"|"follow"|"have"|"security.txt"|"run"|"operate"',
    near: 20,
  },
  {
    proof: 'disclosure.answered',
    words: 'researcher|"report" answer|"get triaged"|"gets triaged" fix|@length|"report"',
    not: '"support ticket"|"support request"',
    context: 'disclosure researcher',
    take: { within: 'within' },
    near: 34,
  },
  {
    proof: 'disclosure.rewarded',
    words: 'reward researcher|disclosure|vulnerability|"report"',
    take: { severity: 'severity' },
    near: 24,
  },
  {
    proof: 'contact',
    words: '@email contact_word|researcher|"questions"|"security"',
    take: { address: 'email' },
    need: 'address',
    modal: true,
    near: 30,
  },
  {
    proof: 'contact',
    words: '"available for any questions"|"questions and follow up"',
    modal: true,
    near: 16,
  },
  { proof: 'links', words: 'links_word read_these', not: '@length', modal: true, near: 20 },
  {
    proof: 'links',
    words: '"published here"|"described here"|"listed here"|"found here"|"available here"',
    modal: true,
    provider: true,
    near: 6,
  },
  {
    proof: 'policy',
    words:
      '@policies policy_word "have"|"place"|"maintain"|"documented"|"written"|"approved"|"follow"|"required"|"exists"|"there is"',
    not: 'test failover tabletop',
    take: { of: 'names policies' },
    need: 'of',
    near: 20,
  },

  // Watching
  {
    proof: 'monitoring.continuous',
    words: 'monitor continuous|"real time"',
    not: 'uptime',
    take: { gap: 'gap' },
    near: 22,
  },
  {
    proof: 'monitoring.flow-logs',
    words: 'flow_logs "enable"|"collect"|"on"|"record"|"capture"|"log"',
    near: 16,
  },
  {
    proof: 'monitoring.detector',
    words: '@detectors',
    take: { with: 'names detectors' },
    need: 'with',
    near: 20,
  },
  {
    proof: 'monitoring.outliers',
    words: 'logs|"metrics" outlier notify|page|"alert"|"flag"|"detect"|"raise"',
    near: 30,
  },
  {
    proof: 'monitoring.protections',
    words:
      '@protections "protect"|"behind"|"shield"|"use"|"employ"|"deploy"|"guard"|"mitigate"|"block"|"filter"|"sits behind"|"limits"',
    take: { for: 'names protections' },
    need: 'for',
    near: 30,
  },
  {
    proof: 'ledger.coverage',
    words: 'audit_trail|"auditing allows"|"audit access" @layers|"every"|"all"',
    not: '@length "background"',
    take: { layers: 'names-all layers', with: 'names services' },
    need: 'layers|with',
    near: 30,
  },
  {
    proof: 'logs.kept',
    words: 'logs retain @length',
    take: { for: 'length' },
    need: 'for',
    over: 'ledger.coverage retention',
    near: 24,
  },
  { proof: 'uptime', words: 'uptime @percent', take: { min: 'percent' }, need: 'min', near: 20 },
  {
    proof: 'load.tested',
    words: 'loadtest "requests"',
    take: { rate: 'count "request"', every: 'frequency' },
    need: 'rate',
    near: 30,
  },
  { proof: 'processing.complete', words: 'process_complete', near: 12, take: { within: 'within' } },
  {
    proof: 'paging',
    words: 'page notify|"alert"|"engineer"|"integrated"|"woken"|"acknowledge"|"reach"|"paged"',
    take: { within: 'within', via: 'names pagingChannels', from: 'names-back detectors' },
    near: 30,
  },

  // Incidents
  {
    proof: 'incident.notice',
    words: 'notify customer|"affected" incident',
    not: 'researcher "you notify"|"report it to us"|"customer shall"|"customer must"',
    take: {
      within: 'within',
      to: 'names recipients',
      via: 'names channels',
      potential: 'potential',
    },
    near: 36,
  },
  {
    proof: 'incident.team',
    words: 'assign|"start"|"take charge" team incident|"investigate"',
    take: { within: 'within' },
    need: 'within',
    near: 30,
  },
  {
    proof: 'incident.followup',
    words: 'follow_up incident|"investigation" customer|"investigation"|"timeline"|"every"',
    not: 'notify @length',
    take: {},
    near: 24,
  },

  // Going on
  {
    proof: 'backup',
    words: 'backup @frequency|@within|"continuous"',
    not: 'test restore',
    take: { every: 'frequency|within' },
    need: 'every',
    near: 24,
  },
  {
    proof: 'backup.copies',
    words:
      'backup copies|"multiple regions"|"two regions"|"another region"|"separate region"|"different region"',
    not: 'prevent',
    take: { min: 'copies', within: 'names regionNames', encrypted: 'encrypted' },
    near: 24,
  },
  {
    proof: 'restore.point-in-time',
    words: 'point_in_time',
    take: { every: 'frequency' },
    near: 20,
  },
  {
    proof: 'recovery',
    words: 'recovery_time @length',
    context: 'recovery_time',
    take: { rto: 'after recovery_time' },
    need: 'rto',
    near: 22,
  },
  {
    proof: 'recovery',
    words: 'recovery_point @length',
    context: 'recovery_point',
    take: { rpo: 'after recovery_point' },
    need: 'rpo',
    near: 22,
  },
  {
    proof: 'failover',
    words: 'failover standby|"database"|test|"back" @frequency|test',
    not: '"availability zone"',
    take: { every: 'frequency' },
    need: 'every',
    near: 34,
  },
  {
    proof: 'replicas',
    words: 'zones',
    not: 'backup',
    take: { min: 'count node', zones: 'zones', of: 'replica-kind' },
    near: 20,
  },
  {
    proof: 'replicas',
    words:
      '"multiple copies"|"at least two"|"two instances"|"redundant instances"|"two copies"|"n+1"|"replica" "service"|"services"|"database"|"instances"|"application"',
    not: 'backup zones',
    take: { min: 'count copy', of: 'replica-kind' },
    near: 20,
  },
  {
    proof: 'tabletop',
    words: 'tabletop',
    take: { every: 'frequency', with: 'names functions' },
    near: 24,
  },
  {
    proof: 'contingency',
    words:
      '"contingency"|"plan"|"plans"|"able"|"can" contingency "launch"|"move"|"migrate"|"run"|"switch"|"relocate"|"start"',
    take: { to: 'contingency', within: 'names regionNames' },
    need: 'to',
    modal: true,
    near: 36,
  },
  {
    proof: 'redeploy',
    words: 'redeploy|"deployed quickly"',
    not: 'backup',
    take: { within: 'within', every: 'frequency' },
    near: 26,
  },

  // Rights
  {
    proof: 'export',
    words: 'export data|customer_data',
    take: { within: 'within' },
    modal: true,
    near: 26,
  },
  {
    proof: 'erase',
    words: 'delete data|customer_data|"it"',
    not: 'logs backup',
    take: { within: 'within', after: 'erase-after' },
    need: 'within',
    modal: true,
    near: 34,
  },
  {
    proof: 'retention',
    words: 'backup retain|delete|"overwritten"|"expire" @length',
    take: { max: 'length' },
    need: 'max',
    over: 'erase backup',
    near: 26,
  },
  {
    proof: 'cards.absent',
    words: 'card prevent|"not"|"never"|"no" retain|"touch"|"process"|"see"|"hold"',
    denial: true,
    need: '!negated',
    near: 20,
  },
  {
    proof: 'provider.certified',
    words: '@services "pci compliant"|pci card|data|"server"',
    give: { with: 'pci-dss' },
    take: { name: 'names services' },
    need: 'name',
    provider: true,
    over: 'cards.absent',
    near: 34,
  },
  {
    proof: 'third-parties',
    words: 'share|"sell" data|customer_data|"it" third_party|"anyone"|"advertiser"',
    denial: true,
    need: '!negated',
    near: 22,
  },
  {
    proof: 'third-parties.reviewed',
    words: 'vendor assess',
    not: '"report"|pentest code',
    take: { every: 'frequency' },
    near: 24,
  },
  {
    proof: 'subprocessors.announced',
    words: 'subprocessor_list @length|"publish"|"notify"|advance',
    take: { before: 'length' },
    modal: true,
    near: 36,
  },
  {
    proof: 'attested',
    words: '"other purpose"|"other purposes"|"any other purpose" data',
    denial: true,
    give: { of: 'data-use' },
    near: 24,
  },
]
