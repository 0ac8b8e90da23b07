import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { hash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Document } from './foundation/operation.ts'
import type { Time } from './foundation/time.ts'

/** Of every document that is kept here: whoever keeps it too asks again before he shows it. */
export const cachedHeaders = { 'cache-control': 'no-cache', vary: 'accept-encoding' }

/** Public documents as they go out, for as long as nothing that they say can have changed. */
export interface Cache {
  /** Answers a request from memory; false when it cannot. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
  /** Keeps what the gate handed out to anybody, and answers with it. */
  keep(url: string, document: Document): void
}

type Coding = 'br' | 'gzip' | 'identity'

interface Kept {
  /** By the time of this Kept, and by the machine's. */
  until: number
  since: number
  etag: string
  bodies: Record<Coding, Buffer>
  headers: Record<Coding, readonly string[]>
}

/**
 * Milliseconds for which a document may be handed out again although a new piece of evidence could
 * have come in; what time alone changes ends it at that instant.
 */
const longest = 1000
const mostDocuments = 1000

export function openCache(time: Time): Cache {
  const kept = new Map<string, Kept>()
  return {
    answer(request, response) {
      const { method, url = '', headers } = request
      if (method !== 'GET' || headers['signature'] !== undefined) return false
      const known = kept.get(url)
      if (!known) return false
      if (time.now() >= known.until || performance.now() - known.since >= longest) {
        kept.delete(url)
        return false
      }
      send(known, headers, response)
      return true
    },
    keep(url, document) {
      const until = document.until ?? Infinity
      if (until <= time.now()) return
      if (kept.size >= mostDocuments) kept.delete(kept.keys().next().value!)
      kept.set(url, prepare(document, until))
    },
  }
}

function send(known: Kept, headers: IncomingMessage['headers'], response: ServerResponse): void {
  const coding = chooseCoding(headers['accept-encoding'])
  if (headers['if-none-match'] === known.etag) {
    response.writeHead(304, ['etag', known.etag, 'vary', 'accept-encoding'])
    response.end()
    return
  }
  response.writeHead(200, known.headers[coding] as string[])
  response.end(known.bodies[coding])
}

const choices = new Map<string, Coding>()

/** The coding for an Accept-Encoding header; the few that programs send are read once. */
function chooseCoding(accepted: string | string[] | undefined): Coding {
  if (typeof accepted !== 'string') return 'identity'
  const known = choices.get(accepted)
  if (known) return known
  const choice = readCodings(accepted)
  if (choices.size < 100) choices.set(accepted, choice)
  return choice
}

/** RFC 9110 section 12.5.3: what has the quality 0 is refused. */
function readCodings(accepted: string): Coding {
  const parts = accepted.split(',').map((part) => part.trim().toLowerCase())
  const takes = (coding: Coding) =>
    parts.some((part) => new RegExp(`^${coding}\\s*(?:;\\s*q=(?!0(?:\\.0*)?$)|$)`).test(part))
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : 'identity'
}

/** Compressed once, when it is made, and not for each reader. */
function prepare({ type, body, headers = {} }: Document, until: number): Kept {
  const identity = Buffer.from(body)
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }
  const bodies = { identity, gzip: gzipSync(identity), br: brotliCompressSync(identity, quality) }
  const etag = etagOf(identity)
  const more = Object.entries(headers).flat()
  const head = (coding: Coding) => [
    'content-type',
    type,
    'content-length',
    String(bodies[coding].length),
    'etag',
    etag,
    'x-content-type-options',
    'nosniff',
    ...more,
    ...(coding === 'identity' ? [] : ['content-encoding', coding]),
  ]
  return {
    until,
    since: performance.now(),
    etag,
    bodies,
    headers: { identity: head('identity'), gzip: head('gzip'), br: head('br') },
  }
}

/** Weak, for it names what is said and not the bytes, which differ by coding (RFC 9110 section 8.8.1). */
export function etagOf(body: string | Uint8Array): string {
  return `W/"${hash('sha256', body, 'base64url').slice(0, 22)}"`
}
