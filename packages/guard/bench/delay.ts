import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

/**
 * A TCP proxy, in a process of its own, that holds back what passes it, each way by the same time: the path of
 * a socket and milliseconds. It prints its port.
 */
const [path = '', milliseconds = '0'] = process.argv.slice(2)
const delay = Number(milliseconds)

const server = createServer((client) => {
  client.setNoDelay(true)
  const database = connect(path)
  pass(client, database)
  pass(database, client)
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))

function pass(from: Socket, to: Socket): void {
  const held: { chunk: Buffer; due: number }[] = []
  /** A timer knows whole milliseconds only, so that it looks again and again. */
  const look = () => {
    while (held.length > 0 && held[0]!.due <= performance.now()) to.write(held.shift()!.chunk)
    if (held.length > 0) setImmediate(look)
  }
  from.on('data', (chunk: Buffer) => {
    held.push({ chunk, due: performance.now() + delay })
    if (held.length === 1) setImmediate(look)
  })
  from.on('error', () => {}).on('close', () => to.destroy())
}
