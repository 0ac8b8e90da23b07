import {
  checkParseSchema,
  policyToJson,
  policyToText,
  preparsePolicySet,
  schemaToJsonWithResolvedTypes,
  statefulIsAuthorized,
  validate,
  type DetailedError,
  type EntityJson,
  type Expr,
  type PolicyJson,
} from '@cedar-policy/cedar-wasm/nodejs'
import type { Reference } from './policies.ts'

/*
 * All that is asked of Cedar's own engine, and the one file that knows it: what comes after it has a
 * compiler of ours behind the same functions.
 */

export type { Expr, PolicyJson }

/** An objection of the engine; offsets in bytes of UTF-8, null where it names no place. */
export interface Objection {
  message: string
  help: string | null
  from: number | null
  to: number | null
}

/** Objections to a schema. */
export function checkSchema(schema: string): Objection[] {
  const answer = checkParseSchema(schema)
  return answer.type === 'failure' ? answer.errors.map(toObjection) : []
}

/** A schema as data, its names resolved; null when it cannot be read. */
export function readSchemaJson(schema: string) {
  const answer = schemaToJsonWithResolvedTypes(schema)
  return answer.type === 'success' ? answer.json : null
}

/** A policy as data; an objection when it cannot be read. */
export function parsePolicy(text: string): { json: PolicyJson } | { objections: Objection[] } {
  const answer = policyToJson(text)
  return answer.type === 'success'
    ? { json: answer.json }
    : { objections: answer.errors.map(toObjection) }
}

/** Objections to policies, by their ids: what is wrong, and what the validator only warns of. */
export function checkPolicies(
  schema: string,
  policies: Readonly<Record<string, string>>,
): { policy: string; objection: Objection }[] {
  const answer = validate({
    schema,
    policies: { staticPolicies: { ...policies } },
    validationSettings: { mode: 'strict' },
  })
  if (answer.type === 'failure')
    return answer.errors.map((error) => ({ policy: '', objection: toObjection(error) }))
  // Where there is an error, warnings of the same policy only follow from it.
  const errors = new Set(answer.validationErrors.map(({ policyId }) => policyId))
  return [
    ...answer.validationErrors,
    ...answer.validationWarnings.filter(({ policyId }) => !errors.has(policyId)),
  ].map(({ policyId, error }) => ({ policy: policyId, objection: toObjection(error) }))
}

function toObjection({ message, help, sourceLocations = [] }: DetailedError): Objection {
  const [place] = sourceLocations
  const said = message.replace(/^(?:failed to parse .*? from string: |for policy `.*?`, )+/s, '')
  const expected = place?.label ? `; ${place.label}` : ''
  return {
    message: said + expected,
    help,
    from: place?.start ?? null,
    to: place?.end ?? null,
  }
}

/** Keeps policies in the engine under a name, ready to be decided by. */
export function prepare(name: string, policies: Readonly<Record<string, string | PolicyJson>>) {
  const answer = preparsePolicySet(name, { staticPolicies: { ...policies } })
  if (answer.type === 'failure') throw new TypeError(answer.errors[0]!.message)
}

export interface Question {
  principal: Reference
  action: Reference
  resource: Reference
  context: Readonly<Record<string, unknown>>
  entities: readonly { uid: Reference; attrs: object; parents: readonly Reference[] }[]
}

/** Which prepared policies hold, and which failed; a text when the question itself cannot be read. */
export function evaluate(
  name: string,
  { context, entities, ...question }: Question,
): { holds: string[]; failed: { policy: string; says: string }[] } | string {
  const answer = statefulIsAuthorized({
    ...question,
    context: context as never,
    entities: entities as EntityJson[],
    preparsedPolicySetId: name,
  })
  if (answer.type === 'failure') return answer.errors.map(({ message }) => message).join('; ')
  const { reason, errors } = answer.response.diagnostics
  return {
    holds: reason,
    failed: errors.map(({ policyId, error }) => ({ policy: policyId, says: error.message })),
  }
}

/** A policy that holds when an expression does. */
export function holding(body: Expr): PolicyJson {
  const all = { op: 'All' } as const
  return {
    effect: 'permit', principal: all, action: all, resource: all, conditions: [{ kind: 'when', body }],
  } // prettier-ignore
}

/** An expression as it is written. */
export function writeExpression(body: Expr): string {
  const answer = policyToText(holding(body))
  if (answer.type === 'failure') throw new TypeError(answer.errors[0]!.message)
  return answer.text.slice(answer.text.indexOf('when { ') + 7, answer.text.lastIndexOf(' };'))
}
