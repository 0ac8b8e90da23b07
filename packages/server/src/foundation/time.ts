import type { Instant } from '@kept/page'

/** Where Kept takes the time from; nothing else asks a clock. Milliseconds since 1970. */
export interface Time {
  now(): Instant
}

export const systemTime: Time = { now: () => Date.now() }

/** A time that a test or the demo moves forward by hand. It never goes back. */
export interface MovableTime extends Time {
  /** Milliseconds that this time is ahead of its base. */
  readonly ahead: number
  advance(milliseconds: number): void
}

export function movableTime(base: Time, ahead = 0): MovableTime {
  let offset = ahead
  return {
    now: () => base.now() + offset,
    get ahead() {
      return offset
    },
    advance(milliseconds) {
      if (!(milliseconds >= 0)) throw new RangeError('time only moves forward')
      offset += milliseconds
    },
  }
}

/** A time that stands still until it is moved: for tests. */
export function stillTime(start: Instant): MovableTime {
  return movableTime({ now: () => start })
}
