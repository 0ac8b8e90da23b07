import { emailPattern, ownKeyPattern, severityPattern, type Analysis } from './analysis.ts'
import {
  bound,
  cadence,
  count,
  frequency,
  length,
  lengthOf,
  kept,
  perYear,
  severities,
  severityOf,
  within,
  exportWithin,
  ofSession,
} from './figures.ts'
import {
  bounds,
  names,
  namesBefore,
  namesIn,
  namesInAll,
  namesNear,
  namesWhole,
  regions,
  regionsBefore,
  valuesOf,
} from './lists.ts'
import { tls, bits, restCipher, grade } from './ciphers.ts'
import { certificates, edition, date, scopes } from './documents.ts'
import {
  storageKind,
  replicaKind,
  copies,
  copyRegions,
  placesNamed,
  zones,
  contingency,
} from './copies.ts'
import {
  risk,
  testKinds,
  tester,
  retester,
  fixWithin,
  retestWithin,
  restoreFrequency,
  testEnvironments,
} from './assessments.ts'
import { first, all } from './matched.ts'
import { channels, inRow, rowNames } from './rows.ts'
import { strangersOf } from './members.ts'
import { parties, type NameTable } from './names.ts'
import { unread, type Place, type Reading, type Take, type Taken } from './place.ts'

/** How a rule's `take` reads its value; the argument is what stands behind the name. */
export const takes: Readonly<Record<string, Take>> = {
  within,
  'export-within': (clause, place) => exportWithin(clause, place) ?? inRow(place),
  bound,
  'of-session': ofSession,
  kept,
  length,
  lasting,
  frequency: (clause, { rest }) => frequency(clause, rest),
  cadence,
  'sentence-frequency': (clause, place) => frequency(place.sentence) ?? frequency(clause),
  'per-year': perYear,
  severities,
  rto: (clause, place) => lengthOf(clause, place, 'recovery_time', 'recovery_point'),
  rpo: (clause, place) => lengthOf(clause, place, 'recovery_point', 'recovery_time'),
  count: (clause, _place, noun) => count(clause, noun),
  names: (clause, place, table) => names(clause, place, table as NameTable),
  'retest-within': retestWithin,
  'fix-within': fixWithin,
  'restore-frequency': restoreFrequency,
  hashes: (clause, place) => passwordHashes(clause, place),
  'names-all': (clause, place, table) => namesInAll(clause, place, table as NameTable),
  'names-back': (clause, place, table) => namesBefore(clause, place, table as NameTable),
  'names-whole': (clause, place, table) => namesWhole(clause, place, table as NameTable),
  'names-near': (clause, place, table) => namesNear(clause, place, table as NameTable),
  channels,
  row: (clause, place, table) =>
    names(clause, place, table as NameTable) ?? rowNames(place, table as NameTable),
  several: (clause, place, table) => several(names(clause, place, table as NameTable)),
  regions,
  'regions-before': regionsBefore,
  'regions-throughout': (clause, place) =>
    /\beven (?:when|if|where|while) \w+ (?:pass|go|travel|flow|move|run)/i.test(place.rest.text)
      ? regions(clause, place)
      : null,
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
  'storage-kind': storageKind,
  'replica-kind': replicaKind,
  grade,
  percent: (clause, place) => (isRecord(clause, place) ? unread : percent(clause)),
  // Nobody promises to be there half of the time: a smaller share is of something else.
  'high-percent': (clause, place) => {
    if (isRecord(clause, place)) return unread
    const taken = percent(clause)
    return taken && Number(taken.value) >= 90 ? taken : null
  },
  email: (clause) => first(clause.text, emailPattern, (match) => match[0].replace(/\.$/, '')),
  certificates: (clause, place, whose) => certificates(clause, place, whose === 'ours'),
  edition,
  date,
  severity: (clause) => first(clause.text, severityPattern, (match) => severityOf(match[0])),
  'least-severity': (clause) => leastSeverity(clause),
  risk: (clause, place) => risk(clause, place),
  'test-kinds': (clause) => testKinds(clause),
  tester,
  retester: (clause) => retester(clause),
  'owasp-edition': (clause) =>
    first(clause.text, /OWASP Top (?:10|Ten)[\s(:-]*(20\d\d)/gi, (match) => Number(match[1])),
  environment: (clause, place) => environment(clause, place),
  'consent-who': (clause) => consentWho(clause),
  potential: (clause, place) =>
    /\b(?:potential|suspected|(?:merely|only|just) suspect)\b/i.test(
      `${clause.text} ${place.label?.text ?? ''}`,
    )
      ? { value: 'yes' }
      : null,
  copies: (clause) => copies(clause),
  zones: (clause) => zones(clause),
  'contingency-frequency': (_clause, place) =>
    frequency(place.rest) ??
    (place.next && /\b(?:plan|runbook|that|this|it)\b/i.test(place.next.text)
      ? frequency(place.next)
      : null),
  gap: (clause, place) => gapIn(place.rest) ?? bound(clause, place),
  'copy-regions': copyRegions,
  places: (clause, place) => placesNamed(clause, place),
  encrypted: (clause, place) =>
    /\bencrypt/i.test(`${clause.text} ${place.earlier?.text ?? ''}`) ? { value: 'yes' } : null,
  contingency,
  'erase-after': (clause, place) => eraseAfter(clause, place),
}

/** How long something is kept; `within five minutes` is no such length. */
function lasting(clause: Analysis, place: Place): Reading {
  const taken = length(clause, place)
  if (taken === null || taken === unread || taken.from === undefined) return taken
  return /\b(?:within|inside|in under)\s+(?:the )?$/i.test(clause.text.slice(0, taken.from))
    ? unread
    : taken
}

const grades = ['critical', 'high', 'medium', 'low']

/** `Critical and high ones are paid` begins at the lesser of the two. */
function leastSeverity({ text }: Analysis): Taken | null {
  const found = new Set([...text.matchAll(severityPattern)].map((match) => severityOf(match[0])))
  const value = grades.findLast((grade) => found.has(grade))
  return value ? { value } : null
}

/** A function that is no slow one keeps no password: a sentence that names one promises nothing here. */
function passwordHashes(clause: Analysis, place: Place): Reading {
  return (
    names(clause, place, 'hashes') ??
    (/\b(?:md[45]|sha-?[\d-]+)\b/i.test(clause.text) ? unread : null)
  )
}

/** A list is only meant where it has at least two members. */
function several(taken: Reading): Reading {
  if (taken === unread) return unread
  return taken && Array.isArray(taken.value) && taken.value.length > 1 ? taken : null
}

const over =
  /\b(?:last|past|previous) (?:[\w-]+ )?(?:months?|quarters?|years?)\b|\b(?:achieved|actual|actually|historical|historic|measured|observed|to date|so far|track record)\b/i
const year = /(?<![\w:.,-])(?:19|20)\d\d(?![\w:%-]|[.,]\d)/

/** Whether a share is one that was measured: `uptime achieved`, a row or column of a year. */
function isRecord({ text }: Analysis, { label, labelKind }: Place): boolean {
  const named = labelKind === 'own' && label ? label.text : ''
  return over.test(text) || over.test(named) || year.test(named)
}

function percent(clause: Analysis): Taken | null {
  return first(clause.text, /(\d{2,3}(?:[.,]\d{1,4})?)\s?(?:%|percent\b|per cent\b)/gi, (match) =>
    Number(match[1]!.replace(',', '.')),
  )
}

/** The fields that part customers: those of the table, or a customer's word with `ID` behind it. */
function customerKeys(clause: Analysis, place: Place): Reading {
  const listed = names(clause, place, 'customerKeys')
  if (listed) return listed
  return all(clause.text, ownKeyPattern, (match) => {
    const owner = match[1]!.toLowerCase().replace('organisation', 'organization')
    const kind = match[2]!.toLowerCase().replace(/s$/, '')
    return `${owner}-${kind === 'identifier' ? 'id' : kind}`
  })
}

function environment(clause: Analysis, { label, earlier }: Place): Taken | null {
  for (const one of [clause, label, earlier]) {
    const match = /\b(production|prod|staging|development|testing|preprod|lower)\b/i.exec(
      one?.text ?? '',
    )
    if (match) return { value: match[1]!.toLowerCase().replace(/^prod$/, 'production') }
  }
  return null
}

function consentWho(clause: Analysis): Reading {
  const named = valuesOf(namesIn(clause, 'parties'))
  const ours = /\bwe\b/i.test(clause.text) && !named.includes('third-parties')
  const who = Object.keys(parties).filter((one) => named.includes(one) || (one === 'staff' && ours))
  if (who.length < 2 && who[0] !== 'third-parties') return null
  return strangersOf(clause, namesIn(clause, 'parties'), 'parties').length > 0
    ? unread
    : { value: who }
}

/** How long watching may break off: `interrupted for no longer than ten minutes`. */
function gapIn(rest: Analysis): Taken | null {
  if (!/\b(?:interrupt|gap|outage|blind|pause|break)/i.test(rest.text)) return null
  return rest.lengths.length === 1 ? { value: rest.lengths[0]!.promise } : null
}

const ending =
  /\b(?:terminat|cancel|expir|end of (?:the |your |their )?(?:\w+ )?(?:contract|subscription|agreement|service|relationship)|contract(?:ual)? (?:\w+ )?end|contracts? ends?|subscriptions? ends?|clos(?:e|es|ing|ed|ure)\b|leav|offboard|goodbye)/i

function eraseAfter(clause: Analysis, place: Place): Taken | null {
  if (/\brequest/i.test(clause.text)) return null
  const said = [clause.text, place.earlier?.text, place.label?.text].join(' ')
  return ending.test(said) ? { value: 'termination' } : null
}
