import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startCluster } from '@kept/postgres'
import { movableTime, systemTime } from '@kept/server'
import { companies, type Letter } from '../promises.ts'
import { createAuthority } from './certificates.ts'
import { startCompany, type Company } from './companies.ts'
import * as ports from './ports.ts'
import { startProduction, type Production } from './production.ts'
import { startTour } from './tour.ts'
import { startWebsite } from './website.ts'

// As root the database servers run as another user, who must get through to their directory.
const usual =
  process.getuid?.() === 0 ? '/var/lib/kept-demo' : join(import.meta.dirname, '../../.kept')
const directory = process.env['KEPT_DEMO'] ?? usual
mkdirSync(directory, { recursive: true })

const say = (text: string) => process.stdout.write(`${text}\n`)
say('Kept: three example companies, each with a Kept of its own, on this machine alone.')

const timeFile = join(directory, 'ahead')
const ahead = existsSync(timeFile) ? Number(readFileSync(timeFile, 'utf8')) : 0
const time = movableTime(systemTime, ahead)

// Two servers: what Kept keeps is one thing, what the companies run another.
const [own, server, authority] = await Promise.all([
  startCluster({ directory: join(directory, 'postgres') }),
  startCluster({ directory: join(directory, 'production'), tls: true }),
  createAuthority(Date.now()),
])
const authorities = [authority.pem, readFileSync(server.authority!, 'utf8')]
const started = await Promise.all(
  (Object.keys(companies) as Letter[]).map(async (letter) => {
    const production = await startProduction(letter, server, authority, time.now())
    const around = { directory, cluster: own, time, authorities, secrets: production.secrets }
    return { production, company: await startCompany(letter, around) }
  }),
)
const running: Company[] = started.map(({ company }) => company)
const productions: Production[] = started.map(({ production }) => production)
const website = await startWebsite(ports.website, productions.at(-1)!.app.url)
const keepTime = () => writeFileSync(timeFile, String(time.ahead))
const stage = {
  companies: running,
  production: productions[0]!,
  website,
  authority: authority.pem,
  time,
  keepTime,
}
const tour = await startTour(stage, ports.tour)

say('')
say(`  the tour      http://127.0.0.1:${ports.tour}/`)
for (const { name, origin } of running) say(`  ${name.padEnd(13)} ${origin}/`)
say(`  all promises  http://127.0.0.1:${ports.tour}/promises`)
say(`  the app       ${productions[0]!.app.url}/`)
say('\nCtrl-C ends it.')

let ending = false
async function end(): Promise<void> {
  if (ending) process.exit(1)
  ending = true
  say('\nending ...')
  tour.closeAllConnections()
  tour.close()
  website.stop()
  await Promise.all(running.map(({ kept }) => kept.stop()))
  await Promise.all(productions.map((one) => one.stop()))
  await Promise.all([own.stop(), server.stop()])
  process.exit(0)
}
process.on('SIGINT', () => void end())
process.on('SIGTERM', () => void end())
