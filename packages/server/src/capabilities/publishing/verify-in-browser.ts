import {
  hashLeaf,
  openCheckpoint,
  parseVerifierKey,
  verifyInclusion,
  type OpenedCheckpoint,
} from '@kept/ledger'

/** An entry with all that shows it to be in the log, as `paths.proof` serves it. Bytes are base64. */
export interface ProofDocument {
  /** The bytes of the entry. */
  entry: string
  /** Its place in the log, from 0. */
  index: number
  /** Entries at the checkpoint. */
  size: number
  /** Audit path from leaf to root, RFC 6962 section 2.1.1. */
  path: readonly string[]
  /** A C2SP signed note. */
  checkpoint: string
}

/** The log that a reader expects: a key from elsewhere is worth more than the one on the page. */
export interface ExpectedLog {
  origin: string
  key: string
}

/**
 * Checks one entry: its hash, the path from it to the root, and the log's signature over that root.
 * Returns what was found, line by line; throws an error that says what does not hold.
 */
export function verifyProof(proof: ProofDocument, index: number, log: ExpectedLog): string[] {
  if (proof.index !== index) throw new Error(`this is entry ${proof.index}, not ${index}`)
  const keys = [parseVerifierKey(log.key)]
  const checkpoint: OpenedCheckpoint = openCheckpoint(proof.checkpoint, {
    origin: log.origin,
    keys,
  })
  if (checkpoint.size !== proof.size)
    throw new Error(`the checkpoint is of ${checkpoint.size} entries, not of ${proof.size}`)
  const entry = readBase64(proof.entry)
  const leaf = hashLeaf(entry)
  const path = proof.path.map(readBase64)
  const { size, root } = checkpoint
  if (!verifyInclusion({ index, size, leaf, proof: path, root }))
    throw new Error(`the path of ${path.length} hashes does not lead from this entry to the root`)
  return [
    `The entry has ${entry.length} bytes; its leaf hash is ${inHex(leaf)}.`,
    `A path of ${path.length} hashes leads from it to the root of ${size} entries.`,
    `${log.origin} signed that root: the Ed25519 signature holds.`,
    `The entry says: ${new TextDecoder().decode(entry)}`,
  ]
}

function readBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function inHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The little of the DOM that is used, for the server's types know none. */
interface Element {
  hidden: boolean
  disabled: boolean
  textContent: string
  dataset: Record<string, string>
  querySelector(selector: string): Element
  addEventListener(type: 'click', listen: () => void): void
}

/** Shows and connects every verify button of the document. */
function enhance(root: { querySelectorAll(selector: string): Iterable<Element> }): void {
  for (const place of root.querySelectorAll('[data-verify]')) {
    const button = place.querySelector('button')
    button.hidden = false
    button.addEventListener('click', () => void press(place, button))
  }
}

async function press(place: Element, button: Element): Promise<void> {
  button.disabled = true
  place.querySelector('output').textContent = await verifyAt(place)
  button.disabled = false
}

async function verifyAt({ dataset }: Element): Promise<string> {
  try {
    const response = await fetch(dataset['verify']!, { cache: 'no-store' })
    if (!response.ok) throw new Error(`the proof could not be fetched: status ${response.status}`)
    const proof = (await response.json()) as ProofDocument
    const log = { origin: dataset['origin']!, key: dataset['key']! }
    return ['✓ Verified here.', ...verifyProof(proof, Number(dataset['entry']), log)].join('\n')
  } catch (error) {
    return `✕ Not verified: ${error instanceof Error ? error.message : String(error)}`
  }
}

declare const document: Parameters<typeof enhance>[0] | undefined
if (typeof document !== 'undefined') enhance(document)
