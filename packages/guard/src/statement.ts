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
 * Whether a statement ends the transaction that it runs in, as COMMIT AND CHAIN does, after which a connection
 * looks as if nothing had been. Nothing but these words begins such a statement; ROLLBACK TO a savepoint is none.
 */
export function endsTransaction(text: string): boolean {
  const beginning = beginningOf(text)
  const within = /^rollback\s+(?:(?:work|transaction)\s+)?to\b/i.test(beginning)
  return !within && /^(?:commit|end|rollback|abort|prepare\s+transaction)\b/i.test(beginning)
}

/** Whether a statement could end, from within, a transaction that nothing but it makes: blocks and procedures. */
export function runsCommands(text: string): boolean {
  return /^(?:do|call)\b/i.test(beginningOf(text))
}
