/** What makes a sentence no promise of the company, however promising its words. */

const harmless =
  /\band no (?:longer|more|later)\b|\beven (?:if|when|though|where|before) [^,.;]{0,60}|\bno (?:\w+ ){1,6}(?:shall|may|will|can) (?:\w+ ){0,4}(?:longer|more) than\b|\bat no time (?:shall|will|do|can|may) more than\b|\bwithout (?:any )?(?:input|use|interaction)\b|\bnowhere outside\b|\bno(?:t)? (?:later|more|less|longer|fewer|older|shorter|exceeding) than\b|\bnot (?:exceeding|only|just|limited to)\b|\bno (?:gap|interruption|break)s?\b|without (?:undue delay|unreasonable delay|delay|interruption|downtime|notice|exceptions?|fail)\b|\bno (?:matter|one but|exceptions?|shared|less|fewer|(?:(?:extra|additional|further) )?(?:costs?|charges?|fees?)|surcharge|one else|others?)\b|\b(?:nobody|nothing|nowhere|none) else\b|\bneither from\b|\bor not\b|\bwho (?:did|does|has|have|do|is|are|was|were) not\b|\bwhether or not\b|\bregardless\b|\bnever (?:\w+ ){0,2}for (?:more|longer) than\b|\bnot (?:just|merely)\b|\band of nobody\b|\bno transfer outside\b|\b(?:doing nothing|do nothing|no activity|without activity|nothing happens|not (?:used|active)|no further|no activity)\b/gi
const negation =
  /\b(?:not|never|no|nobody|none|neither|nor|without|cannot|unable|impossible|nothing|nowhere|zero)\b|\w{1,9}n['’]t\b|\b(unless|until|except|other than|before|without)\b/gi

/**
 * Whether a stretch of text denies something. A denial with an exception is none: `nothing ships
 * until it is tested`, `cannot sign in without a second factor`.
 */
export function denies(text: string): boolean {
  let denied = false
  for (const match of text.replace(harmless, '').matchAll(negation)) {
    const exception = match[1] !== undefined || /^without$/i.test(match[0])
    if (!exception) denied = true
    else if (denied) denied = false
    else if (/^without$/i.test(match[0])) denied = true
  }
  return denied
}

/** Whether a stretch of text has a word of denial at all. */
export function hasDenial(text: string): boolean {
  return /\b(?:not|never|no|nobody|none|neither|nor|without|cannot|unable|impossible|nothing|nowhere|zero)\b|n['’]t\b/i.test(
    text,
  )
}

export type Guard =
  | 'question'
  | 'future'
  | 'advice'
  | 'supposition'
  | 'past'
  | 'hedge'
  | 'other'
  | null

/** Customers, and those who act for them: whoever does not make the promises of the page. */
const reader =
  "(?:you|(?:(?:the|each|every|any|all|our|your|buyer|customer|workspace|account|its|their)\\s+){0,2}(?:customers?|clients?|tenants?|subscribers?|controllers?|merchants?|buyers?|schools?|carriers?|hospitals?|clinics?|councils?|exporters?|licensees?|entity|entities|account holders?|account owners?|institutions?|integrators?|integrations?|teachers?|parents?|patients?|agency|agencies)(?:(?:[’']s?)?\\s+(?:own\\s+)?(?:administrators?|admins?|personnel|staff|users?|employees))?)"

const maySubject = new RegExp(
  `^(?:[\\d.]+ )?${reader} (?:may|can)\\b(?! (?:rely|expect|be sure|trust|not))`,
  'i',
)
/** Whether a text begins with what a customer may do. */
export function mayOfReader(text: string): boolean {
  return maySubject.test(text)
}

const future =
  /\b(?:(?<!contingency )(?<!recovery )(?<!continuity )plan(?:s|ned|ning)? (?:to|on|for)\b|(?:is|are|be|being|we're|they're) (?:now |currently |actively |also |still )?(?:planned|planning|sought|pursued|aspired to|applied for|underway|in progress|working (?:on|to|towards?)|preparing|evaluat(?:ed|ing)|considered|considering|pursuing|exploring|examined|envisaged|foreseen|looking (?:at|into)|in (?:preparation|development|beta)|aimed (?:at|for)|scheduled for (?:next|20))|under (?:consideration|evaluation|construction)|in (?:the process of|private beta|public beta|beta)|intend(?:s|ed|ing)? (?:to|for)|intends,|hopes? (?:to|for)|(?:is|are|am|['’]re) (?:also |now |soon )?going to|road-?map|coming (?:soon|in|year|months?|weeks?)|in (?:the )?(?:near )?future|(?<!as )\bsoon (?:you|we|our|it|they|be)\b|(?<!\b(?:within|in|inside|after|than|under|of|every|least|most|for|is|to|on|by|about|only|just|and) )one day\b(?! (?:after|of|before|from|in))|some ?day|eventually|later this (?:year|month|quarter)|next (?:year|month|quarter|spring|summer|autumn|fall|winter)|following (?:financial )?year|target date|we plan (?:[\w-]+ ){0,2}(?:tests?|audits?|scans?|reviews?|training)|(?:is|are) (?:still |currently |now )?being (?:written|drafted|prepared|introduced|rolled out|developed|built|implemented|migrated|finali[sz]ed)|(?:is|are) still (?:an? |in )?(?:draft|beta|work in progress)|(?:have|has|['’]ve) (?:also |long |often )?(?:thought|talked|considered|discussed|debated)|think(?:ing)? (?:about|of) [a-z]+ing|(?:target|goal|aim|objective|plan|ambition)s? (?:for|in|by) (?:the )?(?:\w+ )?20\d\d|\btargeting\b|in progress|(?:is|are|also|still|stands?) on (?:our|the) (?:list|wish ?list)|on (?:our|the) wish ?list|not yet|work(?:s|ing)? towards?|under way|underway|(?:would|\w+['’]d) (?:like|love)|expect(?:s|ed|ing)? to (?:\w+ )?(?:obtain|receive|complete|achieve|launch|start|begin|have|finish|be)|will (?:soon|follow|arrive|become|be (?:introduced|added|launched|available (?:in|from|soon|later|by|next))|introduce|launch|start)|by (?!(?:the )?(?:end|close|start|beginning) of (?:the |that |their |any |each )?(?:(?:same|next|following|very|working|business|last) )+(?:day|shift)\b)(?:the )?(?:end|middle|start|beginning|summer|spring|autumn|winter) (?:of )?|\bQ[1-4]\b|soon[.!]?$)/i
/** `By March 2027 we will hold ...`: a test that is booked for a day is promised today. */
const byDay =
  /\bby (?:(?:the )?(?:end|middle|beginning|start|close) of |early |late |mid-?|summer |spring |autumn |fall |winter |\d{1,2}(?:st|nd|rd|th)? (?:of )?)*(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?:\d{1,2},? )?)?(?:19|20)\d\d\b/i
/** `Our audit is scheduled for March 2027` */
const scheduled =
  /\b(?:scheduled|due|booked|slated|set|planned) (?:for|in|to (?:begin|start|take place)) (?:[\w-]+ ){0,3}(?:19|20)\d\d\b/i
const booked = /\bnext (?:\w+ ){0,2}(?:test|round|vapt|pen ?test|engagement|assessment|one)\b/i
const startsLater =
  /\bonce (?:our|the|this|that) (?:[\w-]+ ){0,4}(?:audit|certification|assessment|migration|project|rollout|launch)\b.*\bwill\b|\b(?:from|starting|as of|beginning|effective) (?:in |on |from )?(?:\d{1,2} )?(?:[a-z]+ )?20\d\d\b.*\bwill\b|\bwill\b.*\b(?:from|starting|as of|beginning|effective) (?:in |on |from )?(?:\d{1,2} )?(?:[a-z]+ )?20\d\d\b/i
const advice = new RegExp(
  [
    '\\bwe (?:strongly |also |highly )?(?:recommend|suggest|encourage|advise|urge)\\b(?! (?:you|you to) (?:also )?(?:to )?read)',
    '^ask (?:your|yourself|any|every|them|an?)\\b',
    '\\bit is (?:recommended|advisable|advised)\\b',
    '^your (?:\\w+ ){0,2}?(?:administrators?|admins?|teams?|users?|staff|employees|managers?|it department) (?:\\w+ly )?(?:reviews?|checks?|approves?|backs?|rotates?|tests?|trains?|deletes?|monitors?|scans?|manages?|encrypts?|keeps?|stores?|revokes?|removes?)\\b',
    '\\b(?:is|are) (?:strongly |highly )?(?:recommended|advised|encouraged|advisable)\\b',
    '\\b(?:is|are) expected to\\b|\\bsuggests?\\b|\\brecommends?\\b',
    `\\b${reader} (?:(?:should|shall|ought|must|needs?(?<!\\byou needs) to|ha(?:s(?<!\\byou has)|ve) to)(?! (?:\\w+ )?(?:receive|obtain|get|be (?:able|entitled|given|informed|notified|provided|granted|told|sent|offered)|(?:log|sign) (?:in|on|back)))|(?:is|are|be) (?:solely |also |fully |themselves )?(?:responsible|liable|obliged|advised|expected|required to (?!use two|set up))|remains? (?:solely )?responsible|can help|agrees? to|undertakes?)\\b`,
    '\\b(?!^)should\\b',
    "\\b(?:customers?|clients?|buyers?|controllers?|subscribers?|schools?|your|tenants?)['’]?s? (?:own )?(?:responsibility|obligation|duty|expense)\\b",
    '\\b(?:responsibility|obligation|duty|incumbent) (?:of|on|upon|for) (?:the |our |your )?\\w+',
    "\\b(?:is|are|it['’]s|that['’]s) (?:entirely |solely )?(?:up to|on|down to) (?:you|the (?:customer|client|school|buyer|controller|tenant)s?|customers|schools|clients|buyers)\\b",
    '\\b(?:yours to|for you to|on your own|at your own)\\b|\\b(?:remain|remains|be) for the \\w+ to\\b',
    '\\bremains? the (?:sole )?(?:responsibility|obligation|duty)\\b',
    '\\b(?:make|be) sure (?:that )?(?:you|your|to)\\b|\\bremember (?:to|that)\\b|\\bwe (?:ask|expect|require) (?:that )?(?:you|customers|clients)\\b',
    '\\bplease (?!contact|write|e-?mail|mail|report|read|see|refer|visit|send|reach|get in|let us|submit|drop|note|find|ask|privately|responsibly)',
    '\\b(?:is|are) (?:a good idea|good practice|wise|safer|better|best)\\b',
    '\\bby (?:those|these) (?:customers|clients|tenants|users)\\b|\\bby (?:the )?(?:customers?|clients?|tenants?) (?:themselves|itself)\\b',
    '\\bworth (?:the|it|doing|\\w+ing)\\b|\\bconsider (?:\\w+ing)\\b',
  ].join('|'),
  'i',
)
const supposition =
  /^(?:(?:data )?encryption(?: at rest| in transit)?|backups?|two-factor authentication|mfa|penetration tests?|training|monitoring|sso) (?:protects?|helps?|prevents?|matters?|means|is (?:a must|important|essential|vital|useful|crucial|necessary|hard|expensive|good|great))\b|\b(?:when|if|where) an? (?:customer|client) (?:pays|asks|wants|demands|requires|books)\b|^(?:(?:an?|every|any|the|most|all) )?(?:good|great|serious|responsible|modern|decent|best|typical) (?:\w+ )?(?:vendors?|company|companies|teams?|providers?|business(?:es)?|engineers|developers|startups?)\b|\b(?:anyone|anybody|everyone|everybody|people|customers?|one) would\b|\bwe would (?!like)|^(?:if|when|where|as long as|provided(?: that)?) (?:you|an?|the|your|any) ?(?:customers?|clients?|tenants?|company)? ?(?:pays?|buys?|books?|orders?|upgrades?|opts?)\b|\bdepend(?:s|ing) on (?:the |your |their |which |our )?(?:plan|tier|contract|edition|package|subscription|agreement|region|capacity|workload|availability|product)\b|\b(?:for an? (?:extra|additional|small|further|monthly) (?:fee|charge|cost|price)|at (?:extra|additional) (?:cost|charge)|as an? (?:paid |optional )(?:add-on|option|extra|service))\b|^(?:if|when|where|should) (?:you|customers?|clients?|a (?:customer|client)) (?:asks?|wants?|likes?|wish(?:es)?|prefers?|needs?|requests?)\b[^,]{0,60}, we (?:can|could|may|would)\b|^(?:our|many|some|most|all) (?:of our )?(?:customers|clients|users) (?:include|range|come from|trust|rely|hold)\b|^(?:(?:all|our) )?(?:employees|staff|personnel|engineers) (?:can|may) (?:request|ask|choose|opt)\b|\b(?:may|can) (?:choose|opt|decide|elect) to\b|\bcan (?:optionally )?be encrypted\b|(?<!\b(?:no|nobody|none|not|nothing|neither|only)\b[^.;]{0,60})\bmay (?:also )?be (?:processed|stored|transferred|hosted|kept|held|accessed|replicated)\b(?! only)|\bcan be (?:configured|set up|set|scheduled|customi[sz]ed|adjusted|asked) (?:to|so|for|by)\b|\b(?:if you (?:use|enable|choose|want|need|are|host|self-host|run|opt|upgrade|subscribe to|switch to|switch on)|imagine|for (?:example|instance), (?:a|an|if)|asked (?:us )?(?:whether|if)|(?:attackers|hackers|criminals|intruders) (?:\w+ )?(?:scan|try|look|wait|steal|hide|stay|need|use)|(?:most|many|some|few|several) (?:of (?:our|the) )?(?:customers|clients|users)|(?<!\b(?:handful|number|couple|dozen) of )(?:most|many|some|other|few|several) (?:companies|vendors|providers|breaches|tools|states|countries|organi[sz]ations|products|teams|people)|unlike|in theory|industry average|according to (?:a |the )?(?:recent |latest )?(?:stud|survey|report|statistic)\w*|typically (?:refers|means)|(?:is|are) defined as|defined in|means (?:that (?!we)|any|the|a|an)|refers to|stands for|is (?:a|an|the) (?:process|practice|standard|protocol|method|technique|term|framework|way|technology|device|document|thing|system that|kind|type|part|piece|form|act|measure|[a-z]+ (?:process|practice|standard|protocol|method|technique|document))|shall mean|within the meaning of|for the purposes? of this|nothing in this|(?:customer|controller|client|party|parties|you|buyer) acknowledges?)\b|\s=\s(?!\d)|^["“][^"”]{1,60}["”] (?:means|is)\b|["”] means\b/i
const past =
  /^we (?:fixed|recovered|restored|resolved|remediated|patched|notified|informed|tested|reviewed|scanned|trained|deleted|rotated)\b|\b(?:in (?:our|the) (?:last|latest) (?:drill|test|exercise|incident)|(?:stopped|ceased|gave up|quit) [a-z]+ing|(?:previous|former|earlier|last year['’]s) (?:[\w-]+ ){0,3}(?:reports?|certificates?|certifications?|audits?|attestations?)|(?<!\b(?:is|are|be|been|being|was|were|not|never|only|data) )used to|previously|formerly|originally|back in (?:the (?:day|old|early|beginning)|(?:early |late |mid-?)?(?:19|20)\d\d|those)|long gone|once upon|ago|in the (?:past|early|beginning)|at that time|last (?:month|year|quarter|week)(?! of)|(?:in|until|before|between|during) (?:early |late |mid-?)?(?:19|20)\d\d|(?:was|were) (?:founded|established)|first (?:version|prototype)|had (?:a|an|no)|our old (?:[\w-]+ )?(?:setup|system|platform|host\w*|infrastructure|provider|version|product|policy|servers?|site|data cent(?:er|re))|(?:previous|former|earlier) (?:provider|vendor|supplier|hoster?|version|product|owner|system|company)|predecessor)\b|^(?:19|20)\d\d-\d\d(?:-\d\d)?\b/i
/** `Before May 2024 our certificate was ...` */
const endsBefore =
  /^(?:before|prior to|until|up to|till) (?:(?:early |late |mid-?|the )?(?:\d{1,2}(?:st|nd|rd|th)? (?:of )?)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|spring|summer|autumn|winter)[a-z]*\.? ?)(?:\d{1,2}(?:st|nd|rd|th)?,? )?(?:19|20)\d\d\b/i
const was = /\b(?:(?:was|were)(?! awarded)|had|(?<!who )did|shipped)\b/i
const present =
  /\b(?:is|are|has|have|will|shall|must|can|cannot|(?<!\b(?:in|of|since|until|last|this|by) )may(?! (?:19|20)\d\d)|do|does|be)\b|['’](?:re|ll|ve)\b/i
/** What holds for all but some is not what a proof of all says; `nobody except` limits, and is meant so. */
const exempts =
  /\beverything (?:but|save|bar) |^(?:some|most|almost all|nearly all|half|an?y? majority|the majority|certain|selected|a few|few)\b(?! (?:of )?(?:our |the )?(?:[\w-]+ )?(?:customers|clients|tenants|enterprises?)\b)|\boptional for (?:our |all )?(?:employees|staff|personnel|engineers|contractors)\b|^(?:except for|with the exception of|apart from|excluding|other than)\b(?!.*\b(?:nobody|no|none|never|not)\b)|^(?!.*\b(?:nobody|no one|no|none|never|not|cannot|only|nothing|without)\b|.*n['’]t\b).*[\w,] (?:except|excluding|with the exception of|(?<!\b(?:keeps?|kept|held|holds?|stored|stays?|lives?|set|\w+ly) )apart from|but not)(?: for| on| in| of)? (?!where|when|if|as|with|by|during|under|to\b|your|emergenc|maintenance|public|read)\w/i
const hedge =
  /\b(?:in the best case|as soon as (?:the|our) (?:[\w-]+ )?(?:lawyers|law|police|authorit\w+|investigation)|(?:team|staff|engineers|we) (?:always )?(?:tries|try) to (?!break|hack|attack)|roughly (?:every|once)|where an? (?:patch|fix|update) (?:exists|is available)|(?:as long as|so long as|if|when|where|whenever|provided) (?:our |the )?(?:capacity|time|resources|staffing|workload|load|budget) (?:permits?|allows?)|(?:capacity|time) permitting|when(?:ever)? (?:we|they|our [\w-]+) (?:have|has|find|finds|get|gets) (?:the |some )?time|(?:where|if|when) (?:the|your|an?|our) (?:contract|agreement|dpa|law|order|policy) (?:says?|provides?|foresees?|stipulates?|demands?|allow(?:s|ed))|aim(?:s|ing|ed)? (?:to|for|at)|striv(?:e|es|ing)|endeavou?rs?|we(?:['’]ll)? (?:always |do )?try to|seeks? to|best[- ]efforts?|(?:commercially )?reasonable (?:efforts|endeavours|endeavors|steps)|where(?:ver)? (?:possible|feasible|practicable|appropriate|available|applicable)|(?<!\b(?:except|unless|other than|only|just) )where(?:ver)? (?:(?:the|this|that|an?|such|each|any) )?(?:[\w-]+ ){0,3}?(?:requires?|permits?|supports?|allows?) (?:it|this|so)\b|(?<!\b(?:except|unless|other than|only|just) )where(?:ver)? (?:(?:the|this|that|an?) )?(?:[\w-]+ ){0,3}?so (?:requires?|permits?|allows?)\b|(?<!\b(?:except|unless|other than|only|just) )where(?:ver)? (?:supported|permitted|permissible|technically)\b|as far as (?:possible|practicable)|if possible|typically|usually|normally|generally|in (?:rare|some|certain|many) cases|in most\b|mostly|ideally|(?:our|the) goal|opportunistic(?:ally)?|we like to|(?<!\bthan )we (?:may|might|could)|(?<!\bno )(?:supplier|processor|provider|company|vendor) (?:may|might|reserves)|(?:its|our) (?:sole )?discretion|reserves? the right|may (?:differ|vary|change|take longer))\b/i
/** A share of what there is, unless it is all: `95 % of weaknesses`, `two of our three databases`. */
const shareOf =
  /\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+) (?:out )?of (?:our|the|its|all) (?:[\w-]+ )?(?:databases|servers|systems|laptops|devices|services|applications|products|offices|regions|clusters|vendors|sub-?processors|changes|vulnerabilities)\b|\b(?!100(?:\.0+)? ?(?:%|per))\d{1,2}(?:\.\d+)? ?(?:%|percent|per cent) of (?:(?:all|our|the|critical|high|new|known|reported) ){0,3}(?:vulnerabilit|weakness|finding|issues?|bugs?|flaws?|changes|code|employees|staff|engineers|people|laptops|devices|databases|backups|servers|systems|incidents|reports|tickets|customers)/i
/** Who is named beside a subject and is not the company: `Acme Corp, one of our customers, ...`. */
const stranger =
  /^(?:attackers|hackers|criminals|intruders)['’]|^[^,]{1,60}, (?:(?:one|some|two|many|most|another) of (?:our|the|their)|an?|another) (?:[\w-]+ ){0,3}(?:customers?|clients?|competitors?|rivals?|prospects?|investors?|regulators?|insurers?)(?: of ours)?(?:,|$)|^(?:(?:the|our|its|an?|one|every|each|all|many|most|some|other|another) ){0,2}(?:[\w-]+ )?(?:competitors?|rivals?|industry peers)(?:['’]s?)?\b(?! (?:can ?not|never|has no|have no))/i
/** What is only allowed or possible: `may be encrypted`; but `may only be`, and `no data may be stored`. */
const possible =
  /^(?!.*\b(?:only|no|not|nobody|none|never|nothing|neither|without|unless|until|at most|more than|exclusively|solely)\b).*\b(?:may|might|could) (?:\w+ly |also |sometimes |then |optionally )?be (?:\w+ly )?(?:encrypted|hashed|masked|backed up|replicated|mirrored|rotated|reviewed|approved|tested|scanned|patched|fixed|monitored|logged|audited|trained|screened|vetted|stored|hosted|kept|retained|deleted|erased|removed|revoked|isolated|separated|protected|secured|enforced|notified|informed|required|used)\b/i
/** What holds on one plan, or for the customers of one country, is not what a proof of all says. */
const onPlan =
  /\b(?:enterprise|business(?! continuity)|pro|professional|premium|free|team|plus|standard|basic|starter|growth|paid|paying|trial|gold|silver|platinum|ultimate|advanced|higher)(?:[- ](?:plan|tier))?(?:(?:,? (?:and|or|&) |, |\/)\w+)? (?:plans?|tiers?|editions?|packages?|subscriptions?|customers?|clients?|accounts|workspaces|subscribers?|users)\b|\b(?:eu|us|uk|european|american|british|german|french|swiss|canadian|australian) (?:customers?|clients?|tenants?|users?)\b(?:['’]s?)? (?:\w+ )?(?:data|records?|files?|information)\b|\b(?:data|records|files|information) (?:of|from) (?:our )?(?:eu|us|uk|european|american|british|german|french|swiss|canadian|australian) (?:customers?|clients?|tenants?|users?)\b/i
/** What holds for those customers who chose it, or for all but them. */
const someCustomers =
  /\b(?:customers?|clients?|tenants?|subscribers?|users?|organi[sz]ations?|companies|schools?|those|anyone|anybody|everyone|everybody) (?:who|that|which) (?:(?:have|has|had|did|do|does|not) )*(?:choo?ses?|chosen?|select(?:s|ed)?|pick(?:s|ed)?|prefer(?:s|red)?|opt(?:s|ed)?|sign(?:s|ed)? up (?:for|in|on|through|via|from)|subscribed?s? to|(?:are|is) (?:based|located|established|resident|hosted|on|in)|live|reside)\b|^(?:and |but |while |whereas |for )?(?:(?:everyone|everybody|anyone|anybody|all the|all) (?:else|others?|remaining|rest)|(?:the |all )?others|the (?:rest|others?|remaining)|(?:all |the )?(?:other|remaining) (?:customers?|clients?|tenants?|users?|accounts?|workspaces?|data))(?:['’]s?)? (?:[\w-]+ )?(?:is|are|lives?|stays?|remains?|runs?|sits?|gets?|has|have|goes|will|shall|must|resides?)\b/i
/** The same by where they are; a place is told by its capital. */
const customersIn =
  /\b(?:[Cc]ustomers?|[Cc]lients?|[Tt]enants?|[Uu]sers?|[Ss]chools?|[Oo]rgani[sz]ations?) (?:(?:based|located|established|resident) )?(?:in|from|within|outside(?: of)?) (?:the )?(?!I[DP]\b)\p{Lu}/u

/** What holds for some of the staff, those of one place or department, or for some of the systems. */
const someOf =
  /(?<!\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|only|to|by) )\b(?:employees|staff|personnel|engineers|developers|people|colleagues|team members|contractors|workers) (?:(?:working|based|located|employed) )?(?:in|at|of|from|on) (?:the|our|its|one|two|some) (?!(?:company|firm|business|organi[sz]ation|team|group|world|eu|eea|whole|entire|field|event|course)\b)(?:[\w/-]+ ){0,3}(?:offices?|departments?|branch(?:es)?|headquarters|hq|subsidiar(?:y|ies)|division|units?|sites?|teams?|region|country)\b|\b(?:employees|staff|personnel|engineers|developers|people|colleagues|team members|contractors|workers) in (?:(?!(?:each|every|any|all)\b)[\w/-]+ ){0,3}(?:roles?|positions?|functions?|jobs?|locations?|countries)\b|^for (?:(?:some|certain|selected|most) (?:of (?:the|our) )?)?(?:(?:more |most )?(?:important|critical|selected|larger?|key) )?(?:ones|products|systems|applications)\b|^(?:remote|senior|office|permanent|part-time|full-time|temporary) (?:employees|staff|personnel|engineers|developers|workers)\b/i
const other =
  /\b(?:customers?|clients?|users?) of (?:our|the|an?|their) (?:[\w-]+ )?(?:resellers?|partners?|subsidiar\w+|affiliates?|competitors?)\b|^(?:the|this|that|each|every) (?:[\w-]+ )?(?:standard|norm|framework|certification|guideline|best practice)s? (?:requires?|demands?|says?|expects?|obliges?|recommends?|wants?)\b|^(?:our|the|its|their) (?:[\w-]+ )?(?:subsidiar(?:y|ies)|affiliates?)\b|^(?:our|the|their) (?:[\w-]+ )?(?:law firm|lawyers?|attorneys?|accountants?|bank|landlord|tax advis\w+|notar(?:y|ies)|cleaners?|cleaning company|caterers?|recruiters?|agency|agencies|co-?working space)\b|^(?:the|an?) (?:average|typical|usual|ordinary) (?:company|vendor|provider|team|business|attacker|startup)\b|^(?:our|the) (?:insurance|insurers?|customers|clients|contracts?|investors?) (?:requires?|demands?|obliges?|expects?)\b|^(?:our|the|an?) (?:\w+ )?(?:auditors?|testers?|consultants?|regulators?|insurers?|assessors?) (?:recommend|suggest|advise|want|ask|demand|told)\w*|\b(?:is|are) (?:excluded from|not covered by|exempt from)\b|\b(?=[HGCDNLRO]|the )(?<!\b(?:unless|except)\b[^.;,]{0,40})(?:HIPAA|GDPR|CCPA|DORA|NIS ?2|the law|laws?|regulations?|directive|legislation|(?:the )?NCSC|NIST|OWASP) (?:requires?|obliges?|says?|demands?|mandates?|suggests?|recommends?)\b|\b(?:recommended|suggested|required) by (?:the )?(?:NCSC|NIST|OWASP|BSI|law|GDPR|HIPAA)\b|\bpursuant to (?:Art|Sec|§)|§|\bunder (?:the )?(?:GDPR|HIPAA|[A-Z]\w+ (?:law|Act|scheme)|law\b|[A-Z][\w ]{2,40} (?:Act|scheme|Regulation))|\b(?:required|obliged) by (?:the )?law\b|^(?:our|the|its|their)\s+(?:\w+['’]s\s+)?(?:parent|sister|mother|holding|predecessor|subcontractor|competitors?|regulator|investors?)\b|\b(?:parent company|sister company|predecessor in title|['’]s subcontractor)\b|\bcontrollers and processors shall\b|\bservice credits?\b|\bdoes not constitute\b|\bliab(?:le|ility) for\b|\b(?:an?|any) \w+ (?:that|which|who) [^.]{0,60} would\b/i

/** Verbs that, at the head of a sentence, tell the reader what to do. */
const orders =
  /^(?:always |never |please |just |then |do not |don['’]t )?(?:(?:use(?! of)|enable|turn|switch|activate|choose|pick|rotate|avoid|consider|verify|make|ensure|remember|revoke|deactivate|install|configure|disable|treat|educate|reuse|encrypt|require|protect|remove|create|report lost|log out|sign out|delete (?:old |unused |former )?users?) |(?:keep|test|change|review|update|monitor|share|store|set|check|back up|run|train|select|lock|pin|add|give|limit access) (?:your|the|a|an|all|any|it|them|that|this|up|our|initial|default|strong|new|old|secrets?|tokens?|passwords?|keys?|api|automated|who|api|staff|users?|access)\b)/i

const disclaimer =
  /\b(?:no|nothing|none|neither|not even|not any)\b(?: (?:[\w-]+)){0,6} (?:is|are|can|will|could|may|remains?)\b(?: [\w-]+){0,4} (?:secure|safe|guarantee(?:d|s)?|perfect|foolproof|infallible|immune|impenetrable|error-free|flawless|risk-free|warrant(?:y|ies|ed)|promise)\b|\b(?:can ?not|can['’]t|do(?:es)? not|don['’]t|doesn['’]t|unable to|shall not) (?:(?:be|to|fully|absolutely|completely|always|therefore|make any|give any) ){0,2}(?:guarantee|warrant|promise|ensure|rule out|represent)\w*\b|\b(?:nothing|no (?:part|statement|sentence|word)) (?:on|in|of) (?:this|the|these|our) (?:[\w-]+ )?(?:page|document|site|website|text|summary|overview|statement)\b|\bno (?:warrant(?:y|ies)|guarantees?)\b|\bwithout (?:any )?warrant(?:y|ies)\b|\b(?:disclaims?|as[- ]is basis|not (?:legally )?binding|for information(?:al)? purposes only)\b/i

/** Whether a sentence takes back rather than promises: `no system is completely secure`. */
export function disclaims(text: string): boolean {
  return disclaimer.test(text)
}

/** Why a sentence or a clause is no promise; null when it may be one. */
export function guardOf(text: string): Guard {
  if (/\?["”’)]?\s*$/.test(text)) return 'question'
  if (
    future.test(text) ||
    startsLater.test(text) ||
    ((byDay.test(text) || scheduled.test(text)) && !booked.test(text))
  )
    return 'future'
  if (advice.test(text)) return 'advice'
  if (supposition.test(text)) return 'supposition'
  if (onPlan.test(text) || someCustomers.test(text) || customersIn.test(text)) return 'supposition'
  if (other.test(text) || stranger.test(text)) return 'other'
  if (past.test(text) || endsBefore.test(text) || (was.test(text) && !present.test(text)))
    return 'past'
  const hedged = [hedge, possible, exempts, someOf, shareOf].some((pattern) => pattern.test(text))
  return hedged ? 'hedge' : null
}

/** Whether a text begins by telling the reader what to do. */
export function isOrder(text: string): boolean {
  const bare = text.replace(/^[^\p{L}]+/u, '')
  return (
    orders.test(bare) ||
    orders.test(bare.replace(/^(?:if|when|whenever|once|before|after)\b[^,]{3,100},\s+/i, ''))
  )
}

const silent =
  /\b(?:road-?map|outlook|coming soon|what['’]?s next|next up|planned|future|upcoming|wish ?list|your (?:role|responsibilit\w+|duties|tasks|obligations|job)|shared responsib\w+|(?:customers?|clients?|buyers?|schools?|controllers?|users?)['’]?s? (?:responsibilit\w+|obligations?|duties|tasks)|what (?:should|must|can|do) (?:you|schools?|customers?|clients?|we|users?|i) (?:do|need to do)|what you (?:(?:can|should|must) )?do|what we (?:ask|need|expect) (?:of|from) you|(?:our )?recommendations?|tips|how to (?:protect|stay)|stay safe|you should|release notes|what changed|milestones|glossary|definitions?|interpretation|terminology|secure use|support (?:response|hours|levels?)|not (?:included|covered|offered))\b|^\W*(?:security )?(?:next|change ?log|history)\W*$/i

/** A heading under which customers read of themselves: of their duties, or of what they can use. */
export function isOpen(heading: string): boolean {
  return /\b(?:on you|(?:on |at )?your (?:part|side|end|account)|for you)\b/i.test(heading)
}

/** A heading, or the line above a list, under which nothing is a promise of today. */
export function silences(heading: string): boolean {
  return silent.test(heading) && !/\bhow (?:do|will) (?:you|we)\b/i.test(heading)
}
