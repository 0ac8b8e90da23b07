import { parse, type User } from './users.ts'
import { cannotLook } from '../../../foundation/look.ts'
import { strongPassword } from './strong.ts'
import type { SignInLook } from './look.ts'
import { at as valueIn, say, unguessable, type Visitor } from './visitor.ts'

/** By what an address of somebody made for a look begins. */
export const guestPrefix = 'kept-probe-'

/** Somebody new beside a user of the secret: the same texts, another address and password. */
export function guestOf(user: User): User {
  const { totp: _totp, ...texts } = user
  const domain = texts.email.split('@').at(-1)!
  return {
    ...texts,
    email: `${guestPrefix}${unguessable()}@${domain}`,
    password: strongPassword(unguessable(), 24),
  }
}

/** Removes those whom this look made, and whom one before it left. */
export async function sweepGuests({ document: { guests } }: SignInLook, owner: Visitor) {
  if (!guests) return
  const answer = await owner.send(guests.list)
  const listed = answer && valueIn(parse(answer.body), guests.at)
  if (!Array.isArray(listed))
    throw cannotLook(`${say(guests.list)} lists no users at "${guests.at}"`)
  for (const one of listed) {
    const email = valueIn(one, guests.email)
    const id = valueIn(one, guests.id)
    if (typeof email !== 'string' || !email.startsWith(guestPrefix)) continue
    owner.variables['guest'] = String(id)
    await owner.must(guests.remove, 'a user made for the look cannot be removed')
  }
}
