import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cluster } from '@kept/postgres'
import { movableTime, systemTime } from '@kept/server'
import { companies, type Letter } from '../promises.ts'
import { createAuthority } from './certificates.ts'
import { prepareCompany, startCompany } from './companies.ts'
import { startEnvironments } from './environments.ts'
import * as ports from './ports.ts'
import { startProduction } from './production.ts'
import { startTour } from './tour.ts'
import { startWebsite } from './website.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)

/** Runs the tour on two database servers: Kept's own, and that of the companies' production. */
export async function runTour(directory: string, servers: Promise<Cluster[]>): Promise<void> {
  const timeFile = join(directory, 'ahead')
  const ahead = existsSync(timeFile) ? Number(readFileSync(timeFile, 'utf8')) : 0
  const time = movableTime(systemTime, ahead)
  const [[own, ...others], authority] = await Promise.all([servers, createAuthority(Date.now())])
  const letters = Object.keys(companies) as Letter[]
  const serverOf = (letter: Letter) => others[letters.indexOf(letter)]!
  const authorities = [
    authority.pem,
    ...others.map((server) => readFileSync(server.authority!, 'utf8')),
  ]
  const lower = startEnvironments(serverOf('B'))
  const started = await Promise.all(
    letters.map(async (letter) => {
      const [production, prepared] = await Promise.all([
        startProduction(letter, serverOf(letter), authority, time.now()),
        prepareCompany(letter, directory, own!),
      ])
      const secrets = { ...production.secrets, ...(letter === 'B' && (await lower).secrets) }
      const company = await startCompany(letter, prepared, { time, authorities, secrets })
      return { production, company }
    }),
  )
  const running = started.map(({ company }) => company)
  const productions = started.map(({ production }) => production)
  const website = await startWebsite(ports.website, productions.at(-1)!.app.url)
  const stage = {
    companies: running,
    productions,
    environments: await lower,
    website,
    authority: authority.pem,
    time,
    keepTime: () => writeFileSync(timeFile, String(time.ahead)),
  }
  const tour = await startTour(stage, ports.tour)
  say('')
  say(`  the tour      http://127.0.0.1:${ports.tour}/`)
  for (const { name, origin } of running) say(`  ${name.padEnd(13)} ${origin}/`)
  say(`  all promises  http://127.0.0.1:${ports.tour}/promises`)
  say(`  the app       ${productions[0]!.app.url}/`)
  for (const { name } of running.filter(({ keepsOlder }) => keepsOlder)) {
    say(
      `\n${name} keeps the page of an earlier start: the newer one promises less and waits for a second`,
    )
    say(`person. For a fresh tour remove ${directory} while nothing runs.`)
  }
  say('\nCtrl-C ends it.')
  const end = onInterrupt(async () => {
    tour.closeAllConnections()
    tour.close()
    website.stop()
    await Promise.all(running.map(({ kept }) => kept.stop()))
    await Promise.all(productions.map((one) => one.stop()))
    await Promise.all([own!, ...others].map((server) => server.stop()))
  })
  for (const { ended, directory: place } of [own!, ...others]) {
    void ended.then(({ how }) => end.because(`the database server of ${place} ended (${how})`))
  }
  // Readers need not wait for it, nor does whoever ends it first.
  for (const company of running) {
    await company.catchUp().catch((error: unknown) => {
      if (!end.hasBegun()) throw error
    })
  }
}

/** Ends everything once; who interrupts twice does not wait. */
function onInterrupt(end: () => Promise<void>) {
  let ending = false
  const stop = async (code: number) => {
    ending = true
    say('\nending ...')
    await end()
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => void (ending ? process.exit(1) : stop(0)))
  }
  return {
    hasBegun: () => ending,
    because(why: string) {
      if (ending) return
      process.stderr.write(`kept: ${why}\n  fix: start again; nothing that was said is lost\n`)
      // What waits for a database that is gone is not waited for.
      setTimeout(() => process.exit(2), 10_000).unref()
      void stop(2)
    },
  }
}
