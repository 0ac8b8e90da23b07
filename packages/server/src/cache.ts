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
   * Has a document made that anybody gets alike, and keeps it under its address, which has one spelling
   * whatever the request's was. Whoever asks for it meanwhile is given the same, so that a crowd costs
   * no more than one reader.
   */
  share(address: string, make: () => Promise<Document>): Promise<Document>
}

type Coding = 'br' | 'gzip' | 'identity'

interface Kept {
  document: Document
  /** By the time of this Kept, and by the machine's. */
  until: number
  since: number
  etag: string
  /** What it may come to take with all its codings, in bytes. */
  size: number
  answers: Partial<Record<Coding, Answer>>
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
const mostBytes = 64 * 1024 * 1024
/** A larger document is made anew for each reader, in bytes. */
const largest = 1024 * 1024

/** `count` is called for each answer, which passes no route and so no other measure. */
export function openCache(time: Time, count: () => void): Cache {
  const kept = new Map<string, Kept>()
  const making = new Map<string, Promise<Document>>()
  let bytes = 0

  function isOver({ until, since }: Kept): boolean {
    return time.now() >= until || performance.now() - since >= longest
  }

  function drop(address: string): void {
    bytes -= kept.get(address)?.size ?? 0
    kept.delete(address)
  }

  function find(address: string): Kept | null {
    const known = kept.get(address)
    if (!known) return null
    if (!isOver(known)) return known
    drop(address)
    return null
  }

  function keep(address: string, document: Document, since: number): void {
    const one = prepare(document, since)
    drop(address)
    if (one === null || isOver(one)) return
    kept.set(address, one)
    bytes += one.size
    // Oldest first: what is over goes, and what is too much.
    for (const [other, known] of kept) {
      if (bytes <= mostBytes && !isOver(known)) break
      drop(other)
    }
  }

  return {
    answer(request, response) {
      const { method, url = '', headers } = request
      if (method !== 'GET' || headers['signature'] !== undefined) return false
      const known = find(url)
      if (!known) return false
      send(known, headers, response)
      count()
      return true
    },
    share(address, make) {
      const known = find(address)
      if (known) return Promise.resolve(known.document)
      const others = making.get(address)
      if (others) return others
      const since = performance.now()
      const made = make()
        .then((document) => {
          keep(address, document, since)
          return document
        })
        .finally(() => making.delete(address))
      making.set(address, made)
      return made
    },
  }
}

function send(known: Kept, headers: IncomingMessage['headers'], response: ServerResponse): void {
  const id = ['x-request-id', randomUUID()]
  if (isNamed(known.etag, headers['if-none-match'])) {
    response.writeHead(304, ['etag', known.etag, ...headersOf(known.document), ...id])
    response.end()
    return
  }
  const coding = chooseCoding(headers['accept-encoding'])
  const { headers: head, body } = (known.answers[coding] ??= encode(known, coding))
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

/** Null when it is too large to be kept. */
function prepare(document: Document, since: number): Kept | null {
  const length = Buffer.byteLength(document.body)
  if (length > largest) return null
  return {
    document,
    until: document.until ?? Infinity,
    since,
    etag: etagOf(document.body),
    // The document itself, at two bytes a letter, and three codings; then what every entry takes.
    size: 5 * length + 4096,
    answers: {},
  }
}

/** Compressed when the first reader asks for a coding, and not for each. */
function encode({ document, etag }: Kept, coding: Coding): Answer {
  const coded = compress[coding](Buffer.from(document.body))
  const headers = ['content-type', document.type, 'etag', etag, 'x-content-type-options', 'nosniff']
  headers.push(...headersOf(document), 'content-length', String(coded.length))
  if (coding !== 'identity') headers.push('content-encoding', coding)
  return { headers, body: coded.toString('latin1') }
}

function headersOf({ headers = {} }: Document): string[] {
  return Object.entries(headers).flat()
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

/** Whether an If-None-Match names an entity tag (RFC 9110 section 13.1.2), by the weak comparison. */
export function isNamed(etag: string, known: string | undefined): boolean {
  if (known === undefined) return false
  if (known === etag || known.trim() === '*') return true
  const opaque = etag.replace(/^W\//, '')
  return known.match(/"[^"]*"/g)?.includes(opaque) ?? false
}
