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

const rows: readonly Apart[] = [
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
      /^(?:(?:and|but|only|all|both|each|of|our|the|this|its) )*(?:[\w-]+ )?(?:marketing|company|corporate|public|press)? ?(?:web ?sites?|web pages?|homepage|landing pages?|blogs?|status ?pages?|documentation|docs|help cent(?:er|re)|knowledge base|newsletters?|forums?|community|careers pages?|shop)\b/i,
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
