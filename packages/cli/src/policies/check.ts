import type { ExitCode, Given } from '../command.ts'
import { Failure } from '../failure.ts'
import { toJson } from '../json.ts'
import { findingAsText } from '../report/text.ts'
import type { Terminal } from '../terminal.ts'
import { loadPolicies, type Loaded } from './load.ts'

/** Reads policies against their schema, and says what is wrong where. */
export async function check({ words, options }: Given, terminal: Terminal): Promise<ExitCode> {
  const paths = words.slice(1).filter((path) => path !== '')
  if (paths.length === 0) {
    throw new Failure('kept policy', 'PATH is missing', 'write `kept policy check policies/`')
  }
  const loaded = await loadPolicies(paths, options.get('schema'), terminal)
  await terminal.print(options.has('json') ? asJson(loaded) : asText(loaded, terminal))
  return loaded.findings.length > 0 ? 1 : 0
}

function asJson({ policies, findings }: Loaded): Iterable<string> {
  return toJson({
    policies: (policies?.list ?? []).map(({ id, effect, source, line }) => {
      return { id, effect, file: source, line }
    }),
    findings: findings.map(({ source, finding }) => {
      const { line, column, message, suggestion } = finding
      return { file: source.name, level: 'error', line, column, message, suggestion }
    }),
  })
}

function* asText({ policies, findings, sources }: Loaded, terminal: Terminal): Generator<string> {
  for (const { source, finding } of findings) {
    const located = { source, finding: { ...finding, rule: 'policy', level: 'error' as const } }
    yield `${findingAsText(located, terminal).join('\n')}\n\n`
  }
  const count = policies?.list.length ?? 0
  const files = `${sources.length} ${sources.length === 1 ? 'file' : 'files'}`
  const errors = findings.length
  yield errors > 0
    ? `${errors} ${errors === 1 ? 'error' : 'errors'} in ${files}\n`
    : `${count} ${count === 1 ? 'policy' : 'policies'} in ${files}; no findings\n`
}
