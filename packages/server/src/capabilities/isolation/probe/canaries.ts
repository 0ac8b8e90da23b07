import { z } from 'zod'
import type { System } from '@kept/page'
import type { CollectorContext } from '../../../foundation/capability.ts'
import { cannotLook, secretOf } from '../../../foundation/look.ts'

/** Where an app says what its canaries can be tried with, below its address. */
export const canariesPath = '/.well-known/kept-canaries'

const name = z.string().min(1).max(200)
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

const operation = z.strictObject({
  /** `invoices.read`, or the operationId of the OpenAPI document; said in notes. */
  name,
  method: z.enum(methods),
  /** `/invoices/{invoice}`; each `{name}` is an object of the tenant. Without one it is a list. */
  path: z.string().startsWith('/').max(500),
  /** Sent as JSON; `{name}` in its texts is replaced too. */
  body: z.json().optional(),
  /** Values that a list may be asked with, by the name of the parameter; `{name}` as in the path. */
  query: z.record(name, z.array(z.string().max(200)).max(20)).optional(),
  /** The operation whose success shows that the object is there, for one that must not be done by its owner. */
  control: name.optional(),
  /** The object that it makes: its answer has the id as `id`, or at the end of its Location. */
  makes: name.optional(),
  /** Whether it is open to everybody, without a token. */
  public: z.literal(true).optional(),
})

/** What the OpenAPI document says beyond how an operation is asked. */
export interface Described {
  /** Free texts among the values that a list may be asked with. */
  texts?: readonly string[]
  /** Texts that its body may hold and need not, with values. */
  more?: Readonly<Record<string, string>>
  /** Words that its body chooses from, by the name of the property. */
  choices?: Readonly<Record<string, readonly unknown[]>>
  /** The header that makes a repeated request the same, as Idempotency-Key. */
  key?: string
}

export type Operation = z.output<typeof operation> & { described?: Described }

const objects = z.strictObject({
  objects: z.record(z.string().regex(/^\w{1,100}$/), z.string().min(1).max(200)),
})

/**
 * What an app publishes at `/.well-known/kept-canaries`: where its OpenAPI document is, or its operations,
 * and for each of the two canary tenants the ids of its objects. An operation that both name is as it is
 * here. Operations must be repeatable, and an object that is not made for a trial looks the same after.
 */
const document = z
  .strictObject({
    openapi: z.string().startsWith('/').max(500).optional(),
    operations: z.array(operation).max(1000).default([]),
    /** The operations open to the lesser role whose tokens are in the secret; no other may be. */
    lesser: z.array(name).max(1000).optional(),
    /**
     * What is for all tenants by right: a text that no two have, `createApp.title`, an object in a body that
     * may be anybody's, `inviteUser.user`, and a reading, `readStock`.
     */
    global: z.array(name).max(1000).optional(),
    tenants: z.strictObject({ a: objects, b: objects }),
  })
  .refine(({ openapi, operations }) => openapi !== undefined || operations.length > 0, {
    message: 'it names neither an OpenAPI document nor operations',
  })
export type Canaries = Omit<z.output<typeof document>, 'operations'> & { operations: Operation[] }

export function readCanaries(text: string, where: string): Canaries {
  const reading = document.safeParse(parse(text))
  if (reading.success) return reading.data
  const [issue] = reading.error.issues
  const at = issue!.path.map(String).join('/')
  throw cannotLook(`${where} is not as it should be: /${at}: ${issue!.message}`)
}

/** Holds what an app says of its operations against itself. */
export function checkOperations({ operations, lesser = [] }: Canaries, where: string): void {
  const known = new Map(operations.map((one) => [one.name, one]))
  if (known.size < operations.length) throw cannotLook(`${where}: two operations have one name`)
  for (const { name: own, control } of operations) {
    if (control === undefined) continue
    if (known.get(control)?.control !== undefined) {
      throw cannotLook(`${where}: the control of ${own} needs a control itself`)
    }
    if (known.get(control)?.method === 'GET') continue
    throw cannotLook(`${where}: the control of ${own} is no GET among its operations`)
  }
  const missing = lesser.find((one) => !known.has(one))
  if (missing !== undefined) throw cannotLook(`${where}: there is no operation ${missing}`)
}

/** The secret of the service: `{"a": "<bearer token>", "b": "<bearer token>", "lesser": {"a": ..., "b": ...}}`. */
export type Tokens = z.output<typeof tokens>

const two = { a: z.string().min(1), b: z.string().min(1) }
/** `report` opens what the guard counts, for the capability access; `signIn` is read by identity. */
const tokens = z.strictObject({
  ...two,
  lesser: z.strictObject(two).optional(),
  report: z.string().min(1).optional(),
  signIn: z.unknown().optional(),
})

export function tokensOf(subject: System, context: CollectorContext): Tokens {
  const reading = tokens.safeParse(parse(secretOf(subject, context)))
  if (reading.success) {
    const { a, b, lesser } = reading.data
    const all = [a, b, ...(lesser ? [lesser.a, lesser.b] : [])]
    if (new Set(all).size === all.length) return reading.data
  }
  throw cannotLook(`the secret of ${subject.id} is not {"a": "<token>", "b": "<another token>"}`)
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
