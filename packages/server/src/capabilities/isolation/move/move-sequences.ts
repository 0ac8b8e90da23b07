import { cannotMove, type Side } from './move-side.ts'
import type { Table } from './move-tables.ts'

interface Sequence {
  name: string
  /** The number drawn last; null before the first. */
  last: string | null
  start: string
  by: string
  least: string
  most: string
}

/**
 * Sequences whose numbers the tenant's rows may have: those of its tables, and those of no table, which are
 * drawn by functions, by the app, or by a name that is only text.
 */
async function readSequences(side: Side, tables: readonly Table[]): Promise<Sequence[]> {
  return await side.query<Sequence>(
    `with drawn (sequence, by) as (
       select objid, refobjid from pg_depend where classid = 'pg_class'::regclass
         and refclassid = 'pg_class'::regclass and deptype in ('a', 'i')
       union select refobjid, coalesce(pg_partition_root(adrelid)::oid, adrelid)
       from pg_attrdef join pg_depend on objid = pg_attrdef.oid
         and classid = 'pg_attrdef'::regclass and refclassid = 'pg_class'::regclass)
     select format('%I.%I', schemaname, sequencename) as name, last_value::text as last,
       start_value::text as start, increment_by::text as by, min_value::text as least, max_value::text as most
     from pg_sequences join pg_namespace on nspname = schemaname
     join pg_class on relnamespace = pg_namespace.oid and relname = sequencename
     where schemaname <> 'kept' and relpersistence <> 't'
       and not exists (select from pg_depend where classid = 'pg_class'::regclass
         and objid = pg_class.oid and deptype = 'e')
       and (not exists (select from drawn where sequence = pg_class.oid)
         or exists (select from drawn where sequence = pg_class.oid
           and by in (select said::regclass::oid from unnest($1::text[]) as said)))
     order by 1`,
    [tables.map(({ name }) => name)],
  )
}

/** Refuses numbers that could be drawn again there, as the sequences are not the same. */
export async function refuseSequences(
  source: Side,
  destination: Side,
  tables: readonly Table[],
): Promise<void> {
  await refuseClosed(source, await readSequences(source, tables), 'select')
  const there = await readSequences(destination, tables)
  await refuseClosed(destination, there, 'select, update')
  for (const { name, by } of await readSequences(source, tables)) {
    const other = there.find((one) => one.name === name)
    if (!other) throw cannotMove(`${name} of ${source.id} is no sequence of ${destination.id}`)
    if (BigInt(by) > 0n === BigInt(other.by) > 0n) continue
    throw cannotMove(`${name} counts the other way in ${destination.id}`)
  }
}

async function refuseClosed(
  side: Side,
  sequences: readonly Sequence[],
  rights: string,
): Promise<void> {
  const [closed] = await side.query<{ name: string }>(
    `select said as name from unnest($1::text[]) as said
     where exists (select from unnest(string_to_array($2, ', ')) as r
       where not has_sequence_privilege(said::regclass, r))`,
    [sequences.map(({ name }) => name), rights],
  )
  if (!closed) return
  const what = `the role of the secret of ${side.id} may not ${rights.replace(', ', ' and ')} ${closed.name}`
  throw cannotMove(what, `grant ${rights} on it to that role`)
}

/** How far a sequence is put ahead, so that a number drawn meanwhile is not drawn again. */
const ahead = 1000n

/** Puts the destination's sequences beyond all numbers that were moved. */
export async function advanceSequences(source: Side, destination: Side, tables: readonly Table[]) {
  const here = await readSequences(source, tables)
  for (const there of await readSequences(destination, tables)) {
    const moved = here.find(({ name }) => name === there.name)?.last ?? null
    const next = moved === null ? null : beyond(there, BigInt(moved))
    if (next === null) continue
    await destination.query('select setval($1::regclass, $2::bigint)', [
      there.name,
      next.toString(),
    ])
  }
}

/** A number of the sequence's own beyond one that was moved; null when it is there already. */
function beyond({ last, start, ...of }: Sequence, moved: bigint): bigint | null {
  const [by, least, most] = [BigInt(of.by), BigInt(of.least), BigInt(of.most)]
  const isUp = by > 0n
  const from = last === null ? BigInt(start) - by : BigInt(last)
  if (last !== null && (isUp ? from >= moved : from <= moved)) return null
  const reach = (goal: bigint) => {
    const steps = (goal - from) / by
    return from + (steps * by === goal - from ? steps : steps + 1n) * by
  }
  // With few numbers left none is passed over.
  const next = [reach(isUp ? moved + ahead : moved - ahead), reach(moved)].find((one) => {
    return one >= least && one <= most
  })
  return next ?? (isUp ? most : least)
}
