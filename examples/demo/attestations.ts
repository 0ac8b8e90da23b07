import type { Letter } from '../promises.ts'
import type { Statement } from './people.ts'

const day = 86_400_000

/** Days for which the statement of the tour's own act stands. */
export const lapsingDays = 14

/** What the CTO of Clear To Go says of Heroku, for a while. */
export function aboutHeroku(now: number): Statement {
  const certificates = [
    'iso-27001',
    'iso-27017',
    'iso-27018',
    'soc-1',
    'soc-2',
    'soc-3',
    'pci-dss-1',
  ]
  return certified('heroku', certificates, now + lapsingDays * day)
}

/**
 * What the people of the companies say on the first day. Nothing measures any of it, and the pages
 * label it so: a real company's people would say it of papers that lie before them. What nobody says
 * stays unproven.
 */
export const onTheFirstDay: Record<Letter, (now: number) => Statement[]> = {
  A: (now) => [
    aboutHeroku(now),
    certified(
      'aws',
      ['iso-27001', 'iso-27017', 'iso-27018', 'soc-2', 'pci-dss-1'],
      now + 300 * day,
    ),
  ],
  B: (now) => [
    certificate('gsp', 'GSTN', now + 200 * day),
    // As the page says of itself: the certificate ended years ago. The page shows what that means.
    certificate('iso-27001', 'the auditor', Date.UTC(2022, 6, 23), { edition: 2013 }),
    certificate('soc-2-type-2', 'the auditor', now + 60 * day, {
      from: '2020-07-16',
      to: '2021-07-15',
      scope: ['security', 'availability', 'processing-integrity', 'confidentiality', 'privacy'],
    }),
    stated('data-use', 'We use what customers entrust to us for their own purpose alone'),
    stated('home-office', 'Everybody worked from home with the laptops and accounts they had'),
    reviewed('access-control'),
    reviewed('disaster-recovery'),
    ...['gst', 'invoicing', 'reports'].map((subject): Statement => ({
      kind: 'service.pentest-report',
      subject,
      measured: {},
    })),
  ],
  C: (now) => [
    stated('team', 'Three of us ran the security of applications at other companies before'),
    certified('heroku', ['iso-27001', 'pci-dss', 'soc-2'], now + 300 * day),
    certified('aws', ['iso-27001', 'pci-dss', 'soc-2'], now + 300 * day),
    certified('stripe', ['pci-dss'], now + 120 * day),
    certified('chargebee', ['pci-dss'], now + 120 * day),
  ],
}

function certified(subject: string, certificates: readonly string[], until: number): Statement {
  const measured = { certificates, validUntil: new Date(until).toISOString() }
  return { kind: 'provider.certificates', subject, measured }
}

function certificate(
  subject: string,
  issuer: string,
  until: number,
  more: Statement['measured'] = {},
): Statement {
  const measured = { issuer, validUntil: new Date(until).toISOString(), ...more }
  return { kind: 'document.certificate', subject, measured }
}

function stated(subject: string, statement: string): Statement {
  return { kind: 'document.statement', subject, measured: { statement, by: 'cto' } }
}

function reviewed(subject: string): Statement {
  return { kind: 'document.review', subject, measured: { owner: 'CTO', version: '1' } }
}
