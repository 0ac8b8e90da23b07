import { z } from 'zod'
import type { System } from '@kept/page'
import type { CollectorContext } from '../../../foundation/capability.ts'
import { cannotLook, secretOf } from '../../../foundation/look.ts'

const text = z.string().min(1).max(1000)

/** A user of a canary tenant; further texts are variables of the steps, as `tenant`. */
const user = z.object({ email: text, password: text, totp: text.optional() }).catchall(text)
export type User = z.output<typeof user>

/** A user of a canary tenant that a test provider of its own vouches for; no password is asked. */
const vouched = z.object({ email: z.email(), totp: text.optional() }).catchall(text)
export type Vouched = z.output<typeof vouched>

/** The part of a service's secret that is for sign-ins; other users than these by the name that a look says. */
const users = z
  .object({
    owner: user,
    member: user,
    closed: user.optional(),
    a: vouched.optional(),
    b: vouched.optional(),
  })
  .catchall(user)
export type Users = z.output<typeof users>

const secret = z.looseObject({ signIn: users })

export function usersOf(subject: System, context: Pick<CollectorContext, 'outside'>): Users {
  const reading = secret.safeParse(parse(secretOf(subject, context)))
  if (reading.success) return reading.data.signIn
  // What is wrong in a secret is said by its place alone.
  const at = reading.error.issues[0]!.path.map(String).join('/')
  throw cannotLook(
    `the secret of ${subject.id} has no {"signIn": {"owner": {"email", "password", "totp"}, "member": {...}}}: look at /${at}`,
  )
}

export function parse(given: string): unknown {
  try {
    return JSON.parse(given)
  } catch {
    return undefined
  }
}
