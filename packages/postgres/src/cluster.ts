import type { Client } from 'pg'
import { authorityFile } from './certificate.ts'
import { withClient } from './client.ts'
import { superuser } from './initdb.ts'
import type { Layout } from './layout.ts'
import { isPostmaster } from './postmaster.ts'
import type { Server } from './server.ts'
import { own, type Patience, type Supervision } from './supervision.ts'
import { networkUrl, socketUrl, type Address } from './url.ts'
import type { Ending } from './watchdog-messages.ts'

/** A cluster that runs and that this process owns. */
export class Cluster {
  readonly directory: string
  /** Of the postmaster. */
  readonly pid: number
  readonly port: number
  /** Like `18.4`. */
  readonly version: string
  /** Whether it ran already, left behind by an owner that died. */
  readonly adopted: boolean
  /** The file with the authority that signed the server's certificate; null without TLS. */
  readonly authority: string | null
  /** Settles when the server has ended, for whatever reason: nobody starts it again by itself. */
  readonly ended: Promise<Ending>
  private readonly layout: Layout
  private readonly password: string
  private readonly patience: Patience
  private supervision: Supervision
  private stopping: Promise<Ending> | null = null

  constructor(
    layout: Layout,
    server: Server,
    supervision: Supervision,
    rest: { password: string; tls: boolean; patience: Patience },
  ) {
    this.directory = layout.directory
    this.pid = server.running.pid
    this.port = server.port
    this.version = server.version
    this.adopted = server.adopted
    this.authority = rest.tls ? authorityFile(layout) : null
    this.layout = layout
    this.password = rest.password
    this.patience = rest.patience
    this.supervision = supervision
    this.ended = this.follow(server.running.ending)
    // A program that has nothing else to do may end without stopping the server; see graceSeconds.
    supervision.hold(false)
  }

  /** A URL by the Unix socket, for processes of our own user. It holds the password. */
  url(address: Address): string {
    return socketUrl(this.layout.sockets, this.port, address)
  }

  /** A URL by loopback TCP, for processes of other users; with TLS it demands `verify-full`. */
  networkUrl(address: Address): string {
    return networkUrl(this.port, this.authority, address)
  }

  /** For making roles and databases, and for nothing that serves somebody. It holds the password. */
  superuserUrl(database = 'postgres'): string {
    return this.url({ role: superuser, password: this.password, database })
  }

  /** Works as the superuser over a connection of its own. */
  async asSuperuser<T>(work: (client: Client) => Promise<T>, database?: string): Promise<T> {
    return await withClient(this.superuserUrl(database), work)
  }

  /**
   * Stops the server: fast, then, after `stopSeconds`, immediate, then by force. `how` says which was
   * needed. Stopping twice is once; a server that ended before keeps its ending.
   */
  async stop(): Promise<Ending> {
    this.stopping ??= this.stopOnce()
    return await this.stopping
  }

  private async stopOnce(): Promise<Ending> {
    this.supervision.hold(true)
    this.supervision.stop()
    const ending = await this.ended
    await this.supervision.release()
    return ending
  }

  /** When the watchdog is killed the server still runs: another watchdog takes over. */
  private async follow(ended: Promise<Ending>): Promise<Ending> {
    const ending = await ended
    if (ending.how !== 'unknown' || !isPostmaster(this.pid, this.layout.data)) return ending
    try {
      this.supervision = await own(this.layout, this.patience)
      const running = await this.supervision.watch(this.pid)
      if (this.stopping) this.supervision.stop()
      else this.supervision.hold(false)
      return await this.follow(running.ending)
    } catch {
      // Somebody else was quicker and owns it now.
      return ending
    }
  }
}
