import { describe, expect, it } from 'vitest'
import type { Measure } from '../evidence.ts'
import type { Value } from '../params.ts'
import { findProof } from '../proofs/index.ts'
import { at, day, evidenceOf, exampleWorld, hour, judgeAt, keeping } from '../../test/world.ts'

/** The verdict on a promise whose intake is alive and whose only practice is this. */
function practised(id: string, params: Record<string, Value>, measured: Record<string, Measure>) {
  const example = exampleWorld(findProof(id)!, 1)
  const world = { ...example, params: { ...example.params, ...params } }
  const strand = world.strands.find(({ role }) => role === 'rehearsal')!
  const others = keeping(world).filter(({ kind }) => kind !== strand.kind)
  const [subject] = world.register.subjects
  const drill = evidenceOf(world, strand, subject!.id, { measured })
  const verdict = judgeAt(world, [...others, drill])
  return [verdict.verdict, verdict.because] as const
}

const { now } = exampleWorld(findProof('incident.notice')!)
/** Times of a rehearsal that began 25 days ago, before it was seen. */
const took = (length: number) => {
  const startedAt = now - 25 * day
  return { startedAt: at(startedAt), doneAt: at(startedAt + length) }
}

describe('a rehearsal', () => {
  const promise = { to: 'all', via: ['email'] }
  const whole = { recipients: 100, reached: 100, to: 'all', via: ['email'] }
  const { via: _, ...unsaid } = whole

  it.each([
    [{}, 'kept', 'rehearsed'],
    [whole, 'kept', 'rehearsed'],
    [{ ...whole, reached: 0 }, 'broken', '100 customers not reached'],
    [{ ...whole, via: ['portal'] }, 'broken', 'not sent by email'],
    [{ ...unsaid, reached: 0 }, 'broken', '100 customers not reached'],
    [unsaid, 'unproven', 'did not measure'],
    [{ reached: 100 }, 'unproven', 'did not measure'],
    [{ ...whole, ...took(24 * hour) }, 'kept', 'rehearsed'],
    [{ ...whole, ...took(25 * hour) }, 'broken', 'took 1 d 1 h, promised 24h'],
    [took(hour), 'kept', 'rehearsed'],
    [took(4 * day), 'broken', 'took 4 d, promised 24h'],
    [took(-hour), 'unproven', 'did not measure'],
    [{ ...took(hour), doneAt: at(now) }, 'unproven', 'did not measure'],
    [{ startedAt: took(hour).startedAt }, 'unproven', 'did not measure'],
  ])('that measures %j: %s', (measured, verdict, because) => {
    const said = practised('incident.notice', promise, measured)
    expect(said[0]).toBe(verdict)
    expect(said[1]).toContain(because)
  })

  const limit = (hours: number) => ({
    target: { months: 0, seconds: hours * 3600 },
    promise: { months: 0, seconds: hours * 3600 },
  })
  it.each([
    [{ critical: limit(4) }, { severity: 'critical', ...took(4 * hour) }, 'kept'],
    [{ critical: limit(4) }, { severity: 'critical', ...took(5 * hour) }, 'broken'],
    // Nobody practised what the page promises.
    [{ critical: limit(4) }, { severity: 'low' }, 'unproven'],
    [{ critical: limit(4), low: 'next-test' }, { severity: 'low' }, 'kept'],
    [{ low: 'next-test' }, { severity: 'low', ...took(hour) }, 'unproven'],
    [{ low: 'next-test' }, { severity: 'low', ...took(hour), dueAt: at(now) }, 'kept'],
    [
      { low: 'next-test' },
      { severity: 'low', ...took(day), dueAt: at(now - 25 * day + hour) },
      'broken',
    ],
  ])('of %j that measures %j: %s', (params, measured, verdict) => {
    expect(practised('findings.fixed', params, measured)[0]).toBe(verdict)
  })

  it('is of the event that starts the clock', () => {
    const facts = { tables: 1, rowsLeft: 0, backups: 1, backupsReadable: 0 }
    const judge = (startedBy: string, after: string) =>
      practised('erase', { after }, { ...facts, startedBy })[0]
    expect(judge('termination', 'termination')).toBe('kept')
    expect(judge('request', 'termination')).toBe('unproven')
    expect(judge('request', 'request')).toBe('kept')
  })
})
