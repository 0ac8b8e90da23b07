import { isRead, readEvidence, type Evidence } from '@kept/page'
import type { ExitCode, Given } from './command.ts'
import { Failure } from './failure.ts'
import { toJson } from './json.ts'
import { readSource } from './report/source.ts'
import { openSigned, type Signed } from './signed.ts'
import type { Terminal } from './terminal.ts'

/** A request takes so many pieces, and so many bytes of them. */
const [mostPieces, mostBytes] = [1000, 4 * 1024 * 1024]

export async function pushFile(given: Given, terminal: Terminal): Promise<ExitCode> {
  const { words, options } = given
  const source = await readSource(words[1]!, terminal)
  const remote = await openSigned(given, 'evidence', terminal)
  const all = readLines(source.name, source.text, remote.as)
  const taken = await push(remote, all)
  const said = `${all.length} ${all.length === 1 ? 'piece' : 'pieces'} of evidence, ${taken} new\n`
  await terminal.print(options.has('json') ? toJson({ sent: all.length, taken }) : [said])
  return 0
}

/** Reads every line before the first is sent. Who runs is who signs; a line may leave it out. */
function readLines(name: string, text: string, as: string): Evidence[] {
  const named = text.split('\n').map((line) => withRunner(line, as))
  const { evidence, findings } = readEvidence(named.join('\n'))
  const [first] = findings
  if (first) {
    const more = findings.length > 1 ? `; and ${findings.length - 1} more like it` : ''
    const fix = 'mend the line; nothing was sent. `kept explain PROOF` shows what evidence carries'
    throw new Failure(`${name}:${first.line}:1`, first.message + more, fix)
  }
  const read = evidence.filter(isRead)
  const other = read.find(({ runner }) => runner !== as)
  if (other) {
    const reason = `"${other.id}" was made by ${other.runner}, and ${as} signs`
    throw new Failure(name, reason, `let ${other.runner} push it with its own key`)
  }
  return read
}

function withRunner(line: string, as: string): string {
  try {
    const value = JSON.parse(line) as unknown
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (!isObject || 'runner' in value) return line
    // Put in as text: a name that stands there twice must still be seen.
    return line.replace('{', `{"runner":${JSON.stringify(as)}${/\{\s*\}/.test(line) ? '' : ','}`)
  } catch {
    return line
  }
}

/** Sends evidence in batches; returns how many pieces were new. */
export async function push(remote: Signed, all: readonly Evidence[]): Promise<number> {
  let taken = 0
  for (const batch of batches(all)) {
    const answer = await remote.post('/api/evidence', { body: { evidence: batch } })
    taken += answer.taken
  }
  return taken
}

type Sent = Omit<Evidence, 'observedAt' | 'receivedAt' | 'runner'> & { observedAt: string }

function* batches(all: readonly Evidence[]): Generator<Sent[]> {
  let batch: Sent[] = []
  let bytes = 0
  for (const { receivedAt: _, runner: __, observedAt, ...rest } of all) {
    const one = { ...rest, observedAt: new Date(observedAt).toISOString() }
    const size = Buffer.byteLength(JSON.stringify(one))
    if (batch.length === mostPieces || (batch.length > 0 && bytes + size > mostBytes)) {
      yield batch
      ;[batch, bytes] = [[], 0]
    }
    batch.push(one)
    bytes += size
  }
  if (batch.length > 0) yield batch
}
