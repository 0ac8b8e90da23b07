import { escapeIdentifier, escapeLiteral, type Client } from 'pg'
import {
  asTenant,
  become,
  findAppRoles,
  findTenantTables,
  type AppRole,
  type Convention,
  type TenantTable,
} from '../../outside/tenant-tables.ts'

/** A row of a tenant; `through` is the role of the app that saw it through a policy, if one did. */
export interface Sighting {
  tenant: string
  table: string
  through: string | null
}

/** A search for rows of tenants in every table with the tenant column. What it saw stands even if it fails. */
export class TenantSearch {
  readonly sightings: Sighting[] = []
  /** Tables with the tenant column that nobody it may be can read. */
  unread: readonly TenantTable[] = []
  /** Roles of the app that looked through row policies. */
  readonly bound = new Set<string>()
  private readonly client: Client
  private readonly convention: Convention
  private readonly tenants: readonly string[]

  constructor(client: Client, convention: Convention, tenants: readonly string[]) {
    this.client = client
    this.convention = convention
    this.tenants = tenants
  }

  /**
   * Looks as the role of the secret where it may read and no policy binds it, otherwise as each role of
   * the app, being the tenant it looks for. Returns how many tables there are.
   */
  async run(): Promise<number> {
    const tables = await findTenantTables(this.client, this.convention)
    this.unread = await this.withoutPartitions(tables)
    for (const { table, isBound } of await this.readable(this.unread)) {
      if (!isBound) await this.seek(table, null)
    }
    const hidden = this.unread
    const roles = hidden.length > 0 ? await findAppRoles(this.client, this.convention, tables) : []
    for (const role of roles) await this.runAs(role, hidden)
    return tables.length
  }

  private async runAs(role: AppRole, tables: readonly TenantTable[]): Promise<void> {
    await this.client.query('begin')
    try {
      await become(this.client, role)
      for (const { table, isBound } of await this.readable(tables)) {
        if (isBound) this.bound.add(role.name)
        await this.seek(table, isBound ? role.name : null)
      }
    } finally {
      await this.client.query('rollback')
    }
  }

  private async seek(table: TenantTable, through: string | null): Promise<void> {
    for (const tenant of this.tenants) {
      if (through !== null) await asTenant(this.client, this.convention, tenant)
      if (await this.holds(table, tenant)) {
        this.sightings.push({ tenant, table: table.name, through })
      }
    }
    this.unread = this.unread.filter((one) => one !== table)
  }

  private async holds({ name }: TenantTable, tenant: string): Promise<boolean> {
    // Compared as what the column is: as text no index would be used.
    const column = escapeIdentifier(this.convention.column)
    const { rowCount } = await this.client.query(
      `select from ${name} where ${column} = ${escapeLiteral(tenant)} limit 1`,
    )
    return rowCount === 1
  }

  /** A partition is read through its parent, which has the same column. */
  private async withoutPartitions(tables: readonly TenantTable[]): Promise<TenantTable[]> {
    const { rows } = await this.client.query<{ oid: number }>(
      'select oid::int as oid from pg_class where oid::int = any($1) and not relispartition',
      [tables.map(({ oid }) => oid)],
    )
    return tables.filter(({ oid }) => rows.some((row) => row.oid === oid))
  }

  /** The tables whose tenants the current role may read, and whether policies bind it there. */
  private async readable(
    tables: readonly TenantTable[],
  ): Promise<{ table: TenantTable; isBound: boolean }[]> {
    const { rows } = await this.client.query<{ oid: number; bound: boolean }>(
      `select pg_class.oid::int as oid, row_security_active(pg_class.oid) as bound
       from pg_class join pg_attribute on attrelid = pg_class.oid and attname = $2
       where pg_class.oid::int = any($1) and has_schema_privilege(relnamespace, 'usage')
         and has_column_privilege(pg_class.oid, attnum, 'select')`,
      [tables.map(({ oid }) => oid), this.convention.column],
    )
    return tables.flatMap((table) => {
      const row = rows.find(({ oid }) => oid === table.oid)
      return row ? [{ table, isBound: row.bound }] : []
    })
  }
}
