import type { ClientBase } from 'pg'
import { findSealFaults, isSealed } from './seal.ts'
import type { AppRole, Scoping, TenantTable } from './tenant-tables.ts'

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
  /** Whether it binds everybody, whatever roles there will be. */
  everybody: boolean
  using: string | null
  check: string | null
  /** Those of the roles asked for that it binds. */
  roles: readonly number[]
}

/** Policies on these tables that bind one of these roles. */
async function readPolicies(
  client: ClientBase,
  tables: readonly TenantTable[],
  roles: readonly number[],
): Promise<Policy[]> {
  const { rows } = await client.query<Policy>(
    `select polrelid::int as table, polname as name, polpermissive as permissive, polcmd as command,
       0 = any(polroles) as everybody, pg_get_expr(polqual, polrelid) as using, pg_get_expr(polwithcheck, polrelid) as check, roles
     from pg_policy, lateral (select array(
       select role from unnest($2::int[]) as role where exists (select from unnest(polroles) as bound
         where case bound when 0 then true else pg_has_role(role::oid, bound, 'member') end)) as roles) as binding
     where polrelid::int = any($1) and cardinality(roles) > 0`,
    [tables.map(({ oid }) => oid), roles],
  )
  return rows
}

/** What is wrong with the row security of each table, by the catalog, and with the seal that it rests on. */
export async function findUncovered(
  client: ClientBase,
  scoping: Scoping,
  tables: readonly TenantTable[],
  roles: readonly AppRole[],
): Promise<Hole[]> {
  const oids = roles.map(({ oid }) => oid)
  const policies = byTable(await readPolicies(client, tables, oids))
  const isSound = await readSoundness(client, scoping, tables, oids)
  const faults = isSealed(scoping) ? await findSealFaults(client, oids) : []
  const open = tables.flatMap((table) => {
    const why = objectionTo(table, policies.get(table.oid) ?? [], isSound, scoping)
    return why === null ? [] : [{ at: table.name, why }]
  })
  return [...faults.map(({ at, why }) => ({ at, why })), ...open]
}

/**
 * Of each table, what keeps its policies from keeping tenants apart, whether it is enabled or not, and
 * whether the roles have a policy at all. Without roles, those policies count that bind everybody. What is
 * wrong with a seal no policy mends, so that it is not said here.
 */
export async function findFaults(
  client: ClientBase,
  scoping: Scoping,
  tables: readonly TenantTable[],
  roles: readonly number[],
): Promise<{ table: number; why: string | null; permits: boolean }[]> {
  const bound = roles.length > 0 ? roles : [0]
  const policies = byTable(await readPolicies(client, tables, bound))
  const isSound = await readSoundness(client, scoping, tables, bound)
  return tables.map((table) => {
    const own = policies.get(table.oid) ?? []
    const permits = own.some(({ permissive }) => permissive)
    const why = permits
      ? objectionToPolicies(table, own, isSound, scoping)
      : 'no policy names the tenant'
    return { table: table.oid, why, permits }
  })
}

/** A table of which a role that acts for the app sees rows of other tenants. */
export interface OpenTable extends Hole {
  role: number
}

/**
 * Which of the tables under row security show other tenants to these roles, whom something of the app
 * acts as. A role that no policy lets see anything sees nothing.
 */
export async function findOpenPolicies(
  client: ClientBase,
  scoping: Scoping,
  tables: readonly TenantTable[],
  roles: readonly number[],
  app: readonly number[],
): Promise<OpenTable[]> {
  const secured = tables.filter((table) => table.secured)
  const { rows: rights } = await client.query<{ role: number; table: number; free: boolean }>(
    `select role, pg_class.oid::int as table,
       not relforcerowsecurity and pg_has_role(role::oid, relowner, 'member') as free
     from unnest($2::int[]) as role join pg_class on pg_class.oid::int = any($1)
     where has_any_column_privilege(role::oid, pg_class.oid, 'select, insert, update')
       or has_table_privilege(role::oid, pg_class.oid, 'delete, truncate')`,
    [secured.map(({ oid }) => oid), roles],
  )
  const policies = byTable(await readPolicies(client, secured, roles))
  const isSound = await readSoundness(client, scoping, secured, app)
  const known = new Map(secured.map((table) => [table.oid, table]))
  return rights.flatMap(({ role, table, free }) => {
    const own = (policies.get(table) ?? []).filter((policy) => policy.roles.includes(role))
    const why = free
      ? 'row security is not forced on its owner'
      : objectionToPolicies(known.get(table)!, own, isSound, scoping)
    return why === null ? [] : [{ role, at: known.get(table)!.name, why }]
  })
}

function byTable(policies: readonly Policy[]): Map<number, Policy[]> {
  return Map.groupBy(policies, ({ table }) => table)
}

function objectionTo(
  table: TenantTable,
  policies: readonly Policy[],
  isSound: IsSound,
  scoping: Scoping,
): string | null {
  if (!table.secured) return 'row security is off'
  if (!table.forced) return 'row security is not forced on its owner'
  if (table.folds) {
    return `its column ${table.column} has a collation that takes two tenants for one`
  }
  if (!policies.some((policy) => policy.permissive)) return 'no policy names the tenant'
  return objectionToPolicies(table, policies, isSound, scoping)
}

/**
 * Permissive policies widen each other, so every single one must hold to the tenant, unless a
 * restrictive one that binds everybody does, which none of them can widen.
 */
function objectionToPolicies(
  table: TenantTable,
  policies: readonly Policy[],
  isSound: IsSound,
  scoping: Scoping,
): string | null {
  const { column } = table
  if (policies.some((policy) => holdsAll(policy, (one) => isSound(one, table)))) return null
  for (const policy of policies.filter(({ permissive }) => permissive)) {
    for (const expression of expressionsOf(policy)) {
      if (expression === null || expression === 'true') {
        return `its policy ${policy.name} lets every row pass`
      }
      if (expression === 'false' || isSound(expression, table)) continue
      return `its policy ${policy.name} is not of the form ${column} = ${sayTenant(scoping)}`
    }
  }
  return null
}

function sayTenant(scoping: Scoping): string {
  return isSealed(scoping)
    ? '(select tenant from kept.scope)'
    : `current_setting('${scoping.setting}')`
}

/** Whether a policy alone keeps everybody to a tenant, whatever is asked of the table. */
function holdsAll(policy: Policy, isSound: (expression: string) => boolean): boolean {
  const holds = expressionsOf(policy).every((one) => one !== null && isSound(one))
  return !policy.permissive && policy.everybody && policy.command === '*' && holds
}

/** What decides: which rows are seen, and which may be written; the first stands in for the second. */
function expressionsOf({ command, using, check }: Policy): (string | null)[] {
  if (command === 'a') return [check]
  if (command === 'r' || command === 'd') return [using]
  return [using, check ?? using]
}

type IsSound = (expression: string, table: TenantTable) => boolean

/** The names that PostgreSQL writes in expressions, and whether a function stands for the setting. */
async function readSoundness(
  client: ClientBase,
  scoping: Scoping,
  tables: readonly TenantTable[],
  roles: readonly number[],
): Promise<IsSound> {
  const { setting } = scoping
  const sealed = isSealed(scoping)
  // A function can be trusted with the tenant where the app can neither change it nor what it reads. Of the
  // seal findSealFaults says so.
  const { rows } = await client.query<{
    column: string
    quoted: string
    said: string
    trusted: boolean
  }>(
    `select named as column, quote_ident(named) as quoted, quote_literal($2) as said, exists (
       select from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
       where format('%I.%I', nspname, proname) = $2 and pronargs = 0 and prosecdef
         and not exists (select from unnest($3::int[]) as role
           where pg_has_role(role::oid, proowner, 'member'))) as trusted
     from unnest($1::text[]) as named`,
    [[...new Set(tables.map(({ column }) => column))], setting, roles],
  )
  const names = new Map(
    rows.map(({ column, quoted, said, trusted }): [string, Names] => {
      const call = trusted || sealed ? [`${setting}()`] : []
      // Any SQL may set a setting that is called as the seal.
      const tenants = sealed ? call : [...call, ...settingForms(said)]
      return [column, { column: quoted, tenants, sealed }]
    }),
  )
  return (expression, { column }) => holdsToTenant(expression, names.get(column)!)
}

function settingForms(setting: string): string[] {
  return [
    `current_setting(${setting}::text)`,
    `current_setting(${setting}::text, true)`,
    `current_setting(${setting}::text, false)`,
  ]
}

interface Names {
  /** As PostgreSQL writes it: quoted where it must be. */
  column: string
  /** Calls that stand for the tenant of the scope. */
  tenants: readonly string[]
  /** Whether `kept.scope` does too. */
  sealed: boolean
}

/**
 * Whether an expression, as pg_get_expr prints it, says that a row's tenant is the one of the scope,
 * and perhaps more that must be true as well. Only forms known to be sound are read: each step takes
 * one of them for what it stands for, `$tenant` or `$column`, until nothing but `$own` is left.
 */
function holdsToTenant(expression: string, { column, tenants, sealed }: Names): boolean {
  const spelled = spell(expression)
  const start = tenants
    .map(spell)
    .reduce(
      (said, one) => said.replaceAll(one, ' $$tenant '),
      sealed ? spelled.replaceAll(fromScope, ' $$tenant ') : spelled,
    )
  const named = start.replaceAll(spell(column), ' $$column ')
  return conjunctsOf(named).some((one) => reduce(one) === ' $own ')
}

/** A space on each side of each token and none within, so that forms can be compared as text. */
function spell(expression: string): string {
  const tokens = expression.match(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[\w$]+|::|\S/g) ?? []
  return tokens.map((token) => ` ${token.replaceAll(/\s/g, '\0')} `).join('')
}

/** What must all be true; PostgreSQL puts each AND in parentheses of its own. */
function conjunctsOf(spelled: string): string[] {
  const tokens = spelled.trim().split(/ +/)
  const parts: string[][] = [[]]
  let depth = 0
  for (const token of tokens.slice(1, -1)) {
    if (token === '(') depth++
    if (token === ')') depth--
    if (depth < 0) return [spelled]
    if (depth === 0 && token === 'AND') parts.push([])
    else parts.at(-1)!.push(token)
  }
  const isAnd = tokens[0] === '(' && tokens.at(-1) === ')' && parts.length > 1
  if (!isAnd) return [spelled]
  return parts.flatMap((part) => conjunctsOf(part.map((token) => ` ${token} `).join('')))
}

/** Casts that make no two tenants one: none shortens, folds or rounds. */
const cast = '::  (?:uuid|text|bigint|integer|smallint|character  varying)'

/** The tenant read from `kept.scope`, by its own name or by one that is given to it there. */
const fromScope = new RegExp(`${readAs('scope', '')}|${readAs('(scope_\\d+)', '\\1  ')}`, 'g')

/** PostgreSQL gives another name where the app has a table called scope, which would be meant otherwise. */
function readAs(name: string, given: string): string {
  const tenant = `(?:\\(  )?${name}  \\.  tenant  (?:\\)  ${cast}  )?`
  return ` \\(  SELECT  ${tenant}(?:AS  \\S+  )?FROM  kept  \\.  scope  ${given}\\) `
}

const forms: readonly (readonly [RegExp, string])[] = [
  [/ \( {2}(\$\w+) {2}\) /g, ' $1 '],
  [/ NULLIF {2}\( {2}\$tenant {2}, {2}'' {2}:: {2}text {2}\) /g, ' $$tenant '],
  [/ \( {2}SELECT {2}\$tenant (?: AS {2}\S+ )? \) /g, ' $$tenant '],
  [new RegExp(` \\$tenant  ${cast} `, 'g'), ' $$tenant '],
  [/ \$column {2}:: {2}(?:uuid|text) /g, ' $$column '],
  [/ \$column {2}= {2}\$tenant | \$tenant {2}= {2}\$column /g, ' $$own '],
]

function reduce(spelled: string): string {
  const next = forms.reduce((said, [form, meaning]) => said.replace(form, meaning), spelled)
  return next === spelled ? next : reduce(next)
}
