import { decodeBase64, encodeBase64 } from './base64.ts'
import { verifyEd25519, type SigningKey, type VerifyEd25519 } from './ed25519.ts'
import { LedgerError } from './error.ts'
import { decodeKey, encodeKey, hashKey, isKeyName } from './key.ts'

/** Who can sign a note: see `noteSigner` and `cosigner`. */
export interface Signer {
  name: string
  keyId: number
  sign: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>
}

/** Whose signature counts: see `parseVerifierKey` and `parseWitnessKey`. */
export interface Verifier {
  name: string
  keyId: number
  /** 32 bytes, RFC 8032. */
  publicKey: Uint8Array
  verify: (message: Uint8Array, signature: Uint8Array) => boolean
}

export interface NoteSignature {
  name: string
  keyId: number
  /** Without the key id that precedes it in the note. */
  signature: Uint8Array
}

/** A text and who signed it; what `parseNote` hands back is not verified. */
export interface Note {
  /** Ends with a newline. */
  text: string
  signatures: NoteSignature[]
}

/** The signature type of plain Ed25519 in C2SP signed-note. */
const ed25519Type = 1
/** As many signatures as Go's note package reads. */
const mostSignatures = 100

/** Signs notes with plain Ed25519, as a log does. */
export function noteSigner(name: string, key: SigningKey): Signer {
  return { name, keyId: hashKey(name, ed25519Type, key.publicKey), sign: key.sign }
}

/** The key that others verify with, as C2SP signed-note writes it: `name+c74f20a3+base64`. */
export function formatVerifierKey(name: string, publicKey: Uint8Array): string {
  return encodeKey(name, ed25519Type, publicKey)
}

/** Throws `key-malformed` for anything but a plain Ed25519 key. */
export function parseVerifierKey(text: string, verify: VerifyEd25519 = verifyEd25519): Verifier {
  const { name, keyId, publicKey } = decodeKey(text, ed25519Type)
  return {
    name,
    keyId,
    publicKey,
    verify: (message, signature) =>
      signature.length === 64 && verify(signature, message, publicKey),
  }
}

/** Reads a note without believing it, by C2SP signed-note. Throws `note-malformed`. */
export function parseNote(note: string): Note {
  const split = note.lastIndexOf('\n\n')
  if (split < 0) throw malformed('a blank line must divide the text from the signatures')
  const text = note.slice(0, split + 1)
  checkText(text)
  const lines = note.slice(split + 2).split('\n')
  if (lines.pop() !== '' || lines.length === 0 || lines.length > mostSignatures)
    throw malformed(`1 to ${mostSignatures} signature lines must end it, each with a newline`)
  return { text, signatures: lines.map(parseSignature) }
}

function parseSignature(line: string): NoteSignature {
  const [, name, encoded = ''] = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line) ?? []
  const bytes = decodeBase64(encoded)
  if (!isKeyName(name) || !bytes || bytes.length < 5)
    throw malformed(`"${line.slice(0, 100)}" is no signature`)
  const keyId = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  return { name, keyId, signature: bytes.subarray(4) }
}

function checkText(text: string): void {
  if (!text.endsWith('\n')) throw malformed('the text must end with a newline')
  if (!text.isWellFormed() || /[\0-\x09\x0b-\x1f]/.test(text))
    throw malformed('the text must be Unicode without control characters')
}

function malformed(why: string): LedgerError {
  return new LedgerError('note-malformed', `not a signed note: ${why}`)
}

/** A note whose `signatures` are verified; `unknown` are those of keys that were not given. */
export interface OpenedNote extends Note {
  unknown: NoteSignature[]
}

/**
 * Reads a note that at least one of the verifiers signed. One false signature of a known key
 * spoils it. Throws `note-malformed`, `note-unsigned`, `signature-invalid` or `key-ambiguous`.
 */
export function openNote(note: string, verifiers: readonly Verifier[]): OpenedNote {
  const { text, signatures } = parseNote(note)
  const message = new TextEncoder().encode(text)
  const opened: OpenedNote = { text, signatures: [], unknown: [] }
  for (const one of signatures) {
    const verifier = findVerifier(one, verifiers)
    if (!verifier) opened.unknown.push(one)
    else if (opened.signatures.some((seen) => isSameKey(seen, one))) continue
    else if (verifier.verify(message, one.signature)) opened.signatures.push(one)
    else throw new LedgerError('signature-invalid', `the signature of ${one.name} is false`)
  }
  if (opened.signatures.length > 0) return opened
  const names = verifiers.map((one) => one.name).join(', ')
  throw new LedgerError('note-unsigned', `the note bears no signature of ${names || 'a known key'}`)
}

function findVerifier(one: NoteSignature, verifiers: readonly Verifier[]): Verifier | undefined {
  const found = verifiers.filter((verifier) => isSameKey(verifier, one))
  if (found.length > 1)
    throw new LedgerError('key-ambiguous', `two of the given keys are ${one.name} with one id`)
  return found[0]
}

type KeyOfNote = Pick<NoteSignature, 'name' | 'keyId'>

export function isSameKey(a: KeyOfNote, b: KeyOfNote): boolean {
  return a.name === b.name && a.keyId === b.keyId
}

/** Signs a text, which ends with a newline. Throws `note-malformed`. */
export async function signNote(text: string, signers: readonly Signer[]): Promise<string> {
  return writeNote({ text, signatures: [] }, signers)
}

/** Adds signatures to a note; one of the same key is replaced, the others stay unverified. */
export async function addSignatures(note: string, signers: readonly Signer[]): Promise<string> {
  return writeNote(parseNote(note), signers)
}

async function writeNote({ text, signatures }: Note, signers: readonly Signer[]): Promise<string> {
  checkText(text)
  const message = new TextEncoder().encode(text)
  const kept = signatures.filter((one) => !signers.some((signer) => isSameKey(signer, one)))
  const added: NoteSignature[] = []
  for (const { name, keyId, sign } of signers) {
    if (!isKeyName(name)) throw malformed('a signer has no name that a key can have')
    added.push({ name, keyId, signature: await sign(message) })
  }
  return `${text}\n${[...kept, ...added].map(formatSignature).join('')}`
}

function formatSignature({ name, keyId, signature }: NoteSignature): string {
  const bytes = new Uint8Array(4 + signature.length)
  new DataView(bytes.buffer).setUint32(0, keyId)
  bytes.set(signature, 4)
  return `\u2014 ${name} ${encodeBase64(bytes)}\n`
}
