import { webLinks, type System } from '@kept/page'
import type { CollectorContext, Observation } from '../../foundation/capability.ts'
import { cannotLook, collector, seen, tagged } from '../../foundation/look.ts'
import { follow, type Followed } from './links.ts'
import { listHeroku, type Resource } from './heroku.ts'
import { askMailbox } from './mailbox.ts'
import { lookByName } from './presence.ts'
import { findProvider } from './provider-names.ts'

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
  const said = links.slice(0, 10).map(({ url, why }) => `${url}: ${why}`)
  return [...said, ...(links.length > 10 ? [`and ${links.length - 10} more`] : [])].join('; ')
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
    const { takes, why, takesAll } = await askMailbox(context, address, portOf(subject))
    const note = takesAll ? 'its mail server takes mail for every name' : null
    return seen({ address }, takes ? null : why, note)
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

/** What an account at Heroku can hold none of: its list shows that there are none. */
const impossible = [
  'routers',
  'load-balancers',
  'dns-servers',
  'physical-servers',
  'self-managed-servers',
]

/** Everything in an account: how many resources, and by whom they are hosted. */
export const inventoryCollector = collector({
  kind: 'account.inventory',
  of: ['account'],
  every: 6 * 3600,
  timeout: 300,
  async collect(subject, context) {
    const resources = await count(subject, context)
    const providers = [...new Set(resources.map(({ provider }) => provider))].toSorted()
    return seen({ resources: resources.length, providers, lookedFor: impossible, present: [] })
  },
})

/** That something of the company runs at a provider: in its account there, else by its names. */
export const presenceCollector = collector({
  kind: 'provider.presence',
  of: ['provider'],
  every: day,
  timeout: 300,
  async collect(subject, context) {
    const accounts = context.subjects.filter(
      ({ type, provider, secret }) =>
        type === 'account' && provider === subject.id && secret !== null && isHeroku(provider),
    )
    if (accounts.length === 0) return await lookByName(subject, context)
    const lists: Resource[][] = []
    for (const account of accounts) lists.push(await count(account, context))
    return seen({ resources: lists.flat().length })
  },
})

async function count(account: System, context: CollectorContext): Promise<Resource[]> {
  if (isHeroku(account.provider)) return await listHeroku(account, context)
  const where = account.provider ?? 'no provider that systems.yaml names'
  throw cannotLook(
    `Kept itself counts accounts at Heroku only, and ${account.id} is at ${where}: a runner can push account.inventory with \`kept evidence push\``,
  )
}

function isHeroku(provider: string | null): boolean {
  return provider !== null && findProvider(provider)?.ids[0] === 'heroku'
}

export const collectors = [linksCollector, contactCollector, inventoryCollector, presenceCollector]
