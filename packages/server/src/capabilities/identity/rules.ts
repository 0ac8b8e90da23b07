import { durationLength, type Duration } from '@kept/page'
import type { Transaction } from '../../foundation/transaction.ts'
import { readApplied } from '../claims/edition.ts'

/** What the page asks of sign-ins: its parameters are the configuration. */
export interface Rules {
  /** Characters that a password has at least. */
  passwordLength: number
  /** Milliseconds after which an unused session ends. */
  idle: number
  /** Milliseconds after which any session ends. */
  lifetime: number
  /** Whether tenants may limit the networks that their users come from. */
  offersAddresses: boolean
}

/** What holds where the page promises nothing, and what it cannot go below. */
const usual = { passwordLength: 12, idle: 2 * 3_600_000, lifetime: 12 * 3_600_000 }
const leastPassword = 8

/** The strictest of what the page says, where it says something. */
export async function readRules(tx: Transaction): Promise<Rules> {
  const applied = await readApplied(tx)
  const said = (id: string, name: string) =>
    (applied?.page.claims ?? [])
      .flatMap(({ obligations }) => obligations)
      .filter(({ proof }) => proof.id === id)
      .map(({ params }) => params[name])
      .filter((value) => value !== undefined)
  const lengths = said('password.minimum', 'length') as number[]
  const shortest = (id: string) =>
    (said(id, 'within') as Duration[]).map((within) => durationLength(within))
  return {
    passwordLength: Math.max(leastPassword, ...(lengths.length ? lengths : [usual.passwordLength])),
    idle: Math.min(usual.idle, ...shortest('session.timeout')),
    lifetime: Math.min(usual.lifetime, ...shortest('session.lifetime')),
    offersAddresses: !said('ip-allow-list', 'offered').includes('no'),
  }
}
