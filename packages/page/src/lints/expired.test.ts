import { describe, expect, it } from 'vitest'
import { compile } from '../index.ts'
import { now, objections, underlined } from '../../test/objections.ts'

const found = (page: string) => underlined(page, 'expired')

describe('an end that has passed', () => {
  it.each([
    ['Our certificate is valid until 31 December 2024.', 'valid until 31 December 2024'],
    ['ISO 27001 certificate (expires: 2025-03-01)', 'expires: 2025-03-01'],
    ['PCI DSS attestation, expiry date: March 3rd, 2026.', 'expiry date: March 3rd, 2026'],
    ['The certificate is valid from 1 May 2021 to 30 April 2024.', '30 April 2024'],
    ['Valid through Q2 2026', 'Valid through Q2 2026'],
  ])('%s', (sentence, words) => {
    expect(found(sentence)).toEqual([`1: ${words}`])
  })

  it('is found in the column of a table', () => {
    const table = '| Certificate | Valid until |\n| --- | --- |\n| ISO 27001 | 30.06.2025 |\n| CE | 30.06.2027 |'
    expect(found(table)).toEqual(['3: 30.06.2025'])
  }) // prettier-ignore

  it.each([
    'Our certificate is valid until 31 December 2027.',
    'The old certificate expired on 31 December 2024 and was renewed.',
    'ISO 27001, valid until 1 March 2025; renewed until 1 March 2028.',
    'Share links expire after 7 days.',
    'Founded in 2012, we have been audited since May 2015.',
    'The certificate is valid until 20 November 2026.',
  ])('lets pass: %s', (sentence) => {
    expect(found(sentence)).toEqual([])
  })
})

describe('an audited period with nothing after it', () => {
  it.each([
    ['SOC 2 Type 2 report (1 July 2023 - 30 June 2024).', '1 July 2023 - 30 June 2024'],
    ['The auditors examined the period from January 2024 to December 2024.', 'January 2024 to December 2024'],
    ['Our most recent penetration test was in March 2024.', 'March 2024'],
    ['The latest audit report is from 2023-05-04.', '2023-05-04'],
    ['SOC 1 report dated 8 August 2024.', '8 August 2024'],
  ])('%s', (sentence, words) => {
    expect(found(sentence)).toEqual([`1: ${words}`])
  }) // prettier-ignore

  it.each([
    'SOC 2 Type 2 report (1 July 2025 - 30 June 2026).',
    'SOC 2 report for 2023-07-01 to 2024-06-30.\n\nSOC 2 report for 2025-07-01 to 2026-06-30.',
    'Our most recent penetration test was in March 2026.',
    'The previous report covers January 2023 to December 2023.',
    'Contracts run from 1 January 2020 to 31 December 2021.',
    'The report of May 2024 is on our website.',
  ])('lets pass: %s', (sentence) => {
    expect(found(sentence)).toEqual([])
  })
})

describe('a plan whose time is over', () => {
  it.each([
    ['We will be SOC 2 certified by the end of 2024.', 'will be SOC 2 certified by the end of 2024'],
    ['We expect our SOC 2 Type 1 report in Q2 2026.', 'expect our SOC 2 Type 1 report in Q2 2026'],
    ['Our SOC 2 report is due in the first half of 2026.', 'due in the first half of 2026'],
    ['The next penetration test is scheduled for May 2025.', 'next penetration test is scheduled for May 2025'],
    ['ISO 27001: in progress, expected in Q3 2025.', 'in progress, expected in Q3 2025'],
    ['We plan to support hardware keys in summer 2023.', 'plan to support hardware keys in summer 2023'],
    ['Upcoming disaster recovery exercise: 14 February 2026', 'Upcoming disaster recovery exercise: 14 February 2026'],
  ])('%s', (sentence, words) => {
    expect(found(sentence)).toEqual([`1: ${words}`])
  }) // prettier-ignore

  it.each([
    'We will be SOC 2 certified by the end of 2027.',
    'The next test is due in May 2027.',
    'We expect our SOC 2 report in Q1 2027.',
    'We expect the second half of 2027 to be busy.',
    'You can expect an answer in 2 days.',
    'Data created before 1 January 2020 will be archived.',
    'In 2021 we promised that logs will be kept for a year.',
    'Audits will follow ISO 27001:2022.',
    'The test was planned for May 2025 and took place in June 2025.',
    'When will you be certified? In 2024?',
  ])('lets pass: %s', (sentence) => {
    expect(found(sentence)).toEqual([])
  })
})

it('counts days at the page’s own place', () => {
  const page = '---\ntimezone: Pacific/Kiritimati\n---\nValid until 20 November 2026.'
  const at = (time: string) =>
    compile(page, { format: 'markdown', now: Date.parse(time) }).findings.filter(
      ({ rule }) => rule === 'expired',
    ).length
  expect(at('2026-11-20T09:00:00Z')).toBe(0)
  expect(at('2026-11-20T11:00:00Z')).toBe(1)
})

it('knows no date that is not on the calendar', () => {
  expect(objections('Valid until 31 February 2024. Valid until 99/99/2024.')).toEqual([])
  expect(now).toBeGreaterThan(0)
})
