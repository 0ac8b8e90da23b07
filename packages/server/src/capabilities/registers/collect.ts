import { inEnvironment, webLinks, type System } from '@kept/page'
import type { CollectorContext, Observation } from '../../foundation/capability.ts'
import { cannotLook, collector, seen, tagged } from '../../foundation/look.ts'
import { inventoryCollector, presenceCollector } from './accounts.ts'
import { findCopied } from './copied-tenants.ts'
import { follow, type Followed } from './links.ts'
import { askMailbox } from './mailbox.ts'
import { countCredentials, findShared, storesOf, type Seen } from './separation.ts'

const day = 86_400

/** More links than this are not followed, and the look says so. */
const mostLinks = 500

export const linksCollector = collector({
  kind: 'endpoint.links',
  of: ['endpoint'],
  every: day,
  timeout: 600,
  async collect(_, context) {
    const urls = webLinks(context.page.source)
    if (urls.length === 0) throw cannotLook('the page links to nothing on the web')
    if (urls.length > mostLinks) throw cannotLook(`the page has more than ${mostLinks} links`)
    const followed: Followed[] = []
    for (const url of urls) followed.push(await follow(context, url))
    const [dead, unsure] = (['dead', 'unsure'] as const).map((state) =>
      followed.filter((one) => one.state === state),
    )
    if (dead!.length === 0 && unsure!.length > 0) throw cannotLook(sayLinks(unsure!))
    const measured = { checked: followed.length - unsure!.length, dead: dead!.length }
    return seen(measured, dead!.length > 0 ? sayLinks(dead!) : null)
  },
})

function sayLinks(links: readonly Followed[]): string {
  return sayFirst(links.map(({ url, why }) => `${url}: ${why}`))
}

function sayFirst(all: readonly string[]): string {
  const rest = all.length > 10 ? [`and ${all.length - 10} more`] : []
  return [...all.slice(0, 10), ...rest].join('; ')
}

/**
 * The address of a desk takes messages. `answeredIn` is not measured: that somebody answers needs a
 * mailbox of our own to receive it in.
 */
export const contactCollector = collector({
  kind: 'desk.answer',
  of: ['desk'],
  every: day,
  timeout: 60,
  async collect(subject, context) {
    const address = subject.address ?? context.page.contact
    if (address === null) {
      throw cannotLook(`${subject.id} has no address in systems.yaml, and the page no contact`)
    }
    if (/^https?:\/\//i.test(address)) return await lookAtForm(address, context)
    if (!/^[^\s@<>"]+@[^\s@<>"]+$/.test(address)) {
      throw cannotLook(`"${address}" is no mail address and no web address`)
    }
    return seen({ address }, await askMailbox(context, address, portOf(subject)))
  },
})

/** Port 25, or that of a tag `smtp-port:2525`. */
function portOf(subject: System): number {
  const [said] = tagged(subject, 'smtp-port')
  if (said === undefined) return 25
  if (/^\d{1,5}$/.test(said) && Number(said) > 0 && Number(said) < 65_536) return Number(said)
  throw cannotLook(`the tag smtp-port:${said} of ${subject.id} is no port`)
}

async function lookAtForm(address: string, context: CollectorContext): Promise<Observation> {
  const { state, why } = await follow(context, address)
  if (state === 'unsure') throw cannotLook(`${address}: ${why}`)
  return seen({ address }, state === 'dead' ? `${address}: ${why}` : null)
}

/** An environment is apart from the others as far as its databases show it. */
export const separationCollector = collector({
  kind: 'environment.separation',
  of: ['environment'],
  every: day,
  timeout: 300,
  async collect(environment, context) {
    const own = storesOf(environment, context)
    const credentials = await countCredentials(context, own)
    const shared = await findShared(environment, context, own)
    const copied: Seen = inEnvironment('lower', environment)
      ? await findCopied(environment, context, own)
      : { faults: [], doubts: [] }
    const faults = [...shared.faults, ...copied.faults]
    const [doubt] = [...shared.doubts, ...copied.doubts]
    if (faults.length === 0 && doubt) throw doubt
    const measured = {
      credentials,
      ...(isKnown(shared) && { tried: shared.tried, sharedCredentials: shared.logins }),
      ...(isKnown(copied) && { customerDataFromProduction: copied.faults.length > 0 }),
    }
    const untried = shared.untried.length > 0 ? `not tried: ${shared.untried.join(', ')}` : null
    return seen(measured, faults.length > 0 ? sayFirst(faults) : null, untried)
  },
})

/** A fault is one whatever else was not seen; that there is none is known only of a whole look. */
function isKnown({ faults, doubts }: Seen): boolean {
  return faults.length > 0 || doubts.length === 0
}

export const collectors = [
  linksCollector,
  contactCollector,
  inventoryCollector,
  presenceCollector,
  separationCollector,
]
