import type { Finding } from '../finding.ts'
import { headingsOf, leadOf, object, quote, type Reading, type Said } from './reading.ts'
import { numberOf, stretchesIn } from './words.ts'

const units = [
  'minute', 'minutes', 'min', 'hour', 'hours', 'hr', 'hrs', 'day', 'days', 'week', 'weeks', 'month',
  'months', 'h', 'd',
  ...Array.from({ length: 96 }, (_, i) => [`${i + 1}h`, `${i + 1}d`]).flat(),
] // prettier-ignore

const owed =
  /\b(?:fix\w*|remediat\w*|patch\w*|resol\w*|respon\w*|repl\w*|answer\w*|acknowledg\w*|notif\w*|inform\w*|restor\w*|recover\w*|delet\w*|eras\w*|export\w*|mitigat\w*|clos\w*|address\w*|sla|slas|deadlines?|timelines?|within|severity|critical|high|medium|low|rto|rpo)\b/
const experience = /\b(?:experience|minutes? read|takes about|intervals?|old)\b/
/** `Monday to Friday, 9h - 17h` are hours of the day. */
const opening = /\b(?:mondays?|mon|weekdays?|daily|opening hours|open)\b/

/** A deadline with two numbers, of which the page does not say which one is promised. */
export function range(page: Reading): Finding[] {
  return page.stating(units).flatMap((said) => {
    if (experience.test(said.text) || !isOwed(said)) return []
    return stretchesIn(said.text).flatMap((found) => {
      const { low, high } = found
      if (low === null || numberOf(low) >= numberOf(high)) return []
      if (found.unit === 'h' && opening.test(said.text)) return []
      const unit = { h: 'hour', d: 'day' }[found.unit] ?? found.unit
      return object(page, said, found, {
        rule: 'range',
        level: 'note',
        message: `"${quote(said, found)}" is two numbers, and nobody knows which one you promise. Kept takes ${high} ${unit}s as the promise and ${low} as the target.`,
        suggestion: `${high} ${unit}s at the latest (target: ${low} ${unit}${low === '1' || low === 'one' ? '' : 's'})`,
      })
    })
  })
}

function isOwed(said: Said): boolean {
  return owed.test(said.text) || owed.test(leadOf(said)) || owed.test(headingsOf(said))
}
