import type { ClientBase } from 'pg'
import type { Hole } from './policies.ts'
import { quote } from './sql.ts'
import { freeOfSuperusers } from './tenant-tables.ts'
import { fixFor } from './fixes.ts'
import type { Finding, Step } from './work.ts'

/** A schema, or the database, in which roles of the app may make things, or that is theirs. */
export interface Place {
  at: string
  /** `schema app`, as GRANT names it. */
  sql: string
  owned: boolean
  /** Who may create in it by a grant; quoted where it must be. */
  grantees: readonly string[]
}

const ownedWhy = 'it belongs to the app, which may drop all that is in it'
const openWhy = 'the app may create in it, and what one tenant leaves there others find'

/** By a grant to roles of the app or to everybody, or as the owner. Who may become a superuser is told as that. */
export async function findPlaces(client: ClientBase, roles: readonly number[]): Promise<Place[]> {
  const { rows } = await client.query<Omit<Place, 'sql'> & { kind: string; name: string }>(
    `with app as (${freeOfSuperusers('$1')}),
     place (kind, name, owner, acl) as (
       select 'schema', nspname, nspowner, coalesce(nspacl, acldefault('n', nspowner)) from pg_namespace
       where nspname !~ '^pg_(toast|temp|toast_temp)'
       union all select 'database', datname, datdba, coalesce(datacl, acldefault('d', datdba))
       from pg_database where datname = current_database())
     select * from (select kind || ' ' || name as at, kind, name,
       exists (select from app where pg_has_role(app.oid, owner, 'member')) as owned,
       array(select distinct case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
         from aclexplode(acl) where privilege_type = 'CREATE' and grantee <> owner
           and (grantee = 0 or exists (select from app where pg_has_role(app.oid, grantee, 'member')))
         order by 1) as grantees
       from place) as found where owned or cardinality(grantees) > 0 order by 1`,
    [roles],
  )
  return rows.map(({ kind, name, ...place }) => ({ ...place, sql: `${kind} ${quote(name)}` }))
}

export function sayPlace({ at, owned, grantees }: Place): Hole[] {
  return [
    ...(owned ? [{ at, why: ownedWhy }] : []),
    ...(grantees.length > 0 ? [{ at, why: openWhy }] : []),
  ]
}

/** No step gives a schema away: who shall own it is for a person to say. */
export function placeFindings(places: readonly Place[]): Finding[] {
  return places.flatMap((place) =>
    sayPlace({ ...place, grantees: [] }).map((hole): Finding => ({
      ...hole,
      fix: fixFor(hole.why),
      level: 'error',
    })),
  )
}

export function placeSteps(places: readonly Place[]): Step[] {
  return places.flatMap(({ at, sql, grantees }): Step[] => {
    if (grantees.length === 0) return []
    const from = grantees.join(', ')
    return [
      {
        at,
        why: `${openWhy}; whoever else creates there needs a grant`,
        loses: `create from ${from}`,
        sql: [`revoke create on ${sql} from ${from};`],
      },
    ]
  })
}
