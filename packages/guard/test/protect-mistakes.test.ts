import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '../src/protect/index.ts'
import { openShop, type Shop } from './protecting.ts'
import { noRoles, web } from './roles.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop([
    noRoles,
    `create table tenants (id int primary key);
    create table projects (id int primary key, tenant_id int not null references tenants, name text unique);
    create table tasks (id int, project_id int not null references projects, project2_id int);
    create table seen (id int, at date not null) partition by range (at);
    create table seen_26 partition of seen for values from ('2026-01-01') to ('2027-01-01');
    create view every_task as select * from tasks;
    create function total() returns bigint language sql as 'select count(*) from tasks'`,
  ])
})
afterAll(() => shop.close())

const look = async (plan: Partial<Plan>) => {
  const { plan: before } = shop
  shop.plan = { ...before, ...plan }
  try {
    return await shop.protect()
  } finally {
    shop.plan = before
  }
}

const right: Partial<Plan> = {
  tables: { 'public.projects': 'own tenant_id', 'public.seen': 'shared' },
  unique: {
    'public.projects_name_key': 'everywhere',
    'public.projects_old_title_idx': 'per tenant',
  },
  across: ['public.tasks.project_id'],
  revoke: ['public.every_task', 'public.total'],
  staff: ['postgres'],
  roles: { [web]: 'nobypassrls' },
}

describe('a plan', () => {
  it('is taken where all that it names is there, or was made one for each tenant', async () => {
    await expect(look(right)).resolves.toMatchObject({ tenant: { column: 'tenant_id' } })
  })

  it.each<[keyof Plan, Partial<Plan>, string]>([
    [
      'tables',
      { tables: { 'public.project': 'closed' } },
      'under tables: the database has no public.project; did you mean public.projects?',
    ],
    [
      'tables',
      { tables: { 'public.seen_26': 'closed' } },
      'under tables: public.seen_26 is part of public.seen; decide of public.seen',
    ],
    [
      'unique',
      { unique: { 'public.project_name_key': 'per tenant' } },
      'under unique: the database has no public.project_name_key; did you mean public.projects_name_key?',
    ],
    [
      'unique',
      { unique: { 'public.gone': 'everywhere' } },
      'under unique: the database has no public.gone; take it out',
    ],
    [
      'across',
      { across: ['public.tasks.projectid'] },
      'under across: the database has no public.tasks.projectid; did you mean public.tasks.project_id?',
    ],
    [
      'revoke',
      { revoke: ['public.every_tasks'] },
      'under revoke: the database has no public.every_tasks; did you mean public.every_task?',
    ],
    [
      'staff',
      { staff: ['postgras'] },
      'under staff: the database has no postgras; did you mean postgres?',
    ],
    [
      'roles',
      { roles: { nobody_such: 'nobypassrls' } },
      'under roles: the database has no nobody_such; take it out',
    ],
  ])('that is mistaken under %s is an error that names it', async (_, plan, message) => {
    await expect(look({ ...right, ...plan })).rejects.toMatchObject({
      code: 'bad-plan',
      message: expect.stringContaining(message),
    })
  })

  it('that names no column of its table is told what it may mean', async () => {
    const { decisions } = await look({ tables: { 'public.tasks': 'through projectid' } })
    expect(decisions.find(({ table }) => table.name === 'tasks')).toMatchObject({
      kind: 'open',
      why: expect.stringContaining('did you mean through project_id?'),
    })
    await expect(look({ tenant: 'public.tennants' })).rejects.toMatchObject({
      message: expect.stringContaining('did you mean public.tenants?'),
    })
  })
})
