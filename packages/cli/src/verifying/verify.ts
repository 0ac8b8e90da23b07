import { readBundle } from '@kept/page'
import type { ExitCode, Given } from '../command.ts'
import { Failure } from '../failure.ts'
import { toJson } from '../json.ts'
import { painter } from '../look.ts'
import { readText } from '../report/source.ts'
import type { Terminal } from '../terminal.ts'
import { clean, wrap } from '../typeset.ts'
import { verifyBundle } from './bundle.ts'
import { readFolder, readUrl, verifyWholeLog } from './log.ts'
import type { Brought, Verification } from './verification.ts'

export async function verify(given: Given, terminal: Terminal): Promise<ExitCode> {
  const { words, options, lists } = given
  const what = words[0]!
  const earlier: string[] = []
  for (const file of lists.get('earlier') ?? [])
    earlier.push(...(await readEarlier(file, terminal)))
  const verification = await look(what, { key: options.get('key') ?? null, earlier }, terminal)
  await terminal.print(
    options.has('json') ? toJson({ what, ...verification }) : say(what, verification, terminal),
  )
  return verification.findings.length > 0 ? 1 : 0
}

async function look(what: string, brought: Brought, terminal: Terminal): Promise<Verification> {
  if (/^https?:\/\//i.test(what)) return verifyWholeLog(await readUrl(what, terminal), brought)
  if (terminal.isFolder(what)) {
    return verifyWholeLog(await readFolder(what, brought.key, terminal), brought)
  }
  const source = await readText(what, terminal)
  const read = readBundle(source.text)
  if ('bundle' in read) return verifyBundle(read.bundle, brought)
  throw new Failure(`${source.name} ${read.at}`, read.says, 'give a file that `kept export` wrote')
}

/** A checkpoint as it was mailed or kept, or all that a bundle holds. */
async function readEarlier(file: string, terminal: Terminal): Promise<string[]> {
  const { name, text } = await readText(file, terminal)
  if (!text.startsWith('{')) return [text.replaceAll('\r\n', '\n')]
  const read = readBundle(text)
  if (!('bundle' in read)) {
    throw new Failure(`${name} ${read.at}`, read.says, 'give a checkpoint or a bundle')
  }
  const { log } = read.bundle
  return [...log.earlier.map(({ checkpoint }) => checkpoint), log.checkpoint]
}

function* say(
  what: string,
  { findings, said, trusted }: Verification,
  { width, colour }: Terminal,
): Generator<string> {
  const paint = painter(colour)
  for (const { place, says } of findings) {
    const lead = `✕ ${clean(place)}: `
    const lines = wrap(says, width, lead, '    ')
    yield `${paint('red', lead.trimEnd())}${lines.join('\n').slice(lead.trimEnd().length)}\n`
  }
  for (const line of said) yield `${wrap(line, width, '  ', '    ').join('\n')}\n`
  for (const line of trusted) yield `${wrap(line, width, '  to be trusted: ', '    ').join('\n')}\n`
  const many = `${findings.length} ${findings.length === 1 ? 'thing does' : 'things do'} not hold`
  yield findings.length > 0
    ? `${paint('red', '✕ Not verified')}: ${many} in ${clean(what)}\n`
    : `${paint('green', '✓ Verified')}: ${clean(what)}\n`
}
