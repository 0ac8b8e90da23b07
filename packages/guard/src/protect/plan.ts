import { GuardFailure } from '../failure.ts'
import { nearest } from './nearest.ts'

/** What a person decides, and may keep in a file. What ends with `?` is proposed and waits for a word. */
export interface Plan {
  /** `schema.table.column`, or the name of a column where no table lists the tenants. */
  tenant: string | null
  /** How the tenant column is called in tables that get one. */
  column: string | null
  scope: 'plain' | 'sealed'
  /** The setting that carries the tenant in plain mode. */
  setting: string
  appRoles: readonly string[]
  /** By role of the app: `nobypassrls`, which changes it in every database of the server. */
  roles: Readonly<Record<string, string>>
  /** Roles that people use: their sessions may be beyond the policies. */
  staff: readonly string[]
  /** By `schema.table`: `own COLUMN`, `through COLUMN, ...`, `shared`, `shared and written` or `closed`. */
  tables: Readonly<Record<string, string>>
  /** By `schema.index`: `per tenant` or `everywhere`. */
  unique: Readonly<Record<string, string>>
  /** `schema.table.column, ...`: references that may lead to another tenant's row, as it is meant. */
  across: readonly string[]
  /** Views, materialized views and functions that the app's roles lose. */
  revoke: readonly string[]
}

export const noPlan: Plan = {
  tenant: null,
  column: null,
  scope: 'plain',
  setting: 'app.tenant_id',
  appRoles: [],
  roles: {},
  staff: [],
  tables: {},
  unique: {},
  across: [],
  revoke: [],
}

const isText = (value: unknown) => typeof value === 'string' && value !== ''
const isNamed = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every(isText)
const isList = (value: unknown) => Array.isArray(value) && value.every(isText)

/** Each part of a plan: its name in the file, what it must be, and how that is said. */
const parts: readonly (readonly [string, keyof Plan, (value: unknown) => boolean, string])[] = [
  ['tenant', 'tenant', isText, 'a table and column'],
  ['column', 'column', isText, 'the name of a column'],
  ['scope', 'scope', (value) => value === 'plain' || value === 'sealed', 'plain or sealed'],
  ['setting', 'setting', (value) => /^\w+(?:\.\w+)+$/.test(String(value)), 'a name with a dot'],
  ['app-roles', 'appRoles', isList, 'a list of roles'],
  ['roles', 'roles', isNamed, 'a decision for each role'],
  ['staff', 'staff', isList, 'a list of roles'],
  ['tables', 'tables', isNamed, 'a decision for each table'],
  ['unique', 'unique', isNamed, 'a decision for each unique key'],
  ['across', 'across', isList, 'a list of references, as schema.table.column'],
  ['revoke', 'revoke', isList, 'a list of views and functions'],
]

/** What may be said of a table, a key and a role, each with `?` while it is only proposed. */
const answers: Readonly<Record<string, { form: RegExp; said: string }>> = {
  tables: {
    form: /^(?:own .+|through .+|shared|shared and written|closed|undecided)\??$/s,
    said: 'own COLUMN, through COLUMN, shared, shared and written, closed',
  },
  unique: { form: /^(?:per tenant|everywhere)\??$/, said: 'per tenant, everywhere' },
  roles: { form: /^nobypassrls\??$/, said: 'nobypassrls' },
}

function mustBeAnswers(part: string, given: unknown): void {
  const { form, said } = answers[part] ?? {}
  if (form === undefined) return
  for (const [name, answer] of Object.entries(given as Record<string, string>)) {
    if (form.test(answer)) continue
    const near = nearest(answer.replace(/\?$/, ''), said!.split(', '))
    throw new GuardFailure(
      'bad-plan',
      `in the plan, under ${part}: ${name}: "${answer}" is no decision`,
      near === null ? `it may be ${said}` : `did you mean ${near}? It may be ${said}`,
    )
  }
}

/** Reads what a plan's file holds, parsed; what is in it and not known is an error. */
export function readPlan(value: unknown): Plan {
  if (value === null || value === undefined) return noPlan
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new GuardFailure(
      'bad-plan',
      'a plan is a map',
      `give it ${parts.map(([name]) => name).join(', ')}`,
    )
  }
  const plan: Record<string, unknown> = { ...noPlan }
  for (const [name, given] of Object.entries(value)) {
    const part = parts.find(([known]) => known === name)
    if (!part) {
      const known = parts.map(([one]) => one)
      const near = nearest(name, known)
      const hint = near === null ? '' : `did you mean ${near}? `
      throw new GuardFailure(
        'bad-plan',
        `a plan has no part "${name}"`,
        `${hint}it may have ${known.join(', ')}`,
      )
    }
    if (given === null) continue
    if (!part[2](given))
      throw new GuardFailure('bad-plan', `${name} cannot be read`, `it is ${part[3]}`)
    mustBeAnswers(name, given)
    plan[part[1]] = given
  }
  return plan as unknown as Plan
}

/** How a plan calls a reference. */
export function acrossOf(table: string, columns: readonly string[]): string {
  return `${table}.${columns.join(', ')}`
}

/** Whether a reference may lead to another tenant's row. */
export function isAcross({ across }: Plan, table: string, columns: readonly string[]): boolean {
  return across.includes(acrossOf(table, columns))
}

const isEmpty = (value: unknown) =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0)

/** A plan as its file holds it, to be written as YAML. */
export function planToFile(plan: Plan): Record<string, unknown> {
  return Object.fromEntries(
    parts.flatMap(([name, key]) => (isEmpty(plan[key]) ? [] : [[name, plan[key]]])),
  )
}

/** A plan in which everything that was proposed is decided. */
export function confirm(plan: Plan): Plan {
  const decide = (given: Plan['tables']) =>
    Object.fromEntries(Object.entries(given).map(([name, said]) => [name, said.replace(/\?$/, '')]))
  return {
    ...plan,
    roles: decide(plan.roles),
    tables: decide(plan.tables),
    unique: decide(plan.unique),
  }
}
