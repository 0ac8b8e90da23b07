import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { confirm, migration } from '../src/protect/index.ts'
import { catalogOf, errorsOf, openShop, type Shop } from './protecting.ts'
import { noRoles, staff, web } from './roles.ts'

const schema = `
  create table tenants (id int primary key);
  create table notes (id int primary key, tenant_id int not null references tenants);
  insert into tenants values (1), (2); insert into notes values (1, 1), (2, 2);`

let shop: Shop
afterEach(() => shop.close())

const attributes = async (role: string) =>
  (await shop.sql(`select rolbypassrls as bypasses from pg_roles where rolname = '${role}'`))[0]

describe('a role that no policy binds', () => {
  beforeEach(async () => {
    shop = await openShop([noRoles, schema], { staff: ['postgres'] })
  })

  it('is left as it is where the app may only become it, and told with what to do', async () => {
    await shop.sql(`create role ${web} login noinherit; create role ${staff} bypassrls; grant ${staff} to ${web};
      grant select, insert on all tables in schema public to ${web}, ${staff}`)
    await shop.apply()
    expect(await attributes(staff)).toEqual({ bypasses: true })
    const { findings, steps } = await shop.protect()
    expect(steps).toEqual([])
    expect(findings).toContainEqual({
      at: web,
      level: 'error',
      why: `it is or may become ${staff}: no policy binds these`,
      fix: expect.stringMatching(
        new RegExp(`where nothing else needs it, revoke ${staff} from ${web}$`),
      ),
    })
    await shop.sql(`revoke ${staff} from ${web}`)
    expect(errorsOf(await shop.check())).toEqual([])
  })

  it('is changed where it is the app, by the word of the plan and not before', async () => {
    await shop.sql(
      `create role ${web} login bypassrls; grant select on all tables in schema public to ${web}`,
    )
    const { plan, steps } = await shop.protect()
    expect(plan.roles).toEqual({ [web]: 'nobypassrls?' })
    expect(steps.flatMap(({ sql }) => sql).join('\n')).not.toContain('alter role')
    await shop.apply()
    expect(await attributes(web)).toEqual({ bypasses: true })
    expect(errorsOf(await shop.check())).toEqual([
      expect.stringContaining(`${web}: it is or may become`),
    ])
    shop.plan = confirm(plan)
    expect(await shop.apply()).toEqual([web])
    expect(await attributes(web)).toEqual({ bypasses: false })
    expect(errorsOf(await shop.check())).toEqual([])
  })

  it('is not taken for the app where it is a superuser, also by who is none', async () => {
    await shop.sql(`create role ${staff} login superuser; alter table notes owner to ${staff}`)
    shop.plan = { ...shop.plan, appRoles: [] }
    const before = await catalogOf(shop)
    const { plan, roles, findings, steps } = await shop.protect()
    expect(roles).toEqual([])
    expect(plan.appRoles).toEqual([])
    expect(steps.flatMap(({ sql }) => sql).join('\n')).not.toMatch(/alter role|create role/)
    expect(findings).toContainEqual(
      expect.objectContaining({
        why: `the app seems to log in as ${staff}, a superuser, whom no policy binds`,
        fix: expect.stringContaining('--app-role NAME'),
      }),
    )
    await expect(shop.apply()).rejects.toMatchObject({ code: 'undecided' })
    expect(await catalogOf(shop)).toBe(before)
    // One that a policy can bind is found.
    await shop.sql(`create role ${web} login; grant select on notes to ${web}`)
    expect((await shop.protect()).plan.appRoles).toEqual([web])
    await shop.sql(`alter table notes owner to postgres`)
  })
})

describe('what nobody has confirmed', () => {
  it('is not in what the file runs: neither a table, nor its parts, nor what rests on it', async () => {
    shop = await openShop(
      [
        noRoles,
        `${schema} create role ${web} login;
        create table orders (id int not null, note_id int not null, at date not null, primary key (id, at)) partition by range (at);
        create table orders_26 partition of orders for values from ('2026-01-01') to ('2027-01-01');
        create table lines (order_id int not null, at date not null, foreign key (order_id, at) references orders);
        grant all on all tables in schema public to ${web}`,
      ],
      { staff: ['postgres'] },
    )
    const found = await shop.protect()
    expect(found.plan.tables).toMatchObject({ 'public.orders': 'through note_id?' })
    const statements = [...migration(found)].filter((line) => !line.startsWith('--')).join('')
    expect(statements).toContain('public.notes')
    expect(statements).not.toMatch(/orders|lines/)
    shop.plan = confirm(found.plan)
    const decided = [...migration(await shop.protect())].join('')
    expect(decided).toMatch(/on public\.orders_26/)
    expect(decided).toMatch(/on public\.lines/)
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
  })
})
