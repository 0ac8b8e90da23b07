/** What goes on, by what must not go on twice at once. */
const looking = new Map<string, Promise<unknown>>()

/**
 * Looks at one app, by whichever names systems.yaml has it, take turns: each would see, or count, what
 * the other does there.
 */
export async function takeTurn<T>(what: string, look: () => Promise<T>): Promise<T> {
  const mine = (looking.get(what) ?? Promise.resolve()).then(look, look)
  looking.set(what, mine)
  return await mine
}
