import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../../foundation/failure.ts'
import { at, type Transaction } from '../../../foundation/transaction.ts'
import { setRole } from '../accounts.ts'
import { toSql, type Columns } from './filter.ts'
import { chosenValue, type Change } from './patch.ts'
import { pick, refuse, schemas, type Page, type Resource } from './protocol.ts'
import { rowsOf, sql } from './sql.ts'
import { keepUser, needUser } from './users.ts'

export interface Group {
  displayName: string
  externalId: string | null
  members: ReadonlySet<string>
}

interface Row {
  id: string
  displayName: string
  externalId: string | null
  owners: boolean
  members: { value: string; display: string }[]
  madeAt: Date
  changedAt: Date
}

const columns: Columns = {
  id: { type: 'exact', is: sql`g.id::text` },
  displayname: { type: 'text', is: sql`g.display_name` },
  externalid: { type: 'exact', is: sql`g.external_id` },
  'meta.created': { type: 'time', is: sql`g.made_at` },
  'meta.lastmodified': { type: 'time', is: sql`g.changed_at` },
  members: membersColumn(),
  'members.value': membersColumn(),
}

function membersColumn(): Columns[string] {
  return {
    type: 'several',
    has: (value) => sql`exists (select from identity.directory_members m
      where m."group" = g.id and m.account::text = ${value})`,
    any: sql`exists (select from identity.directory_members m where m."group" = g.id)`,
  }
}

const selected = sql`
  select g.id, g.display_name as "displayName", g.external_id as "externalId", g.owners,
    g.made_at as "madeAt", g.changed_at as "changedAt",
    coalesce((select json_agg(json_build_object('value', a.id, 'display', a.name) order by a.id)
      from identity.directory_members m join identity.accounts a on a.id = m.account
      where m."group" = g.id), '[]') as members`

export async function listGroups(
  tx: Transaction,
  tenant: string,
  { filter, startIndex, count }: Page & { filter?: string | undefined },
): Promise<{ rows: Row[]; total: number }> {
  const where = filter === undefined ? sql`true` : toSql(filter, columns)
  const from = sql`from identity.directory_groups g where g.tenant = ${tenant} and ${where}`
  const [counted] = await rowsOf<{ total: string }>(tx, sql`select count(*) as total ${from}`)
  const rows = await rowsOf<Row>(
    tx,
    sql`${selected} ${from} order by g.made_at, g.id limit ${count} offset ${startIndex - 1}`,
  )
  return { rows, total: Number(counted!.total) }
}

/** @throws Failure `not-found`, for another tenant's too */
export async function needGroup(tx: Transaction, tenant: string, id: string): Promise<Row> {
  const [row] = await rowsOf<Row>(
    tx,
    sql`${selected} from identity.directory_groups g
      where g.tenant = ${tenant} and g.id::text = ${id.toLowerCase()}`,
  )
  if (row) return row
  throw refuse('not-found', 'there is no such group')
}

export function toResource(row: Row, origin: string): Resource {
  return {
    schemas: [schemas.group],
    id: row.id,
    ...(row.externalId !== null && { externalId: row.externalId }),
    displayName: row.displayName,
    members: row.members.map((one) => ({
      ...one,
      type: 'User',
      $ref: `${origin}/scim/v2/Users/${one.value}`,
    })),
    meta: {
      resourceType: 'Group',
      created: row.madeAt.toISOString(),
      lastModified: row.changedAt.toISOString(),
      location: `${origin}/scim/v2/Groups/${row.id}`,
    },
  }
}

const name = z.string().trim().min(1).max(254)
const external = z.string().max(254).nullable()
const members = z.array(z.looseObject({ value: z.uuid() })).max(5000)

function valueOf<S extends z.ZodType>(shape: S, called: string, value: unknown): z.output<S> {
  const reading = shape.safeParse(value)
  if (reading.success) return reading.data
  throw refuse('bad-input', `${called}: ${reading.error.issues[0]!.message}`, 'invalidValue')
}

function idsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value]
  return valueOf(members, 'members', list).map((one) => one.value.toLowerCase())
}

export function readGroup(body: Readonly<Record<string, unknown>>): Group {
  return {
    displayName: valueOf(name, 'displayName', pick(body, 'displayName')),
    externalId: valueOf(external, 'externalId', pick(body, 'externalId') ?? null),
    members: new Set(idsOf(pick(body, 'members') ?? [])),
  }
}

export function patchGroup(row: Row, changes: readonly Change[]): Group {
  const ids = new Set(row.members.map(({ value }) => value))
  const group = { displayName: row.displayName, externalId: row.externalId, members: ids }
  const set = (attribute: string, { op, chosen, value }: Omit<Change, 'attribute' | 'part'>) => {
    switch (attribute) {
      case 'displayname':
        group.displayName = valueOf(name, 'displayName', op === 'remove' ? null : value)
        return
      case 'externalid':
        group.externalId = valueOf(external, 'externalId', op === 'remove' ? null : value)
        return
      case 'members': {
        if (op === 'remove' && chosen) return void ids.delete(chosenValue(chosen).toLowerCase())
        // Entra ID removes members by listing them.
        if (op === 'remove' && value !== undefined && value !== null)
          return idsOf(value).forEach((id) => ids.delete(id))
        if (op !== 'add') ids.clear()
        if (op !== 'remove') idsOf(value).forEach((id) => ids.add(id))
        return
      }
      case 'id':
      case 'meta':
        throw refuse('bad-input', `${attribute} is not changed here`, 'mutability')
    }
  }
  for (const { attribute, ...change } of changes) {
    if (attribute !== null) set(attribute, change)
    else
      for (const [key, value] of Object.entries(valueOf(z.looseObject({}), 'value', change.value)))
        set(key.toLowerCase(), { ...change, value })
  }
  return group
}

export async function addGroup(tx: Transaction, tenant: string, group: Group): Promise<string> {
  const id = randomUUID()
  await tx.rows`
    insert into identity.directory_groups (id, tenant, display_name, external_id, made_at, changed_at)
    values (${id}, ${tenant}, ${group.displayName}, ${group.externalId}, ${at(tx.now)}, ${at(tx.now)})`
  await setMembers(tx, { tenant, id, before: new Set(), after: group.members })
  return id
}

export async function replaceGroup(
  tx: Transaction,
  tenant: string,
  { id, members: known }: Row,
  group: Group,
): Promise<void> {
  await tx.rows`update identity.directory_groups set display_name = ${group.displayName},
    external_id = ${group.externalId}, changed_at = ${at(tx.now)} where id = ${id}`
  const before = new Set(known.map(({ value }) => value))
  await setMembers(tx, { tenant, id, before, after: group.members })
}

export async function removeGroup(tx: Transaction, tenant: string, id: string): Promise<void> {
  await tx.rows`delete from identity.directory_groups where id = ${id} and tenant = ${tenant}`
  await syncOwners(tx, tenant)
}

async function setMembers(
  tx: Transaction,
  {
    tenant,
    id,
    before,
    after,
  }: { tenant: string; id: string; before: ReadonlySet<string>; after: ReadonlySet<string> },
): Promise<void> {
  for (const account of [...after].filter((one) => !before.has(one))) {
    const user = await needUser(tx, tenant, account).catch(() => {
      throw refuse('bad-input', `members: there is no user ${account}`, 'invalidValue')
    })
    await keepUser(tx, tenant, account, user)
    await tx.rows`insert into identity.directory_members ("group", account, tenant)
      values (${id}, ${account}, ${tenant})`
  }
  const gone = [...before].filter((one) => !after.has(one))
  await tx.rows`delete from identity.directory_members
    where "group" = ${id} and account = any(${gone}::uuid[])`
  await syncOwners(tx, tenant)
}

/** A group's members are owners where the tenant's owner says so, and members again when they leave it. */
export async function syncOwners(tx: Transaction, tenant: string): Promise<void> {
  const isRaised = (account: string, raised: boolean) => tx.rows`
    update identity.directory_users set raised = ${raised} where account = ${account}`
  const rows = await tx.rows<{ id: string; role: string; raised: boolean; owns: boolean }>`
    select a.id, a.role, d.raised, exists (select from identity.directory_members m
        join identity.directory_groups g on g.id = m."group"
        where m.account = a.id and g.owners and g.tenant = ${tenant}) as owns
    from identity.directory_users d join identity.accounts a on a.id = d.account
    where d.tenant = ${tenant} and a.removed_at is null order by a.id`
  for (const { id } of rows.filter(({ owns, role }) => owns && role !== 'owner')) {
    await setRole(tx, id, 'owner')
    await isRaised(id, true)
  }
  for (const { id } of rows.filter(({ owns, raised }) => !owns && raised)) {
    await setRole(tx, id, 'member')
    await isRaised(id, false)
  }
}

/** Which of the directory's groups makes owners: the tenant's owner alone decides. */
export async function setOwning(
  tx: Transaction,
  tenant: string,
  { group, owners }: { group: string; owners: boolean },
): Promise<void> {
  const row = await tx.row`update identity.directory_groups set owners = ${owners}
    where id = ${group} and tenant = ${tenant} returning id`
  if (!row) throw new Failure('not-found', 'there is no such group')
  await syncOwners(tx, tenant)
}
