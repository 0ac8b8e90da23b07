import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { makeAuthority } from '../../test/certificates.ts'
import { context } from '../../test/looking.ts'
import { opens } from './postgres.ts'

/** Authentication requests as a server sends them (PostgreSQL 18, 54.7). */
const asking = {
  cleartext: request(3),
  md5: request(5, 'salt'),
  scram: request(10, 'SCRAM-SHA-256\0\0'),
  bound: request(10, 'SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0'),
}

function request(code: number, more = ''): Buffer {
  const head = Buffer.alloc(9)
  head.write('R')
  head.writeInt32BE(8 + more.length, 1)
  head.writeInt32BE(code, 5)
  return Buffer.concat([head, Buffer.from(more)])
}

let server: Server | undefined
afterEach(() => server?.close())

/** A server that somebody took over: it asks as it likes and keeps what it is told. */
async function takeOver(requests: readonly Buffer[]) {
  const authority = await makeAuthority()
  const pair = await authority.issue()
  const heard: Buffer[] = []
  server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write('S')
      const secure = new TLSSocket(socket, { isServer: true, ...pair })
      const left = [...requests]
      secure.on('error', () => {})
      secure.on('data', (said: Buffer) => {
        // The first is the startup message.
        if (left.length < requests.length) heard.push(said)
        const next = left.shift()
        if (next) secure.write(next)
        else secure.destroy()
      })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const opening = { database: 'app', user: 'web', password: 'of-elsewhere', seal: null }
  const login = { host: '127.0.0.1', port, ...opening }
  return { heard, looking: opens(context({ authorities: [authority.pem] }), login) }
}

const isTold = (heard: readonly Buffer[]) => Buffer.concat(heard).toString('latin1')

describe('a login of another server', () => {
  it.each(['cleartext', 'md5', 'scram'] as const)('is not told by %s', async (way) => {
    const { heard, looking } = await takeOver([asking[way]])
    await expect(looking).rejects.toMatchObject({ code: 'not-connected' })
    // Nothing but Terminate, if that.
    expect(isTold(heard)).toMatch(/^(?:X\0\0\0\x04)?$/)
  })

  it('is shown bound to the certificate, and not told in the end after all', async () => {
    const { heard, looking } = await takeOver([asking.bound, asking.cleartext])
    await expect(looking).rejects.toMatchObject({ code: 'not-connected' })
    expect(isTold(heard)).toMatch(/^p.*SCRAM-SHA-256-PLUS.*p=tls-server-end-point/s)
    expect(isTold(heard)).not.toContain('of-elsewhere')
  })
})
