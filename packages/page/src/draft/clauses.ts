const boundary =
  /[;:](?=\s)|\s[–—]\s|\s-\s|,?\s(?:but|while|whereas|although|though|however)\s|,\s(?:and|so|which|who|where)\s|\sand\s(?=(?:we|our|you|your|they|it|the|all|every|each|is|are|will|no|access|have|has|perform|use|score|verify|keep|retain|delete|any|a certified|an?)\b)/gi

/** Where one clause of a sentence ends and the next begins; not inside brackets, nor in a list. */
export function boundariesOf(text: string): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  for (const match of text.matchAll(boundary)) {
    const before = text.slice(0, match.index)
    if (before.lastIndexOf('(') > before.lastIndexOf(')') && text.indexOf(')', match.index) >= 0)
      continue
    if (/^,\sand\s/i.test(match[0]) && isListItem(before)) continue
    if (/^\sand\s/i.test(match[0]) && /\bbetween\b[^,;]{0,40}$/i.test(before)) continue
    found.push({ from: match.index, to: match.index + match[0].length })
  }
  return found
}

/** `a, b, and c`: what stands before the comma is short and follows a comma itself. */
function isListItem(before: string): boolean {
  const last = /,([^,;:]*)$/.exec(before)
  return last !== null && last[1]!.trim().split(/\s+/).length <= 4
}

/** The clause that holds a stretch of a sentence; a stretch over several clauses makes them one. */
export function clauseAround(
  boundaries: readonly { from: number; to: number }[],
  length: number,
  from: number,
  to: number,
): { from: number; to: number } {
  let start = 0
  for (const one of boundaries) {
    if (one.to <= from) start = one.to
    else if (one.from >= to) return { from: start, to: one.from }
  }
  return { from: start, to: length }
}
