import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openClient, type Answer } from '@kept/client'
import type { Cluster } from '@kept/postgres'
import {
  applyChanged,
  askAsOperator,
  keepKey,
  openLog,
  prepareDatabase,
  startKept,
  type Databases,
  type Kept,
  type MovableTime,
} from '@kept/server'
import { companies, type Letter } from '../promises.ts'
import { liveTheFirstDay } from './first-day.ts'
import { keepPeople, type Person } from './people.ts'
import { atOurPorts, kepts } from './ports.ts'

/** One example company with the Kept that serves it. */
export interface Company {
  letter: Letter
  name: string
  origin: string
  people: readonly Person[]
  kept: Kept
  /** Whether an older page stays in force, since the newer one promises less and waits for people. */
  keepsOlder: boolean
  /** Applies once more what is in force, which arranges the looks that a newer Kept brings. */
  catchUp(): Promise<void>
}

/** The directory and the database of a company. */
export interface Prepared {
  directory: string
  database: Databases
}

export async function prepareCompany(
  letter: Letter,
  parent: string,
  cluster: Cluster,
): Promise<Prepared> {
  const { folder } = companies[letter]
  const directory = join(parent, folder)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const database = await cluster.asSuperuser((client) =>
    prepareDatabase(client, (address) => cluster.url(address), {
      name: `kept_${folder.replaceAll('-', '_')}`,
      secrets: join(directory, 'database.json'),
    }),
  )
  return { directory, database }
}

export interface Surroundings {
  time: MovableTime
  authorities: readonly string[]
  secrets: Readonly<Record<string, string>>
}

export async function startCompany(
  letter: Letter,
  { directory, database }: Prepared,
  { time, authorities, secrets }: Surroundings,
): Promise<Company> {
  const { name, folder } = companies[letter]
  const origin = `http://127.0.0.1:${kepts[letter]}`
  const kept = await startKept({
    origin,
    database,
    listen: { host: '127.0.0.1', port: kepts[letter] },
    work: true,
    tls: null,
    metricsPort: null,
    proxies: [],
    ledgerKey: keepKey(join(directory, 'ledger.key')),
    bundleKey: keepKey(join(directory, 'bundle.key')),
    identityKey: keepKey(join(directory, 'identity.key')),
    witnesses: [],
    outside: {
      // The tour leaves this machine alone with itself.
      reach: 'loopback',
      authorities,
      secret: (wanted) => secrets[wanted] ?? null,
      mail: null,
    },
    time,
    log: openLog(process.env['KEPT_LOG'] ?? 'error'),
    pace: 200,
    drainSeconds: 0,
  })
  const read = (file: string) => readFileSync(join(import.meta.dirname, '..', folder, file), 'utf8')
  const { people, systems } = keepPeople(directory, atOurPorts(read('systems.yaml')))
  const texts = { page: read('security.md'), systems }
  const { same, proposal } = await applyChanged(kept, texts)
  await liveTheFirstDay({ letter, directory, origin, people, kept, time })
  const catchUp = async () => {
    if (same) await askAsOperator<'apply'>(kept, 'claims.apply', texts)
  }
  return { letter, name, origin, people, kept, keepsOlder: proposal !== null, catchUp }
}

export type ListedClaim = Answer<'/api/claims', 'get'>['claims'][number]

export async function listClaims({ origin }: Company): Promise<ListedClaim[]> {
  return (await openClient(origin).get('/api/claims')).claims
}
