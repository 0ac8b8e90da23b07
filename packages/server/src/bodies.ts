import type { IncomingMessage, ServerResponse } from 'node:http'
import { Failure } from './foundation/failure.ts'

/** How large a body is taken where a route says nothing else, in bytes. */
export const usualBody = 64 * 1024

/**
 * Bytes of larger bodies that are held at once, over all connections. The usual ones do not wait for
 * them: as many as there are connections come to as much again.
 */
const mostHeld = 128 * 1024 * 1024

export interface Bodies {
  /** Reads a body of at most so many bytes. It counts as held until the answer is out. */
  read(request: IncomingMessage, most: number): Promise<Buffer>
  /** Counts what a request brings until its answer is out. */
  watch(request: IncomingMessage, response: ServerResponse): void
}

export function openBodies(): Bodies {
  const sizes = new WeakMap<IncomingMessage, number>()
  let held = 0

  /** What is beyond the usual size of a body. */
  function count(request: IncomingMessage, size: number): void {
    const more = Math.max(0, size - usualBody)
    held += more - (sizes.get(request) ?? 0)
    sizes.set(request, more)
  }

  return {
    watch(request, response) {
      response.once('close', () => count(request, 0))
    },
    read(request, most) {
      const said = request.headers['content-length']
      const chunks: Buffer[] = []
      let size = 0
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
      if (Number(said ?? 0) > most) reject(tooLarge())
      else {
        request
          .on('data', take)
          .on('end', finish)
          .on('error', (error) => stop(hungUp(error)))
      }
      return promise

      function take(chunk: Buffer): void {
        size += chunk.length
        if (size > most) return stop(tooLarge())
        count(request, size)
        if (size > usualBody && held > mostHeld) return stop(busy())
        chunks.push(chunk)
      }
      function finish(): void {
        if (said === undefined || Number(said) === size) resolve(Buffer.concat(chunks))
        else reject(new Failure('bad-input', 'the body is shorter or longer than it says'))
      }
      function stop(error: Error): void {
        request.off('data', take).off('end', finish)
        chunks.length = 0
        count(request, 0)
        reject(error)
      }
    },
  }
}

/** Nobody hears it, and it is no fault of ours: by its own code it would be one of the database's. */
function hungUp(error: Error): Failure {
  return new Failure('bad-http', 'the request ended before its body did', {}, error)
}

function tooLarge(): Failure {
  return new Failure('too-large', 'the body is larger than this address takes')
}

function busy(): Failure {
  return new Failure('busy', 'this server reads too many large bodies at once', {
    fix: 'try again in a moment',
  })
}
