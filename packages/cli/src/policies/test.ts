import type { Ask, Policies } from '@kept/policy'
import type { ExitCode, Given } from '../command.ts'
import { Failure } from '../failure.ts'
import { toJson } from '../json.ts'
import { painter } from '../look.ts'
import type { Terminal } from '../terminal.ts'
import { clean, wrap } from '../typeset.ts'
import { askFields, fieldsOf, readAsk } from './ask.ts'
import { readData } from './data.ts'
import { loadPolicies, placesOf, sound } from './load.ts'

/** One ask, and what is expected of it. */
interface Test {
  place: string
  ask: Ask
  expect: 'allow' | 'deny'
  why: string
}

interface Outcome extends Test {
  passed: boolean
  /** What was decided, in words. */
  says: readonly string[]
}

/** Decides what the tests ask, and explains each decision that is not what was expected. */
export async function test({ words, options, lists }: Given, terminal: Terminal) {
  const files = words.slice(1).filter((path) => path !== '')
  if (files.length === 0) {
    throw new Failure('kept policy', 'PATH is missing', 'write `kept policy test tests.yaml`')
  }
  const outcomes: Outcome[] = []
  for (const file of files) {
    const tests = await readTests(file, terminal)
    const places = placesOf(lists.get('policies'), file)
    const policies = sound(await loadPolicies(places, options.get('schema'), terminal))
    outcomes.push(...tests.map((one) => run(one, policies)))
  }
  await terminal.print(options.has('json') ? asJson(outcomes) : asText(outcomes, terminal))
  return outcomes.every(({ passed }) => passed) ? 0 : (1 satisfies ExitCode)
}

async function readTests(file: string, terminal: Terminal): Promise<Test[]> {
  const { name, value, placeOf } = await readData(file, terminal)
  const key = Array.isArray(value) ? null : 'tests'
  const all = key === null ? value : fieldsOf(value, name, ['tests'])[key]
  if (!Array.isArray(all) || all.length === 0) {
    throw new Failure(name, 'it holds no tests', 'write them under tests:, a list')
  }
  return all.map((one: unknown, i) => readTest(one, placeOf(key, i)))
}

function readTest(value: unknown, place: string): Test {
  const fields = fieldsOf(value, place, [...askFields, 'expect', 'why'])
  const { expect, why } = fields
  if (expect !== 'allow' && expect !== 'deny') {
    throw new Failure(place, 'expect is neither allow nor deny', 'write expect: allow')
  }
  if (typeof why !== 'string' || why === '') {
    throw new Failure(place, 'why is missing', 'write in a sentence why it is expected')
  }
  return { place, ask: readAsk(value, place, ['expect', 'why']), expect, why }
}

function run(test: Test, policies: Policies): Outcome {
  const { allowed, says } = policies.explain(test.ask)
  return { ...test, passed: allowed === (test.expect === 'allow'), says }
}

function asJson(outcomes: readonly Outcome[]): Iterable<string> {
  return toJson({
    tests: outcomes.map(({ place, why, expect, passed, says }) => {
      return { place, why, expect, passed, says }
    }),
    passed: outcomes.filter(({ passed }) => passed).length,
    failed: outcomes.filter(({ passed }) => !passed).length,
  })
}

function* asText(outcomes: readonly Outcome[], { width, colour }: Terminal): Generator<string> {
  const paint = painter(colour)
  const failed = outcomes.filter(({ passed }) => !passed)
  for (const { place, why, expect, says } of failed) {
    const [decided, ...more] = says
    yield `${paint('bold', clean(place))}: ${paint('red', 'failed')}: ${clean(why)}\n`
    yield `${wrap(`expected ${expect}, but ${clean(decided!)}`, width, '  ', '    ').join('\n')}\n`
    for (const one of more) yield `${wrap(clean(one), width, '  ', '    ').join('\n')}\n`
    yield '\n'
  }
  yield `${outcomes.length - failed.length} passed, ${failed.length} failed\n`
}
