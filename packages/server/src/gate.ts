import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { z } from 'zod'
import { Failure } from './foundation/failure.ts'
import type { Json, Operation } from './foundation/operation.ts'
import type { Time } from './foundation/time.ts'
import { at, json, transact, type Actor, type Transaction } from './foundation/transaction.ts'

/** What comes with a request and may prove who sends it. */
export interface Credentials {
  method: string
  url: string
  headers: Readonly<Record<string, string | undefined>>
  body: Uint8Array
}

/** Who asks: an actor known already, or credentials to be proved. */
export type Caller = { actor: Actor } | { credentials: Credentials }

export interface Ask {
  caller: Caller
  operation: Operation
  /** What the operation takes, or what reads it, which is done once the caller may ask. */
  input: unknown
  /** A write sent again under the same key is done once. */
  idempotencyKey?: string
}

/** What the gate needs of capabilities; `platform.ts` wires them, so that the gate imports none. */
export interface Ports {
  authenticate(tx: Transaction, credentials: Credentials): Promise<Actor>
  authorize(actor: Actor, operation: Operation): boolean
  record(tx: Transaction, action: string, entry: Json): Promise<void>
}

export interface Gate {
  enter(ask: Ask): Promise<unknown>
}

export const nobody: Actor = { kind: 'public', id: 'anyone' }

/**
 * The only way in, for HTTP, jobs and the command line alike: authenticate, authorize, read the
 * input, open a scoped transaction, work, record, and let out only what the output names. A refusal
 * comes before the input is looked at, so that a stranger learns nothing from its errors.
 */
export function openGate(pool: Pool, time: Time, ports: Ports): Gate {
  const scoped = <T>(actor: Actor, work: (tx: Transaction) => Promise<T>) =>
    transact(pool, { actor, now: time.now(), tenant: null }, work)

  async function identify(caller: Caller): Promise<Actor> {
    if ('actor' in caller) return caller.actor
    return scoped(nobody, (tx) => ports.authenticate(tx, caller.credentials))
  }

  return {
    async enter({ caller, operation, input, idempotencyKey }) {
      const actor = await identify(caller)
      if (!ports.authorize(actor, operation)) throw refuse(actor)
      const isWrite = operation.entry !== undefined
      // What nothing is recorded of keeps no replies: strangers would share their keys, and what is in them.
      if (idempotencyKey !== undefined && !isWrite) throw keyUnused(operation)
      const known = read(operation.input, typeof input === 'function' ? input() : input)
      const working = scoped(actor, async (tx) => {
        const request = digest(operation.action, known)
        const replied =
          isWrite && idempotencyKey ? await earlier(tx, actor, idempotencyKey, request) : null
        if (replied) return replied.reply
        const output = operation.output.parse(await operation.run(tx, known))
        if (operation.entry) {
          await ports.record(tx, operation.action, operation.entry(known, output))
          if (idempotencyKey) await remember(tx, actor, idempotencyKey, request, output)
        }
        return output
      })
      return working.catch(async (error: unknown) => {
        const refusal = error instanceof Failure ? operation.refusal?.(known, error) : null
        // What was refused is undone, so that its entry needs a transaction of its own.
        if (refusal) await scoped(actor, (tx) => ports.record(tx, operation.action, refusal))
        throw error
      })
    },
  }
}

function keyUnused({ action }: Operation): Failure {
  return new Failure(
    'bad-input',
    `${action} keeps no replies, so an Idempotency-Key does nothing`,
    {
      fix: 'send it without an Idempotency-Key; look whether it was done before sending it again',
    },
  )
}

export function refuse(actor: Actor): Failure {
  return actor.kind === 'public'
    ? new Failure('not-signed-in', 'this needs a known caller', {
        fix: 'sign the request with a registered key: kept --key FILE',
      })
    : new Failure('not-allowed', `${actor.kind} ${actor.id} may not do that`)
}

function read(schema: z.ZodType, input: unknown): unknown {
  const reading = schema.safeParse(input)
  const errors = reading.success
    ? findUnstorable(reading.data)
    : reading.error.issues.map(({ path, message }) => `${pointer(path)}: ${message}`)
  if (reading.success && errors.length === 0) return reading.data
  throw new Failure('bad-input', errors[0]!, { errors: errors.slice(0, 20) })
}

function pointer(path: readonly PropertyKey[]): string {
  return `/${path.map(String).join('/')}`
}

/** Texts that no database and no canonical JSON can hold: NUL, and half of a character. */
function findUnstorable(value: unknown, path: readonly PropertyKey[] = []): string[] {
  if (typeof value === 'string') {
    if (!value.includes('\0') && value.isWellFormed()) return []
    return [`${pointer(path)}: a text may hold neither NUL nor half a character`]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => [
    ...findUnstorable(key, path),
    ...findUnstorable(one, [...path, key]),
  ])
}

function digest(action: string, input: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([action, input]))
    .digest()
}

async function earlier(
  tx: Transaction,
  actor: Actor,
  key: string,
  request: Buffer,
): Promise<{ reply: unknown } | null> {
  // Two requests under one key take turns, so that the second finds what the first replied.
  await tx.rows`select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(${name(actor) + key}, 0))`
  const known = await tx.row<{ request: Buffer; reply: unknown }>`
    select request, reply from kept.replies where actor = ${name(actor)} and key = ${key}`
  if (known && !known.request.equals(request)) {
    throw new Failure('key-reused', `the key ${key} stands for another request`, {
      fix: 'use a new key for each new request',
    })
  }
  return known
}

async function remember(
  tx: Transaction,
  actor: Actor,
  key: string,
  request: Buffer,
  reply: unknown,
): Promise<void> {
  await tx.rows`insert into kept.replies (actor, key, request, reply, at)
    values (${name(actor)}, ${key}, ${request}, ${json(reply)}, ${at(tx.now)})`
  await tx.rows`delete from kept.replies where at < ${at(tx.now - 86_400_000)}`
}

function name(actor: Actor): string {
  return `${actor.kind}:${actor.id}`
}
