import { describe, expect, it } from 'vitest'
import { draft, formatValue, parseAddress, type Format, type Obligation } from '@kept/page'
import { companies, kindsOf, letterOf, rows, type Letter, type Row } from '../examples/promises.ts'
import { read, readShared } from './repository.ts'

const formats: Record<string, Format> = { md: 'markdown', txt: 'text', html: 'html' }

/** What was bound of the rows that must be, and every binding that no row of its line has. */
function measure(open: (letter: Letter) => { path: string; text: string | null }, linesOf: (row: Row) => readonly number[]) {
  const [lost, wrong]: [string[], string[]] = [[], []]
  let [wanted, made] = [0, 0]
  for (const letter of Object.keys(companies) as Letter[]) {
    const { path, text } = open(letter)
    if (text === null) return null
    const { claims } = draft(text, { format: formats[path.split('.').at(-1)!]! })
    const own = rows.filter((row) => letterOf(row) === letter)
    for (const row of own) {
      if (row.address === null || kindsOf(row).some((kind) => kind === 'SOFT' || kind === 'ATT')) continue
      wanted++
      const there = claims.filter(({ line }) => linesOf(row).includes(line))
      const bound = new Set(there.flatMap(({ obligations }) => obligations.map(write)))
      if (!parseAddress(row.address).obligations.map(write).every((one) => bound.has(one))) lost.push(row.id)
    }
    for (const { line, text: claim, obligations } of claims) {
      const near = own.filter((row) => row.address !== null && linesOf(row).includes(line))
      const proofs = new Set(near.flatMap((row) => parseAddress(row.address!).obligations.map(({ proof }) => proof.id)))
      made += obligations.length
      for (const one of obligations) if (!proofs.has(one.proof.id)) wrong.push(`${path}:${line} ${write(one)} «${claim}»`)
    }
  }
  return { wanted, made, lost, wrong }
} // prettier-ignore

/** Mail addresses differ between the real pages and the data. */
function write({ proof, params }: Obligation): string {
  const query = Object.entries(params).map(([name, value]) => `${name}=${formatValue(value)}`)
  return `${proof.id}?${query.toSorted().join('&')}`.replace(/[\w.+-]+@[\w.-]+/, '@')
}

describe('drafts of the three pages', () => {
  it('bind the promises of the examples to the proofs of the data', () => {
    const { wanted, made, lost, wrong } = measure(
      (letter) => {
        const { folder, before } = companies[letter]
        return { path: before, text: read(`examples/${folder}/${before}`) }
      },
      (row) => [row.before.line],
    )!
    expect(wanted).toBeGreaterThan(130)
    expect(lost.length / wanted, lost.join(' ')).toBeLessThanOrEqual(0.15)
    expect(wrong.length / made, wrong.join('\n')).toBeLessThanOrEqual(0.03)
  })

  it('bind the promises of the real pages as well', ({ skip }) => {
    const measured = measure(
      (letter) => ({ path: companies[letter].page, text: readShared(`pages/${companies[letter].page}`) }),
      (row) => [row.line, ...(row.also ?? [])],
    ) // prettier-ignore
    skip(measured === null, 'the real pages are not beside this clone')
    const { wanted, made, lost, wrong } = measured!
    expect(lost.length / wanted, lost.join(' ')).toBeLessThanOrEqual(0.15)
    expect(wrong.length / made, wrong.join('\n')).toBeLessThanOrEqual(0.03)
  })
})
