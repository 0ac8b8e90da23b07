import { z } from 'zod'
import { operation } from '../../../foundation/operation.ts'
import { kind, tenantId } from '../../tenancy/operations.ts'
import {
  advanceMove,
  cancelMove,
  finishMove,
  listMoves,
  moveStates,
  prepareMove,
  resumeMoves,
  rollBackMove,
  startMove,
  switchMove,
} from './moves.ts'

const nothing = z.strictObject({})
const state = z.enum(moveStates)
const move = z.uuid()
const sums = z.array(z.object({ table: z.string(), rows: z.number(), checksum: z.string() }))
const system = z.object({
  id: z.string(),
  type: z.literal('database'),
  provider: z.string().nullable(),
  environment: z.string().nullable(),
  regions: z.array(z.string()).readonly(),
  tags: z.array(z.string()).readonly(),
  address: z.string().nullable(),
  secret: z.string().nullable(),
})

/** The operations on tenants that move from one database to another. */
export const moveOperations = {
  start: operation({
    action: 'isolation.start-move',
    says: 'Plans to move a tenant with its rows to another cluster, without losing a write',
    input: z.strictObject({
      tenant: tenantId,
      cluster: z.string().min(1).max(100),
      kind: kind.default('shared'),
    }),
    output: z.object({ move: z.string(), handle: z.string(), from: z.string() }),
    entry: ({ cluster, kind: how }, { move: id, handle, from }) => ({
      move: id,
      tenant: handle,
      from,
      to: cluster,
      kind: how,
    }),
    refusal: ({ cluster, kind: how }, { code }) =>
      code === 'outside-regions' ? { to: cluster, kind: how, refused: code } : null,
    run: startMove,
  }),

  list: operation({
    action: 'isolation.list-moves',
    says: 'Moves of tenants, newest first, each with how far it is',
    input: z.strictObject({ tenant: tenantId.optional() }),
    output: z.object({
      moves: z.array(
        z.object({
          id: z.string(),
          tenant: z.string(),
          from: z.string(),
          to: z.string(),
          kind,
          state,
          cancelled: z.boolean(),
          startedAt: z.string(),
          startedBy: z.string(),
          endedAt: z.string().nullable(),
          reason: z.string().nullable(),
          tables: sums,
        }),
      ),
    }),
    run: async (tx, input) => ({ moves: await listMoves(tx, input) }),
  }),

  cancel: operation({
    action: 'isolation.cancel-move',
    says: 'Has a move rolled back, unless it has switched already',
    input: z.strictObject({ move }),
    output: nothing,
    entry: ({ move: id }) => ({ move: id }),
    async run(tx, { move: id }) {
      await cancelMove(tx, id)
      return {}
    },
  }),

  resume: operation({
    action: 'isolation.resume-moves',
    says: 'Sends moves out again that nobody carries on',
    input: nothing,
    output: z.object({ sent: z.number() }),
    run: async (tx) => ({ sent: await resumeMoves(tx) }),
  }),

  prepare: operation({
    action: 'isolation.prepare-move',
    says: 'What whoever carries a move out needs to know',
    input: z.strictObject({ move }),
    output: z.object({
      tenant: z.string(),
      kind,
      state,
      refused: z.string().nullable(),
      returns: z.boolean(),
      canaries: z.array(z.string()),
      source: system,
      destination: system,
    }),
    run: async (tx, { move: id }) => (await prepareMove(tx, id)) as never,
  }),

  advance: operation({
    action: 'isolation.advance-move',
    says: 'Notes that a move goes on from one state to the next',
    input: z.strictObject({
      move,
      from: z.enum(['planned', 'copying', 'catching-up']),
      to: z.enum(['copying', 'catching-up', 'switching']),
    }),
    output: nothing,
    async run(tx, { move: id, from, to }) {
      await advanceMove(tx, { move: id, from, to })
      return {}
    },
  }),

  switch: operation({
    action: 'isolation.switch-move',
    says: 'Places a tenant where its rows were verified to be',
    input: z.strictObject({ move, tables: sums }),
    output: z.object({
      handle: z.string(),
      from: z.string(),
      to: z.string(),
      rows: z.number(),
    }),
    entry: ({ move: id, tables }, { handle, ...rest }) => ({
      move: id,
      tenant: handle,
      ...rest,
      tables: tables.length,
    }),
    run: switchMove,
  }),

  finish: operation({
    action: 'isolation.finish-move',
    says: 'Notes that the rows of a moved tenant are gone where it was',
    input: z.strictObject({ move }),
    output: nothing,
    entry: ({ move: id }) => ({ move: id }),
    async run(tx, { move: id }) {
      await finishMove(tx, id)
      return {}
    },
  }),

  rollBack: operation({
    action: 'isolation.roll-back-move',
    says: 'Notes that a tenant stays where it is, and why',
    input: z.strictObject({ move, from: state, reason: z.string().min(1).max(500) }),
    output: nothing,
    entry: ({ move: id, reason }) => ({ move: id, reason }),
    async run(tx, input) {
      await rollBackMove(tx, input)
      return {}
    },
  }),
}
