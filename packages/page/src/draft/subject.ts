import type { Analysis } from './analysis.ts'
import type { Around } from './match.ts'

const providerWords =
  /^(?:(?:all|both|each|and|but|also|in addition|of) )*(?:our|the|its|these|their)?\s*(?:underlying )?(?:(?:cloud |infrastructure |hosting |chosen )*(?:providers?|hoster|csp)|(?:physical )?data\s?cent(?:er|re)s? (?:we use|themselves|are|is|have|has|holds?|keeps?|maintains?|provides?|runs?|retains?|uses?|logs?|records?|monitors?|of (?:the|our|its)))\b/i

/** Others whom the company uses, where a clause begins with them and says what they do. */
export const others =
  /^(?:the|each|every|any|all) (?:[\w-]+ )?(?:providers?|partners?|vendors?|suppliers?|subcontractors?|processors?|companies) (?:(?:that|which|who|whom) )?we (?:use|chose|choose|hire|employ|engage|work with|rely on) \w+s\b|^(?:the|an?|its) (?:[\w-]+ ){1,3}of (?:our|the|its|their|an?) (?:[\w-]+ ){0,3}(?:providers?|hoster|partners?|vendors?|suppliers?|resellers?|subcontractors?|processors?)\b|^(?:(?:all|both|each|and|but|also|in addition) )*(?:(?:of )?our|its|these)\s+(?:[\w-]+\s+){0,3}?(?:(?:providers?|partners?|vendors?|suppliers?|resellers?|subcontractors?|processors?)\b|host\s+(?:is|has|holds|keeps|maintains|performs|provides|runs|makes|takes|encrypts|monitors|replicates|guarantees|complies|backs|undergoes)\b)|^(?:the|our|these|its|their)\s+(?:[\w-]+\s+)?(?:facilit(?:y|ies)|colocations?)\s+(?:is|are|has|have|holds?|maintains?|undergoes?)\b/i

/**
 * What customers do themselves, where a clause begins with them: `Our customers back up their data`. What
 * is done for them (`customers are notified`) and what they can do is the company's.
 */
export const customersAct =
  /^(?:(?:all|both|each|every|many|most|some|several|and|but|also|in addition|of|the|our|its|these|an?) )*(?:[\w-]+ )?(?:customers?|clients?|tenants?|subscribers?|controllers?|merchants?|buyers?|schools?|hospitals?|clinics?) (?:(?:who|that|which|using|with|on|in) (?:[\w-]+ ){1,4}?)?(?:\w+ly |also |themselves |always |often |usually |often |then |must |have to |has to |need to |shall |will |do )*(?:backs? up|encrypts?|stores?|keeps?|retains?|deletes?|erases?|reviews?|tests?|rotates?|scans?|patch(?:es)?|fix(?:es)?|trains?|screens?|monitors?|logs?(?! (?:in|out|on)\b)|hosts?|hash(?:es)?|notif(?:y|ies)|informs?|requires?|enforces?|undergo(?:es)?|performs?|conducts?|holds?|revokes?|approves?|manages?|maintains?|runs?|operates?|uses?|audits?|demands?|wants?|expects?)\b/i

const through =
  /^(?:through|via|thanks to|courtesy of|because of|by (?:way|virtue) of|by (?:using|choosing|hosting|running|building|relying)|(?:as|being) an? (?:customer|client|partner|user) of|hosted|built|running|powered|(?:since|because|as) we (?:run|host|build|use|rely|operate|are (?:hosted|built)))\b[^,;]{0,80},\s+(?!(?:it|its|they|their|both|which|whose|who|an?|the|these|those|our (?:(?:hosting|cloud|infrastructure) )?(?:provider|hoster?|data cent))\b)/i
const certified = String.raw`(?:certified|certificates?|certifications?|accredited|compliant|attestations?|audited)`
const throughLast = new RegExp(
  String.raw`\b${certified}\b[^.;]{0,40}\b(?:through|via|thanks to|courtesy of|by (?:way|virtue) of)\b|\binherit(?:s|ed|ing)?\b[^.;]{0,80}\b(?:${certified}|iso|soc|pci)\b|\bmakes? (?:us|it|our [\w-]+|the (?:platform|product|service|application|app))\b[^.;]{0,40}\b${certified}\b`,
  'i',
)
/** `Acme, hosted on AWS, is SOC 2 certified` */
const inserted =
  /^[^,;]{1,60}, (?:(?:which|that) )?(?:(?:is|are|being) )?(?:hosted|built|running|runs|powered|based|operated|deployed)\b[^,;]{0,60}, (?:is|are|holds?|has|have|maintains?|complies)\b/i
/** `We run on AWS and are SOC 2 certified` */
const ourselves =
  /^(?:we|our (?:company|platform|product|service|application|app|software|solution|business)|the (?:company|platform|product|service|application|app))(?:['’]re)? (?:(?!which|whose|that)[\w-]+ ){0,12}(?:and|so) (?:(?:are|is|hold|holds|have|has|maintain|maintains)\b|(?:therefore|thus|so|also)\b)/i

/** Whether the company shows its provider's certificates as its own: `Through AWS, we are SOC 2 certified`. */
export function borrows(text: string): boolean {
  return (
    [through, inserted, ourselves].some((pattern) => pattern.test(text)) || throughLast.test(text)
  )
}

/** Whether a line speaks of a provider or of what it runs. */
export function namesProvider(line: Analysis): boolean {
  return line.has(['provider_word']) || hasProviderFirst(line)
}

/** A clause that begins with a hosting provider, or with its data centers, speaks of it. */
export function speaksOfProvider(clause: Analysis, around: Around): boolean {
  if (hasProviderFirst(clause) || (around.ofProvider && around.verbless)) return true
  const { earlier, previous } = around
  if (/^(?:which|whose|who)\b/i.test(clause.text) && earlier)
    return earlier.has(['@hostNames', 'provider_word'])
  if (around.carriesOn && earlier) return hasProviderFirst(earlier)
  return around.carriesOn && around.pointsBack && previous !== null && hasProviderFirst(previous)
}

/** What a service that stands first does itself, whoever pays for it. */
const acts =
  /^(?:encrypts|hosts|replicates|backs|guarantees|operates|holds|employs|hires|invests|spends|trains|vets|screens)$/
/** What it does with its own people and things, and not with ours. */
const forItself = /\b(?:its|their)\b/i
const forUs = /\b(?:our|ours|us|we|your|yours|you)\b/i

/** Where the subject stands behind an opening such as `In the event of a disaster, `. */
function subjectAt({ text, tokens }: Analysis): number {
  const opening =
    /^(?:in|after|upon|during|at|on|if|when|should|for|as per|according to|under)\b[^,]{0,80},\s/i.exec(
      text,
    )
  if (!opening) return 0
  return tokens.findIndex(({ from }) => from >= opening[0].length)
}

/** `AWS audits ...`, but not `AWS accounts are ...`, which are ours. */
function hasProviderFirst(clause: Analysis): boolean {
  // `For GitHub and AWS each of us uses a second factor` only says where.
  if (/^(?:for|on|in|at)\b.{0,120}\b(?:each|all) of us\b/i.test(clause.text)) return false
  const subject = subjectAt(clause)
  const service = clause.of('@services').find((hit) => hit.start === subject)
  if (service && acts.test(clause.tokens[service.end]?.word ?? '')) return true
  if (service && forItself.test(clause.text) && !forUs.test(clause.text)) return true
  const first = clause
    .of('@hostNames')
    .find(
      (hit) =>
        (subject === 0 && hit.start <= 1) ||
        hit.start === subject ||
        (hit.start <= 3 && clause.tokens[hit.start - 1]!.word === 'of'),
    )
  if (!first) return providerWords.test(clause.text)
  const next = clause.tokens[first.end]?.word ?? ''
  const ours = /^(?:our|we|separate|all|tls|use)$/.test(clause.tokens[0]!.word)
  return (
    !ours &&
    !/^(?:accounts?|regions?|only|in|hosts?|eu|us|ap|guardduty|guard|kms|s3|rds|shield|cloudtrail|cloudwatch|waf|iam|backups?|vpc|aurora|lambda|ecs|eks|availability|ddos|firewall|front|key|monitor|policy|sentinel)$/.test(
      next,
    )
  )
}
