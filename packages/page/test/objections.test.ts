import { describe, expect, it } from 'vitest'
import { objections } from './objections.ts'

/** What a careful reader objects to, and what looks like it and is fine; `//` parts paragraphs. */
const readings: readonly [rule: string, page: string][] = [
  ['contradiction', 'Customer data is deleted within 30 days of termination. // Backups are kept for 90 days.'],
  ['contradiction', 'On termination, we delete your data within 30 days. // We retain daily backups for 90 days.'],
  ['contradiction', 'Deletion within 30 days on request. // Backups kept 90 days.'],
  ['-', 'Customer data is deleted within 90 days of termination. // Backups are kept for 30 days.'],
  ['contradiction', 'Customer data is stored in the US only. // Our database is hosted on AWS in Frankfurt.'],
  ['contradiction', 'Your data is stored in the United States only. // Search runs on Hetzner in Germany.'],
  ['contradiction', 'All customer data is stored in Canada. // Our servers run in us-east-1.'],
  ['contradiction', 'All data is in us-east-1. // The database runs in eu-west-1.'],
  ['-', 'All customer data is stored in Germany. // Our servers are in Frankfurt.'],
  ['-', 'All customer data of EU customers is stored in Ireland. // US customers are served from us-east-1.'],
  ['-', 'Data is stored in Ireland. // Our offices are in London.'],
  ['contradiction', 'Backups are made every 6 hours, and the database is backed up every 24 hours.'],
  ['-', 'We back up the database every 24 hours and files every 6 hours.'],
  ['expired', 'Our SOC 2 report for the period ending 31 March 2024 is available.'],
  ['expired', 'Our SOC 2 Type 2 report of 30 June 2024 is available on request.'],
  ['expired', 'By the end of 2024 we will have completed our SOC 2 audit.'],
  ['expired', 'By the end of 2024, we will have completed ISO 27001 certification.'],
  ['expired', 'Our ISO 27001 certificate is valid until 06/2024.'],
  ['-', 'Our ISO 27001 certificate is valid until 06/2029.'],
  ['-', 'Our SOC 2 report for the period ending 31 March 2026 is available.'],
  ['-', 'Our SOC 2 Type 2 report of 30 June 2026 is available on request.'],
  ['mechanism', 'GuardDuty ingests our VPC flow logs.'],
  ['-', 'GuardDuty is enabled in every region, and we keep VPC flow logs.'],
  ['range', 'Critical vulnerabilities are fixed in 2 to 4 h.'],
  ['range', 'High issues are fixed within 1-2 d.'],
  ['blank', 'Please report vulnerabilities to security@.'],
  ['blank', 'Our status page (link) shows incidents.'],
  ['blank', 'The policy is published (link).'],
  ['blank', 'Contact us at privacy@ for questions.'],
  ['-', 'Write to security@example.com.'],
  ['-', 'See our policy ([link](https://a.example)).'],
  ['not-a-certificate', 'We are SOX compliant.'],
  ['-', 'We comply with GDPR.'],
  ['-', 'We are not SOX compliant.'],
  ['withdrawn', 'Our servers support TLS 1.0 and 1.1.'],
  ['withdrawn', 'TLS 1.0 is supported for legacy clients.'],
  ['withdrawn', 'We use SSLv3 for connections.'],
  ['withdrawn', 'Connections use TLS 1.1 or higher.'],
  ['-', 'TLS 1.0 and 1.1 are disabled.'],
  ['-', 'TLS 1.0 and 1.1 are refused; older clients cannot connect.'],
  ['-', 'Data is deleted within 30 days of your request; backups roll off after a further 35 days.'],
  ['-', 'We delete your data within 30 days, and backups roll off after a further 35 days. // Backups are kept for 35 days.'],
  ['-', 'We email every customer within 24 hours of discovering an incident.'],
  ['undefined-start', 'We email every customer within 24 hours of confirming an incident.'],
  ['-', 'Customer data is deleted within 30 days of termination. // Backups roll off after a further 35 days.'],
  ['-', 'Customer data is deleted within 30 days of termination. // Backups are kept 35 days after that.'],
  ['-', 'Payments are resolved by 3D Secure 2 to 3 times.'],
  ['-', 'GuardDuty watches our accounts, and VPC flow logs are kept for 90 days.'],
  ['-', 'By the end of 2027 we will have completed our SOC 2 audit.'],
  ['-', 'We will be HIPAA compliant.'],
  ['-', 'Our report of 30 June 2024 on sales is on the blog.'],
  ['-', 'Reach us at security@ our domain.'],
  ['-', 'All customer data is stored in Germany. // Backups are kept in Ireland.'],
  ['-', 'All of our data centers in the US are certified. // The database runs in Frankfurt.'],
] // prettier-ignore

describe('a careful reader', () => {
  it.each(readings)('%s: %s', (rule, text) => {
    const found = objections(`${text.replaceAll(' // ', '\n\n')}\n`).map((one) => one.rule)
    expect([...new Set(found)]).toEqual(rule === '-' ? [] : [rule])
  })

  it('proposes a whole sentence for a start that nobody can tell', () => {
    const [found] = objections(
      'We email every customer within 24 hours of confirming an incident.\n',
    )
    expect(found?.suggestion).toBe(
      'We email every customer within 24 hours of the first alert or report that points to an incident.',
    )
  })
})
