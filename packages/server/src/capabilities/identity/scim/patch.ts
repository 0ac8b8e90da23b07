import { z } from 'zod'
import type { Filter } from 'scim2-parse-filter'
import { read, spell } from './filter.ts'
import { pick, refuse, schemas } from './protocol.ts'

const operations = z
  .array(
    z.looseObject({
      op: z
        .string()
        .transform((op) => op.toLowerCase())
        .pipe(z.enum(['add', 'replace', 'remove'])),
      path: z.string().max(1000).optional(),
      value: z.unknown().optional(),
    }),
  )
  .min(1)
  .max(200)

/** One change: which attribute, which of several values, which part of it. */
export interface Change {
  op: 'add' | 'replace' | 'remove'
  /** In lower case; null where the value names attributes itself. */
  attribute: string | null
  chosen: Filter | null
  part: string | null
  value: unknown
}

/** The changes of a PATCH (RFC 7644 section 3.5.2); paths are read by the reader of filters. */
export function readPatch(body: Readonly<Record<string, unknown>>): Change[] {
  const said = pick(body, 'schemas')
  if (!Array.isArray(said) || !said.includes(schemas.patch)) {
    throw refuse('bad-input', `schemas must name ${schemas.patch}`, 'invalidSyntax')
  }
  const reading = operations.safeParse(pick(body, 'Operations'))
  if (!reading.success) {
    throw refuse('bad-input', `Operations: ${reading.error.issues[0]!.message}`, 'invalidSyntax')
  }
  return reading.data.map(({ op, path, value }) => {
    if (op === 'remove' && path === undefined)
      throw refuse('bad-input', 'a removal needs a path', 'noTarget')
    if (op !== 'remove' && value === undefined)
      throw refuse('bad-input', `${op} needs a value`, 'invalidValue')
    return { op, value, ...(path === undefined ? whole : readPath(path)) }
  })
}

const whole = { attribute: null, chosen: null, part: null }

function readPath(path: string): Pick<Change, 'attribute' | 'chosen' | 'part'> {
  const [, name, filter, part] =
    /^((?:urn:[\w.:-]+:)?[A-Za-z][\w$-]*)(?:\[(.*)\])?(?:\.([A-Za-z][\w$-]*))?$/s.exec(path) ?? []
  if (name === undefined) throw refuse('bad-input', 'the path cannot be read', 'invalidPath')
  const chosen = filter === undefined ? null : readChoice(filter)
  return { attribute: spell(name), chosen, part: part?.toLowerCase() ?? null }
}

function readChoice(filter: string): Filter {
  try {
    return read(filter)
  } catch {
    throw refuse('bad-input', 'the choice in the path cannot be read', 'invalidPath')
  }
}

/** The value that a choice names by `value eq "..."`, the only one that we keep several of. */
export function chosenValue(chosen: Filter): string {
  if (
    chosen.op === 'eq' &&
    spell(chosen.attrPath) === 'value' &&
    typeof chosen.compValue === 'string'
  )
    return chosen.compValue
  throw refuse('bad-input', 'members are chosen by value eq "..."', 'invalidPath')
}
