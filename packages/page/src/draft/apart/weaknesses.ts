import type { Apart } from './row.ts'

/** What is called like a weakness, its report, its search or its cure. */
export const weaknesses: readonly Apart[] = [
  {
    proofs: ['pentest'],
    spoken: /\bby (?:(?:our|the|some|many) )*(?:customers|clients|users|tenants)\b|\b(?:mobile|ios|android|desktop) apps?\b/i,
    unless: /\b(?:web|apis?|platform|infrastructure|everything|servers?)\b/i,
  },
  {
    proofs: ['findings.fixed'],
    spoken: /\b(?:of|after|from) (?:the|our) (?:next|following) (?:[\w-]+ )?release\b/i,
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
    proofs: ['scan'],
    spoken:
      /\bscan\w*\b[^.;]{0,40}?\bfor (?!(?:(?:new|known|any|all|common|security|publicly|critical|potential|open|exposed|the|our|latest) )*(?:vulnerab\w+|weakness\w*|cves?|flaws|security|issues|problems|outdated|ports?|misconfig\w+|exploit\w*|exposures?|holes|threats|malware|secrets|owasp|risks|findings|changes))\w|\b(?:bots?|crawlers?|spiders?|search engines?|competitors?)\b/i,
    unless: /\bvulnerab\w+/i,
  },
  {
    proofs: ['scan'],
    spoken:
      /\bscans? (?:(?:our|the|all|any|both|your|new|incoming|external|internal|public|production|entire|whole|container|docker|source|open|cloud|web|third-party) )*(?!(?:it|them|us|for|with|at|and|on|of|by|to|in|daily|weekly|monthly|quarterly|nightly|every|each|once|twice|regularly|continuously|runs?|are|is|happens?|takes?)\b)(?!(?:[\w-]+ ){0,4}?(?:systems?|servers?|hosts?|networks?|perimeter|infrastructure|containers?|images?|dependenc\w+|librar\w+|packages?|applications?|apps?|code|repositor\w+|environments?|everything|platform|services?|products?|apis?|assets|endpoints?|machines|domains?|ports?|addresses|websites?|sites?|surface|accounts?|builds?|software|devices|clusters?|databases?|components?)\b)[a-z]/i,
    unless: /\bvulnerab\w+/i,
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
    proofs: ['disclosure.answered'],
    spoken: /\btriag(?:e|es|ed|ing)\b/i,
    unless: /\b(?:reports?|reporters?|reported|researchers?|submissions?|submitted|answer\w*|respond\w*|response|repl(?:y|ies|ied)|acknowledg\w*|hear)\b/i,
  },
  {
    proofs: ['disclosure.rewarded'],
    spoken: /\b(?:employees|staff|colleagues|salespeople|interns)\b/i,
    unless: /\b(?:except|but|not|no|excluding)\b/i,
  },
  {
    proofs: ['dependencies.updated'],
    spoken: /\b(?:librar(?:y|ies)|packages?|frameworks?) of\b/i,
  },
  {
    proofs: ['dependencies.updated', 'updates.released', 'keys.rotated'],
    spoken: /\b(?:laptops?|workstations?|notebooks?|windows|macos|macs|phones?|desktops?|staff devices|printers?)\b/i,
    unless: /\b(?:dependenc\w+|librar\w+|servers?)\b/i,
  },
  {
    proofs: ['third-parties.reviewed'],
    spoken: /\b(?:vendors|suppliers|(?:sub-?)?processors|providers|partners)['’] (?!(?:[\w-]+ )?(?:security|controls?|complian\w+|certificat\w+|reports?|practices|privacy|measures|risks?|posture|policies|data)\b)|\b(?:prices?|pricing|costs?|invoices?|performance)\b/i,
  },
  {
    proofs: ['third-parties.reviewed'],
    spoken: /\b(?:vendors|suppliers|processors|partners|providers) (?:\w+ly )?(?:assess|review|audit|check|evaluate|vet)\b/i,
  },
] // prettier-ignore
