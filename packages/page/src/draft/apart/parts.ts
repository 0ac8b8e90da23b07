import type { Apart } from './row.ts'

/** People of whom a promise about all people does not speak. */
const someStaff =
  /\b(?:employees|staff|personnel|engineers|developers|people|colleagues|team members|contractors|workers|everyone|everybody|those) (?:(?:with|having) (?!(?:access|their|our|us|the company|an?(?: \w+)? (?:contract|account))\b)|whose|(?:who|that) (?!(?:join|work (?:for|at|here|with us)|works|leave|are hired|start|have (?:access|left)|has (?:access|left)|touch|can|may|need|handles?|process\w*|gets?|see|deal|is|are))[a-z]+)/i

/** What holds for some: a part of the staff, of the systems, of the customers or of the day. */
export const parts: readonly Apart[] = [
  {
    proofs: ['encryption.at-rest'],
    spoken:
      /^(?:(?:all|our|the|your) )*(?:[\w-]+ )?(?:attachments?|index(?:es)?|caches?|queues?|passwords?|tokens?|secrets?|columns?|fields?|thumbnails?|recordings?|exports?) (?:is|are|gets?) /i,
    unless: /\b(?:databases?|everything|too|also)\b/i,
  },
  {
    proofs: ['residency', 'residency.processors'],
    spoken: /\bunless\b|\bexcept (?:when|where|if)\b/i,
  },
  {
    // Only grave incidents, or great ones.
    proofs: ['incident.notice'],
    spoken:
      /\b(?:critical|severe|serious|major|high-severity|significant|material) (?:security |data )?(?:incidents?|breach(?:es)?)\b|\bincidents? (?:that|which) affects? (?:more|at least|over)\b/i,
    unless: /\b(?:all|any|every|each)\b/i,
  },
  {
    // Backups of one kind are kept longer than others.
    proofs: ['retention', 'backup'],
    spoken:
      /[,;] (?:and |but |while )?(?:hourly|daily|weekly|monthly|yearly|other|older|some|full) (?:ones|backups?|copies|snapshots?)\b/i,
    inSentence: true,
  },
  {
    proofs: ['access.review'],
    spoken: /\b(?:for|of) (?:administrators?|admins?)(?: only)?\b|^(?:all )?admin(?:istrator)?s?['’]? (?:access|accounts?|rights)\b/i,
    unless: /\b(?:employees|staff|users?|everyone|too|also)\b/i,
  },
  {
    proofs: ['recovery'],
    spoken: /\bfor (?:(?:the|our|all) )*(?:critical|important|key|core|some|most|tier[- ]?(?:1|one)) (?:[\w-]+ )?(?:systems?|services?|applications?|components?|parts)\b/i,
  },
  {
    proofs: ['staff.screened', 'staff.trained', 'staff.bound', 'mfa.staff', 'mfa.accounts', 'devices.encrypted', 'devices.protected'],
    spoken: someStaff,
  },
  {
    // All sessions are not those of some.
    proofs: ['session.lifetime', 'session.timeout'],
    spoken:
      /^(?:(?:all|the|our) )?(?:admin\w*|staff|support|employees?|guest|api|vpn|root|privileged|internal)(?:['’]s?)? (?:[\w-]+ )?sessions?\b|\bsessions? (?:of|for|by|on|in|with) (?:(?:our|the|all) )?(?:[\w-]+ )?(?:admin\w*|staff|support|employees?|guests?|agents?|operators?|engineers|devices|vpn|root)\b/i,
  },
  {
    // `Those of others after 30 days`: what was said before holds for some only.
    proofs: ['session.lifetime', 'session.timeout', 'password.minimum', 'backup', 'retention'],
    spoken: /[;,] (?:and |but |while )?(?:those|that|the ones) (?:of|for|on|from) (?:the |all )?others?\b/i,
    inSentence: true,
  },
  {
    // Of two figures for two things, neither is the one of all.
    proofs: ['recovery', 'uptime', 'backup', 'retention', 'findings.fixed', 'logs.kept', 'session.lifetime', 'session.timeout'],
    spoken: /[;,] (?:and |but |while )?(?:for|of|on|in) (?:the |our |all )?[\w ]{2,30} (?:it|this|that|they) (?:is|are)\b|[;,] (?:and |but )?for (?:the |our )[\w ]{2,30}: /i,
    inSentence: true,
  },
  {
    // What is done by day is not done at night.
    proofs: ['paging', 'monitoring.continuous', 'incident.notice', 'incident.team', 'findings.fixed', 'disclosure.answered', 'recovery', 'uptime', 'backup', 'scan'],
    spoken: /\b(?:during|in|within|on) (?:(?:our|the|normal|regular|usual|local) )*(?:(?:business|working|office|support|opening|service) (?:hours|days|time)|weekdays|work ?days)\b/i,
    unless: /\b(?:outside|also|even|not only|weekends?)\b/i,
  },
  {
    // What holds for a copy to develop with is not said of what customers use.
    proofs: ['backup', 'backup.copies', 'retention', 'encryption.at-rest', 'recovery', 'replicas', 'keys.rotated', 'access.review', 'access.database', 'logs.kept', 'uptime', 'monitoring.continuous'],
    spoken: /(?:^|\b(?:of|on|in|for|to|access|reach|see|back up|encrypt) )(?:(?:our|the|all|each|every|both) )*(?:development|dev|test|testing|staging|demo|sandbox|qa|trial|preview)(?:(?: and|,| or) (?:development|test|testing|staging|demo))? (?:database|data|system|server|environment|instance|cluster|account|site)s?\b/i,
    unless: /\b(?:production|all|too|also|as well)\b/i,
  },
  {
    // The keeper of one thing keeps not all of them.
    proofs: ['encryption.at-rest'],
    spoken: /\b(?:mobile|desktop|ios|android|native|browser|phone) (?:apps?|clients?|applications?|extensions?)\b/i,
    unless: /\b(?:servers?|databases?|backups?|everything|all)\b/i,
  },
  {
    // One part of what we run, as a page calls it in small letters.
    proofs: ['logs.kept', 'backup', 'retention', 'encryption.at-rest', 'encryption.in-transit', 'monitoring.continuous', 'uptime', 'recovery', 'pentest', 'changes.reviewed', 'keys.rotated'],
    spoken:
      /\b(?:of|on|in|for|from|to) (?:the|our) (?!(?:whole|entire|production|main|core|hosted|cloud|online|web|saas|software|live|own|central|primary|complete|hosting|customer|same|said|relevant|underlying|covered|subscription|first|processing)\b)[a-z][a-z-]* (?:service|module|microservice|component|subsystem|feature|widget|page|form)\b/,
  },
  {
    // Some of those who work for us.
    proofs: ['staff.screened', 'staff.trained', 'staff.bound', 'mfa.staff', 'access.review', 'access.revoked', 'devices.encrypted', 'devices.protected'],
    spoken:
      /^(?:(?:all|our|the|every|each|external|any) )*(?:contractors?|freelancers?|interns?|trainees?|temps?|volunteers?|managers?|founders?|executives?)\b(?!,? (?:and|or|as well|&|\/))|\b(?:access|rights|accounts|laptops|logins) (?:rights )?(?:of|for) (?:(?:our|the|all|external) )*(?:contractors?|freelancers?|interns?|trainees?|temps?|volunteers?|managers?|founders?|executives?)\b(?!,? (?:and|or|as well))/i,
    unless: /\b(?:employees|staff|personnel|everyone|everybody|alike|too|also)\b/i,
  },
  {
    // What one has to ask for, not all have.
    proofs: ['encryption.at-rest', 'encryption.in-transit', 'backup', 'backup.copies', 'devices.encrypted', 'staff.screened', 'replicas', 'residency', 'logs.kept'],
    spoken: /\b(?:on|upon|at) (?:(?:your|the|a|customer['’]?s?|special|explicit|separate) )*request\b/i,
    unless: /\b(?:delet\w+|report|copy|summary|evidence|certificates?)\b/i,
  },
  {
    // Nor have all what new ones get.
    proofs: ['encryption.at-rest', 'encryption.in-transit', 'backup', 'residency', 'replicas', 'tenancy.segregated', 'password.minimum'],
    spoken: /^(?:(?:since|from|as of) [^,]{2,30}, )?(?:all )?new (?:customers?|clients?|tenants?|users?|workspaces?|accounts?|databases?|files|data|volumes?|records?|passwords|buckets?)\b|\bfor (?:all )?new (?:customers?|clients?|tenants?|users?|workspaces?|accounts?)\b/i,
    unless: /\b(?:old|existing|too|also)\b/i,
  },
  {
    proofs: ['mfa.tenant'],
    spoken: /\b(?:available|offered|open|possible) (?:only )?(?:to|for) (?:(?:all|our|your|the|account|workspace) )*(?:administrators?|admins?|owners?)\b/i,
  },
  {
    proofs: ['changes.signed-off', 'changes.reviewed', 'changes.tested'],
    spoken: /\b(?:to|in|on) (?:the |our )?(?:staging|test|testing|dev|development|demo|qa|sandbox)(?: (?:environment|system|server)s?)?(?:$| (?:is|are|must|need|gets?)\b)/i,
    unless: /\bproduction\b/i,
  },
  {
    // Some changes, of which no figure tells the risk.
    proofs: ['changes.reviewed', 'changes.signed-off', 'changes.tested'],
    spoken: /^(?:our |the )?(?:large|larger|big|bigger|major|minor|small|complex|breaking|important|significant|certain|structural|substantial|selected|larger) (?:[\w-]+ )?(?:changes?|releases?|features?|pull requests?|deployments?|updates?)\b/i,
    unless: /\b(?:all|every|each)\b/i,
  },
  {
    proofs: ['monitoring.detector', 'monitoring.flow-logs', 'monitoring.protections', 'ledger.coverage'],
    spoken: /\b(?:in|on|for) (?:only )?(?:one|two|three|some|most|several|selected|certain|(?:our|the|an?) (?:test|testing|staging|dev|demo|development|sandbox))(?: of (?:our|the))? (?:[\w-]+ )?(?:accounts?|vpcs?|regions?|subscriptions?|projects?|networks?|environments?|systems?)\b/i,
  },
  {
    proofs: ['staff.screened', 'staff.trained', 'staff.bound'],
    spoken: /^(?:(?:all|our|the|every|each|of) )*(?:[\w-]+ )?(?:engineers?|developers?|administrators?|admins?|operators?|salespeople)\b(?!,? (?:and|or|as well|&|\/))/i,
    unless: /\b(?:employees|staff|personnel|everyone|everybody|alike|too|also)\b/i,
  },
  {
    // The gravest are not all.
    proofs: ['findings.fixed'],
    spoken: /\b(?:major|serious|significant|important|dangerous|relevant|exploitable|material|most|many|some) (?:security )?(?:vulnerab\w+|weakness\w*|bugs|issues|findings|flaws|holes|problems)\b/i,
    unless: /\b(?:critical|high|medium|moderate|low)\b/i,
  },
  {
    // What the company's own people have is nothing that customers can require.
    proofs: ['mfa.tenant'],
    spoken:
      /^(?:(?:every|each|all|both|any|one) (?:of )?)?(?:(?:our|the) )?(?:[\w-]+ )?(?:teammates?|colleagues?|members? of (?:the|our) (?:[\w-]+ )?team|team ?members?|co-?workers?|crew|founders?)\b/i,
    unless: /\b(?:customers?|clients?|tenants?|your|their workspaces?|they can|can require|can enforce)\b/i,
  },
  {
    // The door of the company's own people, and not that of customers.
    proofs: ['sso', 'mfa.tenant'],
    spoken:
      /\b(?:admin|administration|support|internal|management|operations?|back[ -]?office|deployment) (?:consoles?|panels?|interfaces?|areas?|portals?|tools?|backends?|systems?|desks?|dashboards?)\b|\bback[ -]?office\b|\bproduction\b|\bbastions?\b|\bjump hosts?\b|\bvpn\b|\bour (?:[\w-]+ )?(?:agents|operators|administrators|admins|support (?:team|people))\b/i,
    unless: /\b(?:customers?|clients?|tenants?|you|your|workspaces?|subscribers?|schools?|buyers?|merchants?)\b/i,
  },
] // prettier-ignore
