import { Failure } from '../../../foundation/failure.ts'
import { findTenants } from '../../tenancy/rows.ts'
import { findHoles, sayHoles } from '../holes.ts'
import { countAll, refuseHuge } from './move-compare.ts'
import { refusePointing } from './move-keys.ts'
import { refuseSequences } from './move-sequences.ts'
import { cannotMove, movedTo, type Side } from './move-side.ts'
import { compareTables, orderTables, readTables, type Table } from './move-tables.ts'
import type { Plan } from './moves.ts'

/** Refuses a move that cannot come to a good end, before anything is written. */
export async function checkMove({
  source,
  destination,
  plan,
}: {
  source: Side
  destination: Side
  plan: Pick<Plan, 'kind' | 'returns' | 'canaries'>
}): Promise<void> {
  const here = await readTables(source)
  const there = await readAlike(source, destination)
  await refuseWithoutRights(source, here, 'select, update, delete')
  await refuseWithoutRights(destination, there, 'select, insert, update, delete')
  await refuseSequences(source, destination, here)
  await refuseWithoutRoom(destination, there)
  refuseNumbers(source, here)
  for (const side of [source, destination]) await refuseUnmovable(side)
  const [from, to] = [await movedTo(source), await movedTo(destination)]
  if (from !== null) throw cannotMove(`${source.id} says that the tenant moved to ${from}`)
  if (to !== null && !plan.returns) {
    throw cannotMove(`${destination.id} says that the tenant moved to ${to}`)
  }
  const rows = await countAll(destination, there)
  if (rows > 0) {
    const fix = 'look whose they are: a move never mixes rows'
    throw cannotMove(`${destination.id} has ${rows} rows of the tenant already`, fix)
  }
  await (plan.kind === 'shared' ? refuseOpen : refuseStrangers)(destination, plan.canaries)
  await refusePointing(source, here)
  await refuseHuge(source, here)
}

/** Beside others the tenant must be kept apart from them, as what looks at databases sees it. */
async function refuseOpen({ id, client, convention }: Side): Promise<void> {
  const { holes } = await findHoles(client, convention).catch((error: unknown) => {
    if (error instanceof Failure) throw cannotMove(`${id}: ${error.message}`)
    throw error
  })
  if (holes.length === 0) return
  const fix = 'mend it there first, as kept protect does'
  throw cannotMove(`${id} does not keep tenants apart: ${sayHoles(holes)}`, fix)
}

/** A database of one's own has nobody else in it, whatever the register knows; canaries are nobody. */
async function refuseStrangers(
  { id, client, convention }: Side,
  canaries: readonly string[],
): Promise<void> {
  const found = await findTenants(client, convention)
  const others = [...found].filter(([tenant]) => !canaries.includes(tenant))
  if (others.length === 0) return
  const where = [...new Set(others.flatMap(([, names]) => names))].join(', ')
  const many = others.length === 1 ? 'tenant' : 'tenants'
  const fix = 'look whose they are, or move the tenant to a shared database'
  throw cannotMove(`${id} has rows of ${others.length} other ${many}, in ${where}`, fix)
}

/** What a number points at in one database is something else in another, or nothing. */
function refuseNumbers({ id }: Side, tables: readonly Table[]): void {
  const table = tables.find(({ numbers }) => numbers.length > 0)
  if (!table) return
  const what = `column ${table.numbers[0]} of ${table.name} in ${id} holds numbers of objects (oid)`
  throw cannotMove(
    `${what}, such as large objects, which do not move`,
    'keep them as bytea instead',
  )
}

/** Rows that point at one another wait in temporary tables until all are there. */
async function refuseWithoutRoom(side: Side, tables: readonly Table[]): Promise<void> {
  const groups = await orderTables(side, tables)
  const [row] = await side.query<{ may: boolean }>(
    `select has_database_privilege(current_database(), 'temporary') as may`,
  )
  if (row!.may || !groups.some(({ isCycle }) => isCycle)) return
  const what = `the role of the secret of ${side.id} may make no temporary tables`
  throw cannotMove(what, 'grant temporary on that database to that role')
}

/** The destination's tables, which are the source's too, whenever a move is taken up. */
export async function readAlike(source: Side, destination: Side): Promise<Table[]> {
  const there = await readTables(destination)
  const difference = compareTables(await readTables(source), there)
  if (difference === null) return there
  throw cannotMove(`${destination.id} differs from ${source.id}: ${difference}`, 'migrate both')
}

async function refuseWithoutRights(
  side: Side,
  tables: readonly Table[],
  rights: string,
): Promise<void> {
  const { id } = side
  const rows = await side.query<{ name: string; bound: boolean; lacks: string[] }>(
    `select said as name, row_security_active(said::regclass) as bound,
       array(select r from unnest(string_to_array($2, ', ')) as r
         where not has_table_privilege(said::regclass, r)) as lacks
     from unnest($1::text[]) as said`,
    [tables.map(({ name }) => name), rights],
  )
  const lacking = rows.find(({ lacks }) => lacks.length > 0)
  if (lacking) {
    const what = `the role of the secret of ${id} may not ${lacking.lacks[0]} ${lacking.name}`
    throw cannotMove(what, `grant ${rights} on it to that role`)
  }
  const bound = rows.find((row) => row.bound)
  if (bound) {
    const fix = 'give that role bypassrls'
    throw cannotMove(
      `policies hide rows of ${bound.name} from the role of the secret of ${id}`,
      fix,
    )
  }
  const loud = tables.find(({ triggers }) => triggers.length > 0)
  const [row] = await side.query<{ may: boolean }>(
    `select has_parameter_privilege('session_replication_role', 'set') as may`,
  )
  if (loud && !row!.may) {
    const fix = 'grant set on parameter session_replication_role to that role'
    const acts = `${loud.triggers[0]} of ${loud.name} in ${id} acts on rows that are only moved`
    throw cannotMove(acts, fix)
  }
}

/** The app must ask there whether a tenant moved, or it would go on writing where nobody looks. */
async function refuseUnmovable(side: Side): Promise<void> {
  const [row] = await side.query<{ there: boolean; may: boolean }>(
    `select to_regclass('kept.moved') is not null as there,
       coalesce(has_table_privilege(to_regclass('kept.moved'), 'select')
         and has_table_privilege(to_regclass('kept.moved'), 'insert')
         and has_table_privilege(to_regclass('kept.moved'), 'update')
         and has_table_privilege(to_regclass('kept.moved'), 'delete'), false) as may`,
  )
  const { there, may } = row!
  if (!there) {
    const fix = 'install the schema of the guard there, with moves'
    throw cannotMove(
      `${side.id} has no table kept.moved, so that no app asks where a tenant is`,
      fix,
    )
  }
  if (may) return
  const fix = 'grant select, insert, update, delete on kept.moved to that role'
  throw cannotMove(`the role of the secret of ${side.id} may not write kept.moved`, fix)
}
