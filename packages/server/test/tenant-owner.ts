import { expect } from 'vitest'
import { identityOperations } from '../src/capabilities/identity/operations.ts'
import type { IdentitySettings } from '../src/capabilities/identity/shapes.ts'
import { codeAt, openBrowser, type Browser } from './browser.ts'
import type { TestKept } from './kept.ts'

export const origin = 'https://kept.test'
export const goodPassword = 'lantern orbit meadow staple'

export const settings: IdentitySettings = {
  origin,
  key: new Uint8Array(32).fill(9),
  outside: { reach: 'loopback', authorities: [], secret: () => null, mail: null },
}
export const operations = identityOperations(settings)

/** Accepts a one-time link as a person does, and sets an authenticator app up. */
export async function join(
  kept: TestKept,
  by: Browser,
  link: string,
  more: { name: string; email?: string },
): Promise<{ account: string; secret: string }> {
  const accepted = await by.ask('POST', '/api/invitations/accept', {
    token: link.split('#')[1]!,
    password: goodPassword,
    ...more,
  })
  expect(accepted.status).toBe(200)
  const begun = await by.ask('POST', '/api/account/totp', {})
  const secret: string = begun.body['secret']
  const code = codeAt(secret, kept.time.now())
  expect((await by.ask('POST', '/api/account/totp/confirm', { code })).status).toBe(200)
  return { account: accepted.body['account'], secret }
}

/** The first owner of the staff, signed in. */
export async function openStaff(kept: TestKept, address: string): Promise<Browser> {
  const { link } = await kept.ask('operator', operations.inviteFirstOwner, {})
  const by = openBrowser(address, origin)
  await join(kept, by, link!, { name: 'olga', email: 'olga@kept.test' })
  return by
}

export interface Owner {
  by: Browser
  account: string
  email: string
  secret: string
}

/** The owner of a tenant's portal, signed in with two factors. */
export async function openTenant(
  kept: TestKept,
  address: string,
  staff: Browser,
  tenant: string,
  email = `owner@${tenant}.test`,
): Promise<Owner> {
  const made = await staff.ask('POST', `/api/tenants/${tenant}/owner`, { email })
  expect(made.status).toBe(200)
  const by = openBrowser(address, origin)
  const known = await join(kept, by, made.body['link'], { name: 'Owner' })
  return { by, email, ...known }
}

/** Proves the second factor again, as is asked before what matters. */
export async function proveAgain(kept: TestKept, { by, secret }: Owner): Promise<void> {
  kept.time.advance(31_000)
  const code = codeAt(secret, kept.time.now())
  expect((await by.ask('POST', '/api/session/totp', { code })).status).toBe(200)
}

/** Shows a domain to be the tenant's, by the records that tests hand in as DNS. */
export async function verifyDomain(
  owner: Owner,
  dns: Map<string, string[]>,
  domain: string,
): Promise<void> {
  const added = await owner.by.ask('POST', '/api/domains', { domain })
  expect(added.status).toBe(200)
  dns.set(added.body['record'], [...(dns.get(added.body['record']) ?? []), added.body['value']])
  const checked = await owner.by.ask('POST', `/api/domains/${domain}/check`, {})
  expect(checked.body).toEqual({ verified: true, trouble: null })
}

/** All that the ledger holds and is to hold, as text. */
export async function ledgerText(kept: TestKept): Promise<string> {
  const { rows } = await kept.as.superuser.query<{ body: Buffer }>(
    'select body from ledger.outbox union all select body from ledger.entries',
  )
  return rows.map(({ body }) => body.toString('utf8')).join('\n')
}

/** How many rows of a tenant the server's role sees in each table, as a user of another or of the same one. */
export async function rowsSeen(
  kept: TestKept,
  tables: readonly string[],
  { of, as }: { of: string; as: string },
): Promise<Record<string, number>> {
  const client = await kept.as.server.connect()
  try {
    await client.query('begin')
    await client.query(
      `select set_config('kept.tenant', $1, true), set_config('kept.actor', 'member:x', true)`,
      [as],
    )
    const seen: [string, number][] = []
    for (const table of tables) {
      const { rows } = await client.query<{ count: number }>(
        `select count(*)::int as count from identity.${table} where tenant = $1`,
        [of],
      )
      seen.push([table, rows[0]!.count])
    }
    return Object.fromEntries(seen)
  } finally {
    await client.query('rollback')
    client.release()
  }
}
