import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cluster } from '@kept/postgres'
import {
  keepKey,
  noMail,
  openLog,
  prepareDatabase,
  startKept,
  type Kept,
  type MovableTime,
} from '@kept/server'
import { companies, type Letter } from '../promises.ts'

/** One example company with the Kept that serves it. */
export interface Company {
  letter: Letter
  name: string
  origin: string
  kept: Kept
}

const ports: Record<Letter, number> = { A: 4181, B: 4182, C: 4183 }

export interface Surroundings {
  directory: string
  cluster: Cluster
  time: MovableTime
  authorities: readonly string[]
  secrets: Readonly<Record<string, string>>
}

export async function startCompany(letter: Letter, around: Surroundings): Promise<Company> {
  const { name, folder } = companies[letter]
  const origin = `http://127.0.0.1:${ports[letter]}`
  const directory = join(around.directory, folder)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const { cluster } = around
  const database = await cluster.asSuperuser((client) =>
    prepareDatabase(client, (address) => cluster.url(address), {
      name: `kept_${folder.replaceAll('-', '_')}`,
      secrets: join(directory, 'database.json'),
    }),
  )
  const kept = await startKept({
    origin,
    database,
    listen: { host: '127.0.0.1', port: ports[letter] },
    work: true,
    tls: null,
    proxies: [],
    ledgerKey: keepKey(join(directory, 'ledger.key')),
    witnesses: [],
    outside: {
      // The tour leaves this machine alone with itself.
      reach: 'loopback',
      authorities: around.authorities,
      secret: (wanted) => (letter === 'A' ? (around.secrets[wanted] ?? null) : null),
      mail: noMail,
    },
    time: around.time,
    log: openLog(process.env['KEPT_LOG'] ?? 'error'),
    pace: 200,
    drainSeconds: 0,
  })
  const read = (file: string) => readFileSync(join(import.meta.dirname, '..', folder, file), 'utf8')
  await ask(kept, 'claims.apply', { page: read('security.md'), systems: read('systems.yaml') })
  return { letter, name, origin, kept }
}

/** Asks a Kept as its operator, through the gate like everybody. */
function ask({ gate, capabilities }: Kept, action: string, input: unknown): Promise<unknown> {
  const routes = capabilities.flatMap((one) => one.routes ?? [])
  const { operation } = routes.find((one) => one.operation.action === action)!
  return gate.enter({ caller: { actor: { kind: 'operator', id: 'demo' } }, operation, input })
}

/** Has the collectors of a company look now, at everything or at one kind of thing. */
export async function lookNow({ kept }: Company, kind?: string): Promise<void> {
  await ask(kept, 'claims.collect', kind === undefined ? {} : { kind })
}

export interface ListedClaim {
  id: string
  text: string
  verdict: import('@kept/page').VerdictName
  because: string
  proofs: string[]
}

export async function listClaims({ kept }: Company): Promise<ListedClaim[]> {
  const { claims } = (await ask(kept, 'claims.list', {})) as { claims: ListedClaim[] }
  return claims
}
