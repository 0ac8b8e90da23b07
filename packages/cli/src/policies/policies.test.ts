import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runFake } from '../../test/fake-terminal.ts'

const schema = `entity Org;
entity User in [Org] = { admin: Bool };
entity Doc = { owner: User, open: Bool };
action read, write appliesTo { principal: User, resource: Doc, context: { mfa?: Bool } };
`
const policies = `@id("owners")
permit (principal, action, resource) when { resource.owner == principal };

@id("open to all")
permit (principal, action == Action::"read", resource)
  when { resource.open && context has mfa && context.mfa };
`
const files = {
  'app/docs.cedar': policies,
  'app/house.cedarschema': schema,
  'app/more/org.cedar': '@id("north") permit (principal in Org::"north", action, resource);\n',
}
const doc = `{ type: Doc, id: d1, attrs: { open: true, owner: { __entity: { type: User, id: bob } } } }`
const tests = `tests:
  - why: an open document is read by whoever has a second factor
    principal: User::ada
    action: read
    resource: &doc ${doc}
    context: { mfa: true }
    expect: allow
  - why: nobody writes what is another's
    principal: User::ada
    action: write
    resource: ${doc}
    expect: deny
`.replace('&doc ', '')

const run = (line: string, more: Record<string, string> = {}) =>
  runFake(line.split(' '), { ...files, ...more })

describe('kept policy check', () => {
  test('finds nothing wrong with what is sound', async () => {
    expect(await run('policy check app')).toMatchObject({
      code: 0,
      out: '3 policies in 2 files; no findings\n',
      err: '',
    })
    const { out } = await run('policy check app/docs.cedar --schema app/house.cedarschema --json')
    expect(JSON.parse(out)).toEqual({
      policies: [
        { id: 'owners', effect: 'permit', file: 'app/docs.cedar', line: 1 },
        { id: 'open to all', effect: 'permit', file: 'app/docs.cedar', line: 4 },
      ],
      findings: [],
    })
  })

  test('says what is wrong as a compiler does', async () => {
    const wrong = policies
      .replace('resource.open &&', 'resource.opne ||')
      .replace('owner ==', 'onwer ==')
    const { code, out } = await run('policy check app', { 'app/docs.cedar': wrong })
    expect(code).toBe(1)
    expect(out.split('\n')).toEqual([
      'app/docs.cedar:2:45: error [policy]: attribute `onwer` on entity type `Doc` not',
      '    found',
      '    2 | … resource) when { resource.onwer == principal };',
      '      |                    ^^^^^^^^^^^^^^',
      '  fix: did you mean `owner`?',
      '',
      'app/docs.cedar:6:10: error [policy]: attribute `opne` on entity type `Doc` not',
      '    found',
      '    6 |   when { resource.opne || context has mfa && context.mfa };',
      '      |          ^^^^^^^^^^^^^',
      '  fix: did you mean `open`?',
      '',
      '2 errors in 2 files',
      '',
    ])
    const { out: json } = await run('policy check app --json', { 'app/docs.cedar': wrong })
    expect(JSON.parse(json)).toMatchObject({
      policies: [],
      findings: [
        { file: 'app/docs.cedar', line: 2, column: 45, suggestion: 'did you mean `owner`?' },
        {},
      ],
    })
  })

  test('says what is wrong with the schema, in its own file', async () => {
    const { code, out } = await run('policy check app', {
      'app/house.cedarschema': `${schema}entity`,
    })
    expect([code, out]).toEqual([1, expect.stringContaining('app/house.cedarschema:5:7: error')])
  })
})

describe('kept policy test', () => {
  test('passes', async () => {
    const { code, out, err } = await run('policy test app/tests.yaml', { 'app/tests.yaml': tests })
    expect([code, out, err]).toEqual([0, '2 passed, 0 failed\n', ''])
  })

  test('explains each failure', async () => {
    const wrong = tests.replace('mfa: true', 'mfa: false').replace('expect: deny', 'expect: allow')
    const { code, out } = await run('policy test app/tests.yaml', { 'app/tests.yaml': wrong })
    expect(code).toBe(1)
    expect(out.split('\n')).toEqual([
      'app/tests.yaml:2:5: failed: an open document is read by whoever has a second factor',
      '  expected allow, but User ada may not read Doc d1: no policy permits it',
      '  owners would permit it, but for: resource.owner == principal',
      '  open to all would permit it, but for: context.mfa',
      '  north would permit it, but for: principal in Org::"north"',
      '',
      "app/tests.yaml:8:5: failed: nobody writes what is another's",
      '  expected allow, but User ada may not write Doc d1: no policy permits it',
      '  owners would permit it, but for: resource.owner == principal',
      '  north would permit it, but for: principal in Org::"north"',
      '',
      '0 passed, 2 failed',
      '',
    ])
  })

  test('takes JSON, and prints it', async () => {
    const one = {
      why: 'who is in the north may',
      principal: { type: 'User', id: 'ada', parents: ['Org::north'] },
      action: 'write',
      resource: 'Doc::"d 1"',
      expect: 'deny',
    }
    const line = 'policy test t.json --policies app --json'
    const { code, out } = await run(line, { 't.json': JSON.stringify([one]) })
    expect(code).toBe(1)
    expect(JSON.parse(out)).toEqual({
      tests: [
        {
          place: 't.json:1:2',
          why: one.why,
          expect: 'deny',
          passed: false,
          says: [
            'User ada may write Doc d 1: north permits it',
            expect.stringContaining('owners failed'),
          ],
        },
      ],
      passed: 0,
      failed: 1,
    })
    const allow = JSON.stringify([{ ...one, expect: 'allow' }])
    expect((await run('policy test t.json --policies app', { 't.json': allow })).code).toBe(0)
  })
})

describe('kept policy explain', () => {
  const asked = 'policy explain --policies app --principal User::ada --action read'

  test('says in words who permits it, or how near the policies came', async () => {
    const open = `{ principal: User::ada, action: read, resource: ${doc}, context: { mfa: true } }`
    const { code, out } = await run('policy explain app/ask.yaml', { 'app/ask.yaml': open })
    expect([code, out]).toEqual([0, 'User ada may read Doc d1: open to all permits it\n'])
    const bare = await run(`${asked} --resource Doc::d1 --context mfa=true`)
    expect(bare.code).toBe(1)
    expect(bare.out).toContain('User ada may not read Doc d1: no policy permits it\n')
    expect(bare.out).toContain('does not have the attribute `owner`')
  })

  test('prints JSON', async () => {
    const { out } = await run(`${asked} --resource Doc::d1 --json`)
    expect(JSON.parse(out)).toMatchObject({ allowed: false, permitted: [], forbade: [] })
  })
})

describe('bad usage is exit code 2, with the place, the reason and the fix', () => {
  test.each<[string, string, Record<string, string>?]>([
    ['policy', 'WORK is missing'],
    ['policy chekc app', 'did you mean `kept policy check`?'],
    ['policy check', 'PATH is missing'],
    ['policy check -', 'policies lie in files'],
    ['policy check nowhere', 'there are no policies'],
    ['policy check nowhere.cedar --schema app/house.cedarschema', 'there is no such file'],
    ['policy check app/docs.cedar', 'there is no schema'],
    ['policy check app', 'there are two schemas', { 'app/b.cedarschema': schema }],
    ['policy check app --schema no', 'no: there is no such file'],
    ['policy test', 'PATH is missing'],
    ['policy test t.yaml --policies app', 'it holds no tests', { 't.yaml': 'tests: []' }],
    ['policy test t.yaml --policies app', 'there is no field "test"', { 't.yaml': 'test: []' }],
    ['policy test t.yaml --policies app', 't.yaml:1:9: not YAML', { 't.yaml': 'tests: [}' }],
    ['policy test t.yaml --policies app', 'it has aliases', { 't.yaml': 'tests: [&a {}, *a]' }],
    ['policy test t.yaml --policies app', 't.yaml:1:3: expect is neither', { 't.yaml': '- {}' }],
    ['policy test t.yaml --policies app', 'why is missing', { 't.yaml': '- expect: deny' }],
    [
      'policy test t.yaml --policies app',
      'did you mean principal?',
      { 't.yaml': '- { expect: deny, why: x, principle: User::a }' },
    ],
    [
      'policy test t.yaml --policies app',
      '"ada" is no principal',
      { 't.yaml': '- { expect: deny, why: x, principal: ada, action: read, resource: Doc::d }' },
    ],
    [
      'policy test app/t.yaml',
      'app/bad.cedar:1:8: ',
      { 'app/t.yaml': tests, 'app/bad.cedar': 'permit principal;' },
    ],
    ['policy explain --policies app', '--principal is missing'],
    ['policy explain a.yaml b.yaml', 'one ask is explained at a time'],
    ['policy explain a.yaml --action read', 'the ask is in a.yaml, and --action is given too'],
  ])('kept %s: %s', async (line, said, more = {}) => {
    const { code, out, err } = await run(line, more)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(said)
    expect(err).toContain('\n  fix: ')
  })
})

test('whatever the files hold, there is an answer and nothing harmful in it', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))
  const like = (part: string) => text.map((one) => policies.replace(part, () => one))
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(text, like('resource.open'), like('"owners"')),
      text,
      async (policy, data) => {
        const more = { 'app/docs.cedar': policy, 'app/tests.yaml': data }
        for (const line of ['check app', 'check app --json', 'test app/tests.yaml']) {
          const { code, out, err } = await run(`policy ${line}`, more)
          expect([0, 1, 2]).toContain(code)
          expect(err).not.toContain('fault of kept')
          expect((out + err).replaceAll('\n', '')).not.toMatch(
            /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u,
          )
        }
      },
    ),
  )
})
