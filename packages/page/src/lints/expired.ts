import type { Finding } from '../finding.ts'
import { datesIn, sayDay, yearBefore, type Dated } from './dates.ts'
import { headingsOf, leadOf, object, type Reading, type Said } from './reading.ts'

const years = Array.from({ length: 60 }, (_, i) => String(1995 + i))

const small = String.raw`(?:\W+(?:on|date|is|the|in|of|until|till|at|by|end|ends|period)){0,4}\W*$`
const validity = new RegExp(
  String.raw`\b(?:expiry|expires?|(?:ran|runs?) out|lapse[sd]?|expiring|expiration|valid (?:until|till|through|thru|to)|in force until|renewal (?:due|by)|validity)${small}`,
)
const validFrom = new RegExp(
  String.raw`\bvalid(?:ity)?(?: period| from| between| for| of)*(?:\W+the)?\W*$`,
)
const joiner = /^\W{0,3}(?:(?:to|until|till|through|thru|and|up to)\W{1,3})?$/
const succeeded =
  /\b(?:renewed|replaced|superseded|previous|previously|former|formerly|earlier|no longer|expired|then)\b/
const audited =
  /\b(?:audit(?:s|ed|ors?)?|examined|reports?|attestation|soc ?[123]?|examination|assessments?|observation|isae|ssae|penetration test|pentest|vapt)\b/
const ran = /\b(?:since|until|contracts?|founded|between customers)\b/
const latest = new RegExp(
  String.raw`\b(?:last|latest|most recent|current)\b[^.;]{0,40}\b(?:audit|report|attestation|assessment|penetration test|pen test|pentest|vapt|test|exercise|drill)\b[^.;]{0,50}$`,
)
const dated = /\b(?:report|attestation|letter)\b[^.;]{0,20}\bdated\W*$/
const ending =
  /\b(?:period|year|window|quarter|months)\b[^.;]{0,15}\b(?:ending|ended)(?:\W+on)?\W*$/
const reportOf = /\b(?:report|attestation|letter)\b[^.;]{0,20}\b(?:of|from)\W*$/
const examined =
  /\b(?:audit\w*|soc ?[123]?|iso|isae|ssae|hitrust|penetration|pentest|pen test|vapt)\b/
/** `By the end of 2024 we will ...`: the day stands first. */
const by = /\bby (?:the )?(?:(?:end|middle|start|beginning|close) of |early |late |mid-? ?)?$/
const thenAhead =
  /^,? ?[^.;,]{0,40}\b(?:will|plan|plans|aim|aims|expect|expects|intend|intends|hope|hopes)\b/
const ahead =
  /\b(?:will|next|scheduled|planned|plan to|plans to|planning|expect(?:ed|s)?|upcoming|forthcoming|due(?! to)|aim to|aiming|targeting|targeted|intend to|working towards?|on track|in progress)\b/
const history =
  /\b(?:was|were|completed|achieved|had|did|passed|obtained|received)\b[^.;]{0,60}$|\bsince\b/
const whenAhead =
  /(?:\b(?:in|by|on|during|for|until|from|around|of|early|late|mid|summer|spring|autumn|fall|winter|is|at|to)|:|-)\W{0,3}(?:the )?$/
const whenYear =
  /\b(?:in|by|during|until|end of|early|late|mid|summer|spring|autumn|fall|winter|quarter of|half of|course of)\W{1,2}$/

/** Dates by which something was to end, to come or to be renewed, and that have passed. */
export function expired(page: Reading): Finding[] {
  const dating = page.mentioning(years).map((said) => ({ said, dates: datesIn(said.text) }))
  const oldest = yearBefore(page.today)
  const fresh = new Set<string>()
  for (const { said, dates } of dating) {
    if (dates.some(({ last }) => last >= oldest)) fresh.add(familyOf(said))
  }
  return dating.flatMap(({ said, dates }) => {
    if (said.raw.endsWith('?') || dates.length === 0) return []
    const finding =
      pastValidity(page, said, dates) ??
      pastPlan(page, said, dates) ??
      (fresh.has(familyOf(said)) ? null : pastAudit(page, said, dates, oldest))
    return finding ? [finding] : []
  })
}

function before(said: Said, { from }: Dated, length = 60): string {
  return said.text.slice(Math.max(0, from - length), from)
}

function pastValidity(page: Reading, said: Said, dates: Dated[]): Finding | null {
  if (succeeded.test(said.text) || dates.some(({ last }) => last >= page.today)) return null
  const index = dates.findIndex((date, i) => !date.yearOnly && isValidity(said, dates, i))
  const date = dates[index]
  if (!date) return null
  const cue = validity.exec(before(said, date))
  const from = cue ? date.from - cue[0].length : date.from
  return object(page, said, { from, to: date.to }, {
    rule: 'expired',
    level: 'error',
    message: `This ended on ${sayDay(date.last)}, and the page still shows it. Name the document that is valid today, with its end, or take the sentence away.`,
  }) // prettier-ignore
}

function isValidity(said: Said, dates: Dated[], i: number): boolean {
  const date = dates[i]!
  if (validity.test(before(said, date))) return true
  const previous = dates[i - 1]
  if (previous && joins(said, previous, date)) return validFrom.test(before(said, previous))
  const column = said.block.kind === 'cell' && said.raw.length - (date.to - date.from) < 4
  return column && /^(?:expir|valid (?:until|till|to|through)|validity|renewal)/.test(leadOf(said))
}

function joins(said: Said, one: Dated, other: Dated): boolean {
  return joiner.test(said.text.slice(one.to, other.from))
}

function pastPlan(page: Reading, said: Said, dates: Dated[]): Finding | null {
  if (said.block.kind === 'heading') return null
  const first = dates.find(
    (one) =>
      one.last < page.today &&
      by.test(before(said, one, 40)) &&
      thenAhead.test(said.text.slice(one.to, one.to + 80)),
  )
  if (first)
    return announced(page, said, first.from, Math.max(first.to, first.from + 1), first, dates)
  const cue = ahead.exec(said.text)
  if (!cue) return null
  const date = dates.find(
    (one) =>
      one.last < page.today &&
      one.from > cue.index &&
      one.from - cue.index < 140 &&
      (one.yearOnly ? whenYear : whenAhead).test(before(said, one, 20)) &&
      !history.test(said.text.slice(0, one.from)),
  )
  return date ? announced(page, said, cue.index, date.to, date, dates) : null
}

function announced(
  page: Reading,
  said: Said,
  from: number,
  to: number,
  date: Dated,
  dates: readonly Dated[],
): Finding | null {
  if (dates.some(({ last }) => last >= page.today)) return null
  return object(page, said, { from, to }, {
    rule: 'expired',
    level: 'error',
    message: `The page announces this for a time that was over on ${sayDay(date.last)}, and says nothing of the outcome. Say what came of it and when the next is due.`,
  }) // prettier-ignore
}

function pastAudit(page: Reading, said: Said, dates: Dated[], oldest: string): Finding | null {
  if (succeeded.test(said.text) || ran.test(said.text)) return null
  if (dates.some(({ last }) => last >= oldest)) return null
  const second = dates.findIndex((date, i) => i > 0 && !date.yearOnly && joins(said, dates[i - 1]!, date)) // prettier-ignore
  if (second > 0 && audited.test(`${said.text} ${headingsOf(said)}`)) {
    return stale(page, said, dates[second - 1]!.from, dates[second]!, 'The audited period ended')
  }
  const single = dates.find((date) => {
    const words = before(said, date, 120)
    if (ending.test(words) && audited.test(said.text)) return true
    if (!date.yearOnly && reportOf.test(words) && examined.test(said.text)) return true
    return dated.test(words) || (latest.test(words) && (!date.yearOnly || whenYear.test(words)))
  })
  return single ? stale(page, said, single.from, single, 'This is of') : null
}

function stale(page: Reading, said: Said, from: number, date: Dated, what: string): Finding {
  const when = date.yearOnly ? date.last.slice(0, 4) : sayDay(date.last)
  return object(page, said, { from, to: date.to }, {
    rule: 'expired',
    level: 'error',
    message: `${what} ${date.yearOnly ? '' : 'on '}${when}, more than a year ago, and nothing on the page covers the time since. Name the next report, or a bridge letter.`.replace('of on', 'of'),
  }) // prettier-ignore
}

/** What a report is of: a newer one of the same family continues it. */
function familyOf({ text }: Said): string {
  const name =
    /\b(soc|iso|pci|pentest|penetration|vapt|hipaa|isae|hitrust)\b ?(?:\/?iec )?(\d{1,5})?/
  const match = name.exec(text.slice(0, 400).replace(/\b(soc|iso)(\d)/g, '$1 $2'))
  return match ? `${match[1]} ${match[2] ?? ''}`.replace(/pentest|vapt/, 'penetration') : 'other'
}
