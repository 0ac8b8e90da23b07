import * as fc from 'fast-check'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isRead, readEvidence as readTold } from './evidence.ts'
import { judgeAt, exampleWorld, evidenceOf, keeping } from '../test/world.ts'
import { findProof, proofs } from './proofs/index.ts'

const sound = {
  id: 'e1',
  kind: 'database.backup',
  subject: 'main',
  outcome: 'pass',
  observedAt: '2026-11-20T12:00:00Z',
  receivedAt: '2026-11-20T12:00:01+00:00',
  runner: 'collector',
  measured: { bytes: 1, readBack: true, regions: ['a'], note: null, title: 'x' },
}
const line = (changes: object = {}) => JSON.stringify({ ...sound, ...changes })
/** Evidence that was read, and what was found amiss. */
const readEvidence = (text: string) => {
  const { evidence, findings } = readTold(text)
  return { evidence: evidence.filter(isRead), findings }
}
/** What one line is refused for; fails when it is not. */
const refusal = (source: string) => {
  const { evidence, findings } = readEvidence(source)
  expect(evidence).toEqual([])
  expect(findings).toHaveLength(1)
  return findings[0]!.message
}

describe('readEvidence', () => {
  it('reads one object a line, whatever the line ends', () => {
    const text = `\uFEFF${line()}\r\n\r\n  ${line({ id: 'e2' })}\r${line({ id: 'e3', receivedAt: undefined })}\n`
    const { evidence, findings } = readEvidence(text)
    expect(findings).toEqual([])
    expect(evidence.map((one) => one.id)).toEqual(['e1', 'e2', 'e3'])
    const at = Date.UTC(2026, 10, 20, 12)
    expect(evidence[0]).toEqual({ ...sound, observedAt: at, receivedAt: at + 1000 })
    expect(evidence[2]!.receivedAt).toBe(at)
  })

  it('reads a note, which decides nothing', () => {
    expect(readEvidence(line({ note: 'no route to host' })).evidence).toEqual([
      expect.objectContaining({ note: 'no route to host' }),
    ])
  })

  it('says at its place what is wrong with a line, and reads the others', () => {
    const { evidence, findings } = readEvidence(`${line()}\n  {oops}\n${line({ id: 'e2' })}`)
    expect(evidence.map((one) => one.id)).toEqual(['e1', 'e2'])
    expect(findings).toEqual([
      expect.objectContaining({
        rule: 'evidence',
        level: 'error',
        line: 2,
        column: 3,
        endColumn: 9,
      }),
    ])
  })

  it.each([
    ['{', /not JSON/],
    ['null', /not a JSON object/],
    ['[]', /not a JSON object/],
    ['"text"', /not a JSON object/],
    ['{}', /"id" must be a text/],
    [line({ id: '' }), /"id" must be a text/],
    [line({ id: 7 }), /"id" must be a text/],
    [line({ subject: 'x'.repeat(501) }), /"subject" must be a text/],
    [line({ outcome: 'passed' }), /pass, fail or inconclusive/],
    [line({ outcome: ['pass'] }), /pass, fail or inconclusive/],
    [line({ observedAt: 1_700_000_000_000 }), /"observedAt" must be a time/],
    [line({ observedAt: '2026-02-30T00:00:00Z' }), /"observedAt" must be a time/],
    [line({ receivedAt: null }), /"receivedAt" must be a time/],
    [line({ receivedAt: '2026-11-20' }), /"receivedAt" must be a time/],
    [line({ verdict: 'kept' }), /no field "verdict"/],
    [line({ measured: [] }), /"measured" must be/],
    [line({ measured: 'all' }), /"measured" must be/],
    [line({ measured: { a: { b: 1 } } }), /"measured" must be/],
    [line({ measured: { a: [1] } }), /"measured" must be/],
    [line().replace('"bytes":1', '"bytes":1e999'), /"measured" must be/],
    [line().replace('"bytes":1', '"bytes":-1e999'), /"measured" must be/],
    [line().replace('"bytes":1', '"bytes":NaN'), /not JSON/],
    [line().replace('{', '{"__proto__":{"id":"e9"},'), /no field "__proto__"/],
    [line().replace('{', '{"constructor":1,'), /no field "constructor"/],
    [line().replace('"bytes":1', '"__proto__":{"bytes":1}'), /"measured" must be/],
    [line({ measured: { a: [['b']] } }), /"measured" must be/],
    [line({ measured: { a: [[['b']]] } }), /4 levels/],
    [line({ note: 7 }), /"note" must be a text/],
    [line({ note: 'x'.repeat(501) }), /"note" must be a text/],
    ['['.repeat(500_000), /4 levels/],
    ['{"a":'.repeat(500_000), /4 levels/],
  ])('refuses %.60s', (source, message) => {
    expect(refusal(source)).toMatch(message)
  })

  it('refuses a name that stands twice: readers differ on which counts', () => {
    expect(
      refusal(line().replace('"outcome":"pass"', '"outcome":"fail","outcome":"pass"')),
    ).toMatch(/"outcome" stands in one object twice/)
    expect(refusal(line().replace('"outcome"', '"outcom\\u0065" : "fail", "outcome"'))).toMatch(
      /twice/,
    )
    expect(refusal(line().replace('"bytes":1', '"bytes":0,"bytes":1'))).toMatch(/"bytes" stands/)
    const same = readEvidence(line({ measured: { id: 'id', 'a"b': 'a"b', 'c\\': ':' } }))
    expect(same.findings).toEqual([])
  })

  it.each([
    [line({ more: 1 }), 'database.backup', 'main'],
    [line({ outcome: 'failed', subject: 7 }), 'database.backup', null],
    [line({ id: '', kind: '' }), null, 'main'],
    [line().replace('"kind"', '"subject":"other","kind"'), null, null],
    [line().slice(0, -1), null, null],
  ])('tells what %.60s may speak of', (source, kind, subject) => {
    const { evidence, findings } = readTold(`${line()}\n${source}`)
    const unread = `line 2: ${findings[0]!.message}`
    expect(evidence[1]).toEqual({ unread, kind, subject })
  })

  it('keeps brackets and quotes inside texts apart', () => {
    const text = line({
      subject: '[[[[[{{{{{"\\',
      measured: { title: '}]"{', words: ['",":', '\\'] },
    })
    expect(readEvidence(text).evidence[0]!.subject).toBe('[[[[[{{{{{"\\')
  })

  it('takes any text, and pollutes nothing', () => {
    const spoilt = fc
      .tuple(fc.nat(400), fc.nat(9), fc.string({ unit: 'binary', maxLength: 5 }))
      .map(([from, length, text]) => line().slice(0, from) + text + line().slice(from + length))
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), spoilt), (text) => {
        const { evidence, findings } = readEvidence(text)
        for (const one of evidence)
          expect(Object.keys(one).toSorted()).toEqual(Object.keys(sound).toSorted())
        for (const one of findings) expect(one.line).toBeGreaterThan(0)
      }),
      { numRuns: 2000 },
    )
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

const naughty = new URL('../../../../shared/corpus/09-naughty/', import.meta.url)

describe.skipIf(!existsSync(naughty))(
  'naughty input (skipped where the corpus is not at hand)',
  () => {
    const world = exampleWorld(findProof('certificate')!, 1)
    const proven = judgeAt(world, keeping(world))

    it('reads no evidence out of any file of the JSON test suite', () => {
      const files = readdirSync(new URL('json-parsing/', naughty))
      expect(files.length).toBeGreaterThan(100)
      for (const file of files) {
        const text = readFileSync(
          new URL(`json-parsing/${encodeURIComponent(file)}`, naughty),
          'utf8',
        )
        const { evidence, findings } = readEvidence(text)
        expect(evidence, file).toEqual([])
        if (text.trim() !== '') expect(findings.length, file).toBeGreaterThan(0)
      }
    })

    it('counts no naughty string for anything, wherever it stands', () => {
      const strings = JSON.parse(
        readFileSync(new URL('strings/blns.json', naughty), 'utf8'),
      ) as string[]
      expect(strings.length).toBeGreaterThan(400)
      const [one] = keeping(world)
      for (const text of strings) {
        readEvidence(text)
        for (const field of ['id', 'kind', 'subject', 'runner', 'outcome', 'observedAt', text]) {
          const written = JSON.stringify({ ...sound, [field]: text })
          const { evidence } = readEvidence(written)
          for (const read of evidence) expect(read).toHaveProperty(field, text)
          expect(judgeAt(world, [...keepingAgain, ...evidence])).toEqual(
            judgeAt(world, keepingAgain),
          )
        }
        const measured = { ...one!.measured, issuer: text, [text]: text }
        const said = judgeAt(world, [
          evidenceOf(world, world.strands[0]!, one!.subject, { measured }),
        ])
        expect(said.verdict).toBe(
          text.trim() === '' || text === 'validUntil' ? 'unproven' : proven.verdict,
        )
        expect(said.because).not.toMatch(/[\n\r\u001b\u202e]/)
      }
    })
    const keepingAgain = keeping(world)
  },
)

describe('a file that is no evidence at all', () => {
  it('has its first hundred lines refused, and the others counted', () => {
    const { evidence, findings } = readEvidence('no\n'.repeat(5000) + line())
    expect(evidence).toHaveLength(1)
    expect(findings).toHaveLength(101)
    expect(findings[100]).toMatchObject({ line: 101, message: expect.stringMatching(/4899 more/) })
  })
})

describe('names that every object has', () => {
  it('are never read as measured', () => {
    for (const proof of proofs) {
      const world = exampleWorld(proof, 1)
      for (const strand of world.strands) {
        const measured = JSON.parse('{"__proto__": 1, "constructor": 1, "toString": true}') as never
        const said = judgeAt(world, [evidenceOf(world, strand, 'x', { measured })])
        expect(said.verdict).toBe('unproven')
      }
    }
  })
})
