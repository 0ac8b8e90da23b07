import type { Span } from '../place.ts'
import { countries } from '../countries.ts'
import { areas, liesIn, regionCodes } from '../regions.ts'

/** An area that a sentence names: `us`, `europe`, `mumbai`, `ap-south-1`. */
export interface Placed extends Span {
  area: string
}

const aliases: Record<string, string> = {
  'u.s.': 'us',
  america: 'us',
  'new mexico': 'us',
  'new jersey': 'us',
  'northern ireland': 'uk',
  'european union': 'eu',
  'european economic area': 'eea',
  european: 'europe',
  german: 'germany',
  swiss: 'switzerland',
}

/** Shorter words than these are pronouns or parts of words unless they are written in capitals. */
const capitals = new Set(['us', 'uk', 'eu', 'eea', 'uae', 'usa'])

const named = new Map<string, string>([
  ...[...areas].map((area) => [area.replaceAll('-', ' '), area] as const),
  ...[...regionCodes].map((code) => [code, code] as const),
  ...countries.flatMap(({ area, names }) => names.map((name) => [name, area] as const)),
  ...Object.entries(aliases),
])

const names = [...named.keys()].sort((a, b) => b.length - a.length)
const pattern = new RegExp(
  `(?<![\\w-])(?:(?:us|eu|ap|ca|sa|af|me)-(?:north|south|east|west|central|northeast|southeast)(?:-\\d)?|${names
    .map((name) => name.replaceAll('.', '\\.'))
    .join('|')})(?![\\w-]*\\w)`,
  'gi',
)

/** Nearly no word begins a place, and the pattern of all places is a long one. */
const beginnings = new Set(
  [...names, 'us', 'eu', 'ap', 'ca', 'sa', 'af', 'me'].map((name) => wordsOf(name)[0]!),
)

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/[^a-z\d]+/)
}

/** The areas a text names. Places begin with a capital, region codes need none. */
export function placesIn(raw: string): Placed[] {
  if (!wordsOf(raw).some((word) => beginnings.has(word))) return []
  const places: Placed[] = []
  for (const match of raw.matchAll(pattern)) {
    const written = match[0]
    const key = written.toLowerCase()
    if (capitals.has(key) && written !== written.toUpperCase()) continue
    if (!/[A-Z\d-]/.test(written)) continue
    const span = { from: match.index, to: match.index + written.length }
    places.push({ ...span, area: named.get(key) ?? key })
  }
  return places
}

const members = new Map<string, ReadonlySet<string>>()

function codesIn(area: string): ReadonlySet<string> {
  let codes = members.get(area)
  if (!codes) {
    codes = new Set([...regionCodes].filter((code) => liesIn(code, area)))
    if (members.size < 1000) members.set(area, codes)
  }
  return codes
}

/** Whether all of one area lies in another. An area without known regions lies only in itself. */
export function isWithin(inner: string, outer: string): boolean {
  if (inner === outer) return true
  const [small, large] = [codesIn(inner), codesIn(outer)]
  return small.size > 0 && [...small].every((code) => large.has(code))
}

/** Whether an area is a single region of a provider, or has no more than one. */
export function isOneRegion(area: string): boolean {
  return codesIn(area).size === 1
}

/** Whether two areas surely have nothing in common. */
export function isApart(one: string, other: string): boolean {
  const [a, b] = [codesIn(one), codesIn(other)]
  return a.size > 0 && b.size > 0 && ![...a].some((code) => b.has(code))
}
