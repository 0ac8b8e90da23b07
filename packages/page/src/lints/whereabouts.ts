import type { Finding } from '../finding.ts'
import type { Span } from '../place.ts'
import { denies, guardOf } from '../draft/guards.ts'
import { isAboutProvider } from './about-provider.ts'
import { isApart, isOneRegion, isWithin, placesIn, type Placed } from './places.ts'
import { object, quote, sayLines, type Reading, type Said } from './reading.ts'
import { servicesOf, type ServiceKind, type Use } from './services.ts'

const kept =
  /\b(?:host\w*|stor(?:e|es|ed|ing|age)|resid\w*|located|kept|keep|process(?:ed|es|ing)?|runs?|running|creat\w*|deploy\w*|remains?|stays?|held|leaves?|maintained|replicat\w*|backed up|backups?|fail(?:s|ed|ing)?[- ]?over)\b/
const alone =
  /\b(?:exclusively|solely|entirely|strictly|only|never leaves?|not leave)\b[^.;:]{0,45}$/
/** `Your data stays in Spain`: what stays somewhere is nowhere else, whether or not it says `only`. */
const staying =
  /\b(?:your|our customers'|customers?'?|clients?'?|users?'?|all|personal) (?:[\w-]+ ){0,2}?(?:data|information|content|records|files)\b[^.;:,]{0,30}\b(?:stays?|remains?)\b[^.;:,]{0,15}\b(?:in|within|inside)\b[^.;:,]{0,15}$/
/** How long it stays there, or under what. */
const forNow = /\b(?:for (?:\d+|an?|one|two|three|thirty)|until|while|as long as|at rest)\b/
const aloneAfter = /^\W{0,3}(?:(?:region|data cent\w+|servers)\W{1,3})?(?:only|exclusively)\b/
const inPlace = /\b(?:in|within|inside|on|from|leaves?|of|to)\b[^.;:]{0,25}$/
const outsideOf = /\b(?:no|none|never|nothing|not|nor)\b[^.;:]{0,60}\boutside(?: of)?(?: the)? $/
/** A promise to some customers, or a choice, is none about all data. */
const chosen =
  /\b(?:choose|chosen|choice|select\w*|option\w*|opt|customers in|users in|(?:eu|us|european|american|uk) (?:customers?|users?|clients?)|your region|if you|depending|on request|default)\b/
const elsewhere =
  /\b(?:(?:another|other|different|second|alternate|alternative|additional) (?:\w+ ){0,2}?(?:provider|region|country|location|jurisdiction|continent)s?|any (?:\w+ ){0,2}?(?:region|country|location|continent)|worldwide|(?:multiple|several|many|different|various) (?:\w+ ){0,2}?(?:regions|countries|continents|locations)|multi-region|cross-region|across regions|geographically (?:dispersed|distributed|separate\w*|diverse|redundant)|(?:around|across) the (?:world|globe))\b/g
const served =
  /\b(?:customers?|users?|offices?|employees|companies|organizations|certif\w+|accredit\w+|trusted|used by|team)\b[^.;]{0,40}$/
const moved =
  /\b(?:replicat\w*|backups?|back(?:ed|s)? up|copies|copied|copy|replicas?|snapshots?|standby|ship(?:s|ped)?|sent|goes|stored?|hosted?|fail(?:s|ed|ing)?[- ]?over|launch\w*|deploy\w*|restor\w*|recover\w*|located|data cent\w+|redundan\w*|maintained|kept|runs?|running|processed|lives?|servers?|databases?|move)\b/
const otherWords = [
  'regions', 'region', 'provider', 'providers', 'country', 'countries', 'locations', 'location', 'world',
  'globe', 'continents', 'jurisdiction', 'geographically', 'replicated', 'backups', 'backup', 'copies',
  'copy', 'stored', 'hosted', 'located', 'backed', 'run', 'runs', 'running', 'processed', 'lives', 'live', 'server',
  'servers', 'database', 'databases', 'snapshot', 'snapshots', 'replica', 'replicas', 'copied', 'standby', 'fail', 'fails',
  'failing', 'failover', 'replicate', 'replicates', 'site', 'sites', 'center', 'centre', 'datacenter', 'datacentre',
] // prettier-ignore

/** Who sends data there has it there; who tells when, how or that not, need not. */
const transferWords = ['transfer', 'transfers', 'transferred', 'transferring']
const transfers =
  /\b(?:transfers? (?:of (?:[\w-]+ ){1,4})?to|transferr(?:ed|ing) (?:[\w-]+ ){0,4}?to|transfers? (?:[\w-]+ ){1,4}?to)\b/
const wordsOfHome = new RegExp(`\\b(?:${otherWords.join('|')})\\b`)
const unsure =
  /\b(?:no|not|never|none|nor|nothing|without|cannot|if|should|unless|were|would|in case|in the event|where|whenever|when|any|only with|prohibited|excluded|before)\b|n't\b/

/** `All data is in Ireland`: a place without `only`, but for everything. */
const everything =
  /\b(?:all|every|everything)\b[^.;:]{0,40}\b(?:is|are|lives?|stored|hosted|kept|located|resides?|runs?|stays?|remains?|processed)\b[^.;:]{0,25}\b(?:in|within|inside) (?:the |aws |azure |gcp )?(?:\w+ )?$/
const subjects =
  /\b(?:data|information|everything|databases?|services|servers|systems|infrastructure|records|content)\b/
const copy =
  /\b(?:back(?:s|ed|ing)?[- ]?ups?|copy|copies|replica\w*|fail ?over|standby|disaster|recover\w*|snapshots?)\b/

/** Whoever fails over serves the data from there: that is a second home, and no mere copy. */
const failsOver =
  /\bfail(?:s|ed|ing)?[- ]?overs?\b|\b(?:disaster[- ]recovery|dr|recovery|standby|secondary|failover) (?:sites?|locations?|regions?|data ?cent(?:er|re)s?)\b/
/** Copies of what holds no customer's data. */
const idle =
  /\b(?:snapshots?|copy|copies|backups?) of (?:\w+ ){0,3}(?:lists?|dashboards?|pages?|metrics|reports?|charts?|code|documentation|website)\b/
/** A site of the company's own that no customer's data is on. */
const ownSite =
  /^(?:(?:our|the|this) )(?:[\w-]+ )?(?:status ?page|website|web site|homepage|blog|documentation|docs|help cent(?:er|re)|newsletter|forum|careers page|landing pages?)\b(?!['’]s\b)/
const noData = /\b(?:status page|website|dns|phones?|internet|e-?mail|chat)\b/

interface Exclusive {
  said: Said
  /** From the first to the last of the areas; `area` is all of them. */
  place: Placed
  areas: readonly string[]
  /** It does not say `only`. */
  loose: boolean
}

/** Data in one area only, and copies, plans or data somewhere else. */
export function whereabouts(page: Reading): Finding[] {
  const claiming = page
    .stating([
      'exclusively',
      'solely',
      'entirely',
      'strictly',
      'only',
      'never',
      'outside',
      'leave',
      'leaves',
      'all',
      'every',
      'everything',
      'stays',
      'stay',
      'remains',
      'remain',
    ])
    .flatMap((said) => exclusiveIn(said))
  if (claiming.length === 0) return []
  const claimed = new Set(claiming.map(({ said }) => said))
  const exclusive = firstOfEach(claiming)
  return [...twoHomes(page, exclusive), ...elsewhereThan(page, exclusive, claimed)]
}

/** What narrows data to a part of it. */
const part =
  /\b(?:logs?|telemetry|metrics|billing|payments?|invoices?|usage|analytics|marketing|support|tickets?|accounts?|backups?|archiv\w*|test|staging|demo|employees?|staff|hr|applicants?|health|medical|financial|media|images?|videos?|attachments?|metadata|plans?|tiers?|editions?|enterprise|business|self-hosted|on-prem\w*|product|except|unless|until|before|previously|formerly)\b/
/** Data as a whole, and nothing less. */
const wholeOf =
  /\b(?:all|every|everything|exclusively|solely|entirely|only)\b[^.;:]{0,60}\b(?:data|information|records|content)\b|\b(?:data|information|records|content)\b[^.;:]{0,60}\b(?:exclusively|solely|entirely|only)\b|\beverything\b/

/** All data in one place, and all data in another. */
function twoHomes(page: Reading, exclusive: readonly Exclusive[]): Finding[] {
  const homes = exclusive.filter(
    ({ said }) =>
      said.block.kind !== 'cell' &&
      wholeOf.test(said.text) &&
      !part.test(said.text) &&
      !copy.test(said.text) &&
      !isOfOthers(page, said) &&
      placesIn(said.block.headings.slice(-2).join(' ').slice(0, 300)).length === 0,
  )
  const [first] = homes
  if (!first) return []
  const other = homes.find(({ areas }) =>
    areas.every((area) => first.areas.every((own) => isApart(own, area))),
  )
  if (!other) return []
  const say = (one: Exclusive, there: Exclusive) =>
    object(page, one.said, one.place, {
      rule: 'contradiction',
      level: 'error',
      message: `All data is in ${theArea(quote(one.said, one.place))} here, and in ${theArea(quote(there.said, there.place))} by line ${there.said.line}. Say which data lies where.`,
    }) // prettier-ignore
  return [say(first, other), say(other, first)]
}

function elsewhereThan(
  page: Reading,
  exclusive: readonly Exclusive[],
  claimed: ReadonlySet<Said>,
): Finding[] {
  const uses = servicesOf(page)
  const hosting = uses.map(({ said }) => said)
  const stating = page.stating([...otherWords, ...transferWords])
  const others = [...new Set([...stating, ...hosting])]
    .toSorted((a, b) => a.order - b.order)
    .filter((said) => !claimed.has(said) && !chosen.test(said.text) && !isOfOthers(page, said))
    .flatMap((said) => {
      const found = outside(said, exclusive, uses)
      return found ? [{ said, ...found }] : []
    })
  if (others.length === 0) return []
  const claims = new Set(others.map(({ claim }) => claim))
  return [
    ...others.slice(0, 3).map(({ said, span, claim, words, limit }) =>
      object(page, said, span, {
        rule: 'contradiction',
        level: 'error',
        message: `Line ${claim.said.line} keeps everything in ${theArea(quote(claim.said, claim.place))}; "${words}" ${isNamed(words) ? 'lies elsewhere' : limit ? `may lie anywhere in ${theArea(quote(said, limit))}` : 'may lie elsewhere, and nothing here limits it'}.`,
        suggestion: suggest(said, span, claim, words, limit),
      }),
    ),
    ...[...claims].slice(0, 2).map(({ said, place }) =>
      object(page, said, spanOfClaim(said, place), {
        rule: 'contradiction',
        level: 'error',
        message: `${sayLines(others.map((one) => one.said), 'breaks', 'break')} this: "${others[0]!.words}" is not limited to ${theArea(quote(said, place))}.`,
      }),
    ),
  ] // prettier-ignore
}

function suggest(said: Said, span: Span, claim: Exclusive, words: string, limit?: Placed) {
  // There is no second region within one region.
  if (isNamed(words) || claim.areas.every(isOneRegion)) return null
  return limit
    ? `${words} within ${within(claim)}`
    : `${quote(said, span)} (only within ${within(claim)})`
}

/** The first claim of each area: what clashes with one clashes with its repetition. */
function firstOfEach(claims: readonly Exclusive[]): Exclusive[] {
  const first = new Map<string, Exclusive>()
  for (const claim of claims) {
    // What says `only` rules out more than what does not.
    const key = `${claim.place.area} ${claim.loose}`
    if (!first.has(key)) first.set(key, claim)
  }
  return [...first.values()]
}

/** What a provider has all over the world is no copy of the customers' data. */
function isOfOthers(page: Reading, said: Said): boolean {
  return isAboutProvider(page, said) && !/\b(?:our|your)\b/.test(said.text)
}

/** `Denmark and Sweden` hold a thing in either. */
function within({ said, place }: Exclusive): string {
  return theArea(quote(said, place).replace(/\s+and\s+/g, ' or '))
}

function isNamed(words: string): boolean {
  return placesIn(words).length > 0
}

function theArea(area: string): string {
  return /^(?:united|us$|eu$|uk$|eea$|european u|european e|netherlands)/i.test(area)
    ? `the ${area}`
    : area
}

function exclusiveIn(said: Said): Exclusive[] {
  if (chosen.test(said.text)) return []
  const places = placesIn(said.raw)
  const loose = places.find(({ from }) =>
    everything.test(said.text.slice(Math.max(0, from - 130), from)),
  )
  const place = !kept.test(said.text) ? undefined : places.find(({ from, to }) => {
    const before = said.text.slice(Math.max(0, from - 80), from)
    if (outsideOf.test(before)) return true
    if (staying.test(before) && !part.test(said.text) && !forNow.test(said.text)) return true
    return alone.test(before) ? inPlace.test(before) : inPlace.test(before) && aloneAfter.test(said.text.slice(to, to + 40))
  }) // prettier-ignore
  if (place) return [{ said, ...listAround(said, place, places), loose: false }]
  if (!loose || !subjects.test(said.text) || copy.test(said.text) || elsewhere.test(said.text))
    return []
  const other = places.some(
    ({ area }) => area !== loose.area && !isWithin(area, loose.area) && !isWithin(loose.area, area),
  )
  return other ? [] : [{ said, place: loose, areas: [loose.area], loose: true }]
}

/** The places named in one list with one of them: `in Denmark and Sweden only`. */
function listAround({ text }: Said, place: Placed, places: readonly Placed[]) {
  let [first, last] = [places.indexOf(place), places.indexOf(place)]
  // `Sydney, Australia` is one place.
  const joined = (a: Placed, b: Placed) =>
    listed.test(text.slice(a.to, b.from)) && !isWithin(a.area, b.area)
  while (first > 0 && joined(places[first - 1]!, places[first]!)) first--
  while (last < places.length - 1 && joined(places[last]!, places[last + 1]!)) last++
  const areas = places.slice(first, last + 1).map(({ area }) => area)
  return {
    place: { from: places[first]!.from, to: places[last]!.to, area: areas.join(' ') },
    areas,
  }
}
const listed = /^(?:,| and| or|, and|, or| &|\/) ?(?:in |within )?(?:the )?$/

function spanOfClaim(said: Said, place: Placed): Span {
  const before = said.text.slice(0, place.from)
  const found = alone.exec(before.slice(-80))
  return found
    ? { from: before.length - Math.min(80, before.length) + found.index, to: place.to }
    : place
}

/** What is not there, or is there no more. */
const left =
  /\b(?:delet|remov|eras|wip|clos|end|shut|terminat|stopp|retir|decommission|dissolv)(?:e?d|e)?\b[^.;:]{0,60}$/
const contrast = /^.*[,;:]|^.*\b(?:but|while|whereas)\b/

/** Whether the words before a place say that something is there. */
function isHome(said: Said, at: number): boolean {
  const before = said.text.slice(0, at)
  const clause = before.slice(-80).replace(contrast, '')
  if (served.test(before) || denies(clause)) return false
  if (left.test(before) && guardOf(said.raw) === 'past') return false
  return inPlace.test(before) || isHost.test(before.slice(-60))
}

/** `Our hosting provider is AWS us-east-1`: the region follows the name. */
const isHost = /\b(?:hosting|hosted|runs?|host)\b[^.;:]{0,40}$/

/** Data that is handed to a service which is said to be in a place; a company may sit where it likes. */
function hostIn({ text, raw }: Said, uses: readonly Use[]): Use | null {
  if (sits.test(text) || denies(text) || guardOf(raw) !== null) return null
  return uses.find(({ said, kind }) => said.raw === raw && holds.has(kind)) ?? null
}
const holds: ReadonlySet<ServiceKind> = new Set(['hosting', 'logs', 'errors', 'support', 'mail', 'analytics']) // prettier-ignore
const sits =
  /\b(?:headquarter\w*|incorporated|founded|based in|subsidiary|parent|company in|inc\b|office|engineers? in|certif\w*|invest\w*|owned)\b/
const noneOfCustomers =
  /\b(?:no|without|never any) (?:customer|personal|client|user|production)s?(?:'s?)? data\b/

const limits = /^ ?\(?(?:within|in|inside|of) (?:the )?$/

/** What in a sentence lies outside an exclusive area, or may. */
function outside(said: Said, exclusive: readonly Exclusive[], uses: readonly Use[]) {
  const sent = /\btransfer/.test(said.text) && !wordsOfHome.test(said.text)
  const host = hostIn(said, uses)
  const isMoved = !sent && (moved.test(said.text) || failsOver.test(said.text) || host !== null)
  const isSent = sent && transfers.test(said.text) && !unsure.test(said.text) && !noData.test(said.text) // prettier-ignore
  if (!(isMoved || isSent) || idle.test(said.text) || noneOfCustomers.test(said.text)) return null // prettier-ignore
  if (ownSite.test(said.text) && !subjects.test(said.text)) return null
  const places = placesIn(said.raw)
  for (const claim of exclusive) {
    // What is stored somewhere may be sent elsewhere: only a page that says `only` rules it out.
    if (claim.loose && isSent) continue
    // Errors and mails may go elsewhere while the data stays where it is.
    if (claim.loose && host !== null && host.kind !== 'hosting' && !moved.test(said.text)) continue
    // Copies elsewhere are no second home: only a page that says `only` rules them out.
    const isSecondHome = failsOver.test(said.text) && !noData.test(said.text)
    if (claim.loose && copy.test(said.text) && !isSecondHome) continue
    const { areas } = claim
    const far = places.find((place) => areas.every((area) => isApart(place.area, area)) && isHome(said, place.from))
    if (far) return { claim, span: far, words: quote(said, far), limit: undefined }
    // A sentence that names a place inside the area limits itself.
    if (places.some((place) => areas.some((area) => isWithin(place.area, area)))) continue
    const open = claim.loose && !isSecondHome ? [] : [...said.text.matchAll(elsewhere)].filter(({ index }) => !served.test(said.text.slice(0, index)))
    if (open.length > 0) {
      const last = open.at(-1)!
      const span = { from: open[0]!.index, to: last.index + last[0].length }
      // `another region within the EU` is limited, though to more than the claim.
      const limit = places.find((place) => place.from >= span.to && limits.test(said.text.slice(span.to, place.from)) && areas.every((area) => isWithin(area, place.area)))
      if (limit) return { claim, span: { from: span.from, to: limit.to }, words: quote(said, span), limit }
      return { claim, span: span.to - span.from < 90 ? span : { from: open[0]!.index, to: open[0]!.index + open[0]![0].length }, words: open[0]![0], limit: undefined }
    }
  } // prettier-ignore
  return null
}
