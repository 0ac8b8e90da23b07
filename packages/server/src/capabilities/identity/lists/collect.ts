import type { System } from '@kept/page'
import type { Collector, CollectorContext, Observation } from '../../../foundation/capability.ts'
import { addressOf, cannotLook, collector, seen } from '../../../foundation/look.ts'
import { takeTurn } from '../../../outside/turn.ts'
import { isReadAtHeroku } from '../../registers/accounts.ts'
import { listHerokuMembers } from '../../registers/heroku.ts'
import { longest, type Counted, type Kept } from './lists.ts'
import { factorsKind, listOperations as operations, ourselves, policyKind } from './operations.ts'
import { tryWithoutFactor, type Asked, type Probed } from './probe.ts'

const every = 6 * 3600

export interface StaffSettings {
  /** Where this Kept is found; the address in systems.yaml comes first. */
  origin: string
  /** All that the staff may ask for, and nobody who is still on the way in. */
  staffRoutes: () => readonly Asked[]
}

export function listCollectors(settings: StaffSettings): Collector[] {
  return [
    collector({
      kind: factorsKind,
      of: ['people'],
      every,
      timeout: 300,
      async collect(subject, context) {
        if (subject.provider === ourselves) return await lookAtStaff(subject, context, settings)
        if (isReadAtHeroku(subject)) {
          const accounts = await listHerokuMembers(subject, context)
          if (accounts.length === 0) throw cannotLook(`${addressOf(subject)} lists no member`)
          const given = { system: subject.id, source: 'heroku-members', accounts }
          await context.ask(operations.keep, given)
        }
        return await lookAtList(subject, context)
      },
    }),
    collector({
      kind: policyKind,
      of: ['people'],
      every,
      timeout: 60,
      async collect({ id, provider }, context) {
        if (provider === ourselves) {
          const { minimumLength } = await context.ask(operations.readStaff, {})
          return seen({ minimumLength, singleSignOnOnly: false })
        }
        const { policy } = await context.ask(operations.read, { system: id })
        if (!policy)
          return unseen(`nothing says which passwords ${id} takes: ${sayPush(id)}`, context)
        if (isOld(policy, context)) return unseen(sayOld(policy, context), context)
        const { minimumLength, singleSignOnOnly, pushedBy, exportedAt } = policy
        const measured = { minimumLength, singleSignOnOnly, pushedBy }
        return { ...seen(measured), observedAt: Math.min(exportedAt, context.now) }
      },
    }),
  ]
}

function sayPush(id: string): string {
  return `\`kept accounts push ${id} FILE\` takes an export of it`
}

function isOld({ exportedAt }: Pick<Kept, 'exportedAt'>, { now }: CollectorContext): boolean {
  return exportedAt <= now - longest
}

function sayOld({ system, exportedAt }: Kept, { now }: CollectorContext): string {
  const days = Math.floor((now - exportedAt) / 86_400_000)
  return `what is known of ${system} is ${days} days old: ${sayPush(system)}`
}

/** Nothing was said since then: whatever is pushed later and counts was said after it. */
function unseen(note: string, { now }: CollectorContext): Observation {
  return { outcome: 'inconclusive', measured: {}, note, observedAt: now - longest }
}

/**
 * What a system said holds from when it said it, and not from when it is read here. Who pushed it stands beside
 * the figures: whoever judges again trusts that runner too.
 */
async function lookAtList(subject: System, context: CollectorContext): Promise<Observation> {
  const { id } = subject
  const { list } = await context.ask(operations.read, { system: id })
  if (!list) return unseen(`no list of the accounts of ${id} is here: ${sayPush(id)}`, context)
  if (isOld(list, context)) return unseen(sayOld(list, context), context)
  const { accounts, without, unknown, source, pushedBy } = list
  const isOurs = isReadAtHeroku(subject)
  const measured = { accounts, without, unknown, ...(!isOurs && { pushedBy }) }
  const said = isOurs ? `${source}, read there` : `${source}, pushed by ${pushedBy}`
  // A list may be dated by another clock than ours.
  const observedAt = Math.min(list.exportedAt, context.now)
  if (accounts === 0) {
    const note = `no account of ${id} is active and a person's`
    return { outcome: 'inconclusive', measured: {}, note, observedAt }
  }
  return { ...seen(measured, null, said + sayAside(list) + sayShrunken(list)), observedAt }
}

/** Nothing hides in what does not count. */
function sayAside({ inactive, services }: Counted): string {
  const aside = [inactive > 0 && `${inactive} inactive`, services > 0 && `${services} of services`]
  const said = aside.filter((one) => one !== false)
  return said.length > 0 ? `; not counted: ${said.join(', ')}` : ''
}

/** An export that was cut between two lines cannot be told from a whole one, but is much shorter than the last. */
function sayShrunken({ accounts, previous }: Counted): string {
  return previous !== null && accounts * 2 < previous ? `; ${previous} accounts before` : ''
}

/** Whether each of our own staff has a factor, and whether one without it really comes no further. */
async function lookAtStaff(
  subject: System,
  context: CollectorContext,
  { origin, staffRoutes }: StaffSettings,
): Promise<Observation> {
  const { accounts, without, unknown } = await context.ask(operations.readStaff, {})
  const { tried, open } = await takeTurn('identity.canary', () =>
    probe(context, subject.address ?? origin, staffRoutes()),
  )
  if (open.length === 0 && accounts === 0)
    throw cannotLook('nobody of the staff has an account yet')
  const objection =
    open.length > 0 ? `a password alone is let in: ${open.slice(0, 5).join(', ')}` : null
  const said = `${tried} routes of the staff refused a password alone`
  return seen({ accounts, without, unknown }, objection, said)
}

async function probe(
  context: CollectorContext,
  origin: string,
  routes: readonly Asked[],
): Promise<Probed> {
  if (routes.length === 0) throw cannotLook('there is no route of the staff to try')
  const canary = await context.ask(operations.prepareCanary, {})
  try {
    return await tryWithoutFactor(context, origin, canary, routes)
  } finally {
    await context.ask(operations.endCanary, {})
  }
}
