import type { Table } from './catalog.ts'

/** What makers of apps call those whose data they keep apart, the likeliest first. */
const likely = new Set([
  'tenant',
  'organization',
  'organisation',
  'org',
  'workspace',
  'account',
  'company',
  'team',
])
const possible = new Set([
  'customer',
  'client',
  'merchant',
  'shop',
  'store',
  'site',
  'school',
  'clinic',
  'agency',
  'group',
])

/** `CustomerId`, `customer_id` and `customerid` are one name. */
export function plainly(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** `companies` is of `company`. */
export function singular(plain: string): string {
  if (plain.endsWith('ies')) return `${plain.slice(0, -3)}y`
  return plain.endsWith('s') && !plain.endsWith('ss') ? plain.slice(0, -1) : plain
}

/** What a column `..._id` names; null when it is called otherwise. */
export function stemOf(column: string): string | null {
  const plain = plainly(column)
  for (const end of ['uuid', 'id', 'fk', 'key']) {
    if (plain.endsWith(end) && plain.length > end.length) return plain.slice(0, -end.length)
  }
  return null
}

/** Whether it points at rows of several tables, as `subject_id` beside `subject_type`. */
export function isPolymorphic({ columns }: Table, column: string): boolean {
  const stem = stemOf(column)
  return stem !== null && columns.some(({ name }) => plainly(name) === `${stem}type`)
}

/** How likely a name is that of the tenant: 0 when it is not at all. */
export function likelihood(stem: string): number {
  const name = singular(stem)
  if (likely.has(name)) return 1
  if (possible.has(name)) return 0.7
  return name === 'user' ? 0.4 : 0
}

/** The column by which a table is pointed at: of its primary key, when that is one. */
export function idOf(table: Table): string | null {
  const key = table.keys.find((one) => one.primary)
  return key?.columns.length === 1 ? key.columns[0]! : null
}

/** Whether values of two types can be the same id. */
export function fits(one: string, other: string): boolean {
  return familyOf(one) === familyOf(other)
}

function familyOf(type: string): string {
  if (/^(?:smallint|integer|bigint)$/.test(type)) return 'number'
  return /^(?:text|character varying)/.test(type) ? 'text' : type
}
