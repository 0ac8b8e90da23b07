import { setTimeout as sleep } from 'node:timers/promises'
import { Secret, TOTP } from 'otpauth'
import type { CollectorContext } from '../../../foundation/capability.ts'
import { cannotLook } from '../../../foundation/look.ts'

const period = 30

/** Time as a look goes on: what is paused passes, and so does what the requests take. */
export interface LookTime {
  now(): number
  pause(milliseconds: number): Promise<void>
  /** The same clock, for what another signal ends. */
  under(signal: AbortSignal): LookTime
}

/** To be made as soon as a look is asked for: what it waits for its turn passes too. */
export function lookTime({ now, outside, signal }: CollectorContext): LookTime {
  const began = performance.now()
  let passed = 0
  const under = (ending: AbortSignal): LookTime => ({
    now: () => now + passed + performance.now() - began,
    async pause(milliseconds) {
      if (!outside.pause) return await sleep(milliseconds, undefined, { signal: ending })
      ending.throwIfAborted()
      await outside.pause(milliseconds)
      passed += milliseconds
    },
    under,
  })
  return under(signal)
}

/** The last interval whose code each secret was used for: an app may take none twice. */
const used = new Map<string, number>()

/** The code that an authenticator app shows now; of one that was used already, the next. */
export async function nextCode(totp: string, time: LookTime): Promise<string> {
  const interval = () => Math.floor(time.now() / 1000 / period)
  const last = used.get(totp)
  if (last !== undefined && last >= interval() && last - interval() < 2) {
    await time.pause((last + 1) * period * 1000 - time.now())
  }
  used.set(totp, interval())
  return codeOf(totp, time)
}

/** Intervals after which a code is good no more, whatever clocks differ by (RFC 6238, section 5.2). */
const stale = 3

/**
 * A code that is over and was never shown: none that is later was used either, since an app that remembers the
 * last one would refuse it for that alone.
 */
export async function staleCode(totp: string, time: LookTime): Promise<string> {
  const last = used.get(totp)
  const due = last === undefined ? 0 : (last + stale + 1) * period * 1000
  const wait = due - time.now()
  if (wait > 0 && wait <= (stale + 2) * period * 1000) await time.pause(wait)
  return codeOf(totp, time, stale)
}

/** The code of now, or of so many intervals ago, used or not. */
export function codeOf(totp: string, time: LookTime, ago = 0): string {
  try {
    const secret = Secret.fromBase32(totp.replaceAll(/[\s=]/g, '').toUpperCase())
    return new TOTP({ secret }).generate({ timestamp: time.now() - ago * period * 1000 })
  } catch {
    throw cannotLook('a "totp" of the secret is no base32')
  }
}
