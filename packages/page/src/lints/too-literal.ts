import type { Finding } from '../finding.ts'
import { object, quote, spanOf, type Reading } from './reading.ts'

const version = /\btls(?: ?v|[- ])?(?:ersion )?1\.2\b(?!\+)/
const open =
  /\b(?:newer|higher|later|above|greater|better|minimum|at least|upwards?|least|lower|below|older|earlier|1\.3)\b|1\.2 ?\+/
const strictly = /\b(?:always|at all times|only|exclusively|every time|solely|at any time)\b/

/** A version that, read to the letter, forbids the better one. */
export function tooLiteral(page: Reading): Finding[] {
  return page.stating(['tls', 'tlsv1', 'tls1']).flatMap((said) => {
    const match = version.exec(said.text)
    if (!match || open.test(said.text)) return []
    const span = spanOf(match)
    const around = said.text.slice(Math.max(0, span.from - 60), span.to + 40)
    const word = strictly.exec(around)
    if (!word) return []
    return object(page, said, span, {
      rule: 'too-literal',
      level: 'warning',
      message: `Read to the letter, "${word[0]}" forbids TLS 1.3. Surely 1.2 is meant as the least.`,
      suggestion: `${quote(said, span)} or newer`,
    })
  })
}
