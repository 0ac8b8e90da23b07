import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Counts } from './counts.ts'
import type { Problem } from './problem.ts'

/** Counts a request where it arrives, and its answer where it leaves. */
export function watchResponse(
  counts: Counts,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  counts.arrived()
  // Who has the answer but for its end has it too.
  response.once('close', () => {
    if (!response.headersSent) return
    counts.answered(request, { method: request.method!, status: response.statusCode })
  })
}

/** Requests that were let in; those of an app within another are known to both guards. */
const admitted = new WeakSet<object>()

export function admit(request: IncomingMessage): void {
  admitted.add(request)
}

/**
 * Lets nothing but failures out until the request is let in: whatever else writes an answer, be it no route at
 * all, it is turned into that of a closed route, and so is what is not found, so that both look alike.
 * `refused` hears of answers with success.
 */
export function holdResponse(
  request: IncomingMessage,
  response: ServerResponse,
  { closed, refused }: { closed: () => Problem; refused: () => void },
): void {
  const writeHead = response.writeHead.bind(response)
  const write = response.write.bind(response)
  const end = response.end.bind(response)
  let isShut = false

  function shuts(status: number): boolean {
    if (isShut || response.headersSent || admitted.has(request)) return isShut
    if (!isAnswer(request, response, status)) return false
    isShut = true
    if (status < 400) refused()
    for (const name of response.getHeaderNames()) {
      if (!isOfBrowser.test(name)) response.removeHeader(name)
    }
    const { status: instead, headers, body } = closed()
    writeHead(instead, { ...headers, 'content-length': Buffer.byteLength(body) })
    end(body)
    return true
  }
  response.writeHead = (...given: unknown[]) =>
    shuts(Number(given[0])) ? response : writeHead(...(given as Parameters<typeof writeHead>))
  response.write = (...given: unknown[]) =>
    shuts(response.statusCode) || write(...(given as Parameters<typeof write>))
  response.end = (...given: unknown[]) =>
    shuts(response.statusCode) ? response : end(...(given as Parameters<typeof end>))
}

/** What lets a browser read the answer of another origin. */
const isOfBrowser = /^access-control-/

/** An answer without content to a preflight lets a browser ask; 1xx come before the answer. */
function isAnswer({ method }: IncomingMessage, response: ServerResponse, status: number) {
  const isPreflight = method === 'OPTIONS' && status === 204 && !response.hasHeader('allow')
  return status >= 200 && (status < 400 || status === 404) && !isPreflight
}

/** Fires when the connection closes before the answer is out. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  const close = () => {
    if (!response.writableFinished) gone.abort()
  }
  if (response.closed) close()
  else response.once('close', close)
  return gone.signal
}

/** As they were sent: names beside values. */
export function* headersOf({ rawHeaders }: IncomingMessage): Generator<[string, string]> {
  for (let i = 0; i < rawHeaders.length; i += 2) yield [rawHeaders[i]!, rawHeaders[i + 1]!]
}

export function pathOf(url: string): string {
  return url.split('?', 1)[0]!
}

/** By the address itself: frameworks differ in what they make of `a[b]=` and of what is said twice. */
export function queryOf(url: string): URLSearchParams {
  return new URLSearchParams(url.slice(pathOf(url).length))
}
