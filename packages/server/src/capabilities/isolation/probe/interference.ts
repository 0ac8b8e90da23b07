import type { Canaries, Operation } from './canaries.ts'
import { makeEach } from './made.ts'
import { differing, placesOf, scoped, type Places } from './places.ts'
import { objectsOf, type Name, type Setting } from './trial.ts'

type Ask = (operation: Operation) => Promise<Places>

/**
 * What the stranger reads does not depend on what the owner makes. A counter, a clock and a server of
 * several change by themselves: a place counts where it is the same each time that nothing happens, is
 * another as often as the owner has made things, and the same again when they are gone.
 */
export async function findInterference(
  { canaries, making }: Setting,
  [owner, stranger]: readonly [Name, Name],
  onCrossing: (operation: Operation, why: string) => void,
): Promise<void> {
  const ask: Ask = async (operation) =>
    placesOf(await making.send({ tenant: stranger }, operation, objectsOf(canaries, stranger)))
  const { before, volatile } = await askTwice(canaries, ask)
  const from = making.made.length
  await makeEach(making, canaries, owner)
  let moved: Moved = new Map()
  for (const [operation, places] of before) {
    const changed = differing(places, await ask(operation))
    moved.set(
      operation,
      changed.filter((place) => !volatile.has(scoped(operation, place))),
    )
  }
  for (let times = 0; times < 3; times++) {
    moved = withPlaces(moved)
    if (moved.size === 0) return
    await making.remove(from)
    moved = await keep(moved, (operation, place, now) => now === before.get(operation)!.get(place))
    await makeEach(making, canaries, owner)
    moved = await keep(moved, (operation, place, now) => now !== before.get(operation)!.get(place))
  }
  for (const operation of withPlaces(moved).keys()) {
    onCrossing(operation, 'its answer changes with what another tenant makes')
  }

  /** The places that are so each time of three. */
  async function keep(all: Moved, fits: (o: Operation, place: string, now?: string) => boolean) {
    const kept: Moved = new Map()
    for (const [operation, places] of withPlaces(all)) {
      const answers = [await ask(operation), await ask(operation), await ask(operation)]
      const isKept = (place: string) =>
        answers.every((now) => fits(operation, place, now.get(place)))
      kept.set(operation, places.filter(isKept))
    }
    return kept
  }
}

/** Places of answers that may have moved with what the owner did. */
type Moved = Map<Operation, string[]>

const withPlaces = (moved: Moved): Moved =>
  new Map([...moved].filter(([, places]) => places.length > 0))

/** What is read when nothing happens, and what is another each time. */
async function askTwice({ operations, global = [] }: Canaries, ask: Ask) {
  const before = new Map<Operation, Places>()
  const volatile = new Set<string>()
  for (const operation of operations) {
    if (operation.method !== 'GET' || operation.public || global.includes(operation.name)) continue
    const [first, second] = [await ask(operation), await ask(operation)]
    for (const place of differing(first, second)) volatile.add(scoped(operation, place))
    before.set(operation, second)
  }
  return { before, volatile }
}
