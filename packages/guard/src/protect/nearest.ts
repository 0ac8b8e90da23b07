/** The one of these that differs least, where it differs little. */
export function nearest(given: string, known: readonly string[]): string | null {
  const measured = known.map((name) => ({ name, apart: distance(given, name) }))
  const [first] = measured.toSorted((one, other) => one.apart - other.apart)
  return first !== undefined && first.apart <= Math.min(3, Math.max(1, given.length / 3))
    ? first.name
    : null
}

/** How many letters must be put in, taken out or changed. */
function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (const [i, letter] of one.split('').entries()) {
    const row = [i + 1]
    for (const [k, mine] of other.split('').entries()) {
      row.push(Math.min(above[k + 1]! + 1, row[k]! + 1, above[k]! + (letter === mine ? 0 : 1)))
    }
    above = row
  }
  return above.at(-1)!
}
