import { describe, expect, it } from 'vitest'
import { compile, type Finding } from '../packages/page/src/index.ts'
import { formatFor } from '../packages/page/test/objections.ts'
import { companies, letterOf, objections, rows, type Letter } from '../examples/promises.ts'
import { read } from './repository.ts'

const now = Date.parse('2026-11-20T12:00:00Z')

describe('the pages before Kept', () => {
  const findings = new Map(
    (Object.keys(companies) as Letter[]).map((letter) => {
      const { folder, before } = companies[letter]
      const source = read(`examples/${folder}/${before}`)
      return [letter, compile(source, { format: formatFor(before), now }).findings] as const
    }),
  )

  it.each(objections.map((one) => [one.id, one.rule, one.rows] as const))(
    '%s: %s is found at %j',
    (_, rule, ids) => {
      const found = findings.get(ids[0][0] as Letter)!.filter((finding) => finding.rule === rule)
      expect(ids.some((id) => found.some((finding) => isAt(finding, id)))).toBe(true)
    },
  )
})

/** Whether a finding lies in the sentence of a row or in the list that hangs on it. */
function isAt(finding: Finding, id: string): boolean {
  const row = rows.find((one) => one.id === id)!
  const next = rows
    .filter((one) => letterOf(one) === letterOf(row) && one.before.line > row.before.line)
    .map((one) => one.before.line)
  const end = Math.min(...next, Infinity)
  return row.before.line <= finding.line && finding.line < Math.max(end, row.before.line + 1)
}
