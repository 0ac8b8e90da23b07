import { readText } from '../answer.ts'
import { GuardFailure } from '../failure.ts'

const patience = 10_000
const largest = 16 * 1024 * 1024

/** @throws GuardFailure `bundle-away` when Kept does not answer with one in time */
export async function pullText(
  sign: () => Request | Promise<Request>,
  closed: AbortSignal,
): Promise<string> {
  const signal = AbortSignal.any([closed, AbortSignal.timeout(patience)])
  try {
    const response = await fetch(await sign(), { redirect: 'error', signal })
    if (!response.ok) {
      await response.body?.cancel()
      throw away(`it answered ${response.status}`)
    }
    const text = await readText(response, largest)
    if (text === null) throw away('its bundle is larger than 16 MiB')
    return text
  } catch (error) {
    throw error instanceof GuardFailure ? error : away('it cannot be asked or reached', error)
  }
}

function away(reason: string, cause?: unknown): GuardFailure {
  const fix = 'see that Kept runs and that the app’s runner is registered there'
  return new GuardFailure('bundle-away', `no bundle was pulled from Kept: ${reason}`, fix, cause)
}
