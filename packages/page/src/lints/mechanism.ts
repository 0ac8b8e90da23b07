import type { Finding } from '../finding.ts'
import { mechanisms } from './mechanisms.ts'
import { object, quote, spanOf, type Reading } from './reading.ts'

/** Measures that are said to do what they cannot do. */
export function mechanism(page: Reading): Finding[] {
  return mechanisms.flatMap(({ words, pattern, unless, why, rewrite }) =>
    page.stating(words).flatMap((said) => {
      const match = pattern.exec(said.text)
      if (!match || denies.test(said.text) || unless?.test(said.text)) return []
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

const denies = /\b(?:not|never|no|rather than|instead of|\w+n't)\b/
