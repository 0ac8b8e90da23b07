import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ann, codeOf, guarded, tenants, type Guarded } from '../../test/guarded.ts'
import { drizzleOf } from '../drizzle.ts'
import { GuardFailure } from '../failure.ts'
import { trustedPrincipal, type Guard, type Mode, type Request, type Scope } from '../index.ts'
import { kyselyOf } from '../kysely.ts'

const sue = trustedPrincipal({ kind: 'staff', id: 'sue', tenant: null })
const tom = trustedPrincipal({ kind: 'staff', id: 'tom', tenant: null })
const look: Request = { tenant: tenants.a, action: 'support.look' }

interface Db {
  document: { id: string; title: string }
}

describe.each(['plain', 'sealed'] as const)('a %s scope of staff', (mode: Mode) => {
  let world: Guarded
  let guard: Guard
  let live = true

  const grants = {
    grantOf(staff: string, tenant: string) {
      if (live && staff === 'sue' && tenant === tenants.a) {
        return { id: 'g1', staff, tenant, reason: 'ticket 7', from: 0, until: Infinity }
      }
      throw new GuardFailure('no-grant', 'there is none', 'ask for one')
    },
  }
  const policies = {
    decide: ({ action }: { action: string }) => ({
      allowed: action === 'support.look',
      because: ['staff'],
      troubles: [],
    }),
  }

  beforeAll(async () => {
    world = await guarded(mode)
    guard = world.open({ records: true, grants, policies })
  })
  afterAll(async () => {
    await guard.close()
    await world.stop()
  })
  beforeEach(async () => {
    live = true
    await world.superuser.query('delete from kept.outbox')
  })

  const ids = async (scope: Scope) =>
    (await scope.rows<{ id: string }>`select id, title from document order by id`).map(
      ({ id }) => id,
    )
  const records = async () => {
    const { rows } = await world.superuser.query<{ kind: string; detail: unknown }>(
      'select tenant, actor, kind, action, detail from kept.outbox order by id',
    )
    return rows
  }
  const details = async () => (await records()).map(({ kind, detail }) => [kind, detail])

  it('sees the rows of that tenant, each of them recorded under the grant', async () => {
    expect(await guard.tenant(sue, ids, look)).toEqual(['a1', 'a2'])
    expect(await records()).toEqual([
      {
        tenant: tenants.a,
        actor: 'staff:sue',
        kind: 'staff-read',
        action: 'support.look',
        detail: { grant: 'g1', ids: ['a1', 'a2'] },
      },
    ])
  })

  it('records alike what only reads, and through Kysely and Drizzle', async () => {
    const seen = { grant: 'g1', ids: ['a1', 'a2'] }
    await guard.tenant(sue, ids, { ...look, readOnly: true })
    await guard.tenant(
      sue,
      (scope) => kyselyOf<Db>(scope).selectFrom('document').selectAll().orderBy('id').execute(),
      look,
    )
    await guard.tenant(
      sue,
      (scope) => drizzleOf(scope).execute('select id from document order by id'),
      look,
    )
    expect(await details()).toEqual([seen, seen, seen].map((detail) => ['staff-read', detail]))
  })

  it.each<[string, string, typeof sue, Request]>([
    ['another tenant', 'no-grant', sue, { ...look, tenant: tenants.b }],
    ['another person', 'no-grant', tom, look],
    [
      'no tenant named',
      'no-grant',
      sue,
      { action: 'support.look', resource: { type: 'Tenant', id: '' } },
    ],
    ['an action that no policy permits', 'not-allowed', sue, { ...look, action: 'support.delete' }],
    ['no action', 'bad-option', sue, { tenant: tenants.a }],
  ])('does not open for %s', async (_, code, who, request) => {
    expect(await codeOf(guard.tenant(who, ids, request))).toBe(code)
    expect(await records()).toEqual([])
    expect(await codeOf(guard.tenant(sue, ids, look))).toBe('no failure')
  })

  it('does not open without grants, or where nothing could be recorded', async () => {
    expect(await codeOf(world.open({ records: true, policies }).tenant(sue, ids, look))).toBe(
      'no-grant',
    )
    expect(await codeOf(world.open({ grants, policies }).tenant(sue, ids, look))).toBe(
      'not-installed',
    )
    expect(await codeOf(guard.tenant(sue, ids, look))).toBe('no failure')
  })

  it('is no way for others to another tenant', async () => {
    expect(await codeOf(guard.tenant(ann, ids, { ...look, tenant: tenants.b }))).toBe(
      'tenant-contradiction',
    )
    expect(await guard.tenant(ann, ids, look)).toEqual(['a1', 'a2'])
  })

  it('returns no row that could not be recorded', async () => {
    let rows: string[] | null = null
    const reading = () => guard.tenant(sue, async (scope) => void (rows = await ids(scope)), look)
    await world.superuser.query(
      'alter table kept.outbox add constraint closed check (false) not valid',
    )
    expect(await codeOf(reading())).toBe('unrecorded')
    expect(rows).toBeNull()
    await world.superuser.query('alter table kept.outbox drop constraint closed')
    expect(await codeOf(reading())).toBe('no failure')
    expect(rows).toEqual(['a1', 'a2'])
  })

  it('returns no row without a name', async () => {
    const reading = (text: string, rowId?: string) =>
      codeOf(
        guard.tenant(sue, (scope) => scope.query({ text }), { ...look, ...(rowId && { rowId }) }),
      )
    expect(await reading('select title from document')).toBe('unnamed-rows')
    expect(await reading('select null as id, title from document')).toBe('unnamed-rows')
    expect(await reading('select count(*) from document')).toBe('unnamed-rows')
    expect(await records()).toEqual([])
    expect(await reading(`select 'count' as id, count(*) from document`)).toBe('no failure')
    expect(await reading('select title from document order by 1', 'title')).toBe('no failure')
    expect(await details()).toEqual([
      ['staff-read', { grant: 'g1', ids: ['count'] }],
      ['staff-read', { grant: 'g1', ids: ['first', 'second'] }],
    ])
  })

  it('names every row, however many', async () => {
    const text = 'select n as id from generate_series(1, 250) as n'
    await guard.tenant(sue, (scope) => scope.query({ text }), look)
    const lists = (await records()).map(({ detail }) => (detail as { ids: string[] }).ids)
    expect(lists.map((list) => list.length)).toEqual([50, 50, 50, 50, 50])
    expect(new Set(lists.flat()).size).toBe(250)
  })

  it('stays recorded when it is undone', async () => {
    const failing = guard.tenant(
      sue,
      async (scope) => {
        throw new Error((await ids(scope)).join())
      },
      look,
    )
    await expect(failing).rejects.toThrow('a1,a2')
    expect(await details()).toEqual([
      ['staff-read', { grant: 'g1', ids: ['a1', 'a2'], again: true }],
    ])
  })

  it('stays recorded when a part of it is undone', async () => {
    const undone = async (scope: Scope) => {
      const part = kyselyOf<Db>(scope)
        .transaction()
        .execute(async (db) => {
          await db.selectFrom('document').select('id').where('id', '=', 'a2').execute()
          throw new Error('undo this part')
        })
      await expect(part).rejects.toThrow('undo this part')
    }
    await guard.tenant(sue, undone, look)
    expect(await details()).toEqual([['staff-read', { grant: 'g1', ids: ['a2'], again: true }]])
  })

  it('shows nothing further once its grant has ended', async () => {
    const reading = async (scope: Scope) => {
      const first = await ids(scope)
      live = false
      expect(await codeOf(ids(scope))).toBe('no-grant')
      live = true
      return first
    }
    expect(await guard.tenant(sue, reading, look)).toEqual(['a1', 'a2'])
    expect(await records()).toHaveLength(1)
  })

  it('sends nothing with its commit, where nobody sees what it does', async () => {
    const late = { text: 'update document set title = title' }
    const sending = (who: typeof sue, request: Request) =>
      codeOf(guard.tenant(who, async (scope) => scope.atCommit(late), request))
    expect(await sending(sue, look)).toBe('bad-query')
    expect(await sending(ann, {})).toBe('no failure')
    const recording = guard.tenant(sue, async (scope) => scope.record('support.note'), look)
    expect(await codeOf(recording)).toBe('no failure')
    expect(await details()).toEqual([['event', { grant: 'g1' }]])
  })

  it('records what staff change', async () => {
    await guard.tenant(sue, (scope) => scope.query`update document set title = title`, look)
    await guard.tenant(sue, (scope) => scope.query`delete from document where id = ${'x'}`, look)
    expect(await details()).toEqual([['event', { grant: 'g1', did: 'update', rows: 2 }]])
  })

  it('is not entered from the scope of somebody else, nor by them', async () => {
    const inner = guard.tenant(ann, () => guard.tenant(sue, ids, look))
    expect(await codeOf(inner)).toBe('scope-nested')
    const outer = guard.tenant(sue, () => guard.tenant(ann, ids), look)
    expect(await codeOf(outer)).toBe('scope-nested')
    expect(await guard.tenant(sue, () => guard.tenant(sue, ids, look), look)).toEqual(['a1', 'a2'])
    expect(await records()).toHaveLength(1)
  })
})
