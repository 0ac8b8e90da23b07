import { others, type Apart } from './row.ts'

/** Words of which one tells that a training is about security, or of no subject at all. */
const taught = String.raw`security|secure|privacy|data|gdpr|hipaa|phishing|awareness|information|protection|cyber\w*|compliance|confidential\w*|coding|owasp|incidents?`

/** What is called like access, a key, a session, a change or a connection. */
export const doors: readonly Apart[] = [
  {
    // Who is trained are others, or only those who wish.
    proofs: ['staff.trained'],
    spoken:
      /\btrain(?:s|ed|ing)? (?:(?:to|for|of) )?(?:(?:our|all|the|your) )*(?:customers|clients|users|partners)\b|\btraining to (?:our )?(?:customers|clients|users|partners)\b|\b(?:are|is|be) offered\b|\b(?:optional|voluntary|when they ask|if they (?:wish|want|like))\b/i,
  },
  {
    proofs: ['staff.bound'],
    spoken: /\bndas? (?:with|for) (?:(?:our|all|the) )*(?:customers|clients|prospects|partners|visitors)\b|\bvisitors\b/i,
    unless: /\b(?:employees|staff|personnel|everyone)\b/i,
  },
  {
    proofs: ['access.revoked'],
    spoken: /\b(?:parental|maternity|paternity|sick|unpaid|annual) leave\b|\bleave of absence\b|\bsabbatical\b|\bholidays?\b/i,
  },
  {
    proofs: ['changes.reviewed'],
    spoken: /\bchanges? (?:to|in|of) (?:(?:the|our|an?|its|their|all|any|every) )*(?!(?:[\w-]+ ){0,4}?(?:production|code|codebase|source|software|application|apps?|platform|products?|systems?|services?|infrastructure|repositor(?:y|ies)|main|master|everything|databases?)\b)[\w-]+/i,
    unless: /\b(?:code|pull requests?|merge requests?)\b/i,
  },
  {
    // Of two figures for one thing nobody can tell which is the least.
    proofs: ['changes.reviewed'],
    spoken:
      /\b(?:approvals?|approvers?|reviewers?|reviews?|engineers?|developers?|people|persons?|colleagues?|peers?)\b[^.;]{0,40}(?:,|;| and| but| while| whereas)[^.;]{0,60}\b(?:needs?|requires?|takes?|gets?|by|has|have|must have|asks? for) (?:at least )?(?:one|two|three|four|\d)\b/i,
    inSentence: true,
  },
  {
    proofs: ['staff.trained'],
    spoken: new RegExp(String.raw`\b(?!(?:${taught}|staff|employees?|annual|yearly|regular|periodic|recurring|mandatory|compulsory|initial|ongoing|continuous|onboarding|refresher|basic|formal|this|that|the|our|their|its|an?|such|of|and|or|get|gets|receives?|undergoes?|undergo|completes?|have|has|pass|do|take|takes|for|in|with|by|on|to|our|all|every|each|provide|provides|repeat|repeats|renew|quarterly|monthly|annually|online|internal|external|new|necessary|required|appropriate|same|any|is|are)\b)[a-z][\w-]*[\s-](?:training|course|lessons?)\b|\b(?:trained|taught|instructed|schooled) (?:in|on|as|to|how)\b`, 'i'),
    unless: new RegExp(String.raw`\b(?:${taught})\b`, 'i'),
  },
  {
    // `Product demo sessions`
    proofs: ['session.lifetime', 'session.timeout'],
    spoken:
      /\b(?!(?:all|any|every|each|our|the|your|their|its|these|those|such|user|users|customer|customers|client|login|log-?in|sign-?in|web|browser|app|application|idle|inactive|unused|active|open|online|authenticated|authentication|a|an|of|and|or|for|that|how|long|do|does|sso|interactive|new|both|end|ends|expire|close|closes|terminate|terminates|out|product|dashboard|portal|account|workspace|tenant|individual|single|server|http|https|administrator|admin)\b)[a-z][a-z-]* sessions?\b|\b(?:demo|training|support|webinar|coaching|workshop) sessions?\b/i,
  },
  {
    proofs: ['monitoring.continuous'],
    spoken:
      /\b(?:monitors?|watch(?:es)?|observes?) (?:(?:our|the|all|every|each|any|both|your|its|their|entire|whole) )*(?!(?:[\w-]+ ){0,4}?(?:systems?|servers?|hosts?|networks?|infrastructure|containers?|applications?|apps?|environments?|everything|it|them|us|for|with|production|platform|services?|products?|apis?|endpoints?|machines|websites?|sites?|security|logs?|databases?|uptime|availability|performance|traffic|accounts?|cloud|health|anomal\w+|threats?|events?|status|activit\w+|access|clusters?|resources?|metrics|errors?|around|continuously|24|day|at|round|operations?|components?|processes|jobs|vulnerab\w+|incidents?|attacks?|data|suspicious|intrusions?|alerts?)\b)[a-z]|\b(?:co-?working|landlord|competitors?|social media|parking|garage|lobby|entrances?|warehouse|doors?|rooms?|visitors?|prices?|market)\b/i,
  },
  {
    proofs: ['ledger.coverage', 'access.approval', 'access.review', 'access.revoked', 'access.second-factor'],
    spoken: /\baccess to (?:(?:the|our|its|their) )*(?:[\w-]+ )?(?:garage|parking|lot|kitchen|canteen|office|safe|archive room|printers?|cupboards?|lockers?|rooms?|gym|roof|garden|lift|elevator)\b/i,
  },
  {
    proofs: ['password.minimum', 'password.hashed', 'password.policy'],
    spoken: /\b(?:wi-?fi|wlan|guest|router|printers?|bios|voicemail|zip|pdf|archive)\b/i,
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
    // A word that is only named.
    proofs: ['encryption.in-transit'],
    spoken: /["“](?:ssl|tls|https)["”]/i,
  },
  {
    // Who enforces it is no account that it protects.
    proofs: ['mfa.accounts'],
    spoken: /\b(?:enforced|provided|managed|handled|required|secured|run) (?:\w+ly )?(?:by|through|via|with|in|using)\b|^(?:via|through|using|with) /i,
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
