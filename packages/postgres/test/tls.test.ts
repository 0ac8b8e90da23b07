import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureRole, startCluster, withClient, type Cluster } from '../src/index.ts'
import { quick, removeScratch, scratch } from './scratch.ts'

const [directory, other] = [scratch(), scratch()]
const address = { role: 'reader', password: 'a password', database: 'postgres' }
const encrypted = 'select version from pg_stat_ssl where pid = pg_backend_pid()'
let cluster: Cluster
let otherAuthority: string

beforeAll(async () => {
  const options = { settings: quick, tls: true }
  const second = await startCluster({ ...options, directory: other })
  otherAuthority = second.authority!
  await second.stop()
  cluster = await startCluster({ ...options, directory })
  await cluster.asSuperuser(
    async (client) => await ensureRole(client, { ...address, name: 'reader' }),
  )
})
afterAll(async () => {
  await cluster.stop()
  await removeScratch()
})

const version = async (url: string) =>
  await withClient(url, async (client) => (await client.query(encrypted)).rows)

test('the URL for the network demands the certificate of this cluster, and gets it', async () => {
  const url = cluster.networkUrl(address)
  expect(url).toContain('sslmode=verify-full')
  expect(await version(url)).toEqual([{ version: 'TLSv1.3' }])
  expect(await version(url.replace('127.0.0.1', 'localhost'))).toEqual([{ version: 'TLSv1.3' }])
})

test('another authority is not believed', async () => {
  const url = cluster.networkUrl(address)
  const foreign = url.replace(encodeURIComponent(directory), encodeURIComponent(other))
  expect(foreign).toContain(encodeURIComponent(otherAuthority))
  await expect(version(foreign)).rejects.toThrow(/certificate|signature/)
})

test('another name than localhost is not believed, though the authority is right', async () => {
  const as = async (servername: string) => {
    const ssl = { ca: readFileSync(cluster.authority!, 'utf8'), servername }
    const { role: user, password, database } = address
    const client = new Client({
      host: '127.0.0.1',
      port: cluster.port,
      user,
      password,
      database,
      ssl,
    })
    await client.connect()
    await client.end()
    return 'in'
  }
  await expect(as('other.example')).rejects.toThrow(/altnames/)
  expect(await as('localhost')).toBe('in')
})

test('without TLS the network is closed', async () => {
  const plain = cluster.networkUrl(address).replace(/\?.*/, '?sslmode=disable')
  await expect(version(plain)).rejects.toThrow(/no encryption/)
})

test('only the user that runs the server can read the key, and the authority has none', () => {
  const key = statSync(join(directory, 'tls', 'server.key'))
  expect([key.mode & 0o777, key.uid]).toEqual([0o600, statSync(join(directory, 'data')).uid])
  expect(readFileSync(cluster.authority!, 'utf8')).not.toContain('PRIVATE')
})

test('the certificate is kept from start to start', async () => {
  const before = readFileSync(cluster.authority!, 'utf8')
  await cluster.stop()
  cluster = await startCluster({ directory, settings: quick, tls: true })
  expect(readFileSync(cluster.authority!, 'utf8')).toBe(before)
})
