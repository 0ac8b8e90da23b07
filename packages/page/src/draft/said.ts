import type { Obligation } from '../page.ts'
import { formatValue } from '../params.ts'
import { isWhole, type Match } from './match.ts'
import type { Said } from './spread.ts'

/**
 * One promise said over several clauses is one claim, where its rule says so; and what is said twice
 * is bound once, with the figures.
 */
export function joined(said: readonly Said[]): Said[] {
  const result: Said[] = []
  for (const one of said) {
    const { proof, params } = one.match.obligation
    const twin = result.find((other) => other.match.obligation.proof.id === proof.id)
    if (!twin) result.push(one)
    else if (one.match.joins && disjoint(twin.match, one.match)) join(twin, one)
    else if (within(one.match, twin.match)) continue
    else if (within(twin.match, one.match)) result[result.indexOf(twin)] = one
    else if (Object.keys(params).length > 0) result.push(one)
  }
  return result.sort((a, b) => a.clause.from - b.clause.from || a.match.from - b.match.from)
}

/** Leaves out what its proof would refuse, and the restore that a whole drill of recovery includes. */
export function whole(said: readonly Said[]): Said[] {
  const kept = said.filter(({ match }) => isWhole(match.obligation))
  const drilled = kept.some(
    ({ match: { obligation } }) =>
      obligation.proof.id === 'recovery' && obligation.params['every'] !== undefined,
  )
  return kept.filter(
    ({ match }) => !(drilled && match.obligation.proof.id === 'restore.point-in-time'),
  )
}

function disjoint(a: Match, b: Match): boolean {
  return Object.keys(a.obligation.params).every((name) => b.obligation.params[name] === undefined)
}

/** Whether one says nothing that the other does not say. */
function within(a: Match, b: Match): boolean {
  return says(b.obligation, a.obligation)
}

/** Whether an obligation is of the same proof as another, and has all that it says. */
export function includes(one: Obligation, other: Obligation): boolean {
  return one.proof.id === other.proof.id && says(one, other)
}

function says(one: Obligation, other: Obligation): boolean {
  return Object.entries(other.params).every(([name, value]) => {
    const own = one.params[name]
    return own !== undefined && formatValue(own) === formatValue(value)
  })
}

function join(twin: Said, one: Said): void {
  const { proof, params } = twin.match.obligation
  twin.match = {
    ...twin.match,
    to: twin.match.to,
    obligation: { proof, params: { ...params, ...one.match.obligation.params } },
  }
  twin.until = one.clause
}
