import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { at, type Transaction } from '../../../foundation/transaction.ts'
import { removeAccount, spellEmail, type Role } from '../accounts.ts'
import { spellName } from '../providers/enter.ts'
import { toSql, type Columns } from './filter.ts'
import type { Change } from './patch.ts'
import { pick, refuse, schemas, type Page, type Resource } from './protocol.ts'
import { rowsOf, sql, type Fragment } from './sql.ts'

/** What a directory says of somebody. */
export interface User {
  userName: string
  externalId: string | null
  displayName: string | null
  givenName: string | null
  familyName: string | null
  email: string
  active: boolean
}

interface Row extends User {
  id: string
  role: Role
  groups: { value: string; display: string }[]
  madeAt: Date
  changedAt: Date
}

const columns: Columns = {
  id: { type: 'exact', is: sql`a.id::text` },
  username: { type: 'text', is: sql`coalesce(d.user_name, a.email)` },
  externalid: { type: 'exact', is: sql`d.external_id` },
  displayname: { type: 'text', is: sql`coalesce(d.display_name, a.name)` },
  'name.formatted': { type: 'text', is: sql`coalesce(d.display_name, a.name)` },
  'name.givenname': { type: 'text', is: sql`d.given_name` },
  'name.familyname': { type: 'text', is: sql`d.family_name` },
  emails: { type: 'text', is: sql`a.email` },
  'emails.value': { type: 'text', is: sql`a.email` },
  'emails.type': { type: 'text', is: sql`'work'::text` },
  'emails.primary': { type: 'boolean', is: sql`true` },
  active: { type: 'boolean', is: sql`(a.removed_at is null)` },
  'meta.created': { type: 'time', is: sql`coalesce(d.made_at, a.added_at)` },
  'meta.lastmodified': { type: 'time', is: sql`coalesce(d.changed_at, a.added_at)` },
  'groups.value': {
    type: 'several',
    has: (value) => sql`exists (select from identity.directory_members m
      where m.account = a.id and m."group"::text = ${value})`,
    any: sql`exists (select from identity.directory_members m where m.account = a.id)`,
  },
}

/** Who has an account, and whom the directory took out but still knows. */
const known = (tenant: string) => sql`
  from identity.accounts a left join identity.directory_users d on d.account = a.id and d.tenant = a.tenant
  where a.tenant = ${tenant} and (a.removed_at is null or d.account is not null)`

const selected = sql`
  select a.id, a.role, coalesce(d.user_name, a.email) as "userName", d.external_id as "externalId",
    coalesce(d.display_name, a.name) as "displayName", d.given_name as "givenName",
    d.family_name as "familyName", a.email, a.removed_at is null as active,
    coalesce(d.made_at, a.added_at) as "madeAt", coalesce(d.changed_at, a.added_at) as "changedAt",
    coalesce((select json_agg(json_build_object('value', g.id, 'display', g.display_name) order by g.id)
      from identity.directory_members m join identity.directory_groups g on g.id = m."group"
      where m.account = a.id), '[]') as groups`

export async function listUsers(
  tx: Transaction,
  tenant: string,
  { filter, startIndex, count }: Page & { filter?: string | undefined },
): Promise<{ rows: Row[]; total: number }> {
  const where = filter === undefined ? sql`true` : toSql(filter, columns)
  const [counted] = await rowsOf<{ total: string }>(
    tx,
    sql`select count(*) as total ${known(tenant)} and ${where}`,
  )
  const rows = await rowsOf<Row>(
    tx,
    sql`${selected} ${known(tenant)} and ${where}
      order by a.added_at, a.id limit ${count} offset ${startIndex - 1}`,
  )
  return { rows, total: Number(counted!.total) }
}

async function findOne(tx: Transaction, tenant: string, also: Fragment): Promise<Row | null> {
  const rows = await rowsOf<Row>(tx, sql`${selected} ${known(tenant)} and ${also} limit 1`)
  return rows[0] ?? null
}

/** @throws Failure `not-found`, for another tenant's too */
export async function needUser(tx: Transaction, tenant: string, id: string): Promise<Row> {
  const row = await findOne(tx, tenant, sql`a.id::text = ${id.toLowerCase()}`)
  if (row) return row
  throw refuse('not-found', 'there is no such user')
}

export function toResource(row: Row, origin: string): Resource {
  const { id, userName, externalId, displayName, givenName, familyName, email, active } = row
  const named = {
    ...(displayName !== null && { formatted: displayName }),
    ...(givenName !== null && { givenName }),
    ...(familyName !== null && { familyName }),
  }
  return {
    schemas: [schemas.user],
    id,
    ...(externalId !== null && { externalId }),
    userName,
    name: named,
    ...(displayName !== null && { displayName }),
    emails: [{ value: email, type: 'work', primary: true }],
    active,
    groups: row.groups.map((one) => ({ ...one, $ref: `${origin}/scim/v2/Groups/${one.value}` })),
    meta: {
      resourceType: 'User',
      created: row.madeAt.toISOString(),
      lastModified: row.changedAt.toISOString(),
      location: `${origin}/scim/v2/Users/${id}`,
    },
  }
}

const text = z.string().max(254).nullable()
/** Entra ID writes booleans as texts. */
const flag = z.union([
  z.boolean(),
  z
    .string()
    .regex(/^(?:true|false)$/i)
    .transform((one) => one.toLowerCase() === 'true'),
])
const address = z.looseObject({ value: z.string().max(254), primary: flag.optional() })
const shapes = {
  userName: z.string().trim().min(1).max(254),
  externalId: text,
  displayName: text,
  givenName: text,
  familyName: text,
  active: flag,
  emails: z.array(address).max(20),
}

function valueOf<S extends z.ZodType>(shape: S, name: string, value: unknown): z.output<S> {
  const reading = shape.safeParse(value)
  if (reading.success) return reading.data
  throw refuse('bad-input', `${name}: ${reading.error.issues[0]!.message}`, 'invalidValue')
}

/** The one address of several that we keep. */
function emailOf(value: unknown): string | null {
  const all = valueOf(shapes.emails, 'emails', value)
  return (all.find(({ primary }) => primary === true) ?? all[0])?.value ?? null
}

/** A user as a body says it; of what it leaves out, what is there stays or nothing is. */
export function readUser(
  body: Readonly<Record<string, unknown>>,
  before: Pick<User, 'active'> = { active: true },
): User {
  const of = <S extends z.ZodType>(name: string, shape: S, from = body) => {
    const value = pick(from, name)
    return value === undefined || value === null ? null : valueOf(shape, name, value)
  }
  const name = of('name', z.looseObject({})) ?? {}
  const userName = of('userName', shapes.userName)
  if (userName === null) throw refuse('bad-input', 'userName: it is missing', 'invalidValue')
  const emails = pick(body, 'emails')
  return {
    userName,
    externalId: of('externalId', shapes.externalId),
    displayName: of('displayName', shapes.displayName) ?? of('formatted', shapes.displayName, name),
    givenName: of('givenName', shapes.givenName, name),
    familyName: of('familyName', shapes.familyName, name),
    email: spellAddress((emails === undefined ? null : emailOf(emails)) ?? userName),
    active: of('active', shapes.active) ?? before.active,
  }
}

function spellAddress(email: string): string {
  try {
    return spellEmail(email)
  } catch {
    throw refuse(
      'bad-input',
      'emails: one address in plain letters is needed, there or as the userName',
      'invalidValue',
    )
  }
}

/** What a PATCH makes of a user. Attributes that we keep none of are passed over. */
export function patchUser(row: User, changes: readonly Change[]): User {
  const user: User = {
    userName: row.userName,
    externalId: row.externalId,
    displayName: row.displayName,
    givenName: row.givenName,
    familyName: row.familyName,
    email: row.email,
    active: row.active,
  }
  for (const { op, attribute, part, value } of changes) {
    const given = op === 'remove' ? null : value
    if (attribute !== null)
      setAttribute(user, part === null ? attribute : `${attribute}.${part}`, given)
    else {
      const body = valueOf(z.looseObject({}), 'value', given)
      for (const [name, one] of Object.entries(body)) setAttribute(user, name.toLowerCase(), one)
    }
  }
  return user
}

function setAttribute(user: User, name: string, value: unknown): void {
  switch (name.replace(/^urn:ietf:params:scim:schemas:core:2\.0:user:/, '')) {
    case 'username':
      user.userName = valueOf(shapes.userName, 'userName', value)
      return
    case 'externalid':
      user.externalId = valueOf(shapes.externalId, 'externalId', value)
      return
    case 'displayname':
    case 'name.formatted':
      user.displayName = valueOf(shapes.displayName, 'displayName', value)
      return
    case 'name.givenname':
      user.givenName = valueOf(shapes.givenName, 'name.givenName', value)
      return
    case 'name.familyname':
      user.familyName = valueOf(shapes.familyName, 'name.familyName', value)
      return
    case 'name':
      for (const [part, one] of Object.entries(valueOf(z.looseObject({}), 'name', value ?? {})))
        setAttribute(user, `name.${part.toLowerCase()}`, one)
      return
    case 'active':
      user.active = valueOf(shapes.active, 'active', value)
      return
    case 'emails':
      user.email = spellAddress(emailOf(Array.isArray(value) ? value : [value]) ?? '')
      return
    case 'emails.value':
      user.email = spellAddress(valueOf(z.string(), 'emails', value))
      return
    case 'id':
    case 'meta':
    case 'groups':
      throw refuse('bad-input', `${name} is not changed here`, 'mutability')
  }
}

export async function addUser(tx: Transaction, tenant: string, user: User): Promise<string> {
  await mustBeFree(tx, tenant, null, user)
  const id = randomUUID()
  const { id: by } = tx.scope.actor
  const removed = user.active ? null : at(tx.now)
  await tx.rows`
    insert into identity.accounts (id, tenant, name, email, role, added_at, added_by, removed_at)
    values (${id}, ${tenant}, ${nameOf(user)}, ${user.email}, 'member', ${at(tx.now)}, ${`directory:${by}`}, ${removed})`
  await keepUser(tx, tenant, id, user)
  return id
}

/** Whoever is active no more has no session and no key from this transaction on. */
export async function replaceUser(
  tx: Transaction,
  tenant: string,
  before: Row,
  user: User,
): Promise<void> {
  await mustBeFree(tx, tenant, before.id, user)
  if (before.active && !user.active) await removeAccount(tx, before.id)
  if (!before.active && user.active) {
    await tx.rows`update identity.accounts set removed_at = null, role = 'member' where id = ${before.id}`
  }
  await tx.rows`update identity.accounts set email = ${user.email}, name = ${nameOf(user)}
    where id = ${before.id}`
  await keepUser(tx, tenant, before.id, user)
}

export async function removeUser(tx: Transaction, { id, active }: Row): Promise<void> {
  if (active) await removeAccount(tx, id)
  await tx.rows`delete from identity.directory_members where account = ${id}`
  await tx.rows`delete from identity.directory_users where account = ${id}`
}

/** An account that somebody invited becomes the directory's when it first changes it. */
export async function keepUser(
  tx: Transaction,
  tenant: string,
  id: string,
  { userName, externalId, displayName, givenName, familyName }: User,
): Promise<void> {
  await tx.rows`
    insert into identity.directory_users (account, tenant, user_name, external_id, display_name,
      given_name, family_name, made_at, changed_at)
    values (${id}, ${tenant}, ${userName}, ${externalId}, ${displayName}, ${givenName}, ${familyName},
      ${at(tx.now)}, ${at(tx.now)})
    on conflict (account) do update set user_name = excluded.user_name,
      external_id = excluded.external_id, display_name = excluded.display_name,
      given_name = excluded.given_name, family_name = excluded.family_name,
      changed_at = excluded.changed_at`
}

function nameOf({ displayName, givenName, familyName, email }: User): string {
  const both = [givenName, familyName].filter((one) => one !== null).join(' ')
  return spellName(displayName ?? both) || email.slice(0, email.lastIndexOf('@'))
}

async function mustBeFree(
  tx: Transaction,
  tenant: string,
  own: string | null,
  { userName, email, active }: User,
): Promise<void> {
  const other = await findOne(
    tx,
    tenant,
    sql`a.id is distinct from ${own}::uuid and (lower(coalesce(d.user_name, a.email)) = lower(${userName})
      or (${active} and a.removed_at is null and a.email = ${email}))`,
  )
  if (other) throw refuse('conflict', 'another user has this userName or address', 'uniqueness')
}
