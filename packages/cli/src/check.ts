import {
  atMost,
  compile,
  emptyRegister,
  findingAt,
  isDate,
  judgePage,
  readEvidence,
  readInstant,
  readSystems,
  type Finding,
  type Instant,
  type Judgement,
  type Register,
  type Span,
  type Told,
} from '@kept/page'
import type { Command, ExitCode, Given } from './command.ts'
import { Failure } from './failure.ts'
import { signedOptions } from './remote-options.ts'
import { reportAsJson } from './report/json.ts'
import { exitCodeOf, makeReport, type Located, type Report } from './report/report.ts'
import { reportAsSarif } from './report/sarif.ts'
import { readFormat, readPage, readSource, type Source } from './report/source.ts'
import { reportAsText } from './report/text.ts'
import type { Terminal } from './terminal.ts'

export const check: Command = {
  name: 'check',
  says: 'compile a security page and say for each promise whether it is kept',
  arguments: [
    {
      name: 'PAGE',
      says: 'the page: Markdown, plain text or HTML; `-` is standard input',
      optional: true,
    },
  ],
  options: {
    systems: { value: 'FILE', says: 'the systems.yaml that names your systems and runners' },
    evidence: { value: 'FILE', says: 'evidence as JSON lines, to judge the page offline' },
    at: { value: 'TIME', says: 'judge at this time, as 2026-11-20T12:00:00Z; now when absent' },
    json: { says: 'print JSON' },
    sarif: { says: 'print SARIF 2.1.0, for code scanning' },
    server: {
      value: 'URL',
      says: 'instead of a page: a running Kept, whose collectors look --now',
    },
    now: { says: 'have the collectors of --server look now, and wait for them' },
    timeout: { value: 'SECONDS', says: 'how long --now waits; 120 when absent' },
    key: signedOptions.key,
    as: signedOptions.as,
  },
  example: 'kept check security.md --systems systems.yaml',
  async run(given, terminal) {
    const { options } = given
    if (options.has('server') || options.has('now')) return lookElsewhere(given, terminal)
    const page = readUsage(given)
    const at = readTime(options.get('at'), terminal)
    const report = await makeReportOf(page, options, at, terminal)
    await terminal.print(write(report, options, terminal))
    return exitCodeOf(report)
  },
}

/** Has a running Kept look, which judges its own page and none that is given here. */
async function lookElsewhere(given: Given, terminal: Terminal): Promise<ExitCode> {
  const page = given.words[0] ?? ''
  if (page === '' && given.options.has('now')) {
    return (await import('./look-now.ts')).lookNow(given, terminal)
  }
  throw new Failure(
    'kept check',
    page === '' ? 'PAGE is missing' : 'a page is checked here, and --server and --now look there',
    'write `kept check PAGE`, or `kept check --server URL --now` without a page',
  )
}

/** The page that is to be checked, once what else is asked for goes together. */
function readUsage({ words, options }: Given): string {
  const page = words[0] ?? ''
  if (page === '') throw new Failure('kept check', 'PAGE is missing', `write \`${check.example}\``)
  if (options.has('json') && options.has('sarif')) {
    throw new Failure('kept check', '--json and --sarif exclude each other', 'give one of them')
  }
  const inputs = [page, options.get('systems'), options.get('evidence')]
  if (inputs.filter((path) => path === '-').length > 1) {
    throw new Failure('-', 'standard input can be read only once', 'name a file for the others')
  }
  return page
}

function write(report: Report, options: Given['options'], terminal: Terminal): Iterable<string> {
  if (options.has('json')) return reportAsJson(report)
  if (options.has('sarif')) return reportAsSarif(report)
  return reportAsText(report, terminal)
}

function readTime(text: string | undefined, terminal: Terminal): Instant {
  if (text === undefined) return terminal.now()
  const instant = readInstant(text)
  if (instant !== null) return instant
  const date = /^\d{4}-\d\d-\d\d/.exec(text)?.[0]
  if (date && !isDate(date)) {
    throw new Failure('--at', `the calendar has no ${date}`, 'name a day that exists')
  }
  const example = isDate(text) ? `${text}T00:00:00Z` : '2026-11-20T12:00:00Z'
  throw new Failure('--at', `"${text}" is not a time with an offset`, `write it as ${example}`)
}

async function makeReportOf(
  path: string,
  options: Given['options'],
  at: Instant,
  terminal: Terminal,
): Promise<Report> {
  const page = await readPage(path, terminal)
  const systems = await readRegister(options.get('systems'), terminal)
  const evidence = await readProofs(options.get('evidence'), terminal)
  const compiled = compile(page.text, { format: await readFormat(path, page.text), now: at })
  const judgement = judgePage(compiled, systems.register, evidence.evidence, at)
  const findings = [
    ...locate(page, compiled.findings),
    ...systems.findings,
    ...evidence.findings,
    ...evidence.warn(judgement.uncounted),
  ]
  return makeReport(page, compiled, judgement, findings)
}

async function readRegister(
  path: string | undefined,
  terminal: Terminal,
): Promise<{ register: Register; findings: Located[] }> {
  if (path === undefined) return { register: emptyRegister, findings: [] }
  const source = await readSource(path, terminal)
  const { register, findings } = readSystems(source.text)
  return { register, findings: locate(source, findings) }
}

async function readProofs(
  path: string | undefined,
  terminal: Terminal,
): Promise<{
  evidence: readonly Told[]
  findings: Located[]
  warn: (uncounted: Judgement['uncounted']) => Located[]
}> {
  if (path === undefined) return { evidence: [], findings: [], warn: () => [] }
  const source = await readSource(path, terminal)
  const { evidence, findings, spans } = readEvidence(source.text)
  const warn = (uncounted: Judgement['uncounted']) =>
    locate(source, atMost(uncounted.map((one) => warnOf(source, one, spans))))
  return { evidence, findings: locate(source, findings), warn }
}

/** What was counted for nothing is said once for each reason, where it first stands. */
function warnOf(
  source: Source,
  { because, evidence }: Judgement['uncounted'][number],
  spans: ReadonlyMap<Told, Span>,
): Finding {
  const [first] = evidence
  const pieces = evidence.length === 1 ? 'piece of evidence was' : 'pieces of evidence were'
  const message = `${evidence.length} ${pieces} not counted: ${because}`
  return findingAt(source.lines, spans.get(first!)!, {
    rule: 'evidence',
    level: 'warning',
    message,
  })
}

function locate(source: Source, findings: readonly Finding[]): Located[] {
  return findings.map((finding) => ({ source, finding }))
}
