import { toJson } from '../json.ts'
import {
  sayParams,
  sayProof,
  sayTime,
  summarise,
  type Entry,
  type Located,
  type Report,
} from './report.ts'

export function reportAsJson(report: Report): Iterable<string> {
  return toJson({
    page: report.page.name,
    at: sayTime(report.at),
    claims: report.entries.values().map(toClaim),
    findings: report.findings.values().map(toFinding),
    summary: summarise(report),
  })
}

function toClaim(entry: Entry) {
  const { id, line, column, text, verdict, until, because } = entry
  return {
    id,
    line,
    column,
    text,
    proof: sayProof(entry),
    params: sayParams(entry),
    verdict,
    until: until === null ? null : sayTime(until),
    because,
  }
}

function toFinding({ source, finding }: Located) {
  const { rule, level, line, column, message, suggestion } = finding
  return { file: source.name, rule, level, line, column, message, suggestion }
}
