import {
  compile,
  formatOf,
  indexLines,
  type Finding,
  type Format,
  type Rule,
} from '../src/index.ts'
import { readHtml } from '../src/read/html.ts'

export const now = Date.parse('2026-11-20T12:00:00Z')

/** The format of a file, with the reader of HTML. */
export function formatFor(fileName: string): Format {
  const format = formatOf(fileName)
  return format === 'html' ? readHtml : format
}

/** What the prose rules object to on a page; the promises left unlinked are another matter. */
export function objections(page: string, format: Format = 'markdown'): Finding[] {
  const { findings } = compile(page, { format, now })
  return findings.filter(({ rule }) => rule !== 'unbacked' && rule !== 'unprovable')
}

/** The words that one rule underlines, each with its line. */
export function underlined(page: string, rule: Rule, format: Format = 'markdown'): string[] {
  const lines = indexLines(page)
  return objections(page, format)
    .filter((finding) => finding.rule === rule)
    .map(({ line, column, endLine, endColumn }) => {
      const words = page.slice(lines.start(line) + column - 1, lines.start(endLine) + endColumn - 1)
      return `${line}: ${words}`
    })
}
