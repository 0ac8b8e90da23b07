import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keys, origin, signer } from '../test/memory-log.ts'
import { arche, sofa, utf8 } from '../test/vectors.ts'
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { hashLeaf } from './hash.ts'
import { parseNote, parseVerifierKey, signNote } from './note.ts'

const refusal = (code: string) => expect.objectContaining({ code })

describe('a checkpoint', () => {
  it('of a public log opens', () => {
    const opened = openCheckpoint(arche.note, { ...arche, keys: [parseVerifierKey(arche.key)] })
    expect([opened.size, opened.signatures.length]).toEqual([arche.size, 1])
    const foreign = { origin: 'another', keys: [parseVerifierKey(arche.key)] }
    expect(() => openCheckpoint(arche.note, foreign)).toThrow(refusal('checkpoint-foreign'))
    const changed = arche.note.replace('1432088532', '1432088533')
    const known = { ...arche, keys: [parseVerifierKey(arche.key)] }
    expect(() => openCheckpoint(changed, known)).toThrow(refusal('signature-invalid'))
  })
  it('of the specification is read', () => {
    const { text } = parseNote(sofa)
    const read = parseCheckpoint(text)
    const { origin, size, extensions } = read
    expect([origin, size, extensions]).toEqual(['example.com/behind-the-sofa', 20_852_163, []])
    expect(formatCheckpoint(read)).toBe(text)
  })
  it("is spelled as Go's tlog spells a tree", () => {
    // golang.org/x/mod sumdb/tlog, note_test.go.
    const golden =
      'go.sum database tree\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n'
    const root = hashLeaf(utf8('hello world'))
    const tree = { origin: 'go.sum database tree', size: 123_456_789_012, root, extensions: [] }
    expect(formatCheckpoint(tree)).toBe(golden)
    expect(parseCheckpoint(golden)).toEqual(tree)
  })
  it('keeps its extension lines and comes back as it was', async () => {
    const line = fc.string({ minLength: 1 }).filter((text) => !/[\0-\x1f]/.test(text))
    const size = fc.nat({ max: Number.MAX_SAFE_INTEGER })
    const root = fc.uint8Array({ minLength: 32, maxLength: 32 })
    const extensions = fc.array(line, { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(size, root, extensions, async (size, root, extensions) => {
        const checkpoint = { origin, size, root, extensions }
        const opened = openCheckpoint(await signCheckpoint(checkpoint, [signer]), { origin, keys })
        expect(opened).toMatchObject(checkpoint)
      }),
      { numRuns: 30 },
    )
  })
  const root = 'TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0='
  it.each([
    ['no root', 'log\n5\n'],
    ['no end', `log\n5\n${root}`],
    ['an empty origin', `\n5\n${root}\n`],
    ['an empty extension', `log\n5\n${root}\n\nmore\n`],
    ['a leading zero', `log\n05\n${root}\n`],
    ['a plus', `log\n+5\n${root}\n`],
    ['a hexadecimal size', `log\n0x5\n${root}\n`],
    ['a space', `log\n5 \n${root}\n`],
    ['a size beyond exact numbers', `log\n9007199254740992\n${root}\n`],
    ['a short root', `log\n5\n${root.slice(0, 40)}\n`],
    ['a root without its end', `log\n5\n${root.slice(0, -1)}\n`],
    ['a long root', `log\n5\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBTOOBIG=\n`],
    ['a root with loose bits', `log\n5\n${root.replace('0=', '1=')}\n`],
  ])('with %s is refused, though it is signed', async (_, text) => {
    const note = await signNote(text, [signer]).catch(() => null)
    expect(() => parseCheckpoint(text)).toThrow(refusal('checkpoint-malformed'))
    if (note)
      expect(() => openCheckpoint(note, { origin, keys })).toThrow(refusal('checkpoint-malformed'))
    expect(parseCheckpoint(`log\n5\n${root}\n`).size).toBe(5)
  })
  it('is not made of what it cannot hold', () => {
    const good = { origin, size: 1, root: hashLeaf(utf8('a')), extensions: [] }
    const bad = refusal('checkpoint-malformed')
    expect(() => formatCheckpoint({ ...good, origin: '' })).toThrow(bad)
    expect(() => formatCheckpoint({ ...good, origin: 'a\n9' })).toThrow(bad)
    expect(() => formatCheckpoint({ ...good, extensions: ['a', ''] })).toThrow(bad)
    expect(() => formatCheckpoint({ ...good, size: -1 })).toThrow(refusal('size-out-of-range'))
    expect(() => formatCheckpoint({ ...good, root: good.root.subarray(1) })).toThrow(
      refusal('hash-malformed'),
    )
  })
})
