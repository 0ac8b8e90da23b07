import type { Explanation } from './explain.ts'
import type { Columns, Place, SqlCondition } from './sql.ts'

/**
 * A value as Cedar's JSON has it: integers of at most 2^53 - 1, another entity as
 * `{ __entity: { type, id } }`, an address or decimal as `{ __extn: { fn, arg } }`.
 */
export type Value =
  | boolean
  | number
  | string
  | readonly Value[]
  | { readonly [name: string]: Value }

/** Which entity: `{ type: 'User', id: 'ada' }`. */
export interface Reference {
  type: string
  id: string
}

/** An entity and what is known of it. `parents` are all it is in, their own parents too. */
export interface Entity extends Reference {
  attrs?: Readonly<Record<string, Value>>
  parents?: readonly Reference[]
}

/** May this principal do this to that? `action` is the id, or `Namespace::Action::"id"`. */
export interface Ask {
  principal: Entity
  action: string
  resource: Entity
  context?: Readonly<Record<string, Value>>
}

/** The same of all resources of a type at once. */
export interface AskOfMany extends Omit<Ask, 'resource'> {
  resourceType: string
}

/** What went wrong while deciding: of one policy, or of the whole question. */
export interface Trouble {
  policy: string | null
  says: string
}

export interface Decision {
  allowed: boolean
  /** The ids of the policies that decided, in the order of `list`; none when nothing permitted. A forbid that failed is one of them. */
  because: readonly string[]
  troubles: readonly Trouble[]
}

/** What beyond the types of principal and resource and the action a policy may look at. */
export type Look = 'principal' | 'resource' | 'context'

export interface Policies {
  /** What the policies look at beyond action and types: with nothing, equal actions and types are decided alike. */
  looksAt: ReadonlySet<Look>
  /** Ids in the order in which they were given, with their effect. */
  list: readonly { id: string; effect: 'permit' | 'forbid'; source: string; line: number }[]
  /**
   * Deny by default: allowed when a policy permits and none forbids. A policy that fails permits
   * nothing, and forbids where it would forbid. What the schema does not know is denied and told.
   */
  decide(ask: Ask): Decision
  /** The same decision in words: who permitted or forbade, and how near the other permits came. */
  explain(ask: Ask): Explanation
  /**
   * The condition that holds on exactly those rows on which `decide` allows; never null, values only
   * as parameters. `columns` names the column of each attribute; a null is an absent attribute. A
   * principal that is itself one of the rows is taken to be told of as its row has it.
   * @throws PolicyFailure `not-expressible`, naming the policy and the part
   */
  toSql(ask: AskOfMany, columns: Columns, place?: Place): SqlCondition
}
