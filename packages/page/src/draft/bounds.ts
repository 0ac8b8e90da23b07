import { numberSource, type Frequency, type Length } from './quantities.ts'

/** What stands directly before a figure that nothing exceeds. */
const ceilingBefore =
  /\b(?:up to|upto|at (?:the )?(?:very )?most|(?:no|not) (?:more|longer|greater|higher|later) than|(?:not|never) exceed\w*|a? ?maximum(?: of)?|max\.?)\s+(?:(?:a|the|only|about) )?$/i
const ceilingBehind =
  /^[^.;,]{0,20}\b(?:at (?:the )?(?:very )?most|or (?:less|fewer|sooner)|maximum|max|tops)\b/i
const floorBefore =
  /\b(?:at (?:the )?(?:very )?least|(?:no|not) (?:less|fewer|shorter) than|a? ?minimum(?: of)?|min\.?|(?<!\b(?:no|not) )more than)\s+(?:(?:a|the) )?$/i
const floorBehind = /^[^.;,]{0,20}\b(?:at (?:the )?(?:very )?least|or more|minimum)\b/i
const lowerBefore = new RegExp(
  `(?:${numberSource}|once|twice)\\s*%?\\s*(?:-|–|—|to|or)\\s*$|\\bbetween\\s+${numberSource}\\s+and\\s*$`,
  'i',
)

/** Whether a figure says how much at most: `up to 90 days`, `two at most`. */
export function isCeiling(text: string, from: number, to: number): boolean {
  return ceilingBefore.test(text.slice(Math.max(0, from - 40), from)) || ceilingBehind.test(text.slice(to, to + 40))
} // prettier-ignore

/** Whether a figure says how much at least. */
export function isFloor(text: string, from: number, to: number): boolean {
  return floorBefore.test(text.slice(Math.max(0, from - 40), from)) || floorBehind.test(text.slice(to, to + 40))
} // prettier-ignore

/** Whether a figure is the greater one of two: `8 to 64 characters`, `once or twice a year`. */
export function endsRange(text: string, from: number): boolean {
  return lowerBefore.test(text.slice(Math.max(0, from - 40), from))
}

const seam =
  /(?:[,;(/]|\b(?:and|or|but))\s*(?:(?:and|or|but|even|only|just|within|in|after|up to|at most|at least|for)\s+)*$/i
const onlyThen =
  /^\s*(?:$|[.,;)]|(?:on|in|for|during|at|when|if|of|outside|otherwise|as|with|elsewhere)\b)/i

/**
 * Whether a figure stands in the place of one that was said before: `24 hours on weekdays and 48 hours on
 * weekends`. Which of them holds, no proof can tell.
 */
export function isAlternative(text: string, { from, to }: Length | Frequency): boolean {
  return seam.test(text.slice(Math.max(0, from - 40), from)) && onlyThen.test(text.slice(to, to + 20))
} // prettier-ignore
