import { decodeBundle, formatTilePath, parseVerifierKey, tileWidth, verifyLog } from '@kept/ledger'
import type { MovableTime } from '@kept/server'
import { openClient } from '@kept/client'
import { firstInvoice, namedTenants } from '../app/tenants.ts'
import { askApp } from './ask-app.ts'
import { aboutHeroku, lapsingDays } from './attestations.ts'
import type { Company } from './companies.ts'
import { lookNow } from './look-now.ts'
import type { Environments } from './environments.ts'
import { moveWhileWriting } from './moves.ts'
import { attest, signerOf } from './people.ts'
import type { Production } from './production.ts'
import type { Website } from './website.ts'

/** Something a newcomer can do; `run` says what came of it. */
export interface Doable {
  id: string
  title: string
  says: string
  button: string
  /** The claim to watch, and whose. */
  watch: { company: Company; claim: string } | null
  run(): Promise<string>
}

export interface Stage {
  companies: readonly Company[]
  /** Each in its company's place. */
  productions: readonly Production[]
  /** Of the second. */
  environments: Environments
  /** Of the third. */
  website: Website
  authority: string
  time: MovableTime
  /** Keeps how far the clock is ahead, so that a restart does not turn it back. */
  keepTime(): void
}

const day = 86_400_000

export function actsOf(stage: Stage): Doable[] {
  const { companies, productions, environments, time } = stage
  const [production, clears] = [productions[0]!, productions[1]!]
  const [first, second, third] = [companies[0]!, companies[1]!, companies[2]!]
  const isolated = { company: first, claim: 'isolated' }
  const tls = { company: first, claim: 'tls' }
  const certificates = { company: first, claim: 'environment-certificates' }
  const apart = { company: second, claim: 'environments' }
  const https = { company: third, claim: 'https' }
  const authorized = { company: second, claim: 'authorization' }
  const clusters = { company: second, claim: 'new-clusters' }
  const ownDatabase = { company: third, claim: 'own-database' }
  const [alder, birch] = [namedTenants[0]!, namedTenants[1]!]

  async function advance(days: number): Promise<string> {
    time.advance(days * day)
    stage.keepTime()
    await Promise.all(companies.map((company) => lookNow(company)))
    return `the clock is ${Math.round(time.ahead / day)} days ahead; every collector looks again`
  }

  return [
    {
      id: 'cross',
      title: 'Read another tenant’s invoice',
      says: `Asks the app for an invoice of ${birch.name} with the token of ${alder.name}, and, to compare, for one of its own.`,
      button: 'Try it',
      watch: isolated,
      async run() {
        const app = {
          url: production.app.url,
          authority: stage.authority,
          token: production.tokens[alder.id]!.admin,
        }
        const other = await askApp(app, 'GET', `/invoices/${firstInvoice(birch.name)}`)
        const own = await askApp(app, 'GET', `/invoices/${firstInvoice(alder.name)}`)
        return `another tenant’s invoice: status ${other.status}; its own: status ${own.status}`
      },
    },
    {
      id: 'leak',
      title: 'Plant a leak',
      says: 'Adds a row policy to the invoices that lets everybody see everything, as a tired engineer might.',
      button: 'Plant it',
      watch: isolated,
      async run() {
        await production.plantLeak()
        await lookAtIsolation(first)
        return 'the policy is in; the collectors are looking'
      },
    },
    {
      id: 'mend',
      title: 'Mend the leak',
      says: 'Drops that policy again.',
      button: 'Mend it',
      watch: isolated,
      async run() {
        await production.mendLeak()
        await lookAtIsolation(first)
        return 'the policy is gone; the collectors are looking'
      },
    },
    {
      id: 'cache',
      title: 'Forget the tenant in a cache',
      says: 'The app remembers its list of invoices by its address alone, whoever asked first; once more, and it forgets the list. No policy of the database can see that.',
      button: 'Change it',
      watch: isolated,
      async run() {
        const { flaws } = production.app
        flaws.cachesForAll = !flaws.cachesForAll
        await lookNow(first, 'service.isolation-probe')
        const does = flaws.cachesForAll ? 'hands one list to everybody' : 'asks the database again'
        return `the app ${does}; the canaries are trying`
      },
    },
    {
      id: 'front',
      title: `Put a cache in front of ${second.name}’s app`,
      says: 'Answers an address of the app before the guard is asked. Kept asks there itself, and looks whether the guard has counted it.',
      button: 'Put it there',
      watch: authorized,
      async run() {
        clears.app.flaws.answersInFront = true
        await lookNow(second, 'service.decisions')
        return 'the cache answers; the collector is looking'
      },
    },
    {
      id: 'deploy',
      title: 'Take it away again',
      says: 'Deploys the app without the cache. What was answered meanwhile is not forgotten: the verdict’s history has it.',
      button: 'Deploy it',
      watch: authorized,
      async run() {
        await clears.deploy()
        await lookNow(second, 'service.decisions')
        return 'a new process serves; the collector is looking'
      },
    },
    {
      id: 'move',
      title: 'Move a tenant while it writes',
      says: `Moves one of ${third.name}’s tenants to a database of its own, or back, while it writes invoices over the app’s API.`,
      button: 'Move it',
      watch: ownDatabase,
      run: () => moveWhileWriting(stage),
    },
    {
      id: 'elsewhere',
      title: 'Create a database outside Mumbai',
      says: `Registers a database of ${second.name} in Ireland. The page promises Mumbai.`,
      button: 'Register it',
      watch: clusters,
      async run() {
        const signer = signerOf(second.people[0]!, time)
        const client = openClient(second.origin, { signer })
        const body = { cluster: 'gst-db', provider: 'aws', region: 'eu-west-1' }
        return await client.post('/api/clusters', { body }).then(
          () => 'it was registered, which it must not be',
          (error: Error) => `refused: ${error.message}`,
        )
      },
    },
    {
      id: 'review',
      title: 'Review the API',
      says: 'The CTO notes, signed, to have reviewed the list of routes that Kept read from the guard. A route that is added later waits for the next review.',
      button: 'Review it',
      watch: { company: first, claim: 'api-review' },
      async run() {
        const client = openClient(first.origin, { signer: signerOf(first.people[0]!, time) })
        const params = { path: { service: 'web' } }
        const { digest, routes } = await client.get('/api/services/{service}/routes', { params })
        await client.post('/api/services/{service}/reviews', { params, body: { digest } })
        await lookNow(first, 'service.api-review')
        return `${routes.length} routes are reviewed; the collector is looking`
      },
    },
    {
      id: 'expire',
      title: 'Let the certificate expire',
      says: 'Gives the app a TLS certificate that ended yesterday.',
      button: 'Let it expire',
      watch: tls,
      async run() {
        await production.useCertificate(time.now() - 90 * day, Date.now() - day)
        await lookNow(first, 'endpoint.tls')
        return 'the app serves an expired certificate; the collector is looking'
      },
    },
    {
      id: 'renew',
      title: 'Renew the certificate',
      says: 'Gives the app a new one for 90 days.',
      button: 'Renew it',
      watch: tls,
      async run() {
        await production.useCertificate(Date.now() - day, time.now() + 90 * day)
        await lookNow(first, 'endpoint.tls')
        return 'the app serves a new certificate; the collector is looking'
      },
    },
    {
      id: 'lapse',
      title: 'Let an attestation lapse',
      says: `The CTO’s word on Heroku’s certificates stands for ${lapsingDays} days. This moves the demo’s clock past them.`,
      button: 'Let it lapse',
      watch: certificates,
      run: () => advance(lapsingDays + 1),
    },
    {
      id: 'attest',
      title: 'Attest it again',
      says: `The CTO says it for another ${lapsingDays} days, signed with a key that this tour made. It stays a person’s word.`,
      button: 'Attest it',
      watch: certificates,
      async run() {
        const [cto] = first.people
        await attest(first.origin, cto!, [aboutHeroku(time.now())], time)
        return `the CTO attests it for ${lapsingDays} days`
      },
    },
    {
      id: 'copy',
      title: 'Copy production into staging',
      says: `Copies the rows of ${second.name}’s production into its staging environment, as somebody who needs real data does. Two tenants that live only in production come with them.`,
      button: 'Copy it',
      watch: apart,
      async run() {
        await environments.copyIntoStaging()
        await lookNow(second, 'environment.separation')
        return 'staging holds what production holds; the collector is looking'
      },
    },
    {
      id: 'empty',
      title: 'Empty it again',
      says: 'Deletes what was copied, and leaves staging the tenants that were made up for it.',
      button: 'Empty it',
      watch: apart,
      async run() {
        await environments.emptyStaging()
        await lookNow(second, 'environment.separation')
        return 'staging holds its own rows alone; the collector is looking'
      },
    },
    {
      id: 'redirect',
      title: `Mend ${third.name}’s website`,
      says: 'Its website answers without encryption, so a sentence of its page is broken. This makes it redirect; once more, and it answers again.',
      button: 'Change it',
      watch: https,
      async run() {
        stage.website.redirects = !stage.website.redirects
        await lookNow(third, 'endpoint.plain')
        const does = stage.website.redirects ? 'redirects' : 'answers in the clear'
        return `the website ${does}; the collector is looking`
      },
    },
    {
      id: 'tamper',
      title: 'Edit one byte of the ledger',
      says: 'Copies the ledger over HTTP, as anybody can, changes one byte of the copy, and gives both to the verifier.',
      button: 'Edit the copy',
      watch: null,
      run: () => tamper(first),
    },
    {
      id: 'day',
      title: 'Let a day pass',
      says: 'Moves the demo’s clock a day ahead.',
      button: 'A day',
      watch: null,
      run: () => advance(1),
    },
    {
      id: 'month',
      title: 'Let a month pass',
      says: 'Moves the demo’s clock 30 days ahead: what nobody did in time breaks.',
      button: 'A month',
      watch: null,
      run: () => advance(30),
    },
  ]
}

async function lookAtIsolation(company: Company): Promise<void> {
  await lookNow(company, 'database.row-security')
  await lookNow(company, 'service.isolation-probe')
}

async function tamper({ origin }: Company): Promise<string> {
  const { key, origin: name } = (await (await fetch(`${origin}/ledger/key`)).json()) as {
    key: string
    origin: string
  }
  const checkpoint = await (await fetch(`${origin}/ledger/checkpoint`)).text()
  const size = Number(checkpoint.split('\n')[1])
  const entries: Uint8Array[] = []
  for (const path of bundlesOf(size)) {
    const response = await fetch(`${origin}/ledger/${path}`)
    entries.push(...decodeBundle(new Uint8Array(await response.arrayBuffer())))
  }
  const verify = async (copy: readonly Uint8Array[]) =>
    verifyLog({
      origin: name,
      keys: [parseVerifierKey(key)],
      checkpoints: [checkpoint],
      entries: copy,
    })
  const clean = await verify(entries)
  const place = Math.floor(entries.length / 2)
  const edited = entries.map((entry, i) => (i === place ? flip(entry) : entry))
  const found = await verify(edited)
  return `the true copy of ${size} entries: ${clean.findings.length} findings; with one byte of entry ${place} changed: ${found.findings.map(({ says }) => says).join('; ')}`
}

/** Where the entries of a log of this size lie, in order. */
export function bundlesOf(size: number): string[] {
  return Array.from({ length: Math.ceil(size / tileWidth) }, (_, index) => {
    const width = Math.min(tileWidth, size - index * tileWidth)
    return formatTilePath({ level: 'entries', index, width })
  })
}

function flip(entry: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(entry)
  copy[copy.length >> 1]! ^= 1
  return copy
}
