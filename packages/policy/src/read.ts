import { createHash } from 'node:crypto'
import { checkPolicies, checkSchema, parsePolicy, prepare, type Objection } from './cedar.ts'
import type { PolicyJson } from './cedar.ts'
import { decider } from './decide.ts'
import { explainer } from './explain.ts'
import { PolicyFailure, type FailureCode, type Finding } from './failure.ts'
import { looksOf } from './looks.ts'
import type { Policies } from './policies.ts'
import { readSchema } from './schema.ts'
import { sqlWriter } from './sql.ts'
import {
  findingAt,
  fromBytes,
  placeOf,
  splitStatements,
  weigh,
  writeFinding,
  type Source,
  type Span,
} from './text.ts'

export interface PolicyTexts {
  /** A schema in Cedar's own notation. */
  schema: string
  /** By a name of yours, as the path of its file: one policy or several. */
  policies: Readonly<Record<string, string>>
}

/** A policy that was read. */
export interface Policy {
  id: string
  effect: 'permit' | 'forbid'
  json: PolicyJson
  source: Source
  span: Span
}

/**
 * Reads policies and holds them against their schema, in strict mode: what the validator warns of is
 * an error too. A policy's id is its annotation `@id("...")`, else the name of its text, followed by
 * `:` and its line where the text holds several.
 * @throws PolicyFailure `bad-schema` or `bad-policy` with every finding
 */
export function readPolicies({ schema: text, policies: texts }: PolicyTexts): Policies {
  const schema = { name: 'schema', text }
  refuse('bad-schema', findInSchema(schema), [schema])
  const sources = Object.entries(texts).map(([name, one]) => ({ name, text: one }))
  const read = sources.map(readSource)
  refuse(
    'bad-policy',
    read.flatMap(({ findings }) => findings),
    sources,
  )
  const policies = read.flatMap((one) => one.policies)
  refuse('bad-policy', [...findRepeated(policies), ...validate(text, policies)], sources)
  const facts = readSchema(text)
  const prepared = Object.fromEntries(policies.map(({ id, json }) => [id, json]))
  // The engine forgets nothing: under a name made of the content, equal policies are kept once.
  const name = createHash('sha256')
    .update(JSON.stringify([text, prepared]))
    .digest('base64url')
  prepare(name, prepared)
  const decide = decider(name, facts, policies)
  return {
    looksAt: looksOf(policies.map(({ json }) => json)),
    list: policies.map(({ id, effect, source, span }) => {
      const { line } = placeOf(source.text, span.from)
      return { id, effect, source: source.name, line }
    }),
    decide,
    explain: explainer(name, facts, policies, decide),
    toSql: sqlWriter(name, facts, policies),
  }
}

function refuse(code: FailureCode, findings: readonly Finding[], sources: readonly Source[]) {
  const [first] = findings
  if (!first) return
  const { text } = sources.find(({ name }) => name === first.source)!
  const more = findings.length > 1 ? `\n  and ${findings.length - 1} more` : ''
  const fix = first.suggestion ?? 'mend it there'
  throw new PolicyFailure(code, writeFinding(first, text) + more, fix, findings)
}

/** The engine goes down into each level, and what is too deep for it would end it for good. */
const most = { depth: 32, links: 128, joins: 1000 }
/** As data each operator takes two levels or three, and the engine reads 128 of them. */
const mostLevels = 110

function findHeavy(source: Source, span: Span): Finding[] {
  const { depth, links, joins } = weigh(source.text.slice(span.from, span.to))
  const reason =
    depth > most.depth
      ? `brackets nest ${depth} deep, and ${most.depth} is the most`
      : links > most.links
        ? `it has ${links} of . + - * and if, and ${most.links} is the most`
        : joins > most.joins
          ? `it has ${joins} of && and ||, and ${most.joins} is the most`
          : null
  const at = { from: span.from, to: span.from + 1 }
  return reason === null ? [] : [findingAt(source, at, reason, 'write several policies')]
}

function findInSchema(schema: Source): Finding[] {
  const whole = { from: 0, to: schema.text.length }
  const { depth } = weigh(schema.text)
  if (depth > most.depth) {
    const reason = `brackets nest ${depth} deep, and ${most.depth} is the most`
    return [findingAt(schema, { from: 0, to: 1 }, reason)]
  }
  try {
    return checkSchema(schema.text).map((one) => toFinding(schema, whole, one))
  } catch {
    const reason = 'its types or actions are in each other too deeply to be read'
    return [findingAt(schema, { from: 0, to: 1 }, reason)]
  }
}

function toFinding(source: Source, span: Span, { message, help, from, to }: Objection): Finding {
  const text = source.text.slice(span.from, span.to)
  const at = (bytes: number) => span.from + fromBytes(text, bytes)
  const place = from === null ? span : { from: at(from), to: at(to ?? from) }
  return findingAt(source, place, message, help)
}

function readSource(source: Source): { policies: Policy[]; findings: Finding[] } {
  const spans = splitStatements(source.text)
  const findings: Finding[] = []
  const policies: Policy[] = []
  for (const span of spans) {
    const heavy = findHeavy(source, span)
    findings.push(...heavy)
    if (heavy.length > 0) continue
    const parsed = parsePolicy(source.text.slice(span.from, span.to))
    if ('objections' in parsed) {
      findings.push(...parsed.objections.map((one) => toFinding(source, span, one)))
      continue
    }
    const { json } = parsed
    findings.push(...findUnexact(json).map(([says, fix]) => findingAt(source, span, says, fix)))
    const id = json.annotations?.['id'] ?? nameOf(source, span, spans.length)
    policies.push({ id, effect: json.effect, json, source, span })
  }
  return { policies, findings }
}

function nameOf({ name, text }: Source, { from }: Span, count: number): string {
  return count === 1 ? name : `${name}:${placeOf(text, from).line}`
}

/** What does not come whole out of the engine, and into it again. */
function findUnexact(json: PolicyJson): [says: string, fix: string][] {
  if (levelsOf(json) > mostLevels)
    return [['a condition of it nests too deeply', 'write several when clauses, or policies']]
  // Numbers of JSON are rounded on the way; smaller ones are exact.
  return hasUnsafe(json)
    ? [['an integer of it is 2^53 or more: its neighbours look alike', 'write a smaller one']]
    : []
}

function levelsOf(json: unknown): number {
  if (typeof json !== 'object' || json === null) return 0
  return 1 + Math.max(0, ...Object.values(json).map(levelsOf))
}

function hasUnsafe(json: unknown): boolean {
  if (typeof json === 'number') return !Number.isSafeInteger(json)
  return typeof json === 'object' && json !== null && Object.values(json).some(hasUnsafe)
}

function findRepeated(policies: readonly Policy[]): Finding[] {
  const seen = new Set<string>()
  return policies.flatMap(({ id, source, span }) => {
    const isNew = !seen.has(id)
    seen.add(id)
    return isNew
      ? []
      : [findingAt(source, span, `another policy has the id "${id}"`, 'give it an @id of its own')]
  })
}

function validate(schema: string, policies: readonly Policy[]): Finding[] {
  const texts = policies.map(({ source, span }, i): [string, string] => [
    String(i),
    source.text.slice(span.from, span.to),
  ])
  return checkPolicies(schema, Object.fromEntries(texts))
    .map(({ policy, objection }) => ({ i: Number(policy), objection }))
    .toSorted((a, b) => a.i - b.i)
    .map(({ i, objection }) => toFinding(policies[i]!.source, policies[i]!.span, objection))
}
