import type { Analysis } from './analysis.ts'
import { names } from './lists.ts'
import { unread, type Place, type Reading, type Taken } from './place.ts'
import { numberOf, numberSource } from './quantities.ts'

const stores = /\b(?:buckets?|object stor\w+|blob stor\w+|file stor\w+|volumes?|s3|all files)\b/i

/** What is encrypted: a note such as `with AES-256` leaves it to the line above. */
export function storageKind(clause: Analysis, { verbless, heading, label }: Place): Taken | null {
  const own = kindIn(clause)
  if (own.length > 0 || !verbless || label !== null) return own.length > 0 ? { value: own } : null
  const above = heading === null ? [] : kindIn(heading)
  return above.length > 0 ? { value: above } : null
}

function kindIn(text: Analysis): string[] {
  const database = text.has(['database'])
  const store = stores.test(text.text)
  if (database && store) return ['database', 'store']
  if (database === store || /\b(?:disks?|drives?|media|carriers?)\b/i.test(text.text)) return []
  return [database ? 'database' : 'store']
}

const services =
  /\b(?:services|(?:each|every) service|applications|instances|web servers?|workloads?)\b/i

export function replicaKind(clause: Analysis, { label, earlier }: Place): Taken | null {
  const named = clause.has(['database']) || services.test(clause.text) ? clause : (label ?? earlier)
  const database = (named?.has(['database']) ?? false) || /\bread[ -]replicas?\b/i.test(clause.text)
  const service = services.test(named?.text ?? '')
  if (database === service) return null
  return { value: [database ? 'database' : 'service'] }
}

const places = new RegExp(
  `\\b(multiple|several|${numberSource})(?:\\s*\\(\\d{1,6}\\))?\\s+(?:\\w+\\s+){0,2}(?:regions|locations|sites|copies|countries|data cent\\w+|facilities)`,
  'i',
)

export function copies({ text }: Analysis): Taken | null {
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

/** Where all copies lie; the place of a second one says nothing of the first. */
export function copyRegions(clause: Analysis, place: Place): Reading {
  const all =
    /\b(?:both|two|three|multiple|several) (?:separate |different )?(?:[A-Z]\w+ )?(?:and|regions|locations|sites)|\b(?:within|inside|both|all in|only in|solely in|outside|leave[sd]?|stay|remain)\b/i
  // A copy that lies in one place leaves open where the others do.
  if (!all.test(clause.text)) return clause.of('@regionNames').length > 0 ? unread : null
  return areOfCopies(clause) ? names(clause, place, 'regionNames') : unread
}

/** `Data is stored in Paris, backups in Milan`: what stands before the copies is where something else lies. */
function areOfCopies(clause: Analysis): boolean {
  const regions = clause.of('@regionNames')
  const [backup] = clause.of('backup')
  return !backup || regions.every(({ start }) => start > backup.start) || regions.every(({ start }) => start < backup.start)
} // prettier-ignore

/** As many copies as places that are no part of one another: `in Dublin and in Frankfurt`. */
export function placesNamed(clause: Analysis, place: Place): Reading {
  const taken = names(clause, place, 'regionNames')
  if (taken === unread || !areOfCopies(clause)) return unread
  const all = Array.isArray(taken?.value) ? taken.value : []
  return all.length > 1 && /\band\b|,|&/.test(clause.text) ? { value: all.length } : null
}

const severalZones = new RegExp(
  `\\b(?!an?\\s)(multiple|several|different|other|separate|${numberSource}|multi)[\\s-]+(?:\\w+\\s+)?(?:availability\\s+zones?|AZs?\\b|zones?\\b)`,
  'i',
)

export function zones({ text }: Analysis): Taken | null {
  const match = severalZones.exec(text)
  if (!match) return /\bmulti[\s-]?az\b/i.test(text) ? { value: 2 } : null
  const value = /multi|several|different|other|separate/i.test(match[1]!) ? 2 : numberOf(match[1]!)
  return value > 1 ? { value, from: match.index, to: match.index + match[0].length } : null
}

export function contingency(clause: Analysis, { label }: Place): Taken | null {
  const text = `${label?.text ?? ''} ${clause.text}`
  const to = [
    /\bregions?\b/i.test(text) && 'region',
    /\b(?:another|different|other|second) (?:cloud )?(?:provider|cloud)\b/i.test(text) &&
      'provider',
  ]
  const value = to.filter((one): one is string => Boolean(one))
  return value.length ? { value } : null
}
