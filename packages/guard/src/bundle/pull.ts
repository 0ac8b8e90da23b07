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
    if (response.ok) return await bounded(response)
    await response.body?.cancel()
    throw away(`it answered ${response.status}`)
  } catch (error) {
    throw error instanceof GuardFailure ? error : away('it cannot be asked or reached', error)
  }
}

async function bounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > largest) throw away('its bundle is larger than 16 MiB')
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

function away(reason: string, cause?: unknown): GuardFailure {
  const fix = 'see that Kept runs and that the app’s runner is registered there'
  return new GuardFailure('bundle-away', `no bundle was pulled from Kept: ${reason}`, fix, cause)
}
