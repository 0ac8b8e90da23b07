import { Agent, request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { connect as connectTls } from 'node:tls'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startKept, type Kept, type KeptSettings } from '../src/server.ts'
import { makeAuthority } from './certificates.ts'
import { testKept, type TestKept } from './kept.ts'
import { aloneOn } from './settings.ts'

let kept: TestKept
let settings: KeptSettings
beforeAll(async () => {
  kept = await testKept()
  settings = aloneOn(kept.urls)
})
afterAll(() => kept.stop())

describe('listening', () => {
  it.each(['0.0.0.0', '::', '192.0.2.1', 'kept.test'])(
    'at %s is refused without TLS',
    async (host) => {
      const starting = startKept({ ...settings, listen: { host, port: 0 } })
      await expect(starting).rejects.toMatchObject({
        code: 'not-connected',
        detail: { fix: expect.stringContaining('--proxy') as unknown },
      })
    },
  )

  it.each(['127.0.0.1', '127.0.0.2', 'localhost'])('at %s needs none', async (host) => {
    const server = await startKept({ ...settings, listen: { host, port: 0 } })
    try {
      expect((await fetch(`${server.address}/health/ready`)).status).toBe(200)
    } finally {
      await server.stop()
    }
  })

  describe('beyond without TLS', () => {
    const everywhere = { listen: { host: '0.0.0.0', port: 0 } }
    const own = Object.values(networkInterfaces())
      .flatMap((some) => some ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4')?.address

    it('is allowed with a declared proxy, and for this machine', async () => {
      const server = await startKept({ ...settings, ...everywhere, proxies: ['10.0.0.1'] })
      try {
        expect((await fetch(`${server.address}/health/ready`)).status).toBe(200)
      } finally {
        await server.stop()
      }
    })

    it.skipIf(own === undefined)(
      'serves nobody else, when this machine has an address that others reach it by',
      async () => {
        const ask = async (proxies: string[]) => {
          const server = await startKept({ ...settings, ...everywhere, proxies })
          try {
            const { port } = new URL(server.address!)
            const answer = await fetch(`http://${own}:${port}/ledger/key`)
            return { status: answer.status, said: (await answer.json()) as object }
          } finally {
            await server.stop()
          }
        }
        for (const proxies of [['10.0.0.1'], ['10.0.0.0/8', 'fd00::/8'], ['loopback']]) {
          expect(await ask(proxies)).toMatchObject({
            status: 403,
            said: { code: 'not-allowed', fix: expect.stringContaining(settings.origin) as string },
          })
        }
        for (const proxies of [[own!], [`${own}/24`]]) expect((await ask(proxies)).status).toBe(200)
      },
    )

    it.each(['proxy.test', '10.0.0.0/33', '10.0.0.0/8/8', ''])(
      'is refused with a proxy that is no address: %j',
      async (proxy) => {
        const starting = startKept({ ...settings, ...everywhere, proxies: [proxy] })
        await expect(starting).rejects.toMatchObject({
          code: 'bad-input',
          message: expect.stringContaining('no address or range') as string,
        })
      },
    )
  })

  it('is allowed beyond with TLS, which takes neither old protocols nor weak suites', async () => {
    const authority = await makeAuthority()
    const tls = await authority.issue()
    const server = await startKept({ ...settings, listen: { host: '0.0.0.0', port: 0 }, tls })
    const { port } = new URL(server.address!)
    const shake = (options: object) =>
      new Promise<string>((resolve) => {
        const at = { host: '127.0.0.1', port: Number(port), ca: authority.pem, ...options }
        const socket = connectTls(at, () => {
          resolve(`${socket.getProtocol()}${socket.authorized ? '' : ' unverified'}`)
          socket.destroy()
        })
        socket.on('error', (error: Error & { code?: string }) =>
          resolve(error.code ?? error.message),
        )
      })
    try {
      expect(await shake({})).toBe('TLSv1.3')
      expect(await shake({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2')
      const weak = 'DEFAULT:@SECLEVEL=0'
      const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: weak }
      expect(await shake(old)).not.toMatch(/^TLS/)
      const cbc = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' }
      expect(await shake(cbc)).not.toMatch(/^TLS/)
    } finally {
      await server.stop()
    }
  })
})

describe('figures of the inside', () => {
  it('are read on a port of their own and nowhere else, whoever asks', async () => {
    const server = await startKept({ ...settings, metricsPort: 0 })
    try {
      const figures = await fetch(server.metrics!)
      expect(figures.status).toBe(200)
      expect(figures.headers.get('content-type')).toContain('text/plain')
      expect(await figures.text()).toMatch(/^kept_ledger_waiting_seconds 0$/m)
      // As a proxy on this machine that adds no header asks.
      expect((await fetch(`${server.address}/metrics`)).status).toBe(404)
      expect((await fetch(server.metrics!.replace('/metrics', '/'))).status).toBe(404)
    } finally {
      await server.stop()
    }
    await expect(fetch(server.metrics!)).rejects.toThrow('fetch failed')
    const without = await startKept(settings)
    expect(without.metrics).toBeNull()
    await without.stop()
  })

  it('say for how long the oldest entry waits while nobody sequences', async () => {
    const server = await startKept({ ...settings, metricsPort: 0 })
    const waiting = async () => {
      const text = await (await fetch(server.metrics!)).text()
      return Number(/^kept_ledger_waiting_seconds (\d+)$/m.exec(text)![1])
    }
    try {
      const entry = { action: 'a', actor: 'a', at: new Date(Date.now() - 90_000), entry: 1 }
      await kept.as.server.query('insert into ledger.outbox (body) values ($1)', [
        Buffer.from(JSON.stringify(entry)),
      ])
      expect(await waiting()).toBeGreaterThanOrEqual(90)
      await kept.work()
      expect(await waiting()).toBe(0)
    } finally {
      await server.stop()
    }
  })

  it('refuse a port that is taken, and leave nothing running', async () => {
    const server = await startKept({ ...settings, metricsPort: 0 })
    const metricsPort = Number(new URL(server.metrics!).port)
    try {
      await expect(startKept({ ...settings, metricsPort })).rejects.toMatchObject({
        code: 'conflict',
      })
    } finally {
      await server.stop()
    }
    const again = await startKept({ ...settings, metricsPort })
    expect((await fetch(again.metrics!)).status).toBe(200)
    await again.stop()
  })
})

/** Sends to those that said lately that they are ready, by turns, on connections that stay open. */
class Balancer {
  readonly statuses = new Map<number | string, number>()
  #servers: { address: string; agent: Agent; ready: boolean }[] = []
  #running = true
  readonly #loops: Promise<void>[] = []

  add(address: string): void {
    const server = { address, agent: new Agent({ keepAlive: true }), ready: false }
    this.#servers.push(server)
    this.#loops.push(this.#watch(server))
  }

  remove(address: string): void {
    this.#servers = this.#servers.filter((one) => one.address !== address)
  }

  load(clients: number): void {
    for (let i = 0; i < clients; i++) this.#loops.push(this.#ask(i))
  }

  async stop(): Promise<void> {
    this.#running = false
    await Promise.all(this.#loops)
  }

  get ready(): number {
    return this.#servers.filter((one) => one.ready).length
  }

  async #watch(server: { address: string; agent: Agent; ready: boolean }): Promise<void> {
    while (this.#running && this.#servers.includes(server)) {
      const status = await this.#get(server, '/health/ready').catch(() => 0)
      server.ready = status === 200
      await pause(20)
    }
  }

  async #ask(turn: number): Promise<void> {
    for (let i = turn; this.#running; i++) {
      const ready = this.#servers.filter((one) => one.ready)
      const server = ready[i % ready.length]
      if (!server) {
        await pause(5)
        continue
      }
      const status = await this.#get(server, '/ledger/key').catch((error: Error) => error.message)
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
    }
  }

  #get({ address, agent }: { address: string; agent: Agent }, path: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const asked = request(address + path, { agent }, (answer) => {
        void text(answer).then(() => resolve(answer.statusCode!), reject)
      })
      asked.on('error', reject)
      asked.end()
    })
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

it('loses no request while two servers are replaced in turn under load', async () => {
  const start = () => startKept({ ...settings, drainSeconds: 2 })
  const balancer = new Balancer()
  let servers: Kept[] = await Promise.all([start(), start()])
  servers.forEach(({ address }) => balancer.add(address!))
  while (balancer.ready < 2) await pause(20)
  balancer.load(8)
  try {
    for (let round = 0; round < 4; round++) {
      const [old, other] = servers as [Kept, Kept]
      const fresh = await start()
      balancer.add(fresh.address!)
      await old.stop()
      balancer.remove(old.address!)
      servers = [other, fresh]
      await pause(200)
    }
  } finally {
    await balancer.stop()
    await Promise.all(servers.map((server) => server.stop()))
  }
  const statuses = Object.fromEntries(balancer.statuses)
  console.log(`answers over 4 replacements: ${JSON.stringify(statuses)}`)
  expect(Object.keys(statuses)).toEqual(['200'])
  expect(statuses['200']).toBeGreaterThan(100)
}, 120_000)
