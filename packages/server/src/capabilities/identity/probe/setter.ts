import { cannotLook } from '../../../foundation/look.ts'
import type { Failure } from '../../../foundation/failure.ts'
import type { Setting } from './document.ts'
import { guestOf } from './guests.ts'
import { isIn, type SignInLook } from './look.ts'
import { strongPassword } from './strong.ts'
import { say, unguessable, type Visitor } from './visitor.ts'

/** One way of setting a password, tried again and again. */
export interface Setter {
  /** Who sets: a guest of this look, or the canary's member. */
  visitor: Visitor
  /** A good one of so many characters. */
  strong(length: number): string
  isTaken(password: string): Promise<boolean>
  cannot(why: string): Failure
}

/** What the member's password is now, if the look changed it. */
export interface Members {
  current: { password: string; setting: Setting } | null
}

export async function openSetter(
  at: SignInLook,
  owner: Visitor,
  { name, setting, members }: { name: string; setting: Setting; members: Members },
): Promise<Setter> {
  const { member } = at.users
  const seed = setting.of === 'member' ? member.password : unguessable()
  const cannot = (why: string) => cannotLook(`${name}: ${say(setting.set)} ${why}`)
  const begin = async () => {
    const by =
      setting.of === 'guest' ? at.visit(guestOf(member), owner) : openMember(at, owner, members)
    await by.must(setting.begin, `${name} cannot be prepared`)
    return by
  }
  if (setting.of === 'member') await recover(at, owner, setting, members)
  let isUsed = false
  const setter: Setter = {
    visitor: await begin(),
    strong: (length) => strongPassword(seed, length),
    async isTaken(password) {
      // A link works once, and who set a password may be signed out by it.
      if (isUsed) setter.visitor = await begin()
      isUsed = false
      setter.visitor.variables['new'] = password
      const answer = await setter.visitor.send(setting.set)
      const status = answer?.status ?? 0
      if ([0, 401, 403, 404, 405].includes(status))
        throw cannot(`answers with status ${status}, which is no word on a password`)
      if (status >= 400) return false
      isUsed = true
      if (setting.of === 'member') members.current = { password, setting }
      return true
    },
    cannot,
  }
  return setter
}

function openMember(at: SignInLook, owner: Visitor, { current }: Members): Visitor {
  const { member } = at.users
  return at.visit(member, owner, { password: current?.password ?? member.password })
}

/** Gives the canary's member the password of the secret again. */
export async function putBack(at: SignInLook, owner: Visitor, members: Members): Promise<void> {
  if (members.current === null) return
  const { setting } = members.current
  const by = openMember(at, owner, members)
  const why = 'the password of the canary’s member is not put back'
  await by.must(setting.begin, why)
  by.variables['new'] = at.users.member.password
  await by.must([setting.set], why)
  members.current = null
}

/** Lengths that are promised most often, and those of long ones. */
const usualLengths = [8, 10, 12, 14, 15, 16, 100, 72, 64]

/** A look that died may have left one of those that it sets. */
async function recover(
  at: SignInLook,
  owner: Visitor,
  setting: Setting,
  members: Members,
): Promise<void> {
  const { member } = at.users
  const known = usualLengths.map((length) => strongPassword(member.password, length))
  for (const password of [member.password, ...known]) {
    const by = at.visit(member, owner, { password })
    await by.walk(at.document.signIn)
    if (!(await isIn(by, at.document.reading))) continue
    if (password !== member.password) members.current = { password, setting }
    return await putBack(at, owner, members)
  }
  throw cannotLook('the member’s password is not the one of the secret: set it there again')
}
