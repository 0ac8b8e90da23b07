import { BlockList, isIPv4 } from 'node:net'
import { json, type Transaction } from '../../foundation/transaction.ts'

/** What a tenant asks of its users. */
export interface TenantSettings {
  secondFactor: boolean
  providerOnly: boolean
  /** Networks from which they may come; null for any. */
  addresses: string[] | null
}

const none: TenantSettings = { secondFactor: false, providerOnly: false, addresses: null }

/** As they are kept; null where a tenant has set none. */
export interface SettingsRow {
  second_factor: boolean | null
  provider_only: boolean | null
  addresses: string[] | null
}

/** Of the staff a second factor is always asked. */
export function settingsOf(tenant: string | null, row: SettingsRow | null): TenantSettings {
  if (tenant === null) return { ...none, secondFactor: true }
  return {
    secondFactor: row?.second_factor ?? none.secondFactor,
    providerOnly: row?.provider_only ?? none.providerOnly,
    addresses: row?.addresses ?? none.addresses,
  }
}

export async function readSettings(
  tx: Transaction,
  tenant: string | null,
): Promise<TenantSettings> {
  if (tenant === null) return settingsOf(null, null)
  const row = await tx.row<SettingsRow>`
    select second_factor, provider_only, addresses::text[]
    from identity.settings where tenant = ${tenant}`
  return settingsOf(tenant, row)
}

export async function keepSettings(
  tx: Transaction,
  tenant: string,
  { secondFactor, providerOnly, addresses }: TenantSettings,
): Promise<void> {
  const networks = addresses === null ? null : json(addresses)
  await tx.rows`
    insert into identity.settings (tenant, second_factor, provider_only, addresses)
    values (${tenant}, ${secondFactor}, ${providerOnly},
      (select array_agg(network(one::inet)) from jsonb_array_elements_text(${networks}::jsonb) as one))
    on conflict (tenant) do update set second_factor = excluded.second_factor,
      provider_only = excluded.provider_only, addresses = excluded.addresses`
}

/** Whether an address lies in one of the networks; every one does where there is no list. */
export function mayComeFrom({ addresses }: TenantSettings, address: string | null): boolean {
  if (addresses === null) return true
  if (address === null) return false
  const list = new BlockList()
  for (const network of addresses) {
    const [host = '', bits] = network.split('/')
    list.addSubnet(host, Number(bits), isIPv4(host) ? 'ipv4' : 'ipv6')
  }
  const bare = address.replace(/^::ffff:(?=\d+\.)/, '')
  return list.check(bare, isIPv4(bare) ? 'ipv4' : 'ipv6')
}
