import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { codeOf, PostgresFailure } from './failure.ts'

/** PostgreSQL's default count of rounds (scram_iterations). */
const rounds = 4096

/**
 * What PostgreSQL stores of a password (RFC 5803), made here so that the password itself never
 * travels in a statement: a failed one would be written into the server's log.
 * ASCII only, for which SASLprep (RFC 4013) changes nothing.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  if (!/^[\x20-\x7e]+$/.test(password)) {
    throw new PostgresFailure(
      'bad-option',
      'password',
      'it is empty or has characters outside printable ASCII',
      'use letters, digits and ASCII punctuation',
    )
  }
  const salted = pbkdf2Sync(password, salt, rounds, 32, 'sha256')
  const keyed = (label: string) => createHmac('sha256', salted).update(label).digest()
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64')
  const server = keyed('Server Key').toString('base64')
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${stored}:${server}`
}

/** The superuser's password from its file of mode 0600; made, 256 bits, when there is none. */
export function keepPassword(file: string): string {
  const kept = readPassword(file)
  if (kept !== null) return kept
  const made = randomBytes(32).toString('base64url')
  // Whole or not at all: a half-written password would lock us out of the data made with it.
  const partial = `${file}.partial`
  const descriptor = openSync(partial, 'w', 0o600)
  writeSync(descriptor, made)
  fsyncSync(descriptor)
  closeSync(descriptor)
  renameSync(partial, file)
  return made
}

function readPassword(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}
