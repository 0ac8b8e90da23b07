import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatAddress } from '../address.ts'
import { findProof } from '../proofs/index.ts'
import { draft } from './draft.ts'
import { isWhole } from './match.ts'
import { rules } from './rules/index.ts'

/** `heading >> sentence`, `row | cell` or a sentence, as a page of its own. */
function pageOf(text: string): string {
  const [heading, answer] = text.split(' >> ')
  if (answer !== undefined) return `## ${heading}\n\n${answer}`
  const [row, cell, more] = text.split(' | ')
  if (cell === undefined || more !== undefined) return text
  return `| What | How |\n| --- | --- |\n| ${row} | ${cell} |`
}

function bound(text: string): string {
  const { claims } = draft(pageOf(text), { format: 'markdown' })
  const all = claims.flatMap(({ obligations }) => obligations)
  return all.map((one) => formatAddress([one], null).replace('kept:', '')).join(' ; ') || '-'
}

const wordings = readFileSync(join(import.meta.dirname, '../../test/wordings.txt'), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => line.split(' :: ') as [string, string])

describe('wordings', () => {
  it.each(wordings)('%s :: %s', (address, text) => {
    expect(bound(text)).toBe(address)
  })

  it('are of nearly every proof that has a rule, with sentences that promise nothing among them', () => {
    const named = new Set(wordings.flatMap(([all]) => all.split(' ; ').map((one) => one.split('?')[0])))
    const ruled = new Set(rules.map(({ proof }) => proof))
    expect([...ruled].filter((id) => named.has(id)).length / ruled.size).toBeGreaterThan(0.85)
    expect(wordings.filter(([address]) => address === '-').length).toBeGreaterThan(80)
  }) // prettier-ignore
})

describe('where something else lies', () => {
  it.each([
    ['We copy the database every hour, and the copies also sit in Frankfurt.', '-'],
    ['Our sub-processor for mail is hosted in Ireland.', '-'],
    ['A review of each new cluster takes place in London.', '-'],
    ['Our designers use the review cluster in Frankfurt.', '-'],
    ['Our office is in Berlin.', '-'],
    ['The database is hosted in Frankfurt.', 'residency?regions=frankfurt'],
  ])('%s', (text, address) => {
    expect(bound(text)).toBe(address)
  }) // prettier-ignore
})

describe('a list of which one member is not understood', () => {
  it.each([
    ['Data is stored in Denmark and Sweden only.', 'residency?regions=denmark,sweden'],
    ['Data is stored in Sweden or Atlantis only.', '-'],
    ['Data is stored in Atlantis and Sweden only.', '-'],
    ['Data is kept in Sweden or another country.', '-'],
    ['Our servers are located in Gravelines, France.', 'residency?regions=france'],
    ['A new database cluster is only created after a review has confirmed that it lies in Austria or Atlantis.', '-'],
    ['Access to the database is limited to head of platform and the CTO.', 'access.database?to=cto,head-of-platform'],
    ['Access to the database is limited to the CTO and the caretaker.', '-'],
    ['Access to the database is limited to the CTO, and every login is logged.', 'access.database?to=cto ; ledger.coverage?layers=access,database'],
    ['Each release is approved by the release manager or the owner of the bakery.', '-'],
    ['Every commit is checked automatically for SQL injection and XSS.', 'changes.scanned?for=sql-injection,xss'],
    ['Every commit is checked automatically for typos and SQL injection.', '-'],
    ['Everything runs exclusively on AWS and Hetzner.', 'inventory?only=aws,hetzner'],
    ['Everything runs exclusively on AWS and Nimbus.', '-'],
    ['Two-factor authentication is enforced for all accounts on GitHub, Linear and AWS.', 'mfa.accounts?for=github,aws,linear'],
    ['Single sign-on works with Okta, OneLogin and SAML.', 'sso?with=okta,onelogin,saml'],
    ['Servers | Sweden, Atlantis', '-'],
    ['Access to production is limited to SREs and, in emergencies, the support desk.', '-'],
    ['Everything runs on AWS, GCP and our own racks exclusively.', '-'],
    ['The tabletop exercise is held once a year with Legal, Support and the night shift.', '-'],
    ['On-call engineers are paged by phone and pigeon within 5 minutes.', '-'],
    ['On-call engineers are paged by phone and SMS, ack within 5 minutes.', 'paging?within=5m&via=phone,sms'],
    ['Passwords are hashed with bcrypt or whirlpool.', '-'],
    ['Nobody here, none of our partners and no other outsider sees your data without your permission.', 'access.consent?who=staff,partners,third-parties'],
    ['Nobody here, no partner and no investor sees your data without your permission.', '-'],
  ])('%s', (text, address) => {
    expect(bound(text)).toBe(address)
  }) // prettier-ignore
})

describe('a pronoun', () => {
  it.each([
    ['API routes deny access by default, and access to them is reviewed each quarter.', 'api.reviewed?every=3mo'],
    ['Suppliers are listed by name, and access rights of them are reviewed each quarter.', '-'],
    ['Access rights are listed by name, and they are reviewed each quarter.', 'access.review?every=3mo'],
    ['Accounts of leavers are told to IT. The bakery opens at six, and its account is closed within an hour.', '-'],
    ['Whoever leaves is told to IT. Their accounts are closed within an hour.', 'access.revoked?within=1h'],
  ])('stands for what is spoken of: %s', (text, address) => {
    expect(bound(text)).toBe(address)
  }) // prettier-ignore
})

describe('words that only share a stem', () => {
  it.each([
    ['Type plain http:// and you are bounced over to the secure address.', 'encryption.https-only'],
    ['Plain HTTP is turned away, and all traffic is encrypted over HTTPS.', 'encryption.https-only ; encryption.in-transit'],
    ['The head of department asks for access, and it expires after two hours.', 'access.timeboxed?max=2h'],
    ['Accounts of departing staff are closed within two hours.', 'access.revoked?within=2h'],
  ])('%s', (text, address) => {
    expect(bound(text)).toBe(address)
  }) // prettier-ignore
})

describe('what is not said is not promised', () => {
  it.each([
    ['The number of engineers able to reach production is capped at fifteen.', 'access.limit?max=15&in=production'],
    ['Access to production is limited to six people.', 'access.limit?max=6&in=production'],
    ['HSTS is enforced.', 'encryption.https-only'],
    ['The access control policy is maintained in writing and reviewed every year.', 'policy?of=access-control'],
    ['Postgres refuses to hand over anyone else’s rows.', '-'],
    ['All laptops are encrypted and run CrowdStrike Falcon.', 'devices.encrypted ; devices.protected'],
    ['Restores of our backups are tested every quarter.', 'restore.point-in-time?every=3mo'],
    ['Restore drill each quarter: back up in under 2 hours.', 'recovery?rto=2h&every=3mo'],
    ['Data at rest uses AES‑256 encryption.', 'encryption.at-rest?with=aes-256'],
  ])('%s', (text, address) => {
    expect(bound(text)).toBe(address)
  }) // prettier-ignore
})

describe('whose sentence it is', () => {
  it.each([
    ['Our customers back up their data every 24 hours.', '-'],
    ['Each tenant reviews access rights every quarter.', '-'],
    ['Customers are notified of incidents within 24 hours.', 'incident.notice?within=24h'],
    ['Customers sign in with SAML.', 'sso?with=saml'],
    ['Competitor X encrypts data at rest.', '-'],
    ['Globex Ltd, a customer, encrypts data at rest.', '-'],
    ['Globex Ltd, a company in Bonn, encrypts data at rest.', 'encryption.at-rest'],
    ['Acme Corp, one of our customers, requires all code to be reviewed by two engineers.', '-'],
    ['A hospital using our product backs up its data every hour.', '-'],
    ['The vendor we use rotates its keys every 90 days.', '-'],
    ['We rotate the keys of the vendor we use every 90 days.', 'keys.rotated?every=90d'],
    ['Stripe, our payment provider, keeps logs for 90 days.', '-'],
    ['EU customers’ data is stored in Frankfurt.', '-'],
    ['Customer data is stored in Frankfurt.', 'residency?regions=frankfurt'],
    ['The RTO of our provider is 4 hours.', '-'],
    ['The backups of our provider are encrypted at rest.', '-'],
    ['The backups of our customers are encrypted at rest.', 'encryption.at-rest'],
  ])('%s', (text, address) => {
    expect(bound(text)).toBe(address)
  })
})

describe('which way a figure bounds', () => {
  it.each([
    ['Logs are kept for up to 90 days.', '-'],
    ['Logs are kept for 30 to 90 days.', '-'],
    ['Logs are kept for 90 days at most.', '-'],
    ['Logs are kept for at least 90 days.', 'logs.kept?for=90d'],
    ['Backups are kept for up to 90 days.', 'retention?max=90d'],
    ['We promise up to 99.9% availability.', '-'],
    ['Availability is 99.5 to 99.9 % per month.', '-'],
    ['We promise at least 99.9% availability.', 'uptime?min=99.9'],
    ['Access rights are reviewed at most once a year.', '-'],
    ['Access rights are reviewed once or twice a year.', '-'],
    ['Access rights are reviewed at least once a year.', 'access.review?every=1y'],
    ['At least two engineers have access to production.', '-'],
    ['At most two engineers have access to production.', 'access.limit?max=2&in=production'],
    ['It is impossible to delete data from backups within 30 days.', '-'],
    ['Data is deleted from backups within 30 days.', 'retention?max=30d'],
  ])('%s', (text, address) => {
    expect(bound(text)).toBe(address)
  })
})

describe('a second figure in place of the first', () => {
  it.each([
    ['Sessions expire after 30 days, or 15 minutes of inactivity.', '-'],
    ['Sessions expire after 15 minutes of inactivity.', 'session.timeout?within=15m'],
    ['We notify customers of incidents within 24 hours on weekdays and 48 hours on weekends.', '-'],
    ['We notify customers within 24 hours (48 hours on weekends) of a breach.', '-'],
    [
      'We notify customers of incidents within 24 hours, 365 days a year.',
      'incident.notice?within=24h',
    ],
    ['Backups are taken every 24 hours on weekdays and every 48 hours on weekends.', '-'],
    [
      'Backups are taken every 24 hours and kept for 30 days.',
      'backup?every=24h ; retention?max=30d&min=30d',
    ],
    [
      'Customer data is stored in Germany, backups in the Netherlands.',
      'residency?regions=germany',
    ],
    ['Backups are kept in Paris and in Milan.', 'backup.copies?min=2&within=paris,milan'],
  ])('%s', (text, address) => {
    expect(bound(text)).toBe(address)
  })
})

describe('who is counted and named', () => {
  it.each([
    ['Access to production is limited to two engineers and one contractor.', '-'],
    ['Access to production is limited to the CTO and two engineers.', '-'],
    [
      'Access to production is limited to two engineers and is logged.',
      'access.limit?max=2&in=production',
    ],
    [
      'Access to production is limited to the CTO, the VP of Engineering and the Lead SRE.',
      'access.limit?to=cto,sre-lead,vp-of-engineering&in=production',
    ],
    ['Access to production is limited to the head of engineering.', '-'],
    [
      'Access to production is limited to the CTO and the engineering team.',
      'access.limit?to=cto,engineering&in=production',
    ],
    ['Engineers of our Berlin office must use two-factor authentication.', '-'],
    ['Engineers must use two-factor authentication.', 'mfa.staff'],
    ['Enterprise customers get 99.99% availability.', '-'],
    ['SAML single sign-on is available on the Enterprise plan.', 'sso?with=saml'],
    ['No customer data reaches staging or the training room.', '-'],
    ['Your data is never used to train AI models.', 'attested?of=data-use'],
  ])('%s', (text, address) => {
    expect(bound(text)).toBe(address)
  })
})

describe('business days', () => {
  it.each([
    ['We acknowledge vulnerability reports within two business days.', '-'],
    ['We acknowledge vulnerability reports within two days.', 'disclosure.answered?within=48h'],
    ['Critical vulnerabilities are fixed within 5 working days.', '-'],
    ['Critical vulnerabilities are fixed within 5 days.', 'findings.fixed?critical=5d'],
  ])('%s', (text, address) => {
    expect(bound(text)).toBe(address)
  })

  it('are named as the reason why a sentence is not bound', () => {
    const { unrecognised } = draft('We answer reports within 2 business days.', { format: 'text' })
    expect(unrecognised).toMatchObject([{ because: expect.stringContaining('business days') }])
  })
})

/** A table of a page, and every binding with the words it stands on. */
function boundIn(heading: string, rows: readonly string[]): string[] {
  const [head, ...body] = rows.map((row) => `| ${row} |`)
  const rule = head!.replaceAll(/[^|]+/g, ' --- ')
  const { claims } = draft([`## ${heading}\n`, head, rule, ...body].join('\n'), {
    format: 'markdown',
  })
  return claims.map(({ text, address }) => `${text} :: ${address.replace(/^kept:|#.*$/g, '')}`)
}

describe('a table', () => {
  it.each([
    ['Features', ['Feature | Free | Pro', 'Single sign-on with SAML | – | ✓', 'Custom roles | coming soon | ✓', 'Sign in with Google | – | –'], ['Single sign-on with SAML :: sso?with=saml']],
    ['Vulnerabilities', ['Severity | Target | Commitment', 'Critical | 10 hours | 20 hours', 'Low | 20 days | 30 days'], ['10 hours :: findings.fixed?critical=10h..20h', '20 days :: findings.fixed?low=20d..30d']],
    ['Vulnerabilities', ['Severity | Target', 'Critical | 10 hours'], []],
    ['Support', ['Severity | Target | Commitment', 'Critical | 10 hours | 20 hours'], []],
    ['Backup schedule', ['What | How often | Kept for | Where', 'Invoices | hourly | 60 days | Paris and Milan', 'Test data | never | – | –'], ['hourly :: backup?every=1h', '60 days :: retention?max=60d&min=60d', 'Paris and Milan :: backup.copies?min=2&within=paris,milan']],
    ['Access', ['Environment | Who | Maximum', 'Production | Platform team | 5 people', 'Canteen | Everyone | 80 people'], ['5 people :: access.limit?max=5&to=platform&in=production']],
    ['Processing', ['Job | Finished within', 'Payroll run | 2 hours'], ['2 hours :: processing.complete?within=2h']],
    ['Printing', ['Job | Finished within', 'Leaflet | 2 hours'], []],
    ['Incidents', ['Step | Time | Channel', 'Customers notified | 20 hours | telephone and e-mail', 'Authorities notified | 70 hours | e-mail'], ['20 hours :: incident.notice?within=20h&via=phone,email']],
    ['Deletion', ['Event | We will | Within', 'Request for an export | hand over all customer data | 4 days', 'Complaint | answer it | 9 days'], ['hand over all customer data :: export?within=4d']],
    ['Certificates', ['Standard | Scope | Status', 'SOC 2 Type II | Security, Privacy | Report from 2025-10-01 to 2026-09-30'], ['Report from 2025-10-01 to 2026-09-30 :: certificate?standard=soc-2-type-2&scope=security,privacy&from=2025-10-01&to=2026-09-30']],
  ])('of %s: %j', (heading, rows, bindings) => {
    expect(boundIn(heading, rows)).toEqual(bindings)
  }) // prettier-ignore
})

describe('a rule', () => {
  it.each(rules.map((rule) => [rule.proof, rule] as const))('of %s names parameters of its proof', (id, rule) => {
    const { params } = findProof(id)!
    const names = [...Object.keys(rule.take ?? {}), ...Object.keys(rule.give ?? {})]
    expect(names.filter((name) => !(name in params) && name !== 'severities')).toEqual([])
  }) // prettier-ignore

  it('makes nothing that its proof would refuse', () => {
    expect(isWhole({ proof: findProof('recovery')!, params: {} })).toBe(false)
    expect(isWhole({ proof: findProof('residency')!, params: {} })).toBe(false)
    expect(isWhole({ proof: findProof('backup')!, params: {} })).toBe(true)
  })
})
