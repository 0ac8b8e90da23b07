import { describe, expect, test } from 'vitest'
import { everything, evidence, files, keptPage, systems } from '../../test/example.ts'
import { runFake } from '../../test/fake-terminal.ts'
import { textWidth } from '../typeset.ts'

interface Json {
  page: string
  at: string
  claims: Record<string, unknown>[]
  findings: Record<string, unknown>[]
  summary: Record<string, number>
}

async function jsonOf(words: string[], given: Record<string, string>): Promise<Json> {
  const { out } = await runFake([...words, '--json'], given)
  return JSON.parse(out) as Json
}

describe('the exit code', () => {
  const kept = { 'security.md': keptPage, 'systems.yaml': systems, 'evidence.jsonl': evidence }

  test('is 0 when nothing is worse than due', async () => {
    expect((await runFake(everything, kept)).code).toBe(0)
  })

  test('is 0 when a person attests', async () => {
    const byPerson = systems.replace('holder: workload', 'holder: person')
    const { code, out } = await runFake(everything, { ...kept, 'systems.yaml': byPerson })
    expect([code, out.trimEnd().split('\n').at(-1)]).toEqual([0, '1 attested; no findings'])
  })

  test('is 1 when a promise is worse than due', async () => {
    expect((await runFake(everything, files)).code).toBe(1)
    expect((await runFake(['check', 'security.md'], kept)).code).toBe(1)
  })

  test.each(['systems.yaml', 'evidence.jsonl'])('is 1 with an error in %s', async (name) => {
    const { code, out } = await runFake(everything, { ...kept, [name]: `${name}: nope\n` })
    expect(code).toBe(1)
    expect(out).toContain(`${name}:1:1: error [`)
  })
})

describe('the text', () => {
  test('lists the worst verdict first and sums up in its last line', async () => {
    const { out } = await runFake(everything, files)
    const titles = out.split('\n').filter((line) => /^[✕□∅○◌◑◔✎✓] /u.test(line))
    expect(titles.map((title) => title.split(' ')[1])).toEqual(['Broken', 'Unproven', 'Kept'])
    expect(out.trimEnd().split('\n').at(-1)).toBe('1 broken, 3 unproven, 1 kept; no findings')
  })

  test('says place, sentence, source, reason and fix', async () => {
    const { out } = await runFake(everything, files)
    expect(out).toContain(
      [
        'security.md:8:1: broken: Nothing is served unencrypted',
        '    8 | [Nothing is served unencrypted](kept:encryption.https-only#https).',
        '      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
        '  because: api: 1 plain request answered with content; seen 2026-11-20 10:00 UTC',
        '  fix: make it true again; newer passing evidence of endpoint.plain about api',
        '    then clears it',
      ].join('\n'),
    )
    expect(out).toContain('  until 2026-11-21 11:00 UTC: api: TLS 1.2 at least, older refused')
  })

  test('says until when what is due still holds', async () => {
    const { out } = await runFake([...everything, '--at', '2026-11-21T10:00:00Z'], files)
    expect(out).toContain('security.md:7:1: due: TLS 1.2 or newer everywhere')
    expect(out).toContain('  because: until 2026-11-21 11:00 UTC: api: TLS 1.2 at least')
  })

  test.each([50, 80, 120])('fits %i columns', async (width) => {
    const { out } = await runFake(everything, files, { width })
    for (const line of out.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width)
  })

  test('has colour only where it is wanted, and reads the same without', async () => {
    const plain = (await runFake(everything, files)).out
    const painted = (await runFake(everything, files, { colour: true })).out
    expect(plain).not.toContain('\u001b')
    expect(painted).toContain('\u001b[31m')
    expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain)
  })
})

describe('evidence that is not counted', () => {
  const strange = evidence.replaceAll('"runner":"', '"runner":"no-').trimEnd()
  const given = { ...files, 'security.md': keptPage, 'evidence.jsonl': `${evidence}${strange}\n` }

  test('is a warning at its line, once for each reason', async () => {
    const { out, code } = await runFake(everything, given)
    const lines = evidence.trimEnd().split('\n').length
    expect(strange).not.toBe(evidence.trimEnd())
    expect(out).toContain(`evidence.jsonl:${lines + 1}:1: warning [evidence]:`)
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/\d+ pieces? of evidence w\w+ not counted: /)
    expect(code).toBe(0)
    const { findings } = await jsonOf(everything, given)
    expect(findings[0]).toMatchObject({
      file: 'evidence.jsonl',
      rule: 'evidence',
      level: 'warning',
    })
    const sarif = await runFake([...everything, '--sarif'], given)
    expect(sarif.out).toMatch(/not counted: systems.yaml has no runner/)
  })
})

describe('the JSON', () => {
  test('has the documented shape', async () => {
    const { page, at, claims, findings, summary } = await jsonOf(everything, files)
    expect([page, at, findings]).toEqual(['security.md', '2026-11-20T12:00:00.000Z', []])
    expect(claims[0]).toEqual({
      id: 'tls',
      line: 7,
      column: 1,
      text: 'TLS 1.2 or newer everywhere',
      proof: 'encryption.in-transit',
      params: { min: '1.2' },
      verdict: 'kept',
      until: '2026-11-21T11:00:00.000Z',
      because: 'api: TLS 1.2 at least, older refused',
    })
    expect(summary).toMatchObject({ broken: 1, unproven: 3, kept: 1, due: 0, error: 0 })
  })

  test('names the proof of each parameter when there are several', async () => {
    const text = '[It is encrypted](kept:encryption.at-rest;encryption.in-transit?min=1.2#a)\n'
    const { claims } = await jsonOf(['check', 'a.md'], { 'a.md': text })
    expect(claims[0]).toMatchObject({
      proof: 'encryption.at-rest;encryption.in-transit',
      params: { 'encryption.in-transit.min': '1.2' },
    })
  })

  test('says in which file a finding is', async () => {
    const { findings } = await jsonOf(everything, { ...files, 'systems.yaml': 'nope: 1\n' })
    expect(Object.keys(findings[0]!)).toEqual([
      'file',
      'rule',
      'level',
      'line',
      'column',
      'message',
      'suggestion',
    ])
    expect(findings[0]).toMatchObject({ file: 'systems.yaml', rule: 'systems', line: 1, column: 1 })
  })
})
