import type { Instant } from '@kept/page'

/** When each fraction of the time from start to due has passed, to the millisecond; 1 is the due instant. */
export function alarmsOf(
  startedAt: Instant,
  dueAt: Instant,
  fractions: readonly number[],
): { fraction: number; instant: Instant }[] {
  return [...new Set([...fractions, 1])]
    .sort((a, b) => a - b)
    .map((fraction) => ({
      fraction,
      instant: fraction === 1 ? dueAt : Math.round(startedAt + (dueAt - startedAt) * fraction),
    }))
}
