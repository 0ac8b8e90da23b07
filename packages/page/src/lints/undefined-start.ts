import type { Finding } from '../finding.ts'
import type { Span } from '../place.ts'
import { object, quote, sayLines, type Reading, type Said } from './reading.ts'
import { stretchesIn } from './words.ts'

const start =
  /^ ?(?:of|after|from|following|upon|once|when|we|on|our|us|the|its|their|any|it|being|having|is|are|have|has|been|such|first|initial|become|becoming|becomes|,| )*?\b(discover(?:y|ing|ed)|aware(?:ness)?|detect(?:ion|ing|ed)|identif(?:ication|ying|ied)|confirm(?:ation|ing|ed)|learn(?:ing|ed|t)?|determin(?:ation|ing|ed)|knowledge)\b( of(?! it\b)| (?=an? |any |such |the )|(?: of)? it\b)?/
const defined =
  /\b(?:discover(?:y|ed)|aware|detect(?:ion|ed)|confirmed|identified)\b[^.;]{0,20}\b(?:means|is defined|as defined|is when|when an? |as soon as)\b|\b(?:clock|time|period|hours)\b[^.;]{0,20}\b(?:starts|begins|runs from|is counted from|are counted from|counts? from|is measured from)\b|\bby (?:discovery|becoming aware|confirmed)\b[^.;]{0,20}\bwe mean\b|\b(?:is|are|counts?|treated|considered|regarded)\b[^.;]{0,20}\b(?:discovered|detected|confirmed|identified|aware)\b[^.;]{0,15}\b(?:when|once|as soon as|the moment)\b/
const startWords = [
  'incident', 'incidents', 'breach', 'breaches',
  'discovery', 'discovering', 'discovered', 'aware', 'awareness', 'detection', 'detecting', 'detected',
  'identification', 'identifying', 'identified', 'confirmation', 'confirming', 'confirmed', 'learning',
  'learned', 'determination', 'determining', 'determined', 'knowledge',
] // prettier-ignore
const potential =
  /\b(?:potential|suspected|possible)\b[^.;]{0,30}\b(?:incidents?|breach(?:es)?)\b|\b(?:incidents?|breach(?:es)?)\b[^.;]{0,20}\b(?:or|and) (?:potential|suspected|possible)\b/

/** Moments that the company itself sets, when it likes. */
const decided = /^(?:confirm|determin)/

/** An incident may be found long after it happened: nobody can tell of it within hours of the incident itself. */
const itself =
  /^ ?(?:of|after|from|following) (?:an?|any|each|every|the|such an?) (?:[a-z]+ ){0,2}?(?:incidents?|breach(?:es)?)\b(?! (?:is|are|was|were|has|being|gets|comes|becomes|response|report|reports|notification|discovery|detection|confirmation|identification|declaration))(?: occurring| taking place)?/
const known =
  /\b(?:confirm\w*|discover\w*|detect\w*|known|identified|declared|reported|verified|suspected|potential|possible|actual)\b/

/** Who is told of an incident; a weakness is discovered when it is reported. */
const telling =
  /\b(?:notif\w*|notices?|inform(?:s|ed)?|told|tell|hear|alert(?:ed|s)?|email(?:ed)?|disclos\w*|communicat\w*)\b/
/** Who has to tell the company makes no promise of the company's. */
const tellsUs =
  /\b(?:notify|notif(?:ies|ying)|inform(?:s|ing)?|tell(?:s|ing)?|alert(?:s|ing)?|e-?mail(?:s|ing)?|report(?:s|ing)?(?: it| them| this)? to) us\b/
const mending = /\b(?:vulnerabilit\w*|weakness\w*|fix\w*|patch\w*|remediat\w*)\b/

/** `48 hours of discovery`: of what, is not said. Whoever says of what says at which event they look. */
function isOfNothing(text: string, match: RegExpExecArray, at: number): boolean {
  if (!/^(?:discovery|detection|awareness|identification|knowledge)$/.test(match[1]!)) return false
  if (!telling.test(text) || mending.test(text)) return false
  if (match[2] || /\b(?:its|their|such)\b/.test(match[0])) return false
  return /^ ?(?:[.,;)]|$)/.test(text.slice(at + match[0].length))
}

/**
 * A deadline that counts from a moment which the page leaves open: one that the company sets itself,
 * discovery of nothing in particular, or discovery where suspicions count too, so that nobody knows which moment is meant.
 */
export function undefinedStart(page: Reading): Finding[] {
  const suspected = page
    .stating(['potential', 'suspected', 'possible'])
    .find(({ text }) => potential.test(text))
  const found = page.stating(startWords).flatMap((said) => {
    if (tellsUs.test(said.text)) return []
    for (const stretch of stretchesIn(said.text)) {
      const behind = said.text.slice(stretch.to, stretch.to + 80)
      const event = itself.exec(behind)
      if (event && telling.test(said.text) && !mending.test(said.text) && !known.test(event[0]))
        return openEvent(page, said, stretch.to, event[0])
      const match = start.exec(behind)
      if (!match) continue
      const isOpen = decided.test(match[1]!) || isOfNothing(said.text, match, stretch.to)
      if (!suspected && !isOpen) continue
      const span = { from: stretch.to, to: stretch.to + match[0].length }
      while (/[ ,]/.test(said.text[span.from]!)) span.from++
      while (said.text[span.to - 1] === ' ') span.to--
      const also = suspected
        ? ` ${sayLines([suspected], 'counts', 'count')} incidents that are only potential, too.`
        : ''
      return object(page, said, span, {
        rule: 'undefined-start',
        level: 'warning',
        message: `Nobody can tell when these ${quote(said, stretch)} begin: the page does not say what "${match[1]}" means.${also} Start the clock at an event that is recorded.`,
        suggestion:
          said.raw.slice(0, span.from) +
          `of the first alert or report that points to ${match[2] && !match[2].endsWith('it') ? '' : 'it'}`.trimEnd() +
          said.raw.slice(span.to),
      })
    }
    return []
  })
  return found.length > 0 && isDefined(page) ? [] : found
}

function openEvent(page: Reading, said: Said, at: number, words: string): Finding {
  const span = { from: at + /^ */.exec(words)![0].length, to: at + words.length }
  return object(page, said, span, {
    rule: 'undefined-start',
    level: 'warning',
    message:
      'An incident may come to light long after it happened, and then this time is over already. Start the clock at an event that is recorded.',
    suggestion:
      said.raw.slice(0, span.from) +
      // What the event is of follows its name: `of any breach of your account`.
      `of the first alert or report that points to ${/^ (?:of|in|to|at|affecting|involving|concerning|that|which)\b/.test(said.text.slice(span.to)) ? nameOf(said, span) : 'it'}` +
      said.raw.slice(span.to),
  })
}

/** `of any breach` without its preposition. */
function nameOf(said: Said, span: Span): string {
  return quote(said, span).replace(/^\w+ /, '')
}

function isDefined(page: Reading): boolean {
  const defining = [...startWords, 'clock', 'starts', 'counted', 'measured', 'begins']
  return page.stating(defining).some(({ text }) => defined.test(text))
}
