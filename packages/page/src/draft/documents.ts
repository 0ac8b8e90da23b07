import type { Analysis } from './analysis.ts'
import type { Named } from './certificates.ts'
import { namesIn, valuesOf } from './lists.ts'
import { unread, type Place, type Taken } from './place.ts'

/** The criteria a report covers often stand in the clause or sentence after the one that names it. */
export function scopes(clause: Analysis, place: Place): Taken | null {
  const own = namesIn(place.rest, 'scopes').map((hit) => hit.value)
  if (new Set(own).size > 1) return { value: [...new Set(own)] }
  // A cell that lists nothing else is the scope of its row.
  const cell = place.row.map((one) => valuesOf(namesIn(one, 'scopes')))
  const widest = cell.find((values) => values.length > 1)
  if (widest) return { value: widest }
  const after = place.next
    ? [...new Set(namesIn(place.next, 'scopes').map((hit) => hit.value))]
    : []
  return after.length >= 3 ? { value: after } : null
}

/** Bodies and laws that pages list among certificates; nobody holds one of them. */
const nobodys = new Set(['aicpa', 'sox', 'fisma', 'fisma-moderate'])

export function certificates(clause: Analysis, place: Place, ours: boolean): Taken | null {
  const labelled = place.labelKind === null ? [] : place.label!.certificates
  const named = clause.certificates.length > 0 ? clause.certificates : typed(labelled, clause.text)
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

/** `SOC 2? A Type II report.`: the answer says of which type. */
function typed(labelled: readonly Named[], text: string): readonly Named[] {
  const type = /\btype\s*(?:(II|2)|I|1)\b/i.exec(text)
  if (!type) return labelled
  return labelled.map((one) =>
    /^soc-[123]$/.test(one.name) ? { ...one, name: `${one.name}-type-${type[1] ? 2 : 1}` } : one,
  )
}

export function edition(clause: Analysis, place: Place): Taken | null {
  const labelled = place.labelKind === null ? [] : place.label!.certificates
  const named = clause.certificates.length > 0 ? clause.certificates : labelled
  const editions = named.flatMap((one) => (one.edition === null ? [] : [one.edition]))
  return new Set(editions).size === 1 ? { value: editions[0]! } : null
}

/** A day in the sentence from the clause on: the end of a certificate, or the ends of a period. */
export function date(clause: Analysis, place: Place, role: string): Taken | typeof unread | null {
  const { next } = place
  // `It covers the year from ... to ...` goes on with the report.
  const covers =
    next !== null && /^(?:it|this|the report|the \w+ report) (?:covers|spans)\b/i.test(next.text)
  const rest = place.rest.days.length === 0 && covers ? next : place.rest
  const { days } = rest
  const column = place.labelKind === 'own' && /\b(?:valid|expir|until)/i.test(place.label!.text)
  if (role === 'until' && column && clause.days.length === 1 && place.bare)
    return { value: clause.days[0]!.date }
  const before = (from: number) => rest.text.slice(Math.max(0, from - 30), from).toLowerCase()
  const period =
    days.length >= 2 &&
    /(?<!\b(?:valid|expires|good) )\b(?:to|until|through|-|–)\s*$/.test(before(days.at(-1)!.from))
  const ends = (from: number) =>
    /\b(?:expir\w*|valid (?:until|through|to|till)|until|expires? on|by)[\s:(]*(?:the )?$/.test(
      before(from),
    )
  // One end after several documents: nobody can tell whose it is.
  const named = new Set([...clause.certificates, ...rest.certificates].map(({ name }) => name))
  if (
    role === 'until' &&
    named.size > 1 &&
    /\bvalid|\bexpir|\buntil/i.test(`${rest.text} ${next?.text}`)
  )
    return unread
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
