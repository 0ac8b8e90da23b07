import { Analysis } from '../draft/analysis.ts'
import { borrows } from '../draft/subject.ts'
import type { Finding } from '../finding.ts'
import type { Span } from '../place.ts'
import { isAboutProvider } from './about-provider.ts'
import { leadOf, object, spanOf, type Reading, type Said } from './reading.ts'
import { firstUses, servicesOf } from './services.ts'

/** Laws, bodies and frameworks by which nobody is certified. */
const bodies = [
  { name: 'SOX', pattern: String.raw`sarbanes[- ]oxley(?: act)?(?: \(sox\))?|sox`, what: 'a law for listed companies and their auditors: it has no certificate' },
  { name: 'FISMA', pattern: String.raw`fisma(?: (?:moderate|low|high))?`, what: 'a law for US federal agencies: they authorize a system (ATO), nobody is certified' },
  { name: 'AICPA', pattern: String.raw`aicpa(?!(?:'s)?[- ](?:soc|trust|tsc|service))`, what: 'the body of the accountants who write the rules for SOC reports: it is no certificate' },
  { name: 'GDPR', pattern: String.raw`(?:eu )?gdpr|general data protection regulation`, what: 'a law: apart from schemes under its Article 42 nobody is certified for it' },
  { name: 'HIPAA', pattern: String.raw`hipaa`, what: 'a law: the US health department recognises no certificate for it' },
  { name: 'CCPA', pattern: String.raw`ccpa|cpra`, what: 'a law: there is no certificate for it' },
  { name: 'NIST', pattern: String.raw`nist(?: (?:csf|800-53|800-171|sp 800-53|sp 800-171|cybersecurity framework))?`, what: 'a body that publishes frameworks: it certifies no company' },
  { name: 'FERPA', pattern: String.raw`ferpa`, what: 'a law: there is no certificate for it' },
  { name: 'GLBA', pattern: String.raw`glba`, what: 'a law: there is no certificate for it' },
  { name: 'OWASP', pattern: String.raw`owasp(?: top (?:10|ten))?`, what: 'a community that publishes guidance: it certifies nobody' },
] // prettier-ignore

const any = bodies.map(({ pattern }) => pattern).join('|')
const certified = String.raw`(?:certified|certifications?|certificates?|accredited|accreditations?)`
const beside = new RegExp(
  String.raw`\b(${any})[ -](?:and (?!(?:${any})\b)\w+ )?${certified}\b|\b${certified} (?:by |for |under |to |with |in |as )?(?:the )?(${any})\b(?! (?:soc|professional|staff))`,
)
const listed = new RegExp(
  String.raw`\b(?:(?:certifications?|certificates?|accreditations?)\b[^.;]{0,40}?(?:\b(?:including|includes?|such as|like|are|for|among them|namely)\b|:)|(?:certified|accredited) (?:under|to|for|against|with)\b)([^.;]{0,160}?)\b(${any})(?!\w)`,
)
/** Nobody can comply with a body, or with a law that binds only others. */
const compliant =
  /\b(sarbanes[- ]oxley|sox|aicpa|fisma(?: (?:moderate|low|high))?)[ -]complian(?:t|ce)\b|\b(?:we|company|platform|product|service) (?:are|is) (?:fully )?compliant with (?:the )?(sarbanes[- ]oxley(?: act)?|sox|aicpa|fisma)\b/
const item = new RegExp(String.raw`^(?:[\w/-]+ (?:and|&) )?\(?(${any})(?!\w)`)
const turns =
  /\b(?:we|comply|complian\w*|complies|align\w*|adhere\w*|meet|meets|regulations?|laws?|support\w*|governed|under)\b/
const otherwise =
  /\b(?:no|not|neither|never|\w+n't|article 42|art\. ?42|europrivacy|europrise|hitrust|fips|cmvp|cavp|validated|professionals?|ready)\b/
const certLead = /\b(?:certifi|accredit)/
const certifies = /certifi|accredit|complian/
const mixedLead =
  /\b(?:regulations?|laws?|frameworks?|requirements?|legislation|guidelines|acts?|privacy)\b/
const bodyWords = [
  'sox', 'sarbanes', 'fisma', 'aicpa', 'gdpr', 'regulation', 'hipaa', 'ccpa', 'cpra', 'nist', 'ferpa',
  'glba', 'owasp',
] // prettier-ignore

const premises = /\b(?:environments?|data ?cent(?:er|re)s?|facilit(?:y|ies)|hosting)\b/
const ours = /\b(?:host(?:s|ed|ing)?|our)\b/
const holds =
  /\b(?:complian\w*|complies|comply|certified|certifications?|accredited|accreditations?)\b/
const document = /\b(?:certif\w*|accredit\w*|iso|iso\d+|soc|pci|standards)\b/
const names =
  /\b(?:aws|amazon|google|gcp|azure|microsoft|heroku|provider'?s?|vendors?|partners?|processors?)\b/

/** What is shown as a certificate and is none, or is the hosting provider's. */
export function notACertificate(page: Reading): Finding[] {
  const known = [...falseNames(page), ...reports(page), ...others(page)]
  const said = new Set(known.map(({ line, endColumn }) => `${line} ${endColumn}`))
  // One sentence is objected to once.
  return [
    ...known,
    ...borrowed(page).filter(({ line, endColumn }) => !said.has(`${line} ${endColumn}`)),
  ]
}

const providers = ['@services', '@hostNames', 'provider_word']
const takesOver = /\binherit(?:s|ed|ing)?\b/
const papers = /\b(?:iso|iso\d+|soc|pci)\b/

/** The provider's certificates, shown as the company's own: `Through AWS, we are ISO 27001 certified`. */
function borrowed(page: Reading): Finding[] {
  return page
    .stating(['iso', 'iso27001', 'iso27017', 'iso27018', 'soc', 'soc2', 'pci'])
    .flatMap((said) => {
      const { text } = said
      const taken = takesOver.exec(text)
      const held = holds.exec(text) ?? taken
      if (!held || !papers.test(text) || /\b(?:not|never)\b|n't\b/.test(text)) return []
      if (!borrows(text) || !(taken || new Analysis(said.raw).has(providers))) return []
      return object(page, said, spanOf(held), {
        rule: 'not-a-certificate',
        level: 'warning',
        message: 'These certificates are those of the provider: they cover what it runs, and nobody is certified through another. Say whose they are.',
        suggestion: null,
      })
    })
} // prettier-ignore

function falseNames(page: Reading): Finding[] {
  return page.stating(bodyWords).flatMap((said) => {
    if (otherwise.test(said.text)) return []
    return namesIn(said).map((found) => {
      const body = bodies.find(({ pattern }) => new RegExp(`^(?:${pattern})$`).test(found.name))
      return object(page, said, found, {
        rule: 'not-a-certificate',
        level: 'warning',
        message: `${body?.name ?? found.name} is ${body?.what ?? 'no certificate'}. Say what you do for it, or leave it out of the list.`,
        suggestion: body?.name === 'AICPA' ? 'SOC 2 Type 2 report' : null,
      })
    })
  })
}

const socCertified =
  /\bsoc ?2 certifi(?:ed|cations?|cates?)\b|\bcertified (?:to|for|under|with|against|as) (?:[\w ]{1,24}(?:,|and) )?soc ?2\b(?!,? \(?type)/
const socTyped = /\bsoc ?2[^.;]{0,40}\btype (?:i{1,2}|[12])\b|\btype (?:i{1,2}|[12]) soc ?2\b/

/** A report of an auditor shown as a certificate, where nothing on the page says of which type it is. */
function reports(page: Reading): Finding[] {
  const soc = page.mentioning(['soc', 'soc2'])
  if (soc.some(({ text }) => socTyped.test(text))) return []
  return page.stating(['soc', 'soc2']).flatMap((said) => {
    const found = socCertified.exec(said.text)
    if (!found || otherwise.test(said.text)) return []
    if (names.test(said.text) || premises.test(said.text) || isAboutProvider(page, said)) return []
    return object(page, said, spanOf(found), {
      rule: 'not-a-certificate',
      level: 'warning',
      message: 'SOC 2 is an auditor’s report and no certificate: it is of type 1, of one day, or of type 2, of a period. Say which, and of when it is.',
      suggestion: null,
    })
  }).slice(0, 3)
} // prettier-ignore

interface Named extends Span {
  name: string
}

/** The false name, and those that share its list: `SOX, ISO 27001 and FISMA`. */
function namesIn(said: Said): Named[] {
  const first = foundIn(said)
  if (!first) return []
  return [...before(said, first), first, ...behind(said, first)]
}

const next =
  /^(?:,? (?:and|or|&) |, | ?\/ ?)(?:the )?([^,.;:()/]{2,40}?)(?=,| and | or | & | ?\/|[.;)]|$)/
const previous = new RegExp(String.raw`(?<![\w-])(${any})(?:,|,? (?:and|or|&)|,? ?\/)? ?$`)
const whole = new RegExp(String.raw`^(${any})(?:[ -]${certified})?$`)

function behind({ text }: Said, { to }: Named): Named[] {
  const found: Named[] = []
  for (let at = to; ;) {
    const match = next.exec(text.slice(at, at + 80))
    if (!match) return found
    const from = at + match[0].length - match[1]!.length
    const name = whole.exec(match[1]!)?.[1]
    if (name) found.push({ name, from, to: from + name.length })
    else if (!document.test(match[1]!) || turns.test(match[1]!)) return found
    at += match[0].length
  }
}

/** What stands before `FISMA certified`, as in `SOX, HIPAA and FISMA certified`. */
function before({ text }: Said, first: Named): Named[] {
  const found: Named[] = []
  for (let at = first.from; ;) {
    const match = previous.exec(text.slice(Math.max(0, at - 60), at))
    if (!match) return found
    const from = at - match[0].length
    found.unshift({ name: match[1]!, from, to: from + match[1]!.length })
    at = from
  }
}

function foundIn(said: Said): Named | null {
  const { text } = said
  if (!certifies.test(text) && !certLead.test(leadOf(said))) return null
  const near = beside.exec(text)
  if (near) return { name: near[1] ?? near[2]!, ...spanOf(near) }
  const comply = compliant.exec(text)
  if (comply) return { name: comply[1] ?? comply[2]!, ...spanOf(comply) }
  const list = listed.exec(text)
  if (list && !turns.test(list[1]!)) return tail(list, list[2]!)
  const lead = leadOf(said)
  if (!isShort(said) || !certLead.test(lead) || mixedLead.test(lead)) return null
  const own = item.exec(text)
  return own ? tail(own, own[1]!) : null
}

/** The name at the end of what matched. */
function tail(match: RegExpExecArray, name: string) {
  const to = match.index + match[0].length
  return { name, from: to - name.length, to }
}

function isShort({ block, text }: Said): boolean {
  return (block.kind === 'item' || block.kind === 'cell') && text.split(' ').length <= 8
}

/** Certificates of the house in which the servers stand, shown without saying whose they are. */
function others(page: Reading): Finding[] {
  const hosts = firstUses(servicesOf(page).filter(({ kind }) => kind === 'hosting'))
  if (hosts.length === 0) return []
  const owners = hosts.slice(0, 2).map(({ service }) => service).join(' and ') // prettier-ignore
  return page.stating(['environment', 'environments', 'center', 'centers', 'centre', 'centres', 'datacenter', 'datacenters', 'facility', 'facilities', 'hosting']).flatMap((said) => {
    const { text } = said
    const place = premises.exec(text)
    const held = holds.exec(text)
    if (!place || !held || !ours.test(text) || !document.test(text) || names.test(text)) return []
    if (otherwise.test(text) || held.index < place.index || held.index - place.index > 90) return []
    return object(page, said, { from: place.index, to: held.index + held[0].length }, {
      rule: 'not-a-certificate',
      level: 'warning',
      message: `These certificates are those of whoever runs the ${place[0]} (the page names ${owners}), not yours. Say whose they are.`,
      suggestion: text.endsWith(':') ? `${said.raw.slice(place.index, place.index + place[0].length)} of ${owners}, which ${hosts.length > 1 ? 'hold' : 'holds'} these certificates` : null,
    })
  })
} // prettier-ignore
