import type { Finding } from '../finding.ts'
import type { Span } from '../place.ts'
import { headingsOf, leadOf, object, quote, type Reading, type Said } from './reading.ts'
import { stretchesIn } from './words.ts'

const weakness =
  /\b(?:issues?|vulnerabilit(?:y|ies)|findings?|weakness(?:es)?|flaws?|defects?|security (?:bugs?|holes?)|cves?)\b/
const mended =
  /\b(?:fix(?:ed|es|ing)?|remediat\w*|patch\w*|resol\w*|clos(?:ed?|ing)|address\w*|mitigat\w*)\b/
const severities =
  /\b(?:critical|high|medium|moderate|low|severe|severity|minor|major|informational|p[0-4]|sev-?\d)\b/
const severity =
  /\b(critical|high|medium|moderate|low|minor|informational)\b(?!-availability| availability| priority|-code|-level)/g
const narrow =
  /\b(?:some|certain|most|selected|acknowledg\w*|triag\w*|disclos\w*|publish\w*|incidents?|zero[- ]days?|dependenc\w*)\b/
const relative =
  /(?:\b(?:before|by|in|with|until) |(?<=^(?:[^:]{0,30}(?:: | - ))?))(?:the |our )?next (?:\w+ ){0,2}(?:vapt|penetration test|pen ?test|test|release|audit|assessment|sprint|cycle|update|version)\b|\bbest[- ]effort\b|\b(?:when|where|as time|if) (?:possible|permits|feasible)\b|\bat our discretion\b/

interface Deadline {
  said: Said
  span: Span
  seconds: number
}

/** One deadline for all issues, and a severity that is given longer. */
export function fixDeadlines(page: Reading): Finding[] {
  const all: Deadline[] = []
  for (const said of page.stating(['fix', 'fixed', 'fixes', 'remediated', 'remediate', 'patched', 'patch', 'resolved', 'resolve', 'closed', 'addressed', 'address', 'mitigated'])) {
    if (!weakness.test(said.text) || severities.test(said.text) || narrow.test(said.text)) continue
    if (severities.test(leadOf(said)) || !mended.test(said.text)) continue
    const within = stretchesIn(said.text).find(({ from }) => /\b(?:within|in|under|than) (?:the next )?$/.test(said.text.slice(0, from)))
    if (within) all.push({ said, span: within, seconds: within.seconds })
  } // prettier-ignore
  if (all.length === 0) return []
  const shortest = all.reduce((one, other) => (other.seconds < one.seconds ? other : one))
  const longer = page
    .stating([
      'critical',
      'high',
      'medium',
      'moderate',
      'low',
      'minor',
      'informational',
      'within',
      'days',
      'weeks',
      'months',
      'next',
    ])
    .flatMap((said) => graded(said))
    .filter(({ seconds }) => seconds > shortest.seconds)
  const [worst] = longer.toSorted((one, other) => other.seconds - one.seconds)
  if (!worst) return []
  const worstWords = quote(worst.said, worst.span)
  return [
    ...all.filter(({ seconds }) => seconds < worst.seconds).slice(0, 3).map(({ said, span }) =>
      object(page, said, span, {
        rule: 'contradiction',
        level: 'error',
        message: `This holds for every issue, but line ${worst.said.line} gives some of them longer: "${worstWords}". One of the two is not true.`,
        suggestion: `${quote(said, span)}, those of low severity later, as listed`,
      }),
    ),
    object(page, worst.said, worst.span, {
      rule: 'contradiction',
      level: 'error',
      message: `Line ${shortest.said.line} promises to mend every issue within ${quote(shortest.said, shortest.span)}; this is longer${worst.seconds === Infinity ? ', and has no number at all' : ''}.`,
      suggestion: `within ${quote(shortest.said, shortest.span)}`,
    }),
  ] // prettier-ignore
}

/** The deadlines that a sentence, an item or a cell gives by severity; without a number they never end. */
function graded(said: Said): Deadline[] {
  const around = `${leadOf(said)} ${headingsOf(said)}`
  if (!mended.test(said.text) && !mended.test(around)) return []
  const grades = [...said.text.matchAll(severity)]
  const inRow = said.block.kind === 'cell' && severity.test(leadOf(said))
  severity.lastIndex = 0
  if (grades.length === 0 && !inRow) return []
  const ofWeakness = weakness.test(`${said.text} ${around}`) || /\bseverity\b/.test(around)
  if (!ofWeakness && !inRow) return []
  const stretches = stretchesIn(said.text).map((one): Deadline => ({
    said,
    span: one,
    seconds: one.seconds,
  }))
  const open = relative.exec(said.text)
  if (open)
    stretches.push({
      said,
      span: { from: open.index, to: open.index + open[0].length },
      seconds: Infinity,
    })
  return inRow ? stretches : stretches.filter(({ span }) => span.from > grades[0]!.index)
}
