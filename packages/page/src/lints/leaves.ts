import type { Finding } from '../finding.ts'
import { object, quote, type Reading, type Said } from './reading.ts'
import { placesIn } from './places.ts'
import { firstUses, sayUses, servicesOf, type ServiceKind } from './services.ts'

const leaving =
  /\b(?:never|not|doesn't|don't|won't)\b[^.;:]{0,15}\bleaves? (?:the |of )?$|\b(?:remains?|stays?|kept)\b[^.;:]{0,30}\b(?:in|within|inside) (?:the )?$|\b(?:never|not)\b[^.;:]{0,30}\b(?:transferred|moved|stored|processed|sent)\b[^.;:]{0,20}\boutside (?:of )?(?:the )?$/
const stays = /\b(?:always|exclusively|only|at all times|never|not|entirely|doesn't|don't|won't)\b/
/** `All data remains in`: what holds for everything holds always. */
const allStays =
  /\b(?:all|every|everything)\b[^.;:]{0,50}\b(?:remains?|stays?)\b[^.;:]{0,30}\b(?:in|within|inside)\b/
const data = /\b(?:data|information|content|it|everything)\b/
const part =
  /\b(?:backups?|databases?|keys?|cards?|payment|in|at) (?:data )?(?:never|always|remains?|stays?)\b|\bdata at rest\b|\bbackups?\b/
/** Services to which data goes by the way: where they stand decides whether it ever leaves. */
const passing: ReadonlySet<ServiceKind> = new Set([
  'logs',
  'errors',
  'support',
  'chat',
  'mail',
  'analytics',
  'alerts',
])

/** "Never leaves" a place, while logs, errors, mails or questions go to services of which no place is said. */
export function leaves(page: Reading): Finding[] {
  const claims = page
    .stating(['leave', 'leaves', 'stays', 'stay', 'remains', 'remain', 'outside', 'kept'])
    .flatMap((said) => {
      const place = placesIn(said.raw).find(({ from }) =>
        leaving.test(said.text.slice(Math.max(0, from - 90), from)),
      )
      return place &&
        (stays.test(said.text) || allStays.test(said.text)) &&
        data.test(said.text) &&
        !part.test(said.text)
        ? [{ said, place }]
        : []
    })
  if (claims.length === 0) return []
  const uses = servicesOf(page).filter(({ kind }) => passing.has(kind))
  const placed = new Set(
    uses.filter(({ said }) => isPlaced(page, said)).map(({ service }) => service),
  )
  const open = firstUses(uses.filter(({ service }) => !placed.has(service)))
  if (open.length === 0) return []
  return claims.slice(0, 2).map(({ said, place }) => {
    const from = leaving.exec(said.text.slice(0, place.from))?.index ?? place.from
    const area = quote(said, place)
    return object(page, said, { from, to: place.to }, {
      rule: 'third-party',
      level: 'warning',
      message: `The page also names services to which logs, errors, alerts or questions go, and not where they keep them: ${sayUses(open)}. Check whether customer data is in there and say each one's region.`,
      suggestion: `is stored in ${area} only; logs, errors and support requests go to the services listed below, each with its region`,
    }) // prettier-ignore
  })
}

/** Whether the sentence, or the row of the table, says where the service keeps data. */
function isPlaced(page: Reading, said: Said): boolean {
  if (placesIn(said.raw).length > 0) return true
  if (said.block.kind !== 'cell') return false
  for (let order = said.order + 1; order < said.order + 6; order++) {
    const other = page.said[order]
    if (other?.block.kind !== 'cell') return false
    if (other.line === said.line && placesIn(other.raw).length > 0) return true
  }
  return false
}
