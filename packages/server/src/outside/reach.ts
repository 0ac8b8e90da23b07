import { lookup } from 'node:dns/promises'
import { BlockList, connect, isIP, type Socket } from 'node:net'
import { cannotLook } from '../foundation/look.ts'
import type { Outside } from '../foundation/outside.ts'

/** What a look needs to open a connection. */
export interface Way {
  outside: Pick<Outside, 'reach' | 'authorities'>
  signal: AbortSignal
}

/** An address that was resolved once: connections go there and to no second answer of the name. */
export interface Place {
  host: string
  port: number
  /** An IP literal. */
  address: string
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Networks that no reader of a public page can reach (RFC 6890, RFC 4193, RFC 4291). */
const closed = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  closed.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  closed.addSubnet(network, bits, 'ipv6')

/** BlockList reads an IPv4 address written as IPv6 (::ffff:127.0.0.1) by the rules of IPv4. */
function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

export function isLoopback(address: string): boolean {
  return isIP(address) !== 0 && isIn(loopback, address)
}

/** The same of a host as it is written: an address, in brackets or not, or a name (RFC 6761 section 6.3). */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1')
  return isLoopback(name) || /(?:^|\.)localhost\.?$/i.test(name)
}

/** Whether everybody can reach an address, and not only this machine or network. */
export function isPublic(address: string): boolean {
  return isIP(address) !== 0 && !isIn(closed, address)
}

/**
 * All addresses of a host, each within reach. One that is not forbids them all: a name that answers
 * both ways is how a stranger's server comes to stand for ours.
 */
export async function resolve({ outside, signal }: Way, host: string): Promise<string[]> {
  const name = host.replace(/^\[(.*)\]$/, '$1')
  const isNear = outside.reach === 'loopback'
  // Asking for any other name would already reach beyond this machine.
  const isElsewhere = isNear && isIP(name) === 0 && !isLoopbackHost(name)
  const found = isElsewhere || isIP(name) ? [{ address: name }] : await ask(name, signal)
  const addresses = found.map(({ address }) => address)
  if (isElsewhere || (isNear && !addresses.every((address) => isIn(loopback, address)))) {
    throw cannotLook(`this Kept may only reach its own machine, and ${name} is elsewhere`)
  }
  return addresses
}

async function ask(name: string, signal: AbortSignal) {
  try {
    return await until(signal, lookup(name, { all: true }))
  } catch (error) {
    signal.throwIfAborted()
    throw cannotLook(`the name ${name} cannot be resolved (${codeOf(error)})`, error)
  }
}

/** A promise that the signal can end. */
export async function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const ended = Promise.withResolvers<never>()
  const end = () => ended.reject(signal.reason as Error)
  signal.addEventListener('abort', end, { once: true })
  try {
    return await Promise.race([work, ended.promise])
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** A connection that came to nothing: `refused` says that certainly nothing answers there. */
export interface NoConnection {
  refused: boolean
  why: string
}

/** Seconds that one connection, handshake or answer may take. */
export const patience = 5

/** Opens a TCP connection to a resolved place. The caller ends it; the signal does too. */
export async function dial({ signal }: Way, place: Place): Promise<Socket | NoConnection> {
  signal.throwIfAborted()
  const socket = connect({ host: place.address, port: place.port, signal })
  socket.setTimeout(patience * 1000, () => {
    socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }))
  })
  const opened = Promise.withResolvers<Socket | NoConnection>()
  socket.once('connect', () => opened.resolve(socket))
  // Stays attached: a socket that fails later without a listener would end this process.
  socket.on('error', (error) => {
    const code = codeOf(error)
    const why = `${place.host}:${place.port} does not answer at ${place.address} (${code})`
    opened.resolve({ refused: isNobody(code, place.address), why })
  })
  const outcome = await opened.promise
  signal.throwIfAborted()
  return outcome
}

/**
 * A refusal is an answer. That this machine has no way there is none, since others may have one; but
 * an address of the machine itself that it does not have nobody else has either.
 */
export function isNobody(code: string, address: string): boolean {
  return code === 'ECONNREFUSED' || (code === 'EADDRNOTAVAIL' && isLoopback(address))
}

/** Every address of a host, whether or not something answers there. */
export async function placesOf(way: Way, host: string, port: number): Promise<Place[]> {
  const name = host.replace(/^\[(.*)\]$/, '$1')
  return (await resolve(way, host)).map((address) => ({ host: name, port, address }))
}

/**
 * Where a host really answers: all of its addresses but those where nobody listens. An address that
 * stays silent, or that there is no way to, ends the look, since nobody knows what it serves to others.
 */
export async function findPlaces(way: Way, host: string, port: number): Promise<Place[]> {
  return await answering(way, await placesOf(way, host, port))
}

/** One address of a host where somebody listens, for what is the same at each of them. */
export async function findPlace(way: Way, host: string, port: number): Promise<Place> {
  let why = ''
  for (const place of await placesOf(way, host, port)) {
    const outcome = await dial(way, place)
    if (!('refused' in outcome)) {
      outcome.destroy()
      return place
    }
    why = outcome.why
  }
  throw cannotLook(why)
}

/** Those of some places where somebody listens; one at least. */
export async function answering(way: Way, places: readonly Place[]): Promise<Place[]> {
  const found: Place[] = []
  let why = ''
  for (const place of places) {
    const outcome = await dial(way, place)
    if ('refused' in outcome) {
      why = outcome.why
      if (!outcome.refused) throw cannotLook(why)
    } else {
      outcome.destroy()
      found.push(place)
    }
  }
  if (found.length === 0) throw cannotLook(why)
  return found
}

export function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: string }
  return typeof code === 'string' ? code : (name ?? 'error')
}
