import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { kept } from '../api.ts'

/** WebAuthn's own JSON, which server and browser read: its types say more than the API document does. */
type Given = {
  id: string
  rawId: string
  type: 'public-key'
  response: never
  clientExtensionResults: never
}

/** Whether this browser and this address have passkeys at all. */
export const hasPasskeys =
  'PublicKeyCredential' in window && !/^[\d.]+$|^\[/.test(location.hostname)

async function answer(): Promise<Given> {
  const { options } = await kept.post('/api/passkeys/ask', {})
  const given: unknown = await said(startAuthentication({ optionsJSON: options }))
  return given as Given
}

export async function signInByPasskey(tenant: string | null): Promise<void> {
  const response = await answer()
  const body = { tenant, response, agent: navigator.userAgent }
  await kept.post('/api/sign-in/passkey', { body })
}

export async function provePasskey(): Promise<void> {
  await kept.post('/api/session/passkey', { body: { response: await answer() } })
}

/** Makes one and adds it to the account; the first factor comes with recovery codes. */
export async function makePasskey(): Promise<readonly string[] | null> {
  const { options } = await kept.post('/api/account/passkeys/begin', {})
  const made: unknown = await said(startRegistration({ optionsJSON: options as never }))
  const body = { label: sayDevice(navigator.userAgent), response: made as Given }
  return (await kept.post('/api/account/passkeys', { body })).codes
}

/** A browser's own words name neither what happened nor what to do. */
async function said<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    const { name } = error as Error
    if (name === 'InvalidStateError') throw new Error('This device has a passkey here already', { cause: error }) // prettier-ignore
    throw new Error('No passkey was given: it was called off, or took too long', { cause: error })
  }
}

function sayDevice(agent: string): string {
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(agent)?.[0] ?? 'this device'
  return `${system}, ${new Date().toLocaleDateString()}`
}
