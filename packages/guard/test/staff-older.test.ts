import { Client, Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGuard, outboxSql, rowPolicy, schemaSql, trustedPrincipal } from '../src/index.ts'
import { codeOf } from './guarded.ts'
import { hasOlder, startOlder, type Older } from './older.ts'

const [mode, appRole] = ['plain', 'web'] as const

/** There a DO block commits wherever no BEGIN was sent, though other statements go with it. */
describe.skipIf(!hasOlder())('staff on PostgreSQL 15, of Debian’s postgresql-15,', () => {
  let older: Older
  let owner: Client
  let pool: Pool
  beforeAll(async () => {
    older = await startOlder()
    owner = new Client({ connectionString: older.url })
    await owner.connect()
    await owner.query(`create role ${appRole} login;
      ${schemaSql({ mode, appRole })}; ${outboxSql({ mode, appRole })};
      create table document (tenant_id text, id text, title text);
      insert into document values ('acme', 'a1', 'first');
      grant select, update on document to ${appRole};
      ${rowPolicy({ mode, table: 'document', column: 'tenant_id', type: 'text' })}`)
    const url = older.url.replace('postgres@', `${appRole}@`)
    pool = new Pool({ connectionString: url, max: 2 })
  }, 60_000)
  afterAll(async () => {
    await pool?.end()
    await owner?.end()
    await older?.stop()
  })

  it('write nothing in a transaction that they begin themselves', async () => {
    const grant = { id: 'g1', staff: 'sue', tenant: 'acme', reason: '', from: 0, until: Infinity }
    const guard = openGuard({
      pool,
      scope: { mode },
      records: true,
      grants: { grantOf: () => grant },
      policies: { decide: () => ({ allowed: true, because: [], troubles: [] }) },
    })
    const sue = trustedPrincipal({ kind: 'staff', id: 'sue', tenant: null })
    const change = (before: string, readOnly?: boolean) => {
      const text = `do $do$ begin ${before}; perform set_config('app.tenant_id', 'acme', true);
        update document set title = 'changed'; end $do$`
      const asked = { tenant: 'acme', action: 'look', ...(readOnly !== undefined && { readOnly }) }
      return codeOf(guard.tenant(sue, (scope) => scope.query({ text }), asked))
    }
    const title = async () => (await owner.query('select title from document')).rows[0].title
    const events = async () =>
      (await owner.query(`select from kept.outbox where kind = 'event'`)).rowCount
    for (const readOnly of [undefined, true, false]) {
      expect(await change('commit', readOnly)).toBe('bad-query')
    }
    expect([await title(), await events()]).toEqual(['first', 0])
    expect(await change('null', false)).toBe('no failure')
    expect([await title(), await events()]).toEqual(['changed', 1])
    await guard.close()
  })
})
