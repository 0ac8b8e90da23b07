import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { hash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Document } from './foundation/operation.ts'
import type { Time } from './foundation/time.ts'

/** Of every document that is kept here: whoever keeps it too asks again before he shows it. */
export const cachedHeaders = { 'cache-control': 'no-cache', vary: 'accept-encoding' }

/** Public documents as they go out, for as long as nothing that they say can have changed. */
export interface Cache {
  /** Answers a request from memory; false when it cannot. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
  /**
   * Has a document made that anybody gets alike, and keeps it. Whoever asks for it meanwhile is given
   * the same, so that a crowd costs no more than one reader.
   */
  share(url: string, make: () => Promise<Document>): Promise<Document>
}

type Coding = 'br' | 'gzip' | 'identity'

interface Kept {
  /** By the time of this Kept, and by the machine's. */
  until: number
  since: number
  etag: string
  answers: Partial<Record<Coding, Answer>>
  make: (coding: Coding) => Answer
}

interface Answer {
  headers: string[]
  /** A letter a byte: Node sends it with the headers in one write, which halves the cost of an answer. */
  body: string
}

/**
 * Milliseconds for which a document may be handed out again although a new piece of evidence could
 * have come in; what time alone changes ends it at that instant.
 */
const longest = 1000
const mostDocuments = 1000

/** `count` is called for each answer, which passes no route and so no other measure. */
export function openCache(time: Time, count: () => void): Cache {
  const kept = new Map<string, Kept>()
  const making = new Map<string, Promise<Document>>()

  function keep(url: string, document: Document, since: number): void {
    const until = document.until ?? Infinity
    if (until <= time.now()) return
    if (kept.size >= mostDocuments) kept.delete(kept.keys().next().value!)
    kept.set(url, prepare(document, until, since))
  }

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
      count()
      return true
    },
    share(url, make) {
      const known = making.get(url)
      if (known) return known
      const since = performance.now()
      const made = make()
        .then((document) => {
          keep(url, document, since)
          return document
        })
        .finally(() => making.delete(url))
      making.set(url, made)
      return made
    },
  }
}

function send(known: Kept, headers: IncomingMessage['headers'], response: ServerResponse): void {
  const coding = chooseCoding(headers['accept-encoding'])
  const id = ['x-request-id', randomUUID()]
  if (headers['if-none-match'] === known.etag) {
    response.writeHead(304, ['etag', known.etag, 'vary', 'accept-encoding', ...id])
    response.end()
    return
  }
  const { headers: head, body } = (known.answers[coding] ??= known.make(coding))
  response.writeHead(200, [...head, ...id])
  response.end(body, 'latin1')
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

/** Compressed when the first reader asks for a coding, and not for each. */
function prepare({ type, body, headers = {} }: Document, until: number, since: number): Kept {
  const plain = Buffer.from(body)
  const etag = etagOf(plain)
  const always = ['content-type', type, 'etag', etag, 'x-content-type-options', 'nosniff']
  const more = Object.entries(headers).flat()
  return {
    until,
    since,
    etag,
    answers: {},
    make(coding) {
      const coded = compress[coding](plain)
      const own = ['content-length', String(coded.length)]
      if (coding !== 'identity') own.push('content-encoding', coding)
      return { headers: [...always, ...more, ...own], body: coded.toString('latin1') }
    },
  }
}

const compress: Record<Coding, (bytes: Buffer) => Buffer> = {
  identity: (bytes) => bytes,
  gzip: (bytes) => gzipSync(bytes),
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
}

/** Weak, for it names what is said and not the bytes, which differ by coding (RFC 9110 section 8.8.1). */
export function etagOf(body: string | Uint8Array): string {
  return `W/"${hash('sha256', body, 'base64url').slice(0, 22)}"`
}
