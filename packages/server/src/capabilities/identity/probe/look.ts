import type { System } from '@kept/page'
import type { CollectorContext } from '../../../foundation/capability.ts'
import { Failure } from '../../../foundation/failure.ts'
import { cannotLook } from '../../../foundation/look.ts'
import type { Answer } from '../../../outside/request.ts'
import { openService, type Service } from '../../../outside/service.ts'
import { takeTurn } from '../../../outside/turn.ts'
import { lookTime, type LookTime } from './codes.ts'
import { readDocument, type SignInDocument, type Step } from './document.ts'
import { probeOperations } from './operations.ts'
import { usersOf, type User, type Users, type Vouched } from './users.ts'
import { openVisitor, say, type Variables, type Visitor } from './visitor.ts'

/** An app whose sign-in is looked at, and who looks. */
export interface SignInLook {
  service: Service
  document: SignInDocument
  users: Users
  time: LookTime
  /** What Kept knows of its own portal; null of any other app. */
  kept: { older: number; lists: number } | null
  visit: (user: User | Vouched | null, owner?: Visitor | 'self', known?: Variables) => Visitor
  /** The owner, signed in with all factors. */
  enterOwner: () => Promise<Visitor>
  /** The owner who did; whatever was changed was changed by them. */
  entered: Visitor | null
}

/**
 * Looks at the sign-in of an app, one look at a time: each would see, and undo, what another does there. What
 * `tidy` takes back it does after an error and an end by time too, in a time of its own.
 */
export async function lookAtSignIn<T>(
  subject: System,
  context: CollectorContext,
  look: (at: SignInLook) => Promise<T>,
  tidy: Tidy = async () => {},
): Promise<T> {
  const users = usersOf(subject, context)
  const time = lookTime(context)
  const { base } = await openService(subject, context)
  return await takeTurn(`sign-in of ${base}`, async () => {
    const at = await openLook(subject, context, { users, time })
    try {
      const found = await look(at)
      if (at.entered !== null) await tidy(at, at.entered)
      return found
    } catch (error) {
      const signal = AbortSignal.timeout(tidying)
      const anew = { users, time: time.under(signal) }
      if (at.entered !== null) await tidyAnew(subject, { ...context, signal }, anew, tidy)
      throw error
    }
  })
}

type Tidy = (at: SignInLook, owner: Visitor) => Promise<void>

/** Why a look did not come to its end; what it found until then must not be hidden by that. */
export async function troubleOf(look: Promise<unknown>): Promise<Error | null> {
  try {
    await look
    return null
  } catch (error) {
    return error as Error
  }
}

/** What was found, and what then kept the look from going on. */
export function sayFound(found: string, trouble: Error | null): string {
  if (trouble === null) return found
  return `${found}; then ${trouble instanceof Failure ? trouble.message : 'the look came to no end'}`
}

/** With an owner who signs in again: nobody knows how far the first one got. */
async function tidyAnew(
  subject: System,
  context: CollectorContext,
  by: Pick<SignInLook, 'users' | 'time'>,
  tidy: Tidy,
): Promise<void> {
  const at = await openLook(subject, context, by)
  await tidy(at, await at.enterOwner())
}

/** Milliseconds that putting back may take: a code that was used makes it wait for the next. */
const tidying = 90_000

async function openLook(
  subject: System,
  context: CollectorContext,
  { users, time }: Pick<SignInLook, 'users' | 'time'>,
): Promise<SignInLook> {
  const isKept = subject.provider === 'kept'
  const known = isKept ? await context.ask(probeOperations.countSignIns, {}) : null
  const service = await openService(subject, context)
  const document = await readDocument(subject, service, known)
  const visit: SignInLook['visit'] = (user, owner, variables) =>
    openVisitor({ service, time, user, ...(owner && { owner }) }, variables)
  const look: SignInLook = {
    service,
    document,
    users,
    time,
    kept: known,
    visit,
    entered: null,
    async enterOwner() {
      const owner = visit(users.owner, 'self')
      await owner.must(document.signIn, 'the owner of the canary tenant cannot sign in')
      if (users.owner.totp !== undefined) await proveFactor(owner, document.factor)
      if (!(await isIn(owner, document.reading)))
        throw cannotLook(
          `the owner of the canary tenant is not let in at ${say(document.reading)}: a new password may be asked of them`,
        )
      look.entered = owner
      return owner
    },
  }
  return look
}

/** Proves a factor; a code that somebody used in this interval is followed by the next. */
export async function proveFactor(visitor: Visitor, factor: readonly Step[]): Promise<void> {
  if ((await visitor.walk(factor)) === null) return
  await visitor.must(factor, 'the second factor of the secret is not taken')
}

/** Whether somebody is let in there. Any answer that says neither yes nor no ends the look. */
export async function isIn(visitor: Visitor, reading: Step): Promise<boolean> {
  const answer = await visitor.send(reading)
  return answer !== null && saysYes(answer, reading)
}

function saysYes({ status }: Answer, reading: Step): boolean {
  if (status >= 200 && status < 300) return true
  if (status === 401 || status === 403) return false
  throw cannotLook(`${say(reading)} answers with status ${status}, which says neither yes nor no`)
}

/** That `reading` tells who is in from who is not. */
export async function mustTellApart({ document, visit }: SignInLook): Promise<void> {
  const nobody = visit(null)
  if (await isIn(nobody, document.reading))
    throw cannotLook(`${say(document.reading)} answers to who is not signed in`)
}
