import { others, type Apart } from './row.ts'

/** Who may hold a paper of their own: people of a profession, houses. */
const holders = String.raw`(?:auditors?|assessors?|testers?|consultants?|lawyers?|accountants?|c[tise]{1,2}o|ceo|cfo|dpo|head of [\w-]+|[\w-]+ (?:officers?|managers?|leads?)|engineers?|developers?|employees|staff|headquarters|offices?|buildings?|printers?|customers?|clients?)`

/** Whose product a clause may speak of as the company's own. */
const ourselves = String.raw`(?:compan(?:y|ies)|organi[sz]ations?|business|firm|group|teams?|platform|products?|services?|software|applications?|apps?|systems?|solutions?|cloud|infrastructure|apis?|saas|isms|management system|environments?|operations?|process(?:es)?|controls?|security|hosting|data cent(?:er|re)s?|providers?|hosters?|certifi\w+|accreditations?|attestations?|reports?|audits?|compliance|scope|suites?|offerings?|websites?|tools?|data|iso|soc|pci|backend|database|network|programs?|programmes?|practices?|work|code|standards?|integration|gateway|entity|gmbh|ltd|inc)`

/** What is said of papers: whose they are, and whether one holds them. */
export const papers: readonly Apart[] = [
  {
    proofs: ['certificate'],
    spoken: new RegExp(String.raw`^(?:our|the|my|its|their) (?!(?:(?!(?:is|are|has|have|holds?|remains?)\b)[\w./&-]+ ){0,4}?${ourselves}\b)(?:[\w-]+ ){0,3}?[\w-]+ (?:is|are|has|have|holds?|remains?)\b`, 'i'),
  },
  {
    // One who is described, and a paper that is only spoken of.
    proofs: ['certificate'],
    spoken: new RegExp(String.raw`\b(?:an?|any|every|another|other|some|only|these|those) (?:[\w-]+ )?(?:company|business|${others}) (?:that|which|who|whose)\b|^(?:an?|any|every) [\w/ -]{0,40}\b(?:reports?|certificates?|certifications?|audits?) (?:costs?|takes?|means|shows?|proves?|says?|is (?:an?|not|no|very|too|expensive|only|good|worth|often|usually|hard|easy|just|something|what)\b)`, 'i'),
    unless: /\b(?:we (?:are|hold|have)|we['’](?:re|ve))\b/i,
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
    proofs: ['provider.certified'],
    spoken: /\bmakes? (?:us|it|our [\w-]+|the [\w-]+)\b|\binherit(?:s|ed|ing)?\b/i,
  },
] // prettier-ignore
