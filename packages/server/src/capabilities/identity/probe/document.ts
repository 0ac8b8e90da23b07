import { z } from 'zod'
import type { System } from '@kept/page'
import { cannotLook } from '../../../foundation/look.ts'
import type { Service } from '../../../outside/service.ts'
import { keptDocument } from './kept.ts'
import { parse } from './users.ts'

/** Where an app says how its sign-in is asked, below its address. */
export const documentPath = '/.well-known/kept-sign-in'

const name = z.string().regex(/^\w{1,60}$/, 'letters, digits and underscores')
const text = z.string().max(2000)
const pointer = z
  .string()
  .regex(/^(?:\/.*)?$/, 'a JSON pointer')
  .max(200)

/** `/link` of the JSON body, or `header:location`; of what lies behind `after` if that is said. */
const place = z.string().regex(/^(?:\/.*|header:[\w-]+)$/, 'a JSON pointer, or header:<name>')
const taking = z.union([place, z.strictObject({ from: place, after: z.string().min(1).max(20) })])

/** One request. `{name}` in its texts is a variable: of the user who asks, or taken from an earlier answer. */
const step = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string().startsWith('/').max(500),
  headers: z.record(z.string().max(100), text).optional(),
  /** Sent as JSON. */
  body: z.json().optional(),
  /** Sent as a form, instead. */
  form: z.record(z.string().max(100), text).optional(),
  take: z.record(name, taking).optional(),
  /** Sent by the tenant's owner, signed in with all factors, and not by who is on the way in. */
  as: z.literal('owner').optional(),
})
export type Step = z.output<typeof step>
const steps = z.array(step).max(20)
const some = steps.min(1)

/** A number that the app tells. */
const count = z.strictObject({ ask: step, at: pointer })
export type Count = z.output<typeof count>

const way = z.strictObject({
  /** Runs while the tenant asks for no second factor. */
  prepare: steps.default([]),
  /** Whether the cookies of `prepare` go over; variables always do. */
  keeps: z.boolean().default(false),
  enter: steps.default([]),
  /** Steps that prove the second factor here, if others do than usual; none where it cannot be. */
  factor: steps.optional(),
  /** What is read by it, if something else is than usual. */
  reading: step.optional(),
  /** Takes back what it made. */
  after: steps.default([]),
})
export type WayIn = z.output<typeof way>

const setting = z.strictObject({
  /** Leads to where a password is set; with `member` it is the canary's own, which is put back. */
  begin: steps,
  of: z.enum(['guest', 'member']).default('guest'),
  /** Sets `{new}`. */
  set: step,
})
export type Setting = z.output<typeof setting>

const connection = z.strictObject({
  begin: some,
  /** Where the last answer has the provider's address; left out where it is a page that posts there by itself. */
  address: place.optional(),
})
export type Connection = z.output<typeof connection>

/** What an app publishes at `/.well-known/kept-sign-in`: how each thing is asked of it, and no secrets. */
export const document = z.strictObject({
  /** What only somebody who is wholly signed in reads: 401 or 403 to others. */
  reading: step,
  /** Tells who is signed in: of what it takes, something differs from user to user, and from tenant to tenant. */
  who: step.optional(),
  /** Signs a user in with `{email}` and `{password}`; the second factor comes after it. */
  signIn: some,
  /** Proves the second factor of who signed in, by `{code}`. */
  factor: some,
  /** Other ways of getting in without a second factor. */
  ways: z.record(z.string().min(1).max(60), way).default({}),
  /** The tenant's owner asks for a second factor of all its users, or no more. */
  require: z.strictObject({ on: some, off: some }).optional(),
  /** Users made for a look, whose address begins with `kept-probe-`, as the owner finds and removes them. */
  guests: z
    .strictObject({ list: step, at: pointer, email: pointer, id: pointer, remove: some })
    .optional(),
  passwords: z
    .strictObject({
      ways: z.record(z.string().min(1).max(60), setting),
      /** Whether it refuses what is made of the user's and the company's own names. */
      refusesWords: z.boolean().default(false),
      /** Accounts whose password is older than the rule. */
      older: count.optional(),
    })
    .optional(),
  /** Whether customers may limit the networks that their users come from. */
  addresses: z
    .strictObject({
      offered: z.boolean(),
      /** Asks for `{network}` alone, as the tenant's owner. */
      list: some,
      /** Asks for none, as the tenant's owner. */
      none: some,
      /** Customers with such a list. */
      count: count.optional(),
      /** Other ways in of a user whose tenant has a list. */
      ways: z.record(z.string().min(1).max(60), way).default({}),
    })
    .optional(),
  /** How a sign-in by a provider is begun; by the name that the page has for it. */
  connections: z.record(z.string().min(1).max(60), connection).default({}),
})
export type SignInDocument = z.output<typeof document>

/** What an app says, or of Kept's own portal what is known. */
export async function readDocument(
  subject: System,
  service: Service,
  kept: { offersAddresses: boolean } | null,
): Promise<SignInDocument> {
  if (kept !== null) return document.parse(keptDocument(kept))
  const where = service.base + documentPath
  const { status, body } = await service.ask(null, 'GET', documentPath)
  if (status !== 200) throw cannotLook(`${where} answers with status ${status}`)
  const reading = document.safeParse(parse(body))
  if (reading.success) return reading.data
  const [issue] = reading.error.issues
  const at = issue!.path.map(String).join('/')
  throw cannotLook(`${where} of ${subject.id} is not as it should be: /${at}: ${issue!.message}`)
}

/** A section that a look cannot do without. */
export function need<Name extends keyof SignInDocument>(
  read: SignInDocument,
  section: Name,
): NonNullable<SignInDocument[Name]> {
  const found = read[section]
  if (found !== undefined) return found
  throw cannotLook(`${documentPath} has no "${section}"`)
}
