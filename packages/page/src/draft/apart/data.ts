import type { Apart } from './row.ts'

/** What is worth a backup of a security page, or a scan, or a limit: what customers rely on. */
const relied =
  /\b(?:data|databases?|customers?|clients?|tenants?|your|everything|servers?|systems?|files|uploads|content|volumes?|disks?|storage|production|platform|applications?|apps?|services?|accounts?|workspaces?|records?|documents?|information|infrastructure|instances?|clusters?|buckets?|machines)\b/i

/** What is kept, restored, exported or hosted, and is no data of customers. */
export const data: readonly Apart[] = [
  {
    // What nobody uses any more goes without a request.
    proofs: ['erase'],
    spoken: /\b(?:of|after|without) (?:inactivity|activity|your last (?:login|log-in|sign-in|visit))\b|\binactive\b/i,
    unless: /\brequest\w*|\bterminat\w+/i,
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
    proofs: ['backup', 'backup.copies', 'retention'],
    spoken:
      /\b(?:laptops?|workstations?|notebooks?|(?:mobile )?phones?|source code|code ?base|(?:code |git )?repositor(?:y|ies)|wikis?|mailbox(?:es)?|office (?:files|documents|servers?|computers?))\b/i,
    unless: /\b(?:data|databases?|customers?|your|everything|servers?|systems?|files|uploads)\b/i,
  },
  {
    proofs: ['recovery'],
    spoken: /\brecovery (?:time )?(?:after|from) an? (?!(?:[\w-]+ )?(?:disaster|incident|outage|failure|crash|loss|event|disruption|region\w*|attack|ransomware|breakdown|catastrophe|interruption|major|total|backup|zone|data)\b)/i,
  },
  {
    // Lines and power have standbys too.
    proofs: ['failover', 'restore.point-in-time', 'recovery'],
    spoken: /\b(?:internet|phone|telephone|power|office|mobile|backup) (?:line|connection|supply|link|uplink|generator)s?\b|\bgenerators?\b|\bups\b/i,
  },
  {
    proofs: ['recovery', 'restore.point-in-time'],
    spoken:
      /\b(?:deployments?|deploys?|releases?|rollouts?|changes?|versions?|feature flags?)\b[^.;]{0,40}\b(?:roll(?:ed|s)? ?back|rolling back|revert\w*|undo|undone|withdrawn)\b|\b(?:roll(?:ed|s)? ?back|rolling back|revert\w*|undo) (?:(?:an?|any|every|each|all|the|our|bad|faulty|failed) ){0,3}(?:deployments?|deploys?|releases?|rollouts?|changes?|versions?)\b|\bread back\b/i,
    unless: /\b(?:backups?|databases?|disasters?)\b/i,
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
    proofs: ['export'],
    spoken: /\bup to [\d,.]+ (?:[\w-]+ )?(?:rows|records|entries|lines|items|files|documents|users)\b|\b(?:seriously|to heart|for granted|care of|into account|lightly)\b/i,
  },
  {
    proofs: ['residency'],
    spoken: /\bhosts? (?:(?:our|the|an?|all|every|its) )*(?:[\w-]+ ){0,2}?(?:meet-?ups?|conferences?|events?|part(?:y|ies)|dinners?|workshops?|webinars?|summits?|hackathons?|trainings?|guests?)\b/i,
  },
  {
    proofs: ['residency', 'provider', 'inventory', 'clusters.reviewed'],
    spoken:
      /^(?:(?:and|but|only|all|both|each|of|our|the|this|its) )*(?:[\w-]+ )?(?:marketing|company|corporate|public|press)? ?(?:web ?sites?|web pages?|(?<=marketing |company |press )(?:pages?|sites?)|homepage|landing pages?|blogs?|status ?pages?|documentation|docs|help cent(?:er|re)|knowledge base|newsletters?|forums?|community|careers pages?|shop)\b/i,
    unless: /\b(?:apps?|apis?|applications?|platform|data|products?|services?|everything|databases?|servers)\b/i,
  },
  {
    // `Phone logs`, `the log book of the car`
    proofs: ['logs.kept'],
    spoken:
      /\b(?:phone|call|chat|visitor|travel|wood|driving|mileage|work|time|hour|cleaning|maintenance|delivery|visit|mail|e-?mail|marketing|support|complaint)s? logs?\b|\blog ?books?\b/i,
  },
  {
    proofs: ['uptime'],
    spoken:
      /\b(?:availability|uptime) of (?:(?:our|the|your|all|its|this|every|each) )*(?!(?:[\w-]+ ){0,4}?(?:services?|platform|systems?|applications?|apps?|apis?|products?|websites?|infrastructure|software|solution|servers?|databases?|data|network|production|components?|environments?|cloud|it|saas|instances?|tools?)\b)(?!(?:at|least|more)\b)[a-z]/i,
  },
] // prettier-ignore
