export { LedgerError, type LedgerErrorCode } from './error.ts'
export { hashLeaf, hashSize, sha256, type Hash, type Sha256 } from './hash.ts'
export {
  append,
  emptyFrontier,
  readFrontier,
  rootOf,
  type Completed,
  type Frontier,
  type ReadHash,
} from './tree.ts'
export {
  proveConsistency,
  proveInclusion,
  verifyConsistency,
  verifyInclusion,
  type Consistency,
  type Inclusion,
} from './proof.ts'
export {
  emptyEdge,
  formatTilePath,
  growTiles,
  parseTilePath,
  readEdge,
  readHashFromTiles,
  tileHeight,
  tilesBetween,
  tileWidth,
  type ReadTile,
  type Tile,
  type TileAddress,
  type TileEdge,
} from './tiles.ts'
export { decodeBundle, encodeBundle, longestEntry, readEntries } from './bundle.ts'
export { signingKey, type SigningKey, type VerifyEd25519 } from './ed25519.ts'
export {
  addSignatures,
  formatVerifierKey,
  noteSigner,
  openNote,
  parseNote,
  parseVerifierKey,
  signNote,
  type Note,
  type NoteSignature,
  type OpenedNote,
  type Signer,
  type Verifier,
} from './note.ts'
export {
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  type Checkpoint,
  type OpenedCheckpoint,
} from './checkpoint.ts'
export {
  cosigner,
  formatWitnessKey,
  parseWitnessKey,
  readCosignatures,
  type Witnessed,
  type WitnessPolicy,
} from './cosignature.ts'
export { verifyLog, type LogReport, type LogToVerify } from './verify.ts'
export type { LogFinding, LogFindingCode, Place } from './finding.ts'
export { commit, saltSize, verifyCommitment } from './commitment.ts'
export { signDocument, verifyDocument } from './document.ts'
export { decodeEntry, encodeEntry, type Json } from './entry.ts'
