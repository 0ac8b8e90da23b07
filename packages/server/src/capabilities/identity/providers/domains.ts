import { domainToASCII } from 'node:url'
import { Failure } from '../../../foundation/failure.ts'
import { at, type Transaction } from '../../../foundation/transaction.ts'
import { makeSecret } from '../secrets.ts'

const day = 86_400_000
/** How often each domain is looked for, and how long one that is not seen stays its tenant's. */
const every = 20 * 3_600_000
const grace = 7 * day

export interface Domain {
  domain: string
  /** The name and the value of the TXT record. */
  record: string
  value: string
  verifiedAt: number | null
  seenAt: number | null
  /** Until when it stays theirs, should the record not be seen again. */
  until: number | null
  checkedAt: number | null
  trouble: string | null
}

/** A domain as it is compared: lower case, punycode, no dot at its end. */
function spellDomain(given: string): string {
  const spelled = domainToASCII(given.trim().replace(/\.$/, '')).toLowerCase()
  const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
  const isDomain = new RegExp(`^(?:${label}\\.)+(?!\\d+$)${label}$`).test(spelled)
  if (isDomain && spelled.length <= 253) return spelled
  throw new Failure('bad-input', '/domain: write it like example.com')
}

/** The domain of an address that is spelled already. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1)
}

export async function addDomain(
  tx: Transaction,
  tenant: string,
  given: string,
): Promise<Pick<Domain, 'domain' | 'record' | 'value'>> {
  const domain = spellDomain(given)
  const token = makeSecret('link').slice('kept_link_'.length)
  await tx.rows`insert into identity.domains (tenant, domain, token, added_at)
    values (${tenant}, ${domain}, ${token}, ${at(tx.now)}) on conflict do nothing`
  const row = await tx.row<{ token: string }>`
    select token from identity.domains where tenant = ${tenant} and domain = ${domain}`
  return { domain, record: recordOf(domain), value: valueOf(row!.token) }
}

export function recordOf(domain: string): string {
  return `_kept.${domain}`
}

function valueOf(token: string): string {
  return `kept-domain=${token}`
}

export async function listDomains(tx: Transaction, tenant: string): Promise<Domain[]> {
  const rows = await tx.rows<{
    domain: string
    token: string
    verified_at: Date | null
    seen_at: Date | null
    checked_at: Date | null
    trouble: string | null
  }>`
    select d.domain, d.token, v.verified_at, v.seen_at, d.checked_at, d.trouble
    from identity.domains d left join identity.verified_domains v using (tenant, domain)
    where d.tenant = ${tenant} order by d.domain`
  return rows.map((row) => {
    const isTheirs = row.seen_at !== null && row.seen_at.getTime() > tx.now - grace
    return {
      domain: row.domain,
      record: recordOf(row.domain),
      value: valueOf(row.token),
      verifiedAt: isTheirs ? row.verified_at!.getTime() : null,
      seenAt: row.seen_at?.getTime() ?? null,
      until: isTheirs ? row.seen_at!.getTime() + grace : null,
      checkedAt: row.checked_at?.getTime() ?? null,
      trouble: row.trouble,
    }
  })
}

/** @throws Failure `not-found` */
export async function needDomain(tx: Transaction, tenant: string, given: string): Promise<string> {
  const domain = spellDomain(given)
  const row = await tx.row`
    select from identity.domains where tenant = ${tenant} and domain = ${domain}`
  if (row) return domain
  throw new Failure('not-found', 'there is no such domain')
}

/** What DNS holds, or why it could not be asked. */
export type Looked = { records: string[] } | { trouble: string }

/** Keeps what a look saw. Whoever had the domain before keeps it until it has not been seen for a week. */
export async function keepLook(
  tx: Transaction,
  { tenant, domain, looked }: { tenant: string; domain: string; looked: Looked },
): Promise<boolean> {
  const row = await tx.row<{ token: string }>`
    select token from identity.domains where tenant = ${tenant} and domain = ${domain}`
  if (!row) return false
  const isSeen = 'records' in looked && looked.records.includes(valueOf(row.token))
  const missing = `no TXT record of ${recordOf(domain)} holds ${valueOf(row.token)}`
  const isTheirs = isSeen && (await takeDomain(tx, tenant, domain))
  const trouble = isTheirs
    ? null
    : isSeen
      ? 'another tenant verified this domain before'
      : 'trouble' in looked
        ? looked.trouble.slice(0, 500)
        : missing
  await tx.rows`update identity.domains set checked_at = ${at(tx.now)}, trouble = ${trouble}
    where tenant = ${tenant} and domain = ${domain}`
  return isTheirs
}

/** Another tenant's row is not seen here, but it stands in the way. */
async function takeDomain(tx: Transaction, tenant: string, domain: string): Promise<boolean> {
  await tx.rows`insert into identity.verified_domains (domain, tenant, verified_at, seen_at)
    values (${domain}, ${tenant}, ${at(tx.now)}, ${at(tx.now)}) on conflict do nothing`
  const row = await tx.row`update identity.verified_domains set seen_at = ${at(tx.now)},
      verified_at = case when seen_at <= ${at(tx.now - grace)} then ${at(tx.now)} else verified_at end
    where domain = ${domain} and tenant = ${tenant} returning domain`
  return row !== null
}

/** Domains that are to be looked for again; those that were not seen for a week are free for others. */
export async function findDue(tx: Transaction): Promise<{ tenant: string; domain: string }[]> {
  await tx.rows`delete from identity.verified_domains where seen_at <= ${at(tx.now - grace)}`
  return await tx.rows<{ tenant: string; domain: string }>`
    select v.tenant, v.domain from identity.verified_domains v
    join identity.domains d using (tenant, domain)
    where d.checked_at <= ${at(tx.now - every)} order by d.checked_at limit 200`
}

/** The domains by whose addresses a tenant's provider may let somebody in. */
export async function verifiedDomains(tx: Transaction, tenant: string): Promise<string[]> {
  const rows = await tx.rows<{ domain: string }>`
    select domain from identity.verified_domains
    where tenant = ${tenant} and seen_at > ${at(tx.now - grace)} order by domain`
  return rows.map(({ domain }) => domain)
}

export async function removeDomain(tx: Transaction, tenant: string, domain: string): Promise<void> {
  await tx.rows`delete from identity.domains where tenant = ${tenant} and domain = ${domain}`
}
