/** Test support: a canary tenant of Kept's own portal, with an owner, a member and what opens both. */
import { expect } from 'vitest'
import type { System } from '@kept/page'
import type { CollectorContext } from '../src/foundation/capability.ts'
import { openBrowser } from './browser.ts'
import type { TestKept } from './kept.ts'
import { context, system } from './looking.ts'
import { goodPassword, join, openStaff, openTenant, type Owner } from './tenant-owner.ts'

export interface Canary {
  address: string
  owner: Owner
  subject: System
  /** The secret of the service, as whoever runs it sets it. */
  secret: { signIn: Record<string, Record<string, string>> }
  /** How a look is given to it; time stands still but for what a look waits. */
  given(signal?: AbortSignal): CollectorContext
  /** Who has an account in the tenant. */
  people(): Promise<string[]>
}

const userOf = (email: string, totp: string) => ({
  email,
  password: goodPassword,
  totp,
  tenant: 'canary',
})

export async function openCanary(kept: TestKept): Promise<Canary> {
  const address = await kept.serve({ mostAsks: 10_000 })
  const staff = await openStaff(kept, address)
  const owner = await openTenant(kept, address, staff, 'canary')
  const invited = await owner.by.ask('POST', '/api/people', {
    email: 'member@canary.test',
    role: 'member',
  })
  expect(invited.status).toBe(200)
  const member = await join(kept, openBrowser(address), invited.body['link'], { name: 'Member' })
  kept.time.advance(60_000)
  const secret = {
    signIn: {
      owner: userOf(owner.email, owner.secret),
      member: userOf('member@canary.test', member.secret),
    },
  }
  return {
    address,
    owner,
    secret,
    subject: system({ type: 'service', id: 'portal', provider: 'kept', address, secret: 'PORTAL' }),
    given(signal) {
      const made = context({
        kept,
        now: kept.time.now(),
        secrets: { PORTAL: JSON.stringify(secret) },
        ...(signal && { signal }),
      })
      const pause = (milliseconds: number) => Promise.resolve(kept.time.advance(milliseconds))
      return { ...made, outside: { ...made.outside, pause } }
    },
    async people() {
      const { rows } = await kept.as.superuser.query<{ email: string }>(
        `select email from identity.accounts where removed_at is null and tenant = 'canary' order by email`,
      )
      return rows.map(({ email }) => email)
    },
  }
}
