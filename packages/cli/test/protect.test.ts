import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../postgres/src/testing.ts'
import { runFake } from './fake-terminal.ts'
import { kept } from './spawn.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-test-'))
const plan = join(folder, 'protect.yaml')
const migration = join(folder, 'protect.sql')
let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
  const client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(`drop role if exists protect_cli; create table tenants (id int primary key);
    create table projects (id int generated always as identity primary key, tenant_id int not null references tenants);
    create table tasks (id int generated always as identity primary key, project int not null references projects, text text);
    create table colours (code text); insert into tenants values (1), (2); insert into projects (tenant_id) values (1), (2);
    insert into tasks (project) values (1), (2)`)
  await client.end()
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true })
})

const protect = (...words: string[]) => kept(['protect', database.url, ...words])

describe('kept protect', () => {
  test('says what it found, changes nothing, and writes the plan and the migration', async () => {
    const { code, out, err } = await protect(
      '--app-role',
      'protect_cli',
      '--plan',
      plan,
      '-o',
      migration,
    )
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('The tenant is a row of public.tenants.id')
    expect(out).toMatch(
      /1 reached by foreign keys\n {2}public\.tasks: it belongs to public\.projects by project\n/,
    )
    expect(out).toMatch(/public\.colours: .*\(to\s+be confirmed\)/s)
    expect(out).toMatch(/the migration has \d+ steps, 1 finding\n$/)
    expect(readFileSync(plan, 'utf8')).toContain('  public.colours: shared?\n')
    expect(readFileSync(migration, 'utf8')).toContain(
      'alter table public.tasks add column tenant_id integer',
    )
    const again = await protect('--plan', plan, '--json')
    expect(again.code).toBe(1)
    expect(JSON.parse(again.out)).toMatchObject({
      tenant: 'public.tenants.id',
      why: 'it was named',
      plan: { 'app-roles': ['protect_cli'] },
      tables: expect.arrayContaining([
        expect.objectContaining({ table: 'public.colours', confirmed: false }),
      ]),
      findings: [expect.objectContaining({ at: 'public.colours', level: 'error' })],
    })
  })

  test('applies what is decided, then has nothing left to do', async () => {
    const open = await protect('--plan', plan, '--apply')
    expect([open.code, open.out]).toEqual([2, ''])
    expect(open.err).toContain(
      'nobody has decided whose these are: public.colours\n  fix: decide in',
    )
    const decided = readFileSync(plan, 'utf8').replace('shared?', 'shared')
    writeFileSync(plan, `${decided}staff:\n  - postgres\n`)
    const { code, out, err } = await protect('--plan', plan, '--apply')
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('the migration is applied, no findings\n'),
    ])
    expect(err).toMatch(/^1\/\d+ public\.tasks: it belongs to/)
    const again = await protect('--plan', plan, '--apply')
    expect([again.code, again.err]).toEqual([0, ''])
    expect(await protect('--plan', plan, '--check')).toMatchObject({ code: 0, err: '' })
  })

  test('says what the app loses, table by table', async () => {
    const client = new Client({ connectionString: database.url })
    await client.connect()
    await client.query(
      'grant insert, update on colours to protect_cli; grant truncate on tasks, projects to protect_cli',
    )
    const { code, out } = await protect('--plan', plan)
    expect(code).toBe(1)
    expect(out).toContain(
      `What the app loses
  insert, update from protect_cli: public.colours
  truncate from protect_cli: public.projects, public.tasks
`,
    )
    await client.query(
      'revoke insert, update on colours from protect_cli; revoke truncate on tasks, projects from protect_cli',
    )
    await client.end()
    expect((await protect('--plan', plan)).out).not.toContain('loses')
  })

  test('checks a live database', async () => {
    const client = new Client({ connectionString: database.url })
    await client.connect()
    await client.query('alter table tasks disable row level security')
    await client.end()
    const { code, out } = await protect('--plan', plan, '--check')
    expect(code).toBe(1)
    expect(out).toContain(
      '  public.tasks: row security is off\n    fix: kept protect --apply, or run its\n      migration\n'.replace(
        'its\n      ',
        'its ',
      ),
    )
  })

  test('tells what it cannot work with, and no password', async () => {
    const wrong = join(folder, 'wrong.yaml')
    writeFileSync(wrong, 'tabels: {}\n')
    expect((await protect('--plan', wrong)).err).toBe(
      `${wrong}: a plan has no part "tabels"\n  fix: did you mean tables? it may have tenant, column, scope, setting, app-roles, roles, staff, tables, unique, across, revoke\n`,
    )
    writeFileSync(wrong, 'tables: [\n')
    expect((await protect('--plan', wrong)).err).toMatch(/it is no YAML: /)
    const away = await kept(['protect', 'postgres://me:hunter2@127.0.0.1:1/none'])
    expect(away.code).toBe(2)
    expect(away.err).toMatch(
      /^kept protect: the database cannot be opened \(ECONNREFUSED\)\n {2}fix: /,
    )
    expect((await kept(['protect', 'mysql://me:hunter2@host/none'])).err).not.toContain('hunter2')
    expect((await runFake(['protect'])).err).toContain('no database is named')
  })

  test('takes the database from the environment, where others cannot read it', async () => {
    const { code } = await kept(['protect', '--plan', plan, '--json'], {
      env: { DATABASE_URL: database.url },
    })
    expect(code).toBe(1)
  })

  test('is told of by help and completion', async () => {
    const { out } = await runFake(['protect', '--help'])
    expect(out).toContain('--app-role NAME')
    expect((await runFake(['completion', 'bash'])).out).toMatch(/protect\)\n[^;]*--sealed/)
  })
})
