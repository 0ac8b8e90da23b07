import { describe, expect, it } from 'vitest'
import { keys, origin, signer, verifierKey } from '../test/memory-log.ts'
import { openCheckpoint } from './checkpoint.ts'
import { signDocument, verifyDocument } from './document.ts'
import { signingKey } from './ed25519.ts'
import { noteSigner, parseVerifierKey } from './note.ts'

const document = { at: '2026-11-20T12:00:00Z', verdicts: [{ claim: 'tls', verdict: 'kept' }] }

describe('a signed document', () => {
  it('holds, however its fields are ordered', async () => {
    const note = await signDocument(document, [signer])
    const { at, verdicts } = document
    expect(() => verifyDocument({ verdicts, at }, note, keys)).not.toThrow()
  })

  it('does not hold once a letter of it is another', async () => {
    const note = await signDocument(document, [signer])
    const other = { ...document, at: '2026-11-20T12:00:01Z' }
    expect(() => verifyDocument(other, note, keys)).toThrow(
      expect.objectContaining({ code: 'document-changed' }) as Error,
    )
  })

  it('does not hold under a key of the same name', async () => {
    const stranger = noteSigner(origin, signingKey(new Uint8Array(32).fill(9)))
    const note = await signDocument(document, [stranger])
    expect(() => verifyDocument(document, note, [parseVerifierKey(verifierKey)])).toThrow(
      expect.objectContaining({ code: 'note-unsigned' }) as Error,
    )
  })

  it('never passes for a checkpoint', async () => {
    const note = await signDocument(document, [signer])
    expect(() => openCheckpoint(note, { origin, keys })).toThrow(
      expect.objectContaining({ code: 'checkpoint-malformed' }) as Error,
    )
  })
})
