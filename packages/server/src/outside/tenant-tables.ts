import { escapeIdentifier, type Client } from 'pg'
import {
  findAppRoles as findRoles,
  isSealed,
  type AppRole,
  type Scoping,
  type TenantTable,
} from '@kept/guard/protect'
import type { System } from '@kept/page'
import { cannotLook, tagged } from '../foundation/look.ts'
import { sealScope } from './sealed-scope.ts'

export {
  findGuises,
  findStrays,
  findTenantTables,
  firstOfUsers,
  isSealed,
  reachable,
  type AppRole,
  type TenantTable,
} from '@kept/guard/protect'

/**
 * How an app separates its tenants in a database, by tags of the database in systems.yaml:
 * `tenant-column:org_id` (`tenant_id` when absent), `tenant-setting:app.tenant_id` (`kept.tenant` where the
 * guard seals its scopes), and `app-role:web`, once for each role the app logs in as.
 */
export interface Convention extends Scoping {
  /** `canary:<tenant>`, twice: two tenants that exist for nothing but being tried. */
  canaries: readonly [string, string] | null
  /** `seal:<SECRET>`: the secret with the key that opens sealed scopes of the canaries. */
  seal: string | null
}

export function conventionOf(subject: System): Convention {
  const [one, two, ...more] = tagged(subject, 'canary')
  const isOdd = (one === undefined) !== (two === undefined) || more.length > 0 || (one ?? 1) === two
  if (isOdd) throw cannotLook(`${subject.id} needs two tags canary:<tenant>, of different tenants`)
  return {
    column: tagged(subject, 'tenant-column')[0] ?? 'tenant_id',
    setting: tagged(subject, 'tenant-setting')[0] ?? 'app.tenant_id',
    roles: tagged(subject, 'app-role'),
    fix: 'tags app-role: name the roles of the app',
    canaries: one !== undefined && two !== undefined ? [one, two] : null,
    seal: tagged(subject, 'seal')[0] ?? null,
  }
}

/** The roles of the app; without any nothing can be said of it. */
export async function findAppRoles(
  client: Client,
  convention: Convention,
  tables: readonly TenantTable[],
): Promise<AppRole[]> {
  const found = await findRoles(client, convention, tables)
  const missing = convention.roles.filter((role) => !found.some(({ name }) => name === role))
  if (missing.length > 0) throw cannotLook(`there is no role ${missing.join(', ')} (tag app-role)`)
  if (found.length > 0) return found
  throw cannotLook('no role of the app was found: name it with a tag app-role:<role>')
}

/**
 * Takes a role of the app on, until the transaction ends: for what the role of the secret may not see
 * itself, and for what the policies let the app see.
 */
export async function become(client: Client, { name }: AppRole): Promise<void> {
  const { rows } = await client.query<{ may: boolean }>(
    `select pg_has_role(current_user, $1, 'set') as may`,
    [name],
  )
  if (!rows[0]!.may) {
    const grant = `grant ${name} to the role of the secret with inherit false, set true`
    throw cannotLook(`nothing can be tried as ${name}: ${grant}`)
  }
  await client.query(`set local role ${escapeIdentifier(name)}`)
}

/** Is a tenant to the policies, until the transaction ends; nobody when it is empty. */
export async function asTenant(
  client: Client,
  convention: Convention,
  tenant: string,
): Promise<void> {
  if (isSealed(convention)) return await sealScope(client, convention.seal, tenant)
  await client.query('select set_config($1, $2, true)', [convention.setting, tenant])
}
