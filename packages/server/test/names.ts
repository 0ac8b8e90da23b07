/** Test support: a name server on loopback that answers what a test says (RFC 1035, MX only). */
import { createSocket } from 'node:dgram'
import dns from 'node:dns/promises'
import { once } from 'node:events'

/** Mail exchanges by domain; `null` is a domain without any record of mail, absent is no domain. */
export type Zone = Record<string, readonly string[] | null>

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
  const found = zone[labels.join('.').toLowerCase()]
  const records = (found ?? []).map((exchange, i) => {
    const name = Buffer.concat([
      ...exchange
        .split('.')
        .filter(Boolean)
        .map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
      Buffer.from([0]),
    ])
    const head = Buffer.from([0xc0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, name.length + 2, 0, i])
    return Buffer.concat([head, name])
  })
  const head = Buffer.alloc(12)
  query.copy(head, 0, 0, 2)
  // An answer, recursion available; 3 is "no such domain".
  head.writeUInt16BE(0x81_80 | (found === undefined ? 3 : 0), 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(records.length, 6)
  return Buffer.concat([head, question, ...records])
}
