import { guardOf, type Guard } from '../draft/guards.ts'
import type { Finding } from '../finding.ts'
import type { Span } from '../place.ts'
import { object, quote, spanOf, type Reading, type Said } from './reading.ts'
import { stretchesIn } from './words.ts'

const erase =
  /\b(?:delet(?:e|es|ed|ing|ion)|eras(?:e|es|ed|ing|ure)|purg(?:e|es|ed|ing)|destroy(?:ed|s|ing)?|wip(?:e|ed|es|ing)|destruction)\b|\b(?:remov(?:e|es|ing)|removal of) (?:(?:all|any|your|the|customers?'?|personal|of) ){0,3}(?:data|information|content|records)\b(?! from)|(?<!access to (?:\w+ )?)\b(?:data|information|content|records) (?:is|are|will be) (?:\w+ )?removed\b(?! from)/
/** Whoever says so of all systems means the backups, too, whatever stands beside. */
const everywhere =
  /\b(?:(?:from|in|on|across) (?:all|each of|every one of|every|any)(?: of)?(?: our| the)? (?:systems?|servers?|storage|places|locations)|everywhere|(?:all|every|any) (?:remaining )?cop(?:y|ies))\b/
const holdings = /\b(?:data|information|content|records)\b/
const whose = /\b(?:customers?|clients?|users?|your|their|personal|all|any|tenant|account|its)\b/
const other =
  /\b(?:logs?|cookies?|backups?|snapshots?|drives?|disks?|media|test data|laptops?|devices?|employees?|candidate)\b/
/** A deletion that is asked for, or that follows the end: whose data it is goes without saying. */
const owed =
  /\bdeletion\b[^.;]{0,60}\b(?:on|upon|after|of|following) (?:your |a |the )?(?:request|termination|cancellation|account|contract)/
/** `After a further 35 days`: what the page says of its backups, it says on top of the deletion. */
const onTop = /\b(?:further|another|additional)\b[^.;]{0,20}$|\bplus\b[^.;]{0,10}$/
const afterwards =
  /^[^.;]{0,20}\b(?:more(?! (?:often|than|frequent))|longer|later|after (?:that|deletion|it|which)|thereafter|afterwards)\b/
const backsUp =
  /\bback(?:s|ed|ing)?[- ]?ups?\b|\bsnapshots?\b(?! of (?:\w+ ){0,2}(?:dashboards?|lists?|pages?|metrics|reports?|charts?)\b)/
const makes =
  /\b(?:daily|hourly|every|nightly|weekly|continuous\w*|maintained|stored|taken|performed|made|kept|replicated|backed up|encrypted|automat\w*)\b/
const ends =
  /\b(?:kept|keep|retain\w*|retention|stored?|held|saved|preserved|available|hold|holds|expir\w*|delet\w*|eras\w*|purg\w*|overwrit\w*|rotat\w*|roll(?:s|ed)? off|age[sd]? out|destroy\w*|discard\w*|drop\w*|toss\w*|thrown|wiped|removed|rolling|window|last|history)\b/
const shredded =
  /\b(?:crypto(?:graphic)?(?:ally)?[- ]?(?:shred\w*|eras\w*)|(?:destroy|delet|eras|destruct|discard)\w*[^.;]{0,40}\b(?:encryption )?keys?\b|keys?\b[^.;]{0,30}\b(?:destroyed|deleted|discarded|shredded))\b/

/** Whoever tells of what was, what will be or what others do speaks of no backup that there is. */
const isNoneOfToday: ReadonlySet<Guard> = new Set<Guard>(['past', 'future', 'other'])

/** Deletion by a day, while backups that hold the same data have no end or a later one. */
export function deletion(page: Reading): Finding[] {
  const promises = page
    .stating(['delete', 'deletes', 'deleted', 'deletion', 'deleting', 'erase', 'erases', 'erased', 'erasing', 'erasure', 'purge', 'purges', 'purged', 'purging', 'destroy', 'destroys', 'destroyed', 'destroying', 'wipe', 'wipes', 'wiped', 'wiping', 'destruction', 'remove', 'removes', 'removed', 'removing', 'removal'])
    .flatMap((said) => promiseOf(said))
  const backups = page.stating(['backup', 'backups', 'backed', 'backs', 'back', 'snapshot', 'snapshots']).filter(({ text, raw }) => backsUp.test(text) && !isNoneOfToday.has(guardOf(raw)))
  const made = backups.filter(({ text }) => makes.test(text))
  if (promises.length === 0 || backups.length === 0) return []
  if (page.mentioning(['keys', 'key', 'crypto', 'cryptographic', 'cryptographically']).some(({ text }) => shredded.test(text))) return []
  const kept = backups.flatMap((said) => (ends.test(said.text) ? retentionOf(said) : []))
  // `And from backups 35 days later` is said on top of the deletion.
  const disclosed = backups.some((said) => stretchesIn(said.text).some((one) => isOnTop(said, one)))
  const longest = kept.toSorted((one, other) => other.seconds - one.seconds)[0]
  if (longest) return promises.filter(({ seconds, said }) => longest.seconds > seconds && !near(page, said)).slice(0, 2).flatMap((promise) => tooLong(page, promise, longest))
  if (disclosed || made.length === 0) return []
  const open = promises.filter(({ said }) => !near(page, said)).slice(0, 2)
  const [first] = open
  if (!first) return []
  const backup = made[0]!
  return [
    ...open.map(({ said, span }) =>
      object(page, said, span, {
        rule: 'contradiction',
        level: 'warning',
        message: `Line ${backup.line} keeps backups of the same data and nowhere says for how long: unless they end by then, or the customer's key is destroyed, this is not true.`,
        suggestion: `${quote(said, span)} (and from backups within 30 days more)`,
      }),
    ),
    object(page, backup, spanOf(backsUp.exec(backup.text)!), {
      rule: 'contradiction',
      level: 'warning',
      message: `Line ${first.said.line} deletes data ${quote(first.said, first.span)}; how long a backup is kept is not said. Add its end, or destroy the customer's key.`,
    }),
  ]
} // prettier-ignore

interface Promised {
  said: Said
  span: Span
  seconds: number
}

function promiseOf(said: Said): Promised[] {
  const act = erase.exec(said.text)
  if (!act || other.test(said.text)) return []
  if (!owed.test(said.text) && (!holdings.test(said.text) || !whose.test(said.text))) return []
  const distance = ({ from, to }: Span) => Math.min(Math.abs(from - act.index), Math.abs(act.index - to))
  const all = stretchesIn(said.text).filter(({ from }) => {
    const cue = /\b(?:within|in|after|than) (?:a (?:maximum|period) of )?$/.test(said.text.slice(0, from))
    return cue
  })
  // `Trials end after 30 days, and then data is deleted within 7`: the nearest is of the deletion.
  const within = all.toSorted((a, b) => distance(a) - distance(b))[0]
  if (!within || distance(within) >= 110) return []
  const cue = /\b(?:within|in|after|no later than|not later than|less than|than) (?:a (?:maximum|period) of )?$/.exec(said.text.slice(0, within.from))!
  return [{ said, span: { from: cue.index, to: within.to }, seconds: within.seconds }]
} // prettier-ignore

/** How long a backup is kept: a length that stands with a word for the end, not how often it is made. */
function retentionOf(said: Said): Promised[] {
  return stretchesIn(said.text)
    .filter((one) => !isOnTop(said, one))
    .filter(({ from }) => /\b(?:kept|retained|stored|for|within|after|than|to|of|last|past|previous|rolling|up to|a|is|:|the) $/.test(said.text.slice(0, from)) && !/\bevery $/.test(said.text.slice(0, from)) && !/\b(?:rpo|objective)\b/.test(said.text))
    .map((one) => ({ said, span: one, seconds: one.seconds }))
} // prettier-ignore

function isOnTop({ text }: Said, { from, to }: Span): boolean {
  return onTop.test(text.slice(0, from)) || afterwards.test(text.slice(to))
}

/** Whether the paragraph of the promise itself speaks of backups; who says all systems has to say it behind. */
function near(page: Reading, said: Said): boolean {
  const before = everywhere.test(said.text) ? undefined : page.said[said.order - 1]
  return [before, said, page.said[said.order + 1]].some(
    (one) => one?.block === said.block && backsUp.test(one.text),
  )
}

function tooLong(page: Reading, { said, span }: Promised, longest: Promised): Finding[] {
  return [
    object(page, said, span, {
      rule: 'contradiction',
      level: 'error',
      message: `Line ${longest.said.line} keeps backups longer ("${quote(longest.said, longest.span)}"), and the data is in them until then.`,
      suggestion: `${quote(said, span)} (and from backups ${quote(longest.said, longest.span)} after that)`,
    }),
    object(page, longest.said, longest.span, {
      rule: 'contradiction',
      level: 'error',
      message: `Line ${said.line} promises that data is gone ${quote(said, span)}; these backups hold it longer unless the customer's key is destroyed.`,
    }),
  ]
}
