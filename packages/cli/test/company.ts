import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { start, launcher, type Ended } from './spawn.ts'
import { runReal } from './real-terminal.ts'

export const page = `---
company: Example Inc
contact: security@example.com
---
# Security

[All connections use TLS 1.2 or newer](kept:encryption.in-transit?min=1.2#tls).
[We hold an ISO 27001 certificate](kept:certificate?standard=iso-27001#iso).
`

export const names = ['ci', 'cto', 'lead'] as const

/** A folder with keys, a page and the systems that name whose keys they are. */
export async function makeCompany(folder: string): Promise<{ page: string; systems: string }> {
  mkdirSync(folder, { recursive: true })
  const lines: Record<string, string> = {}
  for (const name of names) {
    lines[name] = (await runReal(['keys', 'new', join(folder, `${name}.pem`)])).out.trim()
  }
  const systems = `endpoints:
  website: { address: 127.0.0.1 }
documents:
  iso-27001: {}
runners:
  collector: { holder: collector, kinds: [endpoint.*], subjects: ['*'] }
  ci: { holder: workload, kinds: [endpoint.tls], subjects: [website], ${lines['ci']} }
  cto: { holder: person, name: the CTO, kinds: ['*'], subjects: ['*'], ${lines['cto']} }
  lead: { holder: person, name: the lead, kinds: [document.*], subjects: ['*'], ${lines['lead']} }
`
  writeFileSync(join(folder, 'page.md'), page)
  writeFileSync(join(folder, 'systems.yaml'), systems)
  return { page: join(folder, 'page.md'), systems: join(folder, 'systems.yaml') }
}

export interface Running {
  pid: number
  /** Where it answers. */
  url: string
  said: string
  signal: (signal: NodeJS.Signals) => void
  ended: Promise<Ended>
}

/** Starts `kept up` as a process of its own, and waits until it prints its address. */
export async function startUp(words: readonly string[]): Promise<Running> {
  const env = { NO_COLOR: '1', FORCE_COLOR: undefined, KEPT_REACH: 'loopback' }
  const { child, ended } = start(launcher, ['up', ...words], { env })
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.on('data', (text: string) => {
      said += text
      const address = /^(http:\/\/\S+)\/\nCtrl-C/m.exec(said)?.[1]
      if (address) resolve(address)
    })
    void ended.then(({ code, err }) => reject(new Error(`kept up ended with ${code}: ${err}`)))
  })
  return { pid: child.pid!, url, said, signal: (signal) => child.kill(signal), ended }
}

/** A port that nobody listens at now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The pid of the PostgreSQL server of a data directory. */
export function postmasterOf(data: string): number {
  return Number(
    readFileSync(join(data, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
  )
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
