import { ensureDatabase, ensureRole, type Cluster } from '@kept/postgres'

type Client = Parameters<Parameters<Cluster['asSuperuser']>[0]>[0]

/** Who there is in a database of the app: whose it is, whom the app logs in as, and the collector. */
export interface Roles {
  owner: string
  web: string
  observer: string
}

/** Makes the roles of a system, with one password. */
export async function makeRoles(client: Client, name: string, password: string): Promise<Roles> {
  const roles = { owner: `${name}_owner`, web: `${name}_web`, observer: `${name}_observer` }
  for (const role of Object.values(roles)) await ensureRole(client, { name: role, password })
  // The collector may see who is connected, and may act as the app to try the canaries.
  await client.query(`grant pg_read_all_stats to ${roles.observer}`)
  await client.query(`grant ${roles.web} to ${roles.observer} with inherit false, set true`)
  return roles
}

export async function makeDatabase(
  client: Client,
  name: string,
  { owner, web, observer }: Roles,
): Promise<void> {
  await ensureDatabase(client, { name, owner, mayConnect: [web, observer] })
}

/** Works as the owner of a database's tables. */
export function asOwner<T>(
  cluster: Cluster,
  database: string,
  { owner }: Roles,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  return cluster.asSuperuser(async (client) => {
    await client.query(`set role ${owner}`)
    return await work(client)
  }, database)
}
