import { describe, expect, it } from 'vitest'
import { formatAddress } from '../address.ts'
import { findProof } from '../proofs/index.ts'
import { apart } from './apart.ts'
import { draft } from './draft.ts'

function bound(text: string): string[] {
  const { claims } = draft(text, { format: 'markdown' })
  return claims.flatMap(({ obligations }) =>
    obligations.map((one) => formatAddress([one], null).replace('kept:', '')),
  )
}

type Near = readonly [text: string, address: string]

/** Sentences that speak of something else, and sentences of the same words that do not. */
const classes: readonly [name: string, unbound: readonly string[], kept: readonly Near[]][] = [
  [
    'the papers of others',
    [
      'We choose only suppliers that are ISO 27001 certified.',
      'We partner only with suppliers that hold a SOC 2 Type II report.',
      'Our testers are ISO 27001 certified.',
      'Our CISO is a certified ISO 27001 lead implementer.',
      'Our head office building is ISO 14001 certified.',
      'Our software helps companies to become SOC 2 compliant.',
      'As we run on Azure, we inherit ISO 27001 certification.',
    ],
    [
      ['We are ISO 27001 certified and check every vendor we use.', 'certificate?standard=iso-27001'],
      ['All our offices are covered by our ISO 27001 certificate.', 'certificate?standard=iso-27001'],
      ['An accredited auditor certified us to ISO 27001.', 'certificate?standard=iso-27001'],
      ['Our platform is SOC 2 Type II certified, which helps you with audits of your own.', 'certificate?standard=soc-2-type-2'],
    ],
  ],
  [
    'a door of the staff',
    ['Access to the back office requires SSO.', 'Production servers require SSO and a VPN.'],
    [
      ['Customers can enforce SSO for the admin console.', 'sso'],
      ['We support single sign-on with Okta.', 'sso?with=okta'],
      ['The support console requires two-factor authentication for our operators.', 'mfa.staff'],
      ['Two-factor authentication is available for every user.', 'mfa.tenant'],
    ],
  ],
  [
    'copies of other things',
    ['Our workstations are backed up every night.', 'We back up our code repositories each day.'],
    [
      ['We back up customer data and our source code every night.', 'backup?every=24h'],
      ['All databases are backed up every night.', 'backup?every=24h'],
    ],
  ],
  [
    'other repairs',
    [
      'Critical support tickets are resolved within 2 hours.',
      'High-severity disruptions are resolved within 6 hours.',
      'High vulnerabilities are fixed within 20 days of a patch being released.',
      'We fix 90 % of critical vulnerabilities within 5 days.',
      'Bad releases are rolled back within 5 minutes.',
    ],
    [
      ['Critical vulnerabilities and security incidents are fixed within 2 hours.', 'findings.fixed?critical=2h'],
      ['High vulnerabilities are fixed within 20 days of being found.', 'findings.fixed?high=20d'],
      ['We fix 100 % of critical vulnerabilities within 5 days.', 'findings.fixed?critical=5d'],
      ['After a disaster we restore service within 5 hours.', 'recovery?rto=5h'],
    ],
  ],
  [
    'sorting, which answers nobody',
    ['Critical vulnerabilities are triaged within 12 hours.'],
    [['Reports of vulnerabilities are triaged within 12 hours.', 'disclosure.answered?within=12h']],
  ],
  [
    'one of two figures',
    ['A change needs one approval, and changes to the network need two.'],
    [['Every change needs approval by two engineers.', 'changes.reviewed?min=2']],
  ],
  [
    'a site that holds no data',
    ['Our blog is hosted on Netlify in the United States.', 'The status page is hosted on AWS in Ireland.'],
    [['Our website and application are hosted on AWS in Ireland.', 'residency?regions=ireland&provider=aws']],
  ],
  [
    'mail',
    ['Outgoing emails are encrypted with TLS.', 'Emails are encrypted in transit wherever the other side supports it.'],
    [['Emails and all other traffic are encrypted in transit with TLS 1.2.', 'encryption.in-transit?min=1.2']],
  ],
  [
    'who has no access at all, and what is no system',
    ['Freelancers are never given access to customer data.', 'Only three people have access to the production signing keys.'],
    [
      ['Contractors have access to customer data only with your permission.', 'access.consent'],
      ['Only three people have access to production.', 'access.limit?max=3&in=production'],
    ],
  ],
  [
    'what one must choose first',
    ['If you upgrade to Business, we back up your data every hour.', 'If you switch to the Swiss edition, your data is stored in Zurich.'],
    [['If you close your account, your data is deleted within 30 days.', 'erase?within=30d&after=termination']],
  ],
] // prettier-ignore

describe.each(classes)('%s', (_, unbound, kept) => {
  it.each(unbound)('is not bound: %s', (text) => {
    expect(bound(text)).toEqual([])
  })

  it.each(kept)('and near it: %s', (text, address) => {
    expect(bound(text)).toEqual([address])
  })
})

describe('rows of what is apart', () => {
  it('are of proofs that there are', () => {
    expect(apart.flatMap(({ proofs }) => proofs).filter((id) => !findProof(id))).toEqual([])
  })
})
