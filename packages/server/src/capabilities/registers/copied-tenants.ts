import type { Client } from 'pg'
import { inEnvironment, type System } from '@kept/page'
import type { CollectorContext } from '../../foundation/capability.ts'
import { cannotLook } from '../../foundation/look.ts'
import { loginOf, withDatabase } from '../../outside/postgres.ts'
import { conventionOf, type Convention } from '../../outside/tenant-tables.ts'
import { isOf, look, type Seen, type Store } from './separation.ts'
import { TenantSearch } from './tenant-search.ts'

/** Production's canary tenants, each with the id of the database that names it. */
type Canaries = ReadonlyMap<string, string>

/**
 * Looks for production's canary tenants in an environment. They live in production alone, so that one
 * of their rows elsewhere came with a copy of it.
 */
export async function findCopied(
  environment: System,
  context: CollectorContext,
  own: readonly Store[],
): Promise<Seen> {
  const found: Seen = { faults: [], doubts: [] }
  await look(found, async () => {
    const canaries = await findCanaries(environment, context)
    for (const { system, login } of own) {
      await look(found, async () => {
        const convention = conventionOf(system)
        mustDiffer(system, convention, canaries)
        await withDatabase(context, login, async (client) => {
          await searchCopy({ client, system, convention, canaries, found })
        })
      })
    }
  })
  return found
}

/** The canaries of production, each with the control that production really holds a row of it. */
async function findCanaries(environment: System, context: CollectorContext): Promise<Canaries> {
  const canaries = new Map<string, string>()
  for (const system of context.subjects) {
    const isSource = system.type === 'database' && inEnvironment('production', system)
    if (!isSource || isOf(environment, system)) continue
    const convention = conventionOf(system)
    for (const canary of await livingCanaries(system, convention, context)) {
      canaries.set(canary, system.id)
    }
  }
  if (canaries.size > 0) return canaries
  const fix = 'give two tenants that live only there to a database of production as tags canary:'
  throw cannotLook(`no canary of production is known: ${fix}`)
}

async function livingCanaries(
  system: System,
  convention: Convention,
  context: CollectorContext,
): Promise<readonly string[]> {
  const { canaries } = convention
  if (canaries === null) return []
  return await withDatabase(context, loginOf(system, context), async (client) => {
    const search = new TenantSearch(client, convention, canaries)
    await search.run()
    if (canaries.every((canary) => search.sightings.some(({ tenant }) => tenant === canary))) {
      return canaries
    }
    throw cannotLook(`a canary of ${system.id} has no row there, so a copy would not show it`)
  })
}

/** A canary that an environment calls its own says nothing of where it came from. */
function mustDiffer(system: System, convention: Convention, canaries: Canaries): void {
  const same = convention.canaries?.find((one) => canaries.has(one))
  if (same === undefined) return
  const both = `${system.id} and ${canaries.get(same)}`
  throw cannotLook(`${both} name the same canary, and those of production may live nowhere else`)
}

interface Place {
  client: Client
  system: System
  convention: Convention
  canaries: Canaries
  found: Seen
}

async function searchCopy({ client, system, convention, canaries, found }: Place): Promise<void> {
  const { id } = system
  const own: readonly string[] = convention.canaries ?? []
  const search = new TenantSearch(client, convention, [...canaries.keys(), ...own])
  const tables = await search.run().finally(() => {
    const copied = search.sightings.filter(({ tenant }) => canaries.has(tenant))
    const said = copied.map(
      ({ tenant, table }) => `${table} of ${id} holds rows of a canary of ${canaries.get(tenant)}`,
    )
    found.faults.push(...new Set(said))
  })
  if (tables === 0) {
    const fix = 'name the column that says whose a row is by a tag tenant-column:'
    throw cannotLook(`${id} has no table with a column ${convention.column}: ${fix}`)
  }
  if (search.unread.length > 0) {
    const unread = search.unread.map(({ name }) => name).join(', ')
    const fix = `grant select (${convention.column}) on it to the role of the secret`
    throw cannotLook(`nothing of ${unread} in ${id} can be read: ${fix}`)
  }
  // Who sees no row through a policy, as when its setting has another name, would see no copy either.
  const blind = [...search.bound].filter(
    (role) =>
      !search.sightings.some(({ through, tenant }) => through === role && own.includes(tenant)),
  )
  if (blind.length === 0) return
  const fix = `name two tenants that have rows there by tags canary: of ${id}`
  throw cannotLook(`policies of ${id} hide its rows from ${blind.join(', ')}: ${fix}`)
}
