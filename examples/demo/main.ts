import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startCluster } from '@kept/postgres'
import { movableTime, systemTime } from '@kept/server'
import { companies, type Letter } from '../promises.ts'
import { createAuthority } from './certificates.ts'
import { startCompany, type Company } from './companies.ts'
import { startProduction } from './production.ts'
import { startTour } from './tour.ts'

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

// Two servers: what Kept keeps is one thing, the company's production another.
const [own, production] = await Promise.all([
  startCluster({ directory: join(directory, 'postgres') }),
  startCluster({ directory: join(directory, 'production'), tls: true }),
])
const authority = await createAuthority(Date.now())
const app = await startProduction(production, authority, time.now())
const around = {
  directory,
  cluster: own,
  time,
  authorities: [authority.pem, readFileSync(production.authority!, 'utf8')],
  secrets: app.secrets,
}
const running: Company[] = []
for (const letter of Object.keys(companies) as Letter[]) {
  running.push(await startCompany(letter, around))
}
const keepTime = () => writeFileSync(timeFile, String(time.ahead))
const stage = { companies: running, production: app, authority: authority.pem, time, keepTime }
const tour = await startTour(stage, 4180)

say('')
say('  the tour      http://127.0.0.1:4180/')
for (const { name, origin } of running) say(`  ${name.padEnd(13)} ${origin}/`)
say('  all promises  http://127.0.0.1:4180/promises')
say(`  the app       ${app.app.url}/`)
say('\nCtrl-C ends it.')

let ending = false
async function end(): Promise<void> {
  if (ending) process.exit(1)
  ending = true
  say('\nending ...')
  tour.closeAllConnections()
  tour.close()
  await Promise.all(running.map(({ kept }) => kept.stop()))
  await app.stop()
  await Promise.all([own.stop(), production.stop()])
  process.exit(0)
}
process.on('SIGINT', () => void end())
process.on('SIGTERM', () => void end())
