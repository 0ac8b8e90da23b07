import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clausesOf } from './clauses.ts'
import { tokenize } from './tokens.ts'

const split = (text: string) =>
  clausesOf(text, tokenize(text)).map(
    ({ from, to, label }) => `${label ? '#' : ''}${text.slice(from, to)}`,
  )

describe('clauses', () => {
  it.each([
    ['We encrypt disks and rotate keys every year', ['We encrypt disks', 'rotate keys every year']],
    ['Changes are reviewed, approved and signed off by the CTO', ['Changes are reviewed, approved and signed off by the CTO']],
    ['Customers may furnish and revoke their own key', ['Customers may furnish and revoke their own key']],
    ['Backups are made daily; they are kept for 30 days', ['Backups are made daily', 'they are kept for 30 days']],
    ['Data stays in Germany and never leaves the country', ['Data stays in Germany', 'never leaves the country']],
    ['Nobody but our engineers sees it', ['Nobody but our engineers sees it']],
    ['GuardDuty is on everywhere and pages our engineer', ['GuardDuty is on everywhere', 'pages our engineer']],
    ['Events go to the archive, where they are kept for a year', ['Events go to the archive', 'they are kept for a year']],
    ['We shall, within two hours of the discovery, name a team', ['We shall, within two hours of the discovery, name a team']],
    ['Guards stand there 24 hours a day, 7 days a week, and have badges', ['Guards stand there 24 hours a day, 7 days a week', 'have badges']],
    ['Three times a year, managers go through the list', ['Three times a year, managers go through the list']],
    ['IT, Legal and Support take part', ['IT, Legal and Support take part']],
  ])('%s', (text, clauses) => {
    expect(split(text)).toEqual(clauses)
  })

  it.each([
    ['Laptops: all encrypted', ['#Laptops', 'all encrypted']],
    ['RTO: 4 hours, RPO: 1 hour', ['#RTO', '4 hours', '#RPO', '1 hour']],
    ['Current: two nodes', ['Current', 'two nodes']],
    ['Rehearsed yearly: workloads move', ['Rehearsed yearly: workloads move']],
  ])('%s has the labels it names', (text, clauses) => {
    expect(split(text)).toEqual(clauses)
  })

  it('stand in order, apart from each other, and lose no word', () => {
    const words = fc.constantFrom('we', 'encrypt', 'disks', 'and', 'keep', 'it', ',', ':', 'RPO', '4 hours', 'but', 'nobody', '; ', 'where', '(a)', '- ')
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (list) => {
        const text = list.join(' ')
        const tokens = tokenize(text)
        const clauses = clausesOf(text, tokens)
        let at = 0
        for (const { from, to } of clauses) {
          expect(from).toBeGreaterThanOrEqual(at)
          expect(to).toBeGreaterThanOrEqual(from)
          at = to
        }
        expect(at).toBeLessThanOrEqual(text.length)
        const joins = /^(?:and|but|or|so|while|whereas|which|who|whose|where|whereby|although|though|yet|plus|then|that|since|because|a)$/
        const within = ({ from, to }: { from: number; to: number }) => clauses.some((clause) => clause.from <= from && to <= clause.to)
        expect(tokens.filter((token) => !within(token) && !joins.test(token.word))).toEqual([])
      }),
    )
  })
}) // prettier-ignore
