import { describe, expect, it } from 'vitest'
import { draft, formatValue, parseAddress, type Obligation } from '@kept/page'
import { companies, kindsOf, letterOf, rows, type Letter, type Row } from '../examples/promises.ts'
import { formatFor } from '../packages/page/test/objections.ts'
import { read, readShared } from './repository.ts'

/** What was bound of the rows that must be, and every binding that no row of its line has. */
function measure(open: (letter: Letter) => { path: string; text: string | null }, linesOf: (row: Row) => readonly number[]) {
  const [lost, wrong]: [string[], string[]] = [[], []]
  let [wanted, made] = [0, 0]
  for (const letter of Object.keys(companies) as Letter[]) {
    const { path, text } = open(letter)
    if (text === null) return null
    const { claims } = draft(text, { format: formatFor(path) })
    const own = rows.filter((row) => letterOf(row) === letter)
    for (const row of own) {
      if (row.address === null || kindsOf(row).some((kind) => kind === 'SOFT' || kind === 'ATT')) continue
      wanted++
      const there = claims.filter(({ line }) => linesOf(row).includes(line))
      const bound = there.flatMap(({ obligations }) => obligations)
      if (!parseAddress(row.address).obligations.every((one) => bound.some((made) => holdsAll(made, one)))) lost.push(row.id)
    }
    for (const { line, text: claim, obligations } of claims) {
      const near = own.filter((row) => row.address !== null && linesOf(row).includes(line))
      const expected = near.flatMap((row) => parseAddress(row.address!).obligations)
      made += obligations.length
      for (const one of obligations)
        if (!isRight(one, expected)) wrong.push(`${path}:${line} ${write(one)} «${claim}»`)
    }
  }
  return { wanted, made, lost, wrong }
} // prettier-ignore

/** Whether a binding has all that a row says. One link may say what two rows do, as RTO and RPO. */
function holdsAll(made: Obligation, row: Obligation): boolean {
  return made.proof.id === row.proof.id && Object.entries(row.params).every(([name, value]) => valueOf(made.params[name]) === valueOf(value))
} // prettier-ignore

/**
 * Whether the rows of a line have this proof, and all that a binding gives it: both bounds of a range, and
 * each word. A list may name fewer than the row; what no row names is wrong, and so is a binding without
 * any figure where every row has one: but not of a part of the list, to which the figure need not belong.
 */
function isRight({ proof, params }: Obligation, expected: readonly Obligation[]): boolean {
  const rows = expected.filter((one) => one.proof.id === proof.id)
  const isMeasured = (one: Obligation) => Object.values(one.params).some(isFigure)
  if (rows.length === 0) return false
  const isPart = rows.some((one) =>
    Object.entries(params).some(([name, value]) => isLess(value, one.params[name])),
  )
  if (rows.every(isMeasured) && !Object.values(params).some(isFigure) && !isPart) return false
  return Object.entries(params).every(([name, value]) => {
    const right = rows.flatMap((one) => (one.params[name] === undefined ? [] : [one.params[name]]))
    if (!Array.isArray(value)) return right.some((one) => valueOf(one) === valueOf(value))
    const named = new Set(right.flat() as unknown[])
    return value.every((one) => named.has(one))
  })
}

/** Whether one list names fewer than the other. */
function isLess(one: unknown, other: unknown): boolean {
  return Array.isArray(one) && Array.isArray(other) && one.length < other.length
}

/** Numbers and lengths of time, as opposed to words and lists of them. */
function isFigure(value: Obligation['params'][string]): boolean {
  return typeof value === 'number' || (typeof value === 'object' && !Array.isArray(value))
}

/** Both bounds of a range, whatever the unit; addresses of mail differ between the pages. */
function valueOf(value: Obligation['params'][string] | undefined): string {
  if (value === undefined) return ''
  return formatValue(value)
    .replaceAll(/\b(\d+)d\b/g, (_, days: string) => `${Number(days) * 24}h`)
    .replace(/[\w.+-]+@[\w.-]+/, '@')
}

/** Mail addresses differ between the real pages and the data. */
function write({ proof, params }: Obligation): string {
  const query = Object.entries(params).map(([name, value]) => `${name}=${formatValue(value)}`)
  return `${proof.id}?${query.toSorted().join('&')}`.replace(/[\w.+-]+@[\w.-]+/, '@')
}

function tell(pages: string, wanted: number, made: number, lost: readonly string[], wrong: readonly string[]): void {
  const bound = (100 * (wanted - lost.length)) / wanted
  console.info(`${pages}: ${bound.toFixed(1)} % of ${wanted} bound, ${((100 * wrong.length) / made).toFixed(1)} % of ${made} wrong; not bound: ${lost.join(' ')}${wrong.map((one) => `\n  wrong: ${one}`).join('')}`)
} // prettier-ignore

describe('drafts of the three pages', () => {
  it('bind the promises of the examples to the proofs of the data', () => {
    const { wanted, made, lost, wrong } = measure(
      (letter) => {
        const { folder, before } = companies[letter]
        return { path: before, text: read(`examples/${folder}/${before}`) }
      },
      (row) => [row.before.line],
    )!
    tell('the examples', wanted, made, lost, wrong)
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
    tell('the real pages', wanted, made, lost, wrong)
    expect(lost.length / wanted, lost.join(' ')).toBeLessThanOrEqual(0.15)
    expect(wrong.length / made, wrong.join('\n')).toBeLessThanOrEqual(0.03)
  })
})

describe('a binding with another value', () => {
  const one = (address: string) => parseAddress(address).obligations[0]!

  it.each([
    [
      'kept:findings.fixed?critical=2h..4h',
      'kept:findings.fixed?critical=2h..4h&high=24h..48h',
      true,
    ],
    ['kept:findings.fixed?critical=3h..4h', 'kept:findings.fixed?critical=2h..4h', false],
    ['kept:findings.fixed?critical=2h..5h', 'kept:findings.fixed?critical=2h..4h', false],
    ['kept:backup?every=1d', 'kept:backup?every=24h', true],
    ['kept:backup?every=12h', 'kept:backup?every=24h', false],
    ['kept:sso?with=oidc,saml', 'kept:sso?with=saml,oidc', true],
    ['kept:backup?every=24h', 'kept:backup', false],
    ['kept:recovery?rto=4h&rpo=24h', 'kept:recovery?rto=4h kept:recovery?rpo=24h', true],
    ['kept:recovery?rto=24h&rpo=4h', 'kept:recovery?rto=4h kept:recovery?rpo=24h', false],
    ['kept:sso?with=saml', 'kept:sso?with=saml,oidc', true],
    ['kept:sso?with=saml,scim', 'kept:sso?with=saml,oidc', false],
    ['kept:scan?every=24h', 'kept:backup?every=24h', false],
    ['kept:backup', 'kept:backup?every=24h', false],
    ['kept:residency?regions=eu&provider=aws', 'kept:residency?regions=eu', false],
    [
      'kept:certificate?standard=soc-2',
      'kept:certificate?standard=iso-27001,soc-2&edition=2022',
      true,
    ],
    [
      'kept:certificate?standard=iso-27001',
      'kept:certificate?standard=iso-27001&edition=2022',
      false,
    ],
    ['kept:access.approval?by=cto', 'kept:access.approval', false],
    ['kept:pentest?every=6mo&by=third-party', 'kept:pentest?every=6mo', false],
  ])('%s for %s: %s', (made, right, same) => {
    expect(isRight(one(made), right.split(' ').map(one))).toBe(same)
  })
})
