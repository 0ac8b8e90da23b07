import { rowCondition } from '../schema.ts'
import { columnOf } from './decision.ts'
import { bareType } from './sql.ts'
import { ownedOf, type Owned, type Step, type Work } from './work.ts'

const policy = 'kept_tenant'

/** Each table of a tenant's, partitions too, gets a policy that holds of everybody, its owner too. */
export function rowSecuritySteps(work: Work): Step[] {
  return ownedOf(work).flatMap((one) => {
    const { table } = one
    if (table.kind !== 'f') return covering(work, one)
    work.findings.push({
      at: table.id,
      why: 'a foreign table knows no policy',
      fix: `in the plan, under tables: ${table.id}: closed`,
      level: 'error',
    })
    return []
  })
}

function covering(work: Work, one: Owned): Step[] {
  const { table } = one
  const policy = policyFor(work, one)
  const words = [...(table.secured ? [] : ['enable']), ...(table.forced ? [] : ['force'])]
  const switched = words.map((word) => `${word} row level security`).join(', ')
  const sql = [
    ...(policy?.sql ?? []),
    ...(words.length > 0 ? [`alter table ${table.sql} ${switched};`] : []),
  ]
  if (sql.length === 0) return []
  const off = table.secured ? 'its owner is bound by no policy' : 'row security is off'
  const why = table.secured && policy !== null ? policy.why : off
  return [
    {
      at: table.id,
      why: policy?.narrows
        ? `${why}; the new policy narrows those that are there, for every role`
        : why,
      sql,
    },
  ]
}

/**
 * Permissive policies widen each other. Where the app has some that ask for something else, one more
 * would show more than before; a restrictive one narrows them instead.
 */
function policyFor(
  work: Work,
  { table, column }: Owned,
): { why: string; narrows: boolean; sql: string[] } | null {
  const there = columnOf(table, column)
  const why = there ? (work.faults.get(table.oid) ?? null) : 'no policy names the tenant'
  if (why === null) return null
  const isOurs = table.policies.some(({ name }) => name === policy)
  const narrows =
    work.permitting.has(table.oid) &&
    table.policies.some(({ name, permissive }) => permissive && name !== policy)
  const { scope: mode, setting } = work.plan
  const type = bareType(there?.type ?? work.tenant.type)
  const condition = rowCondition({ mode, setting, column, type })
  const kind = narrows ? ' as restrictive' : ''
  const create = `create policy ${policy} on ${table.sql}${kind}\n  using (${condition})\n  with check (${condition});`
  return {
    why,
    narrows,
    sql: [isOurs ? `begin;\ndrop policy ${policy} on ${table.sql};\n${create}\ncommit;` : create],
  }
}
