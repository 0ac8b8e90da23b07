/** Why something given to the ledger cannot be used; each code is stable and tested. */
export type LedgerErrorCode =
  | 'hash-malformed'
  | 'size-out-of-range'
  | 'document-changed'
  | 'entry-too-long'
  | 'entry-not-json'
  | 'entry-not-canonical'
  | 'bundle-malformed'
  | 'tile-malformed'
  | 'tile-missing'
  | 'tile-path-malformed'
  | 'note-malformed'
  | 'note-unsigned'
  | 'signature-invalid'
  | 'key-malformed'
  | 'key-ambiguous'
  | 'checkpoint-malformed'
  | 'checkpoint-foreign'
  | 'salt-malformed'
  | 'policy-malformed'

export class LedgerError extends Error {
  readonly code: LedgerErrorCode

  constructor(code: LedgerErrorCode, message: string) {
    super(message)
    this.name = 'LedgerError'
    this.code = code
  }
}
