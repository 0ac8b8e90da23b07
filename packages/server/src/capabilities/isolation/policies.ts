import type { Client } from 'pg'
import type { AppRole, Convention, TenantTable } from '../../outside/tenant-tables.ts'

/** Something through which a row may reach a tenant it does not belong to. */
export interface Hole {
  /** The table, view or function. */
  at: string
  why: string
}

interface Policy {
  table: number
  name: string
  permissive: boolean
  /** r, a, w, d or *: for which command. */
  command: string
  using: string | null
  check: string | null
}

/** Policies on these tables that bind one of the app's roles. */
async function readPolicies(
  client: Client,
  tables: readonly TenantTable[],
  roles: readonly AppRole[],
): Promise<Policy[]> {
  const { rows } = await client.query<Policy>(
    `select polrelid::int as table, polname as name, polpermissive as permissive, polcmd as command,
       pg_get_expr(polqual, polrelid) as using, pg_get_expr(polwithcheck, polrelid) as check
     from pg_policy where polrelid::int = any($1) and exists (
       select from unnest(polroles) as bound, unnest($2::int[]) as role
       where bound = 0 or pg_has_role(role::oid, bound, 'member'))`,
    [tables.map(({ oid }) => oid), roles.map(({ oid }) => oid)],
  )
  return rows
}

/** What is wrong with the row security of each table, by the catalog. */
export async function findUncovered(
  client: Client,
  convention: Convention,
  tables: readonly TenantTable[],
  roles: readonly AppRole[],
): Promise<Hole[]> {
  const policies = await readPolicies(client, tables, roles)
  return tables.flatMap((table) => {
    const own = policies.filter((policy) => policy.table === table.oid)
    const why = objectionTo(table, own, convention)
    return why === null ? [] : [{ at: table.name, why }]
  })
}

function objectionTo(
  table: TenantTable,
  policies: readonly Policy[],
  convention: Convention,
): string | null {
  if (!table.secured) return 'row security is off'
  if (!table.forced) return 'row security is not forced on its owner'
  // Permissive policies widen each other, so every single one must name the tenant.
  const permissive = policies.filter((policy) => policy.permissive)
  if (permissive.length === 0) return 'no policy names the tenant'
  for (const policy of permissive) {
    for (const expression of expressionsOf(policy)) {
      const why = objectionToExpression(expression, convention)
      if (why !== null) return `its policy ${policy.name} ${why}`
    }
  }
  return null
}

/** What decides: which rows are seen, and which may be written; the first stands in for the second. */
function expressionsOf({ command, using, check }: Policy): (string | null)[] {
  if (command === 'a') return [check]
  if (command === 'r' || command === 'd') return [using]
  return [using, check ?? using]
}

function objectionToExpression(
  expression: string | null,
  { column, setting }: Convention,
): string | null {
  if (expression === null) return 'lets every row pass'
  if (/^\(*true\)*$/i.test(expression)) return 'lets every row pass'
  // Texts in quotes name no column: the setting itself often holds the column's name.
  const names = expression.replace(/'(?:[^']|'')*'/g, '')
  if (!new RegExp(`\\b${escape(column)}\\b`).test(names)) return `does not name ${column}`
  if (!expression.includes(setting)) return `does not compare with ${setting}`
  return /\bor\b|[<>]|\bnot\b|\bis null\b|\bcase\b|\bcoalesce\b/i.test(names)
    ? 'says more than that the tenant is the own one'
    : null
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
