import { proofs } from '@kept/page'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { variables } from '../../server/src/config.ts'
import { files } from '../test/example.ts'
import { runFake } from '../test/fake-terminal.ts'
import { commands } from './run.ts'
import { textWidth } from './typeset.ts'

describe('bad usage is exit code 2, with the place, the reason and the fix', () => {
  test.each([
    ['chek security.md', 'did you mean `kept check`?'],
    ['--versoin', 'did you mean `kept --version`?'],
    ['check', 'kept check: PAGE is missing'],
    ['check security.md other.md', '"other.md" follows'],
    ['check security.md --system x', 'did you mean --systems?'],
    ['check security.md --systems', '--systems needs a value'],
    ['check security.md --systems --json', '--systems needs a value'],
    ['check security.md --systems=', '--systems needs a value'],
    ['check security.md --json=yes', '--json takes no value'],
    ['check security.md --json --json', '--json is given twice'],
    ['check security.md --json --sarif', 'exclude each other'],
    ['check security.md -x', 'there is no option -x'],
    ['check security.md --__proto__', 'there is no option --__proto__'],
    ['check security.md --at yesterday', '"yesterday" is not a time with an offset'],
    ['check security.md --at 2026-11-20', 'write it as 2026-11-20T00:00:00Z'],
    ['check security.md --at 2026-02-30T12:00:00Z', 'the calendar has no 2026-02-30'],
    ['check - --evidence -', 'standard input can be read only once'],
    ['check nowhere.md', 'nowhere.md: there is no such file'],
    ['draft', 'kept draft: PAGE is missing'],
    ['explain', 'kept explain: PROOF is missing'],
    ['explain incident.notic', 'did you mean incident.notice?'],
    ['explain zzzzzzzzzzzz', '`kept proofs` lists all'],
    ['proofs all', 'it takes no argument'],
    ['completion bas', 'did you mean bash?'],
    ['help chek', 'did you mean `kept check`?'],
    ['check --server http://127.0.0.1 security.md', 'a page is checked here'],
    ['check --now security.md', 'without a page'],
    ['check --now', 'it does not know with which key to sign'],
    ['status', 'it does not know which Kept to ask'],
    ['status --server kept.example', '"kept.example" is no address of a Kept'],
    ['status --server http://127.0.0.1:1', 'http://127.0.0.1:1: it cannot be reached'],
    ['keys', 'kept keys: new is missing'],
    ['keys nwe x.pem', 'did you mean `kept keys new`?'],
    ['keys new', 'FILE is missing'],
    ['keys new a+b', '"a+b" is no name for a runner'],
    ['evidence push', 'FILE is missing'],
    ['evidence push evidence.jsonl', 'it does not know with which key to sign'],
    ['evidence push evidence.jsonl --key systems.yaml', 'it does not know as whom to sign'],
    [
      'evidence push evidence.jsonl --key systems.yaml --as ci --server http://127.0.0.1:1',
      'systems.yaml: it is no private key in PEM',
    ],
    ['apply security.md', 'a page is applied with its systems'],
    ['apply - --systems -', 'standard input can be read only once'],
    ['attest document.certificat iso', 'did you mean document.certificate?'],
    ['attest document.certificate iso --measured issuer', '"issuer" is no fact'],
    ['attest document.certificate', 'SUBJECT is missing'],
    ['attest desk.notice-rehearsal desk --measured reachd=1', 'did you mean reached?'],
    ['attest desk.notice-rehearsal desk --measured reached=1', 'with which key to sign'],
    ['attest desk.incident-intake desk --measured reached=1', 'it carries nothing'],
    ['up security.md', 'a page is applied with its systems'],
    ['up security.md --systems systems.yaml --port http', '"http" is no port'],
    ['up security.md --systems systems.yaml --origin x', '"x" is no web address'],
    ['up security.md --systems systems.yaml --database x', 'it is no URL of a PostgreSQL server'],
    ['up security.md --systems systems.yaml --tls-cert x', 'TLS needs a certificate and its key'],
    ['verify security.md', 'security.md $: it is not JSON'],
    ['verify nowhere.json', 'nowhere.json: there is no such file'],
    ['verify http://127.0.0.1:1', 'it cannot be reached'],
    ['export', 'it does not know which Kept to ask'],
  ])('kept %s', async (line, said) => {
    const { code, out, err } = await runFake(line.split(' '), files)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(said)
    expect(err).toContain('\n  fix: ')
  })

  test('kept alone says what there is', async () => {
    const { code, out, err } = await runFake([])
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('Commands')
  })
})

describe('help', () => {
  test.each(commands.map(({ name }) => name))('%s explains itself in 80 columns', async (name) => {
    const asked = await runFake([name, '--help'])
    expect(asked.code).toBe(0)
    expect(asked.out).toMatch(new RegExp(`^kept ${name}`))
    expect((await runFake(['help', name])).out).toBe(asked.out)
    for (const line of asked.out.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(80)
  })

  test('serve names every variable that the server reads', async () => {
    const { out } = await runFake(['serve', '--help'])
    for (const name of variables) expect(out).toContain(`\n  ${name} `)
    expect(out.match(/^ {2}KEPT_/gm)).toHaveLength(variables.length + 1)
  })

  test('the whole names every command', async () => {
    const { code, out } = await runFake(['--help'])
    expect(code).toBe(0)
    for (const { name } of commands) expect(out).toContain(`\n  ${name} `)
  })

  test('a file called --help can still be checked', async () => {
    const { code } = await runFake(['check', '--', '--help'], { '--help': '# Nothing\n' })
    expect(code).toBe(0)
  })
})

test('--version prints the version', async () => {
  expect((await runFake(['--version'])).out).toMatch(/^kept \d+\.\d+\.\d+\n$/)
})

describe('proofs', () => {
  test.each(proofs.map(({ id }) => id))('%s is explained', async (id) => {
    const { code, out } = await runFake(['explain', id])
    expect(code).toBe(0)
    for (const title of ['Parameters', 'Evidence', 'Connect', 'Example']) {
      expect(out).toContain(`\n${title}\n`)
    }
    for (const line of out.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(80)
    // The names that the code gives to types of fields say nothing to a reader.
    expect(out).not.toMatch(/\((?:number|count|amount|some|words|found|text|yes|instant)[,)]/)
    const json = JSON.parse((await runFake(['explain', id, '--json'])).out) as { id: string }
    expect(json.id).toBe(id)
  })

  test('are listed, as text and as JSON', async () => {
    const { out } = await runFake(['proofs'])
    const json = JSON.parse((await runFake(['proofs', '--json'])).out) as {
      proofs: { id: string }[]
    }
    for (const { id } of proofs) expect(out).toContain(`${id}\n`)
    expect(json.proofs.map(({ id }) => id)).toEqual(proofs.map(({ id }) => id))
  })
})

describe('a file that is no text is exit code 2 at a position', () => {
  test.each([
    ['binary', Uint8Array.of(0x23, 0x20, 0x0a, 0x00, 0x01, 0xff)],
    ['not UTF-8', Uint8Array.of(0x61, 0x0a, 0x62, 0xff, 0x0a)],
  ])('%s', async (_, bytes) => {
    for (const words of [
      ['check', 'x.md'],
      ['draft', 'x.md'],
      ['check', 'security.md', '--systems', 'x.md'],
      ['check', 'security.md', '--evidence', 'x.md'],
    ]) {
      const { code, out, err } = await runFake(words, { ...files, 'x.md': bytes })
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(/^x\.md:2:\d+: .+\n {2}fix: /)
    }
  })
})

test('whatever the files hold, there is an answer and nothing harmful in it', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))
  const claims = fc.array(text).map((all) => all.map((one) => `[${one}](kept:backup)\n`).join('\n'))
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, claims), text, text, async (page, systems, evidence) => {
      const given = { 'page.md': page, 's.yaml': systems, 'e.jsonl': evidence }
      const words = ['check', 'page.md', '--systems', 's.yaml', '--evidence', 'e.jsonl']
      for (const form of [[], ['--json'], ['--sarif']]) {
        const { code, out, err } = await runFake([...words, ...form], given)
        expect([0, 1, 2]).toContain(code)
        expect(err).not.toContain('fault of kept')
        expect((out + err).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
        if (form.length > 0 && code < 2) JSON.parse(out)
      }
    }),
  )
})
