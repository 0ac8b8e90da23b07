import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openClient } from '@kept/client'
import type { Letter } from '../promises.ts'
import { idOf } from '../app/tenants.ts'
import { pushAccounts } from './account-lists.ts'
import { onTheFirstDay } from './attestations.ts'
import type { Company } from './companies.ts'
import { lookNow } from './look-now.ts'
import { attest, signerOf } from './people.ts'
import { plans } from './production.ts'
import { regions } from './regions.ts'

/** What the people of a company do once, when its Kept is new: a second start says nothing again. */
export async function liveTheFirstDay(company: FirstDay): Promise<void> {
  await once(company, 'attested', async () => {
    const { letter, origin, people, time } = company
    for (const person of people) {
      await attest(origin, person, onTheFirstDay[letter](time.now()), time)
    }
  })
  await once(company, 'placed', async () => {
    await placeTenants(company)
    // What looked before knew of nobody.
    for (const kind of kindsOfPlaces) await lookNow(company, kind)
  })
  await once(company, 'accounts', () => pushAccounts(company))
}

export type FirstDay = Pick<Company, 'letter' | 'origin' | 'people' | 'kept'> & {
  directory: string
  time: Parameters<typeof attest>[3]
}

const kindsOfPlaces = [
  'database.placement',
  'service.placement-routing',
  'resource.region',
  'account.clusters',
]

async function once({ directory }: FirstDay, name: string, work: () => Promise<void>) {
  const done = join(directory, name)
  if (existsSync(done)) return
  await work()
  writeFileSync(done, '')
}

/** Reviews and registers each database, and says which tenants are where. */
async function placeTenants({ letter, origin, people, time }: FirstDay): Promise<void> {
  const client = openClient(origin, { signer: signerOf(people[0]!, time) })
  const place = regions[letter]
  for (const system of databasesOf(letter)) {
    await client.post('/api/cluster-reviews', { body: { cluster: system, ...place } })
    await client.post('/api/clusters', { body: { cluster: system, ...place } })
  }
  for (const { system, tenants } of Object.values(plans[letter].databases)) {
    const names = tenants.map(([name]) => name).filter((name) => !name.startsWith('canary'))
    if (names.length === 0) continue
    const kind = names.length === 1 ? 'dedicated' : 'shared'
    await client.post('/api/tenants', {
      body: { tenants: names.map(idOf), cluster: system, kind },
    })
  }
}

const lower: Partial<Record<Letter, readonly string[]>> = {
  A: ['staging-db'],
  B: ['testing-db', 'demo-db', 'preprod-db', 'staging-db'],
}

function databasesOf(letter: Letter): string[] {
  const own = Object.values(plans[letter].databases).map(({ system }) => system)
  return [...own, ...(lower[letter] ?? [])]
}
