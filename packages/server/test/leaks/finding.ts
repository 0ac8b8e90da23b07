/** Test support: what one look finds of leaks; files of tests share them out, since each takes its time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  isolationCollector,
  rowSecurityCollector,
} from '../../src/capabilities/isolation/collect.ts'
import { makeAuthority, type Authority } from '../certificates.ts'
import { context, system } from '../looking.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { startLeakyApp } from './app.ts'
import { databaseTags, leakyDatabaseOn, serviceSecret, type Urls } from './canaries.ts'
import type { Leak } from './leaks.ts'

interface Server {
  postgres: TestPostgres
  authority: Authority
}

/** Looks once at the app with a leak, as the runtime does: at its database and over its API. */
async function lookAt({ authority }: Server, urls: Urls, leak: string | null) {
  const app = await startLeakyApp({ urls, leak })
  const given = context({
    authorities: [authority.pem],
    secrets: { APP_DB: urls.observer, CANARIES: serviceSecret },
  })
  try {
    const database = await rowSecurityCollector.collect(
      system({ type: 'database', secret: 'APP_DB', tags: databaseTags }),
      given,
    )
    const service = await isolationCollector.collect(
      system({ type: 'service', address: app.origin, secret: 'CANARIES' }),
      given,
    )
    return { database, service }
  } finally {
    await app.stop()
  }
}

const passes = { database: { outcome: 'pass' }, service: { outcome: 'pass' } }

/** What the look at the API says of each leak. */
const overApi: Record<string, RegExp> = {
  view: /listBalances: it lists an object of another tenant/,
  definer: /search: it lists an object of another tenant/,
  policy: /listComments: it lists an object of another tenant/,
  privileged: /readMail: it is done on the object of another tenant/,
  join: /listAudit: its answer holds a mail address of another tenant/,
  cache: /readStatistics: its answer holds what only another tenant may see/,
  filter: /listInvoices: it lists an object of another tenant, when asked with overdue/,
  write: /updateMember: what it reads was changed from another tenant/,
  export: /downloadExport: what it reads was changed from another tenant/,
  job: /readDigest: its answer holds what another tenant wrote/,
  'next-page': /listCustomers: it lists an object of another tenant, on a further page/,
  directory: /search: .*, when asked with a value of that tenant as q/,
  conflict: /createCustomer: a value that another tenant uses is refused/,
  replay: /createInvoice: its answer holds what another tenant wrote/,
  total: /listInvoices: its answer changes with what another tenant makes/,
  conditional: /readInvoice: another tenant's object answers 304, a missing one 404/,
  head: /downloadExport: HEAD answers unlike for a missing object/,
  batch: /lookupInvoices: another tenant's object beside an own one answers unlike/,
  promotion: /updateMember: the lesser role makes itself one that may do more/,
  stale: /another tenant/,
}
/** What a catalog shows. */
const inDatabase = new Set(['view', 'definer', 'policy'])
/** What these wrote where it should not be stays in the database. */
const lasting = new Set(['export', 'job'])

/** Each of these leaks is found, and the app without it passes. */
export function findsEachOf(leaks: readonly Leak[]): void {
  const server = {} as Server
  beforeAll(async () => {
    server.authority = await makeAuthority()
    server.postgres = await startPostgres({ certificate: await server.authority.issue() })
  }, 60_000)
  afterAll(() => server.postgres.stop())

  describe('the leaky app', () => {
    it('passes without a leak, again and again', { timeout: 120_000 }, async () => {
      const urls = await leakyDatabaseOn(server.postgres)
      expect(await lookAt(server, urls, null)).toMatchObject(passes)
      expect(await lookAt(server, urls, null)).toMatchObject(passes)
    })

    it.each(leaks)('is found out: $says', { timeout: 120_000 }, async ({ name }) => {
      const urls = await leakyDatabaseOn(server.postgres)
      const { database, service } = await lookAt(server, urls, name)
      expect(database.outcome).toBe(inDatabase.has(name) ? 'fail' : 'pass')
      expect(service, service.note).toMatchObject({ outcome: 'fail' })
      expect(service.note).toMatch(overApi[name]!)
      const mended = lasting.has(name) ? passes : await lookAt(server, urls, null)
      expect(mended).toMatchObject(passes)
    })
  })
}
