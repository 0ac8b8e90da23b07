import type { Obligation } from '../page.ts'
import type { Clause } from './clauses.ts'
import type { Match } from './match.ts'

/** A match and the clause it stands in; `until` where it goes on into a later clause. */
export interface Said {
  clause: Clause
  match: Match
  until?: Clause
}

interface Group {
  from: number
  to: number
  clause: { from: number; to: number }
  obligations: Obligation[]
}

/** Turns matches into stretches that do not overlap: parted at a connector, or joined in one claim. */
export function spread(text: string, offset: number, said: readonly Said[]): Stretch[] {
  const groups: Group[] = []
  for (const { clause, match, until } of said) {
    const from = clause.from + match.from
    const to = until ? until.to : clause.from + match.to
    const end = until ? until.to : clause.to
    const last = groups.at(-1)
    if (last && last.clause.to > clause.from && !connector(text, last.to, from)) {
      last.to = Math.max(last.to, to)
      last.clause.to = Math.max(last.clause.to, end)
      add(last, match.obligation)
    } else
      groups.push({
        from,
        to,
        clause: { from: clause.from, to: end },
        obligations: [match.obligation],
      })
  }
  const stretches = groups.map((group, i) => {
    const [before, after] = [groups[i - 1], groups[i + 1]]
    const from =
      before && before.to > group.clause.from
        ? before.to
        : before && group.clause.from < before.clause.to
          ? (connector(text, before.to, group.from)?.to ?? before.to)
          : group.clause.from
    const to =
      after && after.clause.from < group.clause.to
        ? (connector(text, group.to, after.from)?.from ?? group.to)
        : group.clause.to
    const span = trim(text, Math.min(from, group.from), Math.max(to, group.to))
    return { from: offset + span.from, to: offset + span.to, obligations: group.obligations }
  })
  return merged(stretches)
}

interface Stretch {
  from: number
  to: number
  obligations: Obligation[]
}

/** Claims do not overlap: what two of them would share is one claim of both. */
function merged(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = []
  for (const one of stretches) {
    const last = result.at(-1)
    if (!last || one.from >= last.to) {
      result.push(one)
      continue
    }
    last.to = Math.max(last.to, one.to)
    for (const obligation of one.obligations) add(last, obligation)
  }
  return result
}

/** Adds an obligation; one proof stands once in a claim. */
function add(group: Pick<Group, 'obligations'>, obligation: Obligation): void {
  const known = group.obligations.findIndex(({ proof }) => proof.id === obligation.proof.id)
  if (known < 0) group.obligations.push(obligation)
}

const connectors = /[;:,]\s+(?:and\s+|but\s+|or\s+)?|\s(?:and|but|while|or|as well as|with)\s/gi

/** Where one promise ends and the next begins, between two stretches. */
function connector(text: string, from: number, to: number): { from: number; to: number } | null {
  let found: { from: number; to: number } | null = null
  if (to <= from) return null
  for (const match of text.slice(from, to).matchAll(connectors)) {
    found = { from: from + match.index, to: from + match.index + match[0].length }
  }
  return found
}

function trim(text: string, from: number, to: number): { from: number; to: number } {
  const lead = /^(?:[\s,;:.–—-]|(?:and|but|so|also|while|whereas|then|or)\s)+/i.exec(
    text.slice(from, to),
  )
  let end = to
  while (end > from && /[\s,;:.!?–—]/.test(text[end - 1]!)) end--
  // `... and, yes, we`: what leads to the next promise is no part of this one.
  const tail = /,? (?:and|but),? (?:yes|no|of course|indeed)$/i.exec(
    text.slice(Math.max(from, end - 20), end),
  )
  if (tail) end -= tail[0].length
  return { from: from + (lead?.[0].length ?? 0), to: end }
}
