import { once } from 'node:events'
import type { Socket } from 'node:net'
import { cannotLook } from '../../foundation/look.ts'
import { dial, patience, type Place, type Way } from '../../outside/reach.ts'
import type { Endpoint } from './endpoint.ts'
import { decodeReply, encodeHello, type Offer, type Reply } from './hello.ts'
import { olderSuites } from './suites.ts'

/** Asks PostgreSQL to turn to TLS (PostgreSQL 18, 54.2.11: SSLRequest). */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

/** A connection at the point where TLS begins. */
export async function openForTls(
  way: Way,
  place: Place,
  speaks: Endpoint['speaks'],
): Promise<Socket> {
  const socket = await dial(way, place)
  if ('refused' in socket) throw cannotLook(socket.why)
  if (speaks === 'http') return socket
  socket.write(sslRequest)
  const answer = await readSome(way, socket)
  if (answer?.toString('latin1') === 'S') return socket
  socket.destroy()
  throw cannotLook(`${place.host}:${place.port} does not turn to TLS when asked as PostgreSQL is`)
}

/** What arrives next; null when the other side closed without a word. */
async function readSome({ signal }: Way, socket: Socket): Promise<Buffer | null> {
  const bound = AbortSignal.any([signal, AbortSignal.timeout(patience * 1000)])
  const ended = once(socket, 'close', { signal: bound }).then(() => null)
  const data = once(socket, 'data', { signal: bound }).then(([chunk]) => chunk as Buffer)
  try {
    return await Promise.race([data, ended])
  } catch {
    signal.throwIfAborted()
    return null
  } finally {
    for (const left of [ended, data]) left.catch(() => {})
  }
}

const exchanges = new Map(olderSuites.map(({ id, exchange }) => [id, exchange]))

function keyExchange(suite: number): 'prime' | 'curve' | null {
  const exchange = exchanges.get(suite) ?? ''
  if (/^dhe?-/.test(exchange)) return 'prime'
  return /^ecdhe?-/.test(exchange) ? 'curve' : null
}

/** A server's decision about an offer; `silent` when it closed without a word. */
export type Decision = Reply | { kind: 'silent' }

/**
 * Offers one version with some suites and reads what the server decides. This is a ClientHello of our
 * own because OpenSSL as it comes with Node can no longer say SSL 3.0, RC4, 3DES or export ciphers:
 * what a client cannot offer, it cannot see refused.
 */
export async function makeOffer(
  way: Way,
  place: Place,
  speaks: Endpoint['speaks'],
  offer: Offer,
): Promise<Decision> {
  const socket = await openForTls(way, place, speaks)
  const decided = Promise.withResolvers<Decision>()
  let received = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    const reply =
      received.length > 262_144 ? { kind: 'other' as const } : decodeReply(received, keyExchange)
    if (reply) decided.resolve(reply)
  })
  socket.on('error', (error: Error & { code?: string }) => {
    if (error.code === 'ETIMEDOUT' || error.name === 'AbortError') decided.reject(error)
  })
  socket.on('close', () => decided.resolve({ kind: 'silent' }))
  socket.write(encodeHello(offer))
  try {
    return await decided.promise
  } catch {
    way.signal.throwIfAborted()
    throw cannotLook(`${place.host}:${place.port} went silent when ${offer.version} was offered`)
  } finally {
    socket.destroy()
  }
}
