import type { Instant } from '@kept/page'
import { z } from 'zod'
import type { Failure } from './failure.ts'
import type { Transaction } from './transaction.ts'

/** JSON as it stands in the ledger. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json }

/** A document that is not JSON: a page, a tile, a picture. `etag` without quotes. */
export interface Document {
  type: string
  body: string | Uint8Array
  status?: number
  headers?: Readonly<Record<string, string>>
  /** When it stops being true, as far as is known: nobody is handed it later. */
  until?: Instant
  /** Becomes a cookie, as the output of a route that says so does. */
  session?: Session | null
  /** Becomes the cookie that a sign-in is bound to its browser by. */
  challenge?: Session | null
}

/** What its bearer is known by. It leaves as a cookie that no script reads, and in no body. */
export interface Session {
  token: string
  /** When it ends at the latest. */
  endsAt: Instant
}

/** The output of an operation that hands out a document. */
export const documentOf = z.custom<Document>()

/**
 * One thing that can be done, whoever asks: over HTTP, as a job, from the command line. The action
 * `claims.apply` is the operation, the policy's action and the ledger's event alike. Who may ask says
 * the `policy.cedar` of its capability.
 */
export interface Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  action: `${string}.${string}`
  /** What it does, in one sentence: the summary of the API. */
  says: string
  input: I
  /** What leaves: anything the schema does not name is stripped. */
  output: O
  /** What the ledger keeps of it, for every write. Never personal data in the clear. */
  entry?: (input: z.output<I>, output: z.output<O>) => Json
  /** What the ledger keeps of a refusal that others should know of; null for any other. */
  refusal?: (input: z.output<I>, failure: Failure) => Json | null
  /** Its reply holds a secret: none is kept for who sends it again. */
  secret?: true
  /** Keeps what must stay of a refusal, such as how often one was wrong: in a transaction of its own. */
  refused?: (tx: Transaction, input: z.output<I>, failure: Failure) => Promise<void>
  /** What goes outside first, where no transaction is open; the work is handed what it found. */
  ahead?(work: Ahead, input: z.output<I>): Promise<unknown>
  run(tx: Transaction, input: z.output<I>, found?: unknown): Promise<z.input<O>>
}

/** What an operation may do before its work. */
export interface Ahead {
  now: Instant
  /** A transaction of its own, which stays done whatever comes of the rest. */
  first<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
}

/** Declares an operation with the types of its schemas. */
export function operation<I extends z.ZodType, O extends z.ZodType, Found>(
  declared: Declared<I, O, Found>,
): Operation<I, O> {
  return declared
}

/** An operation whose work takes what went before it found. */
type Declared<I extends z.ZodType, O extends z.ZodType, Found> = Omit<
  Operation<I, O>,
  'ahead' | 'run'
> & {
  ahead?(work: Ahead, input: z.output<I>): Promise<Found>
  run(tx: Transaction, input: z.output<I>, found: Found): Promise<z.input<O>>
}

/** An operation at an address. `{name}` in the path, the query and the body make up the input. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  operation: Operation
  /** Documents are sent as they are; everything else is JSON. */
  document?: true
  /** What anybody gets alike: it may be handed out again for a moment. */
  cached?: true
  /** What a stranger may ask for only so often: it costs us or somebody else something. */
  limited?: true
  /** How large a body it takes; 64 KiB when absent. */
  mostBytes?: number
  /** Status of success; 200 when absent. */
  status?: number
  /** Its output has a `session`, which becomes a cookie; null takes the cookie away. */
  session?: true
  /**
   * Part of a sign-in by a provider: the cookie that binds it to its browser is the input's `challenge`, and
   * what the output has by that name becomes the cookie.
   */
  challenge?: true
  /** Other sites post here on purpose: no cookie counts, so that nothing is done by anybody's leave. */
  foreign?: true
  /** The query as it was sent is the input's `query`: a signature covers its bytes. */
  query?: true
  /** The header Authorization is the input's `authorization`, of a protocol of others, and proves no caller. */
  authorization?: true
  /** How a failure is told, where a protocol of others says so. */
  tells?: (failure: Failure) => Document
}

export function route(
  method: Route['method'],
  path: string,
  operation: Operation,
  more: Omit<Route, 'method' | 'path' | 'operation'> = {},
): Route {
  return { method, path, operation, ...more }
}
