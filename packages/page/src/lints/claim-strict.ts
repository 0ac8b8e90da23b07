import { durationLength, formatDuration } from '../duration.ts'
import { denies } from '../draft/guards.ts'
import { severityOf } from '../draft/figures.ts'
import type { Claim } from '../page.ts'
import { durationsIn, formatValue } from '../params.ts'
import {
  lengthsOf,
  lie,
  listsOf,
  numbersOf,
  type Figure,
  type Figures,
  type Kind,
} from './claim-values.ts'
import { datesIn } from './dates.ts'
import { stretchesIn } from './words.ts'

const hour = 3_600_000

/** Of which proofs words may say more in a way of their own. */
const ofProof: Readonly<Record<string, readonly Kind[]>> = {
  'findings.fixed': [bySeverity],
  recovery: [lossless],
  'access.limit': [nobody],
  'access.database': [nobody],
  'load.tested': [rates],
  certificate: [lasting, everyOne],
  'mfa.accounts': [everyOne],
  paging: [channels],
  'incident.notice': [channels],
}

/**
 * Kinds of words that say more than an address in which no recogniser has to know the sentence: each
 * looks only where the address has the parameter that the words are of.
 */
export function strictKindsOf({ obligations }: Claim): readonly Kind[] {
  return obligations.flatMap(({ proof }) => {
    const kinds = ofProof[proof.id] ?? []
    return 'within' in proof.params ? [...kinds, atOnce] : kinds
  })
}

const severity = /\b(?:critical|high|medium|moderate|low|severe|p[0-3])s?\b/g

/** `Critical 4 hours, high 24 hours`: each severity with the time that stands with it. */
function bySeverity({ obligations }: Claim, text: string): Figures | null {
  const own = obligations.find(({ proof }) => proof.id === 'findings.fixed')?.params
  if (!own) return null
  const names = [...text.matchAll(severity)].map(({ 0: name, index }) => ({ at: index, name }))
  const times = stretchesIn(text).map((time) => ({ at: time.from, time }))
  if (names.length === 0 || times.length === 0 || /\b(?:business|working)\b/.test(text)) return null
  const marks = [...names, ...times].toSorted((a, b) => a.at - b.at)
  // Names before their times, or behind them: a time without a name is of something else.
  const ordered = 'name' in marks[0]! ? marks : marks.toReversed()
  const said: Figure[] = []
  const promised: Figure[] = []
  let open: string[] = []
  let timed = false
  for (const mark of ordered) {
    if ('name' in mark) {
      open = timed ? [mark.name] : [...open, mark.name]
      timed = false
      continue
    }
    if (timed) return null
    timed = true
    const size = mark.time.seconds * 1000
    const words = text.slice(mark.time.from, mark.time.to)
    for (const name of open.map((one) => severityOf(one))) {
      const value = own[name]
      const lengths = value === undefined ? [] : durationsIn(value)
      if (lengths.length === 0 || !lengths.every((one) => durationLength(one) > size * 1.1))
        continue
      said.push({ words: `${name}: ${words}`, size })
      promised.push({ words: `${name}=${formatDuration(lengths.at(-1)!)}`, size: 0 })
    }
  }
  return timed ? lie(said, promised) : null
}

const instant = /\b(?:immediately|instantly|instantaneously|at once|right away|straight ?away)\b/

/** No length of time at all: what takes an hour may still be called so. */
function atOnce(claim: Claim, text: string): Figures | null {
  const match = instant.exec(text)
  if (!match || denies(text) || stretchesIn(text).length > 0) return null
  const limits = lengthsOf(claim).filter(({ name }) => name === 'within')
  if (limits.length === 0 || limits.some(({ figure }) => figure.size <= hour)) return null
  const off = lie([{ words: match[0], size: 0 }], limits.map(({ figure }) => figure)) // prettier-ignore
  return off && { ...off, isLie: limits.every(({ given }) => given) }
}

/** How prose says that nothing is lost: of a loss, of who loses, of what is lost, or by an `rpo` of zero. */
const noLoss =
  /\b(?:zero|no|without(?: any)?) (?:\w+ )?loss\b|\b(?:lose|loses|losing|lost) (?:absolutely )?(?:nothing\b|no (?:data|work|records?|rows?|writes?|transactions?)\b)|\b(?:never|not|without) (?:ever )?los(?:e|es|ing) (?:any|a|data|work)\b|\bnot (?:a|one)(?: single)? \w+ (?:is|are|gets?|will be) (?:ever )?lost\b|\brpo\W{1,3}(?:of |is )?(?:0|zero)\b(?![.\d])|\b(?:nothing|no (?:data|work|records?|rows?|writes?|transactions?)) (?:is|are|gets?|will be|can be) (?:ever )?lost\b/
const bounded = /\b(?:(?:more|longer|older|greater|larger) than|beyond|exceed\w*|except|unless)\b/

function lossless({ obligations }: Claim, text: string): Figures | null {
  const recovery = obligations.find(({ proof }) => proof.id === 'recovery')
  const match = recovery && noLoss.exec(text)
  if (!match || bounded.test(text)) return null
  const point = recovery.params['rpo']
  const lengths = point === undefined ? [] : durationsIn(point)
  if (lengths.some((one) => durationLength(one) <= 60_000)) return null
  const words = point === undefined ? 'no rpo' : `rpo=${formatValue(point)}`
  return lie([{ words: match[0], size: 0 }], [{ words, size: 1 }])
}

const noOne =
  /\b(?:nobody|no[- ]one|no (?:employees?|engineers?|persons?|people|humans?|staff|(?:team )?members?|developers?|human being)|none of (?:us|(?:our|the) \w+))\b/
/** Whoever excepts somebody, or means one kind of access, says how many there are in other words. */
const excepting =
  /\d|\b(?:else|except|but|other|apart|besides|outside|beyond|unless|without|until|only|than|direct|directly|standing|permanent|permanently|anonymous|unauthori[sz]ed|default|alone|shared|same|unlimited)\b/

/** `Nobody has access` where some have. */
function nobody(claim: Claim, text: string): Figures | null {
  const some = ['access.limit', 'access.database'].flatMap((id) => numbersOf(claim, id, 'max', '')) // prettier-ignore
  if (some.length === 0) return null
  const match = noOne.exec(text)
  if (!match || excepting.test(text) || !denies(text)) return null
  return lie([{ words: match[0], size: 0 }], some)
}

const amount = String.raw`(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)( ?k| thousand| million)?`
const loads = String.raw`(?:requests?|queries|calls|transactions|hits)`
const rate = new RegExp(
  String.raw`${amount} (?:[a-z]+ )?(?:${loads}|[rqt]ps|req(?:uests)?\/s)\b|\b${loads} (?:a|per|each) second,? (?:up )?(?:to )?${amount}`,
  'g',
)

function rates(claim: Claim, text: string): Figures | null {
  const promised = numbersOf(claim, 'load.tested', 'rate', '')
  if (promised.length === 0) return null
  const said = [...text.matchAll(rate)].map(([words, one, times, other, otherTimes]) => ({
    words,
    size: Number((one ?? other)!.replaceAll(',', '')) * (scales[(times ?? otherTimes ?? '').trim()] ?? 1),
  })) // prettier-ignore
  const isKept = said.some(({ size }) => promised.some((own) => own.size >= size))
  return isKept ? null : lie(said, promised)
}
const scales: Readonly<Record<string, number>> = { k: 1000, thousand: 1000, million: 1_000_000 }

const untilThen =
  /\b(?:until|till|through|thru|to|expir(?:es|y|ing)|ends|ending)(?: (?:on|in|at|the|end|of|date))*:? $/

/** `Valid until 2029` of what ends before. */
function lasting({ obligations }: Claim, text: string): Figures | null {
  for (const { params } of obligations) {
    if (params['until'] === undefined) continue
    const until = formatValue(params['until'])
    const said = datesIn(text).filter(({ from }) => untilThen.test(text.slice(0, from)))
    const isLater = ({ first, yearOnly }: (typeof said)[number]) =>
      yearOnly ? first.slice(0, 4) > until.slice(0, 4) : first > until
    if (said.length === 0 || !said.every(isLater)) continue
    return lie(said.map(({ from, to }) => ({ words: text.slice(from, to), size: 1 })), [{ words: until, size: 0 }]) // prettier-ignore
  }
  return null
}

const channel = String.raw`(?:a |an |the |our |your )?(?:phone calls?|telephone|phone|calls?|sms|text messages?|texts?|e-?mail|post|letter|fax|slack|push(?: notifications?)?)`
const through = new RegExp(
  String.raw`\b(?:by|via|over|through|per) (${channel}(?:(?:, (?:and |or )?| and | or | and\/or | ?& | ?\+ ?)${channel})*)\b`,
)

/** `By phone` where only mails are sent; of `by phone or email` either will do. */
function channels(claim: Claim, text: string): Figures | null {
  const given = listsOf(claim, 'via')
  const match = given.length > 0 && through.exec(text)
  if (!match) return null
  const own = new Set(given.map((one) => nameOf(one)))
  const words = match[1]!.split(/,| and | or | ?& | ?\+ ?/).map((one) => nameOf(one))
  const missing = words.filter((one) => one !== '' && !own.has(one))
  const either = / or /.test(match[1]!) && missing.length < words.length
  if (either || missing.length === 0) return null
  return lie([{ words: match[0], size: 0 }], given.map((one) => ({ words: `via=${one}`, size: 0 }))) // prettier-ignore
}

function nameOf(word: string): string {
  const small = word
    .toLowerCase()
    .replace(/^\W*(?:and |or )?(?:an? |the |our |your )?/, '')
    .trim()
  if (/^(?:phone|telephone|call)/.test(small)) return 'phone'
  if (/^(?:text|sms)/.test(small)) return 'sms'
  return small.replace('-', '').replace(/ ?notifications?$|s$/, '')
}

/** Lists of an address of which words may say that they are whole, and how many names may be all there are. */
const wholes: readonly { id: string; name: string; words: RegExp; of: number }[] = [
  {
    id: 'mfa.accounts',
    name: 'for',
    words:
      /\b(?:all|every|each|any) (?:of )?(?:(?:our|the|other|internal|company|business|cloud) )*(?:systems?|services?|accounts?|tools?|apps?|applications?|platforms?|logins?)\b/,
    of: 3,
  },
  {
    id: 'certificate',
    name: 'scope',
    words:
      /\b(?:all|every|each) (?:of )?(?:(?:the|five|5|trust|services?) )*(?:criteria|criterion|categor(?:y|ies)|principles?)\b/,
    of: 5,
  },
]

/** `All systems` where the address names some, and the words name none. */
function everyOne({ obligations, context }: Claim, text: string): Figures | null {
  for (const { id, name, words, of } of wholes) {
    const match = words.exec(text)
    const list = match && obligations.find(({ proof }) => proof.id === id)?.params[name]
    if (!match || !Array.isArray(list) || list.length >= of) continue
    const around = ` ${context.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `
    if (list.some((one: string) => around.includes(` ${one.replaceAll('-', ' ')} `))) continue
    return lie([{ words: match[0], size: 1 }], [{ words: `${name}=${formatValue(list)}`, size: 0 }])
  }
  return null
}
