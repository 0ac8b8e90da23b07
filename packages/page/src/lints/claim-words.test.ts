import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readClaims, readSource } from '../compile.ts'
import { draft } from '../draft/draft.ts'
import { proofs } from '../proofs/index.ts'
import { formatFor, objections } from '../../test/objections.ts'
import { claimWords } from './claim-words.ts'

/** The level and the message of what is objected to the words of each claim. */
function found(page: string) {
  return objections(page)
    .filter(({ rule, message }) => rule === 'contradiction' && /address/.test(message))
    .map(({ level, message }) => `${level}: ${message}`)
}

const claim = (text: string, address: string) => `[${text}](kept:${address}#a).`

describe('a claim that says more than its address', () => {
  it.each([
    ['We mail each customer within 6 hours as soon as an incident report is written', 'incident.notice?within=72h'],
    ['Every database is encrypted on disk with AES-256', 'encryption.at-rest?of=database'],
    ['Every database is encrypted on disk with AES-256', 'encryption.at-rest?of=database&with=aes-128'],
    ['All our endpoints require TLS 1.3; TLS 1.2 is turned away', 'encryption.in-transit?min=1.2'],
    ['The database is backed up every 2 hours, and a copy is tested within 3 hours', 'backup?every=24h'],
    ['Critical weaknesses are fixed within 8 hours and high ones within 20 days', 'findings.fixed?critical=20d&high=8h'],
    ['Critical weaknesses are fixed within 8 hours', 'findings.fixed?critical=8h..90d'],
    ['An outside firm runs a penetration test twice a year', 'pentest?every=1y&by=third-party'],
    ['An outside firm runs a penetration test every year', 'pentest?every=1y&by=internal'],
    ['We are certified to ISO 27001:2022', 'certificate?standard=soc-2'],
    ['Availability is 99.95 % each month, and 99.5 % in months with maintenance', 'uptime?min=99.5'],
    ['You are logged out after half an hour of inactivity', 'session.timeout?within=10h'],
    ['Our RTO is 2 hours and our RPO is 12 hours', 'recovery?rto=12h&rpo=2h'],
    ['Write to security@acme.example with your questions on security', 'contact?address=sales@acme.example'],
    ['All staff use two-factor authentication for GitHub, AWS and Slack', 'mfa.accounts?for=github'],
    ['Only the CTO has access to the database', 'access.database?to=cto,interns,sales'],
    ['Passwords are hashed with argon2id', 'password.hashed?with=md5'],
    ['All customer data is stored in Ireland', 'residency?regions=ireland,us'],
    ['All customer data is stored in Ireland', 'residency?regions=eu'],
    ['Customer data never leaves Norway', 'residency?regions=norway,us'],
    ['Access is granted after approval by the manager', 'access.approval?by=manager,interns'],
  ])('is an error: %s: %s', (text, address) => {
    expect(found(claim(text, address))).toEqual([expect.stringMatching(/^error: /)])
  }) // prettier-ignore

  it.each([
    ['We never share your data with third parties', 'links', 'third-parties'],
    ['Every change is reviewed by a second engineer', 'backup', 'changes.reviewed'],
    ['Every database is encrypted at rest', 'encryption.at-rest?on=app-db', 'on=app-db'],
    ['Our endpoints ask for TLS 1.3, and TLS 1.2 is turned away', 'encryption.in-transit?min=1.2', 'tls 1.3'],
    ['Each table and each row is encrypted with AES-256', 'encryption.at-rest?of=store&with=aes-256', 'of=store'],
    ['All apps happen to be scanned every week', 'scan?every=1w&on=app', 'on=app'],
    ['We notify all customers of an incident within 24 hours', 'incident.notice?within=24h&to=affected', ''],
  ])('is a warning at least where something else is proved: %s: %s', (text, address, said) => {
    expect(found(claim(text, address))).toEqual([expect.stringContaining(said)])
  }) // prettier-ignore

  it('is found where the words stand beside the link', () => {
    const page = '[We email affected customers](kept:incident.notice?within=72h#a) within 6 hours of an incident.'
    expect(found(page)).toEqual([expect.stringMatching(/^error: .*within=6h/)])
  }) // prettier-ignore

  it('is found once', () => {
    const page = claim('We email every customer within 1 hour of an incident', 'incident.notice?within=24h') // prettier-ignore
    expect(found(page)).toEqual([expect.stringMatching(/^error: Readers read "1 hour"/)])
  })
})

describe('a claim that says no more than its address', () => {
  it.each([
    ['All customer data is stored in Ireland', 'residency?regions=eu-west-1'],
    ['All customer data is stored in the EU', 'residency?regions=ireland,frankfurt'],
    ['All traffic is encrypted with TLS 1.2 or newer', 'encryption.in-transit?min=1.3'],
    ['Every database is encrypted at rest with AES-256', 'encryption.at-rest?of=database&with=aes-256-gcm'],
    ['Databases are backed up every day', 'backup?every=6h'],
    ['Databases are backed up every day', 'backup'],
    ['An outside firm runs a penetration test twice a year', 'pentest?per-year=2&by=third-party'],
    ['An outside firm runs a penetration test every year', 'pentest?every=1y&by=cert-in'],
    ['Critical weaknesses are fixed within 8 hours and high ones within 20 days', 'findings.fixed?critical=4h&high=10d'],
    ['Critical weaknesses are fixed in 2 hours, at most 6', 'findings.fixed?critical=2h..6h'],
    ['We notify affected customers of an incident within 24 hours', 'incident.notice?within=24h&to=all'],
    ['Only the CTO and the head of platform have access to the database', 'access.database?to=cto'],
    ['Passwords are hashed with bcrypt or argon2id', 'password.hashed?with=argon2id'],
    ['Our production database is encrypted in every case', 'encryption.at-rest?on=production'],
    ['Customer data never leaves Norway', 'residency?regions=norway'],
    ['Access is granted after approval by the manager or the head of the business unit', 'access.approval?by=manager,department-head'],
    ['All rows of the app are encrypted on disk', 'encryption.at-rest?on=app'],
    ['Something that nobody recognises', 'backup?every=1y'],
  ])('is let pass: %s: %s', (text, address) => {
    expect(found(claim(text, address))).toEqual([])
  }) // prettier-ignore

  it('may share its sentence with another', () => {
    const page =
      '[Databases are backed up every day](kept:backup?every=24h#a), and [backups are kept for 30 days](kept:retention?max=30d&min=30d#b).'
    expect(found(page)).toEqual([])
  })
})

describe('what a draft links', () => {
  const root = join(import.meta.dirname, '../../../..')
  const manners = ['bullets.md', 'annex.txt', 'faq.html', 'tables.md', 'whitepaper.txt', 'hosting.md'].map((name) => `packages/page/test/manners/${name}`) // prettier-ignore
  const before = ['clear-to-go/before.txt', 'clear/before.md', 'perdoo/before.html'].map((name) => `examples/${name}`) // prettier-ignore

  const objected = (markdown: string) => {
    const source = readSource(markdown, 'markdown')
    return [...claimWords(source, readClaims(source)).objected.values()].map(
      ({ message }) => message,
    )
  }

  it.each([...manners, ...before])('says what its address says: %s', (name) => {
    const { markdown } = draft(readFileSync(join(root, name), 'utf8'), { format: formatFor(name) })
    expect(objected(markdown)).toEqual([])
  })

  const wordings = readFileSync(join(root, 'packages/page/test/wordings.txt'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' :: ')[1]!)
    .filter((text) => !/ >> | \| /.test(text))

  it('says it in whatever order sentences stand', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...wordings), { minLength: 1, maxLength: 6 }), (texts) => {
        const { markdown } = draft(texts.join('\n\n'), { format: 'markdown' })
        expect(objected(markdown)).toEqual([])
      }),
      { numRuns: 150 },
    )
  }) // prettier-ignore

  it('nor do the examples of the proofs', () => {
    for (const { example } of proofs) expect(objected(`${example}\n`), example).toEqual([])
  })
})

it('says from where on a page has more claims than are read so', () => {
  const claims = Array.from(
    { length: 2001 },
    (_, i) => `[All data is backed up](kept:backup#a${i}).`,
  )
  const limits = objections(claims.join('\n\n')).filter(({ rule }) => rule === 'unreadable')
  expect(limits.map(({ line }) => line)).toEqual([4001])
  expect(objections(claims.slice(1).join('\n\n'))).toEqual([])
})
