import { describe, expect, it } from 'vitest'
import type { GuardFailure } from '../failure.ts'
import type { Entry } from './outbox.ts'
import { openReads } from './reads.ts'

const noon = Date.UTC(2026, 10, 20, 12)

/** Where counts go, with a database that can be away. */
function world(most?: number) {
  const state = { now: noon, away: false }
  const written: Entry[] = []
  const problems: GuardFailure[] = []
  const reads = openReads({
    now: () => state.now,
    onProblem: (failure) => problems.push(failure),
    async write(_, entries) {
      if (state.away) throw new Error('the database is away')
      written.push(...entries)
    },
    ...(most !== undefined && { most }),
  })
  const said = () => written.map(({ tenant, detail }) => `${tenant} ${String(detail['reads'])}`)
  return { state, problems, reads, said }
}

describe('counts of reads', () => {
  it('are written once their minute is over', async () => {
    const { state, reads, said } = world()
    reads.count('acme', 'user:ada', 'x.read')
    reads.count('acme', 'user:ada', 'x.read')
    await reads.flush()
    expect(said()).toEqual([])
    state.now += 60_000
    await reads.flush()
    await reads.flush()
    expect(said()).toEqual(['acme 2'])
  })

  it('wait while the database is away, and are told of', async () => {
    const { state, problems, reads, said } = world()
    reads.count('acme', 'user:ada', 'x.read')
    state.away = true
    await reads.flush(true)
    expect([said(), problems.map(({ code }) => code)]).toEqual([[], ['unrecorded']])
    state.away = false
    reads.count('acme', 'user:ada', 'x.read')
    await reads.flush(true)
    expect(said()).toEqual(['acme 2'])
  })

  it('have a bound, and say what was lost beyond it', async () => {
    const { problems, reads, said } = world(2)
    for (const tenant of ['a', 'b', 'c', 'a']) reads.count(tenant, 'user:ada', 'x.read')
    await reads.flush(true)
    expect(said()).toEqual(['a 2', 'b 1'])
    expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(/^1 reads/)])
    reads.count('c', 'user:ada', 'x.read')
    await reads.flush(true)
    expect(said()).toEqual(['a 2', 'b 1', 'c 1'])
    expect(problems).toHaveLength(1)
  })
})
