import type { Socket } from 'node:net'
import type { Account } from './account.ts'

/** What an owner says to the watchdog: one JSON object a line. */
export type Order =
  | { do: 'own'; pid: number; graceSeconds: number; stopSeconds: number }
  | { do: 'start'; program: string; words: readonly string[]; account: Account }
  | { do: 'watch'; pid: number }
  | { do: 'stop' }

/** What the watchdog says to its owner, and `refused` to one who would be the second. */
export type Report =
  | { owned: number | null; watchdog: number }
  | { refused: number }
  | { started: number }
  | { failed: string; code: string | null }
  | { ended: Ending }

/** How a server ended. `code` and `signal` are null when it was not the watchdog's own child. */
export interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
  /** `itself` when nobody asked it to; else the last step that was needed. */
  how: 'itself' | 'fast' | 'immediate' | 'killed' | 'unknown'
}

export function send(socket: Socket, message: Order | Report): void {
  socket.write(`${JSON.stringify(message)}\n`)
}

export function readMessages(socket: Socket, take: (message: Order | Report) => void): void {
  let rest = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) take(JSON.parse(line) as Order | Report)
  })
}
