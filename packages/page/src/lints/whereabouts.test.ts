import { describe, expect, it } from 'vitest'
import { objections, underlined } from '../../test/objections.ts'

const found = (...paragraphs: string[]) => underlined(paragraphs.join('\n\n'), 'contradiction')
const only = 'All data is stored exclusively in Germany.'

describe('in one area only, and elsewhere', () => {
  it.each([
    ['Backups are kept in multiple regions.', 'multiple regions'],
    ['In a disaster we restore your data at another cloud provider.', 'another cloud provider'],
    ['Copies are stored in Ireland.', 'Ireland'],
    ['AWS replicates our backups in Ireland.', 'Ireland'],
    ['Databases are replicated to us-east-1.', 'us-east-1'],
    ['Backups are geographically distributed.', 'geographically distributed'],
  ])('%s', (other, words) => {
    expect(found(only, other)).toEqual(['1: exclusively in Germany', `3: ${words}`])
    expect(found('Your data is hosted only within the EU.', 'Copies are stored in Oregon.')).toHaveLength(2)
  }) // prettier-ignore

  it.each([
    ['Data is stored only in Germany.', 'We use AWS in the US.', 'US'],
    ['All customer data is hosted in Canada.', 'Our hosting provider is AWS us-east-1.', 'us-east-1'],
    ['Your data never leaves Canada.', 'Error reports go to Sentry in the United States.', 'United States'],
    ['All data is stored only in Germany.', 'Nothing is lost, but copies are kept in the US.', 'US'],
    ['All data is stored only in Germany.', 'We have moved our servers to the US in 2020.', 'US'],
    ['Your data is hosted only in Ireland.', 'Snapshots are copied to Singapore.', 'Singapore'],
    ['No customer data is stored outside Canada.', 'Your data may be processed in the United States.', 'United States'],
    ['We host only in the EU.', 'In a disaster we fail over to any available region.', 'any available region'],
    ['We host only in the EU.', 'Backups are replicated to a second continent.', 'second continent'],
    ['Customer data is hosted only in France.', 'A nightly snapshot is shipped to a second region.', 'second region'],
    ['Data is stored solely in Canada.', 'We keep a warm replica in Tokyo.', 'Tokyo'],
    ['All customer data is kept in Canada.', 'When a region is lost, traffic fails over to a different region.', 'different region'],
    ['All data is stored in Ireland.', 'Failover to Virginia takes an hour.', 'Virginia'],
    ['All data stays in Germany.', 'Our disaster recovery site is in Dublin.', 'Dublin'],
    ['All data stays in Germany.', 'The DR region is in Ireland.', 'Ireland'],
  ])('%s %s', (claim, other, words) => {
    expect(found(claim, other).at(-1)).toBe(`3: ${words}`)
  }) // prettier-ignore

  it.each([
    ['All customer data is stored in Ireland.', 'All customer data is stored in the United States.', ['1: Ireland', '3: United States']],
    ['Data is hosted exclusively in Germany.', 'All personal data is kept in Canada.', ['1: Germany', '3: Canada']],
    ['Personal data is processed exclusively within the European Union.', 'Transfers to the United States rely on standard clauses.', ['1: exclusively within the European Union', '3: United States']],
    ['Personal data is stored only within the EU.', 'We transfer contact data to India under standard clauses.', ['1: only within the EU', '3: India']],
  ])('two homes: %s %s', (one, other, words) => {
    expect(found(one, other)).toEqual(words)
  }) // prettier-ignore

  it.each([
    ['All customer data is stored in Ireland.', 'All log data is stored in the United States.'],
    ['All customer data is stored in Ireland.', 'All customer data is stored within the EU.'],
    [
      'All EU customer data is stored in Ireland.',
      'All US customer data is stored in the United States.',
    ],
    [
      '## Ireland\n\nAll data is stored in Ireland.',
      '## United States\n\nAll data is stored in the United States.',
    ],
    ['All customer data is stored in Ireland.', 'We transfer contact data to India.'],
    ['Personal data is stored only within the EU.', 'No data is transferred to the United States.'],
    [
      'Personal data is stored only within the EU.',
      'Data is never transferred to or seen from India.',
    ],
    [
      'Personal data is stored only within the EU.',
      'If data is transferred to India, standard clauses apply.',
    ],
  ])('one home: %s %s', (one, other) => {
    expect(found(one, other)).toEqual([])
  })

  it('proposes the limit', () => {
    const [, second] = objections(`${only}\n\nBackups are kept in several regions.`)
    expect(second!.suggestion).toBe('several regions (only within Germany)')
  })

  it('proposes no second region within one', () => {
    const [, second] = objections('Data is hosted only in europe-west3.\n\nBackups are kept in a second region.') // prettier-ignore
    expect([second!.rule, second!.suggestion]).toEqual(['contradiction', null])
  })

  it('names every area of the claim, and the limit that the other sentence has', () => {
    const claim = 'Payroll data is stored in Denmark and Sweden only.'
    const [, second] = objections(`${claim}\n\nIn a disaster we move it to another region within the EU.`)
    expect(second!.message).toBe('Line 1 keeps everything in Denmark and Sweden; "another region" may lie anywhere in the EU.')
    expect(second!.suggestion).toBe('another region within Denmark or Sweden')
    expect(found('Data is stored only in Sydney, Australia.', 'Copies are stored in Melbourne.')).toHaveLength(2)
    expect(found(claim, 'Copies are stored in Ireland.')).toEqual(['1: Denmark and Sweden', '3: Ireland'])
  }) // prettier-ignore

  it.each([
    ['Payroll data is stored in Denmark and Sweden only.', 'Copies are stored in Stockholm.'],
    [
      'Payroll data is stored in Denmark and Sweden only.',
      'Copies are stored in a second region within Denmark.',
    ],
    ['Data is stored only within the EU.', 'We fail over to another region in Portugal.'],
    [only, 'Backups are kept in multiple regions (within Germany).'],
    [only, 'Copies are stored in Frankfurt.'],
    [only, 'Databases run in multiple availability zones.'],
    [only, 'Our offices are in Ireland.'],
    [only, 'We are trusted by customers around the world to store their data.'],
    [only, 'Customers may choose to have copies stored in Ireland.'],
    ['EU customers’ data is stored exclusively in Germany.', 'Copies are stored in Oregon.'],
    ['Data is stored in Germany.', 'Copies are stored in Oregon.'],
    ['Only employees in Germany work on Sundays.', 'Copies are stored in Oregon.'],
    ['We keep in touch with us all, only in case.', 'Copies are stored in Oregon.'],
    [only, 'Amazon runs data centers in many regions around the world.'],
    [only, 'Is data stored in Ireland?'],
    [only, 'Our servers have not been in the US since 2019.'],
    [only, 'Our servers are since 2019 not anymore in the USA.'],
    [only, 'We deleted all copies in the US in 2020.'],
    [only, 'We use AWS in Frankfurt.'],
    [only, 'AWS in the US has no access to it.'],
    [only, 'Before 2021 we used AWS in the US.'],
    [only, 'We use AWS, a company in the US.'],
    [only, 'Mails are sent by Postmark in Ireland, without customer data.'],
    ['All customer data is hosted in Canada.', 'Error reports go to Sentry in the United States.'],
    ['All customer data is kept in Canada.', 'Snapshots are kept in Ireland.'],
    ['All customer data is kept in Canada.', 'Our status page fails over to another provider.'],
    ['All customer data is kept in Canada.', 'We fail over to another availability zone.'],
    ['All data stays in Germany.', 'Our disaster recovery site is in Frankfurt.'],
    ['All data stays in Germany.', 'Our site has been visited from Dublin.'],
    ['All customer data is kept in Canada.', 'We fail over to another region within Canada.'],
    [only, 'A snapshot of each release is sent to our office in Ireland.'],
    [only, 'Snapshots of our dependency list are kept in multiple regions.'],
  ])('lets pass: %s %s', (one, other) => {
    expect(found(one, other)).toEqual([])
  })
})
