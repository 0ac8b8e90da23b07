import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSystems } from './systems.ts'

const company = `# what we run
databases:
  main:
    provider: aws
    environment: production
    region: eu-west-1
    tags: [customers, eu]
    address: db.example:5432
    secret: MAIN_PASSWORD
  trial:
stores:
  backups: { regions: [eu-west-1, eu-central-1], note: nightly }
providers:
  aws: { address: "https://aws.example" }
environments:
  production:
runners:
  probe: { holder: collector, kinds: [database.*, endpoint.tls], subjects: "*" }
  cto: { holder: person, name: the CTO, key: cto+00c0ffee+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, kinds: "*", subjects: [main, aws] }
`

/** \`line:column message\` of each finding. */
const complaints = (text: string) =>
  readSystems(text).findings.map(({ line, column, message }) => `${line}:${column} ${message}`)

describe('readSystems', () => {
  it('reads the subjects and the runners', () => {
    const { register, findings } = readSystems(company)
    expect(findings).toEqual([])
    const bare = {
      provider: null,
      environment: null,
      regions: [],
      tags: [],
      address: null,
      secret: null,
    }
    expect(register.subjects).toEqual([
      {
        id: 'main',
        type: 'database',
        provider: 'aws',
        environment: 'production',
        regions: ['eu-west-1'],
        tags: ['customers', 'eu'],
        address: 'db.example:5432',
        secret: 'MAIN_PASSWORD',
      },
      { ...bare, id: 'trial', type: 'database' },
      { ...bare, id: 'backups', type: 'store', regions: ['eu-west-1', 'eu-central-1'] },
      { ...bare, id: 'aws', type: 'provider', provider: 'aws', address: 'https://aws.example' },
      { ...bare, id: 'production', type: 'environment', environment: 'production' },
    ])
    expect(register.runners).toEqual([
      {
        id: 'probe',
        holder: 'collector',
        name: null,
        key: null,
        kinds: ['database.*', 'endpoint.tls'],
        subjects: ['*'],
      },
      {
        id: 'cto',
        holder: 'person',
        name: 'the CTO',
        key: 'cto+00c0ffee+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
        kinds: ['*'],
        subjects: ['main', 'aws'],
      },
    ])
  })

  it('reads the same with CRLF and a byte order mark', () => {
    const windows = readSystems(`\uFEFF${company.replaceAll('\n', '\r\n')}`)
    expect(windows).toEqual(readSystems(company))
  })

  it.each([
    ['', 0],
    ['   \n', 0],
    ['# nothing\n', 0],
    ['---\n', 0],
    ['databases:\n', 0],
    ['null', 0],
  ])('finds nothing in %j', (text) => {
    expect(readSystems(text)).toEqual({
      register: { subjects: [], runners: [], unread: [] },
      findings: [],
    })
  })

  it.each([
    ['databses:\n  a:\n', /^1:1 there is no section "databses"/],
    ['<<: 1\n', /^1:1 there is no section "<<"/],
    ['databases:\n  a:\n    owner: me\n', /^3:5 "a" has no field "owner"/],
    ['databases:\n  a:\n    <<: { tags: [x] }\n', /^3:5 "a" has no field "<<"/],
    ['databases:\n  a:\n  a:\n', /^3:3 "a" stands in databases twice/],
    ['databases:\n  a:\nstores:\n  a:\n', /^4:3 the id "a" is already used in databases/],
    ['databases:\n  a:\ndatabases:\n  b:\n', /^3:1 "databases" stands in systems.yaml twice/],
    ['databases:\n  a: { tags: x, tags: y }\n', /^2:17 "tags" stands in a twice/],
    ['databases: [a, b]\n', /^1:12 databases must be a map/],
    ['- databases\n', /^1:1 systems.yaml must be a map/],
    ['just text\n', /^1:1 systems.yaml must be a map/],
    ['databases:\n  a: aws\n', /^2:6 "a" must be a map of/],
    ['databases:\n  a: { provider: [aws, gcp] }\n', /^2:8 "provider" must be one word/],
    ['databases:\n  a: { provider: { x: y } }\n', /^2:18 "provider" must be a word or a list/],
    ['databases:\n  a: { tags: [x, [y]] }\n', /^2:18 "tags" must be a word or a list/],
    ['databases:\n  a: { provider: ~ }\n', /^2:18 "provider" must be a word/],
    ['databases:\n  a: { provider: "" }\n', /^2:18 "provider" must be a word/],
    ['databases:\n  my db:\n', /^2:3 "my db" is not an id/],
    ['databases:\n  true:\n', /^2:3 this key is not a plain word/],
    ['databases:\n  ? [a, b]\n  : x\n', /^2:5 this key is not a plain word/],
    ['databases:\n  ~:\n', /^2:3 this key is not a plain word/],
    ['databases:\n  a: !secret { provider: aws }\n', /tag !secret is not read|Unresolved tag/],
    ['databases:\n  a: { provider: !env AWS }\n', /tag !env is not read|Unresolved tag/],
    ['databases: !!map\n  a:\n', /^2:3 the tag tag:yaml.org,2002:map is not read/],
    [
      'databases:\n  a: { provider: !!str aws }\n',
      /^2:24 the tag tag:yaml.org,2002:str is not read/,
    ],
    ['databases:\n  a: { tags: !!set { x: } }\n', /^2:20 "tags" must be a word/],
    ['databases:\n\ta:\n', /^2:1 not YAML: .*[Tt]ab/],
    ['databases: {\n', /not YAML/],
    ['databases:\n  a: "open\n', /not YAML/],
    ['a: 1\n---\nb: 2\n', /^2:1 a second document/],
    ['databases:\n  a: *missing\n', /not YAML|must be a map/],
    ['runners:\n  x:\n', /^2:3 "holder" of a runner is one of/],
    ['runners:\n  x: { holder: robot, kinds: "*", subjects: "*" }\n', /^2:8 "holder" of a runner/],
    [
      'runners:\n  x: { holder: person, kinds: "*" }\n',
      /^2:3 the runner "x" needs kinds and subjects/,
    ],
    [
      'runners:\n  x: { holder: person, kinds: "*", subject: "*" }\n',
      /^2:36 "x" has no field "subject"/,
    ],
    [
      'databases:\n  main:\nrunners:\n  x: { holder: person, kinds: "*", subjects: mian }\n',
      /^4:36 no system "mian"/,
    ],
    [
      'runners:\n  x: { holder: person, kinds: databse.*, subjects: "*" }\n',
      /^2:24 no proof reads evidence of "databse.*"/,
    ],
    [
      'runners:\n  x: { holder: person, kinds: [database, database.backup], subjects: "*" }\n',
      /^2:24 no proof reads evidence of "database"/,
    ],
  ])('says where %j is wrong, in the register too', (text, complaint) => {
    expect(complaints(text)[0]).toMatch(complaint)
    expect(readSystems(text).register.unread).toEqual(
      readSystems(text).findings.map(({ line, message }) => `line ${line}: ${message}`),
    )
  })

  it('suggests what may have been meant', () => {
    const suggestion = (text: string) => readSystems(text).findings[0]!.suggestion
    expect(suggestion('databses:\n')).toBe('databases')
    expect(suggestion('databases:\n  a: { enviroment: x }\n')).toBe('environment')
    expect(
      suggestion(
        'databases:\n  main:\nrunners:\n  x: { holder: person, kinds: "*", subjects: mian }\n',
      ),
    ).toBe('main')
  })

  it('keeps what cannot be read in the register, and a runner that cannot be read out of it', () => {
    const ids = (text: string) => readSystems(text).register.subjects.map((one) => one.id)
    expect(ids('databases:\n  a: { owner: me, provider: aws }\n  b: text\n  my db:\n')).toEqual([
      'a',
      'b',
      'my db',
    ])
    expect(
      readSystems('runners:\n  x: { holder: person, kinds: "*", subjects: "*", who: me }\n')
        .register.runners,
    ).toEqual([])
  })

  it('reads numbers and booleans as they are written', () => {
    const { register, findings } = readSystems(
      'databases:\n  007: { tags: [1.0, 0x1F, yes, true, 12345678901234567890] }\n',
    )
    expect(findings).toEqual([])
    expect(register.subjects[0]).toMatchObject({
      id: '007',
      tags: ['1.0', '0x1F', 'yes', 'true', '12345678901234567890'],
    })
  })

  it('says in its own words that it is one document, and once what breaks the rest', () => {
    const said = (text: string) => readSystems(text).findings.map(({ message }) => message)
    expect(said('databases:\n  a: {}\n---\ndatabases:\n  b: {}\n')).toEqual([
      'a second document begins here: systems.yaml is one',
    ])
    expect(said('['.repeat(90)).length).toBeLessThanOrEqual(3)
  })

  it('resolves no alias, so that none can explode', () => {
    const levels = Array.from(
      { length: 40 },
      (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]\n`,
    )
    const laughs = `a0: &a0 [ha, ha]\n${levels.join('')}databases:\n  main: *a40\n  x: { tags: *a40 }\n  *a0 : y\n`
    const { register, findings } = readSystems(laughs)
    expect(register.subjects.map((one) => [one.id, one.tags])).toEqual([
      ['main', []],
      ['x', []],
    ])
    expect(findings.map((one) => one.message)).toContain('"tags" must be a word or a list of words')
    const merged = 'databases:\n  a: &a { provider: aws }\n  b: { <<: *a }\n'
    expect(complaints(merged)).toEqual([expect.stringMatching(/^3:8 "b" has no field "<<"/)])
  })

  it('has names like any other', () => {
    const { register, findings } = readSystems(
      'databases:\n  constructor: { tags: [__proto__] }\n  toString:\n',
    )
    expect(findings).toEqual([])
    expect(register.subjects.map((one) => one.id)).toEqual(['constructor', 'toString'])
    expect(complaints('__proto__:\n  a:\nconstructor:\n  b:\n')).toHaveLength(2)
    expect(complaints('databases:\n  __proto__: { tags: x }\n')).toHaveLength(1)
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it.each([
    ['flow', '['.repeat(200_000)],
    ['closed flow', 'a: ' + '['.repeat(20_000) + ']'.repeat(20_000)],
    ['maps', '{a: '.repeat(20_000)],
    ['lists', '- '.repeat(20_000)],
    ['keys', '? '.repeat(20_000)],
  ])('is an error, not a crash, when %s nest without end', (_, text) => {
    expect(complaints(text).length).toBeGreaterThan(0)
    for (const complaint of complaints(text)) expect(complaint).not.toContain('call stack')
  })

  it('reads a file of a megabyte', () => {
    const many = Array.from({ length: 40_000 }, (_, i) => `  database-${i}: { tags: [x] }\n`)
    const { register, findings } = readSystems(`databases:\n${many.join('')}`)
    expect(findings).toEqual([])
    expect(register.subjects).toHaveLength(40_000)
  })

  it('takes any text, and says at most so much of what is no YAML at all', () => {
    const spoilt = fc
      .tuple(fc.nat(company.length), fc.nat(20), fc.string({ unit: 'binary', maxLength: 5 }))
      .map(([from, length, text]) => company.slice(0, from) + text + company.slice(from + length))
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), spoilt), (text) => {
        for (const { line, column, message } of readSystems(text).findings) {
          expect(line).toBeGreaterThan(0)
          expect(column).toBeGreaterThan(0)
          expect(message).not.toContain('\n')
        }
        const { register, findings } = readSystems(text)
        expect(register.unread.length).toBe(findings.length)
      }),
      { numRuns: 500 },
    )
    expect(readSystems('{]}\n'.repeat(5000)).findings).toHaveLength(3)
  })
})
