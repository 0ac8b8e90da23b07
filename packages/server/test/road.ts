import { connect, createServer, type Server, type Socket } from 'node:net'

/** A way to the database that can be closed, or stopped: a loopback port before its Unix socket. */
export async function openRoad(url: string) {
  const to = new URL(url.replace(/^postgres(?:ql)?:/, 'http:'))
  const folder = to.searchParams.get('host') ?? decodeURIComponent(to.hostname)
  const port = to.searchParams.get('port') ?? (to.port || '5432')
  const sockets = new Set<Socket>()
  let isStopped = false
  const server: Server = createServer((near) => {
    const far = connect(`${folder}/.s.PGSQL.${port}`)
    for (const [one, two] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => two.destroy())
      one.on('close', () => two.destroy())
      if (isStopped) one.pause()
      else one.pipe(two)
    }
  })
  const listen = (at: number) =>
    new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve))
  await listen(0)
  const { port: own } = server.address() as { port: number }
  return {
    url: `postgres://${to.username}:${to.password}@127.0.0.1:${own}${to.pathname}`,
    open: () => listen(own),
    /** Accepts whatever comes and says nothing, like a server whose processes were stopped. */
    stop() {
      isStopped = true
      for (const socket of sockets) socket.unpipe().pause()
    },
    /** Ends what was stopped, and carries what comes. */
    resume() {
      isStopped = false
      for (const socket of sockets) socket.destroy()
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
