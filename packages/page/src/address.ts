import { didYouMean, type Rule } from './finding.ts'
import type { Obligation } from './page.ts'
import { formatValue, readValue, type Param, type Value } from './params.ts'
import type { Span } from './place.ts'
import { commonParams, type Proof, type ProofValues } from './proof.ts'
import { findProof, proofs } from './proofs/index.ts'

/** What is wrong with an address, at offsets within it. */
export interface AddressProblem extends Span {
  rule: Rule
  message: string
  suggestion: string | null
}

export interface Address {
  obligations: readonly Obligation[]
  id: string | null
  problems: readonly AddressProblem[]
}

export const scheme = 'kept:'
const idShape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

export function isAddress(url: string): boolean {
  return url.slice(0, scheme.length).toLowerCase() === scheme
}

/**
 * Reads `kept:<proof>?<param>=<value>&...;<proof>?...#<id>`. Each proof carries its own parameters.
 * Everything readable is returned; each problem names its stretch and, where it is known, the fix.
 */
export function parseAddress(address: string): Address {
  const problems: AddressProblem[] = []
  const hash = address.indexOf('#')
  const end = hash < 0 ? address.length : hash
  const obligations: Obligation[] = []
  let from = scheme.length
  for (const part of address.slice(scheme.length, end).split(';')) {
    const obligation = parseObligation(part, from, problems)
    if (obligation) {
      if (obligations.some((known) => known.proof.id === obligation.proof.id)) {
        problems.push(
          problem('address', from, part.length, `${obligation.proof.id} stands here twice`),
        )
      } else obligations.push(obligation)
    }
    from += part.length + 1
  }
  let id: string | null = null
  if (hash >= 0) {
    id = address.slice(hash + 1)
    if (!idShape.test(id)) {
      const message = `"#${id}" is not an id: letters, digits and . _ - only, at most 100`
      problems.push(problem('address', hash, address.length - hash, message))
      id = null
    }
  }
  return { obligations, id, problems }
}

function problem(
  rule: Rule,
  from: number,
  length: number,
  message: string,
  suggestion: string | null = null,
): AddressProblem {
  return { rule, from, to: from + length, message, suggestion }
}

function parseObligation(
  part: string,
  from: number,
  problems: AddressProblem[],
): Obligation | null {
  const mark = part.indexOf('?')
  const name = mark < 0 ? part : part.slice(0, mark)
  const proof = findProof(name)
  if (!proof) {
    problems.push(unknownProof(name, from))
    return null
  }
  const query = mark < 0 ? null : part.slice(mark + 1)
  const params = readQuery(proof, query, from + mark + 1, problems)
  // What was given wrongly is not missing.
  const given = new Set((query ?? '').split('&').map((pair) => pair.slice(0, pair.indexOf('='))))
  for (const [key, param] of Object.entries<Param>(proof.params)) {
    if (!param.required || Object.hasOwn(params, key)) continue
    if (given.has(key)) continue
    const message = `${proof.id} needs "${key}": ${param.says}`
    problems.push(problem('parameter', from, part.length, message, `kept explain ${proof.id}`))
  }
  const { oneOf } = proof
  if (oneOf && !oneOf.some((key) => given.has(key))) {
    const message = `${proof.id} promises nothing without one of: ${oneOf.join(', ')}`
    problems.push(problem('parameter', from, part.length, message, `kept explain ${proof.id}`))
  }
  return { proof, params }
}

function unknownProof(name: string, from: number): AddressProblem {
  if (name === '') {
    return problem('unknown-proof', from, 0, 'the name of a proof is missing here', 'kept proofs')
  }
  const near = didYouMean(
    name,
    proofs.map((proof) => proof.id),
  )
  const message = `there is no proof "${shorten(name)}"`
  return problem('unknown-proof', from, name.length, message, near ?? 'kept proofs')
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text
}

function readQuery(
  proof: Proof,
  query: string | null,
  from: number,
  problems: AddressProblem[],
): ProofValues {
  const params: Record<string, Value> = {}
  if (query === null) return params
  const known: Record<string, Param> = { ...proof.params, ...commonParams }
  let at = from
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    const key = equals < 0 ? pair : pair.slice(0, equals)
    const object = (message: string, suggestion: string | null = null, value = false) =>
      problems.push(
        value
          ? problem('parameter', at + equals + 1, pair.length - equals - 1, message, suggestion)
          : problem('parameter', at, key.length, message, suggestion),
      )
    if (!Object.hasOwn(known, key)) {
      const names = Object.keys(known)
      object(
        `${proof.id} has no parameter "${shorten(key)}"; it has ${names.join(', ')}`,
        didYouMean(key, names),
      )
    } else if (Object.hasOwn(params, key)) object(`"${key}" is given twice`)
    else {
      const text = equals < 0 ? '' : decode(pair.slice(equals + 1))
      const reading =
        text === null
          ? { problem: 'this is not percent-encoded UTF-8' }
          : readValue(known[key]!, text)
      if ('value' in reading) params[key] = reading.value
      else {
        const fix =
          'suggestion' in reading && reading.suggestion ? `${key}=${reading.suggestion}` : null
        object(`${key}: ${reading.problem}`, fix, equals >= 0)
      }
    }
    at += pair.length + 1
  }
  return params
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Writes an address back, parameters in the order of the proof's schema. */
export function formatAddress(
  obligations: readonly { proof: Pick<Proof, 'id' | 'params'>; params: ProofValues }[],
  id: string | null,
): string {
  const parts = obligations.map(({ proof, params }) => {
    const names = Object.keys({ ...proof.params, ...commonParams }).filter(
      (name) => params[name] !== undefined,
    )
    const query = names.map((name) => `${name}=${encode(formatValue(params[name]!))}`).join('&')
    return query ? `${proof.id}?${query}` : proof.id
  })
  return `${scheme}${parts.join(';')}${id === null ? '' : `#${id}`}`
}

/** Only what would end the value, the address or the Markdown link is encoded, so that it stays readable. */
function encode(text: string): string {
  return text.replace(
    /[%&;#?()<>\s"\\]/g,
    (unit) => `%${unit.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}
