import { describe, expect, it } from 'vitest'
import {
  compile,
  findProof,
  formatValue,
  parseAddress,
  type Obligation,
} from '../packages/page/src/index.ts'
import {
  companies,
  groups,
  kinds,
  kindsOf,
  letterOf,
  rows,
  type Letter,
  type Row,
} from '../examples/promises.ts'
import { renderPromises } from '../scripts/promises.ts'
import { read, readShared } from './repository.ts'

const noShared = '../shared is not beside this clone'
const soft = rows.filter((row) => row.kind === 'SOFT')
const provable = rows.filter((row) => row.kind !== 'SOFT')

describe('the rows', () => {
  it('are A1 to A52, B1 to B73 and C1 to C28, each once and in order', () => {
    expect(rows.map((row) => row.id)).toEqual([
      ...range('A', 52),
      ...range('B', 73),
      ...range('C', 28),
    ])
  })

  it('count as CLAIMS.md counts', () => {
    const all = rows.flatMap(kindsOf)
    const counts = Object.fromEntries(
      Object.keys(kinds).map((kind) => [kind, all.filter((one) => one === kind).length]),
    )
    expect(counts).toEqual({
      CK: 61, RT: 35, CLK: 28, DOC: 19, SOFT: 14, INH: 9, DR: 9, ATT: 6,
    }) // prettier-ignore
  })

  it('have the ids, groups and kinds of CLAIMS.md', ({ skip }) => {
    const claims = readShared('CLAIMS.md')
    if (claims === null) return skip(noShared)
    const known = rows.map(({ id, group, kind }) => `${id} ${group} ${kind}`)
    expect(known.toSorted()).toEqual(readClaims(claims).toSorted())
  })

  it('stand where the pages say them', ({ skip }) => {
    for (const letter of Object.keys(companies) as Letter[]) {
      const page = readShared(`pages/${companies[letter].page}`)
      if (page === null) return skip(noShared)
      const lines = page.split('\n')
      for (const row of rows.filter((one) => letterOf(one) === letter)) {
        for (const line of [row.line, ...(row.also ?? [])]) {
          expect(lines[line - 1]?.trim(), `${row.id} at line ${line}`).toBeTruthy()
        }
      }
    }
  })

  it('are each in one group and worded once', () => {
    expect(Object.keys(groups)).toHaveLength(14)
    expect(new Set(rows.map((row) => `${letterOf(row)} ${row.promise}`)).size).toBe(rows.length)
  })
})

function range(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${letter}${i + 1}`)
}

/** `A8 G1 CK` of every row of the tables under the headings `## G1 ...`. */
function readClaims(text: string): string[] {
  let group = ''
  return text.split('\n').flatMap((line) => {
    group = /^## (G\d+) /.exec(line)?.[1] ?? group
    const [, id, kind] = /^\| ([ABC]\d+) \| .* \| ([A-Z ]+) \| [^|]* \|$/.exec(line) ?? []
    return id && kind ? [`${id} ${group} ${kind}`] : []
  })
}

describe('the bindings', () => {
  it.each(provable.map((row) => [row.id, row] as const))('%s is bound to a proof', (_, row) => {
    expect(row.address).not.toBeNull()
    const { obligations, id, problems } = parseAddress(row.address!)
    expect(problems).toEqual([])
    expect(id).toBeNull()
    expect(obligations.length).toBeGreaterThan(0)
    for (const { proof } of obligations) expect(findProof(proof.id)).toBe(proof)
  })

  it.each(soft.map((row) => [row.id, row] as const))('%s has a measurable rewrite', (_, row) => {
    expect(row.address).toBeNull()
    const page = compile(row.rewrite ?? '', { format: 'markdown', now: 0 })
    expect(page.findings.filter(({ level }) => level === 'error')).toEqual([])
    expect(page.claims).toHaveLength(1)
    expect(page.claims[0]!.obligations.length).toBeGreaterThan(0)
  })
})

describe('the Kept pages', () => {
  const claims = new Map(
    (Object.keys(companies) as Letter[]).map((letter) => {
      const source = read(`examples/${companies[letter].folder}/security.md`)
      const page = compile(source, { format: 'markdown', now: 0 })
      return [letter, new Map(page.claims.map((claim) => [claim.id, claim.obligations]))] as const
    }),
  )
  const onPage = (row: Row) => claims.get(letterOf(row))!.get(row.claim ?? '')

  it.each(provable.map((row) => [row.id, row] as const))('%s is a claim there', (_, row) => {
    expect(lacking(row, onPage(row) ?? [])).toEqual([])
  })

  it('hold a rewrite as the row has it', () => {
    const rewritten = soft.filter((row) => row.claim !== null)
    expect(rewritten.map((row) => row.id)).toEqual(['A45', 'B10', 'C13'])
    for (const row of rewritten) {
      const wanted = compile(row.rewrite!, { format: 'markdown', now: 0 }).claims[0]!.obligations
      expect(flatten(onPage(row)!)).toEqual(flatten(wanted))
    }
  })

  it('let each row have a claim of its own', () => {
    const named = rows.flatMap((row) => (row.claim ? [`${letterOf(row)} ${row.claim}`] : []))
    expect(named.filter((name, i) => named.indexOf(name) !== i)).toEqual([])
  })
})

/** What the sentence promised and the Kept page does not; where it was corrected, the proof at least. */
function lacking(row: Row, found: readonly Obligation[]): string[] {
  const promised = parseAddress(row.address!).obligations
  const parts = new Set(flatten(found))
  if (!row.corrected) return flatten(promised).filter((part) => !parts.has(part))
  return promised.some(({ proof }) => parts.has(proof.id)) ? [] : [row.address!]
}

/** Every proof and every value as one text each: a page may add to a promise, not take from it. */
function flatten(obligations: readonly Obligation[]): string[] {
  return obligations.flatMap(({ proof, params }) => [
    proof.id,
    ...Object.entries(params).map(([name, value]) => {
      const said = formatValue(value).split(',').toSorted(byText).join(',')
      return `${proof.id} ${name}=${said}`
    }),
  ])
}

/** The order of a list is nothing that a page promises. */
function byText(a: string, b: string): number {
  return a < b ? -1 : 1
}

describe('docs/promises.md', () => {
  it('is what `npm run promises` writes', () => {
    expect(read('docs/promises.md') === renderPromises(), 'run `npm run promises`').toBe(true)
  })
})
