import { describe, expect, it } from 'vitest'
import { checkpointOf, keys, makeEntries, origin } from '../test/memory-log.ts'
import { arche, sofa, utf8 } from '../test/vectors.ts'
import { openCheckpoint } from './checkpoint.ts'
import { cosigner, formatWitnessKey, parseWitnessKey, readCosignatures } from './cosignature.ts'
import { signingKey } from './ed25519.ts'
import { addSignatures, openNote, parseNote, parseVerifierKey, signNote } from './note.ts'

const refusal = (code: string) => expect.objectContaining({ code })
const witness = (name: string, seed: number) => {
  const key = signingKey(new Uint8Array(32).fill(seed))
  return { key, name, verifier: parseWitnessKey(formatWitnessKey(name, key.publicKey)) }
}
const [one, two, three] = [witness('w.test/1', 1), witness('w.test/2', 2), witness('w.test/3', 3)]
const witnesses = [one.verifier, two.verifier, three.verifier]
const time = 1_795_000_000

describe('a cosignature', () => {
  it('of each public witness verifies, with its time', () => {
    const known = [...arche.witnesses, arche.absent].map((key) => parseWitnessKey(key))
    const read = readCosignatures(arche.note, { witnesses: known, quorum: 4 })
    expect(read.cosigned).toEqual(known.slice(0, 4).map(({ name }) => ({ name, time: arche.time })))
    expect(read).toMatchObject({ met: true, missing: ['rgdd.se/poc-witness'], invalid: [] })
    expect(readCosignatures(arche.note, { witnesses: known, quorum: 5 }).met).toBe(false)
  })
  it('of the specification has its time', () => {
    const bytes = parseNote(sofa).signatures[1]!.signature
    const seconds = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
    expect(seconds).toBe(1_679_315_147n)
  })
  it('is added beside the signature of the log', async () => {
    const note = await checkpointOf(makeEntries(5), 5)
    const cosigned = await addSignatures(note, [cosigner(one.name, one.key, time)])
    expect(cosigned.startsWith(note)).toBe(true)
    expect(openCheckpoint(cosigned, { origin, keys }).size).toBe(5)
    expect(readCosignatures(cosigned, { witnesses, quorum: 1 })).toEqual({
      met: true,
      cosigned: [{ name: 'w.test/1', time }],
      missing: ['w.test/2', 'w.test/3'],
      invalid: [],
    })
    expect(openNote(cosigned, [one.verifier]).signatures).toHaveLength(1)
  })
  it('binds the time and every line, extensions too', async () => {
    const root = 'TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0='
    const by = [cosigner(one.name, one.key, time)]
    const note = await signNote(`log\n5\n${root}\nextension\n`, by)
    const invalid = (changed: string) =>
      readCosignatures(changed, { witnesses: [one.verifier], quorum: 0 })
    expect(invalid(note).invalid).toEqual([])
    expect(invalid(note.replace('extension', 'extensioN'))).toMatchObject({
      met: false,
      invalid: ['w.test/1'],
    })
    const later = await signNote(`log\n5\n${root}\nextension\n`, [
      cosigner(one.name, one.key, time + 1),
    ])
    const [a, b] = [note, later].map((text) => parseNote(text).signatures[0]!.signature)
    const mixed = { name: one.name, keyId: one.verifier.keyId, sign: () => mix(a!, b!) }
    const changed = await addSignatures(note, [mixed])
    expect(invalid(changed).invalid).toEqual(['w.test/1'])
  })
  it("is not a log's signature, nor the other way round", async () => {
    const note = await checkpointOf(makeEntries(5), 5)
    const asLog = formatWitnessKey(one.name, one.key.publicKey)
    expect(() => parseVerifierKey(asLog)).toThrow(refusal('key-malformed'))
    expect(() => parseWitnessKey(arche.key)).toThrow(refusal('key-malformed'))
    const cosigned = await addSignatures(note, [cosigner(one.name, one.key, time)])
    expect(() => openNote(cosigned, [{ ...keys[0]!, name: one.name }])).toThrow(
      refusal('note-unsigned'),
    )
  })
  it('is made and read only of checkpoints', async () => {
    const signing = signNote('no checkpoint\n', [cosigner(one.name, one.key, time)])
    await expect(signing).rejects.toThrow(refusal('checkpoint-malformed'))
    const note = await signNote('no checkpoint\n', [
      { ...one.verifier, sign: () => new Uint8Array(72) },
    ])
    const read = () => readCosignatures(note, { witnesses, quorum: 1 })
    expect(read).toThrow(refusal('checkpoint-malformed'))
  })
  it.each([
    [2n ** 63n - 1n, []],
    [2n ** 63n, ['w.test/1']],
  ])('with the time %d, signed well, is false for %j', async (time, invalid) => {
    const note = await checkpointOf(makeEntries(5), 5)
    const sign = async (text: Uint8Array) => {
      const head = utf8(`cosignature/v1\ntime ${time}\n`)
      const signature = await one.key.sign(Uint8Array.of(...head, ...text))
      const bytes = Uint8Array.of(...new Uint8Array(8), ...signature)
      new DataView(bytes.buffer).setBigUint64(0, time)
      return bytes
    }
    const cosigned = await addSignatures(note, [{ ...one.verifier, sign }])
    expect(readCosignatures(cosigned, { witnesses, quorum: 1 }).invalid).toEqual(invalid)
  })
})

/** The time of one cosignature with the signature of another. */
function mix(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Uint8Array.of(...a.subarray(0, 8), ...b.subarray(8))
}

describe('a policy', () => {
  it('is not met by less than its quorum', async () => {
    const note = await checkpointOf(makeEntries(5), 5)
    const cosigned = await addSignatures(note, [
      cosigner(one.name, one.key, time),
      cosigner(three.name, three.key, time),
    ])
    const met = (quorum: number) => readCosignatures(cosigned, { witnesses, quorum }).met
    expect([0, 1, 2, 3].map(met)).toEqual([true, true, true, false])
  })
  it('counts no witness twice', async () => {
    const note = await checkpointOf(makeEntries(5), 5)
    const alias = parseWitnessKey(formatWitnessKey('w.test/alias', one.key.publicKey))
    const twice = { witnesses: [one.verifier, alias], quorum: 2 }
    expect(() => readCosignatures(note, twice)).toThrow(refusal('policy-malformed'))
  })
  it.each([-1, 4, 1.5])('cannot ask a quorum of %d of three', async (quorum) => {
    const note = await checkpointOf(makeEntries(5), 5)
    const read = () => readCosignatures(note, { witnesses, quorum })
    expect(read).toThrow(refusal('policy-malformed'))
  })
})
