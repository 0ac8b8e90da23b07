import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { everything, files } from '../../test/example.ts'
import { runFake } from '../../test/fake-terminal.ts'

/** The schema of SARIF 2.1.0 as Microsoft's tool for it ships it. */
function sarifSchema(): object {
  const tool = import.meta.resolve('@microsoft/sarif-multitool-ts')
  const file = fileURLToPath(new URL('../assets/sarif-2.1.0.schema.json', tool))
  return JSON.parse(readFileSync(file, 'utf8')) as object
}

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
const validate = ajv.compile(sarifSchema())

interface Result {
  ruleId: string
  level: string
  message: { text: string }
}

async function sarifOf(words: string[], given: Record<string, string>) {
  const { out, code } = await runFake([...words, '--sarif'], given)
  const log = JSON.parse(out) as { runs: { results: Result[] }[] }
  const valid = validate(log)
  return { log, results: log.runs[0]!.results, code, errors: valid ? [] : validate.errors }
}

test('a report is valid SARIF 2.1.0 and names what is wrong, not what is kept', async () => {
  const { results, errors, code } = await sarifOf(everything, files)
  expect(errors).toEqual([])
  expect(code).toBe(1)
  expect(results.map(({ ruleId, level }) => `${level} ${ruleId}`)).toContain('error broken')
  expect(results.some(({ ruleId }) => ruleId === 'kept')).toBe(false)
})

test('it stays valid with findings in every file, odd names and odd text', async () => {
  const odd = {
    'a b/säfe #1.md':
      '# X\n[p\u202e](kept:nope?x)\n[q](kept:backup?every=1#a)\n[r](kept:backup#a)\n',
    'systems.yaml': 'nope: 1\n',
    'evidence.jsonl': 'nope\n',
  }
  const words = ['check', 'a b/säfe #1.md', '--systems', 'systems.yaml']
  const { results, errors } = await sarifOf([...words, '--evidence', 'evidence.jsonl'], odd)
  expect(errors).toEqual([])
  const rules = new Set(results.map(({ ruleId }) => ruleId))
  for (const rule of ['unknown-proof', 'parameter', 'duplicate-id', 'systems', 'evidence']) {
    expect(rules).toContain(rule)
  }
})

test('the schema would object to a wrong report', async () => {
  const { log } = await sarifOf(everything, files)
  expect(validate({ ...log, runs: [{ results: [{ level: 'fatal' }] }] })).toBe(false)
})
