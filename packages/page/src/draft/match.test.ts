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
    ['We copy the database every hour, and the copies also sit in Frankfurt.', 'backup?every=1h ; backup.copies'],
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
    ['Single sign-on works with Okta, OneLogin and SAML.', 'sso?with=okta,saml,onelogin'],
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
    ['Backup schedule', ['What | How often | Kept for | Where', 'Invoices | hourly | 60 days | Paris and Milan', 'Test data | never | – | –'], ['hourly :: backup?every=1h', '60 days :: retention?max=60d', 'Paris and Milan :: backup.copies?min=2&within=paris,milan']],
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
