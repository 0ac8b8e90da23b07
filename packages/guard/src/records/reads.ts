import { GuardFailure } from '../failure.ts'
import type { Entry } from './outbox.ts'
import type { Witness } from './staff.ts'

export interface ReadsOptions {
  /** Writes entries of one tenant, all or none. */
  write: (tenant: string, entries: readonly Entry[]) => Promise<void>
  /** Milliseconds since 1970. */
  now: () => number
  /** Told of counts that could not be written yet, or were lost for want of room. */
  onProblem: (failure: GuardFailure) => void
  /** Different counts held at most: of so many tenants, people and actions in a minute. */
  most?: number
}

export interface Reads {
  count(tenant: string, actor: string, action: string): void
  /** Writes the minutes that are over; `all` the present one too. */
  flush(all?: boolean): Promise<void>
}

type Count = { tenant: string; actor: string; action: string; minute: number; reads: number }

const minuteOf = (instant: number) => Math.floor(instant / 60_000)

/**
 * Counts what tenants read of their own, for each person, action and minute. In memory, within a bound: a
 * process that is killed loses its last minute.
 */
export function openReads({ write, now, onProblem, most = 10_000 }: ReadsOptions): Reads {
  const counts = new Map<string, Count>()
  let lost = 0
  let flushing: Promise<void> = Promise.resolve()

  function add(count: Count): void {
    const { tenant, actor, action, minute } = count
    const key = JSON.stringify([tenant, actor, action, minute])
    const known = counts.get(key)
    if (known) known.reads += count.reads
    else if (counts.size < most) counts.set(key, count)
    else lost += count.reads
  }

  async function once(all: boolean): Promise<void> {
    const present = minuteOf(now())
    const due = [...counts].filter(([, { minute }]) => all || minute < present)
    for (const [key] of due) counts.delete(key)
    const tenants = Map.groupBy(due, ([, { tenant }]) => tenant)
    for (const [tenant, counted] of tenants) {
      const mine = counted.map(([, count]) => count)
      await write(tenant, mine.map(toEntry)).catch((error: unknown) => {
        mine.forEach(add)
        onProblem(unwritten(error))
      })
    }
    if (lost > 0) onProblem(noRoom(lost))
    lost = 0
  }

  return {
    count(tenant, actor, action) {
      add({ tenant, actor, action, minute: minuteOf(now()), reads: 1 })
    },
    flush(all = false) {
      flushing = flushing.then(() => once(all))
      return flushing
    },
  }
}

/** A scope that returned a row has read, and counts once. */
export function countOnce(reads: Reads, tenant: string, actor: string, action: string): Witness {
  let counted = false
  return {
    async look(query, run) {
      const result = await run(query)
      if (counted || result.rows.length === 0) return result
      counted = true
      reads.count(tenant, actor, action)
      return result
    },
  }
}

function toEntry({ tenant, actor, action, minute, reads }: Count): Entry {
  const detail = { minute: new Date(minute * 60_000).toISOString(), reads }
  return { tenant, actor, kind: 'reads', action, detail }
}

function unwritten(cause: unknown): GuardFailure {
  const fix = 'they are kept and tried again; see that the database can be reached'
  return new GuardFailure('unrecorded', 'counts of reads could not be written', fix, cause)
}

function noRoom(lost: number): GuardFailure {
  const fix = 'see that the database can be reached, so that they are written in time'
  return new GuardFailure('unrecorded', `${lost} reads were not counted: too many wait`, fix)
}
