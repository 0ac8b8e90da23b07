import { describe, expect, it } from 'vitest'
import { objections, underlined } from '../../test/objections.ts'

const found = (page: string) => underlined(page, 'contradiction')

describe('one deadline for all issues, and a longer one for some', () => {
  it('is found in a list', () => {
    const page = 'All vulnerabilities are remediated within 14 days.\n\nWe fix issues by severity:\n\n- Critical: 2 days\n- Low: 90 days'
    expect(found(page)).toEqual(['1: 14 days', '6: 90 days'])
  }) // prettier-ignore

  it('is found in a table', () => {
    const page = 'Findings are fixed within 30 days.\n\n| Severity | Fixed within |\n| --- | --- |\n| High | 7 days |\n| Low | 6 months |'
    expect(found(page)).toEqual(['1: 30 days', '6: 6 months'])
  }) // prettier-ignore

  it('is found in a cell that only names the next release', () => {
    const page = 'Findings are fixed within 30 days.\n\n| Severity | Fixed within |\n| --- | --- |\n| Low | Next release |'
    expect(found(page)).toEqual(['1: 30 days', '5: Next release'])
  }) // prettier-ignore

  it('is found in one sentence, and where the longer one has no number', () => {
    const page = 'Every issue is resolved within two weeks.\n\nCritical vulnerabilities are fixed within 24 hours, low ones with the next release.'
    expect(found(page)).toEqual(['1: two weeks', '3: with the next release'])
    expect(objections(page)[1]!.suggestion).toBe('within two weeks')
  }) // prettier-ignore

  it('is found in a list that no colon introduces', () => {
    const page = 'Each CVE is patched and closed in ten days.\n\n- Critical: 2 days\n- Moderate: 21 days'
    expect(found(page)).toEqual(['1: ten days', '4: 21 days'])
  }) // prettier-ignore

  it('is found where the lowest wait for a release', () => {
    const page = 'Any security bug is fixed within 3 weeks.\n\n- High: 7 days\n- Low: our next release'
    expect(found(page)).toEqual(['1: 3 weeks', '4: our next release'])
  }) // prettier-ignore

  it.each([
    'All vulnerabilities are fixed within 14 days.\n\n## Support\n\n- Low: 30 days',
    'All vulnerabilities are fixed within 14 days.\n\nSupport answers by priority.\n\n- Low: 30 days',
    'All vulnerabilities are fixed within 14 days.\n\n- Low: 7 days\n- High: 1 day',
    'All vulnerabilities are fixed within 14 days.\n\n- Low-code builds of 30 days are our pride',
    'All vulnerabilities are fixed within 90 days.\n\nWe fix by severity:\n\n- Critical: 2 days\n- Low: 90 days',
    'Critical vulnerabilities are fixed within 2 days.\n\nLow ones are fixed within 90 days.',
    'All vulnerabilities are fixed within 30 days.\n\nSupport answers low-priority questions within 60 days.',
    'All reports are acknowledged within 3 days.\n\nLow-severity issues are fixed within 90 days.',
    'Some issues are fixed within 3 days.\n\nLow-severity issues are fixed within 90 days.',
    'All vulnerabilities are fixed within 30 days.\n\nHigh availability is our aim; issues of latency take 60 days.',
    'Are all vulnerabilities fixed within 30 days?\n\nLow-severity issues are fixed within 90 days.',
  ])('lets pass: %s', (page) => {
    expect(found(page)).toEqual([])
  })
})
