import { verdictMeanings, verdictNames, type VerdictName } from '@kept/page'
import { levelStyle, painter, verdictLook, type Paint } from '../look.ts'
import { clean, shorten, wrap } from '../typeset.ts'
import { adviseOn } from './advice.ts'
import { excerpt, type Stretch } from './excerpt.ts'
import { sayInstant, summarise, type Entry, type Located, type Report } from './report.ts'
import type { Source } from './source.ts'

/** How wide and how colourful a report is written. */
export interface Manner {
  width: number
  colour: boolean
}

interface Pen {
  width: number
  paint: Paint
}

const longestSentence = 400

/** Writes a report as a compiler does: worst verdict first, the prose findings, one line to sum up. */
export function* reportAsText(report: Report, { width, colour }: Manner): Generator<string> {
  const pen: Pen = { width, paint: painter(colour) }
  const groups = Map.groupBy(report.entries, ({ verdict }) => verdict)
  for (const verdict of verdictNames.toReversed()) {
    const entries = groups.get(verdict)
    if (entries) yield* writeGroup(report, verdict, entries, pen)
  }
  // What is unbacked or unprovable was just listed with the promises.
  const others = report.findings.filter(({ finding: { rule } }) => !isListed(rule))
  if (others.length > 0) yield `${pen.paint('bold', `Findings (${others.length})`)}\n\n`
  for (const located of others) yield `${writeFinding(located, pen).join('\n')}\n\n`
  yield `${sum({ ...report, findings: others }, width)}\n`
}

function isListed(rule: string): boolean {
  return rule === 'unbacked' || rule === 'unprovable'
}

function* writeGroup(
  report: Report,
  verdict: VerdictName,
  entries: readonly Entry[],
  pen: Pen,
): Generator<string> {
  const { shape, style } = verdictLook[verdict]
  const name = `${shape} ${verdict[0]!.toUpperCase()}${verdict.slice(1)}`
  const title = wrap(
    `(${entries.length}): ${verdictMeanings[verdict]}`,
    pen.width,
    `${name} `,
    '  ',
  )
  title[0] = pen.paint('bold', pen.paint(style, name)) + title[0]!.slice(name.length)
  yield `${title.join('\n')}\n\n`
  const isFine = verdict === 'kept' || verdict === 'attested'
  for (const entry of entries) {
    const lines = isFine ? writeFine(report, entry, pen) : writeEntry(report, entry, pen)
    yield `${lines.join('\n')}\n${isFine ? '' : '\n'}`
  }
  if (isFine) yield '\n'
}

/** What holds needs no excerpt: where, what, until when and by what. */
function writeFine(report: Report, entry: Entry, pen: Pen): string[] {
  return [
    ...writeSentence(report, entry, pen),
    ...wrap(sayEnd(entry) + entry.because, pen.width, '  '),
  ]
}

/** What is missed says its end where it says what to do. */
function sayEnd({ until, verdict }: Entry): string {
  return until === null || verdict === 'missed' ? '' : `until ${sayInstant(until)}: `
}

function writeEntry(report: Report, entry: Entry, pen: Pen): string[] {
  return [
    ...writeSentence(report, entry, pen),
    ...writeExcerpt(report.page, entry, pen),
    ...writeLabelled('because', sayEnd(entry) + entry.because + sayOtherParts(entry), pen),
    ...writeLabelled('fix', adviseOn(entry), pen),
  ]
}

function writeSentence(report: Report, entry: Entry, pen: Pen): string[] {
  const { style } = verdictLook[entry.verdict]
  const place = `${clean(report.page.name)}:${entry.line}:${entry.column}`
  return writeHead(
    place,
    entry.verdict,
    style,
    shorten(entry.text, longestSentence) || '(no text)',
    pen,
  )
}

/** `file:line:column: word: text`, the form that editors and log scanners recognise. */
function writeHead(place: string, word: string, style: Style, text: string, pen: Pen): string[] {
  const lead = `${place}: ${word}: `
  const lines = wrap(text, pen.width, lead, '    ')
  lines[0] = `${pen.paint('bold', place)}: ${pen.paint(style, word)}: ${lines[0]!.slice(lead.length)}`
  return lines
}

type Style = Parameters<Paint>[0]

function writeExcerpt(...[source, stretch, pen]: [Source, Stretch, Pen]) {
  const [line, marks] = excerpt(source, stretch, pen.width)
  const bar = marks.indexOf('|') + 1
  return [line, marks.slice(0, bar) + pen.paint('red', marks.slice(bar))]
}

function writeLabelled(label: string, text: string | null, pen: Pen): string[] {
  if (!text) return []
  const lead = `  ${label}: `
  const lines = wrap(text, pen.width, lead, '    ')
  lines[0] = pen.paint('dim', lead) + lines[0]!.slice(lead.length)
  return lines
}

/** `; 3 other parts: 2 kept, 1 due`, when a claim needs more than what decided it. */
function sayOtherParts({ parts, verdict }: Entry): string {
  const others = Map.groupBy(
    parts.filter((part) => part.verdict !== verdict),
    (part) => part.verdict,
  )
  if (others.size === 0) return ''
  const said = verdictNames.filter((name) => others.has(name))
  return `; the rest: ${said.map((name) => `${others.get(name)!.length} ${name}`).join(', ')}`
}

/** A finding of whatever rule, and the file it is in. */
export interface Shown {
  source: Source
  finding: Omit<Located['finding'], 'rule'> & { rule: string }
}

/** One finding, as a report has it. */
export function findingAsText(shown: Shown, { width, colour }: Manner): string[] {
  return writeFinding(shown, { width, paint: painter(colour) })
}

function writeFinding({ source, finding }: Shown, pen: Pen): string[] {
  const place = `${clean(source.name)}:${finding.line}:${finding.column}`
  const word = `${finding.level} [${finding.rule}]`
  return [
    ...writeHead(place, word, levelStyle[finding.level], finding.message, pen),
    ...writeExcerpt(source, finding, pen),
    ...writeLabelled('fix', finding.suggestion, pen),
  ]
}

/** The last line: how many promises of each verdict, how many findings of each level. */
function sum(report: Report, width: number): string {
  const summary = summarise(report)
  const verdicts = verdictNames.toReversed().filter((name) => summary[name] > 0)
  const counts = verdicts.map((name) => `${summary[name]} ${name}`)
  const levels = (['error', 'warning', 'note'] as const)
    .filter((level) => summary[level] > 0)
    .map((level) => `${summary[level]} ${level}${summary[level] === 1 ? '' : 's'}`)
  const found = levels.join(', ') || 'no findings'
  const whole = `${counts.join(', ') || 'no promises'}; ${found}`
  if (whole.length <= width || counts.length < 4) return whole
  // On a narrow terminal the middle is counted together: it was listed above.
  const middle = verdicts.slice(2, -1).reduce((total, name) => total + summary[name], 0)
  return `${[...counts.slice(0, 2), `${middle} others`, counts.at(-1)].join(', ')}; ${found}`
}
