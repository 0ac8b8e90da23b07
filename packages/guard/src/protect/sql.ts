import { escapeIdentifier, escapeLiteral } from 'pg'
import { GuardFailure } from '../failure.ts'
import type { Plan } from './plan.ts'

/**
 * How long a statement waits for a lock, and makes others wait behind it. PostgreSQL looks for deadlocks
 * after a second: this gives up before, so that it is never a statement of the app that must fail.
 */
export const lockTimeout = '500ms'

/** A name as SQL takes it; the plain ones stay without quotes. */
export function quote(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : escapeIdentifier(name)
}

/** The reserved words of PostgreSQL 18 (appendix C) and those that may not be names of columns or types. */
const reserved = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case
  cast char character check coalesce collate collation column concurrently constraint create cross current_catalog
  current_date current_role current_schema current_time current_timestamp current_user dec decimal default
  deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full grant
  greatest group grouping having ilike in initially inner inout int integer intersect interval into is isnull join
  json_array json_exists json_object json_query json_scalar json_serialize json_table json_value lateral leading
  least left like limit localtime localtimestamp merge_action national natural nchar none normalize not notnull
  null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real
  references returning right row select session_user setof similar smallint some substring symmetric system_user
  table tablesample then time timestamp to trailing treat trim true union unique user using values varchar
  variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces
  xmlparse xmlpi xmlroot xmlserialize xmltable`.split(/\s+/),
)

/** What may be the type of a tenant's key. */
export const holdable = 'uuid, a whole number or text'

/** Whether columns of this type keep tenants apart. */
export function keepsApart(type: string): boolean {
  return /^(?:uuid|bigint|integer|smallint|text|character varying(?:\(\d+\))?)$/.test(type)
}

/**
 * What the tenant of a scope is cast to, for a column of this type: a cast to a length would shorten it, and
 * make two tenants one.
 */
export function bareType(type: string): string {
  if (!keepsApart(type)) {
    throw new GuardFailure(
      'unsupported',
      `a tenant key of type ${type} cannot be held by a policy`,
      `use ${holdable}`,
    )
  }
  return type.startsWith('character varying') ? 'text' : type
}

/** The tenant of the scope as a value, for the default of a column. */
export function scopeOf({ scope, setting }: Plan, type: string): string {
  const tenant =
    scope === 'sealed'
      ? 'kept.tenant()'
      : `nullif(current_setting(${escapeLiteral(setting)}, true), '')`
  return `${tenant}::${bareType(type)}`
}

/** A name of at most 63 bytes that is not taken, which it then is. */
export function newName(wanted: string, taken: Set<string>): string {
  for (let count = 1; ; count++) {
    const end = count === 1 ? '' : `_${count}`
    const name = shorten(wanted, 63 - end.length) + end
    if (taken.has(name)) continue
    taken.add(name)
    return name
  }
}

function shorten(name: string, bytes: number): string {
  let short = name
  while (Buffer.byteLength(short) > bytes) short = short.slice(0, -1)
  return short
}

/** A body between dollars that do not occur in it, whatever names are in it. */
export function dollars(body: string): string {
  let tag = '$kept$'
  while (body.includes(tag)) tag = tag.replace(/\$$/, '_$')
  return `${tag}\n${body}\n${tag}`
}
