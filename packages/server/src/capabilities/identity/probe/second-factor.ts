import type { System } from '@kept/page'
import type { CollectorContext } from '../../../foundation/capability.ts'
import { cannotLook, collector, seen } from '../../../foundation/look.ts'
import { codeOf, nextCode, staleCode } from './codes.ts'
import { need, type SignInDocument, type Step, type WayIn } from './document.ts'
import { guestOf, sweepGuests } from './guests.ts'
import {
  isIn,
  lookAtSignIn,
  mustTellApart,
  proveFactor,
  sayFound,
  troubleOf,
  type SignInLook,
} from './look.ts'
import type { ProviderWay } from './sso/provider-ways.ts'
import type { User } from './users.ts'
import { namesOf, type Variables, type Visitor } from './visitor.ts'

const hour = 3600

/** Ways in by the providers of the owner's tenant, where there are any. */
export type FindProviderWays = (
  at: SignInLook,
  owner: Visitor,
  subject: System,
  context: CollectorContext,
) => Promise<ProviderWay[]>

/** A tenant's owner asks for a second factor, and then no way gets in without one. */
export const secondFactorCollector = (find: FindProviderWays) =>
  collector({
    kind: 'service.tenant-second-factor',
    of: ['service'],
    every: 6 * hour,
    timeout: 480,
    async collect(subject, context) {
      const made: Made[] = []
      const tidy = async (at: SignInLook, owner: Visitor) => {
        await owner.must(need(at.document, 'require').off, 'the second factor stays asked for')
        for (const { user, variables, way } of made.splice(0))
          await at.visit(user, owner, variables).walk(way.after)
        await sweepGuests(at, owner)
      }
      const results: Result[] = []
      const trouble = await troubleOf(
        lookAtSignIn(
          subject,
          context,
          (at) => tryWays(at, (owner) => find(at, owner, subject, context), made, results),
          tidy,
        ),
      )
      const round = results.filter(({ gotIn }) => gotIn).map(({ name }) => name)
      const measured = { tried: results.length, bypassed: round.length }
      if (round.length > 0)
        return seen(measured, sayFound(`without the second factor: ${round.join('; ')}`, trouble))
      if (trouble) throw trouble
      return seen(measured)
    },
  })

interface Result {
  name: string
  gotIn: boolean
}

/** What a way made, to be taken back. */
interface Made {
  way: WayIn
  user: User
  variables: Variables
}

/** A way as it stands ready before the switch. */
interface Ready {
  name: string
  way: WayIn
  by: Visitor
}

const bare = { prepare: [], keeps: false, enter: [], after: [] }

async function tryWays(
  at: SignInLook,
  findProviderWays: (owner: Visitor) => Promise<ProviderWay[]>,
  made: Made[],
  results: Result[],
): Promise<void> {
  const { document, users } = at
  const { on, off } = need(document, 'require')
  if (users.member.totp === undefined) throw cannotLook('the member of the secret has no "totp"')
  await mustTellApart(at)
  const owner = await at.enterOwner()
  // What a look that died half-way left.
  await owner.must(off, 'the second factor cannot be switched off')
  await sweepGuests(at, owner)
  const ways: [string, WayIn][] = [
    ['a password alone', { ...bare, enter: document.signIn }],
    ['a session from before', { ...bare, prepare: document.signIn, keeps: true }],
    ...withoutAny(document),
    ...Object.entries(document.ways),
  ]
  const ready: Ready[] = []
  for (const [name, way] of ways) {
    const first = await prepare(at, owner, { name, way, made })
    await mustGetIn(at, { name, way, by: first })
    ready.push({
      name,
      way,
      by: way.prepare.length > 0 ? await prepare(at, owner, { name, way, made }) : first,
    })
  }
  const providers = await findProviderWays(owner)
  for (const way of providers) {
    if (await isIn(await way.enter(), document.reading)) continue
    throw cannotLook(`${way.name} does not lead in while no second factor is asked for`)
  }
  await owner.must(on, 'the owner cannot ask for a second factor')
  results.push(await tryStale(at))
  for (const one of ready) results.push({ name: one.name, gotIn: await getsIn(at, one) })
  for (const { name, enter } of providers)
    results.push({ name, gotIn: await isIn(await enter(), document.reading) })
  await tryCodes(at, results)
  results.push(await trySwitch(at, off, ready))
}

/**
 * The password of somebody new, who has no factor yet that could be asked for: of a guest, by the first way that
 * gives one a password.
 */
function withoutAny({ ways, passwords, signIn }: SignInDocument): [string, WayIn][] {
  const made = [
    ...Object.values(passwords?.ways ?? {}).map(({ begin, set }) => [
      ...begin,
      sayInstead(set, 'new', 'password'),
    ]),
    ...Object.values(ways).map(({ prepare: first, enter }) => [...first, ...enter]),
  ].find(
    (steps) =>
      steps.some((step) => step.as === 'owner') &&
      steps.some((step) => namesOf(step).includes('password')),
  )
  if (!made) return []
  return [
    [
      'the password of somebody who has no second factor',
      { ...bare, prepare: made, enter: signIn, factor: [] },
    ],
  ]
}

async function prepare(
  { document, visit, users }: SignInLook,
  owner: Visitor,
  { name, way, made }: Pick<Ready, 'name' | 'way'> & { made: Made[] },
): Promise<Visitor> {
  const isForGuest = way.prepare.some((step) => step.as === 'owner') && document.guests
  const user = isForGuest ? guestOf(users.member) : users.member
  const by = visit(user, owner)
  made.push({ way, user, variables: by.variables })
  await by.must(way.prepare, `${name} cannot be prepared`)
  return by
}

/**
 * The control: while no second factor is asked for, it is a way in; for the member with the factor, where an app
 * asks for one of whoever set it up.
 */
async function mustGetIn(at: SignInLook, { name, way, by }: Ready): Promise<void> {
  const inside = way.keeps ? by : by.another()
  const what = `${name} does not lead in while no second factor is asked for`
  await inside.must(way.enter, what)
  const reading = way.reading ?? at.document.reading
  if (await isIn(inside, reading)) return
  const factor = way.factor ?? at.document.factor
  if (factor.length > 0) await proveFactor(inside, factor)
  if (!(await isIn(inside, reading))) throw cannotLook(what)
}

/** Whether the way leads in once a factor is asked for. If not, it must with one. */
async function getsIn({ document }: SignInLook, { name, way, by }: Ready): Promise<boolean> {
  const reading = way.reading ?? document.reading
  const inside = way.keeps ? by : by.another()
  await inside.walk(way.enter)
  if (await isIn(inside, reading)) return true
  const factor = way.factor ?? document.factor
  if (factor.length === 0) return false
  await proveFactor(inside, factor)
  if (await isIn(inside, reading)) return false
  throw cannotLook(`${name} does not lead in with the second factor either`)
}

/**
 * A code that is another's, and one that was used. Another's comes first, in an interval in which none of
 * the member's own was: an app that takes one code an interval would refuse it for that alone.
 */
async function tryCodes(at: SignInLook, results: Result[]): Promise<void> {
  const { users, time } = at
  let own = await nextCode(users.member.totp!, time)
  const others = users.owner.totp === undefined ? null : codeOf(users.owner.totp, time)
  if (others !== null && others !== own) {
    const gotIn = await leadsIn(at, others)
    results.push({ name: 'the code of another user', gotIn })
    // It may have used the interval up.
    if (gotIn) own = await nextCode(users.member.totp!, time)
  }
  if (!(await leadsIn(at, own)))
    throw cannotLook('the member does not get in with the second factor either')
  results.push({ name: 'a code that was used before', gotIn: await leadsIn(at, own) })
}

/** Comes first, before a code of the member is used. That a code of now leads in is seen afterwards. */
async function tryStale(at: SignInLook): Promise<Result> {
  const gotIn = await leadsIn(at, await staleCode(at.users.member.totp!, at.time))
  return { name: 'a code that was over', gotIn }
}

async function leadsIn({ document, users, visit }: SignInLook, given: string): Promise<boolean> {
  const by = visit(users.member, undefined, { given })
  await by.must(document.signIn, 'the member cannot sign in')
  await by.walk(document.factor.map((step) => sayInstead(step, 'code', 'given')))
  return await isIn(by, document.reading)
}

/** The same step with another variable, as a code that is given instead of the one that is due. */
function sayInstead(step: Step, name: string, other: string): Step {
  return JSON.parse(JSON.stringify(step).replaceAll(`{${name}}`, `{${other}}`)) as Step
}

/** Whoever knows an owner's password alone switches it off, if they can, and then anybody gets in. */
async function trySwitch(
  { document, users, visit }: SignInLook,
  off: readonly Step[],
  ready: readonly Ready[],
): Promise<Result> {
  const owner = visit(users.owner, 'self')
  await owner.walk([...document.signIn, ...off])
  let gotIn = false
  // What keeps its session proved a factor by now.
  for (const { way, by } of ready.filter((one) => !one.way.keeps)) {
    const inside = by.another()
    await inside.walk(way.enter)
    gotIn ||= await isIn(inside, way.reading ?? document.reading)
  }
  return { name: 'switching it off by the password of an owner alone', gotIn }
}
