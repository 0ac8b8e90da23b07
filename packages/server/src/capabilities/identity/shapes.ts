import { z } from 'zod'
import type { Failure } from '../../foundation/failure.ts'
import type { Json } from '../../foundation/operation.ts'
import type { Outside } from '../../foundation/outside.ts'

export interface IdentitySettings {
  /** Where browsers find this Kept. */
  origin: string
  /** 32 bytes by which second factors and providers' secrets are sealed. */
  key: Uint8Array
  /** How providers and DNS are asked. */
  outside: Outside
}

export const nothing = z.strictObject({})
export const session = z.object({ token: z.string(), endsAt: z.number() }).nullable()
export const password = z.string().min(1).max(1024)
export const email = z.string().min(3).max(254)
export const agent = z.string().max(500).default('')

/** What was wrong stays to be seen, without saying at whom it was aimed. */
export function wrongEntry(_: unknown, { code }: Failure): Json | null {
  return code === 'wrong-credentials' || code === 'too-many' ? { refused: code } : null
}

/** What somebody is called. */
export const name = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,60}$/u, 'letters, digits, spaces, dots and hyphens')
