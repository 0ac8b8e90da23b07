import { randomBytes } from 'node:crypto'
import { createConnection } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Client } from 'pg'
import { withClient } from './client.ts'
import { cloneDatabase, dropDatabase, isSealed, sealTemplate } from './database.ts'
import { alone } from './role.ts'
import { addressVariable } from './testing-setup.ts'

/** A database that is made once a test run and copied for each test file. */
export interface Template {
  /** One name one content: the first that asks makes it for all. */
  name: string
  /** Fills an empty database, as superuser; the connections it opens it also closes. */
  prepare: (url: string) => Promise<void>
}

export interface TestDatabase {
  name: string
  /** As superuser, by the Unix socket. */
  url: string
  drop(): Promise<void>
}

/**
 * A database of its own for a test file, in the cluster that the whole run shares and that the first to
 * ask starts. Roles belong to the cluster, so that test files share them. Its fsync is off.
 */
export async function testDatabase(template?: Template): Promise<TestDatabase> {
  const cluster = await sharedCluster()
  const name = `test_${randomBytes(8).toString('hex')}`
  await withClient(cluster, async (client) => {
    const from = template ? await makeTemplate(client, cluster, template) : 'template0'
    await cloneDatabase(client, { name, template: from })
  })
  const drop = () => withClient(cluster, async (client) => await dropDatabase(client, name))
  return { name, url: toDatabase(cluster, name), drop }
}

/** The superuser's URL of the cluster that this test run shares. */
export async function sharedCluster(): Promise<string> {
  const address = process.env[addressVariable]
  if (!address) {
    throw new Error(
      `${addressVariable} is not set: name @kept/postgres/testing-setup in globalSetup of vitest.config.ts`,
    )
  }
  const answer = JSON.parse(await text(createConnection(address))) as {
    url?: string
    error?: string
  }
  if (answer.url === undefined) throw new Error(`the test cluster did not start: ${answer.error}`)
  return answer.url
}

/** Sealed when whole: what a killed run of `prepare` left is made anew. */
async function makeTemplate(client: Client, cluster: string, template: Template): Promise<string> {
  const name = `template_${template.name}`
  await alone(client, `template ${template.name}`, async () => {
    if (await isSealed(client, name)) return
    await dropDatabase(client, name)
    await cloneDatabase(client, { name, template: 'template0' })
    await template.prepare(toDatabase(cluster, name))
    await sealTemplate(client, name)
  })
  return name
}

function toDatabase(url: string, name: string): string {
  return url.replace(/\/postgres\?/, `/${encodeURIComponent(name)}?`)
}
