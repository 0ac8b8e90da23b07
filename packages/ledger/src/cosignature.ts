import { parseCheckpoint } from './checkpoint.ts'
import { verifyEd25519, type SigningKey, type VerifyEd25519 } from './ed25519.ts'
import { LedgerError } from './error.ts'
import { equalBytes } from './hash.ts'
import { decodeKey, encodeKey, hashKey } from './key.ts'
import { isSameKey, parseNote, type Signer, type Verifier } from './note.ts'

/** The signature type of timestamped Ed25519 cosignatures in C2SP signed-note. */
const cosignatureType = 4
const cosignatureSize = 8 + 64

/**
 * Cosigns checkpoints as a witness, by C2SP tlog-cosignature. `time` is in seconds since 1970. A
 * witness first verifies the consistency with the last checkpoint it cosigned; this only signs.
 */
export function cosigner(name: string, key: SigningKey, time: number): Signer {
  return {
    name,
    keyId: hashKey(name, cosignatureType, key.publicKey),
    sign: async (message) => {
      parseCheckpoint(new TextDecoder().decode(message))
      const bytes = new Uint8Array(cosignatureSize)
      new DataView(bytes.buffer).setBigUint64(0, BigInt(time))
      bytes.set(await key.sign(cosignedMessage(BigInt(time), message)), 8)
      return bytes
    },
  }
}

function cosignedMessage(time: bigint, text: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`cosignature/v1\ntime ${time}\n`)
  const bytes = new Uint8Array(head.length + text.length)
  bytes.set(head)
  bytes.set(text, head.length)
  return bytes
}

/** The key that others verify a witness with: `name+da77ade7+base64`. */
export function formatWitnessKey(name: string, publicKey: Uint8Array): string {
  return encodeKey(name, cosignatureType, publicKey)
}

/** Throws `key-malformed` for anything but the key of a timestamped Ed25519 witness. */
export function parseWitnessKey(text: string, verify: VerifyEd25519 = verifyEd25519): Verifier {
  const { name, keyId, publicKey } = decodeKey(text, cosignatureType)
  return {
    name,
    keyId,
    publicKey,
    verify: (message, signature) =>
      signature.length === cosignatureSize &&
      readTime(signature) < 2n ** 63n &&
      verify(signature.subarray(8), cosignedMessage(readTime(signature), message), publicKey),
  }
}

function readTime(cosignature: Uint8Array): bigint {
  return new DataView(cosignature.buffer, cosignature.byteOffset).getBigUint64(0)
}

/** Which witnesses are known, and how many of them must have cosigned. */
export interface WitnessPolicy {
  witnesses: readonly Verifier[]
  quorum: number
}

export interface Witnessed {
  /** Enough witnesses cosigned and no cosignature of a known one is false. */
  met: boolean
  /** `time` is what the witness wrote, in seconds since 1970. */
  cosigned: { name: string; time: number }[]
  missing: string[]
  /** Witnesses in whose name a false cosignature stands. */
  invalid: string[]
}

/** Which of the known witnesses cosigned a checkpoint. Throws `policy-malformed`. */
export function readCosignatures(checkpoint: string, policy: WitnessPolicy): Witnessed {
  checkPolicy(policy)
  const { text, signatures } = parseNote(checkpoint)
  parseCheckpoint(text)
  const message = new TextEncoder().encode(text)
  const result: Witnessed = { met: false, cosigned: [], missing: [], invalid: [] }
  for (const witness of policy.witnesses) {
    const { name } = witness
    const found = signatures.find((one) => isSameKey(one, witness))
    if (!found) result.missing.push(name)
    else if (!witness.verify(message, found.signature)) result.invalid.push(name)
    else result.cosigned.push({ name, time: Number(readTime(found.signature)) })
  }
  result.met = result.invalid.length === 0 && result.cosigned.length >= policy.quorum
  return result
}

function checkPolicy({ witnesses, quorum }: WitnessPolicy): void {
  const isTwice = witnesses.some((one, i) =>
    witnesses.slice(0, i).some((other) => equalBytes(one.publicKey, other.publicKey)),
  )
  if (isTwice) throw new LedgerError('policy-malformed', 'one public key stands for two witnesses')
  if (!Number.isInteger(quorum) || quorum < 0 || quorum > witnesses.length) {
    const message = `a quorum of ${quorum} cannot be asked of ${witnesses.length} witnesses`
    throw new LedgerError('policy-malformed', message)
  }
}
