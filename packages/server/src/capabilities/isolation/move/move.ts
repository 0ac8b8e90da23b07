import type { JobContext } from '../../../foundation/capability.ts'
import { asFailure, Failure } from '../../../foundation/failure.ts'
import { moveOperations as operations } from './move-operations.ts'
import { checkMove, readAlike } from './move-check.ts'
import { differing, sumAll } from './move-compare.ts'
import { refuseOrphans, refusePointing } from './move-keys.ts'
import { copyChanges, deleteRows } from './move-rows.ts'
import { advanceSequences } from './move-sequences.ts'
import {
  areOne,
  cannotMove,
  lockTenant,
  movedTo,
  refusalOf,
  sayHome,
  sayMoved,
  takeTurn,
  within,
  withSides,
  writing,
  type Side,
} from './move-side.ts'
import { readTables, type Table } from './move-tables.ts'
import type { MoveState, Plan, Sum } from './moves.ts'

/** What a move comes through; a test interrupts it at each. */
export const moveSteps = [
  'checked',
  'closed there',
  'copied',
  'caught up',
  'locked',
  'last changes copied',
  'verified',
  'told here',
  'verified again',
  'opened there',
  'placed there',
  'deleted here',
  'finished',
] as const
export type MoveStep = (typeof moveSteps)[number]

/** A move as it is carried out, from whatever state it was left in. */
interface Move {
  id: string
  plan: Plan
  source: Side
  destination: Side
  tables: Table[]
  /** Whether what acts on new rows there must be silenced. */
  isQuiet: boolean
  work: JobContext
  step: (step: MoveStep) => void
}

/** So many changes are few enough to be copied while the scopes of the tenant wait. */
const fewChanges = 100
const mostPasses = 10
const mostTries = 5

/**
 * Carries a move out, from where it was left. What it refuses, and an error that nobody foresaw, is rolled
 * back with words; what may be otherwise the next time, as a database that is away, is thrown and tried again.
 */
export async function carryOut(
  work: JobContext,
  id: string,
  step: (step: MoveStep) => void = () => {},
): Promise<void> {
  const first = await work.ask(operations.prepare, { move: id })
  if (isOver(first.state)) return
  await withSides(work, first, async (source, destination) => {
    if (!(await takeTurn(destination))) return
    // Whoever had the turn before may have come further.
    const plan = await work.ask(operations.prepare, { move: id })
    if (isOver(plan.state)) return
    const move = { id, plan, source, destination, tables: [], isQuiet: false, work, step }
    await goOn(move)
  })
}

const isOver = (state: MoveState) => state === 'done' || state === 'rolled-back'

/** What is no better the next time. */
const endings: ReadonlySet<string> = new Set(['cannot-move', 'internal'])

async function goOn(move: Move): Promise<void> {
  let { state } = move.plan
  try {
    if (await areOne(move.source, move.destination)) {
      throw cannotMove(`${move.source.id} and ${move.destination.id} are one database`)
    }
    move.tables = await readAlike(move.source, move.destination)
    move.isQuiet = move.tables.some(({ triggers }) => triggers.length > 0)
    if (state === 'planned') {
      await refuseUnwanted(move)
      await checkMove(move)
      move.step('checked')
      state = await advance(move, state, 'copying')
    }
    if (state === 'copying') {
      await copyAll(move)
      state = await advance(move, state, 'catching-up')
    }
    if (state === 'catching-up') {
      await catchUp(move)
      state = await advance(move, state, 'switching')
    }
    if (state === 'switching') {
      await switchOver(move)
      state = 'cleaning'
    }
  } catch (error) {
    const { code, message } = asFailure(error)
    if (!(endings.has(code) && (await mayRollBack(move, state)))) throw error
    if (code === 'internal') move.work.log({ error })
    return await rollBack(move, state, message)
  }
  await clean(move)
}

async function advance(
  { id, work }: Move,
  from: 'planned' | 'copying' | 'catching-up',
  to: 'copying' | 'catching-up' | 'switching',
): Promise<MoveState> {
  await work.ask(operations.advance, { move: id, from, to })
  return to
}

async function refuseUnwanted({ id, work }: Move): Promise<void> {
  const { refused } = await work.ask(operations.prepare, { move: id })
  if (refused !== null) throw cannotMove(refused)
}

/** Until the tenant is at home there, nobody may open a scope of it there. */
async function copyAll(move: Move): Promise<void> {
  const { source, destination, step } = move
  await sayMoved(destination, source.id)
  step('closed there')
  await pass(move)
  step('copied')
}

/** From one snapshot of the source, while the app goes on writing there. */
async function pass(move: Move): Promise<number> {
  await refuseUnwanted(move)
  const { source, destination, tables, isQuiet } = move
  return await within(source, 'begin isolation level repeatable read read only', () =>
    copyChanges(source, destination, tables, isQuiet),
  )
}

async function catchUp(move: Move): Promise<void> {
  for (let passes = 0; passes < mostPasses; passes++) {
    const changes = await pass(move)
    move.step('caught up')
    if (changes <= fewChanges) return
  }
}

async function switchOver(move: Move): Promise<void> {
  // Once the source says that the tenant moved, there is no way back but another move.
  const isTold = (await movedTo(move.source)) !== null
  const tables = isTold ? await openThere(move, null) : await tellHere(move)
  move.step('opened there')
  await move.work.ask(operations.switch, { move: move.id, tables })
  move.step('placed there')
}

/** Tries to find the scopes of the tenant closed, and copies on while they are not. */
async function tellHere(move: Move): Promise<Sum[]> {
  for (let tries = 1; ; tries++) {
    await refusePointing(move.source, await readTables(move.source))
    try {
      return await lockAndTell(move)
    } catch (error) {
      const isOpen = refusalOf(error) === '55P03'
      const isChanged = asFailure(error).detail['differing'] !== undefined
      if (!(isOpen || isChanged)) throw error
      if (isOpen && tries === mostTries) throw cannotMove('scopes of the tenant stay open')
      if (tries === mostTries) throw error
    }
    await pass(move)
  }
}

/**
 * With the scopes of the tenant closed here and there: the last changes, what both sides then hold, and
 * the word that it moved. Only then is it opened there.
 */
async function lockAndTell(move: Move): Promise<Sum[]> {
  const { source, destination, tables, isQuiet, step } = move
  await source.query(writing)
  try {
    await lockTenant(source)
    step('locked')
    await refuseUnwanted(move)
    await copyChanges(source, destination, tables, isQuiet)
    await advanceSequences(source, destination, tables)
    step('last changes copied')
    const sums = await verify(move)
    step('verified')
    await destination.query(writing)
    await lockTenant(destination)
    await sayMoved(source, destination.id)
    await source.query('commit')
    step('told here')
    return await openThere(move, sums)
  } catch (error) {
    await source.query('rollback').catch(() => {})
    await destination.query('rollback').catch(() => {})
    throw error
  }
}

async function verify({ source, destination, tables, isQuiet }: Move): Promise<Sum[]> {
  const [here, there] = await Promise.all([sumAll(source, tables), sumAll(destination, tables)])
  const other = differing(here, there)
  if (other.length > 0) {
    // Who writes beside the scopes is not kept waiting by the lock.
    const fix = 'let nothing write rows of the tenant outside a scope while it moves'
    const why = `${other.join(', ')} differ after copying`
    throw new Failure('cannot-move', why, { fix, differing: other })
  }
  if (isQuiet) await refuseOrphans(destination, tables)
  return there
}

/**
 * Opens the destination, once it was verified again: it is closed until then, and the source too, so that
 * both must hold the same. If they do not, the word is taken back and the tenant stays at the source.
 */
async function openThere(move: Move, sums: Sum[] | null): Promise<Sum[]> {
  const { source, destination, step } = move
  if (sums === null) {
    // It was opened before whoever did so was killed: the app may have written there since.
    if ((await movedTo(destination)) === null) return await sumAll(destination, move.tables)
    await destination.query(writing)
    await lockTenant(destination)
  }
  try {
    const again = await verify(move)
    step('verified again')
    await sayHome(destination)
    await destination.query('commit')
    return again
  } catch (error) {
    await destination.query('rollback').catch(() => {})
    if (asFailure(error).code === 'cannot-move') await sayHome(source)
    throw error
  }
}

/** What the tenant left behind goes: the destination has it, and was verified twice to. */
async function clean({ id, source, destination, work, step }: Move): Promise<void> {
  const [from, there] = [await movedTo(source), await movedTo(destination)]
  if (from !== destination.id || there !== null) {
    throw new Failure(
      'conflict',
      `${source.id} does not say that the tenant moved: nothing is deleted`,
    )
  }
  await within(source, writing, async () => {
    const own = await readTables(source)
    if (own.some(({ triggers }) => triggers.length > 0)) {
      await source.query(`select set_config('session_replication_role', 'replica', true)`)
    }
    await deleteRows(source, own)
  })
  step('deleted here')
  await work.ask(operations.finish, { move: id })
  step('finished')
}

/**
 * Never once the source says that the tenant moved, nor while it is not known what was copied, nor when a
 * side is gone, as when this process goes down: then that is what the error is of.
 */
async function mayRollBack(
  { source, destination, tables }: Move,
  state: MoveState,
): Promise<boolean> {
  for (const side of [source, destination]) await side.query('select')
  if (state === 'planned') return true
  return state !== 'cleaning' && tables.length > 0 && (await movedTo(source)) === null
}

/** The tenant stays where it is. What was copied goes; before anything was, what is there is somebody's. */
async function rollBack(move: Move, from: MoveState, reason: string): Promise<void> {
  const { id, plan, destination, tables, work, isQuiet } = move
  if (from !== 'planned') {
    await within(destination, writing, async () => {
      if (isQuiet) {
        await destination.query(`select set_config('session_replication_role', 'replica', true)`)
      }
      await deleteRows(destination, tables)
      if (!plan.returns) await sayHome(destination)
    })
  }
  await work.ask(operations.rollBack, { move: id, from, reason: reason.slice(0, 500) })
}
