import type { Finding } from '../finding.ts'
import type { Span } from '../place.ts'
import { object, quote, spanOf, type Reading } from './reading.ts'

const version = /\btls(?: ?v|[- ])?(?:ersion )?1\.2\b(?!\+)/
const open =
  /\b(?:newer|higher|later|above|greater|better|minimum|at least|upwards?|least|lower|below|older|earlier|1\.3)\b|1\.2 ?\+/
const strictly = /\b(?:always|at all times|only|exclusively|every time|solely|at any time)\b/

/** A demand for one version: `we require TLS 1.2`, `connections must use TLS 1.2`, `TLS 1.2 is required`. */
const demandBefore =
  /\b(?:(?:we|our \w+(?: \w+)?|servers?|endpoints?|apis?) (?:\w+ )?(?:require|requires|enforce|enforces|mandate|mandates)|must (?:always )?(?:be|use|run|go|happen|have|speak))\b[^.;,]{0,40}$/
const demandAfter =
  /^[^.;,]{0,20}\b(?:is|are) (?:always )?(?:required|mandatory|enforced|mandated)\b/
/** Beside older versions it is the least that is asked; as an ability it shuts out nothing. */
const least = /\b(?:1\.[01]|ssl ?v?[23]|sslv[23]|support\w*|able|capable)\b/

/** A version that, read to the letter, forbids the better one. */
export function tooLiteral(page: Reading): Finding[] {
  return page.stating(['tls', 'tlsv1', 'tls1']).flatMap((said) => {
    const match = version.exec(said.text)
    if (!match || open.test(said.text)) return []
    const span = spanOf(match)
    const around = said.text.slice(Math.max(0, span.from - 60), span.to + 40)
    const word = strictly.exec(around) ?? demandOf(said.text, span)
    if (!word) return []
    return object(page, said, span, {
      rule: 'too-literal',
      level: 'warning',
      message: `Read to the letter, "${word[0]}" forbids TLS 1.3. Surely 1.2 is meant as the least.`,
      suggestion: `${quote(said, span)} or newer`,
    })
  })
}

function demandOf(text: string, { from, to }: Span): string[] | null {
  if (least.test(text)) return null
  const before = demandBefore.exec(text.slice(Math.max(0, from - 100), from))
  if (before) return [/\w+/.exec(before[0].replace(/^.*?\b(?=requir|enforc|mandat|must)/, ''))![0]]
  const after = demandAfter.exec(text.slice(to, to + 60))
  return after ? [/required|mandatory|enforced|mandated/.exec(after[0])![0]] : null
}
