import { readText } from '../answer.ts'
import { GuardFailure } from '../failure.ts'

/** Milliseconds that Kept may take: whoever waits for it waits no longer. */
const patience = 3000
const largest = 64 * 1024

export type Sign = (request: Request) => Request | Promise<Request>

/** What Kept answers: its output, or the code by which it refuses. */
export type Answered = { output: Record<string, unknown> } | { refused: string }

/**
 * Asks Kept something as the app's runner.
 * @throws GuardFailure `sessions-away` when it does not answer in time, or has failed
 */
export async function askKept(
  url: URL,
  body: Record<string, unknown>,
  sign: Sign,
): Promise<Answered> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const signal = AbortSignal.timeout(patience)
  try {
    const request = new Request(url, { method: 'POST', headers, body: JSON.stringify(body) })
    const response = await fetch(await sign(request), { redirect: 'error', signal })
    const told = readObject(await readText(response, largest))
    if (response.ok) return { output: told }
    if (response.status < 500 && response.status !== 429) {
      const { code } = told
      return { refused: typeof code === 'string' ? code : String(response.status) }
    }
    throw away(`it answered ${response.status}`)
  } catch (error) {
    throw error instanceof GuardFailure ? error : away('it cannot be asked or reached', error)
  }
}

function readObject(text: string | null): Record<string, unknown> {
  if (text === null) throw away('its answer is larger than 64 KiB')
  const value: unknown = JSON.parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw away('its answer is no object')
}

export function away(reason: string, cause?: unknown): GuardFailure {
  const fix =
    'see that Kept runs, and that a service of its systems.yaml has the tag sign-in-runner:<the app’s runner>'
  return new GuardFailure('sessions-away', `Kept was not asked who that is: ${reason}`, fix, cause)
}
