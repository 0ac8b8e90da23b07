import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Client } from 'pg'
import {
  apply,
  confirm,
  migration,
  noPlan,
  protect,
  reading,
  withDatabase,
} from '../src/protect/index.ts'
import { catalogOf, errorsOf, expectApart, openShop, type Shop } from './protecting.ts'
import { noRoles, owner, web } from './roles.ts'

const schema = `
  create table tenants (id int primary key);
  create table projects (id int primary key, tenant_id int not null references tenants);
  create table people (id int primary key, tenant_id int not null references tenants);
  create table tasks (id int primary key, project int references projects, person int references people);
  insert into tenants values (1), (2); insert into projects values (1, 1), (2, 2); insert into people values (1, 1), (2, 2);
  insert into tasks values (1, 1, 1), (2, 2, 2), (3, 1, 2), (4, 2, 1), (5, null, null);`

const hasPsql = spawnSync('psql', ['--version']).status === 0

let shop: Shop
afterEach(() => shop.close())
const open = async (statements: readonly string[], plan: Parameters<typeof openShop>[1] = {}) => {
  shop = await openShop([noRoles, ...statements], {
    staff: ['postgres'],
    ...plan,
  })
}

describe('rows that already cross tenants', () => {
  beforeEach(() => open([schema]))

  it('are counted with their ids, stay listed until they are repaired, and lose nothing', async () => {
    const { rows, findings } = await shop.protect()
    expect(rows.crossings).toEqual([
      {
        at: 'public.tasks',
        by: ['person'],
        to: 'public.people',
        implied: false,
        rows: 2,
        first: ['3', '4'],
      },
    ])
    expect(errorsOf(findings)).toEqual([
      'public.tasks: 1 of its rows lead to no tenant (5), so tenant_id cannot be NOT NULL; nobody sees such rows',
      "public.tasks: 2 of its rows point by person at a row of public.people that is another tenant's: 3; 4",
    ])
    await shop.apply()
    expect(errorsOf(await shop.check()).length).toBe(2)
    expect(await shop.sql('select count(*)::int as n from tasks')).toEqual([{ n: 5 }])

    await shop.sql(
      'update tasks set person = 1 where id = 3; update tasks set person = 2 where id = 4',
    )
    await shop.sql('update tasks set project = 1 where id = 5')
    expect((await shop.apply()).length).toBeGreaterThan(0)
    expect(errorsOf(await shop.check())).toEqual([])
    await expectApart(shop, ['1', '2'])
    await expect(shop.as('1', 'update tasks set person = 2')).rejects.toMatchObject({
      code: '23503',
    })
    expect((await shop.as('1', 'update tasks set person = 1')).count).toBe(3)
  })

  it('without a tenant are noted with their ids: under a policy they are lost to everybody', async () => {
    await shop.sql(`delete from tasks; alter table people alter tenant_id drop not null;
      insert into people values (7, null), (8, null)`)
    const { findings } = await shop.protect()
    expect(findings).toContainEqual({
      at: 'public.people',
      level: 'note',
      why: '2 of its rows have no tenant_id (7; 8): under the policy no tenant sees them',
      fix: expect.stringContaining('give them a tenant'),
    })
    await shop.apply()
    expect((await shop.as('1', 'select id from people')).rows).toEqual([{ id: 1 }])
  })

  it('that name a tenant who is not there are noted as those without one', async () => {
    await shop.sql(`create table channels (id int primary key, tenant_id int); create table held (id int, tenant_id int references tenants);
      insert into channels values (1, 1), (2, 99), (3, null), (4, 0); insert into held values (1, 1)`)
    const { findings } = await shop.protect()
    expect(findings.filter(({ why }) => why.includes('who is not there'))).toEqual([
      {
        at: 'public.channels',
        level: 'note',
        why: '2 of its rows have a tenant_id of a tenant who is not there (2; 4): no tenant sees them',
        fix: expect.stringContaining('give them a tenant'),
      },
    ])
  })

  it('are counted by names too, where no foreign key says where they lead', async () => {
    await shop.sql(`delete from tasks; create table badges (id int primary key, tenant_id int not null references tenants,
        project_id int, person_id int, person_type text);
      insert into badges values (1, 1, 1, 1, 'x'), (2, 2, 1, 1, 'x'), (3, 1, 99, 2, 'x')`)
    const said =
      "public.badges: 1 of its rows point by project_id, by its name alone, at a row of public.projects that is another tenant's: 2"
    expect(errorsOf((await shop.protect()).findings)).toEqual([said])
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([said])
    shop.plan = { ...shop.plan, across: ['public.badges.project_id'] }
    expect(errorsOf(await shop.check())).toEqual([])
  })

  it('are taken where the plan says that they are meant: trees of tenants, and two in one row', async () => {
    await shop.sql(`delete from tasks; alter table tenants add parent_id int references tenants;
      update tenants set parent_id = 1 where id = 2;
      create table deals (id int primary key, seller_id int not null references tenants, buyer_id int not null references tenants,
        project int not null references projects);
      insert into deals values (1, 1, 2, 2)`)
    shop.plan = { ...shop.plan, tables: { 'public.deals': 'own seller_id' } }
    const open = errorsOf((await shop.protect()).findings)
    expect(open.map((one) => /^(\S+): .* by (\w+) /.exec(one)?.slice(1))).toEqual([
      ['public.deals', 'buyer_id'],
      ['public.deals', 'project'],
      ['public.tenants', 'parent_id'],
    ])
    shop.plan = {
      ...shop.plan,
      across: ['public.deals.buyer_id', 'public.deals.project', 'public.tenants.parent_id'],
    }
    await shop.apply()
    const left = await shop.check()
    expect(errorsOf(left)).toEqual([])
    expect(left.filter(({ why }) => why.includes('another tenant'))).toEqual([])
    await expectApart(shop, ['1', '2'])
  })

  it('are said to be uncounted where a policy hides them from who asks', async () => {
    await shop.sql(`create role ${owner} login password 'x'; grant all on schema public to ${owner};
      alter table projects owner to ${owner}; alter table people owner to ${owner};
      alter table tasks owner to ${owner}; alter table tenants owner to ${owner}`)
    const url = shop.database.url.replace(/\/\/[^@]*@/, `//${owner}:x@`)
    const look = () =>
      withDatabase(url, { writes: false }, (client) =>
        reading(client, () => protect(client, shop.plan)),
      )
    expect((await look()).rows.crossings).toHaveLength(1)
    await shop.sql(`alter table people enable row level security, force row level security`)
    const hidden = await look()
    expect(hidden.rows.crossings).toEqual([])
    expect(errorsOf(hidden.findings)).toContainEqual(expect.stringMatching(/could not be counted/))
    expect(hidden.steps.filter(({ sql }) => sql.join().includes('tasks_person_fkey'))).toEqual([])
    await shop.sql(`drop owned by ${owner}`)
  })
})

describe('what the tenant is', () => {
  it('is asked where two are as likely', async () => {
    await open([
      `create table organizations (id int primary key); create table accounts (id int primary key);
      create table a (organization_id int references organizations, account_id int references accounts);
      create table b (organization_id int references organizations, account_id int references accounts)`,
    ])
    await expect(shop.protect()).rejects.toMatchObject({
      code: 'tenant-unclear',
      message: expect.stringMatching(
        /public\.(?:accounts|organizations)\.id \(2 tables.* or public\./,
      ),
    })
    shop.plan = { ...shop.plan, tenant: 'accounts' }
    expect((await shop.protect()).plan).toMatchObject({
      tenant: 'public.accounts.id',
      column: 'account_id',
    })
  })

  it('is the one above where another is of it, and not asked', async () => {
    await open([
      `create table organizations (id int primary key);
      create table customers (id int primary key, organization_id int not null references organizations);
      create table orders (id int, customer_id int not null references customers);
      create table lines (customer_id int not null references customers)`,
    ])
    const { plan } = await shop.protect()
    expect(plan).toMatchObject({
      tenant: 'public.organizations.id',
      tables: { 'public.customers': 'own organization_id', 'public.orders': 'through customer_id' },
    })
  })

  it('is listed by the table that its column points at everywhere, whatever that is called', async () => {
    const tables = `create table crm_client_organization (id int primary key); create table other (id int primary key);
      create table a (organization_id int not null references crm_client_organization);
      create table b (id int primary key, organization_id int not null references crm_client_organization);
      create table c (b_id int not null references b); create table d (organization_id int not null)`
    await open([tables])
    const { plan, decisions } = await shop.protect()
    expect(plan).toMatchObject({
      tenant: 'public.crm_client_organization.id',
      column: 'organization_id',
      tables: {
        'public.crm_client_organization': 'own id',
        'public.c': 'through b_id',
        'public.d': 'own organization_id',
      },
    })
    const lists = decisions.find(({ kind }) => kind === 'tenant')
    expect(lists!.notes).toEqual([expect.stringContaining('sign-up must know the id of a new one')])
    await shop.sql('create table e (organization_id int not null references other)')
    expect((await shop.protect()).plan.tenant).toBe('organization_id')
  })

  it('is made in its own scope at sign-up', async () => {
    await open([
      schema,
      'delete from tasks; create table empty (tenant_id int not null references tenants)',
    ])
    await shop.apply()
    const insert = 'insert into tenants values (3)'
    expect((await shop.as('3', insert)).count).toBe(1)
    for (const other of ['1', null])
      await expect(shop.as(other, insert)).rejects.toMatchObject({ code: '42501' })
  })

  it('may be a column that no table lists', async () => {
    await open([
      `create table a (tenant_id uuid not null, n int); create table b (tenant_id uuid not null)`,
    ])
    expect((await shop.protect()).plan).toMatchObject({
      tenant: 'tenant_id',
      tables: { 'public.a': 'own tenant_id' },
    })
  })

  it('is not guessed where nothing is called so', async () => {
    await open([
      'create table planets (id int primary key); create table moons (planet int references planets)',
    ])
    await expect(shop.protect()).rejects.toMatchObject({
      code: 'tenant-unclear',
      message: expect.stringContaining('public.planets (1)'),
    })
  })

  it('is not what has its name and points elsewhere', async () => {
    await open(
      [
        `create table accounts (id int primary key); create table banks (id int primary key);
      create table users (id int primary key, account_id int not null references accounts);
      create table payments (id int, account_id int references banks, user_id int not null references users);
      insert into accounts values (1), (2); insert into banks values (1); insert into users values (1, 1), (2, 2);
      insert into payments values (1, 1, 1), (2, 1, 2)`,
      ],
      { tables: { 'public.banks': 'shared' } },
    )
    expect((await shop.protect()).plan.tables['public.payments']).toBe('through user_id')
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
    expect((await shop.as('2', 'select id, account_id, kept_tenant from payments')).rows).toEqual([
      { id: 2, account_id: 1, kept_tenant: 2 },
    ])
    await expectApart(shop, ['1', '2'])
  })
})

describe('a plan', () => {
  it('must be decided before anything is changed', async () => {
    await open([schema, 'create table genres (id int)', 'delete from tasks where id > 2'])
    const before = await catalogOf(shop)
    await expect(shop.apply()).rejects.toMatchObject({
      code: 'undecided',
      message: expect.stringContaining('public.genres'),
    })
    expect(await catalogOf(shop)).toBe(before)
    shop.plan = confirm((await shop.protect()).plan)
    expect((await shop.apply()).length).toBeGreaterThan(0)
    expect((await shop.as(null, 'select * from genres')).count).toBe(0)
    await expect(shop.as('1', 'insert into genres values (1)')).rejects.toMatchObject({
      code: '42501',
    })
  })

  it('may close a table to the app, and share one that it writes', async () => {
    await open(
      [
        schema,
        'delete from tasks where id > 2; create table secrets (x int); create table hits (x int)',
      ],
      {
        tables: { 'public.secrets': 'closed', 'public.hits': 'shared and written' },
      },
    )
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
    await expect(shop.as('1', 'select * from secrets')).rejects.toMatchObject({ code: '42501' })
    expect((await shop.as('1', 'insert into hits values (1)')).count).toBe(1)
    await shop.sql(`grant select on secrets to ${web}`)
    expect(errorsOf(await shop.check())).toEqual([
      `public.secrets: it is not for the app; it takes select from ${web}`,
    ])
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
  })

  it('that says what is not there is told', async () => {
    await open([schema], { tables: { 'public.tasks': 'through nothing' } })
    expect(errorsOf((await shop.protect()).findings)[0]).toMatch(
      /its plan "through nothing" names nothing it has/,
    )
    await expect(shop.apply()).rejects.toMatchObject({ code: 'undecided' })
  })
})

describe('--apply', () => {
  beforeEach(() =>
    open([
      schema,
      `delete from tasks where id > 2; insert into tasks select n, 1 + n % 2, 1 + n % 2 from generate_series(10, 20000) as n`,
    ]),
  )

  it('goes on after a stop at any step', async () => {
    const all = (await shop.protect()).steps.length
    expect(all).toBeGreaterThan(10)
    for (let runs = 0; ; runs++) {
      const stop = new AbortController()
      const done: string[] = []
      const running = apply(shop.database.url, shop.plan, {
        say: ({ at }) => void (done.push(at), done.length === 2 && stop.abort()),
        wait: () => Promise.resolve(),
        signal: stop.signal,
      })
      const ended = await running.then(
        () => 'applied',
        ({ code }: { code: string }) => code,
      )
      if (ended === 'applied') break
      expect(ended).toBe('cancelled')
      expect(runs).toBeLessThan(all + 5)
    }
    expect(errorsOf(await shop.check())).toEqual([])
    await expectApart(shop, ['1', '2'])
  })

  it('cancels what runs, and makes an index anew that was left half made', async () => {
    const blocker = new Client({ connectionString: shop.database.url })
    await blocker.connect()
    await blocker.query('begin; update projects set id = id')
    const stop = new AbortController()
    const running = apply(shop.database.url, shop.plan, {
      say: ({ sql }) => {
        // It waits for the transaction above, however long that takes.
        if (sql.join().includes('create unique index concurrently'))
          setTimeout(() => stop.abort(), 300)
      },
      wait: () => Promise.resolve(),
      signal: stop.signal,
    })
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    await blocker.end()
    const broken = () => shop.sql('select from pg_index where not indisvalid')
    expect((await broken()).length).toBe(1)
    await shop.apply()
    expect(await broken()).toEqual([])
    expect(errorsOf(await shop.check())).toEqual([])
  })

  it('waits for a lock, tries again, and says who holds it up in the end', async () => {
    const blocker = new Client({ connectionString: shop.database.url })
    await blocker.connect()
    await blocker.query('begin; lock table tasks')
    let waits = 0
    await apply(shop.database.url, shop.plan, {
      say: () => {},
      wait: async () => void (++waits === 1 && (await blocker.query('commit'))),
      signal: new AbortController().signal,
    })
    expect(waits).toBe(1)
    await blocker.end()
    expect(errorsOf(await shop.check())).toEqual([])
  }, 60_000)

  it('does not run twice at once', async () => {
    const other = new Client({ connectionString: shop.database.url })
    await other.connect()
    await other.query(`select pg_advisory_lock(hashtextextended('kept protect', 0))`)
    await expect(shop.apply()).rejects.toMatchObject({
      message: expect.stringContaining('another kept protect'),
    })
    await other.end()
  })
})

describe('in sealed mode', () => {
  const clean = [schema, 'delete from tasks where id > 2']

  it('installs the seal first, asks it, and fills the tenant of a new row from it', async () => {
    await open(clean, { scope: 'sealed' })
    const { steps } = await shop.protect()
    expect(steps[0]).toMatchObject({
      at: 'kept.key',
      why: expect.stringContaining('there is none'),
    })
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
    expect(await shop.apply()).toEqual([])
    const policies = await shop.sql('select pg_get_expr(polqual, polrelid) as said from pg_policy')
    expect(policies).toHaveLength(4)
    for (const { said } of policies) expect(said).toContain('FROM kept.scope')
    await expectApart(shop, ['1', '2'])
    expect((await shop.as('1', 'insert into tasks values (9, 1, 1)')).count).toBe(1)
    await expect(shop.as('1', 'insert into tasks values (9, 2, 2)')).rejects.toMatchObject({
      code: '23503',
    })
  })

  it('lets a role of the app that came later ask it too', async () => {
    await open(clean, { scope: 'sealed' })
    await shop.apply()
    await shop.sql(`revoke usage on schema kept from ${web}`)
    const { steps } = await shop.protect()
    expect(steps.map(({ at, why }) => `${at}: ${why}`)).toEqual([
      expect.stringContaining(`kept.scope: ${web} cannot ask it`),
    ])
    await shop.apply()
    await expectApart(shop, ['1', '2'])
  })

  it('makes what an earlier version or somebody else made as it should be', async () => {
    await open(clean, { scope: 'sealed' })
    await shop.apply()
    for (const damage of [
      `create or replace view kept.scope as select substr(current_setting('kept.token', true), 97) as tenant`,
      'alter view kept.scope reset (security_barrier)',
      `create or replace function kept.refuse(code text, why text) returns text language sql return 'x'`,
      'drop function kept.tenant() cascade',
    ]) {
      await shop.sql(damage)
      expect(errorsOf(await shop.check()), damage).toEqual([expect.stringMatching(/^kept\./)])
      expect(await shop.apply(), damage).toHaveLength(1)
      expect(errorsOf(await shop.check()), damage).toEqual([])
    }
    await expectApart(shop, ['1', '2'])
  })
})

describe('the migration', () => {
  it.skipIf(!hasPsql).each(['plain', 'sealed'] as const)(
    'does under psql what --apply does, %s, whatever names are in it',
    async (scope) => {
      await open(
        [
          `${schema} delete from tasks where id > 2; create table "x\ndrop table tasks; --" (tenant_id int references tenants);
      insert into "x\ndrop table tasks; --" values (1), (2)`,
        ],
        { scope },
      )
      const text = [...migration(await shop.protect())].join('')
      expect(text).toContain('\n-- public.x drop table tasks; --: row security is off.\n')
      const { stderr, status } = spawnSync(
        'psql',
        ['-X', '-v', 'ON_ERROR_STOP=1', '-f', '-', shop.database.url],
        { input: text, encoding: 'utf8' },
      )
      expect([stderr, status]).toEqual([expect.not.stringContaining('ERROR'), 0])
      expect(errorsOf(await shop.check())).toEqual([])
      expect((await shop.protect()).steps).toEqual([])
      await expectApart(shop, ['1', '2'])
    },
  )

  it('is refused for a type that keeps no tenants apart', async () => {
    await open(
      [
        'create table tenants (id numeric primary key); create table a (tenant_id numeric references tenants)',
      ],
      { tenant: 'tenants' },
    )
    await expect(shop.apply()).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('of type numeric'),
    })
  })

  it('tells a password to nobody when the database cannot be opened', async () => {
    await open([schema])
    const url = 'postgres://somebody:hunter2@127.0.0.1:1/none'
    const failure = await withDatabase(url, { writes: false }, (client) =>
      protect(client, noPlan),
    ).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'cannot-connect' })
    expect(String(failure)).not.toContain('hunter2')
  })
})

describe('foreign keys that were never validated', () => {
  it('are told and left alone, and what else is to do is done', async () => {
    await open([
      `create table tenants (id int primary key); create table projects (id int primary key, tenant_id int not null);
       create table tasks (id int, project int not null); insert into tenants values (1), (2);
       insert into projects values (1, 1), (2, 2), (3, 7); insert into tasks values (1, 1), (2, 2), (3, 9);
       alter table projects add foreign key (tenant_id) references tenants not valid;
       alter table tasks add foreign key (project) references projects not valid`,
    ])
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([
      expect.stringMatching(
        /^public\.tasks: 1 of its rows lead to no tenant \(.*\), so tenant_id cannot be NOT NULL/,
      ),
      expect.stringMatching(
        /^public\.projects: its foreign key projects_tenant_id_fkey .* was never held/,
      ),
      expect.stringMatching(/^public\.tasks: its foreign key tasks_project_fkey .* was never held/),
    ])
    await expectApart(shop, ['1', '2'])
    await shop.sql(`delete from tasks where id = 3; delete from projects where id = 3;
      alter table projects validate constraint projects_tenant_id_fkey; alter table tasks validate constraint tasks_project_fkey`)
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
  })
})

describe('settings in the URL', () => {
  it('do not make it write or look past row security', async () => {
    await open([schema])
    const url = `${shop.database.url}&options=-c%20row_security%3Don%20-c%20default_transaction_read_only%3Doff`
    const write = (writes: boolean) =>
      withDatabase(url, { writes }, (client) => client.query('create table public.odd (x int)'))
    await expect(write(false)).rejects.toMatchObject({ code: '25006' })
    await write(true)
    const [row] = await withDatabase(url, { writes: false }, async (client) => {
      return (await client.query<{ row_security: string }>('show row_security')).rows
    })
    expect(row).toEqual({ row_security: 'off' })
  })
})

describe('foreign keys that others made with the tenant in them', () => {
  it('do not take the place of one that does more', async () => {
    await open([
      `create table tenants (id int primary key, slug text unique);
       create table projects (id int primary key, tenant_id int not null references tenants, unique (tenant_id, id));
       create table tasks (id int primary key, tenant_id int not null, project int references projects on delete cascade,
         foreign key (tenant_id, project) references projects (tenant_id, id));
       create table pages (slug text not null references tenants (slug) on update cascade);
       insert into tenants values (1, 'a'), (2, 'b'); insert into projects values (1, 1), (2, 2);
       insert into tasks values (1, 1, 1), (2, 2, 2); insert into pages values ('a'), ('b')`,
    ])
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
    await expectApart(shop, ['1', '2'])
    await expect(shop.as('1', `update pages set slug = 'b'`)).rejects.toMatchObject({
      code: '23503',
    })
    expect((await shop.as('1', `update tenants set slug = 'c'`)).count).toBe(1)
    expect(
      (await shop.as('1', 'with gone as (delete from projects returning id) select * from gone'))
        .count,
    ).toBe(1)
  })
})
