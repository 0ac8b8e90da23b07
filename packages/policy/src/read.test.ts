import { describe, expect, it } from 'vitest'
import { schema } from '../test/documents.ts'
import { PolicyFailure, readPolicies, type PolicyTexts } from './index.ts'

function failureOf(texts: Partial<PolicyTexts>): PolicyFailure {
  try {
    readPolicies({ schema, policies: {}, ...texts })
  } catch (error) {
    if (error instanceof PolicyFailure) return error
    throw error
  }
  throw new Error('nothing was wrong with it')
}

const permit = 'permit (principal, action, resource);'
const when = (condition: string) => `permit (principal, action, resource) when { ${condition} };`

describe('a text of policies', () => {
  it('holds one or several, each with an id and a place', () => {
    const several = `// the first; it says all\n${permit}\n\n@id("named")\nforbid (principal, action, resource)\n  when { resource.state == "a;b//" }; // and\n${permit}`
    const { list } = readPolicies({ schema, policies: { 'a.cedar': several, alone: permit } })
    expect(list).toEqual([
      { id: 'a.cedar:2', effect: 'permit', source: 'a.cedar', line: 2 },
      { id: 'named', effect: 'forbid', source: 'a.cedar', line: 4 },
      { id: 'a.cedar:7', effect: 'permit', source: 'a.cedar', line: 7 },
      { id: 'alone', effect: 'permit', source: 'alone', line: 1 },
    ])
    expect(readPolicies({ schema, policies: { none: '// nothing\n' } }).list).toEqual([])
  })
})

describe('what is wrong with a policy', () => {
  it('is told as compilers do, behind letters of several bytes too', () => {
    const text = `// größer 😀\n${permit}\npermit (principal, action, resource)\n  when { "é😀" != "" && resource.levle > 1 };`
    const { code, message, fix, findings } = failureOf({ policies: { 'docs.cedar': text } })
    expect(code).toBe('bad-policy')
    expect(message.split('\n')).toEqual([
      'docs.cedar:4:25: error: attribute `levle` on entity type `Doc` not found',
      '    4 |   when { "é😀" != "" && resource.levle > 1 };',
      '      |                         ^^^^^^^^^^^^^^',
      '  fix: did you mean `level`?',
    ])
    expect(fix).toBe('did you mean `level`?')
    expect(findings).toMatchObject([{ line: 4, column: 25, endLine: 4, endColumn: 39 }])
  })

  it.each([
    ['a bracket', 'permit (principal, action, resource when { true };', 'unexpected token'],
    ['no semicolon', 'permit (principal, action, resource)', 'unexpected end of input'],
    ['a string without end', when('resource.state == "a'), 'invalid token'],
    ['an action', 'permit (principal, action == Action::"raed", resource);', 'unrecognized action'],
    ['a type', when('principal is Usr'), 'unrecognized entity type'],
    ['a type of value', when('resource.level == "1"'), 'the types Long and String'],
    ['what may be absent', when('resource.title == "a"'), 'unable to guarantee safety'],
    ['what can never hold', when('false'), 'policy is impossible'],
    ['a slot', 'permit (principal == ?principal, action, resource);', 'got a template'],
    ['an integer of 54 bits', when('resource.level > 9007199254740993'), '2^53 or more'],
    ['letters that look alike', when('resource.state == "\u0430dmin"'), 'mixed script'],
  ])('is found: %s', (_, policy, reason) => {
    const { code, message } = failureOf({ policies: { one: policy } })
    expect([code, message]).toEqual(['bad-policy', expect.stringContaining(reason)])
  })

  it('is told of all policies at once, in order', () => {
    const { findings, message } = failureOf({
      policies: { a: when('resource.x'), b: permit, c: `${when('resource.y')}\n${when('false')}` },
    })
    expect(findings.map(({ source, column }) => [source, column])).toEqual([
      ['a', 45],
      ['c', 45],
      ['c', 1],
    ])
    expect(message).toContain('and 2 more')
  })

  it('is an id that another has', () => {
    const { findings } = failureOf({ policies: { a: `@id("b") ${permit}`, b: permit } })
    expect(findings).toMatchObject([{ source: 'b', message: 'another policy has the id "b"' }])
  })

  it.each([
    ['brackets', when(`${'('.repeat(20_000)}true${')'.repeat(20_000)}`), 'nest 20001 deep'],
    ['records', when(`${'{a:'.repeat(40)}1${'}'.repeat(40)} == {}`), 'nest 41 deep'],
    ['sums', when(`${'1 + '.repeat(1000)}1 == 2`), '1000 of . + - * and if'],
    ['conjunctions', when(`${'true && '.repeat(20_000)}true`), '20000 of && and ||'],
  ])('is more %s than the engine bears, which goes on unharmed', (_, policy, reason) => {
    expect(failureOf({ policies: { deep: policy } }).message).toContain(reason)
    expect(readPolicies({ schema, policies: { permit } }).list).toHaveLength(1)
  })

  it.each([
    ['sums', `resource.level${' + 1'.repeat(120)} > 1`],
    ['conjunctions', `${'context.mfa && '.repeat(100)}context.mfa`],
    ['disjunctions', `${'resource.open || '.repeat(100)}resource.open`],
  ])('is more %s in one condition than it can tell of', (_, condition) => {
    expect(failureOf({ policies: { long: when(condition) } }).message).toContain('too deeply')
  })

  it('is nothing at the most that it takes', () => {
    const or = Array.from({ length: 45 }, (_, i) => `resource.level == ${i}`).join(' || ')
    const sum = `${'('.repeat(28)}resource.level${' + 1'.repeat(40)}${')'.repeat(28)} > 1`
    const flat = `[${Array.from({ length: 5000 }, (_, i) => i).join(', ')}].contains(resource.level)`
    const many = Array.from({ length: 100 }, (_, i) => `when { resource.level != ${i} }`).join(' ')
    const policies = {
      or: when(or),
      sum: when(sum),
      flat: when(flat),
      many: `${permit.slice(0, -1)} ${many};`,
    }
    const read = readPolicies({ schema, policies })
    const ask = { principal: { type: 'User', id: 'a' }, action: 'read', context: { mfa: true } }
    const decide = (level: number) =>
      read.explain({ ...ask, resource: { type: 'Doc', id: 'd', attrs: { level } } }).permitted
    expect(decide(44)).toEqual(['or', 'sum', 'flat'])
    expect(decide(4000)).toEqual(['sum', 'flat', 'many'])
    expect(decide(-100)).toEqual(['many'])
    // What is refused as SQL is named in short.
    const toSql = () => read.toSql({ ...ask, resourceType: 'Doc' }, { level: 'level' })
    expect(toSql).toThrow(/^policy "sum": .{100,200} cannot be said in SQL/)
  })
})

describe('what is wrong with a schema', () => {
  it.each([
    ['its grammar', 'entity A = { x: };', 'schema:1:17: error', 'bad-schema'],
    ['a type', 'entity A = { x: Lng };', 'schema:1:17: error', 'bad-schema'],
    ['its depth', `entity A = { x: ${'Set<'.repeat(9999)}`, 'nest 10000 deep', 'bad-schema'],
  ])('is found: %s', (_, text, reason, code) => {
    const failure = failureOf({ schema: text })
    expect([failure.code, failure.message]).toEqual([code, expect.stringContaining(reason)])
  })
})
