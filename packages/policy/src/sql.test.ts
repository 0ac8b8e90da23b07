import * as fc from 'fast-check'
import { testDatabase, type TestDatabase } from '@kept/postgres/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  anyContext,
  anyPolicy,
  anyPrincipal,
  anyRow,
  readIfSound,
  schema,
  toResource,
  type Row,
} from '../test/documents.ts'
import { readPolicies, type Columns, type Place } from './index.ts'

let database: TestDatabase
let pool: pg.Pool
let rows: Row[]

beforeAll(async () => {
  database = await testDatabase()
  pool = new pg.Pool({ connectionString: database.url, max: 1 })
  await pool.query(`create table docs (id text primary key, folder text, in_org text, owner text,
    reviewer text, org text, level int, rank bigint, state text, title text, open boolean)`)
  rows = fc.sample(anyRow, { numRuns: 60, seed: 4 }).map((row, i) => ({ id: `d${i}`, ...row }))
  await pool.query(
    'insert into docs select * from jsonb_populate_recordset(null::docs, $1::jsonb)',
    [JSON.stringify(rows)],
  )
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const columns: Columns = Object.fromEntries(
  ['owner', 'reviewer', 'org', 'level', 'rank', 'state', 'title', 'open'].map((name) => [
    name,
    name,
  ]),
)
const place: Place = { id: 'docs.id', parents: { Folder: 'folder', Org: 'in_org' } }

async function select({ sql, values }: { sql: string; values: unknown[] }): Promise<string[]> {
  const { rows: found } = await pool.query<{ id: string }>(
    `select id from docs where ${sql} order by id`,
    values,
  )
  return found.map(({ id }) => id)
}

const ada = { type: 'User', id: 'ada', attrs: { clearance: 2, admin: false } }
const ask = { principal: ada, action: 'read', resourceType: 'Doc', context: { mfa: true } }
const policiesOf = (...texts: string[]) =>
  readPolicies({ schema, policies: Object.fromEntries(texts.entries()) })
const permit = (when: string) =>
  `permit (principal, action == Action::"read", resource) when { ${when} };`

describe('the rows that SQL selects', () => {
  it('are those on which it decides to allow', async () => {
    const seen = { sound: 0, some: 0, failed: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyPolicy, { minLength: 1, maxLength: 4 }),
        anyPrincipal,
        fc.constantFrom('read', 'write'),
        anyContext,
        async (texts, principal, action, context) => {
          const policies = readIfSound(texts)
          fc.pre(policies !== null)
          const asked = { principal, action, context }
          const decisions = rows.map((row) =>
            policies.decide({ ...asked, resource: toResource(row) }),
          )
          const allowed = rows.filter((_, i) => decisions[i]!.allowed).map(({ id }) => id)
          const sql = policies.toSql({ ...asked, resourceType: 'Doc' }, columns, place)
          expect(await select(sql)).toEqual(allowed.toSorted())
          const { rows: nulls } = await pool.query(
            `select from docs where (${sql.sql}) is null`,
            sql.values,
          )
          expect(nulls).toEqual([])
          seen.sound++
          if (allowed.length > 0 && allowed.length < rows.length) seen.some++
          if (decisions.some(({ troubles }) => troubles.length > 0)) seen.failed++
        },
      ),
      { numRuns: 400 },
    )
    // What it compared was worth comparing.
    expect(seen.some).toBeGreaterThan(40)
    expect(seen.failed).toBeGreaterThan(40)
  }, 120_000)

  it('are none without a permit, and without a permit of this action', async () => {
    expect(policiesOf().toSql(ask, columns)).toEqual({ sql: 'false', values: [] })
    const write = policiesOf('permit (principal, action == Action::"write", resource);')
    expect(write.toSql(ask, columns)).toEqual({ sql: 'false', values: [] })
    expect(write.toSql({ ...ask, action: 'write' }, columns)).toEqual({ sql: 'true', values: [] })
  })

  it('are none for what the schema does not know', () => {
    const all = policiesOf('permit (principal, action, resource);')
    expect(all.toSql({ ...ask, action: 'raed' }, columns).sql).toBe('false')
    expect(all.toSql({ ...ask, resourceType: 'Org' }, columns).sql).toBe('false')
    expect(all.toSql({ ...ask, context: { mfa: 'yes' } }, columns).sql).toBe('false')
    expect(all.toSql(ask, columns).sql).toBe('true')
  })
})

describe('the condition', () => {
  it('holds values only as parameters, from the number that is asked for', () => {
    const policies = policiesOf(permit(`resource.state == "'; drop table docs; --"`))
    const { sql, values } = policies.toSql(ask, { state: 'docs.state' }, { first: 3 })
    expect(sql).toBe('("docs"."state" is not null and "docs"."state" = $3::text)')
    expect(values).toEqual(["'; drop table docs; --"])
  })

  it('quotes what it is told are columns', () => {
    const policies = policiesOf(permit('resource.open'))
    const { sql } = policies.toSql(ask, { open: 'a"b' })
    expect(sql).toBe('("a""b" is not null and "a""b")')
  })

  it('leaves an index its use', async () => {
    await pool.query('create index on docs (owner); set enable_seqscan = off')
    const { sql, values } = policiesOf(permit('resource.owner == principal')).toSql(ask, columns)
    const { rows: plan } = await pool.query(`explain select from docs where ${sql}`, values)
    expect(JSON.stringify(plan)).toContain('docs_owner_idx')
    await pool.query('reset enable_seqscan')
  })

  it('takes an id in a column of type uuid only as the column would write it', async () => {
    await pool.query('create table owned (id int, owner uuid)')
    const id = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'
    await pool.query('insert into owned values (1, $1)', [id])
    const policies = policiesOf(permit('resource.owner == principal'))
    const count = async (principal: string) => {
      const { sql, values } = policies.toSql(
        { ...ask, principal: { ...ada, id: principal } },
        { owner: { name: 'owner', type: 'uuid' } },
      )
      return (await pool.query(`select from owned where ${sql}`, values)).rowCount
    }
    expect(await count(id)).toBe(1)
    expect(await count(id.toUpperCase())).toBe(0)
    expect(await count('no uuid')).toBe(0)
  })

  it('leaves out what no text of PostgreSQL can be', async () => {
    const policies = policiesOf(permit('resource.owner != principal'))
    const sql = policies.toSql({ ...ask, principal: { ...ada, id: 'a\0' } }, columns)
    expect(sql.values).toEqual([])
    expect(await select(sql)).toHaveLength(rows.filter(({ owner }) => owner !== null).length)
  })
})

describe('what it cannot say', () => {
  it.each([
    ['resource.owner.admin', 'only an attribute of the resource itself'],
    ['resource.level + 1 > 2', 'only an attribute of the resource itself'],
    ['resource.owner in Org::"north"', 'what a User is in is in no column'],
    ['if resource.open then context.mfa else false', '"if-then-else" is not among'],
    ['[resource.state].contains("a")', 'a set of the row is no column'],
    ['resource.level > principal.clearance + 1', 'neither a value nor an attribute'],
  ])('%s is refused, and the policy and the part are named', (when, reason) => {
    const policies = policiesOf(permit(when))
    expect(() => policies.toSql(ask, columns, place)).toThrow(
      expect.objectContaining({
        code: 'not-expressible',
        message: expect.stringMatching(new RegExp(`^policy "0": .*${reason}`)) as string,
      }),
    )
    // Deciding goes on as before, and so does the action that it does not speak of.
    expect(policies.toSql({ ...ask, action: 'write' }, columns).sql).toBe('false')
  })

  it('is refused where a column is not named', () => {
    const policies = policiesOf(permit('resource.open'), permit('resource in Folder::"f1"'))
    expect(() => policies.toSql(ask, {}, place)).toThrow('no column is named for "open"')
    expect(() => policies.toSql(ask, columns, { id: 'id' })).toThrow('named for its Folder')
    expect(() => policies.toSql(ask, columns)).toThrow('no column is named for its id')
    expect(policies.toSql(ask, columns, place).sql).toContain('"folder"')
  })

  it('is refused when it grows beyond use', () => {
    const chain = (n: number) =>
      Array.from(
        { length: n },
        (_, i) => `(resource.level == ${i} && resource.state == "${i}")`,
      ).reduce((all, one, i) => `(${all} ${i % 2 ? '||' : '&&'} ${one})`)
    expect(policiesOf(permit(chain(4))).toSql(ask, columns).sql.length).toBeLessThan(5000)
    expect(() => policiesOf(permit(chain(20))).toSql(ask, columns)).toThrow('characters long')
  })

  it('is a principal that may be one of the rows', () => {
    const folders = readPolicies({
      schema: `entity Org; entity Folder in [Org]; entity User in [Folder, Org];
        action read appliesTo { principal: User, resource: Folder };`,
      policies: { one: 'permit (principal in Org::"a", action, resource);' },
    })
    const many = { action: 'read', resourceType: 'Folder' }
    const inOrg = { type: 'User', id: 'u', parents: [{ type: 'Org', id: 'a' }] }
    const inFolder = { type: 'User', id: 'u', parents: [{ type: 'Folder', id: 'f' }] }
    expect(folders.toSql({ ...many, principal: inOrg }, {}).sql).toBe('true')
    expect(() => folders.toSql({ ...many, principal: inFolder }, {})).toThrow('is in a Folder')
  })
})
