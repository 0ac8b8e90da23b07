import type { Finding } from '../finding.ts'
import { mechanisms } from './mechanisms.ts'
import { object, quote, spanOf, type Reading, type Said } from './reading.ts'

/** Measures that are said to do what they cannot do. */
export function mechanism(page: Reading): Finding[] {
  return mechanisms.flatMap(({ words, pattern, unless, why, rewrite }) =>
    page.stating(...words).flatMap((said) => {
      const match = pattern.exec(said.text)
      if (!match || denies.test(upTo(said, match)) || unless?.test(said.text)) return []
      const span = spanOf(match)
      return object(page, said, span, {
        rule: 'mechanism',
        level: 'error',
        message: `${why}.`,
        suggestion: rewrite?.(quote(said, span)) ?? null,
      })
    }),
  )
}

/** A denial stands before what it denies, or in it. */
function upTo({ text }: Said, match: RegExpExecArray): string {
  return text.slice(Math.max(0, match.index - 60), match.index + match[0].length)
}

const denies = /\b(?:not|never|no|rather than|instead of|\w+n't)\b/
