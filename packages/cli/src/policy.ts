import { didYouMean } from '@kept/page'
import type { Command } from './command.ts'
import { Failure } from './failure.ts'

const works = ['check', 'test', 'explain']

export const policy: Command = {
  name: 'policy',
  says: 'check Cedar policies, test them, and explain what they decide',
  arguments: [
    {
      name: 'WORK',
      says: 'check: policies against their schema; test: what they decide against what was expected; explain: one decision in words',
      words: works,
    },
    {
      name: 'PATH',
      says: 'for check .cedar files or folders of them, each with its .cedarschema; for test files of tests, YAML or JSON; for explain a file with one ask',
      optional: true,
      repeats: true,
    },
  ],
  options: {
    policies: {
      value: 'FILE',
      repeats: true,
      says: 'for test and explain: the policies, files or folders; else those beside the file',
    },
    schema: { value: 'FILE', says: 'their schema; else the one .cedarschema beside them' },
    principal: { value: 'ID', says: 'for explain: who asks, as User::ada' },
    action: { value: 'ID', says: 'for explain: what for' },
    resource: { value: 'ID', says: 'for explain: of what, as Doc::d1' },
    context: {
      value: 'NAME=VALUE',
      repeats: true,
      says: 'for explain: a fact of the context, as mfa=true',
    },
    json: { says: 'print JSON' },
  },
  exits: [
    ['0', 'policies are sound, all tests pass, or it is allowed'],
    ['1', 'something is an error, a test fails, or it is denied'],
    ['2', 'bad usage, or a file that cannot be read'],
  ],
  example: 'kept policy check policies/',
  async run(given, terminal) {
    switch (given.words[0]) {
      case 'check':
        return (await import('./policies/check.ts')).check(given, terminal)
      case 'test':
        return (await import('./policies/test.ts')).test(given, terminal)
      case 'explain':
        return (await import('./policies/explain.ts')).explain(given, terminal)
      default:
        throw unknownWork(given.words[0]!)
    }
  },
}

function unknownWork(word: string): Failure {
  const near = didYouMean(word, works)
  const fix = near
    ? `did you mean \`kept policy ${near}\`?`
    : 'write `kept policy check`, `test` or `explain`'
  return new Failure('kept policy', `it has no "${word}"`, fix)
}
