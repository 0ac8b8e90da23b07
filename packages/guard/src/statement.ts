/** Where a statement begins, behind the spaces, semicolons and comments (nested ones too) that may precede it. */
function beginningOf(text: string): string {
  let at = 0
  for (let depth = 0; at < text.length;) {
    const two = text.slice(at, at + 2)
    if (two === '/*') depth++
    else if (two === '*/' && depth > 0) depth--
    else if (depth > 0 || /[\s;]/.test(two[0]!)) {
      at++
      continue
    } else if (two === '--') {
      const line = text.slice(at).search(/[\n\r]/)
      at = line < 0 ? text.length : at + line
      continue
    } else break
    at += 2
  }
  return text.slice(at, at + 80)
}

/**
 * Whether a statement ends the transaction that it runs in. It is one statement, whose first word PostgreSQL
 * takes for a keyword only where it is written like this.
 */
export function endsTransaction(text: string): boolean {
  const beginning = beginningOf(text)
  if (!/^(?:commit|end|rollback|abort|prepare\s+transaction)\b/i.test(beginning)) return false
  return !isRollbackTo(text)
}

/** ROLLBACK TO a savepoint, which answers as ROLLBACK does. */
export function isRollbackTo(text: string): boolean {
  return /^rollback\s+(?:(?:work|transaction)\s+)?to\b/i.test(beginningOf(text))
}
