import { cannotLook, collector, seen } from '../../../foundation/look.ts'
import type { Answer } from '../../../outside/request.ts'
import { readCount } from './counts.ts'
import { need, type Step, type WayIn } from './document.ts'
import {
  isIn,
  lookAtSignIn,
  mustTellApart,
  sayFound,
  troubleOf,
  type SignInLook,
  proveFactor,
} from './look.ts'
import { unguessable, type Visitor } from './visitor.ts'

/** Whether a customer can set a list of networks, how many have one, and whether a list keeps anybody out. */
export const addressListsCollector = collector({
  kind: 'service.address-lists',
  of: ['service'],
  every: 6 * 3600,
  timeout: 300,
  async collect(subject, context) {
    const found: Found = { offered: true, taken: null, isStuck: false, lists: 0, passed: [] }
    const trouble = await troubleOf(
      lookAtSignIn(
        subject,
        context,
        (at) => tryLists(at, found),
        async (at, owner) => {
          if (!found.isStuck) await setNone(at, owner)
        },
      ),
    )
    const { offered, taken, isStuck, lists, passed } = found
    const measured = { supported: taken !== null, lists, passed: passed.length }
    const said = `from an address that is not listed: ${passed.join('; ')}`
    if (passed.length > 0) return seen(measured, sayFound(said, trouble))
    if (isStuck) return seen(measured, null, `${sayLists(taken, lists)}, which ${stays}`)
    // What says that it offers none and takes one has done so, whatever came of the rest.
    if (trouble && !offered && taken !== null)
      return seen(measured, null, sayFound(sayLists(taken, lists)!, trouble))
    if (trouble) throw trouble
    return seen(measured, null, sayLists(taken, lists))
  },
})

async function setNone(at: SignInLook, owner: Visitor): Promise<void> {
  await owner.must(need(at.document, 'addresses').none, 'the list of networks stays')
}

const stays =
  'nobody can take back from here: have your support remove the list of the canary tenant by hand'

interface Found {
  /** Whether the app says that it takes lists. */
  offered: boolean
  /** The list that an owner could set. */
  taken: string | null
  /** Whether that list has locked the owner out. */
  isStuck: boolean
  lists: number
  /** Ways in which a user got in from an address that is not in the list. */
  passed: string[]
}

function sayLists(taken: string | null, lists: number): string | null {
  if (taken !== null) return `an owner could ask for ${taken} alone`
  if (lists === 0) return null
  const who = lists === 1 ? '1 customer keeps' : `${lists} customers keep`
  return `${who} a list of networks: have their owners remove it, or say that it is offered`
}

/** Networks that hold every address, so that no trial locks anybody out. */
const everywhere = ['0.0.0.0/0', '::/0']

/** Kept for documentation (RFC 5737): nobody comes from there. */
const narrow = '192.0.2.0/24'

async function tryLists(at: SignInLook, found: Found): Promise<void> {
  const { document, users, visit } = at
  const { offered, list, none, count } = need(document, 'addresses')
  found.offered = offered
  await mustTellApart(at)
  const owner = await at.enterOwner()
  // The control: the owner may say what holds for the tenant. It takes back what a look that died left, too.
  await owner.must(none, 'the owner cannot say that there is no list')
  // Without a count, the list of the tenant that is tried is what is known.
  const isCounted = count !== undefined || !offered
  found.lists = at.kept?.lists ?? (isCounted ? await readCount(owner, count, 'addresses.count') : 1)
  for (const network of everywhere) {
    owner.variables['network'] = network
    if ((await owner.walk(list)) !== null) continue
    found.taken ??= network
    const member = visit(users.member)
    await member.must(
      document.signIn,
      'a member of a tenant whose list holds everybody cannot sign in',
    )
    await owner.must(none, 'the list of networks stays')
  }
  if (offered) await tryClosed(at, found.passed)
  else if (found.taken === null) await tryNarrow(at, owner, found)
}

/**
 * An app may refuse a list of everybody and take all others. Only one that says that it takes none is asked: if it
 * keeps its word, nobody is locked out.
 */
async function tryNarrow({ document }: SignInLook, owner: Visitor, found: Found): Promise<void> {
  const { list, none } = need(document, 'addresses')
  owner.variables['network'] = narrow
  if ((await owner.walk(list)) !== null) return
  found.taken = narrow
  found.isStuck = (await owner.walk(none)) !== null
}

/** A user with all that opens the app, in a tenant whose list does not hold where this look comes from. */
async function tryClosed(at: SignInLook, passed: string[]): Promise<void> {
  const { document, users, visit } = at
  const { closed, member } = users
  const { ways } = need(document, 'addresses')
  if (!closed?.['listed'])
    throw cannotLook('the secret has no "closed" user with an address of its list as "listed"')
  const control = visit(member)
  await control.must(document.signIn, 'the member of the other tenant cannot sign in')
  if (member.totp !== undefined && !(await isIn(control, document.reading)))
    await proveFactor(control, document.factor)
  if (!(await isIn(control, document.reading)))
    throw cannotLook('the member of the other tenant is not let in')
  await mustKnowClosed(at)
  const signIn: WayIn = { prepare: [], keeps: false, enter: document.signIn, after: [] }
  const all: [string, WayIn][] = [['with all that is asked for', signIn], ...Object.entries(ways)]
  for (const [name, way] of all) {
    if (await getsIn(at, way, {})) passed.push(name)
    for (const [header, value] of Object.entries(forged(closed['listed'])))
      if (await getsIn(at, way, { [header]: value }))
        passed.push(`${name}, with a forged ${header}`)
  }
}

/** Headers that name where somebody comes from, as proxies write them. */
function forged(address: string): Record<string, string> {
  return {
    'x-forwarded-for': address,
    forwarded: `for=${address.includes(':') ? `"[${address}]"` : address}`,
    'x-real-ip': address,
    'x-client-ip': address,
    'true-client-ip': address,
    'cf-connecting-ip': address,
  }
}

async function getsIn(
  { document, users, visit }: SignInLook,
  way: WayIn,
  headers: Record<string, string>,
): Promise<boolean> {
  const { closed } = users
  const by = visit(closed!)
  const from = (step: Step): Step => ({ ...step, headers: { ...step.headers, ...headers } })
  const isTold = (await by.walk([...way.prepare, ...way.enter].map(from))) === null
  const reading = from(way.reading ?? document.reading)
  if (await isIn(by, reading)) return true
  // Whom the list stops gets no further with a factor; a code is spent only where one is asked for.
  if (!isTold || closed!.totp === undefined || Object.keys(headers).length > 0) return false
  await by.walk(document.factor)
  return await isIn(by, reading)
}

/** That it is the list that keeps them out, and no wrong password: the app answers that in another way. */
async function mustKnowClosed({ document, users, visit }: SignInLook): Promise<void> {
  const last = async (password: string) => {
    const by = visit(users.closed!, undefined, { password })
    let answer: Answer | null = null
    for (const step of document.signIn) {
      answer = await by.send(step)
      if (answer === null || answer.status >= 400) break
    }
    return answer && `${answer.status} ${answer.body.replaceAll(/[0-9a-f-]{6,}|\d/gi, '')}`
  }
  const right = await last(users.closed!.password)
  if (right !== (await last(`wrong ${unguessable()}`))) return
  throw cannotLook(
    'the app answers the closed user as it answers to a wrong password: which it is nobody knows',
  )
}
