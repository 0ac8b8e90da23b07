import {
  decodeBundle,
  formatTilePath,
  hashLeaf,
  LedgerError,
  openCheckpoint,
  parseVerifierKey,
  proveConsistency,
  proveInclusion,
  readHashFromTiles,
  tileWidth,
  verifyConsistency,
  verifyInclusion,
  type Hash,
  type OpenedCheckpoint,
  type ReadHash,
  type ReadTile,
} from '@kept/ledger'

/** What verification asks of a server, and of the memory of this browser. */
export interface Source {
  key(): Promise<{ origin: string; key: string }>
  checkpoint(): Promise<string>
  tile: ReadTile
  remembered: Remembered | null
  remember(what: Remembered): void
}

/** What this browser saw of the log before. */
export interface Remembered {
  origin: string
  key: string
  /** A signed note. */
  checkpoint: string
}

export interface Step {
  name: string
  /** `open`: nothing speaks against it, and nothing here can prove it. */
  state: 'holds' | 'fails' | 'open'
  says: string
}

export interface SeenEntry {
  index: number
  bytes: Uint8Array
  /** Whether a path leads from its bytes to the signed root. */
  isIn: boolean
}

export interface Verified {
  steps: Step[]
  checkpoint: OpenedCheckpoint | null
  /** The bundle of entries that holds the one that was asked for, or the last one. */
  entries: SeenEntry[]
}

/**
 * Verifies the log as far as a browser can: by what it reads now, and what it remembers. Every hash is made
 * here, of the bytes that came; the server's own word counts for nothing but the key, the first time.
 */
export async function verifyLedger(source: Source, entry: number | null): Promise<Verified> {
  const steps: Step[] = []
  const verified: Verified = { steps, checkpoint: null, entries: [] }
  /** One step; what it throws is why it fails, and ends everything that rests on it. */
  async function step<T>(
    name: string,
    work: () => Promise<[Step['state'], string, T]>,
  ): Promise<T> {
    try {
      const [state, says, found] = await work()
      steps.push({ name, state, says })
      if (state === 'fails') throw new Stopped()
      return found
    } catch (error) {
      if (!(error instanceof Stopped)) steps.push({ name, state: 'fails', says: sayError(error) })
      throw new Stopped()
    }
  }
  try {
    const { origin, key } = await step('The key', () => checkKey(source))
    const now = await step('The checkpoint’s signature', () => checkSignature(source, origin, key))
    verified.checkpoint = now.checkpoint
    const { size, root } = now.checkpoint
    if (size === 0) return verified
    const read = rememberNodes(readHashFromTiles(size, source.tile))
    await step('Nothing was taken back', () =>
      checkGrowth(source, { origin, key }, now.checkpoint, read),
    )
    const index = Math.min(entry ?? size - 1, size - 1)
    await step('The entries shown are in the log', async () => {
      // Those that are not in it are shown too, as what they are.
      verified.entries = await readEntries(source, index, size, root, read)
      return sayEntries(verified.entries)
    })
    source.remember({ origin, key, checkpoint: now.note })
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
  }
  return verified
}

class Stopped extends Error {}

type Found<T> = Promise<[Step['state'], string, T]>

async function checkKey(source: Source): Found<{ origin: string; key: string }> {
  const { remembered } = source
  const said = await source.key()
  if (remembered === null) {
    return ['open', `This browser sees the log ${said.origin} for the first time, and has its key from the server itself: ${said.key}. Compare it with one that you were told by another way; from now on this browser remembers it.`, said] // prettier-ignore
  }
  if (remembered.key !== said.key || remembered.origin !== said.origin) {
    return ['fails', `This browser remembers the key ${remembered.key}; the server now says ${said.key}. A log keeps its key: this is another log.`, said] // prettier-ignore
  }
  return ['holds', `${said.key} is the key that this browser remembers.`, said]
}

async function checkSignature(
  source: Source,
  origin: string,
  key: string,
): Found<{ note: string; checkpoint: OpenedCheckpoint }> {
  const note = await source.checkpoint()
  const checkpoint = openCheckpoint(note, { origin, keys: [parseVerifierKey(key)] })
  const { size, root } = checkpoint
  return ['holds', `The key signed that the log has ${size} entries with the root ${inHex(root)}.`, { note, checkpoint }] // prettier-ignore
}

async function checkGrowth(
  { remembered }: Source,
  { origin, key }: { origin: string; key: string },
  now: OpenedCheckpoint,
  read: ReadHash,
): Found<null> {
  if (remembered === null) {
    return ['open', 'This browser remembers no earlier checkpoint to compare with. It remembers this one.', null] // prettier-ignore
  }
  const before = openCheckpoint(remembered.checkpoint, { origin, keys: [parseVerifierKey(key)] })
  if (before.size > now.size) {
    return ['fails', `This browser saw ${before.size} entries before; the log now ends after ${now.size}.`, null] // prettier-ignore
  }
  const proof = before.size === 0 ? [] : await proveConsistency(before.size, now.size, read)
  const claim = { first: before.size, second: now.size, firstRoot: before.root, secondRoot: now.root } // prettier-ignore
  return verifyConsistency({ ...claim, proof })
    ? ['holds', `The ${before.size} entries that this browser saw before are the beginning of the ${now.size} now: ${proof.length} hashes show it.`, null] // prettier-ignore
    : ['fails', `The ${before.size} entries that this browser saw before are not the beginning of the ${now.size} now, by what the tiles say.`, null] // prettier-ignore
}

async function readEntries(
  { tile }: Source,
  entry: number,
  size: number,
  root: Hash,
  read: ReadHash,
): Promise<SeenEntry[]> {
  const index = Math.floor(entry / tileWidth)
  const first = index * tileWidth
  const width = Math.min(tileWidth, size - first)
  const bytes = await tile({ level: 'entries', index, width })
  if (!bytes)
    throw new Error(`the bundle ${formatTilePath({ level: 'entries', index, width })} is missing`)
  const bundle = decodeBundle(bytes)
  if (bundle.length !== width)
    throw new Error(`the bundle has ${bundle.length} entries, not ${width}`)
  const entries: SeenEntry[] = []
  for (const [i, one] of bundle.entries()) {
    const proof = await proveInclusion(first + i, size, read)
    const isIn = verifyInclusion({ index: first + i, size, leaf: hashLeaf(one), proof, root })
    entries.push({ index: first + i, bytes: one.slice(), isIn })
  }
  return entries
}

function sayEntries(entries: readonly SeenEntry[]): [Step['state'], string, null] {
  const missing = entries.filter(({ isIn }) => !isIn).length
  const range = `${entries[0]!.index} to ${entries.at(-1)!.index}`
  return missing === 0
    ? ['holds', `Entries ${range} were hashed here, and a path of hashes leads from each to the signed root.`, null] // prettier-ignore
    : ['fails', `From ${missing} of the entries ${range} no path of hashes leads to the signed root: an entry or a tile was changed after it was signed.`, null] // prettier-ignore
}

/** Paths share most of their nodes. */
function rememberNodes(read: ReadHash): ReadHash {
  const known = new Map<string, Hash | Promise<Hash>>()
  return (height, index) => {
    const node = `${height} ${index}`
    const hash = known.get(node) ?? read(height, index)
    known.set(node, hash)
    return hash
  }
}

function sayError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return error instanceof LedgerError ? `${message} (${error.code})` : message
}

export function inHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
