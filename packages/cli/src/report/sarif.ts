import { pathToFileURL } from 'node:url'
import { isAbsolute } from 'node:path'
import { languageRules, proseRules, verdictMeanings, type Level } from '@kept/page'
import { toJson } from '../json.ts'
import { version } from '../version.ts'
import { adviseOn } from './advice.ts'
import type { Stretch } from './excerpt.ts'
import type { Source } from './source.ts'
import { exitCodeOf, type Entry, type Located, type Report } from './report.ts'

/** Verdicts that are results; what is unbacked or unprovable already is a finding. */
const verdictLevels = {
  broken: 'error',
  unproven: 'warning',
  stale: 'warning',
  missed: 'warning',
  due: 'note',
} as const satisfies Partial<Record<Entry['verdict'], Level>>

/** Writes a report as SARIF 2.1.0, for code scanning. */
export function reportAsSarif(report: Report): Iterable<string> {
  return toJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'kept', version, rules: rules() } },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true, exitCode: exitCodeOf(report) }],
        results: results(report),
      },
    ],
  })
}

function* results(report: Report) {
  for (const entry of report.entries) {
    const { verdict } = entry
    if (isResult(verdict)) yield entryResult(report, entry, verdict)
  }
  yield* report.findings.values().map(findingResult)
}

function rules() {
  const verdicts = Object.entries(verdictLevels).map(([verdict, level]) => ({
    id: verdict,
    shortDescription: { text: verdictMeanings[verdict as keyof typeof verdictLevels] },
    defaultConfiguration: { level },
  }))
  return [...verdicts, ...[...languageRules, ...proseRules].map((id) => ({ id }))]
}

function entryResult({ page }: Report, entry: Entry, verdict: keyof typeof verdictLevels) {
  const { text, because, id } = entry
  const fix = adviseOn(entry)
  return {
    ruleId: verdict,
    level: verdictLevels[verdict],
    message: { text: `"${text}" is ${verdict}: ${because}${fix ? `. Fix: ${fix}` : ''}` },
    locations: [location(page, entry)],
    // A claim's id outlives its line, so a scanner recognises it after the page has moved.
    partialFingerprints: { 'keptClaim/v1': `${verdict}:${id}` },
  }
}

function isResult(verdict: Entry['verdict']): verdict is keyof typeof verdictLevels {
  return Object.hasOwn(verdictLevels, verdict)
}

function findingResult({ source, finding }: Located) {
  const { rule, level, message, suggestion } = finding
  return {
    ruleId: rule,
    level,
    message: { text: suggestion ? `${message}. Fix: ${suggestion}` : message },
    locations: [location(source, finding)],
  }
}

function location(source: Source, stretch: Stretch) {
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(source.name) },
      region: {
        startLine: stretch.line,
        startColumn: stretch.column,
        endLine: stretch.endLine,
        endColumn: stretch.endColumn,
      },
    },
  }
}

function toUri(path: string): string {
  if (isAbsolute(path)) return pathToFileURL(path).href
  return path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/')
}
