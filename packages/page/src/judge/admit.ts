import { readInstant, type Instant } from '../duration.ts'
import type { Evidence, Measure } from '../evidence.ts'
import { maySpeak, type Register, type Runner } from '../register.ts'

/** One piece of evidence that counts, and whether only a person vouches for it. */
export interface Witness {
  evidence: Evidence
  runner: Runner
  personal: boolean
}

/** All evidence that counts at one time, by kind and subject, oldest first. */
export interface Admitted {
  of(kind: string, subject: string): readonly Witness[]
}

/**
 * Keeps the evidence that may speak: of a registered runner for that kind and subject, neither
 * observed nor received in the future, not received before it was observed, each id once.
 */
export function admit(evidence: Iterable<Evidence>, register: Register, now: Instant): Admitted {
  const runners = new Map(register.runners.map((runner) => [runner.id, runner]))
  const series = new Map<string, Witness[]>()
  const seen = new Set<string>()
  for (const one of evidence) {
    const runner = runners.get(one.runner)
    if (!runner || !maySpeak(runner, one.kind, one.subject) || seen.has(one.id)) continue
    if (one.receivedAt > now || one.observedAt > one.receivedAt) continue
    seen.add(one.id)
    const key = `${one.kind}\n${one.subject}`
    const witness = { evidence: one, runner, personal: runner.holder === 'person' }
    const list = series.get(key)
    if (list) list.push(witness)
    else series.set(key, [witness])
  }
  for (const list of series.values()) list.sort(byTime)
  return { of: (kind, subject) => series.get(`${kind}\n${subject}`) ?? [] }
}

const weight = { inconclusive: 0, pass: 1, fail: 2 } as const

/** At the same instant a failure speaks last, so that it is never outvoted by its own tie. */
function byTime(a: Witness, b: Witness): number {
  return (
    a.evidence.observedAt - b.evidence.observedAt ||
    weight[a.evidence.outcome] - weight[b.evidence.outcome] ||
    a.evidence.receivedAt - b.evidence.receivedAt ||
    (a.evidence.id < b.evidence.id ? -1 : 1)
  )
}

type Decoded = Record<string, number | string | boolean | readonly string[] | undefined>

/** Reads `measured` by the declared fields; null when something needed is absent or of another type. */
export function decodeMeasured(
  measured: Readonly<Record<string, Measure>>,
  fields: Readonly<Record<string, string>>,
): Decoded | null {
  const decoded: Decoded = {}
  for (const [name, declared] of Object.entries(fields)) {
    const optional = declared.endsWith('?')
    const raw = Object.hasOwn(measured, name) ? measured[name] : undefined
    if (raw === undefined || raw === null) {
      if (!optional) return null
      continue
    }
    const value = decodeField(raw, optional ? declared.slice(0, -1) : declared)
    if (value === null) return null
    decoded[name] = value
  }
  return decoded
}

function decodeField(raw: Exclude<Measure, null>, type: string) {
  switch (type) {
    case 'number':
      return typeof raw === 'number' && raw >= 0 ? raw : null
    case 'yes':
      return typeof raw === 'boolean' ? raw : null
    case 'words':
      return Array.isArray(raw) ? (raw as readonly string[]) : null
    case 'instant':
      return typeof raw === 'string' ? readInstant(raw) : null
    default:
      return typeof raw === 'string' ? raw : null
  }
}
