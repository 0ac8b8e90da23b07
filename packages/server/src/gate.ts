import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { z } from 'zod'
import { Failure } from './foundation/failure.ts'
import type { Ahead, Json, Operation } from './foundation/operation.ts'
import type { Time } from './foundation/time.ts'
import { at, json, transact, type Actor, type Transaction } from './foundation/transaction.ts'

/** What comes with a request and may prove who sends it. */
export interface Credentials {
  method: string
  url: string
  headers: Readonly<Record<string, string | undefined>>
  body: Uint8Array
  /** Where it came from, as far as declared proxies tell it. */
  address: string
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
  authorize(actor: Actor, operation: Pick<Operation, 'action'>): boolean
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
  type Who = { actor: Actor; address: string | null }
  const scoped = <T>({ actor, address }: Who, work: (tx: Transaction) => Promise<T>) =>
    transact(pool, { actor, address, now: time.now(), tenant: actor.tenant ?? null }, work)

  async function identify(caller: Caller): Promise<Who> {
    if ('actor' in caller) return { actor: caller.actor, address: null }
    const { address } = caller.credentials
    const actor = await scoped({ actor: nobody, address }, (tx) =>
      ports.authenticate(tx, caller.credentials),
    )
    return { actor, address }
  }

  /** What was refused is undone, so that what is kept of it needs a transaction of its own. */
  async function keepRefusal(
    who: Who,
    { action, refusal, refused }: Operation,
    input: unknown,
    failure: Failure,
  ): Promise<void> {
    const entry = refusal?.(input, failure) ?? null
    if (entry === null && !refused) return
    await scoped(who, async (tx) => {
      await refused?.(tx, input, failure)
      if (entry !== null) await ports.record(tx, action, entry)
    })
  }

  return {
    async enter({ caller, operation, input, idempotencyKey }) {
      const who = await identify(caller)
      const { actor } = who
      if (!ports.authorize(actor, operation)) throw refuse(actor)
      const keepsReply = operation.entry !== undefined && !operation.secret
      // What nothing is recorded of keeps no replies: strangers would share their keys, and what is in them.
      if (idempotencyKey !== undefined && !keepsReply) throw keyUnused(operation)
      const known = read(operation.input, typeof input === 'function' ? input() : input)
      const work = async (tx: Transaction, found: unknown) => {
        const request = digest(operation.action, known)
        const replied = idempotencyKey ? await earlier(tx, actor, idempotencyKey, request) : null
        if (replied) return replied.reply
        const output = operation.output.parse(await operation.run(tx, known, found))
        if (operation.entry) {
          await ports.record(tx, operation.action, operation.entry(known, output))
          if (idempotencyKey) await remember(tx, actor, idempotencyKey, request, output)
        }
        return output
      }
      try {
        const first: Ahead['first'] = (part) => scoped(who, part)
        const found = await operation.ahead?.({ now: time.now(), first }, known)
        return await scoped(who, (tx) => work(tx, found))
      } catch (error) {
        if (error instanceof Failure) await keepRefusal(who, operation, known, error)
        throw error
      }
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
        fix: 'sign in, or sign the request with a registered key: kept --key FILE',
      })
    : actor.kind === 'entrant'
      ? new Failure('not-signed-in', 'this sign-in is not complete', {
          fix: 'prove your second factor, or set the password that is asked for',
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
