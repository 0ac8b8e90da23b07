import { cleanJson } from '../typeset.ts'
import { sayParams, sayProof, sayTime, summarise, type Report } from './report.ts'

export function toJson(value: unknown): string {
  return `${cleanJson(JSON.stringify(value, null, 2))}\n`
}

export function reportAsJson(report: Report): string {
  return toJson({
    page: report.page.name,
    at: sayTime(report.at),
    claims: report.entries.map((entry) => ({
      id: entry.id,
      line: entry.line,
      column: entry.column,
      text: entry.text,
      proof: sayProof(entry),
      params: sayParams(entry),
      verdict: entry.verdict,
      until: entry.until === null ? null : sayTime(entry.until),
      because: entry.because,
    })),
    findings: report.findings.map(({ source, finding }) => ({
      file: source.name,
      rule: finding.rule,
      level: finding.level,
      line: finding.line,
      column: finding.column,
      message: finding.message,
      suggestion: finding.suggestion,
    })),
    summary: summarise(report),
  })
}
