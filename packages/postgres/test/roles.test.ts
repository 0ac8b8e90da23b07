import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from 'pg'
import {
  cloneDatabase,
  dropDatabase,
  ensureDatabase,
  ensureRole,
  withClient,
} from '../src/index.ts'
import { sharedCluster, testDatabase, type TestDatabase } from '../src/testing.ts'

let database: TestDatabase
// Roles belong to the whole cluster, so this file's carry its database's name.
let app: { name: string; password: string }

beforeAll(async () => {
  database = await testDatabase()
  app = { name: `app "${database.name}"`, password: `it's a password` }
  await asSuperuser(async (client) => {
    await ensureRole(client, app)
    await client.query(`create table notes (tenant int, text text);
      insert into notes values (1, 'mine'), (2, 'theirs');
      alter table notes enable row level security;
      create policy own on notes using (tenant = current_setting('app.tenant')::int);`)
    await client.query(`grant select on notes to ${client.escapeIdentifier(app.name)}`)
    await client.query(
      `grant connect on database ${database.name} to ${client.escapeIdentifier(app.name)}`,
    )
  })
})
afterAll(async () => {
  await database.drop()
  await withClient(await sharedCluster(), async (client) => {
    await client.query(`drop role ${client.escapeIdentifier(app.name)}`)
  })
})

async function asSuperuser<T>(work: (client: Client) => Promise<T>): Promise<T> {
  return await withClient(database.url, work)
}

/** As the application, with the URL that it would be given. */
async function asApp<T>(work: (client: Client) => Promise<T>, password = app.password): Promise<T> {
  const credentials = `${encodeURIComponent(app.name)}:${encodeURIComponent(password)}`
  return await withClient(database.url.replace(/\/\/[^@]*@/, `//${credentials}@`), work)
}

const notes = async (client: Client) => {
  await client.query(`set app.tenant = '1'`)
  return (await client.query<{ text: string }>('select text from notes order by 1')).rows
}

describe('a role', () => {
  test('sees rows by the policy, which a superuser passes by', async () => {
    expect(await asApp(notes)).toEqual([{ text: 'mine' }])
    expect(await asSuperuser(notes)).toEqual([{ text: 'mine' }, { text: 'theirs' }])
  })

  test('cannot switch row security off', async () => {
    const bypass = async (client: Client) => {
      await client.query('set row_security = off')
      return await notes(client)
    }
    await expect(asApp(bypass)).rejects.toThrow(/row-level security/)
    expect(await asSuperuser(bypass)).toHaveLength(2)
  })

  test.each([
    ['create role another', 'drop role another'],
    ['alter role current_user bypassrls', 'select'],
    ['create database another', 'drop database another'],
    [`copy (select 1) to program 'cat'`, 'select'],
  ])('cannot %s, which a superuser can', async (sql, undo) => {
    await expect(asApp(async (client) => await client.query(sql))).rejects.toThrow(
      /permission denied/,
    )
    await asSuperuser(async (client) => {
      await client.query(sql)
      await client.query(undo)
    })
  })

  test('needs its password, which is stored only as a verifier', async () => {
    await expect(asApp(notes, 'wrong')).rejects.toThrow(/authentication failed/)
    const stored = await asSuperuser(async (client) => {
      const sql = 'select rolpassword as verifier from pg_authid where rolname = $1'
      return (await client.query<{ verifier: string }>(sql, [app.name])).rows[0]!.verifier
    })
    expect(stored).toMatch(/^SCRAM-SHA-256\$4096:/)
  })

  test('that had power loses it when it is ensured again, by many at once', async () => {
    await asSuperuser(async (client) => {
      await client.query(
        `alter role ${client.escapeIdentifier(app.name)} superuser createrole createdb replication bypassrls`,
      )
    })
    expect(await asApp(notes)).toHaveLength(2)
    const ensure = async () => await asSuperuser(async (client) => await ensureRole(client, app))
    await Promise.all([ensure(), ensure(), ensure()])
    expect(await asApp(notes)).toHaveLength(1)
  })

  test('without a password owns and does not log in', async () => {
    const owner = `owner_${database.name}`
    await asSuperuser(async (client) => {
      await ensureRole(client, { name: owner })
      const sql = 'select rolcanlogin as "canLogIn" from pg_roles where rolname = $1'
      expect((await client.query(sql, [owner])).rows).toEqual([{ canLogIn: false }])
      await client.query(`drop role ${owner}`)
    })
  })

  test.each(['', 'x'.repeat(64), 'zero\0byte'])('cannot be called %j', async (name) => {
    await asSuperuser(async (client) => {
      await expect(ensureRole(client, { name, password: 'p' })).rejects.toMatchObject({
        code: 'bad-option',
      })
    })
  })

  test('that asks is not disarmed', async () => {
    await asSuperuser(async (client) => {
      await expect(ensureRole(client, { name: 'postgres' })).rejects.toMatchObject({
        code: 'role-protected',
      })
    })
  })

  test('takes no password that could be read two ways', async () => {
    await asSuperuser(async (client) => {
      await expect(ensureRole(client, { name: 'x', password: 'schön' })).rejects.toMatchObject({
        code: 'bad-option',
      })
    })
  })
})

describe('a database', () => {
  test('is open to those named and to nobody else, as often as it is ensured', async () => {
    const name = `Db "${database.name}"`
    const open = async (mayConnect: string[]) => {
      await asSuperuser(async (client) => {
        await ensureDatabase(client, { name, owner: 'postgres', mayConnect })
        await ensureDatabase(client, { name, owner: 'postgres', mayConnect })
      })
    }
    const may = async (right: string, one = name) =>
      await asSuperuser(async (client) => {
        const sql = 'select has_database_privilege($1, $2, $3) as may'
        return (await client.query<{ may: boolean }>(sql, [app.name, one, right])).rows[0]!.may
      })
    await open([app.name])
    expect([await may('connect'), await may('temporary')]).toEqual([true, false])
    expect([await may('connect', 'postgres'), await may('connect', 'template1')]).toEqual([
      false,
      false,
    ])
    await open([])
    expect(await may('connect')).toBe(false)
    await asSuperuser(async (client) => await dropDatabase(client, name))
  })

  test('is cloned with its rows, and apart from then on', async () => {
    const [template, name] = [`${database.name}_a`, `${database.name}_b`]
    await asSuperuser(async (client) => {
      await cloneDatabase(client, { name: template, template: 'template0' })
    })
    const at = (one: string) => database.url.replace(database.name, one)
    const fill = async (client: Client) => await client.query('create table t as select 1 as n')
    await withClient(at(template), async (client) => {
      await fill(client)
      await asSuperuser(async (other) => {
        await expect(cloneDatabase(other, { name, template })).rejects.toMatchObject({
          code: 'template-in-use',
        })
      })
    })
    await asSuperuser(async (client) => await cloneDatabase(client, { name, template }))
    await withClient(at(name), async (client) => {
      expect((await client.query('select n from t')).rows).toEqual([{ n: 1 }])
      await client.query('drop table t')
    })
    await withClient(at(template), async (client) => {
      expect((await client.query('select n from t')).rowCount).toBe(1)
    })
    await asSuperuser(async (client) => {
      for (const one of [template, name, name]) await dropDatabase(client, one)
    })
  })
})
