import { createPrivateKey, sign, type KeyObject } from 'node:crypto'
import type { Given } from './command.ts'
import { Failure } from './failure.ts'
import { openRemote, remoteAt, type Remote } from './remote.ts'
import type { Terminal } from './terminal.ts'

/** A running Kept, as a registered runner or person asks it: every request is signed. */
export interface Signed extends Remote {
  /** The runner that signs. */
  as: string
  /** The server's time, milliseconds since 1970: the two clocks need not agree. */
  now: () => number
}

/** Opens a connection that signs with --key as --as. */
export async function openSigned(
  { options }: Pick<Given, 'options'>,
  command: string,
  terminal: Terminal,
): Promise<Signed> {
  const place = `kept ${command}`
  const [key, as] = [options.get('key'), options.get('as')]
  if (key === undefined || as === undefined) {
    const missing = key === undefined ? 'with which key to sign' : 'as whom to sign'
    const fix =
      key === undefined ? 'give --key FILE, or set KEPT_KEY' : 'give --as ID, or set KEPT_AS'
    throw new Failure(place, `it does not know ${missing}`, fix)
  }
  const remote = openRemote({ options }, command, terminal)
  const secret = readKey(key, await terminal.readSecret(key))
  const ahead = await measureAhead(remote, terminal)
  const now = () => terminal.now() + ahead
  const signer = { as, now, sign: (data: Uint8Array) => sign(null, data, secret) }
  return { ...remoteAt(remote.url, terminal, signer), as, now }
}

async function measureAhead(remote: Remote, terminal: Terminal): Promise<number> {
  const { now } = await remote.get('/api/time')
  return Date.parse(now) - terminal.now()
}

function readKey(path: string, pem: Uint8Array): KeyObject {
  const fix = '`kept keys new FILE` makes one'
  try {
    const key = createPrivateKey(Buffer.from(pem))
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    throw new Failure(path, 'it is no private key in PEM', fix)
  }
  throw new Failure(path, 'it is no Ed25519 key', fix)
}
