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

/** `companies` is of `company`, `inboxes` of `inbox`, `statuses` of `status`; the likeliest, where there are several. */
export function singular(plain: string): string {
  return singulars(plain)[0]!
}

/**
 * What a name may be the plural of, the likeliest first, and itself: English does not tell `caches`,
 * which are each a cache, from `batches`, which are each a batch.
 */
export function singulars(plain: string): string[] {
  const shorter = (by: number) => plain.slice(0, plain.length - by)
  if (plain.length < 4 || !plain.endsWith('s') || plain.endsWith('ss')) return [plain]
  if (plain.endsWith('ies')) return [`${shorter(3)}y`, shorter(1), plain]
  if (plain.endsWith('zzes')) return [shorter(3), shorter(2), plain]
  if (/(?:ss|[^aeo]us|x|sh|[^a]ch)es$/.test(plain)) return [shorter(2), shorter(1), plain]
  if (/(?:s|ch|z|o)es$/.test(plain)) return [shorter(1), shorter(2), plain]
  // A status is one, and no statu; menus are several.
  if (/(?:[^aeiou]us|is)$/.test(plain) && !plain.endsWith('nus')) return [plain, shorter(1)]
  return [shorter(1), plain]
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
export function isPolymorphic({ columns, references }: Table, column: string): boolean {
  const stem = references.some((one) => one.columns.includes(column)) ? null : stemOf(column)
  return stem !== null && columns.some(({ name }) => plainly(name) === `${stem}type`)
}

/** How likely a name is that of the tenant: 0 when it is not at all. */
export function likelihood(stem: string): number {
  const names = singulars(stem)
  if (names.some((name) => likely.has(name))) return 1
  if (names.some((name) => possible.has(name))) return 0.7
  return names.includes('user') ? 0.4 : 0
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
