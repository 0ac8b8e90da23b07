/**
 * What a clause speaks of that a proof is not about, however much its words are those of a rule: the
 * papers of others, laptops where databases are meant, incidents where weaknesses are.
 */
interface Apart {
  proofs: readonly string[]
  /** Looked for in the clause, with what it carries on. */
  spoken: RegExp
  /** What makes the clause speak of the proof's own things as well. */
  unless?: RegExp
  /** Looked for in the whole sentence instead. */
  inSentence?: true
}

const others = String.raw`(?:vendors?|suppliers?|providers?|partners?|companies|firms?|(?:sub-?)?processors?|(?:sub)?contractors?|consultants?|consultanc(?:y|ies)|auditors?|assessors?|testers?|hosts?|hosters?)`
/** Who may hold a paper of their own: people of a profession, houses. */
const holders = String.raw`(?:auditors?|assessors?|testers?|consultants?|lawyers?|accountants?|c[tise]{1,2}o|ceo|cfo|dpo|head of [\w-]+|[\w-]+ (?:officers?|managers?|leads?)|engineers?|developers?|employees|staff|headquarters|offices?|buildings?|printers?|customers?|clients?)`

/** Words of which one tells that a training is about security, or of no subject at all. */
const taught =
  String.raw`security|secure|privacy|data|gdpr|hipaa|phishing|awareness|information|protection|cyber\w*|compliance|confidential\w*|coding|owasp|incidents?`
/** Whose product a clause may speak of as the company's own. */
const ourselves = String.raw`(?:compan(?:y|ies)|organi[sz]ations?|business|firm|group|teams?|platform|products?|services?|software|applications?|apps?|systems?|solutions?|cloud|infrastructure|apis?|saas|isms|management system|environments?|operations?|process(?:es)?|controls?|security|hosting|data cent(?:er|re)s?|providers?|hosters?|certifi\w+|accreditations?|attestations?|reports?|audits?|compliance|scope|suites?|offerings?|websites?|tools?|data|iso|soc|pci|backend|database|network|programs?|programmes?|practices?|work|code|standards?|integration|gateway|entity|gmbh|ltd|inc)`
/** What is worth a backup of a security page, or a scan, or a limit: what customers rely on. */
const relied =
  /\b(?:data|databases?|customers?|clients?|tenants?|your|everything|servers?|systems?|files|uploads|content|volumes?|disks?|storage|production|platform|applications?|apps?|services?|accounts?|workspaces?|records?|documents?|information|infrastructure|instances?|clusters?|buckets?|machines)\b/i
/** People of whom a promise about all people does not speak. */
const someStaff =
  /\b(?:employees|staff|personnel|engineers|developers|people|colleagues|team members|contractors|workers|everyone|everybody|those) (?:(?:with|having) (?!(?:access|their|our|us|the company|an?(?: \w+)? (?:contract|account))\b)|whose|(?:who|that) (?!(?:join|work (?:for|at|here|with us)|works|leave|are hired|start|have (?:access|left)|has (?:access|left)|touch|can|may|need|handles?|process\w*|gets?|see|deal|is|are))[a-z]+)/i

const rows: readonly Apart[] = [
  {
    proofs: ['certificate'],
    spoken: new RegExp(String.raw`^(?:our|the|my|its|their) (?!(?:(?!(?:is|are|has|have|holds?|remains?)\b)[\w./&-]+ ){0,4}?${ourselves}\b)(?:[\w-]+ ){0,3}?[\w-]+ (?:is|are|has|have|holds?|remains?)\b`, 'i'),
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
    proofs: ['changes.reviewed'],
    spoken: /\bchanges? (?:to|in|of) (?:(?:the|our|an?|its|their|all|any|every) )*(?!(?:[\w-]+ ){0,4}?(?:production|code|codebase|source|software|application|apps?|platform|products?|systems?|services?|infrastructure|repositor(?:y|ies)|main|master|everything|databases?)\b)[\w-]+/i,
    unless: /\b(?:code|pull requests?|merge requests?)\b/i,
  },
  {
    proofs: ['staff.trained'],
    spoken: new RegExp(String.raw`\b(?!(?:${taught}|staff|employees?|annual|yearly|regular|periodic|recurring|mandatory|compulsory|initial|ongoing|continuous|onboarding|refresher|basic|formal|this|that|the|our|their|its|an?|such|of|and|or|get|gets|receives?|undergoes?|undergo|completes?|have|has|pass|do|take|takes|for|in|with|by|on|to|our|all|every|each|provide|provides|repeat|repeats|renew|quarterly|monthly|annually|online|internal|external|new|necessary|required|appropriate|same|any|is|are)\b)[a-z][\w-]*[\s-](?:training|course|lessons?)\b|\b(?:trained|taught|instructed|schooled) (?:in|on|as|to|how)\b`, 'i'),
    unless: new RegExp(String.raw`\b(?:${taught})\b`, 'i'),
  },
  {
    proofs: ['scan'],
    spoken:
      /\bscan\w*\b[^.;]{0,40}?\bfor (?!(?:(?:new|known|any|all|common|security|publicly|critical|potential|open|exposed|the|our|latest) )*(?:vulnerab\w+|weakness\w*|cves?|flaws|security|issues|problems|outdated|ports?|misconfig\w+|exploit\w*|exposures?|holes|threats|malware|secrets|owasp|risks|findings|changes))\w|\b(?:bots?|crawlers?|spiders?|search engines?|competitors?)\b/i,
    unless: /\bvulnerab\w+/i,
  },
  {
    // A blog is no database.
    proofs: ['backup', 'backup.copies', 'retention'],
    spoken: /\b(?:back-?ups?|snapshots?|dumps?) of (?!it\b|them\b)/i,
    unless: relied,
  },
  {
    // `Those of our wiki weekly`
    proofs: ['backup', 'backup.copies', 'retention', 'recovery'],
    spoken: new RegExp(String.raw`\b(?:those|the ones|that) (?:of|for|from) (?:(?:our|the|all|its) )*(?!(?:[\w-]+ )?${relied.source.replace('\\b', '')})[a-z]`, 'i'),
  },
  {
    // Of two figures for two things, neither is the one of all.
    proofs: ['recovery', 'uptime', 'backup', 'retention', 'findings.fixed', 'logs.kept', 'session.lifetime', 'session.timeout'],
    spoken: /[;,] (?:and |but |while )?(?:for|of|on|in) (?:the |our |all )?[\w ]{2,30} (?:it|this|that|they) (?:is|are)\b/i,
    inSentence: true,
  },
  {
    // What is done by day is not done at night.
    proofs: ['paging', 'monitoring.continuous', 'incident.notice', 'incident.team', 'findings.fixed', 'disclosure.answered', 'recovery', 'uptime'],
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
    // Not all that is critical is a weakness.
    proofs: ['findings.fixed'],
    spoken:
      /\b(?:critical|high|medium|moderate|low|severe|urgent)(?:,? (?:and|or|&) (?:critical|high|medium|low|severe))?(?:[- ](?:priority|severity|risk|level|impact|rated))* (?!(?:security|vulnerab\w+|cves?|vulns?|findings?|issues?|flaws?|bugs?|holes?|weakness\w*|problems?|patch\w*|ones?|things?|stuff|risks?|severity|priority|defects?|exposures?|results?|items?|points?|reports?|class|categor\w+|rating|score|scores|times?|days|hours|weeks|ms|fixes|dependenc\w+|cases|alerts|updates?|threats?|advisor\w+|observations?|non-?conformit\w+)\b)[a-z-]+s (?:(?:are|get|will|shall|must|have|is)\b|within\b|in \d)/i,
    unless: /\b(?:vulnerab\w+|weakness\w*|security|cves?)\b/i,
  },
  {
    proofs: ['findings.fixed'],
    spoken:
      /\b(?:bugs?|issues?|defects?|problems?|errors?|flaws?|mistakes?) (?:in|of|with) (?:(?:the|our|your|its) )*(?!(?:[\w-]+ ){0,3}?(?:production|code|platform|products?|systems?|services?|applications?|apps?|software|infrastructure|dependenc\w+|librar\w+|apis?|components?|packages|scope|it)\b)[a-z]/i,
    unless: /\b(?:vulnerab\w+|weakness\w*|security|cves?)\b/i,
  },
  {
    // `Cosmetic bugs`: what a word before them says that nobody knows.
    proofs: ['findings.fixed'],
    spoken:
      /\b(?!(?:security|all|any|every|each|our|the|these|those|such|known|reported|found|new|open|confirmed|serious|other|remaining|discovered|identified|verified|valid|critical|high|medium|moderate|low|severe|urgent|severity|risk|priority|important|exploitable|relevant|of|and|or|fix|fixes|resolve|remediate|address|patch|most|software|these|material|outstanding|both|significant|major|minor|level|impact|rated|resulting|dangerous|validated|fixed|those|to|two|three|raised|for|with|detected)\b)[a-z][a-z-]* (?:bugs|defects|issues|problems|errors)\b/i,
    unless: /\b(?:vulnerab\w+|weakness\w*|security|cves?|found|reported)\b/i,
  },
  {
    // `Product demo sessions`
    proofs: ['session.lifetime', 'session.timeout'],
    spoken:
      /\b(?!(?:all|any|every|each|our|the|your|their|its|these|those|such|user|users|customer|customers|client|login|log-?in|sign-?in|web|browser|app|application|idle|inactive|unused|active|open|online|authenticated|authentication|a|an|of|and|or|for|that|how|long|do|does|sso|interactive|new|both|end|ends|expire|close|closes|terminate|terminates|out|product|dashboard|portal|account|workspace|tenant|individual|single|server|http|https|administrator|admin)\b)[a-z][a-z-]* sessions?\b|\b(?:demo|training|support|webinar|coaching|workshop) sessions?\b/i,
  },
  {
    proofs: ['scan'],
    spoken:
      /\bscans? (?:(?:our|the|all|any|both|your|new|incoming|external|internal|public|production|entire|whole|container|docker|source|open|cloud|web|third-party) )*(?!(?:it|them|us|for|with|at|and|on|of|by|to|in|daily|weekly|monthly|quarterly|nightly|every|each|once|twice|regularly|continuously|runs?|are|is|happens?|takes?)\b)(?!(?:[\w-]+ ){0,4}?(?:systems?|servers?|hosts?|networks?|perimeter|infrastructure|containers?|images?|dependenc\w+|librar\w+|packages?|applications?|apps?|code|repositor\w+|environments?|everything|platform|services?|products?|apis?|assets|endpoints?|machines|domains?|ports?|addresses|websites?|sites?|surface|accounts?|builds?|software|devices|clusters?|databases?|components?)\b)[a-z]/i,
    unless: /\bvulnerab\w+/i,
  },
  {
    proofs: ['monitoring.continuous'],
    spoken:
      /\b(?:monitors?|watch(?:es)?|observes?) (?:(?:our|the|all|every|each|any|both|your|its|their|entire|whole) )*(?!(?:[\w-]+ ){0,4}?(?:systems?|servers?|hosts?|networks?|infrastructure|containers?|applications?|apps?|environments?|everything|it|them|us|for|with|production|platform|services?|products?|apis?|endpoints?|machines|websites?|sites?|security|logs?|databases?|uptime|availability|performance|traffic|accounts?|cloud|health|anomal\w+|threats?|events?|status|activit\w+|access|clusters?|resources?|metrics|errors?|around|continuously|24|day|at|round|operations?|components?|processes|jobs|vulnerab\w+|incidents?|attacks?|data|suspicious|intrusions?|alerts?)\b)[a-z]|\b(?:co-?working|landlord|competitors?|social media|parking|garage|lobby|entrances?|warehouse|doors?|rooms?|visitors?|prices?|market)\b/i,
  },
  {
    proofs: ['uptime'],
    spoken:
      /\b(?:availability|uptime) of (?:(?:our|the|your|all|its|this|every|each) )*(?!(?:[\w-]+ ){0,4}?(?:services?|platform|systems?|applications?|apps?|apis?|products?|websites?|infrastructure|software|solution|servers?|databases?|data|network|production|components?|environments?|cloud|it|saas|instances?|tools?)\b)(?!(?:at|least|more)\b)[a-z]/i,
  },
  {
    proofs: ['ledger.coverage', 'access.approval', 'access.review', 'access.revoked', 'access.second-factor'],
    spoken: /\baccess to (?:(?:the|our|its|their) )*(?:[\w-]+ )?(?:garage|parking|lot|kitchen|canteen|office|safe|archive room|printers?|cupboards?|lockers?|rooms?|gym|roof|garden|lift|elevator)\b/i,
  },
  {
    proofs: ['recovery'],
    spoken: /\brecovery (?:time )?(?:after|from) an? (?!(?:[\w-]+ )?(?:disaster|incident|outage|failure|crash|loss|event|disruption|region\w*|attack|ransomware|breakdown|catastrophe|interruption|major|total|backup|zone|data)\b)/i,
  },
  {
    proofs: ['password.minimum', 'password.hashed', 'password.policy'],
    spoken: /\b(?:wi-?fi|wlan|guest|router|printers?|bios|voicemail|zip|pdf|archive)\b/i,
  },
  {
    // One who is described, and a paper that is only spoken of.
    proofs: ['certificate'],
    spoken: new RegExp(String.raw`\b(?:an?|any|every|another|other|some|only|these|those) (?:[\w-]+ )?(?:company|business|${others}) (?:that|which|who|whose)\b|^(?:an?|any|every) [\w/ -]{0,40}\b(?:reports?|certificates?|certifications?|audits?) (?:costs?|takes?|means|shows?|proves?|says?|is (?:an?|not|no|very|too|expensive|only|good|worth|often|usually|hard|easy|just|something|what)\b)`, 'i'),
    unless: /\b(?:we (?:are|hold|have)|we['’](?:re|ve))\b/i,
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
    proofs: ['pentest'],
    spoken: /\btesters? (?:is|are|holds?|has|have) (?:[\w-]+ )?(?:certif\w+|qualif\w+|accredit\w+|vetted|trained|experienced)\b/i,
    unless: /\b(?:tested|performs?|conducts?|carr\w+ out)\b/i,
  },
  {
    // Not every report is one of a weakness.
    proofs: ['disclosure.answered'],
    spoken:
      /\b(?!(?:security|vulnerab\w+|bugs?|incident|issue|all|any|every|each|such|these|those|your|our|their|the|a|an|this|valid|new|first|initial|of|to|for|with|and|or|who|that|disclosure|researchers?|reporters?|finders?|incoming|submitted|answer|acknowledge|receive|review|read|triage|check|assess|confirm|abuse|complete|good|external|genuine|responsible|weakness|finding|how|fast|quickly|when|everyone|you|we|they|who|whoever|anyone|somebody|someone|somone)\b)[a-z][a-z-]* reports? (?:is|are|will|shall|get|gets|receives?)\b|\breports? (?:about|on) (?!(?:(?:security|possible|potential|suspected|any|a|an|the|new|our) )*(?:vulnerab\w+|security|weakness\w*|issues?|bugs?|problems?|flaws?|holes?|incidents?)\b)\w/i,
  },
  {
    proofs: ['third-parties.reviewed'],
    spoken: /\b(?:vendors|suppliers|(?:sub-?)?processors|providers|partners)['’] (?!(?:[\w-]+ )?(?:security|controls?|complian\w+|certificat\w+|reports?|practices|privacy|measures|risks?|posture|policies|data)\b)|\b(?:prices?|pricing|costs?|invoices?|performance)\b/i,
  },
  {
    proofs: ['dependencies.updated'],
    spoken: /\b(?:librar(?:y|ies)|packages?|frameworks?) of\b/i,
  },
  {
    // `Phone logs`, `the log book of the car`
    proofs: ['logs.kept'],
    spoken:
      /\b(?:phone|call|chat|visitor|travel|wood|driving|mileage|work|time|hour|cleaning|maintenance|delivery|visit|mail|e-?mail|marketing|support|complaint)s? logs?\b|\blog ?books?\b/i,
  },
  {
    proofs: ['residency'],
    spoken: /\bhosts? (?:(?:our|the|an?|all|every|its) )*(?:[\w-]+ ){0,2}?(?:meet-?ups?|conferences?|events?|part(?:y|ies)|dinners?|workshops?|webinars?|summits?|hackathons?|trainings?|guests?)\b/i,
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
    // `You can export invoices`
    proofs: ['export'],
    spoken:
      /\bexport (?:(?:your|their|the|all|any|its|our) )*(?!(?:[\w-]+ ){0,4}?(?:data|everything|records?|content|information|accounts?|workspaces?|projects?|files?|documents?|boards?|tickets?|notes|messages|entries|contacts|history|tables?|dumps?)\b)(?!(?:it|them|at|in|as|to (?:csv|json|xml|excel|a|an|the|your|any|another)|within|is|are|function\w*|tools?|features?|options?|formats?|endpoints?|apis?|available|any ?time|via|through|from|and|on|with|for|by|request\w*|when\w*|button|possible|csv|of|json|xml|takes?|delivered|includes?|contains?|will|can|jobs?|or|that|which|before|after|until|we|you|shall|must|may|be)\b)[a-z]/i,
  },
  {
    // Data of those who are no customers.
    proofs: ['erase', 'export', 'retention'],
    spoken: /\bdata (?:of|from|about) (?:[\w-]+ )?(?:applicants|candidates|visitors|employees|prospects|leads|suppliers|partners)\b|\b(?:applicants?|marketing|visitors?|newsletter|employees?|candidates?|analytics|cookies?|billing)['’]?s?['’]? data\b/i,
  },
  {
    proofs: ['third-parties.reviewed'],
    spoken: /\b(?:vendors|suppliers|processors|partners|providers) (?:\w+ly )?(?:assess|review|audit|check|evaluate|vet)\b/i,
  },
  {
    // Lines and power have standbys too.
    proofs: ['failover', 'restore.point-in-time', 'recovery'],
    spoken: /\b(?:internet|phone|telephone|power|office|mobile|backup) (?:line|connection|supply|link|uplink|generator)s?\b|\bgenerators?\b|\bups\b/i,
  },
  {
    proofs: ['disclosure.rewarded'],
    spoken: /\b(?:employees|staff|colleagues|salespeople|interns)\b/i,
    unless: /\b(?:except|but|not|no|excluding)\b/i,
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
    proofs: ['dependencies.updated', 'updates.released', 'keys.rotated'],
    spoken: /\b(?:laptops?|workstations?|notebooks?|windows|macos|macs|phones?|desktops?|staff devices|printers?)\b/i,
    unless: /\b(?:dependenc\w+|librar\w+|servers?)\b/i,
  },
  {
    // What guards the office guards no customer's data.
    proofs: ['monitoring.protections', 'ip-allow-list'],
    spoken: /\b(?:office|corporate|home|guest|internal|staff|company)(?:['’]s)? (?:networks?|wi-?fi|lan|vpn|internet)\b/i,
    unless: /\b(?:applications?|apps?|platform|servers?|production|services?|cloud|data|customers?|your)\b/i,
  },
  {
    proofs: ['paging'],
    spoken: new RegExp(String.raw`\b(?:engineers?|teams?|staff|operators?|technicians?|desk) (?:of|at|from) (?:our|the|an?|its) (?:[\w-]+ )?${others}\b`, 'i'),
  },
  {
    proofs: ['monitoring.detector', 'monitoring.flow-logs', 'monitoring.protections', 'ledger.coverage'],
    spoken: /\b(?:in|on|for) (?:only )?(?:one|two|three|some|most|several|selected|certain|(?:our|the|an?) (?:test|testing|staging|dev|demo|development|sandbox))(?: of (?:our|the))? (?:[\w-]+ )?(?:accounts?|vpcs?|regions?|subscriptions?|projects?|networks?|environments?|systems?)\b/i,
  },
  {
    // Keys of doors, and of what one has bought.
    proofs: ['encryption.tenant-key', 'encryption.app-only', 'keys.rotated'],
    spoken: /\b(?:employees?|staff|offices?|buildings?|doors?|houses?|cars?|gym|lockers?)\b|\blicen[cs]e keys?\b/i,
    unless: /\b(?:encrypt\w*|decrypt\w*(?! the licen)|customers?|tenants?)\b/i,
  },
  {
    proofs: ['encryption.in-transit'],
    spoken: /\bbetween (?:(?:our|the|all|both|two) )+(?:[\w-]+ )?(?:offices?|sites?|branch(?:es)?|data cent\w+|locations)\b/i,
  },
  {
    proofs: ['encryption.https-only', 'tls.grade', 'encryption.in-transit', 'uptime', 'pentest', 'scan'],
    spoken: /\b(?:on|for|of) (?:our|the) (?:[\w-]+ )?(?:blog|status ?page|docs|documentation|marketing (?:site|website|pages?)|landing pages?|forum|newsletter|careers? pages?|intranet|wiki|web ?shop)\b/i,
    unless: /\b(?:apps?|apis?|platform|everything|too|also)\b/i,
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
    // A word that is only named.
    proofs: ['encryption.in-transit'],
    spoken: /["“](?:ssl|tls|https)["”]/i,
  },
  {
    proofs: ['export'],
    spoken: /\bup to [\d,.]+ (?:[\w-]+ )?(?:rows|records|entries|lines|items|files|documents|users)\b|\b(?:seriously|to heart|for granted|care of|into account|lightly)\b/i,
  },
  {
    // What the company's own people have is nothing that customers can require.
    proofs: ['mfa.tenant'],
    spoken:
      /^(?:(?:every|each|all|both|any|one) (?:of )?)?(?:(?:our|the) )?(?:[\w-]+ )?(?:teammates?|colleagues?|members? of (?:the|our) (?:[\w-]+ )?team|team ?members?|co-?workers?|crew|founders?)\b/i,
    unless: /\b(?:customers?|clients?|tenants?|your|their workspaces?|they can|can require|can enforce)\b/i,
  },
  {
    // Who enforces it is no account that it protects.
    proofs: ['mfa.accounts'],
    spoken: /\b(?:enforced|provided|managed|handled|required|secured|run) (?:\w+ly )?(?:by|through|via|with|in|using)\b|^(?:via|through|using|with) /i,
  },
  {
    proofs: ['certificate'],
    spoken: new RegExp(
      [
        String.raw`\b(?:work|partner|contract|do business|cooperate) (?:only |exclusively )?with\b[^.;]{0,40}\b${others}\b`,
        String.raw`\b(?:use|choose|select|pick|hire|engage|employ|require|expect|want|prefer|accept)s?\b[^.;]{0,40}\b${others} (?:that|who|which|with|to)\b`,
        String.raw`^(?:all |both |each |every |some |many |most |two |three |several )?(?:of )?(?:our|the|an?|every|each) (?:[\w-]+ ){0,2}?${holders}\b(?! team\b)`,
        String.raw`\b(?:lead|internal|certified|external) (?:[\w-]+ ){0,3}?(?:auditor|implementer|assessor|practitioner)s?\b`,
        String.raw`\b(?:helps?|enables?|allows?|lets?|supports?|assists?|guides?|brings?|gets?|makes? it easy for|makes? it easier for) (?:[\w-]+ )?(?:you|your|customers|clients|companies|businesses|organi[sz]ations|teams|startups)\b[^.;]{0,60}\b(?:iso|soc|pci|certif\w+|complian\w+)`,
        String.raw`\binherit(?:s|ed|ing)?\b`,
        String.raw`\bmakes? (?:us|it|them|our [\w-]+|the [\w-]+)\b`,
      ].join('|'),
      'i',
    ),
    unless:
      /\b(?:we (?:are|hold|have)|we['’](?:re|ve))\b|\bour (?:own )?(?:[\w-]+ )?(?:iso|soc|pci|certificat|accreditat)|\b(?:certified|audited) us\b/i,
  },
  {
    // The door of the company's own people, and not that of customers.
    proofs: ['sso', 'mfa.tenant'],
    spoken:
      /\b(?:admin|administration|support|internal|management|operations?|back[ -]?office|deployment) (?:consoles?|panels?|interfaces?|areas?|portals?|tools?|backends?|systems?|desks?|dashboards?)\b|\bback[ -]?office\b|\bproduction\b|\bbastions?\b|\bjump hosts?\b|\bvpn\b|\bour (?:[\w-]+ )?(?:agents|operators|administrators|admins|support (?:team|people))\b/i,
    unless: /\b(?:customers?|clients?|tenants?|you|your|workspaces?|subscribers?|schools?|buyers?|merchants?)\b/i,
  },
  {
    proofs: ['provider.certified'],
    spoken: /\bmakes? (?:us|it|our [\w-]+|the [\w-]+)\b|\binherit(?:s|ed|ing)?\b/i,
  },
  {
    proofs: ['backup', 'backup.copies', 'retention'],
    spoken:
      /\b(?:laptops?|workstations?|notebooks?|(?:mobile )?phones?|source code|code ?base|(?:code |git )?repositor(?:y|ies)|wikis?|mailbox(?:es)?|office (?:files|documents|servers?|computers?))\b/i,
    unless: /\b(?:data|databases?|customers?|your|everything|servers?|systems?|files|uploads)\b/i,
  },
  {
    proofs: ['findings.fixed'],
    spoken: /\b(?:incidents?|outages?|disruptions?|interruptions?|downtimes?|(?:support )?(?:cases|requests|tickets))\b/i,
    unless: /\b(?:vulnerabilit\w+|weakness\w*|findings?|flaws?|holes?|cves?|patch\w*|security (?:bugs?|issues?|problems?))\b/i,
  },
  {
    // The clock starts at a fix, and not at the finding.
    proofs: ['findings.fixed'],
    spoken:
      /\b(?:of|after|from|once|when) (?:(?:an?|the|its|their|any|vendor|corresponding|official) ){0,2}(?:(?:vendor['’]?s?|upstream|security) )?(?:fix(?:es)?|patch(?:es)?|updates?) (?:being |is |are |becom(?:es?|ing) |was |has been |have been )?(?:made )?(?:available|released|published|issued)\b|\b(?:of|after|from) (?:(?:its|the|their|vendor|a) )?(?:patch |fix )?(?:release|availability|publication) of (?:an?|the|any) (?:fix|patch|update)\b/i,
  },
  {
    proofs: ['disclosure.answered'],
    spoken: /\btriag(?:e|es|ed|ing)\b/i,
    unless: /\b(?:reports?|reporters?|reported|researchers?|submissions?|submitted|answer\w*|respond\w*|response|repl(?:y|ies|ied)|acknowledg\w*|hear)\b/i,
  },
  {
    proofs: ['recovery', 'restore.point-in-time'],
    spoken:
      /\b(?:deployments?|deploys?|releases?|rollouts?|changes?|versions?|feature flags?)\b[^.;]{0,40}\b(?:roll(?:ed|s)? ?back|rolling back|revert\w*|undo|undone|withdrawn)\b|\b(?:roll(?:ed|s)? ?back|rolling back|revert\w*|undo) (?:(?:an?|any|every|each|all|the|our|bad|faulty|failed) ){0,3}(?:deployments?|deploys?|releases?|rollouts?|changes?|versions?)\b|\bread back\b/i,
    unless: /\b(?:backups?|databases?|disasters?)\b/i,
  },
  {
    // Of two figures for one thing nobody can tell which is the least.
    proofs: ['changes.reviewed'],
    spoken:
      /\b(?:approvals?|approvers?|reviewers?|reviews?|engineers?|developers?|people|persons?|colleagues?|peers?)\b[^.;]{0,40}(?:,|;| and| but| while| whereas)[^.;]{0,60}\b(?:needs?|requires?|takes?|gets?|by|has|have|must have|asks? for) (?:at least )?(?:one|two|three|four|\d)\b/i,
    inSentence: true,
  },
  {
    proofs: ['residency', 'provider', 'inventory', 'clusters.reviewed'],
    spoken:
      /^(?:(?:and|but|only|all|both|each|of|our|the|this|its) )*(?:[\w-]+ )?(?:marketing|company|corporate|public|press)? ?(?:web ?sites?|web pages?|(?<=marketing |company |press )(?:pages?|sites?)|homepage|landing pages?|blogs?|status ?pages?|documentation|docs|help cent(?:er|re)|knowledge base|newsletters?|forums?|community|careers pages?|shop)\b/i,
    unless: /\b(?:apps?|apis?|applications?|platform|data|products?|services?|everything|databases?|servers)\b/i,
  },
  {
    proofs: ['encryption.in-transit'],
    spoken:
      /^(?:(?:all|every|each|our|the|your|any|outgoing|incoming|inbound|outbound|support|and) )*(?:e-?mails?|mails?|tickets?|newsletters?|faxes|chats?)\b/i,
    unless: /\b(?:connections?|traffic|endpoints?|apis?|websites?|browsers?|everything)\b/i,
  },
  {
    // Who gets no access at all needs nobody's consent.
    proofs: ['access.consent'],
    spoken:
      /^(?:(?:our|the|all|external|no|any|temporary) )*(?:contractors?|freelancers?|interns?|trainees?|temps?|temporary staff|subcontractors?|volunteers?)\b/i,
    unless: /\b(?:consent|permission|unless|until|without|approval|approv\w+|agree\w*|ask\w*|allow you|you allow|grant\w*)\b/i,
  },
  {
    proofs: ['access.limit'],
    spoken:
      /\bproduction (?:[\w-]+ )?(?:keys?|secrets?|passwords?|certificates?|tokens?|dashboards?|metrics|logs?)\b/i,
    unless: /\bproduction (?:systems?|servers?|environments?|databases?|data|accounts?)\b/i,
  },
] // prettier-ignore

const byProof = Map.groupBy(
  rows.flatMap((row) => row.proofs.map((proof) => ({ proof, row }))),
  ({ proof }) => proof,
)

/** Whether a clause speaks of something that a proof is not about. */
export function speaksOfAnother(proof: string, clause: string, sentence: string): boolean {
  return (byProof.get(proof) ?? []).some(({ row: { spoken, unless, inSentence } }) => {
    const text = inSentence ? sentence : clause
    return spoken.test(text) && !(unless?.test(text) ?? false)
  })
}
