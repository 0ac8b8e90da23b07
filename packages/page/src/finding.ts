import type { Lines, Span } from './place.ts'

/** What a finding does to the page: an error spoils it, a warning wants a decision, a note informs. */
export type Level = 'error' | 'warning' | 'note'

/** Rules about the language itself: how a page, a claim address, systems or evidence must be written. */
export const languageRules = [
  'unreadable',
  'front-matter',
  'address',
  'unknown-proof',
  'parameter',
  'duplicate-id',
  'empty-text',
  'not-a-link',
  'nested-link',
  'systems',
  'evidence',
] as const

/** Rules about the prose: what a careful reader objects to without any running system. */
export const proseRules = [
  'contradiction',
  'expired',
  'withdrawn',
  'third-party',
  'mechanism',
  'too-literal',
  'blank',
  'no-number',
  'range',
  'undefined-start',
  'provider-status',
  'not-a-certificate',
  'unbacked',
  'unprovable',
] as const

export type Rule = (typeof languageRules)[number] | (typeof proseRules)[number]

/** One objection, at one place, with what to write instead where that is known. */
export interface Finding {
  rule: Rule
  level: Level
  line: number
  column: number
  /** Exclusive end of the stretch the caret underlines. */
  endLine: number
  endColumn: number
  message: string
  suggestion: string | null
}

export function findingAt(
  lines: Lines,
  span: Span,
  what: Pick<Finding, 'rule' | 'level' | 'message'> & { suggestion?: string | null },
): Finding {
  const start = lines.place(span.from)
  const end = lines.place(Math.max(span.from, span.to))
  return {
    rule: what.rule,
    level: what.level,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    message: what.message,
    suggestion: what.suggestion ?? null,
  }
}

/** The first findings of a file in which next to nothing can be read, and how many more there are. */
export function atMost(findings: readonly Finding[], most = 100): Finding[] {
  const next = findings[most]
  if (!next) return [...findings]
  const message = `${next.message}; and ${findings.length - most - 1} more that are not listed`
  return [...findings.slice(0, most), { ...next, message }]
}

/** The nearest of the known words to a mistyped one, or null when none is close (edit distance). */
export function didYouMean(word: string, known: Iterable<string>): string | null {
  let best: string | null = null
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < least) [best, least] = [candidate, distance]
  }
  return best
}

/** Letters changed, left out, put in, or swapped with their neighbour, the commonest slip of all. */
function editDistance(a: string, b: string): number {
  if (a.length > 64 || b.length > 64) return Infinity
  let beyond: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + change)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwap) least = Math.min(least, beyond[j - 2]! + 1)
      row.push(least)
    }
    ;[beyond, above] = [above, row]
  }
  return above[b.length]!
}
