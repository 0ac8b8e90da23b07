import { durationLength } from '../duration.ts'
import { findingAt, type Finding } from '../finding.ts'
import type { Obligation } from '../page.ts'
import { formatValue, type Value } from '../params.ts'
import type { Span } from '../place.ts'
import type { Block } from '../read/prose.ts'
import { isApart, placesIn } from './places.ts'
import { sentencesOf, type Sentence } from '../read/sentences.ts'
import { headingsOf, object, type Reading } from './reading.ts'

/** A promise of the page, linked or recognised. */
export interface Promised {
  text: string
  line: number
  span: Span
  obligations: readonly Obligation[]
  /** It was only recognised, and no link says that it is meant so. */
  isOpen?: true
}

interface Figure {
  one: Promised
  value: string
  /** Its number among the promises. */
  order: number
}

/** Figures of which a page can have only one, unless the sentences speak of different things. */
const single: readonly (readonly [string, string])[] = [
  ['backup', 'every'],
  ['retention', 'max'],
  ['logs.kept', 'for'],
  ['incident.notice', 'within'],
  ['uptime', 'min'],
  ['password.minimum', 'length'],
  ['encryption.in-transit', 'min'],
  ['recovery', 'rto'],
  ['recovery', 'rpo'],
  ['findings.fixed', 'critical'],
  ['findings.fixed', 'high'],
  ['findings.fixed', 'medium'],
  ['findings.fixed', 'low'],
  ['access.review', 'every'],
  ['api.reviewed', 'every'],
  ['third-parties.reviewed', 'every'],
]
/** Words by which two sentences with one proof speak of different plans, systems or events. */
const scopes =
  /\b(?:enterprise|business|premium|free|basic|standard|plans?|tiers?|plus|pro|staff|employees?|internal|admin\w*|audit|files?|media|volumes?|documents?|attachments?|logs?|configurations?|potential|suspected|staging|test|demo|api|critical|incremental|differential|full copy|transactions?|snapshots?|wal|web|mobile|search|cache|wiki|intranet|blog|web ?site|development|eu|us|uk|australian?|german|european|american|health|hipaa|baa)\b/gi
/** Words by which two deadlines for weaknesses of one severity speak of different ones. */
const fixScopes =
  /\b(?:mitigat\w*|workarounds?|contain\w*|penetration|pentests?|dependenc\w*|librar(?:y|ies)|third[- ]part(?:y|ies)|packages?|images?|operating|systems?|hosts?|servers?|network|infrastructure|code|applications?|laptops?|devices?|internet|external|internal|public|exploit\w*|zero[- ]days?|cloud|on-prem\w*|desktop|mobile|staging|test|demo|enterprise|business|premium|free|basic|plans?|tiers?|support|reported|researchers?|incidents?)\b/gi
/** Words by which two things are kept for their own time. */
const keepScopes =
  /\b(?:hourly|daily|nightly|weekly|monthly|quarterly|yearly|annual|full|archiv\w*|access|applications?|systems?|servers?|security|error|debug|aggregat\w*|databases?|minutes?|hours?|points?|accounts?)\b/gi
/** Words by which two reviews are of different things. */
const reviewScopes =
  /\b(?:privileged|admin\w*|root|production|databases?|infrastructure|cloud|networks?|vpn|firewalls?|physical|buildings?|offices?|badges?|customers?|contractors?|partners?|external|service accounts?|keys?|code|repositor\w+|critical|high[- ]risk|low[- ]risk|key|major|new|internal|public|other)\b/gi
const refusal =
  /\b(?:not?|never|neither|refus\w*|reject\w*|disabl\w*|block\w*|deprecat\w*|retired|(?:turned|switched|shut) (?:off|away|down)|gone|dead|denied|dropped|removed|discontinued|unsupported|older|insecure|below)\b|n['’]t\b/i
const kindOfBackup =
  /\b(?:hourly|daily|nightly|weekly|monthly|quarterly|yearly|annual) (?:\w+ )?(?:backups?|snapshots?|copies|dumps?|ones)\b[^.;]{0,40}\b(?:kept|retained|stored|held|archived)\b/i
const atLeast = /\b(?:at least|no less than|not less than|minimum|or more often|at a minimum)\b/i
const weaknesses = /\b(?:vulnerabilit\w*|weakness\w*|flaws?|findings?|security|cves?)\b/i
const ongoing = [
  'point', 'wal', 'ahead', 'shipping', 'shipped', 'replicate', 'replicated', 'replication', 'continuous', 'continuously', 'streamed', 'streaming', 'synchronous', 'synchronously', 'incremental',
  'log', 'logs', 'binlog', 'binlogs', 'journal', 'journaled', 'journalled', 'writes', 'write', 'changes', 'change', 'transactions', 'transaction', 'mirrored', 'moment', 'pitr',
] // prettier-ignore

/** Promises of one page that cannot all be kept: two figures for one thing, or one that defeats another. */
export function disagreement(page: Reading, promises: readonly Promised[]): Finding[] {
  return [
    ...twoFigures(page, promises),
    ...lossWithin(page, promises),
    ...wiped(page, promises),
    ...processors(page, promises),
  ]
}

function twoFigures(page: Reading, promises: readonly Promised[]): Finding[] {
  const first = new Map<string, Figure>()
  const found: Finding[] = []
  const times = new Map<string, number>()
  const stretches = new Stretches(page, promises)
  for (const [i, one] of promises.entries()) {
    for (const { proof, params } of one.obligations) {
      for (const [id, name] of single) {
        if (proof.id !== id || params[name] === undefined) continue
        const value = formatValue(params[name])
        const scope =
          id === 'findings.fixed'
            ? fixScopeOf(page, one)
            : [...scopeOf(one, params), ...ownScopeOf(page, one, id, () => stretches.around(i))]
        const key = [id, name, ...scope].join(' ')
        const known = first.get(key)
        if (!known) first.set(key, { one, value, order: i })
        else if (
          !sameValue(known.value, value) &&
          known.one.span.to < one.span.from &&
          !areOtherRows(page, known.one, one) &&
          !(
            id === 'backup' &&
            isKind(stretches.around(known.order)) &&
            isKind(stretches.around(i))
          ) &&
          !(id === 'encryption.in-transit' && refusesLess(known, { one, value, order: i })) &&
          (id !== 'findings.fixed' || isSaidOfAll(page, known.one) || isSaidOfAll(page, one)) &&
          !(isReview(id) && (atLeast.test(known.one.text) || atLeast.test(one.text)))
        ) {
          times.set(key, (times.get(key) ?? 0) + 1)
          if (times.get(key)! <= 3) found.push(...both(page, known.one, known.value, one, value))
        }
      }
    }
  }
  return found
}

/** Whoever refuses TLS 1.0 may well refuse TLS 1.1 too: the lower of two figures is no promise then. */
function refusesLess(a: Figure, b: Figure): boolean {
  const lower = Number(a.value) < Number(b.value) ? a : b
  return refusal.test(lower.one.text)
}

/** The rows of one table tell of plans, systems or events apart: their first cells say of which. */
function areOtherRows(page: Reading, one: Promised, other: Promised): boolean {
  const [a, b] = [rowOf(page, one), rowOf(page, other)]
  return a !== null && b !== null && a.row !== b.row && a.headings === b.headings
}

function rowOf(page: Reading, one: Promised) {
  const block = blockOf(page, one)
  if (!block?.cell) return null
  return { row: block.cell.row, headings: block.headings.join('\n') }
}

function blockOf({ source }: Reading, { span }: Promised): Block | undefined {
  const { blocks } = source.prose
  return blocks[firstFrom(blocks.length, (at) => blocks[at]!.span.to >= span.from)]
}

/** A sentence of a paragraph: two lists or tables may stand for two products. */
function isSaidOfAll(page: Reading, one: Promised): boolean {
  const kind = blockOf(page, one)?.kind
  return kind !== 'item' && kind !== 'cell' && weaknesses.test(one.text)
}

function fixScopeOf(page: Reading, one: Promised): string[] {
  const block = blockOf(page, one)
  const around = [one.text, block?.lead?.text.slice(-300), ...(block?.headings.slice(-2) ?? [])]
  const words = around.join(' ').slice(0, 1000).match(fixScopes) ?? []
  return [...new Set(words.map((word) => word.toLowerCase()))].toSorted()
}

/** What is reviewed again and again. A review `at least` every year may come every quarter. */
function isReview(id: string): boolean {
  return /^(?:access\.review|api\.reviewed|third-parties\.reviewed)$/.test(id)
}

/** What a promise may be of is said in its own sentence, up to the next promise, and not beside it. */
class Stretches {
  private readonly page: Reading
  private readonly promises: readonly Promised[]
  private readonly sentences = new Map<Block, readonly Sentence[]>()
  constructor(page: Reading, promises: readonly Promised[]) {
    this.page = page
    this.promises = promises
  }

  around(i: number): string {
    const one = this.promises[i]!
    const block = blockOf(this.page, one)
    if (!block) return one.text
    const [from, to] = [offsetIn(block, one.span.from), offsetIn(block, one.span.to)]
    let sentences = this.sentences.get(block)
    if (!sentences) this.sentences.set(block, (sentences = sentencesOf(block)))
    const n = firstFrom(sentences.length, (at) => sentences[at]!.to > from)
    const sentence = sentences[n]
    if (!sentence) return one.text
    const [before, after] = [this.promises[i - 1], this.promises[i + 1]]
    const start = before && before.span.to > block.at(sentence.from) ? offsetIn(block, before.span.to) : sentence.from // prettier-ignore
    const end = after && after.span.from < block.behind(sentence.to) ? offsetIn(block, after.span.from) : sentence.to // prettier-ignore
    const own = block.text.slice(Math.max(0, Math.min(start, from), from - 500), Math.min(Math.max(end, to), to + 500)) // prettier-ignore
    // `They are kept for 30 days` is of what the sentence before speaks of.
    const last = pointing.test(own) ? sentences[n - 1] : undefined
    return last ? `${block.text.slice(Math.max(last.from, last.to - 500), last.to)} ${own}` : own
  }
}

const pointing = /\b(?:they|them|their|these|those|it|its|such|this|both|each|the latter)\b/i

/** The first number for which it holds; it holds for all behind. */
function firstFrom(count: number, holds: (at: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** Where a place of the source stands in the text of its block. */
function offsetIn(block: Block, place: number): number {
  return firstFrom(block.text.length, (index) => block.at(index) >= place)
}

/** `Monthly backups are kept for a year`: of a kind of backup, beside others. */
function isKind(around: string): boolean {
  return kindOfBackup.test(around)
}

function ownScopeOf(page: Reading, one: Promised, id: string, around: () => string): string[] {
  if (isReview(id)) return reviewScopeOf(page, one)
  if (id !== 'retention' && id !== 'logs.kept') return []
  return [...new Set(around().toLowerCase().match(keepScopes))].toSorted()
}

function reviewScopeOf(page: Reading, one: Promised): string[] {
  const heading = blockOf(page, one)?.headings.at(-1) ?? ''
  const words = `${one.text} ${heading}`.slice(0, 1000).match(reviewScopes) ?? []
  return [...new Set(words.map((word) => word.toLowerCase()))].toSorted()
}

function scopeOf({ text }: Promised, params: Readonly<Record<string, Value>>): string[] {
  const words = text.match(scopes)?.map((word) => word.toLowerCase()) ?? []
  const named = ['on', 'to', 'of', 'potential'].map((name) =>
    params[name] === undefined || formatValue(params[name]) === 'affected'
      ? ''
      : formatValue(params[name]),
  )
  return [...new Set(words)].toSorted().concat(named)
}

/** `24h` and `1d` are one figure, and `90d` is a quarter. */
function sameValue(a: string, b: string): boolean {
  const [one, other] = [hoursOf(promiseOf(a)), hoursOf(promiseOf(b))]
  if (one === null || other === null) return promiseOf(a) === promiseOf(b)
  return Math.abs(one - other) <= 0.03 * Math.max(one, other)
}

/** Of a range the upper end is the promise. */
function promiseOf(value: string): string {
  return value.split('..').at(-1)!
}

const hours: Readonly<Record<string, number>> = { s: 1 / 3600, m: 1 / 60, h: 1, d: 24, w: 168, mo: 730.5, y: 8766 } // prettier-ignore

function hoursOf(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(s|m|h|d|w|mo|y)$/.exec(text)
  return match ? Number(match[1]) * hours[match[2]!]! : null
}

function both(page: Reading, one: Promised, a: string, other: Promised, b: string): Finding[] {
  const say = (there: Promised, theirs: string, here: string) =>
    `This says ${here}, and line ${there.line} says ${theirs} of the same. Both cannot be the promise: say one, or what each is for.`
  return [at(page, one, 'error', say(other, b, a)), at(page, other, 'error', say(one, a, b))]
}

function at(
  page: Reading,
  { span }: Promised,
  level: 'error' | 'warning',
  message: string,
): Finding {
  return findingAt(page.source.lines, span, { rule: 'contradiction', level, message })
}

/** The promises of one proof that have a length of time as this parameter. */
function lengthsOf(promises: readonly Promised[], id: string, name: string) {
  return promises.flatMap((one) =>
    one.obligations.flatMap(({ proof, params }) => {
      const value = proof.id === id ? params[name] : undefined
      if (typeof value !== 'object' || Array.isArray(value)) return []
      const length = 'promise' in value ? value.promise : value
      if (!('seconds' in length)) return []
      return [{ one, length: durationLength(length), said: formatValue(value) }]
    }),
  )
}

/** Backups once a day lose a day, whatever the recovery point says, unless changes are kept as they come. */
function lossWithin(page: Reading, promises: readonly Promised[]): Finding[] {
  const points = lengthsOf(promises, 'recovery', 'rpo')
  const backups = lengthsOf(promises, 'backup', 'every')
  const newest = backups.toSorted((a, b) => a.length - b.length)[0]
  if (!newest || points.length === 0) return []
  if (
    promises.some((one) =>
      one.obligations.some(({ proof }) => proof.id === 'restore.point-in-time'),
    )
  )
    return []
  if (page.mentioning(ongoing).some(({ text }) => keepsChanges(text))) return []
  return points
    .filter(({ length }) => length < newest.length)
    .slice(0, 2)
    .map(({ one, said }) =>
      at(page, one, one.isOpen || newest.one.isOpen ? 'warning' : 'error', `No more than ${said} of work may be lost, but line ${newest.one.line} makes a backup only every ${newest.said}, and nothing on the page keeps the changes in between. Say what does.`),
    ) // prettier-ignore
}

const changes =
  /\b(?:points?|wal|ahead|ship(?:ping|ped)|continuous(?:ly)?|stream(?:ed|ing)|synchronous(?:ly)?|incremental)\b/
const replicates = /\breplicat(?:e|ed|ion)\b/
/** Copies that are copied again, and no changes between two of them. */
const copied =
  /\b(?:back(?:ed|s)?[- ]?ups?|cop(?:y|ies)|snapshots?|dumps?|they|them|these|it)\b[^.;]{0,80}\breplicat|\breplicat(?:e|ed|ion)\b[^.;]{0,20}\b(?:backups?|copies|snapshots?|dumps?)\b/

const stream = String.raw`(?:ship\w*|stream\w*|cop(?:y|ies|ied)|sent|send|archiv\w*|upload\w*|push\w*|replicat\w*|mirror\w*|sav(?:e|es|ed)|journal\w*|written)`
/** Where changes go as they come, however it is called. */
const kept: readonly RegExp[] = [
  new RegExp(
    String.raw`\b(?:(?:transaction|binary|bin|redo|archive|write-ahead) ?-?logs?|binlogs?|journals?)\b[^.;]{0,50}\b${stream}\b`,
  ),
  new RegExp(
    String.raw`\b${stream} (?:the |our |all )*(?:transaction|binary|redo|archive) ?logs?\b`,
  ),
  new RegExp(
    String.raw`\b(?:changes|writes|transactions|(?:every|each) (?:change|write|transaction))\b[^.;]{0,50}\b${stream}\b[^.;]{0,60}\b(?:real[- ]time|continuous\w*|immediately|at once|synchronous\w*|as (?:they|it) (?:happen|come)s?|every (?:few )?(?:\d+ )?(?:seconds?|minutes?)|within (?:a few |\w+ )?(?:seconds?|minutes?)|standby|replica|(?:second|other) (?:site|server|region))`,
  ),
  /\b(?:standby|replicas?|secondary|mirror|second (?:server|site))\b[^.;]{0,40}\b(?:receives?|gets?|appl(?:y|ies)|follows?|mirrors?|takes?|has)\b[^.;]{0,20}\b(?:(?:every|each) (?:write|change|transaction)|(?:all )?(?:writes|changes|transactions))\b/,
  /\b(?:restor\w*|recover\w*|roll(?:ed)? back|go(?:es)? back|return\w*)\b[^.;]{0,40}\b(?:any|every|each) (?:given )?(?:point|moment|second|minute)\b/,
]
const denied = /\b(?:not|never|no|nor|without|neither)\b|n't\b/

/** Whether a sentence keeps the changes between two backups: whoever replicates the copies does not. */
function keepsChanges(text: string): boolean {
  if (!denied.test(text) && kept.some((pattern) => pattern.test(text))) return true
  if (!/\b(?:back|database|wal|postgres|standby)/.test(text)) return false
  return changes.test(text) || (replicates.test(text) && !copied.test(text))
}

/** Everything is wiped `backups too`, and backups are kept longer. */
function wiped(page: Reading, promises: readonly Promised[]): Finding[] {
  const longest = lengthsOf(promises, 'retention', 'max').toSorted((a, b) => b.length - a.length)[0]
  if (!longest) return []
  return lengthsOf(promises, 'erase', 'within')
    .filter(({ one, length }) => /\bbackups?\b/i.test(one.text) && length < longest.length)
    .slice(0, 2)
    .flatMap(({ one, said }) => [
      at(page, one, 'error', `Line ${longest.one.line} keeps backups for ${longest.said}, so what is wiped here is in them until then.`),
      at(page, longest.one, 'error', `Line ${one.line} promises that data is gone from backups within ${said}; these keep it longer.`),
    ]) // prettier-ignore
}

/** Every processor keeps data in one area, and the page's own list names one elsewhere. */
function processors(page: Reading, promises: readonly Promised[]): Finding[] {
  const kept = promises.flatMap((one) =>
    one.obligations.flatMap(({ proof, params }) =>
      proof.id === 'residency.processors' && Array.isArray(params['regions'])
        ? [{ one, regions: params['regions'] as readonly string[] }]
        : [],
    ),
  )
  const [first] = kept
  if (!first) return []
  const areas = [...new Set(kept.flatMap(({ regions }) => regions))].slice(0, 20)
  const found: Finding[] = []
  for (const said of page.said) {
    if (said.block.kind !== 'cell' || said.raw.length > 80 || found.length >= 5) continue
    if (!/\b(?:sub-?processors?|suppliers?|vendors?)\b/.test(headingsOf(said))) continue
    const places = placesIn(said.raw)
    if (
      places.length === 0 ||
      !places.every(({ area }) => areas.every((own) => isApart(area, own)))
    )
      continue
    const last = places.at(-1)!
    found.push(
      object(page, said, { from: places[0]!.from, to: last.to }, {
        rule: 'contradiction',
        level: 'error',
        message: `Line ${first.one.line} promises that data stays in ${areas.join(', ')}, and this list sends some elsewhere. Say which data this provider gets, or from whom.`,
      }),
    ) // prettier-ignore
  }
  return found
}
