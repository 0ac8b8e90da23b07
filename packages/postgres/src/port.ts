import { createServer } from 'node:net'
import { codeOf, PostgresFailure } from './failure.ts'

/** A port of 127.0.0.1 that is free now; somebody else may still be quicker. */
export async function findFreePort(): Promise<number> {
  return await listenOnce(0)
}

export async function checkPort(port: number): Promise<void> {
  if (!Number.isInteger(port) || port < 1024 || port > 65_535) {
    throw new PostgresFailure(
      'bad-option',
      `port ${port}`,
      'it is no port that an unprivileged server may take',
      'choose one from 1024 to 65535, or none',
    )
  }
  try {
    await listenOnce(port)
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') throw portTaken(port)
    throw error
  }
}

function portTaken(port: number): PostgresFailure {
  return new PostgresFailure(
    'port-taken',
    `127.0.0.1:${port}`,
    'another process listens there',
    'choose another port, or none so that a free one is found',
  )
}

async function listenOnce(port: number): Promise<number> {
  const server = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.on('error', reject).listen({ port, host: '127.0.0.1', exclusive: true }, resolve)
  await promise
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return typeof address === 'object' && address !== null ? address.port : port
}
