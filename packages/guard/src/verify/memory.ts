/** Answers that are remembered for a moment, each from when it was asked for. */
export interface Memory<T> {
  /** The answer for a key, asked for anew when the last one is too old; who asks meanwhile shares it. */
  get(key: string, ask: () => Promise<T>): Promise<T>
  /** Forgets what keys that begin so have, also what is asked for just now. */
  forget(begin: string): void
}

/**
 * An answer is as old as its question: what changed after that is not in it. Failures are not remembered, and
 * no more than `most` answers are held, so that whoever guesses fills nothing.
 * @param clock milliseconds that are never set back
 */
export function openMemory<T>(
  { lasts, most }: { lasts: number; most: number },
  clock: () => number = () => performance.now(),
): Memory<T> {
  const held = new Map<string, { at: number; answer: Promise<T> }>()

  function makeRoom(now: number) {
    for (const [key, { at }] of held) {
      // In the order in which they were asked for.
      if (at + lasts > now && held.size < most) return
      held.delete(key)
    }
  }

  return {
    get(key, ask) {
      const now = clock()
      const known = held.get(key)
      if (known && known.at + lasts > now) return known.answer
      held.delete(key)
      makeRoom(now)
      const answer = ask()
      const one = { at: now, answer }
      if (lasts > 0) held.set(key, one)
      answer.catch(() => {
        if (held.get(key) === one) held.delete(key)
      })
      return answer
    },
    forget(begin) {
      for (const key of held.keys()) if (key.startsWith(begin)) held.delete(key)
    },
  }
}
