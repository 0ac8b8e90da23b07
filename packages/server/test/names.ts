/** Test support: a name server on loopback that answers what a test says (RFC 1035). */
import { createSocket } from 'node:dgram'
import dns from 'node:dns/promises'
import { once } from 'node:events'

/** What is known of a name; a name that is not there at all does not exist. */
export interface Records {
  mx?: readonly string[]
  a?: readonly string[]
  cname?: string
  ptr?: readonly string[]
}

export type Zone = Record<string, Records>

const types = { 1: 'a', 5: 'cname', 12: 'ptr', 15: 'mx' } as const

export async function serveNames(zone: Zone): Promise<() => void> {
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) =>
    socket.send(answer(query, zone), port, address),
  )
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const before = dns.getServers()
  dns.setServers([`127.0.0.1:${socket.address().port}`])
  return () => {
    dns.setServers(before)
    socket.close()
  }
}

function answer(query: Buffer, zone: Zone): Buffer {
  const labels: string[] = []
  let at = 12
  for (; query[at]! > 0; at += query[at]! + 1) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!))
  }
  const question = query.subarray(12, at + 5)
  const type = query.readUInt16BE(at + 1)
  const name = labels.join('.').toLowerCase()
  const known = zone[name]
  // A resolver follows an alias by itself, and says so.
  const chain = type === 5 || type === 12 ? [] : aliases(zone, name)
  const asked = zone[chain.at(-1)?.to ?? name]
  const records = [
    ...chain.map(({ from, to }) => record(encode(from), 5, encode(to))),
    ...valuesOf(asked, type).map((data) => record(encode(chain.at(-1)?.to ?? name), type, data)),
  ]
  const head = Buffer.alloc(12)
  query.copy(head, 0, 0, 2)
  // An answer, recursion available; 3 is "no such domain".
  head.writeUInt16BE(0x81_80 | (known === undefined ? 3 : 0), 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(records.length, 6)
  return Buffer.concat([head, question, ...records])
}

function aliases(zone: Zone, name: string): { from: string; to: string }[] {
  const to = zone[name]?.cname
  return to === undefined ? [] : [{ from: name, to }, ...aliases(zone, to)]
}

function valuesOf(records: Records | undefined, type: number): Buffer[] {
  switch (types[type as keyof typeof types]) {
    case 'a':
      return (records?.a ?? []).map((address) => Buffer.from(address.split('.').map(Number)))
    case 'cname':
      return records?.cname === undefined ? [] : [encode(records.cname)]
    case 'ptr':
      return (records?.ptr ?? []).map(encode)
    case 'mx':
      return (records?.mx ?? []).map((exchange, i) =>
        Buffer.concat([Buffer.from([0, i]), encode(exchange)]),
      )
    default:
      return []
  }
}

function record(name: Buffer, type: number, data: Buffer): Buffer {
  const head = Buffer.from([0, type, 0, 1, 0, 0, 0, 60, 0, data.length])
  return Buffer.concat([name, head, data])
}

function encode(name: string): Buffer {
  const labels = name.split('.').filter(Boolean)
  const parts = labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)]))
  return Buffer.concat([...parts, Buffer.from([0])])
}
