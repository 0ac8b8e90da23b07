import { isMap, isScalar, parseDocument, visit } from 'yaml'
import { isTimeZone } from './duration.ts'
import { didYouMean, findingAt, type Finding, type Level } from './finding.ts'
import type { Lines, Span } from './place.ts'

export interface FrontMatter {
  company: string | null
  contact: string | null
  timeZone: string
  /** Where the prose begins. */
  end: number
}

const keys = ['company', 'contact', 'timezone'] as const
const fence = /^---[ \t]*(?:\r\n|\r|\n)/
const most = 65_536

/** Reads the YAML between two `---` lines at the very top; a page may do without. */
export function readFrontMatter(source: string, lines: Lines, findings: Finding[]): FrontMatter {
  const matter: FrontMatter = { company: null, contact: null, timeZone: 'UTC', end: 0 }
  const open = fence.exec(source)
  if (!open) return matter
  const from = open[0].length
  const close = /(?:^|\r\n|\r|\n)---[ \t]*(?=\r|\n|$)/.exec(source.slice(from, from + most))
  const object: Objection = (span, message, { level = 'error', suggestion = null } = {}) =>
    findings.push(findingAt(lines, span, { rule: 'front-matter', level, message, suggestion }))
  if (!close) {
    if (/^\s*[\w-]+:/.test(source.slice(from, from + 200))) {
      object({ from: 0, to: 3 }, 'front matter begins here and no line --- ends it')
    }
    return matter
  }
  matter.end = from + close.index + close[0].length
  readYaml(source.slice(from, from + close.index), from, matter, object)
  return matter
}

type Objection = (
  span: Span,
  message: string,
  how?: { level?: Level; suggestion?: string | null },
) => void

function readYaml(yaml: string, from: number, matter: FrontMatter, object: Objection): void {
  const document = parseDocument(yaml, { prettyErrors: false })
  const [error] = document.errors
  if (error) {
    const span = { from: from + error.pos[0], to: from + error.pos[1] }
    return object(span, `front matter is not YAML: ${error.message.split('\n')[0]}`)
  }
  visit(document, {
    Alias(_, alias) {
      const message = 'front matter is read without aliases: write the value here'
      object(rangeOf(alias, from), message, { level: 'warning' })
      return visit.BREAK
    },
  })
  if (document.contents === null) return undefined
  if (!isMap(document.contents)) {
    return object(
      { from, to: from + yaml.length },
      `front matter must be a map of: ${keys.join(', ')}`,
    )
  }
  for (const { key, value } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : ''
    const span = rangeOf(key, from)
    if (!keys.some((known) => known === name)) {
      // Other tools keep their own keys here: title, layout, permalink. One that is nearly ours was
      // meant for us, and a page read without its time zone would be judged by another's midnight.
      const suggestion = didYouMean(name, keys)
      const message = `Kept reads no "${name}" in front matter; it reads ${keys.join(', ')}`
      if (suggestion !== null) object(span, message, { suggestion })
    } else if (!isScalar(value) || typeof value.value !== 'string' || value.value.trim() === '') {
      object(span, `"${name}" must be a text`)
    } else if (name === 'timezone') {
      if (isTimeZone(value.value)) matter.timeZone = value.value
      else
        object(
          rangeOf(value, from),
          `"${value.value}" is not a time zone; write one as Europe/Berlin`,
        )
    } else matter[name as 'company' | 'contact'] = value.value.trim()
  }
  return undefined
}

function rangeOf(node: unknown, from: number): Span {
  const range = (node as { range?: [number, number, number] } | null)?.range
  return range ? { from: from + range[0], to: from + range[1] } : { from, to: from }
}
