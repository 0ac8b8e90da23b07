import { encodeEntry, type Json } from './entry.ts'
import { encodeBase64 } from './base64.ts'
import { LedgerError } from './error.ts'
import { sha256, type Sha256 } from './hash.ts'
import { openNote, signNote, type Signer, type Verifier } from './note.ts'

/** The first line of the note. It has two lines and a checkpoint three: neither passes for the other. */
const head = 'kept.dev/document'

/**
 * Signs a JSON document that travels beside the log: a C2SP signed note over the SHA-256 of its
 * bytes by RFC 8785. Throws `entry-not-json`.
 */
export async function signDocument(
  value: Json,
  signers: readonly Signer[],
  hash: Sha256 = sha256,
): Promise<string> {
  return signNote(textOf(value, hash), signers)
}

/** Throws what `openNote` throws, or `document-changed` when it is not the one that was signed. */
export function verifyDocument(
  value: Json,
  note: string,
  keys: readonly Verifier[],
  hash: Sha256 = sha256,
): void {
  const { text } = openNote(note, keys)
  if (text === textOf(value, hash)) return
  throw new LedgerError('document-changed', 'the document is not the one that was signed')
}

function textOf(value: Json, hash: Sha256): string {
  return `${head}\n${encodeBase64(hash(encodeEntry(value)))}\n`
}
