import { z } from 'zod'
import type { System } from '@kept/page'
import type { CollectorContext } from '../../foundation/capability.ts'
import { cannotLook, secretOf } from '../../foundation/look.ts'

/** Where an app says what its canaries can be tried with, below its address. */
export const canariesPath = '/.well-known/kept-canaries'

const operation = z.strictObject({
  /** `invoices.read`; said in notes. */
  name: z.string().min(1).max(100),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** `/invoices/{invoice}`; each `{name}` is an object of the tenant. Without one it is a list. */
  path: z.string().startsWith('/').max(500),
  /** Sent as JSON; `{name}` in its texts is replaced too. */
  body: z.json().optional(),
  /** The operation whose success shows that the object is there, for one that must not be done by its owner. */
  control: z.string().optional(),
})
export type Operation = z.output<typeof operation>

/**
 * What an app publishes at `/.well-known/kept-canaries`: its operations, and for each of the two canary
 * tenants the ids of its objects. Operations must be repeatable, and an object looks the same after.
 */
const document = z.strictObject({
  operations: z.array(operation).min(1).max(1000),
  tenants: z.strictObject({
    a: z.strictObject({ objects: z.record(z.string(), z.string().min(1).max(200)) }),
    b: z.strictObject({ objects: z.record(z.string(), z.string().min(1).max(200)) }),
  }),
})
export type Canaries = z.output<typeof document>

export function readCanaries(text: string, where: string): Canaries {
  const reading = document.safeParse(parse(text))
  if (!reading.success) {
    const [issue] = reading.error.issues
    const at = issue!.path.map(String).join('/')
    throw cannotLook(`${where} is not as it should be: /${at}: ${issue!.message}`)
  }
  for (const { name, control } of reading.data.operations) {
    const known = reading.data.operations.find((one) => one.name === control)
    if (control !== undefined && known?.control !== undefined) {
      throw cannotLook(`${where}: the control of ${name} needs a control itself`)
    }
    if (control === undefined || known?.method === 'GET') continue
    throw cannotLook(`${where}: the control of ${name} is no GET among its operations`)
  }
  return reading.data
}

/** The secret of the service: `{"a": "<bearer token>", "b": "<bearer token>"}`. */
export interface Tokens {
  a: string
  b: string
}

const tokens = z.strictObject({ a: z.string().min(1), b: z.string().min(1) })

export function tokensOf(subject: System, context: CollectorContext): Tokens {
  const reading = tokens.safeParse(parse(secretOf(subject, context)))
  if (reading.success && reading.data.a !== reading.data.b) return reading.data
  throw cannotLook(`the secret of ${subject.id} is not {"a": "<token>", "b": "<another token>"}`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
