import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Counts } from './counts.ts'

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
