import type { Analysis } from './analysis.ts'
import { names, namesIn, valuesOf } from './lists.ts'
import type { NameTable } from './names.ts'
import type { Place, Reading, Taken } from './place.ts'

/** The one time that the cells behind it give for what a cell says. */
export function inRow({ labelKind, beside }: Place): Taken | null {
  if (labelKind !== 'own') return null
  const lengths = beside.flatMap((cell) => cell.lengths)
  const [only] = lengths
  return lengths.length === 1 && only!.role !== 'least'
    ? { value: { target: only!.target, promise: only!.promise } }
    : null
}

/** What the other cells of the row name. */
export function rowNames({ labelKind, row }: Place, table: NameTable): Taken | null {
  if (labelKind !== 'own') return null
  const value = [...new Set(row.flatMap((cell) => valuesOf(namesIn(cell, table))))]
  return value.length > 0 ? { value } : null
}

/** The channels a clause names, or the cells behind it. */
export function channels(clause: Analysis, place: Place): Reading {
  const own = names(clause, place, 'channels')
  if (own || place.labelKind !== 'own') return own
  const value = place.beside
    .map((cell) => valuesOf(namesIn(cell, 'channels')))
    .find((all) => all.length > 0)
  return value ? { value } : null
}
