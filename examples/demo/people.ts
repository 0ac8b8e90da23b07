import { createPrivateKey, createPublicKey, randomUUID, sign } from 'node:crypto'
import { join } from 'node:path'
import { openClient, type Signer } from '@kept/client'
import { formatVerifierKey } from '@kept/ledger'
import { keepKey, type Time } from '@kept/server'
import { parseDocument } from 'yaml'

/** A person of a company: who signs, and with what. */
export interface Person {
  /** The runner of systems.yaml. */
  id: string
  /** PEM of an Ed25519 key that this demo made. */
  key: string
}

/** What a person says of one system. */
export interface Statement {
  kind: string
  subject: string
  measured: Readonly<Record<string, string | number | readonly string[]>>
}

/** The program that pushes what services export of their accounts. */
export const exporter = 'exports'

/** The people of a systems.yaml with a key each, and its text with those keys and that of the exporter. */
export function keepPeople(directory: string, systems: string) {
  const document = parseDocument(systems)
  const { runners } = document.toJS() as { runners: Record<string, { holder: string }> }
  const people = Object.entries(runners)
    .filter(([, { holder }]) => holder === 'person')
    .map(([id]): Person => ({ id, key: keepKey(keyOf(directory, id)) }))
  const programs = Object.keys(runners).filter((id) => id === exporter)
  const keyed = [...people, ...programs.map((id) => ({ id, key: keepKey(keyOf(directory, id)) }))]
  for (const { id, key } of keyed) document.setIn(['runners', id, 'key'], publish(id, key))
  return { people, systems: String(document) }
}

export function keyOf(directory: string, id: string): string {
  return join(directory, `${id}.pem`)
}

/** The public half, as systems.yaml names it: the last 32 bytes of the SPKI (RFC 8410). */
function publish(id: string, pem: string): string {
  const spki = createPublicKey(pem).export({ format: 'der', type: 'spki' })
  return formatVerifierKey(id, spki.subarray(-32))
}

/** Signs requests as a person. */
export function signerOf({ id, key }: Person, time: Time): Signer {
  const secret = createPrivateKey(key)
  return { as: id, now: () => time.now(), sign: (data) => sign(null, data, secret) }
}

/** Says something as a person, signed, over HTTP, as `kept attest` does. */
export async function attest(
  origin: string,
  person: Person,
  statements: readonly Statement[],
  time: Time,
): Promise<void> {
  const signer = signerOf(person, time)
  const observedAt = new Date(time.now()).toISOString()
  const evidence = statements.map((one) => ({
    ...one,
    id: `attested-${randomUUID()}`,
    outcome: 'pass' as const,
    observedAt,
  }))
  await openClient(origin, { signer }).post('/api/evidence', { body: { evidence } })
}
