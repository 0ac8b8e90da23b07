import { evaluate, holding, prepare, writeExpression, type Expr, type PolicyJson } from './cedar.ts'
import { questionOf } from './decide.ts'
import type { Ask, Decision } from './policies.ts'
import type { Policy } from './read.ts'
import type { Schema } from './schema.ts'
import { expressionsOf, type Part } from './scope.ts'

/** A condition of a policy that did not hold; `error` when it could not be told. */
export interface Unmet {
  condition: string
  error: string | null
}

export interface Explanation {
  allowed: boolean
  /** For a person: what was decided and why, a sentence each. */
  says: readonly string[]
  permitted: readonly string[]
  /** Those that failed are among them. */
  forbade: readonly string[]
  /** Of a denial that nobody forbade: the permits of this action with the fewest unmet conditions. */
  nearest: readonly { policy: string; unmet: readonly Unmet[] }[]
}

interface Piece extends Part {
  /** Pieces of one clause are looked at in order, and only while those before held. */
  clause: number
}

const shownNearest = 3

/** Explains what `decide` decides. Each piece of each policy is prepared once, at the first ask. */
export function explainer(
  name: string,
  schema: Schema,
  policies: readonly Policy[],
  decide: (ask: Ask) => Decision,
) {
  const effects = new Map(policies.map(({ id, effect }) => [id, effect]))
  const permits = policies.filter(({ effect }) => effect === 'permit')
  let pieces: Map<string, Piece[]> | null = null
  const isPermit = (id: string) => effects.get(id) === 'permit'
  const read = () => (pieces ??= preparePieces(`${name}/pieces`, permits))

  return function explain(ask: Ask): Explanation {
    const decision = decide(ask)
    const question = questionOf(ask, schema)
    const isOpen = decision.because.length === 0 && typeof question !== 'string'
    const nearest = isOpen ? findNearest(read(), evaluate(`${name}/pieces`, question)) : []
    const explained = {
      allowed: decision.allowed,
      permitted: decision.because.filter(isPermit),
      forbade: decision.because.filter((id) => !isPermit(id)),
      nearest,
    }
    return { ...explained, says: sayDecision(ask, decision, explained) }
  }
}

function preparePieces(name: string, permits: readonly Policy[]): Map<string, Piece[]> {
  const pieces = new Map(permits.map(({ id, json }) => [id, piecesOf(json)]))
  const prepared = [...pieces].flatMap(([id, all]) =>
    all.map(({ expression }, i): [string, PolicyJson] => [keyOf(id, i), holding(expression)]),
  )
  prepare(name, Object.fromEntries(prepared))
  return pieces
}

function keyOf(id: string, i: number): string {
  return `${i} ${id}`
}

function piecesOf(policy: PolicyJson): Piece[] {
  return expressionsOf(policy).flatMap((part, clause) =>
    split(part.expression).map((expression) => ({ ...part, expression, clause })),
  )
}

/** The parts that must all hold: of `a && b` both, of `!(a || b)` neither. */
function split(expression: Expr): Expr[] {
  if ('&&' in expression) {
    const { left, right } = expression['&&'] as { left: Expr; right: Expr }
    return [...split(left), ...split(right)]
  }
  const denied = '!' in expression ? (expression['!'] as { arg: Expr }).arg : null
  if (denied === null || !('||' in denied)) return [expression]
  const { left, right } = denied['||'] as { left: Expr; right: Expr }
  return [...split({ '!': { arg: left } }), ...split({ '!': { arg: right } })]
}

function findNearest(
  pieces: ReadonlyMap<string, readonly Piece[]>,
  answer: ReturnType<typeof evaluate>,
): Explanation['nearest'] {
  if (typeof answer === 'string') return []
  const holds = new Set(answer.holds)
  const errors = new Map(answer.failed.map(({ policy, says }) => [policy, says]))
  const ranked = [...pieces].map(([policy, all]) => {
    const states = all.map((piece, i) => {
      const key = keyOf(policy, i)
      return { ...piece, holds: holds.has(key), error: errors.get(key) ?? null }
    })
    // What fails behind something that did not hold was never looked at.
    const unmet = states.filter(
      ({ holds: isMet, error, clause }, i) =>
        !isMet &&
        (error === null || states.slice(0, i).every((one) => one.holds || one.clause !== clause)),
    )
    return { policy, unmet }
  })
  return ranked
    .filter(({ unmet }) => unmet.every(({ of }) => of !== 'action'))
    .toSorted((a, b) => a.unmet.length - b.unmet.length)
    .slice(0, shownNearest)
    .map(({ policy, unmet }) => ({
      policy,
      unmet: unmet.map(({ expression, error }) => ({
        condition: writeExpression(expression),
        error,
      })),
    }))
}

function sayDecision(
  { principal, action, resource }: Ask,
  { allowed, because, troubles }: Decision,
  { forbade, nearest }: Pick<Explanation, 'forbade' | 'nearest'>,
): string[] {
  const may = allowed ? 'may' : 'may not'
  const asked = `${principal.type} ${principal.id} ${may} ${action} ${resource.type} ${resource.id}`
  const why =
    forbade.length > 0
      ? `${listed(forbade)} ${forbade.length === 1 ? 'forbids' : 'forbid'} it`
      : allowed
        ? `${listed(because)} ${because.length === 1 ? 'permits' : 'permit'} it`
        : 'no policy permits it'
  return [
    `${asked}: ${why}`,
    ...troubles.map(({ policy, says }) => (policy === null ? says : `${policy} failed: ${says}`)),
    ...nearest.map(({ policy, unmet }) => {
      const conditions = unmet.map(({ condition, error }) =>
        error === null ? condition : `${condition} (${error})`,
      )
      return `${policy} would permit it, but for: ${conditions.join('; ')}`
    }),
  ]
}

function listed(ids: readonly string[]): string {
  return ids.join(' and ')
}
