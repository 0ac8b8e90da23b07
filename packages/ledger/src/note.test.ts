import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { c2spNote, enoch, peter, sofa } from '../test/vectors.ts'
import { signingKey } from './ed25519.ts'
import {
  addSignatures,
  formatVerifierKey,
  noteSigner,
  openNote,
  parseNote,
  parseVerifierKey,
  signNote,
} from './note.ts'

const peterKey = parseVerifierKey(peter.key)
const enochKey = parseVerifierKey(enoch.key)
const peterSigner = noteSigner('PeterNeumann', signingKey(peter.seed))
const signed = `${peter.text}\n${peter.signature}`
const refusal = (code: string) => expect.objectContaining({ code })

describe('a verifier key', () => {
  it.each([peter.key, enoch.key, c2spNote.key])('%s', (text) => {
    const { name, keyId, publicKey } = parseVerifierKey(text)
    expect(text.split('+')[1]).toBe(keyId.toString(16).padStart(8, '0'))
    expect(formatVerifierKey(name, publicKey)).toBe(text)
  })
  it('is that of its seed', () => {
    expect(formatVerifierKey('PeterNeumann', signingKey(peter.seed).publicKey)).toBe(peter.key)
    expect(peterSigner.keyId).toBe(0xc74f20a3)
  })
  // The manglings of x/mod's TestNewVerifier.
  it('is refused in every part of it, and with every character changed', () => {
    for (let i = 0; i <= peter.key.length; i++) {
      for (let j = i + 1; j <= peter.key.length; j++) {
        if (j - i === peter.key.length) continue
        const part = peter.key.slice(i, j)
        expect(() => parseVerifierKey(part), part).toThrow(refusal('key-malformed'))
      }
      const next = String.fromCharCode(peter.key.charCodeAt(i) + 1)
      const changed = peter.key.slice(0, i) + next + peter.key.slice(i + 1)
      expect(() => parseVerifierKey(changed), changed).toThrow(refusal('key-malformed'))
    }
  })
  it.each([
    'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
    'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    peter.key.toUpperCase(),
    `${peter.key}\n`,
    // A witness's key: its signatures say less than a log's.
    'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
  ])('%j is none', (text) => {
    expect(() => parseVerifierKey(text)).toThrow(refusal('key-malformed'))
  })
  it.each(['', 'a b', 'a+b', 'a\u00a0b', 'a\u2003b', 'a\u0085b', 'a\nb', 'a\0', '\ud800'])(
    'cannot be named %j',
    async (name) => {
      const key = signingKey(peter.seed)
      expect(() => formatVerifierKey(name, key.publicKey)).toThrow(refusal('key-malformed'))
      const signing = signNote(peter.text, [noteSigner(name, key)])
      await expect(signing).rejects.toThrow(refusal('note-malformed'))
    },
  )
})

describe('a note', () => {
  it("is signed as Go's note package signs it", async () => {
    expect(await signNote(peter.text, [peterSigner])).toBe(signed)
    expect(await addSignatures(signed, [peterSigner])).toBe(signed)
    expect(await addSignatures(`${peter.text}\n${enoch.signature}`, [peterSigner])).toBe(
      `${peter.text}\n${enoch.signature}${peter.signature}`,
    )
  })
  it('opens with a known key and names the unknown ones', () => {
    const both = signed + enoch.signature
    const opened = openNote(both, [peterKey])
    expect(opened.text).toBe(peter.text)
    expect(opened.signatures.map((one) => one.name)).toEqual(['PeterNeumann'])
    expect(opened.unknown.map((one) => one.name)).toEqual(['EnochRoot'])
    expect(openNote(both, [enochKey, peterKey]).signatures).toHaveLength(2)
    expect(openNote(c2spNote.note, [parseVerifierKey(c2spNote.key)]).signatures).toHaveLength(1)
  })
  it('opens to nobody without a known key', () => {
    expect(() => openNote(signed, [])).toThrow(refusal('note-unsigned'))
    expect(() => openNote(signed, [enochKey])).toThrow(refusal('note-unsigned'))
    const sameName = { ...peterKey, keyId: 1 }
    expect(() => openNote(signed, [sameName])).toThrow(refusal('note-unsigned'))
    const sameId = { ...peterKey, name: 'CarmenSandiego' }
    expect(() => openNote(signed, [sameId])).toThrow(refusal('note-unsigned'))
  })
  it('is spoilt by one false signature of a known key', () => {
    const forged = peter.signature.replace('SffcvIAQ', 'SffcvIAR')
    const both = `${peter.text}\n${forged}${enoch.signature}`
    expect(() => openNote(both, [peterKey, enochKey])).toThrow(refusal('signature-invalid'))
    expect(openNote(both, [enochKey]).unknown).toHaveLength(1)
    const long = `${peter.signature.slice(0, 60)}ABCD${peter.signature.slice(60)}`
    const note = `${peter.text}\n${long}`
    expect(() => openNote(note, [peterKey])).toThrow(refusal('signature-invalid'))
  })
  it('is refused under a key of small order, for which one signature fits every text', async () => {
    const one = Uint8Array.of(1, ...new Uint8Array(31))
    const weak = parseVerifierKey(formatVerifierKey('weak', one))
    const sign = () => Uint8Array.of(...one, ...new Uint8Array(32))
    const note = await signNote(peter.text, [{ ...weak, sign }])
    expect(() => openNote(note, [weak])).toThrow(refusal('signature-invalid'))
  })
  it('counts a repeated signature once, and refuses two keys that are one', () => {
    expect(openNote(signed + peter.signature, [peterKey]).signatures).toHaveLength(1)
    expect(() => openNote(signed, [peterKey, peterKey])).toThrow(refusal('key-ambiguous'))
    expect(openNote(signed, [peterKey, enochKey, enochKey]).signatures).toHaveLength(1)
  })
  it.each([
    ['no signature', peter.text],
    ['no signature line', `${peter.text}\n`],
    ['no last newline', signed.slice(0, -1)],
    ['a control character', `\x01${signed}`],
    ['a carriage return', signed.replaceAll('\n', '\r\n')],
    ['half a surrogate pair', `\ud800${signed}`],
    ['a name with a space', signed.replace('Peter', 'Peter ')],
    ['a line that is no signature', `${signed}Unexpected line.\n`],
    ['a hyphen for the dash', signed.replace('\u2014', '-')],
    ['base64 without its end', signed.replace('AM=\n', 'AM\n')],
    ['base64 with loose bits', signed.replace('AM=\n', 'AN=\n')],
    ['a signature of no bytes', `${peter.text}\n\u2014 PeterNeumann x08gow==\n`],
    ['too many signatures', `${peter.text}\n${peter.signature.repeat(101)}`],
    ['nothing', ''],
  ])('with %s is refused', (_, note) => {
    expect(() => openNote(note, [peterKey])).toThrow(refusal('note-malformed'))
  })
  it('takes a hundred signatures, blank lines and any Unicode', async () => {
    expect(parseNote(`${peter.text}\n${peter.signature.repeat(100)}`).signatures).toHaveLength(100)
    const text = 'è subito sera.\n\n\u{1f319}\n\n'
    expect(openNote(await signNote(text, [peterSigner]), [peterKey]).text).toBe(text)
  })
  it.each(['', 'abc', 'a\tb\n', '\ud800\n'])('is not made of %j', async (text) => {
    await expect(signNote(text, [peterSigner])).rejects.toThrow(refusal('note-malformed'))
  })
  it('is refused with any one character of its text changed', () => {
    fc.assert(
      fc.property(fc.nat({ max: peter.text.length - 1 }), fc.string({ maxLength: 2 }), (i, by) => {
        fc.pre(peter.text[i] !== by)
        const changed = peter.text.slice(0, i) + by + peter.text.slice(i + 1)
        expect(() => openNote(`${changed}\n${peter.signature}`, [peterKey])).toThrow(
          expect.objectContaining({
            code: expect.stringMatching(/^(?:signature-invalid|note-malformed)$/),
          }),
        )
      }),
    )
  })
  it('of the specification is read', () => {
    const { signatures } = parseNote(sofa)
    expect(signatures.map((one) => [one.name, one.signature.length])).toEqual([
      ['example.com/behind-the-sofa', 64],
      ['witness.example.com/w1', 72],
    ])
  })
})
