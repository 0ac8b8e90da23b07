import { emailPattern, severityPattern, type Analysis } from './analysis.ts'
import {
  bound,
  cadence,
  count,
  frequency,
  length,
  lengthOf,
  most,
  perYear,
  severities,
  severityOf,
  within,
} from './figures.ts'
import { bounds, names, namesBefore, namesIn, namesInAll, namesNear, regions } from './lists.ts'
import type { NameTable } from './names.ts'
import { unread, type Place, type Take, type Taken } from './place.ts'
import { numberOf, numberSource } from './quantities.ts'
import type { Value } from '../params.ts'

/** How a rule's `take` reads its value; the argument is what stands behind the name. */
export const takes: Readonly<Record<string, Take>> = {
  within,
  bound,
  most,
  length,
  frequency,
  cadence,
  'sentence-frequency': (clause, place) => frequency(place.sentence) ?? frequency(clause),
  'per-year': perYear,
  severities,
  rto: (clause, place) => lengthOf(clause, place, 'recovery_time', 'recovery_point'),
  rpo: (clause, place) => lengthOf(clause, place, 'recovery_point', 'recovery_time'),
  count: (clause, _place, noun) => count(clause, noun),
  names: (clause, place, table) => names(clause, place, table as NameTable),
  'retest-within': retestWithin,
  'restore-frequency': restoreFrequency,
  hashes: (clause, place) => passwordHashes(clause, place),
  'names-all': (clause, place, table) => namesInAll(clause, place, table as NameTable),
  'names-back': (clause, place, table) => namesBefore(clause, place, table as NameTable),
  'names-near': (clause, place, table) => namesNear(clause, place, table as NameTable),
  several: (clause, place, table) => several(names(clause, place, table as NameTable)),
  regions,
  'regions-before': (_clause, place) => {
    const before = place.earlier && names(place.earlier, { ...place, continued: [] }, 'regionNames')
    return before && { value: before.value }
  },
  'test-environments': testEnvironments,
  bounds,
  keys: (clause, place) => customerKeys(clause, place),
  scopes: (clause, place) => scopes(clause, place),
  tls,
  bits,
  ciphers: (clause) =>
    all(
      clause.text,
      /\bAES[\s_-]?(128|256)[\s_-]?(GCM|CBC)\b|\b(CHACHA20)[\s_-]?POLY1305\b/gi,
      (match) => (match[3] ? 'chacha20-poly1305' : `aes-${match[1]}-${match[2]!.toLowerCase()}`),
    ),
  exchanges: (clause) =>
    all(clause.text, /\b(ECDHE?)[\s_-](RSA|ECDSA)\b/gi, (match) =>
      `${match[1]}-${match[2]}`.toLowerCase(),
    ),
  'rest-cipher': restCipher,
  'storage-kind': (clause) => storageKind(clause),
  'replica-kind': replicaKind,
  grade,
  percent: (clause) => percent(clause),
  email: (clause) => first(clause.text, emailPattern, (match) => match[0].replace(/\.$/, '')),
  certificates: (clause, place, whose) => certificates(clause, place, whose === 'ours'),
  edition,
  date,
  severity: (clause) => first(clause.text, severityPattern, (match) => severityOf(match[0])),
  risk: (clause, place) => risk(clause, place),
  'test-kinds': (clause) => testKinds(clause),
  tester,
  retester: (clause) => retester(clause),
  'owasp-edition': (clause) =>
    first(clause.text, /OWASP Top (?:10|Ten)[\s(:-]*(20\d\d)/gi, (match) => Number(match[1])),
  environment: (clause, place) => environment(clause, place),
  'consent-who': (clause) => consentWho(clause),
  potential: (clause, place) =>
    /\b(?:potential|suspected)\b/i.test(`${clause.text} ${place.label?.text ?? ''}`)
      ? { value: 'yes' }
      : null,
  copies: (clause) => copies(clause),
  zones: (clause) => zones(clause),
  gap: (clause, place) => gapIn(place.rest) ?? bound(clause, place),
  'copy-regions': copyRegions,
  encrypted: (clause, place) =>
    /\bencrypt/i.test(`${clause.text} ${place.earlier?.text ?? ''}`) ? { value: 'yes' } : null,
  contingency,
  'erase-after': (clause, place) => eraseAfter(clause, place),
}

function first(
  text: string,
  pattern: RegExp,
  value: (match: RegExpExecArray) => Value,
): Taken | null {
  for (const match of text.matchAll(pattern))
    return { value: value(match), from: match.index, to: match.index + match[0].length }
  return null
}

function all(
  text: string,
  pattern: RegExp,
  value: (match: RegExpExecArray) => string,
): Taken | null {
  const matches = [...text.matchAll(pattern)]
  if (matches.length === 0) return null
  const last = matches.at(-1)!
  return {
    value: [...new Set(matches.map(value))],
    from: matches[0]!.index,
    to: last.index + last[0].length,
  }
}

/** Environments other than the one whose data must stay out of them; what something is for is none. */
function testEnvironments(clause: Analysis, place: Place): Taken | null {
  if (/\bpurposes?\b/i.test(clause.text)) return null
  const taken = names(clause, { ...place, continued: [] }, 'environments')
  if (!taken || !Array.isArray(taken.value)) return null
  const value = (taken.value as readonly string[]).filter((name) => name !== 'production')
  return value.length > 0 ? { ...taken, value } : null
}

/** A function that is no slow one keeps no password: a sentence that names one promises nothing here. */
function passwordHashes(clause: Analysis, place: Place): Taken | typeof unread | null {
  return (
    names(clause, place, 'hashes') ??
    (/\b(?:md[45]|sha-?[\d-]+)\b/i.test(clause.text) ? unread : null)
  )
}

/** A list is only meant where it has at least two members. */
function several(taken: Taken | null): Taken | null {
  return taken && Array.isArray(taken.value) && taken.value.length > 1 ? taken : null
}

function percent(clause: Analysis): Taken | null {
  return first(clause.text, /(\d{2,3}(?:[.,]\d{1,4})?)\s?(?:%|percent\b|per cent\b)/gi, (match) =>
    Number(match[1]!.replace(',', '.')),
  )
}

const ownKey =
  /\b(customer|client|tenant|account|organi[sz]ation|org|workspace|school|merchant|company|buyer|team)[ _-]?(ids?|identifiers?|numbers?|keys?|codes?)\b/gi

/** The fields that part customers: those of the table, or a customer's word with `ID` behind it. */
function customerKeys(clause: Analysis, place: Place): Taken | null {
  const listed = names(clause, place, 'customerKeys')
  if (listed) return listed
  return all(clause.text, ownKey, (match) => {
    const owner = match[1]!.toLowerCase().replace('organisation', 'organization')
    const kind = match[2]!.toLowerCase().replace(/s$/, '')
    return `${owner}-${kind === 'identifier' ? 'id' : kind}`
  })
}

/** The criteria a report covers often stand in the clause or sentence after the one that names it. */
function scopes(clause: Analysis, place: Place): Taken | null {
  const own = namesIn(place.rest, 'scopes').map((hit) => hit.value)
  if (new Set(own).size > 1) return { value: [...new Set(own)] }
  const after = place.next
    ? [...new Set(namesIn(place.next, 'scopes').map((hit) => hit.value))]
    : []
  return after.length >= 3 ? { value: after } : null
}

const tlsNumbers =
  /\b(?:TLS|Transport Layer Security)(?:\s*\(TLS\))?[\s-]*(?:versions?\s*(?:is\s+|of\s+|:\s*)?|v\.?\s*)?(?:(?:\w+\s){0,3}?version\s+)?(?:(below|older than|prior to|before|earlier than|at least|under)\s+(?:version\s+)?)?(1\.[0-3])(?:\s*(?:and|or|&|\/|,)\s*(?:TLS\s*)?v?(1\.[0-3]))?|\bat least version (1\.[0-3])/gi
const refused =
  /\b(?:disabled?|reject(?:s|ed)?|refuse[sd]?|no longer|deprecated|not (?:supported|accepted|offered|allowed)|turned (?:off|away)|blocked|removed|(?:do(?:es)? not|don['’]t) (?:support|accept|allow))\b/i

/** The least version of TLS: the lowest one offered, or the one above those that are refused. */
const exempt =
  /\b(?:legacy|old(?:er)? (?:clients?|browsers?|devices?|systems?)|exceptions?|until \d|for now)\b/i
/** What the certificates of TLS are made of says nothing of connections. */
const ofCertificates =
  /\b(?:tls|ssl|server) certificates? (?:use|have|are (?!required)|rest|carry|rotate|renew|expire|come)/i

function tls(clause: Analysis): Taken | typeof unread | null {
  if (ofCertificates.test(clause.text)) return unread
  const older = /\b(?:older|lower|earlier|weaker)\s+(?:\w+\s+){0,2}than\s+TLS\s*v?(1\.[0-3])/i.exec(
    clause.text,
  )
  if (older)
    return { value: Number(older[1]), from: older.index, to: older.index + older[0].length }
  const found = [...clause.text.matchAll(tlsNumbers)]
  if (found.length === 0) return null
  const span = { from: found[0]!.index, to: found.at(-1)!.index + found.at(-1)![0].length }
  const below = found.find((match) => match[1] && !/at least/i.test(match[1]))
  if (below) return { value: Number(below[2]), ...span }
  const numbers = found.flatMap((match) =>
    [match[2], match[3], match[4]].filter((one) => one !== undefined).map(Number),
  )
  if (!refused.test(clause.text)) {
    const value = Math.min(...numbers)
    return value < 1.2 && exempt.test(clause.text) ? unread : { value, ...span }
  }
  const highest = Math.max(...numbers)
  return highest < 1.2 ? { value: Math.round(highest * 10 + 1) / 10, ...span } : null
}

function bits(clause: Analysis): Taken | null {
  return first(
    clause.text,
    /\b(128|192|256)[\s-]?bits?\b|\bAES[\s-]?(256)\b(?![\s_-]?GCM)/gi,
    (match) => Number(match[1] ?? match[2]),
  )
}

function restCipher(clause: Analysis): Taken | null {
  return first(
    clause.text,
    /\bAES[\s-]?(128|256)\b|\b(128|256)[\s-]?bit\s+(?:encryption\s+)?(?:\(?AES|Advanced)\b|\bAES\b(?:\s+\w+){0,5}?\s+(128|256)[\s-]?bits?\b/gi,
    (match) => [`aes-${match[1] ?? match[2] ?? match[3]}`],
  )
}

const stores = /\b(?:buckets?|object stor\w+|file stor\w+|volumes?|s3|all files)\b/i

function storageKind(clause: Analysis): Taken | null {
  const database = clause.has(['database'])
  const store = stores.test(clause.text)
  if (database === store || /\b(?:disks?|drives?|media|carriers?)\b/i.test(clause.text)) return null
  return { value: [database ? 'database' : 'store'] }
}

const services =
  /\b(?:services|(?:each|every) service|applications|instances|web servers?|workloads?)\b/i

function replicaKind(clause: Analysis, { label, earlier }: Place): Taken | null {
  const named = clause.has(['database']) || services.test(clause.text) ? clause : (label ?? earlier)
  const database = named?.has(['database']) ?? false
  const service = services.test(named?.text ?? '')
  if (database === service) return null
  return { value: [database ? 'database' : 'service'] }
}

/** A grade of a test: an article at the beginning of a phrase is none. */
function grade(clause: Analysis): Taken | null {
  for (const match of clause.text.matchAll(/["“']?\b(A\+|A-|A|B)(?![\w])["”']?/g)) {
    const before = clause.text.slice(0, match.index)
    const marked = /["“'+]|A-/.test(match[0])
    if (
      marked ||
      /\b(?:an|grade|rated|rates\b.{0,30}|score[sd]?|rating(?: of| is)?|least|with|of)\s*$/i.test(
        before,
      )
    )
      return {
        value: match[1]!.toLowerCase(),
        from: match.index,
        to: match.index + match[0].length,
      }
  }
  return null
}

/** Bodies and laws that pages list among certificates; nobody holds one of them. */
const nobodys = new Set(['aicpa', 'sox', 'fisma', 'fisma-moderate'])

function certificates(clause: Analysis, place: Place, ours: boolean): Taken | null {
  const labelled = place.labelKind === null ? [] : place.label!.certificates
  const named = clause.certificates.length > 0 ? clause.certificates : labelled
  const listed = [...named, ...place.continued.flatMap((one) => one.certificates)]
  const value = [...new Set(listed.map((one) => one.name))].filter(
    (name) => !ours || !nobodys.has(name),
  )
  // The more exact name of a certificate stands for the general one in the same list.
  const exact = value.filter(
    (name) => !value.some((other) => other !== name && other.startsWith(`${name}-`)),
  )
  if (exact.length === 0) return null
  if (clause.certificates.length === 0) return { value: exact }
  return { value: exact, from: named[0]!.from, to: named.at(-1)!.to }
}

function edition(clause: Analysis, place: Place): Taken | null {
  const labelled = place.labelKind === null ? [] : place.label!.certificates
  const named = clause.certificates.length > 0 ? clause.certificates : labelled
  const editions = named.flatMap((one) => (one.edition === null ? [] : [one.edition]))
  return new Set(editions).size === 1 ? { value: editions[0]! } : null
}

/** A day in the sentence from the clause on: the end of a certificate, or the ends of a period. */
function date(clause: Analysis, place: Place, role: string): Taken | null {
  const { rest, next } = place
  const { days } = rest
  const column = place.labelKind === 'own' && /\b(?:valid|expir|until)/i.test(place.label!.text)
  if (role === 'until' && column && clause.days.length === 1 && place.bare)
    return { value: clause.days[0]!.date }
  const before = (from: number) => rest.text.slice(Math.max(0, from - 30), from).toLowerCase()
  const period =
    days.length >= 2 && /\b(?:to|until|through|-|–)\s*$/.test(before(days[days.length - 1]!.from))
  const ends = (from: number) =>
    /\b(?:expir\w*|valid (?:until|through|to|till)|until|expires? on|by)[\s:(]*(?:the )?$/.test(
      before(from),
    )
  const behind = next && /\bvalid|\bexpir/i.test(next.text) ? next.days[0] : undefined
  if (role === 'until' && days.length === 0 && behind) return { value: behind.date }
  const day =
    role === 'until'
      ? !period && days.find((one) => ends(one.from))
      : role === 'from'
        ? period && days.at(-2)
        : role === 'to'
          ? period && days.at(-1)
          : days[0]
  return day ? { value: day.date } : null
}

const risky =
  /\b(?:high[\s-]risk|high risk|security[\s-](?:related|sensitive|relevant|critical)|related to security|concerns? security|sensitive (?:code|change|area|part)|critical (?:code|change|component))/i

function risk(clause: Analysis, place: Place): Taken | null {
  const said = [clause.text, place.earlier?.text, place.label?.text].join(' ')
  return risky.test(said) ? { value: 'high' } : null
}

function testKinds({ text }: Analysis): Taken | null {
  const kinds = [
    /\bautomat|\bCI\b|\btest suites?\b|\bunit tests?\b/i.test(text) && 'automated',
    /\bmanual/i.test(text) && 'manual',
    /\badditional test/i.test(text) && 'additional',
  ]
  const value = kinds.filter((kind): kind is string => Boolean(kind))
  return value.length ? { value } : null
}

/** `Backed up every day, with restore tests` says how often the backup is made, not the test. */
function restoreFrequency(clause: Analysis): Taken | typeof unread | null {
  const taken = frequency(clause)
  if (taken === null || taken === unread || taken.from === undefined) return taken
  const before = clause.text.slice(0, taken.from)
  const made = /\bback(?:s|ed|ing)?[ -]?ups?\b|\bcop(?:y|ies|ied)\b|\bdumps?\b/i.test(before)
  return made &&
    !/\b(?:restor|test|drill|rehears|practi[sc]|tr(?:y|ied)|exercis|prove|verif|check)/i.test(
      before,
    )
    ? unread
    : taken
}

/** `Fixed within 30 days, and the vendor retests them`: the time is of what stands before it. */
function retestWithin(clause: Analysis, place: Place): Taken | typeof unread | null {
  const taken = within(clause, place)
  if (taken === null || taken === unread || taken.from === undefined) return taken
  const of = (key: string) => clause.of(key).map((hit) => clause.tokens[hit.start]!.from)
  const [fixed, retested] = [Math.min(...of('fix')), Math.min(...of('retest'))]
  return fixed < taken.from && taken.from < retested ? null : taken
}

const inside =
  /\b(?:internal|in-house) (?:penetration|pen|security|vulnerability)|\binternally\b|\bour own (?:scanner|team|engineer|security)/i

function tester(clause: Analysis, place: Place): Taken | null {
  const near = [clause, ...place.beside, ...(place.label ? [place.label] : [])]
  if (near.some(({ text }) => /\bcert[\s-]?in\b/i.test(text))) return { value: 'cert-in' }
  if (near.some(({ text }) => inside.test(text))) return { value: 'internal' }
  return near.some((one) => one.has(['third_party'])) ? { value: 'third-party' } : null
}

function retester({ text }: Analysis): Taken | null {
  if (
    /\b(?:vendor|tester|testing firm|same firm|third[\s-]party|auditor|external|consultanc|assessor)/i.test(
      text,
    )
  )
    return { value: 'vendor' }
  return /\b(?:someone|somebody|engineer|person|team) (?:else|outside|other)/i.test(text)
    ? { value: 'outside-team' }
    : null
}

function environment(clause: Analysis, { label, earlier }: Place): Taken | null {
  for (const one of [clause, label, earlier]) {
    const match = /\b(production|staging|development|testing|preprod|lower)\b/i.exec(
      one?.text ?? '',
    )
    if (match) return { value: match[1]!.toLowerCase() }
  }
  return null
}

function consentWho({ text }: Analysis): Taken | null {
  const who = [
    (/\b(?:employees?|staff|personnel|team|no one|nobody)\b/i.test(text) ||
      (/\bwe\b/i.test(text) && !/\bthird[\s-]part/i.test(text))) &&
      'staff',
    /\bpartners?\b/i.test(text) && 'partners',
    /\bthird[\s-]part(?:y|ies)\b/i.test(text) && 'third-parties',
  ]
  const listed = who.filter((one): one is string => Boolean(one))
  return listed.length > 1 || listed[0] === 'third-parties' ? { value: listed } : null
}

const places = new RegExp(
  `\\b(multiple|several|${numberSource})\\s+(?:\\w+\\s+){0,2}(?:regions|locations|sites|copies|countries|data cent\\w+|facilities)`,
  'i',
)

function copies({ text }: Analysis): Taken | null {
  const match = places.exec(text)
  if (match) {
    const value = /multiple|several/i.test(match[1]!) ? 2 : numberOf(match[1]!)
    if (value > 1) return { value, from: match.index, to: match.index + match[0].length }
  }
  return /\b(?:another|other|second|separate|different) (?:\w+ ){0,2}(?:regions?|locations?|sites?|countr|data cent)/i.test(
    text,
  )
    ? { value: 2 }
    : null
}

/** How long watching may break off: `interrupted for no longer than ten minutes`. */
function gapIn(rest: Analysis): Taken | null {
  if (!/\b(?:interrupt|gap|outage|blind|pause|break)/i.test(rest.text)) return null
  return rest.lengths.length === 1 ? { value: rest.lengths[0]!.promise } : null
}

/** Where all copies lie; the place of a second one says nothing of the first. */
function copyRegions(clause: Analysis, place: Place): Taken | null {
  const all =
    /\b(?:both|two|three|multiple|several) (?:separate |different )?(?:[A-Z]\w+ )?(?:and|regions|locations|sites)|\b(?:within|inside|both|all in|only in|solely in|outside|leave[sd]?|stay|remain)\b/i
  return all.test(clause.text) ? names(clause, place, 'regionNames') : null
}

const severalZones = new RegExp(
  `\\b(multiple|several|different|separate|${numberSource}|multi)[\\s-]+(?:\\w+\\s+)?(?:availability\\s+zones?|AZs?\\b|zones?\\b)`,
  'i',
)

function zones({ text }: Analysis): Taken | null {
  const match = severalZones.exec(text)
  if (!match) return /\bmulti[\s-]?az\b/i.test(text) ? { value: 2 } : null
  const value = /multi|several|different|separate/i.test(match[1]!) ? 2 : numberOf(match[1]!)
  return value > 1 ? { value, from: match.index, to: match.index + match[0].length } : null
}

function contingency(clause: Analysis, { label }: Place): Taken | null {
  const text = `${label?.text ?? ''} ${clause.text}`
  const to = [
    /\bregions?\b/i.test(text) && 'region',
    /\b(?:another|different|other|second) (?:cloud )?(?:provider|cloud)\b/i.test(text) &&
      'provider',
  ]
  const value = to.filter((one): one is string => Boolean(one))
  return value.length ? { value } : null
}

const ending =
  /\b(?:terminat|cancel|expir|end of (?:the |your |their )?(?:\w+ )?(?:contract|subscription|agreement|service|relationship)|contract(?:ual)? (?:\w+ )?end|contracts? ends?|subscriptions? ends?|clos(?:e|es|ing|ed|ure)\b|leav|offboard|goodbye)/i

function eraseAfter(clause: Analysis, place: Place): Taken | null {
  if (/\brequest/i.test(clause.text)) return null
  const said = [clause.text, place.earlier?.text, place.label?.text].join(' ')
  return ending.test(said) ? { value: 'termination' } : null
}
