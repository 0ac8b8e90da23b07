import type { Finding, Policies } from '@kept/policy'
import { Failure } from '../failure.ts'
import { readSource, type Source } from '../report/source.ts'
import type { Terminal } from '../terminal.ts'

type Library = typeof import('@kept/policy')

/** Policies that were read, or what is wrong with them, each with the files it is in. */
export interface Loaded {
  policies: Policies | null
  findings: readonly { source: Source; finding: Finding }[]
  sources: readonly Source[]
}

/** Cedar's engine is a package of its own: who only checks pages needs none. */
async function loadLibrary(): Promise<Library> {
  try {
    return await import('@kept/policy')
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes('@kept/policy')) throw error
    const fix = 'npm install @kept/policy, beside @kept/cli'
    throw new Failure('kept policy', 'what reads policies is not installed', fix)
  }
}

/** Reads all policies that paths name, or are in the folders they name, with their one schema. */
export async function loadPolicies(
  paths: readonly string[],
  schemaPath: string | undefined,
  terminal: Terminal,
): Promise<Loaded> {
  const { readPolicies, PolicyFailure } = await loadLibrary()
  const found = paths.flatMap((path) => (terminal.isFolder(path) ? terminal.list(path) : [path]))
  const files = [...new Set(found)].filter((path) => path.endsWith('.cedar'))
  const schemas = [...new Set(found)].filter((path) => path.endsWith('.cedarschema'))
  checkPaths(paths, files)
  const schema = await readSource(schemaPath ?? theOne(schemas, paths), terminal)
  const sources = await readAll(files, terminal)
  try {
    const texts = sources.map(({ name, text }) => [name, text] as const)
    const policies = readPolicies({ schema: schema.text, policies: Object.fromEntries(texts) })
    return { policies, findings: [], sources }
  } catch (error) {
    if (!(error instanceof PolicyFailure)) throw error
    const isSchema = error.code === 'bad-schema'
    const findings = error.findings.map((finding) => ({
      source: isSchema ? schema : sources.find(({ name }) => name === finding.source)!,
      finding,
    }))
    return { policies: null, findings, sources }
  }
}

function checkPaths(paths: readonly string[], files: readonly string[]): void {
  if (paths.includes('-')) {
    throw new Failure('kept policy', 'policies lie in files', 'name a .cedar file or a folder')
  }
  if (files.length === 0) {
    const fix = 'name files that end in .cedar, or a folder with some'
    throw new Failure(paths.join(' '), 'there are no policies', fix)
  }
}

function theOne(schemas: readonly string[], paths: readonly string[]): string {
  const [schema, other] = schemas
  if (schema !== undefined && other === undefined) return schema
  const place = paths.join(' ')
  throw schema === undefined
    ? new Failure(place, 'there is no schema', 'name it with --schema FILE')
    : new Failure(place, `there are two schemas, ${schema} and ${other}`, 'name one with --schema')
}

/** One after the other, since a terminal may have but so many files open. */
async function readAll(files: readonly string[], terminal: Terminal): Promise<Source[]> {
  const sources: Source[] = []
  for (const file of files) sources.push(await readSource(file, terminal))
  return sources
}

/** The policies, or a failure at the first thing that is wrong with them. */
export function sound({ policies, findings }: Loaded): Policies {
  if (policies !== null) return policies
  const { source, finding } = findings[0]!
  const place = `${source.name}:${finding.line}:${finding.column}`
  const fix = finding.suggestion ?? '`kept policy check` lists all that is wrong with them'
  throw new Failure(place, finding.message, fix)
}

/** Where the policies are that a file is about: beside it, unless they are named. */
export function placesOf(named: readonly string[] | undefined, file: string): readonly string[] {
  if (named) return named
  const at = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'))
  return [at < 0 ? '.' : file.slice(0, Math.max(at, 1))]
}
