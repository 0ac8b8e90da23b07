import { connect } from 'node:net'
import type { ClientBase } from 'pg'

/** What a client knows of its backend, and `pg` does not promise. */
export interface Reached {
  host: string
  port: number
  processID: number
  secretKey: number
}

/**
 * Asks the server to stop what a client runs (PostgreSQL, "Canceling Requests in Progress"). Nobody learns
 * whether it did, and it may come late: the client must not be used again.
 */
export function requestCancel(client: ClientBase): Promise<void> {
  const { host, port, processID, secretKey } = client as unknown as Reached
  const message = Buffer.alloc(16)
  message.writeInt32BE(16, 0)
  message.writeInt32BE(80_877_102, 4)
  message.writeInt32BE(processID, 8)
  message.writeInt32BE(secretKey, 12)
  return new Promise((resolve) => {
    const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
    socket.on('error', () => {}).on('close', () => resolve())
    socket.setTimeout(5000, () => socket.destroy())
    // Not ended: PgBouncer 1.18 dies of a cancel whose sender hangs up first. The server closes.
    socket.write(message)
    socket.resume()
  })
}
