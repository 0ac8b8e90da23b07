import type { Collector, CollectorContext, Observation } from './capability.ts'
import type { Measure, System } from '@kept/page'
import { Failure } from './failure.ts'

/** Why something could not be looked at, in plain words and without secrets. */
export function cannotLook(why: string, cause?: unknown): Failure {
  return new Failure('not-connected', why, {}, cause)
}

/**
 * Declares a collector whose look may end in `cannotLook` at any depth: what could not be seen, was
 * given up or took too long is inconclusive. Any other error is a fault of ours and goes on.
 */
export function collector(declared: Collector): Collector {
  return {
    ...declared,
    async collect(subject, context) {
      const { signal } = context
      const over = AbortSignal.timeout(declared.timeout * 1000)
      const bound = { ...context, signal: AbortSignal.any([signal, over]) }
      try {
        bound.signal.throwIfAborted()
        return await declared.collect(subject, bound)
      } catch (error) {
        if (over.aborted) return unseen(`it took more than ${declared.timeout} s`)
        if (signal.aborted) return unseen('the look was given up')
        if (error instanceof Failure && error.code === 'not-connected') return unseen(error.message)
        throw error
      }
    },
  }
}

function unseen(note: string): Observation {
  return { outcome: 'inconclusive', measured: {}, note }
}

/** What was seen; with an objection it failed whatever a page may promise about it. */
export function seen(
  measured: Readonly<Record<string, Measure>>,
  objection: string | null = null,
  note: string | null = null,
): Observation {
  const said = objection ?? note
  return {
    outcome: objection === null ? 'pass' : 'fail',
    measured,
    ...(said === null ? {} : { note: said }),
  }
}

/** The address of a system, or an end of the look. */
export function addressOf({ id, address }: System): string {
  if (address !== null) return address
  throw cannotLook(`${id} has no address in systems.yaml`)
}

/** What opens a system, or an end of the look. */
export function secretOf(
  { id, secret }: System,
  { outside }: Pick<CollectorContext, 'outside'>,
): string {
  if (secret === null) throw cannotLook(`${id} names no secret in systems.yaml`)
  const value = outside.secret(secret)
  if (value !== null) return value
  throw cannotLook(`the secret ${secret} of ${id} is not set`)
}

/** What a tag `name:value` of a system says, once for each such tag. */
export function tagged({ tags }: System, name: string): string[] {
  return tags.filter((tag) => tag.startsWith(`${name}:`)).map((tag) => tag.slice(name.length + 1))
}
