/** Test support: what an operation of the leaky app is, and the words all of them use. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type pg from 'pg'

export type Row = Record<string, unknown>
export type Query = Record<string, string | number | boolean | undefined>
export type Schema = Record<string, unknown>

export interface Caller {
  tenant: string
  member: string
  seat: number
  role: 'admin' | 'member'
}

export interface Call {
  /** Inside the caller's tenant. */
  tx: pg.ClientBase
  /** Passes row security: for tokens, jobs and the bucket. */
  back: pg.Pool
  caller: Caller
  params: Record<string, string>
  query: Query
  body: Row
  headers: FastifyRequest['headers']
  reply: FastifyReply
}

export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  says: string
  /** The least role that may. */
  for: 'member' | 'admin'
  query?: Record<string, Schema>
  headers?: Record<string, Schema>
  body?: Schema
  status?: number
  /** Starts when the jobs that are queued are done. */
  waits?: true
  run(call: Call): Promise<unknown>
}

export class Refused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const notFound = (): Refused => new Refused(404, 'not found')

export async function all(db: pg.ClientBase | pg.Pool, text: string, values: unknown[] = []) {
  const { rows } = await db.query<Row>(text, values)
  return rows
}

/** @throws Refused 404 without a row */
export async function one(db: pg.ClientBase | pg.Pool, text: string, values: unknown[] = []) {
  const [row] = await all(db, text, values)
  if (row === undefined) throw notFound()
  return row
}
