import { once } from 'node:events'
import { createServer } from 'node:http'

/** A website that somebody forgot on the plain port: it answers there until it is told to redirect. */
export interface Website {
  redirects: boolean
  stop(): void
}

export async function startWebsite(port: number, secure: string): Promise<Website> {
  const server = createServer((request, response) => {
    if (website.redirects) {
      response.writeHead(308, { location: `${secure}${request.url}` }).end()
    } else response.writeHead(200, { 'content-type': 'text/plain' }).end('Welcome to Perdoo\n')
  })
  const website: Website = {
    redirects: false,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return website
}
