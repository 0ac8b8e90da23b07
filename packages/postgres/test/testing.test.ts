import { afterAll, expect, test } from 'vitest'
import { withClient } from '../src/index.ts'
import { sharedCluster, testDatabase, type TestDatabase, type Template } from '../src/testing.ts'

const databases: TestDatabase[] = []
let prepared = 0
const template: Template = {
  name: `of_testing_${process.pid}`,
  prepare: async (url) => {
    prepared++
    await withClient(url, async (client) => {
      await client.query('create table things (n int); insert into things values (1)')
      if (prepared === 1) throw new Error('interrupted')
    })
  },
}

afterAll(async () => await Promise.all(databases.map(async (database) => await database.drop())))

async function open(): Promise<TestDatabase> {
  const database = await testDatabase(template)
  databases.push(database)
  return database
}

const things = async ({ url }: TestDatabase, sql = 'select n from things') =>
  await withClient(url, async (client) => (await client.query<{ n: number }>(sql)).rows)

test('a template that was not finished is made anew, and then once for all who ask', async () => {
  await expect(open()).rejects.toThrow('interrupted')
  const many = await Promise.all([open(), open(), open()])
  expect(prepared).toBe(2)
  for (const one of many) expect(await things(one)).toEqual([{ n: 1 }])
})

test('each database is apart from the others', async () => {
  const [one, other] = [await open(), await open()]
  await things(one, 'delete from things')
  expect([await things(one), await things(other)]).toEqual([[], [{ n: 1 }]])
})

test('a dropped database is gone, and the others stay', async () => {
  const [one, other] = [await open(), await open()]
  await one.drop()
  await expect(things(one)).rejects.toThrow(/does not exist/)
  expect(await things(other)).toHaveLength(1)
})

test('all of a run share one cluster, without fsync', async () => {
  const { url } = await open()
  expect(new URL(url).search).toBe(new URL(await sharedCluster()).search)
  const rows = await withClient(url, async (client) => (await client.query('show fsync')).rows)
  expect(rows).toEqual([{ fsync: 'off' }])
})
