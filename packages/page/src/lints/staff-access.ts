import type { Finding } from '../finding.ts'
import { object, quote, sayLines, spanOf, type Reading, type Said } from './reading.ts'

/** Whoever says that nobody can, or that some can, says by one of these what. */
const reaching = [
  'access', 'credentials', 'view', 'see', 'read', 'look', 'open', 'decrypt', 'query', 'inspect', 'log', 'login',
  'sign', 'signin', 'connect', 'enter', 'ssh', 'debug',
] // prettier-ignore
const staffWords = [
  'employee', 'employees', 'staff', 'engineer', 'engineers', 'team', 'member', 'members', 'personnel',
  'people', 'nobody', 'one', 'none', 'developers', 'administrators', 'cto', 'individuals', 'credentials',
] // prettier-ignore
const staff = String.raw`(?:employees?|staff|engineers?|personnel|people|team(?: members?)?|members?|developers?|administrators?|admins?|individuals?|persons?|cto|devops|sres?)`
const data = String.raw`(?:data|information|content|files|documents|it|them)`
const reach = String.raw`(?:access(?: to)?|view|see|read|look at|open|decrypt)`

/** That nobody of the company can reach the data. */
const nobody = [
  new RegExp(
    String.raw`\b(?:no one|no-one|nobody|no (?:${staff}|human being)|none of (?:our|the) (?:\w+ )?${staff})\b(?! else| outside| other| without| but)[^.;:]{0,50}?\b${reach}\b[^.;:]{0,30}?\b${data}\b`,
  ),
  new RegExp(
    String.raw`\b${staff}\b[^.;:]{0,25}?\b(?:do not|don't|does not|doesn't|cannot|can not|can't|are not able to|aren't able to|are unable to|have no|has no|never have)\b[^.;:]{0,15}?\b${reach}\b[^.;:]{0,30}?\b${data}\b`,
  ),
  new RegExp(
    String.raw`^(?:no one|no-one|nobody|no ${staff}|none of (?:our|the) (?:\w+ )?${staff})\b(?! else| outside| other| without| but)[^.;:]{0,30}?\b(?:access(?: to)?|enter|reach|log ?in ?to) (?:(?:the|our) )?production\b(?! (?:dashboards?|metrics|alerts?|status|graphs?))(?![^.;:]*\b(?:but|except|other than|apart from|besides|only)\b)`,
  ),
  new RegExp(
    String.raw`\bneither\b[^.;:]{0,40}\b${staff}\b[^.;:]{0,40}?\b${reach}\b[^.;:]{0,30}?\b${data}\b`,
  ),
  new RegExp(
    String.raw`\bwe (?:cannot|can not|can't|have no|are unable to)\b[^.;:]{0,10}?\b${reach}\b[^.;:]{0,30}?\b${data}\b`,
  ),
]
const qualified =
  /\b(?:unless|except|without|other than|by default|unauthori[sz]ed|outside|beyond|need[- ]to[- ]know|only (?:if|when|with|after|for)|besides|apart from|direct|directly|routine|standing|permanent|unencrypted|plain ?text|but (?:the|our|for)|passwords?|cards?|payment|credentials|keys?|lower|staging|test)\b/
/** What a bare "it" may stand for. */
const secrets = /\b(?:passwords?|passphrases?|cards?|credentials|secrets?|tokens?|keys?)\b/
/** Programs are no people: their exception leaves the absolute as it is. */
const programs =
  /\b(?:except|other than|besides|apart from)(?: for| by| through)?(?: our| the)? (?:own )?(?:applications?|systems?|software|services?|programs?)\b/

const count = String.raw`(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2})`

/** `Our engineers log in to production`: whoever does a thing can do it. */
const does = String.raw`(?:(?:log|sign) ?in ?to|connect to|query|inspect|look (?:at|into)|ssh into|debug (?:in|on))`

/** That some of the company do reach production or the data. */
const some = [
  new RegExp(
    String.raw`\b(?:only|just|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}|few|handful|small|limited|select(?:ed)?|authori[sz]ed|certain|senior|specific|designated|support|devops|operations)\b[^.;]{0,40}\b${staff}\b[^.;]{0,40}\b(?:(?:have|has|hold|holds|with|having|given|granted|retain) (?:\w+ ){0,3}(?:access|credentials)|can (?:access|view|see|read))\b`,
  ),
  new RegExp(
    String.raw`\b(?:${count}|our|support|reliability|operations|database|on-call)\b[^.;]{0,30}\b${staff}\b[^.;,]{0,30}\b(?:can|may|could|(?:is|are) (?:allowed|able|permitted) to) (?:\w+ly )?(?:access|view|see|read|open|query|inspect|look (?:at|into)|log ?in ?to|sign in ?to|connect to|enter)\b`,
  ),
  new RegExp(
    String.raw`^(?:\w+, )?(?:our|some|the|${count}|on-call|support|senior)\b[^.;,]{0,30}\b${staff} (?:(?!not\b|never\b|cannot\b|no\b)\w+ ){0,2}?${does}\b[^.;,]{0,30}?\b(?:production|databases?|data|systems?|servers?|accounts?|records)\b`,
  ),
  new RegExp(
    String.raw`\b(?:access|credentials)\b[^.;]{0,60}\b(?:limited|restricted|granted|given|confined|reserved)\b[^.;]{0,15}\bto\b[^.;]{0,60}\b${staff}\b`,
  ),
  new RegExp(
    String.raw`\b(?:except|but|other than|apart from|besides)\b[^.;]{0,40}\b${staff}\b[^.;]{0,40}\b(?:nobody|no one)\b[^.;]{0,20}\baccess\b`,
  ),
  new RegExp(
    String.raw`\b(?:nobody|no one)\b[^.;]{0,40}\baccess\b[^.;]{0,50}\b(?:except|but|other than|apart from|besides)\b[^.;]{0,40}\b${staff}\b`,
  ),
]
const production =
  /\b(?:production|live) (?:\w+ )?(?:environments?|systems?|databases?|data|servers?)\b|\bdatabases?\b|\b(?:customers?|clients?|users?|your|tenants?|personal)(?:'s|s'|')? (?:\w+ )?(?:data|workspaces?|accounts?|files|documents|records|content)\b|\b(?:salary|payroll|patient|health|medical|financial|tax|employee|guest) (?:data|records|files)\b|\bproduction\b/
/** What holds no data of customers. */
const rehearsal = /\b(?:staging|test|demo|sandbox|anonymi[sz]ed|synthetic)\b/
const figures = /\bproduction (?:dashboards?|metrics|alerts?|status|monitoring|graphs?)\b/g
const controlled =
  /\b(?:consent|permission|approv\w*|break[- ]glass|just[- ]in[- ]time|time[- ](?:limited|boxed|bound)|temporar\w*|emergenc\w*|(?:up)?on request|your request|explicit\w*|you (?:grant|allow|ask|choose|add|share)|invite\w*|encrypted)\b/
const sealed =
  /\b(?:customer[- ]held keys?|customer[- ]managed keys?|zero[- ]knowledge|end[- ]to[- ]end encrypt\w*|client[- ]side encrypt\w*)\b/

/** "Nobody can see your data" against those who have access to it. */
export function staffAccess(page: Reading): Finding[] {
  const absolutes: { said: Said; span: { from: number; to: number } }[] = []
  const grants: { said: Said; span: { from: number; to: number } }[] = []
  for (const said of page.stating([...staffWords, 'we'], reaching)) {
    const absolute = firstOf(nobody, said.text)
    if (absolute && isAbsolute(said, absolute)) absolutes.push({ said, span: spanOf(absolute) })
    if (absolute || !production.test(said.text.replace(figures, ''))) continue
    const grant = firstOf(some, said.text)
    if (grant && !rehearsal.test(grant[0]) && !isControlled(page, said))
      grants.push({ said, span: spanOf(grant) })
  }
  if (absolutes.length === 0 || grants.length === 0) return []
  if (page.mentioning(['zero', 'end', 'client', 'customer']).some(({ text }) => sealed.test(text)))
    return []
  const granting = sayLines(saidIn(grants), 'gives', 'give')
  const denying = sayLines(saidIn(absolutes), 'says', 'say')
  return [
    ...absolutes.slice(0, 3).map(({ said, span }) =>
      object(page, said, span, {
        rule: 'contradiction',
        level: 'error',
        message: `${granting} people access, so this is not true as it stands. Both hold only if each access needs a recorded, time-limited grant.`,
        suggestion: 'nobody can see your data without a recorded, time-limited grant',
      }),
    ),
    ...grants.slice(0, 2).map(({ said, span }) =>
      object(page, said, span, {
        rule: 'contradiction',
        level: 'error',
        message: `${denying} that nobody has access to the data. Say here under which grant these people get in and for how long, or take the absolute back.`,
        suggestion: `${quote(said, span)} (with a recorded grant that ends by itself)`,
      }),
    ),
  ]
}

function saidIn(found: readonly { said: Said }[]): Said[] {
  return found.map(({ said }) => said)
}

function firstOf(patterns: readonly RegExp[], text: string): RegExpExecArray | null {
  for (const pattern of patterns) {
    const match = pattern.exec(text)
    if (match) return match
  }
  return null
}

function isAbsolute({ text }: Said, match: RegExpExecArray): boolean {
  const end = text.slice(match.index + match[0].length)
  if (/\b(?:it|them)$/.test(match[0]) && secrets.test(text)) return false
  const clause = /^[^.;:]{0,120}/.exec(end)![0].replace(/, (?:only|and|but) .*$/, '')
  return !qualified.test((match[0] + clause).replace(programs, ''))
}

/** Consent or break-glass at that place: in the sentence or the next one of its paragraph. */
function isControlled(page: Reading, said: Said): boolean {
  const next = page.said[said.order + 1]
  return controlled.test(said.text) || (next?.block === said.block && controlled.test(next.text))
}
