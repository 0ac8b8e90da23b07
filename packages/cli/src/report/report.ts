import {
  formatValue,
  stands,
  verdictNames,
  type Finding,
  type Instant,
  type Judgement,
  type Level,
  type Obligation,
  type Page,
  type Part,
  type VerdictName,
} from '@kept/page'
import type { ExitCode } from '../command.ts'
import type { Stretch } from './excerpt.ts'
import type { Source } from './source.ts'

/** One promise of the page, linked or not, with its verdict. */
export interface Entry extends Stretch {
  /** Null for a sentence that links to no proof. */
  id: string | null
  text: string
  obligations: readonly Obligation[]
  verdict: VerdictName
  until: Instant | null
  because: string
  suggestion: string | null
  parts: readonly Part[]
}

/** A finding and the file it is in. */
export interface Located {
  source: Source
  finding: Finding
}

/** All that `kept check` has to say, before it is written in one of its three forms. */
export interface Report {
  page: Source
  at: Instant
  /** Ordered by place. */
  entries: readonly Entry[]
  findings: readonly Located[]
}

export function makeReport(
  page: Source,
  compiled: Page,
  judgement: Judgement,
  findings: readonly Located[],
): Report {
  const entries = [
    ...judgement.claims.map(({ claim, verdict }): Entry => {
      const { id, text, obligations } = claim
      return { id, text, obligations, ...stretch(page, claim.span), suggestion: null, ...verdict }
    }),
    ...compiled.unlinked.map((one): Entry => {
      const { text, verdict, because, suggestion } = one
      const nothing = { id: null, obligations: [], until: null, parts: [] }
      return { ...nothing, text, ...stretch(page, one.span), verdict, because, suggestion }
    }),
  ].sort((a, b) => a.line - b.line || a.column - b.column)
  return { page, at: judgement.at, entries, findings }
}

function stretch({ lines }: Source, span: { from: number; to: number }): Stretch {
  const start = lines.place(span.from)
  const end = lines.place(span.to)
  return { ...start, endLine: end.line, endColumn: end.column }
}

/** The ids of an entry's proofs as the page writes them; null without a proof. */
export function sayProof({ obligations }: Pick<Entry, 'obligations'>): string | null {
  return obligations.map(({ proof }) => proof.id).join(';') || null
}

/** Parameters by name; with several proofs the name follows its proof: `encryption.in-transit.min`. */
export function sayParams({ obligations }: Pick<Entry, 'obligations'>): Record<string, string> {
  const several = obligations.length > 1
  return Object.fromEntries(
    obligations.flatMap(({ proof, params }) =>
      Object.entries(params).map(([name, value]) => [
        several ? `${proof.id}.${name}` : name,
        formatValue(value),
      ]),
    ),
  )
}

/** For people: `2026-11-20 12:00 UTC`. */
export function sayInstant(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** For programs: RFC 3339. */
export function sayTime(instant: Instant): string {
  return new Date(instant).toISOString()
}

export type Summary = Record<VerdictName | Level, number>

export function summarise({ entries, findings }: Report): Summary {
  const names = [...verdictNames.toReversed(), 'error', 'warning', 'note']
  const summary = Object.fromEntries(names.map((name) => [name, 0])) as Summary
  for (const { verdict } of entries) summary[verdict]++
  for (const { finding } of findings) summary[finding.level]++
  return summary
}

export function exitCodeOf({ entries, findings }: Report): ExitCode {
  const spoilt =
    entries.some(({ verdict }) => !stands(verdict)) ||
    findings.some(({ finding }) => finding.level === 'error')
  return spoilt ? 1 : 0
}
