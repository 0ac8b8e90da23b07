import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { files as company } from '../../test/example.ts'
import { runFake } from '../../test/fake-terminal.ts'

const examples = fileURLToPath(new URL('../../../../examples', import.meta.url))
const names = readdirSync(examples, { recursive: true, encoding: 'utf8' })
  .filter((name) => !/node_modules|README/.test(name) && /\.(?:md|html|txt)$/.test(name))
  .toSorted()

/** A page with the systems and the evidence that lie beside it. */
function withCompany(name: string): Record<string, string> {
  const folder = join(examples, name, '..')
  const beside = readdirSync(folder).filter((one) =>
    /^(?:systems\.yaml|evidence\.jsonl)$/.test(one),
  )
  const own = beside.map((one) => [one, readFileSync(join(folder, one), 'utf8')] as const)
  const page = readFileSync(join(examples, name), 'utf8')
  return { ...Object.fromEntries(own), [name.split(/[\\/]/).at(-1)!]: page }
}

/** Mistakes in every file, so that findings point into each of them. */
const faulty = {
  'security.md': `${company['security.md']}\n[No such proof](kept:nope)\n\nWe promise\nto be careful.\n`,
  'systems.yaml': `${company['systems.yaml']}nope: 1\n`,
  'evidence.jsonl': `${company['evidence.jsonl']}nope\n\n${company['evidence.jsonl'].replaceAll('"ci"', '"no"')}`,
}

const pages = [
  ...names.map((name) => [name, withCompany(name)] as const),
  ['mistakes in every file', faulty] as const,
]

describe.each(pages)('however the lines of %s end', (_, files) => {
  const page = Object.keys(files).find((name) => /\.(?:md|html|txt)$/.test(name))!
  const words = ['systems', 'evidence'].flatMap((option) => {
    const file = Object.keys(files).find((name) => name.startsWith(`${option}.`))
    return file === undefined ? [] : [`--${option}`, file]
  })
  const check = (form: string[], end: string, mark = '') => {
    const written = Object.entries(files).map(([name, text]) => [
      name,
      mark + text.replaceAll('\n', end),
    ])
    const given = Object.fromEntries(written) as Record<string, string>
    return runFake(['check', page, ...words, ...form], given)
  }

  test.each([
    ['JSON', ['--json']] as const,
    ['SARIF', ['--sarif']] as const,
    ['text', []] as const,
  ])('the %s is the same', async (__, form) => {
    const told = await check([...form], '\n')
    expect(told.err).toBe('')
    expect(told.out.length).toBeGreaterThan(40)
    for (const end of ['\r\n', '\r']) expect(await check([...form], end)).toEqual(told)
    expect(await check([...form], '\r\n', '\uFEFF')).toEqual(told)
  })
})

test('a claim of a page with CRLF stands in its own line', async () => {
  const text = '# T\r\n\r\n[All data is backed up](kept:backup)\r\n'
  const { out } = await runFake(['check', 'a.md', '--json'], { 'a.md': text })
  expect(JSON.parse(out)).toMatchObject({ claims: [{ line: 3, column: 1 }] })
  const said = await runFake(['check', 'a.md'], { 'a.md': text })
  expect(said.out).toContain('    3 | [All data is backed up](kept:backup)\n      | ^^^^^')
})
