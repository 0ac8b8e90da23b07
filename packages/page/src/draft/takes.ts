import { durationLength, type Duration } from '../duration.ts'
import type { Limit, Value } from '../params.ts'
import { liesIn } from '../regions.ts'
import { emailPattern, severityPattern, type Analysis } from './analysis.ts'
import type { Hit } from './phrases.ts'
import { nameTables, type NameTable } from './names.ts'
import { numberOf, numberSource, type Length } from './quantities.ts'

/** Where a promise stands in its sentence, and what its list goes on with below or after it. */
export interface Place {
  /** Offsets of the words that made the match. */
  from: number
  to: number
  /** Offsets of the clause around them. */
  clause: { from: number; to: number }
  /** Items of the list, or the sentence after, that the promise introduces. */
  continued: readonly Analysis[]
  /** What the heading, the lead or the column says. */
  context: Analysis
  /** The sentences before and after in the same block. */
  previous: Analysis | null
  next: Analysis | null
}

/** A value taken from a sentence, and the stretch it was read from (none when it came from elsewhere). */
export interface Taken {
  value: Value
  from?: number
  to?: number
}

type Take = (
  analysis: Analysis,
  place: Place,
  argument: string,
) => Taken | Record<string, Taken> | null

/** How a rule's `take` reads its value; the argument is what stands behind the name. */
export const takes: Readonly<Record<string, Take>> = {
  within: (analysis, place) => limit(nearest(usable(analysis.lengths, 'within'), place)),
  length: (analysis, place) => duration(nearest(usable(analysis.lengths), place)),
  gap: (analysis, place) => duration(nearest(usable(analysis.lengths, 'within'), place)),
  age: (analysis, place) => duration(nearest(usable(analysis.lengths), place)),
  after: (analysis, place, concept) => limitAfter(analysis, place, concept),
  frequency: (analysis, place) => frequency(analysis, place),
  'frequency|within': (analysis, place) =>
    frequency(analysis, place) ?? duration(nearest(usable(analysis.lengths, 'within'), place)),
  'per-year': (analysis, place) => perYear(analysis, place),
  count: (analysis, _place, noun) => count(analysis, noun.replaceAll('"', '')),
  names: (analysis, place, table) => names(analysis, place, table as NameTable),
  'names-back': (analysis, place, table) =>
    names(analysis, place, table as NameTable) ?? namesBefore(analysis, place, table as NameTable),
  'names-all': (analysis, place, table) =>
    names(
      analysis,
      { ...place, clause: { from: 0, to: analysis.text.length } },
      table as NameTable,
    ),
  'names-near': (analysis, place, table) =>
    names(analysis, place, table as NameTable) ?? namesAround(place, table as NameTable),
  'within-after': (analysis, place, concept) => {
    const hit = analysis.of(concept)[0]
    const from = hit ? analysis.tokens[hit.start]!.from : 0
    return limit(usable(analysis.lengths, 'within').find((one) => one.from > from) ?? null)
  },
  scopes: (analysis, place) => scopes(analysis, place),
  cadence: (analysis, place) => (perYear(analysis, place) ? null : frequency(analysis, place)),
  tls: (analysis, place) => tls(analysis, place),
  bits: (analysis) => bits(analysis),
  ciphers: (analysis) =>
    words(
      analysis.text,
      /\bAES[\s_-]?(128|256)[\s_-]?(GCM|CBC)\b/gi,
      (m) => `aes-${m[1]}-${m[2]!.toLowerCase()}`,
    ),
  exchanges: (analysis) =>
    words(analysis.text, /\b(ECDHE?)[\s_-](RSA|ECDSA)\b/gi, (m) => `${m[1]}-${m[2]}`.toLowerCase()),
  'rest-cipher': (analysis, place) => restCipher(analysis, place),
  'storage-kind': (analysis) => storageKind(analysis),
  'replica-kind': (analysis) => replicaKind(analysis),
  grade: (analysis) =>
    first(
      analysis.text,
      /["“']?\b(A\+|A-|A|B)(?![\w])["”']?(?=\s*(?:grade|rating|score|\b|on|in|\.|$))/g,
      (m) => m[1]!.toLowerCase(),
      /\bA\b\s+(?:score|rating|grade)?/,
    ),
  percent: (analysis) =>
    first(analysis.text, /(\d{2,3}(?:\.\d+)?)\s*(?:%|percent|per cent)/gi, (m) => Number(m[1])),
  email: (analysis) => first(analysis.text, emailPattern, (m) => m[0].replace(/\.$/, '')),
  certificates: (analysis, place) => certificates(analysis, place),
  edition: (analysis) => edition(analysis),
  date: (analysis, place, role) => date(analysis, place, role),
  severity: (analysis) => first(analysis.text, severityPattern, (m) => severityOf(m[0])),
  severities: (analysis, place) => severities(analysis, place),
  risk: (analysis) =>
    /\b(?:high[\s-]risk|security[\s-]related|related to security|sensitive|security[\s-]sensitive|critical) |high risk/i.test(
      analysis.text,
    ) &&
    /\b(?:high[\s-]risk|security[\s-]related|related to security|security[\s-]sensitive|sensitive (?:code|change|area)|critical (?:code|change|component))/i.test(
      analysis.text,
    )
      ? { value: 'high' }
      : null,
  'test-kinds': (analysis) => testKinds(analysis),
  tester: (analysis, place) => tester(analysis, place),
  retester: (analysis) => retester(analysis),
  'owasp-edition': (analysis) =>
    first(analysis.text, /OWASP Top (?:10|Ten)[\s(:-]*(20\d\d)/gi, (m) => Number(m[1])),
  environment: (analysis) => environment(analysis),
  'consent-who': (analysis) => {
    const who = [
      /\b(?:employees?|staff|personnel|team|we|no one|nobody)\b/i.test(analysis.text) && 'staff',
      /\bpartners?\b/i.test(analysis.text) && 'partners',
    ]
    const listed = who.filter((one): one is string => Boolean(one))
    return listed.length > 1 ? { value: listed } : null
  },
  potential: (analysis) =>
    /\b(?:potential|suspected)\b/i.test(analysis.text) ? { value: 'yes' } : null,
  copies: (analysis) => copies(analysis),
  zones: (analysis) => zones(analysis),
  encrypted: (analysis) => (/\bencrypt/i.test(analysis.text) ? { value: 'yes' } : null),
  contingency: (analysis) => contingency(analysis),
  'erase-after': (analysis) =>
    /\b(?:terminat|cancel|expir|end of (?:the )?(?:contract|subscription|agreement|service)|contract ends|subscription ends|close (?:your|their|the) account|account (?:is )?clos|leav|offboard)/i.test(
      analysis.text,
    )
      ? { value: 'termination' }
      : null,
}

function usable(lengths: readonly Length[], role?: Length['role']): Length[] {
  return lengths.filter((one) => !one.business && (role === undefined || one.role === role))
}

/** The one nearest to the words of the promise; behind them counts as nearer than before. */
function nearest<T extends { from: number; to: number }>(
  all: readonly T[],
  place: Place,
): T | null {
  let best: T | null = null
  let least = Infinity
  for (const one of all) {
    const inClause = one.from >= place.clause.from && one.to <= place.clause.to
    const gap =
      one.from >= place.to
        ? one.from - place.to
        : one.to <= place.from
          ? 2 * (place.from - one.to)
          : 0
    const distance = gap + (inClause ? 0 : 200)
    if (distance < least) [best, least] = [one, distance]
  }
  return best
}

function limit(length: Length | null): Taken | null {
  if (!length) return null
  const value: Limit = { target: length.target, promise: length.promise }
  return { value, from: length.from, to: length.to }
}

function duration(length: Length | null): Taken | null {
  return length && { value: length.promise, from: length.from, to: length.to }
}

function limitAfter(analysis: Analysis, place: Place, concept: string): Taken | null {
  const hits = analysis.of(concept)
  if (hits.length === 0) return limit(usable(analysis.lengths)[0] ?? null)
  const end = analysis.tokens[hits.at(-1)!.end - 1]!.to
  const start = analysis.tokens[hits[0]!.start]!.from
  const behind = usable(analysis.lengths).find((one) => one.from >= end && one.from - end < 40)
  const before = usable(analysis.lengths).filter((one) => one.to <= start && start - one.to < 12)
  const inside = usable(analysis.lengths).find((one) => one.from >= start && one.to <= end)
  return limit(
    inside ?? behind ?? before.at(-1) ?? nearest(usable(analysis.lengths, 'within'), place),
  )
}

function frequency(analysis: Analysis, place: Place): Taken | null {
  const found = nearest(analysis.frequencies, place)
  if (!found) return null
  return { value: found.every, from: found.from, to: found.to }
}

function perYear(analysis: Analysis, place: Place): Taken | null {
  const found = nearest(analysis.frequencies, place)
  return found?.perYear ? { value: found.perYear, from: found.from, to: found.to } : null
}

const nouns: Record<string, string> = {
  people:
    '(?:engineers?|developers?|reviewers?|people|persons?|employees?|members?|member|approvals?|colleagues?|peers?|others?|team members?|administrators?|senior|individuals|staff)',
  node: '(?:nodes?|instances?|replicas?|servers?|copies)',
  copy: '(?:copies|instances?|replicas?|nodes?|redundant)',
  character: '(?:characters?|chars|letters|symbols)',
  request: '(?:requests?)',
}

function count(analysis: Analysis, noun: string): Taken | null {
  const figure = `multiple|several|${numberSource.replace('a hundred|', '').replace(/\|an?(?=[|)])/g, '')}`
  const pattern = new RegExp(
    `\\b(${figure})(?:\\s*\\(\\d+\\))?[\\s-]+(?:\\w+[\\s-]+){0,2}?${nouns[noun] ?? noun}\\b`,
    'gi',
  )
  for (const match of analysis.text.matchAll(pattern)) {
    const many = /multiple|several/i.test(match[1]!)
    if (many && noun !== 'copy' && noun !== 'node') continue
    const value = many ? 2 : numberOf(match[1]!)
    if (Number.isInteger(value))
      return { value, from: match.index, to: match.index + match[0].length }
  }
  return null
}

function names(analysis: Analysis, place: Place, table: NameTable): Taken | null {
  const own = longest(analysis.of(`@${table}`)).filter((hit) => !isOwner(analysis, hit))
  const inside = own.filter((hit) => isInside(analysis, hit, place.clause))
  const hits = inside.length > 0 ? inside : own
  const listed = [
    ...hits.map((hit) => hit.value),
    ...place.continued.flatMap((one) => longest(one.of(`@${table}`)).map((hit) => hit.value)),
  ]
  const known = Object.keys(nameTables[table])
  const values = widest(
    [...new Set(listed)].filter((value) => known.includes(value)),
    table,
  )
  if (values.length === 0) return null
  const value = singular.has(table) ? values[0]! : values
  const last = hits.at(-1)
  if (!last) return { value }
  return {
    value,
    from: analysis.tokens[hits[0]!.start]!.from,
    to: analysis.tokens[last.end - 1]!.to,
  }
}

function isInside(analysis: Analysis, hit: Hit, clause: { from: number; to: number }): boolean {
  return (
    analysis.tokens[hit.start]!.from >= clause.from && analysis.tokens[hit.end - 1]!.to <= clause.to
  )
}

/** `Heroku (a Salesforce company)` names who owns it, not who is used. */
function isOwner(analysis: Analysis, hit: Hit): boolean {
  return (
    analysis.tokens[hit.end]?.word === 'company' &&
    /^an?$/.test(analysis.tokens[hit.start - 1]?.word ?? '')
  )
}

/** Of `ap-south-1 (Mumbai)` the exact one stands for both. */
function widest(values: readonly string[], table: NameTable): readonly string[] {
  if (table !== 'regionNames') return values
  return values.filter((area) => !values.some((other) => other !== area && liesIn(other, area)))
}

/** A sentence that begins with `this` or `both` speaks of what the one before names. */
function namesBefore(analysis: Analysis, place: Place, table: NameTable): Taken | null {
  if (
    !place.previous ||
    !/^(?:this|these|both|they|it|all of (?:them|these))\b/i.test(analysis.text)
  )
    return null
  const values = [...new Set(longest(place.previous.of(`@${table}`)).map((hit) => hit.value))]
  return values.length ? { value: values } : null
}

/** A description without a name goes on to name, or has named, what it describes. */
function namesAround(place: Place, table: NameTable): Taken | null {
  for (const near of [place.next, place.previous]) {
    const values = near ? [...new Set(longest(near.of(`@${table}`)).map((hit) => hit.value))] : []
    if (values.length) return { value: values }
  }
  return null
}

/** The criteria a report covers often stand in the sentence after the one that names it. */
function scopes(analysis: Analysis, place: Place): Taken | null {
  const own = names(analysis, { ...place, continued: [] }, 'scopes')
  if (own && (own.value as readonly string[]).length > 1) return own
  const after = place.next && [...new Set(place.next.of('@scopes').map((hit) => hit.value))]
  return after && after.length >= 3 ? { value: after } : null
}

/** Tables whose parameter is one word. */
const singular = new Set<NameTable>(['recipients'])

/** Where names overlap, the longer one is meant: `lead backend engineer`, not `backend engineer`. */
function longest(hits: readonly Hit[]): Hit[] {
  return hits.filter(
    (hit) =>
      !hits.some(
        (other) =>
          other !== hit &&
          other.start <= hit.start &&
          hit.end <= other.end &&
          other.end - other.start > hit.end - hit.start,
      ),
  )
}

function first(
  text: string,
  pattern: RegExp,
  value: (match: RegExpExecArray) => Value,
  not?: RegExp,
): Taken | null {
  for (const match of text.matchAll(pattern)) {
    // An article at the beginning of a phrase is no grade.
    if (
      not &&
      match[1] === 'A' &&
      !/["“'+]/.test(match[0]) &&
      !/\b(?:an|grade|rated|score[sd]?|rating(?: of)?|least)\s*$/i.test(text.slice(0, match.index))
    )
      continue
    return { value: value(match), from: match.index, to: match.index + match[0].length }
  }
  return null
}

function words(
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

function tls(analysis: Analysis, place: Place): Taken | null {
  const versions = [
    ...analysis.text.matchAll(
      /\b(?:TLS|Transport Layer Security)(?:\s*\(TLS\))?[\s-]*(?:version\s*|v\.?\s*)?(1\.[0-3])(?:\s*(?:and|or|&|\/|,)\s*(?:TLS\s*)?v?(1\.[0-3]))?/gi,
    ),
  ]
  const kept = versions.filter(
    (match) =>
      !/\b(?:not|older than|below|disable[sd]?|reject(?:s|ed)?|refuse[sd]?|no longer|deprecated|prior to)\b[^.;]{0,40}$/i.test(
        analysis.text.slice(place.clause.from, match.index),
      ),
  )
  if (kept.length === 0) {
    const older = versions.find((match) =>
      /\b(?:older than|below|prior to)\s*$/i.test(analysis.text.slice(0, match.index)),
    )
    return older
      ? { value: Number(older[1]), from: older.index, to: older.index + older[0].length }
      : null
  }
  const numbers = kept.flatMap((match) => [match[1], match[2]].filter(Boolean).map(Number))
  return {
    value: Math.min(...numbers),
    from: kept[0]!.index,
    to: kept[0]!.index + kept[0]![0].length,
  }
}

function bits(analysis: Analysis): Taken | null {
  const match = /\b(128|192|256)[\s-]?bits?\b|\bAES[\s-]?(256)\b(?![\s_-]?GCM)/i.exec(analysis.text)
  return (
    match && {
      value: Number(match[1] ?? match[2]),
      from: match.index,
      to: match.index + match[0].length,
    }
  )
}

function restCipher(analysis: Analysis, place: Place): Taken | null {
  const pattern =
    /\bAES[\s-]?(128|256)\b|\b(128|256)[\s-]?bit\s+AES\b|\bAES\s+(?:with\s+)?(?:a\s+)?(128|256)[\s-]?bit/i
  const match = pattern.exec(analysis.text.slice(place.clause.from, place.clause.to)) ?? null
  if (!match) return null
  const from = place.clause.from + match.index
  return { value: [`aes-${match[1] ?? match[2] ?? match[3]}`], from, to: from + match[0].length }
}

function storageKind(analysis: Analysis): Taken | null {
  const database = analysis.has(['database'])
  const store = /\b(?:bucket|object stor|file stor|volumes?|s3|all files)\b/i.test(analysis.text)
  return database && !store
    ? { value: ['database'] }
    : store && !database
      ? { value: ['store'] }
      : null
}

function replicaKind(analysis: Analysis): Taken | null {
  const database = analysis.has(['database'])
  const service = /\b(?:services?|application|instances|web servers?|workloads?)\b/i.test(
    analysis.text,
  )
  return database && !service
    ? { value: ['database'] }
    : service && !database
      ? { value: ['service'] }
      : null
}

function certificates(analysis: Analysis, place: Place): Taken | null {
  const own = analysis.certificates
  const all = [...own, ...place.continued.flatMap((one) => one.certificates)]
  if (all.length === 0) return null
  const value = [...new Set(all.map((one) => one.name))]
  // The more exact name of a certificate stands for the general one in the same list.
  const exact = value.filter(
    (name) => !value.some((other) => other !== name && other.startsWith(`${name}-`)),
  )
  if (own.length === 0) return { value: exact }
  return { value: exact, from: own[0]!.from, to: own.at(-1)!.to }
}

function edition(analysis: Analysis): Taken | null {
  const editions = [
    ...new Set(analysis.certificates.flatMap((one) => (one.edition === null ? [] : [one.edition]))),
  ]
  return editions.length === 1 ? { value: editions[0]! } : null
}

function date(analysis: Analysis, place: Place, role: string): Taken | null {
  const before = (from: number) => analysis.text.slice(Math.max(0, from - 30), from).toLowerCase()
  const days = analysis.days
  const period =
    days.length >= 2 && /\b(?:to|until|through|-|–)\s*$/.test(before(days[days.length - 1]!.from))
  const day =
    role === 'until'
      ? days.find(
          (one) =>
            /\b(?:expir\w*|valid (?:until|through|to|till)|until|expires? on)[\s:(]*$/.test(
              before(one.from),
            ) && !period,
        )
      : role === 'from'
        ? period && days.at(-2)
        : role === 'to'
          ? period && days.at(-1)
          : nearest(days, place)
  return day ? { value: day.date, from: day.from, to: day.to } : null
}

function severityOf(word: string): string {
  const known: Record<string, string> = {
    moderate: 'medium',
    severe: 'high',
    urgent: 'critical',
    p0: 'critical',
    p1: 'critical',
    p2: 'high',
    p3: 'medium',
    p4: 'low',
  }
  const small = word.toLowerCase()
  return known[small] ?? small
}

/** `critical within 24 hours, high within 7 days`: each severity with the time that follows it. */
function severities(analysis: Analysis, place: Place): Record<string, Taken> | null {
  const found: Record<string, Taken> = {}
  const { text } = analysis
  const marks = [...text.matchAll(severityPattern)].map((match) => ({
    name: severityOf(match[0]),
    from: match.index,
    to: match.index + match[0].length,
  }))
  const lengths = usable(analysis.lengths)
  const sources = marks.length > 0 ? marks : contextSeverity(place)
  sources.forEach((mark, i) => {
    const end = marks.length > 0 ? (marks[i + 1]?.from ?? text.length) : text.length
    const length =
      lengths.find((one) => one.from >= (marks.length > 0 ? mark.to : 0) && one.from < end) ??
      together(marks, i, lengths)
    if (length)
      found[mark.name] ??= {
        value: { target: length.target, promise: length.promise },
        from: mark.from,
        to: length.to,
      }
    else if (
      /\bnext\s+(?:vapt|test|penetration|pen[\s-]?test|assessment|audit)/i.test(
        text.slice(mark.to, end),
      )
    ) {
      found[mark.name] ??= { value: 'next-test', from: mark.from, to: end }
    }
  })
  return Object.keys(found).length ? found : null
}

/** `high and critical ... within 7 days`, or `within 7 days for critical`: one time for those that have none. */
function together(
  marks: readonly { from: number; to: number }[],
  i: number,
  lengths: readonly Length[],
): Length | undefined {
  if (lengths.length === 1) return lengths[0]
  return lengths.length === marks.length && lengths[0]!.from < marks[0]!.from
    ? lengths[i]
    : undefined
}

function contextSeverity(place: Place) {
  return [...place.context.text.matchAll(severityPattern)]
    .slice(0, 1)
    .map((match) => ({ name: severityOf(match[0]), from: place.from, to: place.from }))
}

function testKinds(analysis: Analysis): Taken | null {
  const kinds = [
    /\bautomat/i.test(analysis.text) && 'automated',
    /\bmanual/i.test(analysis.text) && 'manual',
    /\badditional test/i.test(analysis.text) && 'additional',
  ]
  const value = kinds.filter((kind): kind is string => Boolean(kind))
  return value.length ? { value } : null
}

function tester(analysis: Analysis, place: Place): Taken | null {
  const text = `${analysis.text} ${place.context.text}`
  if (/\bcert[\s-]?in\b/i.test(text)) return { value: 'cert-in' }
  if (
    /\b(?:internal|in-house) (?:penetration|pen|security|vulnerability)|\binternally\b/i.test(
      analysis.text,
    )
  )
    return { value: 'internal' }
  return analysis.has(['third_party']) ? { value: 'third-party' } : null
}

function retester(analysis: Analysis): Taken | null {
  if (
    /\b(?:vendor|tester|testing firm|same firm|third[\s-]party|auditor|external|consultanc)/i.test(
      analysis.text,
    )
  )
    return { value: 'vendor' }
  return /\b(?:someone|somebody|engineer|person|team) (?:else|outside|other)/i.test(analysis.text)
    ? { value: 'outside-team' }
    : null
}

function environment(analysis: Analysis): Taken | null {
  const match = /\b(production|staging|development|testing|preprod|lower)\b/i.exec(analysis.text)
  return match && { value: match[1]!.toLowerCase() }
}

function copies(analysis: Analysis): Taken | null {
  const match = new RegExp(
    `\\b(multiple|several|${numberSource})\\s+(?:\\w+\\s+){0,2}(?:regions|locations|sites|copies|countries|data cent\\w+|facilities)`,
    'i',
  ).exec(analysis.text)
  if (match) {
    const number = /multiple|several/i.test(match[1]!) ? 2 : numberOf(match[1]!)
    return { value: number, from: match.index, to: match.index + match[0].length }
  }
  return /\b(?:another|second|separate|different) (?:\w+ )?(?:region|location|site|data cent)/i.test(
    analysis.text,
  )
    ? { value: 2 }
    : null
}

function zones(analysis: Analysis): Taken | null {
  const match = new RegExp(
    `\\b(multiple|several|different|${numberSource}|multi)[\\s-]+(?:\\w+\\s+)?(?:availability\\s+zones?|AZs?\\b|zones?\\b)`,
    'i',
  ).exec(analysis.text)
  if (!match) return { value: 2 }
  const number = /multi|several|different/i.test(match[1]!) ? 2 : numberOf(match[1]!)
  return number > 1 ? { value: number, from: match.index, to: match.index + match[0].length } : null
}

function contingency(analysis: Analysis): Taken | null {
  const to = [
    /\bregions?\b/i.test(analysis.text) && 'region',
    /\b(?:another|different|other|second) (?:cloud )?(?:provider|cloud)\b/i.test(analysis.text) &&
      'provider',
  ]
  const value = to.filter((one): one is string => Boolean(one))
  const last = [
    ...analysis.text.matchAll(/\bregions?\b|\b(?:provider|cloud)\b(?: entirely)?/gi),
  ].at(-1)
  return last && value.length ? { value, from: last.index, to: last.index + last[0].length } : null
}

/** Whether two lengths of time say the same. */
export function sameLength(a: Duration, b: Duration): boolean {
  return durationLength(a) === durationLength(b)
}
