import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorsOf, expectApart, openShop, type Shop } from './protecting.ts'
import { noRoles, staff, web } from './roles.ts'

const schema = `
  create table tenants (id int primary key); create table notes (id int primary key, tenant_id int not null references tenants,
    text text, label varchar(20));
  create table scope (id int primary key, tenant_id int not null references tenants, tenant text);
  insert into tenants values (1), (2); insert into notes values (1, 1), (2, 2); insert into scope values (1, 1, '2'), (2, 2, '1');
  create role ${staff}`

let shop: Shop
beforeAll(async () => {
  const plan = { staff: ['postgres'], scope: 'sealed' } as const
  shop = await openShop([noRoles, schema], plan)
  await shop.apply()
})
afterAll(async () => {
  await shop.sql(`drop owned by ${staff}`)
  await shop.close()
})

const found = async () => errorsOf(await shop.check())

describe('the seal', () => {
  it('holds, also for a table that is called as its view is', async () => {
    expect(await found()).toEqual([])
    await expectApart(shop, ['1', '2'])
  })

  const [another, other] = ['the app may put another in its place', 'it belongs to another role']
  it.each([
    ['a view that the app owns', `alter view kept.scope owner to ${web}`,
      `kept.scope: ${another}`, `alter view kept.scope owner to kept_guard; grant select on kept.scope to ${web}`],
    ['a view of who is not the owner of the keys', `alter view kept.scope owner to ${staff}`,
      `kept.scope: ${other}`, 'alter view kept.scope owner to kept_guard'],
    ['a schema that the app owns', `alter schema kept owner to ${web}`,
      `kept.key: ${another}`, `alter schema kept owner to kept_guard; grant usage on schema kept to ${web}`],
    ['a schema in which the app may make things', `grant create on schema kept to ${web}`,
      `kept.key: ${another}`, `revoke create on schema kept from ${web}`],
    ['an app that may become who owns it', `grant kept_guard to ${staff}; grant ${staff} to ${web} with inherit false`,
      `kept.key: ${another}`, `revoke kept_guard from ${staff}; revoke ${staff} from ${web}`],
    ['keys that the app reads', `grant select on kept.key to ${web}`,
      'kept.key: the app has a right on it', `revoke all on kept.key from ${web}`],
    ['keys of which everybody reads one column', 'grant select (inner_pad) on kept.key to public',
      'kept.key: the app has a right on it', 'revoke select (inner_pad) on kept.key from public'],
    ['keys that the app writes', `grant insert on kept.key to ${web}`,
      'kept.key: the app has a right on it', `revoke all on kept.key from ${web}`],
    ['keys that somebody reads whom the app may become', `grant select on kept.key to ${staff}; grant ${staff} to ${web} with inherit false`,
      'kept.key: the app has a right on it', `revoke all on kept.key from ${staff}; revoke ${staff} from ${web}`],
    ['a view of the keys', `create view seen as select * from kept.key; create view over as select * from seen; grant select on over to ${web}`,
      'public.over: the app has a right on it', 'drop view over, seen'],
    ['a function of the owner of the keys', `create function kept.peek() returns bytea language sql security definer as 'select inner_pad from kept.key';
      alter function kept.peek() owner to kept_guard`,
      'kept.peek: this function acts as one who may read the keys', 'drop function kept.peek()'],
    ['temporary tables', `do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$`,
      'the app may make temporary tables', `do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$`],
  ])('does not hold with %s', async (_, damage, why, repair) => {
    await shop.sql(damage)
    expect((await found()).filter((one) => one.includes(why))).toHaveLength(1)
    await shop.sql(repair)
    expect(await found()).toEqual([])
  }) // prettier-ignore
})

describe('a sealed policy', () => {
  const policy = (using: string, table = 'notes') =>
    shop.sql(
      `drop policy kept_tenant on ${table}; create policy kept_tenant on ${table} using (${using})`,
    )
  afterAll(() => policy('tenant_id = (select tenant::int from kept.scope)'))

  it.each([
    'tenant_id = (select tenant::int from kept.scope)',
    '(select tenant::bigint as own from kept.scope) = tenant_id',
    'tenant_id::text = (select tenant from kept.scope)',
    'tenant_id = (select kept.tenant()::int)',
    'tenant_id = kept.tenant()::int and id > 0',
  ])('may be %s', async (using) => {
    await policy(using)
    expect(await found()).toEqual([])
    await policy(using, 'scope')
    expect(await found()).toEqual([])
  })

  it.each([
    `tenant_id = current_setting('kept.tenant', true)::int`,
    `tenant_id = substr(current_setting('kept.token', true), 97)::int`,
    `tenant_id = (select tenant::int from kept.scope limit 1)`,
    `tenant_id = (select tenant::int from kept.scope where true)`,
    `tenant_id = (select max(tenant::int) from kept.scope)`,
    `label = (select tenant::varchar(1) from kept.scope)`,
    `tenant_id in (select tenant::int from kept.scope)`,
    `tenant_id = (select tenant::int from own.scope)`,
    `tenant_id = (select scope.tenant::int from own.scope, kept.scope as s)`,
    `tenant_id = any (array(select tenant::int from kept.scope))`,
  ])('may not be %s', async (using) => {
    await shop.sql(
      `create schema if not exists own; create or replace view own.scope as select '1'::text as tenant`,
    )
    await policy(using)
    expect(await found()).toEqual([
      expect.stringMatching(/^public\.notes: its policy kept_tenant is not of the form/),
    ])
    await policy('tenant_id = (select tenant::int from kept.scope)')
    expect(await found()).toEqual([])
  })

  it('may not ask a column of its own table that is called as the seal is', async () => {
    const own = 'tenant_id = (select scope.tenant::int from kept.scope as s)'
    await policy(own, 'scope')
    expect(await found()).toEqual([expect.stringContaining('public.scope: its policy kept_tenant')])
    await policy('tenant_id = (select tenant::int from kept.scope)', 'scope')
    expect(await found()).toEqual([])
  })
})
