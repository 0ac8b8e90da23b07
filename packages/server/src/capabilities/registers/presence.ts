import type { System } from '@kept/page'
import type { CollectorContext, Observation } from '../../foundation/capability.ts'
import { cannotLook, seen } from '../../foundation/look.ts'
import { aliasesOf, reverseNamesOf } from './names.ts'
import { findProvider, ownerOf, type ProviderNames } from './provider-names.ts'

/** Where one address of the company is served. */
interface Served {
  host: string
  by: ProviderNames | null
}

/**
 * Whether what systems.yaml says runs at a provider is served under a name of that provider. Behind a
 * front, such as a content delivery network, nobody sees from outside who serves.
 */
export async function lookByName(
  provider: System,
  context: CollectorContext,
): Promise<Observation> {
  const wanted = findProvider(provider.id)
  if (wanted === null) {
    throw cannotLook(`it is not known under which names ${provider.id} serves: ${pushIt}`)
  }
  const hosts = hostsAt(provider, context.subjects)
  if (hosts.length === 0) {
    throw cannotLook(
      `systems.yaml names no endpoint or service with an address and \`provider: ${provider.id}\``,
    )
  }
  const served: Served[] = []
  for (const host of hosts) {
    served.push({ host, by: await findServer(host, wanted, context) })
  }
  return judge(provider.id, wanted, served)
}

/**
 * By whose name a host is served. Addresses may lie at whom the provider itself is built on, so that
 * their names can only speak for it.
 */
async function findServer(
  host: string,
  wanted: ProviderNames,
  context: CollectorContext,
): Promise<ProviderNames | null> {
  const aliases = (await aliasesOf(context, host)).map(ownerOf).filter((one) => one !== null)
  if (aliases.includes(wanted)) return wanted
  const owners = (await reverseNamesOf(context, host)).map(ownerOf)
  return owners.includes(wanted) ? wanted : (aliases.at(-1) ?? null)
}

const pushIt = 'a runner can push provider.presence with `kept evidence push`'

function judge(id: string, wanted: ProviderNames, served: readonly Served[]): Observation {
  const there = served.filter(({ by }) => by === wanted)
  const elsewhere = served.filter(({ by }) => by !== null && by !== wanted && !by.isFront)
  const hidden = served.filter(({ by }) => by === null || (by !== wanted && by.isFront))
  if (elsewhere.length > 0) {
    const said = elsewhere.map(({ host, by }) => `${host} is served by ${by!.ids[0]}`)
    return seen({ resources: there.length }, said.join('; '))
  }
  if (there.length > 0) return seen({ resources: there.length })
  const said = hidden.map(({ host, by }) =>
    by === null ? `who serves ${host} is not known` : `${host} lies behind ${by.ids[0]}`,
  )
  throw cannotLook(`nothing is seen at ${id}: ${said.join('; ')}; ${pushIt}`)
}

/** The hosts of what systems.yaml says runs at a provider, each once. */
function hostsAt({ id }: System, subjects: readonly System[]): string[] {
  const hosts = subjects
    .filter(({ type, provider }) => ['endpoint', 'service'].includes(type) && provider === id)
    .flatMap(({ address }) => (address === null ? [] : [hostOf(address)]))
  return [...new Set(hosts)]
}

function hostOf(address: string): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(address) ? address : `https://${address}`)
  if (url === null) throw cannotLook(`the address "${address}" is no host or URL`)
  return url.hostname
}
