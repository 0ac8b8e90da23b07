import { describe, expect, it } from 'vitest'
import { formatAddress } from '../address.ts'
import { draft } from './draft.ts'

/** What a page is bound to, each obligation as its address. */
function bound(text: string): string[] {
  const { claims } = draft(text, { format: 'markdown' })
  return claims.flatMap(({ obligations }) =>
    obligations.map((one) => formatAddress([one], null).replace('kept:', '')),
  )
}

const row = (name: string, cell: string, titles = '| What | How |') =>
  `${titles}\n| --- | --- |\n| ${name} | ${cell} |`
const answer = (question: string, text: string) => `## ${question}\n\n${text}`

describe('what is over, or still to come', () => {
  it.each([
    row('Availability in 2024', '99.97%'),
    row('Availability, previous quarter', '99.99%'),
    row('Achieved availability', '99.99%'),
    row('2024', '99.97%', '| Year | Availability |'),
    row('Availability', '99.97%', '| | 2025 |'),
    row('Patch time in 2024', 'Critical issues within 7 days'),
    row('Patch time, planned for 2027', 'Critical issues within 2 days'),
    '- Availability over the past 12 months: 99.97%',
    '- Measured availability: 99.97%',
  ])('is not bound: %s', (text) => {
    expect(bound(text)).toEqual([])
  })

  it.each([
    [row('Availability', '99.9% per month'), 'uptime?min=99.9'],
    [row('Log retention', '12 months'), 'logs.kept?for=1y'],
    [row('Certificate (valid until May 2027)', 'ISO 27001 certified'), 'certificate?standard=iso-27001'],
  ])('and what holds is: %s', (text, address) => {
    expect(bound(text)).toEqual([address])
  }) // prettier-ignore
})

describe('a word that only looks like another', () => {
  it.each([
    ['No personal data is encrypted with our key.', []],
    ['No person can decrypt your data, only our application.', ['encryption.app-only']],
    [row('Terms', 'Documented, read every year', '| Topic | Details |'), []],
    ['For details, see our privacy policy.', ['links']],
  ] as const)('%s', (text, addresses) => {
    expect(bound(text)).toEqual(addresses)
  })
})

describe('a second factor', () => {
  it.each([
    ['Staff access to our systems always requires a second factor.', 'mfa.staff'],
    ['Access to any information system requires two-factor authentication for all employees.', 'mfa.staff'],
    ['Each of the twelve of us uses a passkey for every tool.', 'mfa.staff'],
    ['Access to customer data by our engineers always requires a second factor.', 'access.second-factor'],
  ])('%s', (text, address) => {
    expect(bound(text)).toEqual([address])
  }) // prettier-ignore
})

describe('passwords of the staff', () => {
  it.each([
    ['Staff passwords expire every 90 days.', []],
    ['Passwords of employees are renewed each quarter where the system requires it.', []],
    ['Staff passwords must have 14 characters wherever the tool supports this.', []],
    ['Staff passwords must have 14 characters.', ['password.policy?length=14']],
  ])('%s', (text, addresses) => {
    expect(bound(text)).toEqual(addresses)
  })
})

describe('what holds for some of the customers', () => {
  it.each([
    'Clients who picked the Swiss edition are hosted in Zurich.',
    'Data of those who opted for our Canadian region is stored in Montreal.',
    'Users in Australia have their data stored in Sydney.',
    'All other customers are hosted in Frankfurt.',
    'Everyone else is hosted in Frankfurt.',
    'The rest is stored in Paris.',
    'Customers in the UK are notified of a breach within 24 hours.',
  ])('is not bound: %s', (text) => {
    expect(bound(text)).toEqual([])
  })

  it.each([
    ['All customer data is stored in Frankfurt.', 'residency?regions=frankfurt'],
    ['Wherever customers live, their data is stored in Frankfurt.', 'residency?regions=frankfurt'],
    ['We notify affected customers of a breach within 24 hours.', 'incident.notice?within=24h&to=affected'],
  ])('but what holds for all: %s', (text, address) => {
    expect(bound(text)).toEqual([address])
  }) // prettier-ignore
})

describe('a permission that customers give', () => {
  const ask = (text: string) => bound(answer('Can you see our records?', text))

  it('to the company is no role', () => {
    expect(ask('Only if you give us permission.')).toEqual(['access.consent'])
  })

  it('to their own people is one', () => {
    expect(bound('Administrators give each member permission to view or edit.')).toEqual(['roles'])
  })
})

describe('the papers of others', () => {
  it.each([
    'Through Azure, Acme is ISO 27001 certified.',
    'By hosting with Hetzner, our product is ISO 27001 certified.',
    'Acme, hosted on AWS, is SOC 2 certified.',
    'Acme is ISO 27001 certified via AWS.',
    'Thanks to Google Cloud, our platform holds ISO 27001 and SOC 2 certificates.',
  ])('are not bound as if they were its own: %s', (text) => {
    expect(bound(text)).toEqual([])
  })

  it.each([
    ['Hetzner is ISO 27001 certified.', 'provider.certified?name=hetzner&with=iso-27001'],
    ['We are ISO 27001 certified.', 'certificate?standard=iso-27001'],
    ['As we follow ISO 27001, we review access rights every quarter.', 'access.review?every=1q'],
  ])('beside what is said plainly: %s', (text, address) => {
    expect(bound(text).map((one) => one.replace('3mo', '1q'))).toEqual([address])
  })

  it('of whom a relative clause speaks', () => {
    expect(bound('We use AWS, which is ISO 27001 certified.')).toEqual(['provider.certified?name=aws&with=iso-27001'])
  }) // prettier-ignore
})

describe('what a third party does', () => {
  it.each([
    'Amazon hires hundreds of experts who monitor its network around the clock.',
    'Google tests its backups every month.',
    'Microsoft trains its staff in security every year.',
  ])('for itself is not bound: %s', (text) => {
    expect(bound(text)).toEqual([])
  })

  it('for the company is', () => {
    expect(bound('Datadog monitors our systems around the clock.')).toEqual(['monitoring.continuous'])
  }) // prettier-ignore
})

describe('a list', () => {
  it('goes on behind a participle', () => {
    expect(bound('Our pipeline checks each commit for SQL injection, XSS and leaked secrets.')).toEqual(
      ['changes.scanned?for=sql-injection,xss,secrets'],
    )
  }) // prettier-ignore

  it.each([
    'Our pipeline checks each commit for SQL injection, XSS and forgotten backdoors.',
    'Our scanner looks for SQL injection, XSS and hidden timers.',
  ])('with a member that is not understood is not bound as a part: %s', (text) => {
    expect(bound(text)).toEqual([])
  })
})

describe('an answer', () => {
  const ask = (text: string) => bound(answer('Do you notify us of incidents?', text))

  it.each([
    'Yes, but that may take a while.',
    'Yes, although not always at once.',
    'Yes, depending on the incident.',
    'Yes. But only when the law asks for it.',
  ])('that takes something back is none: %s', (text) => {
    expect(ask(text)).toEqual([])
  })

  it('that does not is one', () => {
    expect(ask('Yes, always.')).toEqual(['incident.notice'])
    expect(ask('Yes.')).toEqual(['incident.notice'])
  })

  it.each([
    ['Yes. We notify affected customers within 24 hours.', ['incident.notice?within=24h&to=affected']],
    ['Yes, we do. We notify you of every incident.', ['incident.notice']],
    ['Yes. We keep audit logs for 90 days.', ['incident.notice', 'logs.kept?for=90d']],
  ])('is bound once with the sentence that says the same: %s', (text, addresses) => {
    expect(ask(text)).toEqual(addresses)
  }) // prettier-ignore

  it('promises what it says, and not the question beside it', () => {
    expect(bound(answer('Do you run a bug bounty programme?', 'Yes, we pay for each report of high severity.'))).toEqual(
      ['disclosure.rewarded?severity=high'],
    )
  }) // prettier-ignore
})

describe('a table', () => {
  const table = (titles: string, ...rows: string[]) =>
    [titles, titles.replaceAll(/[^|]+/g, ' --- '), ...rows].join('\n')
  const controls = (...rows: string[]) => bound(table('| Control | Status | Detail |', ...rows))
  const register = (...rows: string[]) => bound(table('| Name | Purpose | Location |', ...rows))

  it('names by whom a second factor is enforced, and not where', () => {
    expect(controls('| MFA for employees | Yes | All systems, enforced by Okta |')).toEqual(['mfa.staff'])
    expect(controls('| MFA for employees | Yes | GitHub and Okta |')).toEqual(['mfa.accounts?for=github,okta'])
  }) // prettier-ignore

  it('keeps the version beside another promise of its cell', () => {
    expect(controls('| Encryption in transit | Yes | TLS 1.2 minimum, HSTS enabled |')).toEqual([
      'encryption.in-transit?min=1.2',
      'encryption.https-only',
    ])
  })

  it('of suppliers says where they are, and not where data is', () => {
    expect(register('| Slack | Internal chat, no customer data | US |')).toEqual([])
    expect(register('| Postbird | Mails | France |')).toEqual([])
    expect(register('| AWS | Hosting | Frankfurt |')).toEqual([
      'provider?name=aws',
      'residency?regions=frankfurt&provider=aws',
    ])
  })
})

describe('what stands around', () => {
  it('tells what an item below an item is of', () => {
    const items = (first: string) => bound(`## Data at rest\n\nWe encrypt it:\n\n- ${first}\n  - with AES-256`)
    expect(items('all databases').at(-1)).toBe('encryption.at-rest?of=database&with=aes-256')
    expect(items('all of it').at(-1)).toBe('encryption.at-rest?with=aes-256')
  }) // prettier-ignore

  it('goes on through notes of one kind', () => {
    const notes = 'Critical: 24 hours. High: 7 days. Low: as we can.'
    expect(bound(`**How fast do you patch?**\n${notes}`)).toEqual([
      'findings.fixed?critical=24h',
      'findings.fixed?high=1w',
    ])
    expect(bound(`**How fast do you answer?**\n${notes}`)).toEqual([])
  })

  it('is no part of a promise where it is the mark of a footnote', () => {
    const text = 'We back up all data every 24 hours[^1].\n\n[^1]: In the night.\n'
    expect(draft(text, { format: 'markdown' }).markdown).toContain('every 24 hours](kept:backup?every=24h#backup)[^1].')
  }) // prettier-ignore
})

describe('what is bound to nothing', () => {
  it.each(['Only Ana and Rui can touch the production database.', 'FileVault, every one of them.'])(
    'is listed: %s',
    (text) => {
      const { claims, unrecognised } = draft(`Laptops? ${text}`, { format: 'markdown' })
      expect(claims).toEqual([])
      expect(unrecognised.map((one) => one.text)).toEqual([text])
    },
  )

  it('is listed beside what is over', () => {
    const text = 'We used to keep backups for 30 days; now backups lie somewhere safe.'
    const { unrecognised } = draft(text, { format: 'markdown' })
    expect(unrecognised.map((one) => one.text)).toEqual(['now backups lie somewhere safe.'])
  })
})
