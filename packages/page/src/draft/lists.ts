import { isVerb } from './clauses.ts'
import { liesIn, regionCodes } from '../regions.ts'
import type { Analysis } from './analysis.ts'
import { nameTables, type NameTable } from './names.ts'
import { strangersOf } from './members.ts'
import type { Hit } from './phrases.ts'
import { unread, type Place, type Reading, type Taken } from './place.ts'

/** Tables whose parameter is one word. */
const singular = new Set<NameTable>(['recipients'])

/** The names of a table that a clause lists, and the list it introduces. */
export function names(clause: Analysis, place: Place, table: NameTable): Reading {
  const own = withStrangers(clause, table, listed(clause, place, table, namesIn(clause, table)))
  const answered =
    place.labelKind === 'answered' && /^(?:yes|yep|yeah|sure|of course)\b/i.test(clause.text)
  if (own || (place.labelKind !== 'own' && !answered)) return own
  const values = valuesOf(namesIn(place.label!, table))
  if (values.length === 0) return null
  return withStrangers(place.label!, table, { value: singular.has(table) ? values[0]! : values })
}

/** A list of which one member cannot be told is not read: without it, the others would say another thing. */
function withStrangers(text: Analysis, table: NameTable, taken: Taken | null): Reading {
  if (taken === null || !Array.isArray(taken.value)) return taken
  const more: string[] = []
  for (const stranger of strangersOf(text, namesIn(text, table), table)) {
    const name = asWritten(stranger, table)
    if (name === null) return unread
    more.push(name)
  }
  return more.length === 0 ? taken : { ...taken, value: [...new Set([...taken.value, ...more])] }
}

/** Who or what a page names beside others that are known, as it calls them; null where that is not sure. */
function asWritten(stranger: string, table: NameTable): string | null {
  const member = wordings[table]?.exec(stranger.replace(/^(?:(?:the|our|its|their|an?)\s+)+/i, ''))
  return member ? slug(member[0]) : null
}

const wordings: Partial<Record<NameTable, RegExp>> = {
  roles: /^(?:head of [\w ]+|chief [\w ]+ officer|vp(?: of)? [\w ]+|[a-z][\w-]* (?:lead|architect|owner)|founders?|co-founders?)$/i,
  approvers: /^(?:head of [\w ]+|chief [\w ]+ officer|vp(?: of)? [\w ]+|[a-z][\w-]* (?:lead|architect|owner)|founders?|co-founders?)$/i,
  services: /^[A-Z][\w.-]*(?: [A-Z][\w.-]*)*$/,
  ssoNames: /^[A-Z][\w.-]*(?: [A-Z][\w.-]*)*$/,
  detectors: /^[A-Z][\w.-]*(?: [A-Z][\w.-]*)*$/,
} // prettier-ignore

const seams = /,\s*(?:and\s+|or\s+)?|\s+(?:and|or|&)\s+|\s+as well as\s+/gi
const kinds: Partial<Record<NameTable, { member: RegExp; drop: RegExp; alone?: RegExp }>> = {
  functions: {
    member: /^(?:our |the )?((?:[A-Z][\w&-]*)(?: (?:[A-Z][\w&-]*|of|for))*)(?: teams?\b)?/,
    drop: /^(?:The|Our|We|Once|Every|All) /,
  },
  policies: {
    member: /^(?:an? |the |our |and )?((?:[\w-]+ ){1,3}?)(?:polic(?:y|ies)|plan|procedure)\b/i,
    drop: /^(?:written|documented|formal|own|company|internal) /i,
    alone: /^[a-z][\w-]*(?: [a-z][\w-]*)?$/,
  },
}

/**
 * As `names`, with the members of the list that the table does not know, as the page calls them:
 * `Support, Legal and Guest Care`. A list of which one member cannot be told is not read.
 */
export function namesWhole(clause: Analysis, place: Place, table: NameTable): Reading {
  const hits = namesIn(clause, table)
  const taken = listed(clause, place, table, hits)
  const kind = kinds[table]
  if (!kind || taken?.from === undefined || !Array.isArray(taken.value))
    return names(clause, place, table)
  const strangers = strangersOf(clause, hits, table)
  const values: string[] = []
  let from = 0
  const { text } = clause
  for (const seam of [...text.matchAll(seams), null]) {
    const to = seam?.index ?? text.length
    const piece = text.slice(from, to)
    const own = hits.filter((hit) => {
      const at = clause.tokens[hit.start]!.from
      return from <= at && at < to
    })
    if (own.length > 0) values.push(...own.map((hit) => hit.value))
    else {
      const [, word] = kind.member.exec(piece) ?? []
      const name = word?.trim().replace(kind.drop, '')
      const inside = taken.from < to && from < taken.to!
      const often = clause.frequencies.some(
        (one) => from <= one.from && one.from < from + (word?.length ?? 0),
      )
      const stranger = strangers.find((one) => piece.includes(one))
      if (name && name.length > 1 && !often) values.push(slug(name))
      else if (stranger && kind.alone?.test(stranger)) values.push(slug(stranger))
      else if (inside || stranger) return unread
    }
    from = to + (seam?.[0].length ?? 0)
  }
  const all = [...new Set(values)]
  return all.length > 0 ? { ...taken, value: all } : taken
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}

/** As `names`, from the whole sentence. */
export function namesInAll(clause: Analysis, place: Place, table: NameTable): Reading {
  const own = namesIn(clause, table)
  const all = namesIn(place.sentence, table)
  if (strangersOf(place.sentence, all, table, true).length > 0) return unread
  return listed(
    clause,
    place,
    table,
    own,
    all.map((hit) => hit.value),
  )
}

/** A sentence that begins with `this` or `both` speaks of what the one before names. */
export function namesBefore(clause: Analysis, place: Place, table: NameTable): Reading {
  const own = names(clause, place, table)
  const carries =
    place.labelKind === null && place.earlier !== null && isVerb(clause.tokens[0]!.word)
  if (
    own ||
    !(
      carries ||
      /^(?:this|these|both|they|it|all of (?:them|these)|which|whose)\b/i.test(clause.text)
    )
  )
    return own
  for (const near of [place.earlier, place.previous]) {
    const values = near ? valuesOf(namesIn(near, table)) : []
    if (values.length) return { value: values }
  }
  return null
}

/** A description without a name goes on to name, or has named, what it describes. */
export function namesNear(clause: Analysis, place: Place, table: NameTable): Reading {
  const own = names(clause, place, table)
  if (own) return own
  for (const near of [place.sentence, place.next, place.previous]) {
    const values = near ? valuesOf(namesIn(near, table)) : []
    if (values.length) return { value: values }
  }
  return null
}

/** Names of areas, but for those that something is promised not to reach. */
export function regions(clause: Analysis, place: Place): Reading {
  if (isOfRegister(place)) return unread
  const hits = namesIn(clause, 'regionNames').filter((hit) => !isOutside(clause, hit))
  const taken = listed(clause, { ...place, continued: [] }, 'regionNames', hits)
  return withStrangers(clause, 'regionNames', taken)
}

/**
 * Whether a cell is of a register: `Slack | Internal chat | US` says where a supplier is. The label
 * begins with the title of the column.
 */
function isOfRegister({ label, labelKind, row, verbless }: Place): boolean {
  if (labelKind !== 'own' || row.length < 2 || !verbless) return false
  const named = label!.text
    .replace(
      /^\W*(?:[\w-]+ (?:of|for) )?(?:data )?(?:regions?|locations?|countr(?:y|ies)|where|places?)\b/i,
      '',
    )
    .replace(/\b(?:no|without) (?:[\w-]+ )?data\b/gi, '')
  return !ofHosting.test(named)
}

const ofHosting =
  /\b(?:host\w*|servers?|data|databases?|infrastructure|storage|backups?|production|residency|cloud|primary|regions?|compute|platform|application|systems?)\b/i

/** Names of areas that something is promised not to leave. */
export function bounds(clause: Analysis): Reading {
  const all = namesIn(clause, 'regionNames')
  const first = all.findIndex((hit) => isOutside(clause, hit))
  if (first < 0) return null
  return withStrangers(clause, 'regionNames', toTaken(clause, all.slice(first), 'regionNames'))
}

/** The area that `the country` or `the region` points back to. */
export function regionsBefore(clause: Analysis, { earlier }: Place): Taken | null {
  const before = earlier ? valuesOf(namesIn(earlier, 'regionNames')) : []
  const country = /\bcountry\b/i.test(clause.text)
  const value = country
    ? before.filter((area) => !before.some((other) => other !== area && isPartOf(area, other)))
    : narrowest(before)
  return value.length ? { value } : null
}

/** Behind `outside` or `leave`, with no more than a few words between. */
function isOutside(clause: Analysis, hit: Hit): boolean {
  const before = clause.tokens.slice(Math.max(0, hit.start - 6), hit.start)
  return before.some((token) => /^(?:outside|leaves?|leaving|left|exits?)$/.test(token.word))
}

function listed(
  clause: Analysis,
  place: Place,
  table: NameTable,
  hits: readonly Hit[],
  others: readonly string[] = [],
): Taken | null {
  const more = place.continued.flatMap((one) => namesIn(one, table).map((hit) => hit.value))
  return toTaken(clause, hits, table, [...others, ...more])
}

function toTaken(
  clause: Analysis,
  hits: readonly Hit[],
  table: NameTable,
  more: readonly string[] = [],
): Taken | null {
  const all = [...new Set([...hits.map((hit) => hit.value), ...more])]
  const values = table === 'regionNames' ? narrowest(all) : all
  if (values.length === 0) return null
  const value = singular.has(table) ? values[0]! : values
  const last = hits.at(-1)
  if (!last) return { value }
  const from = clause.tokens[hits[0]!.start]!.from
  return { value, from, to: clause.tokens[last.end - 1]!.to }
}

/** Of `ap-south-1 (Mumbai)` the exact one stands for both, and of `Falkenstein, Germany` the place. */
function narrowest(values: readonly string[]): string[] {
  return values.filter((area) => !values.some((other) => other !== area && isPartOf(other, area)))
}

function isPartOf(one: string, area: string): boolean {
  if (liesIn(one, area)) return true
  const codes = [...regionCodes].filter((code) => liesIn(code, one))
  return codes.length > 0 && codes.every((code) => liesIn(code, area))
}

export function valuesOf(hits: readonly Hit[]): string[] {
  return [...new Set(hits.map((hit) => hit.value))]
}

/** Where names overlap, the longer one is meant: `lead backend engineer`, not `backend engineer`. */
export function namesIn(text: Analysis, table: NameTable): Hit[] {
  const hits = text.of(`@${table}`)
  const known = Object.hasOwn.bind(null, nameTables[table])
  return hits.filter(
    (hit) =>
      known(hit.value) &&
      !isOwner(text, hit) &&
      !((table === 'roles' || table === 'functions') && isOfTitle(text, hit)) &&
      !(table === 'regionNames' && (isLaw(text, hit) || isOther(text, hit))) &&
      !hits.some(
        (other) =>
          other !== hit &&
          other.start <= hit.start &&
          hit.end <= other.end &&
          other.end - other.start > hit.end - hit.start,
      ),
  )
}

/** `UK GDPR` is a law, and no place. */
function isLaw(text: Analysis, hit: Hit): boolean {
  return /^(?:gdpr|act|law|laws|privacy|data|dpa|regulation|directive|principles)$/.test(
    text.tokens[hit.end]?.word ?? '',
  )
}

/** `New Mexico` and `Northern Ireland` are no countries. */
function isOther(text: Analysis, hit: Hit): boolean {
  const before = text.tokens[hit.start - 1]?.word
  return before === 'new' ? /^(?:mexico|jersey)$/.test(hit.value) : before === 'northern' && hit.value === 'ireland'
} // prettier-ignore

const titles = /^(?:vp|svp|evp|president|head|director|chief|lead|leads|manager|managers)$/

/** `VP of Engineering` and `engineering managers` are not all of engineering. */
function isOfTitle(text: Analysis, { start, end, value }: Hit): boolean {
  const word = (at: number) => text.tokens[at]?.word ?? ''
  const of = word(start - 1) === 'the' ? start - 2 : start - 1
  const behind = /^(?:of|for)$/.test(word(of)) ? of - 1 : of
  return titles.test(word(behind)) || (value === 'engineering' && titles.test(word(end)))
}

/** `Heroku (a Salesforce company)` names who owns it, not who is used. */
function isOwner(text: Analysis, hit: Hit): boolean {
  return (
    text.tokens[hit.end]?.word === 'company' && /^an?$/.test(text.tokens[hit.start - 1]?.word ?? '')
  )
}
