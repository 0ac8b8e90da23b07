import type { Finding } from './failure.ts'

/** A stretch of a text, in UTF-16 code units; `to` is exclusive. */
export interface Span {
  from: number
  to: number
}

/** A text that was given under a name. */
export interface Source {
  name: string
  text: string
}

/** Of one policy or schema: how deep its brackets nest, and how many operators may hang on each other. */
export interface Load {
  depth: number
  links: number
  joins: number
}

const tokens = /\/\/[^\n\r]*|"(?:[^"\\]|\\[\s\S])*"|[A-Za-z_]\w*|&&|\|\||\S/g

/** The statements of a text: each ends with a semicolon, and so does none of what is in a string or comment. */
export function splitStatements(text: string): Span[] {
  const spans: Span[] = []
  let from = -1
  let end = 0
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (token.startsWith('//')) continue
    if (from < 0) from = index
    end = index + token.length
    if (token !== ';') continue
    spans.push({ from, to: end })
    from = -1
  }
  if (from >= 0) spans.push({ from, to: end })
  return spans
}

/** What a reader that goes down into each level has to bear. */
export function weigh(text: string): Load {
  let level = 0
  const load: Load = { depth: 0, links: 0, joins: 0 }
  for (const [token] of text.matchAll(tokens)) {
    if (/^[([{<]$/.test(token)) load.depth = Math.max(load.depth, ++level)
    else if (/^[)\]}>]$/.test(token)) level--
    else if (/^(?:[.+*-]|if)$/.test(token)) load.links++
    else if (token === '&&' || token === '||') load.joins++
  }
  return load
}

/** Makes a finding of a span. */
export function findingAt(
  { name, text }: Source,
  { from, to }: Span,
  message: string,
  suggestion: string | null = null,
): Finding {
  const start = placeOf(text, from)
  const end = placeOf(text, Math.max(from, to))
  return {
    source: name,
    ...start,
    endLine: end.line,
    endColumn: end.column,
    message,
    suggestion,
  }
}

export function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at)
  const start = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: at - start + 1 }
}

/** From an offset in bytes of UTF-8 to one in UTF-16 code units. */
export function fromBytes(text: string, bytes: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, bytes)).length
}

/** Of a long line so much before and behind the place is shown. */
const shownAround = 60

/** A finding as compilers write it: place, message, the line and a caret under the place. */
export function writeFinding(finding: Finding, text: string): string {
  const { source, line, column, endLine, endColumn, message } = finding
  const whole = (text.split('\n')[line - 1] ?? '').replaceAll('\t', ' ').trimEnd()
  const from = Math.max(0, column - 1 - shownAround)
  const shown = whole.slice(from, column - 1 + shownAround)
  const last = Math.min(endLine > line ? Infinity : endColumn - 1, from + shown.length)
  const marks = ' '.repeat(column - 1 - from) + '^'.repeat(Math.max(1, last - column + 1))
  const number = String(line).padStart(5)
  return `${source}:${line}:${column}: error: ${message}\n${number} | ${shown}\n      | ${marks}`
}
