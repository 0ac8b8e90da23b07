import { decodeBase64, encodeBase64 } from './base64.ts'
import { LedgerError } from './error.ts'
import { checkHash, hashSize, type Hash } from './hash.ts'
import { openNote, signNote, type NoteSignature, type Signer, type Verifier } from './note.ts'
import { checkSize } from './tree.ts'

/** What a log says of itself when it has this many entries: C2SP tlog-checkpoint. */
export interface Checkpoint {
  /** Names the log, as `example.com/log42`. */
  origin: string
  /** In entries. */
  size: number
  root: Hash
  /** Further lines, which monitors cannot audit; usually none. */
  extensions: readonly string[]
}

/** The text that is signed. Throws `checkpoint-malformed`. */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  checkSize(size)
  checkHash(root)
  const lines = [origin, String(size), encodeBase64(root), ...extensions]
  if (lines.some((line) => line === '' || line.includes('\n')))
    throw malformed('origin and extensions are single lines that are not empty')
  return `${lines.join('\n')}\n`
}

/** Reads the text of a checkpoint without believing it. Throws `checkpoint-malformed`. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n')
  if (lines.pop() !== '' || lines.length < 3 || lines.includes(''))
    throw malformed('at least three lines, none empty, each ended by a newline')
  const [origin, size, encoded, ...extensions] = lines as [string, string, string]
  if (!/^(?:0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size)))
    throw malformed(`"${size.slice(0, 40)}" is no size, a number below 2^53`)
  return { origin, size: Number(size), root: decodeRoot(encoded), extensions }
}

function decodeRoot(encoded: string): Hash {
  const root = decodeBase64(encoded)
  if (root?.length !== hashSize) throw malformed('the third line is no hash of 32 bytes in base64')
  return root
}

function malformed(why: string): LedgerError {
  return new LedgerError('checkpoint-malformed', `not a checkpoint: ${why}`)
}

export async function signCheckpoint(
  checkpoint: Checkpoint,
  signers: readonly Signer[],
): Promise<string> {
  return signNote(formatCheckpoint(checkpoint), signers)
}

export interface OpenedCheckpoint extends Checkpoint {
  /** The verified signatures of the log. */
  signatures: NoteSignature[]
}

/**
 * A checkpoint that the log of this origin signed with one of these keys. Throws what `openNote`
 * throws, `checkpoint-malformed`, or `checkpoint-foreign` for another log's.
 */
export function openCheckpoint(
  note: string,
  { origin, keys }: { origin: string; keys: readonly Verifier[] },
): OpenedCheckpoint {
  const { text, signatures } = openNote(note, keys)
  const checkpoint = parseCheckpoint(text)
  if (checkpoint.origin === origin) return { ...checkpoint, signatures }
  const message = `the checkpoint is of the log "${checkpoint.origin}", not of "${origin}"`
  throw new LedgerError('checkpoint-foreign', message)
}
