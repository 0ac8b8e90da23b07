import type { System } from '@kept/page'
import type { CollectorContext } from '../../foundation/capability.ts'
import { cannotLook, collector, seen } from '../../foundation/look.ts'
import { listHeroku, type Resource } from './heroku.ts'
import { lookByName } from './presence.ts'
import { findProvider } from './provider-names.ts'

const hour = 3600

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
  every: 6 * hour,
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
  every: 24 * hour,
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

/** Whether a system's accounts are read at Heroku itself. */
export function isReadAtHeroku({ provider, secret }: System): boolean {
  return secret !== null && isHeroku(provider)
}

function isHeroku(provider: string | null): boolean {
  return provider !== null && findProvider(provider)?.ids[0] === 'heroku'
}
