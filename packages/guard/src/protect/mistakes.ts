import type { ClientBase } from 'pg'
import { GuardFailure } from '../failure.ts'
import type { Catalog } from './catalog.ts'
import type { Tenant } from './decision.ts'
import { nearest } from './nearest.ts'
import { acrossOf, type Plan } from './plan.ts'
import { impliedReferences, namesOf, toReference } from './references.ts'
import { firstOfUsers } from './tenant-tables.ts'
import { columnsNamed } from './ways.ts'

/**
 * What a plan names and the database does not have would else be a decision that nobody hears. Roles of
 * the app may be missing: they are made.
 *
 * @throws GuardFailure `bad-plan`
 */
export async function findMistakes(
  client: ClientBase,
  catalog: Catalog,
  tenant: Tenant,
  plan: Plan,
): Promise<void> {
  const tables = catalog.tables.map(({ id }) => id)
  for (const id of Object.keys(plan.tables)) {
    mustBe('tables', id, tables)
    const [parent] = catalog.tables.find((table) => table.id === id)!.parents
    if (parent === undefined) continue
    const above = catalog.byOid.get(parent)?.id ?? 'another table'
    throw mistaken('tables', `${id} is part of ${above}`, `decide of ${above}`)
  }
  for (const one of plan.across) mustBe('across', one, waysOf(catalog, tenant))
  for (const role of plan.staff)
    mustBe(
      'staff',
      role,
      catalog.roles.map(({ name }) => name),
    )
  if (plan.appRoles.length > 0)
    for (const role of Object.keys(plan.roles)) mustBe('roles', role, plan.appRoles)
  for (const one of plan.revoke) {
    const { known, own } = await readRevocable(client, one)
    if (!known) mustBe('revoke', one, own)
  }
}

/** Keys that are one for each tenant by now are gone; one that is like one nobody decided of is mistaken. */
export function findMistakenKeys(
  { tables }: Catalog,
  { unique }: Plan,
  undecided: readonly string[],
): void {
  const known = new Set(
    tables.flatMap(({ schema, keys }) => keys.map(({ name }) => `${schema}.${name}`)),
  )
  for (const [id, answer] of Object.entries(unique)) {
    if (known.has(id)) continue
    if (answer.startsWith('everywhere') || nearest(id, undecided) !== null)
      mustBe('unique', id, undecided)
  }
}

/** Every reference, by a foreign key or by its name, as a plan calls it. */
function waysOf(catalog: Catalog, tenant: Tenant): string[] {
  const names = namesOf(catalog)
  return catalog.tables.flatMap((table) =>
    [
      ...[...table.references.map(toReference), ...impliedReferences(names, table)].map(
        ({ columns }) => columns,
      ),
      ...columnsNamed(tenant, table).map((name) => [name]),
    ].map((columns) => acrossOf(table.id, columns)),
  )
}

async function readRevocable(
  client: ClientBase,
  name: string,
): Promise<{ known: boolean; own: string[] }> {
  const { rows } = await client.query<{ at: string; own: boolean }>(
    `select format('%I.%I', nspname, name) as at, found.oid >= ${firstOfUsers} as own from (
       select oid, relnamespace as schema, relname as name from pg_class where relkind in ('v', 'm')
       union all select oid, pronamespace, proname from pg_proc) as found
     join pg_namespace on pg_namespace.oid = schema`,
  )
  return {
    known: rows.some(({ at }) => at === name),
    own: rows.filter(({ own }) => own).map(({ at }) => at),
  }
}

function mustBe(part: string, given: string, known: readonly string[]): void {
  if (known.includes(given)) return
  const near = nearest(given, known)
  throw mistaken(
    part,
    `the database has no ${given}`,
    near === null ? 'take it out, or name it as schema.name' : `did you mean ${near}?`,
  )
}

function mistaken(part: string, reason: string, fix: string): GuardFailure {
  return new GuardFailure('bad-plan', `in the plan, under ${part}: ${reason}`, fix)
}
