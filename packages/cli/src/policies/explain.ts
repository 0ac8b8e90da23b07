import type { Ask, Value } from '@kept/policy'
import type { ExitCode, Given } from '../command.ts'
import { Failure } from '../failure.ts'
import { toJson } from '../json.ts'
import type { Terminal } from '../terminal.ts'
import { clean, wrap } from '../typeset.ts'
import { readAsk } from './ask.ts'
import { readData } from './data.ts'
import { loadPolicies, placesOf, sound } from './load.ts'

/** Says in words what policies decide of one ask. */
export async function explain(given: Given, terminal: Terminal): Promise<ExitCode> {
  const { words, options, lists } = given
  const files = words.slice(1).filter((path) => path !== '')
  const [file] = files
  if (files.length > 1) {
    throw new Failure('kept policy', 'one ask is explained at a time', 'name one file')
  }
  const ask = file === undefined ? askOf(given) : await askIn(file, given, terminal)
  const places = placesOf(lists.get('policies'), file ?? '')
  const policies = sound(await loadPolicies(places, options.get('schema'), terminal))
  const explanation = policies.explain(ask)
  const { says, allowed } = explanation
  await terminal.print(
    options.has('json')
      ? toJson(explanation)
      : says.map((one) => `${wrap(clean(one), terminal.width, '', '  ').join('\n')}\n`),
  )
  return allowed ? 0 : 1
}

async function askIn(file: string, { options, lists }: Given, terminal: Terminal): Promise<Ask> {
  const said = ['principal', 'action', 'resource'].find((name) => options.has(name))
  if (said !== undefined || lists.has('context')) {
    const reason = `the ask is in ${file}, and --${said ?? 'context'} is given too`
    throw new Failure('kept policy', reason, 'give the one or the other')
  }
  const { name, value } = await readData(file, terminal)
  return readAsk(value, name)
}

function askOf({ options, lists }: Given): Ask {
  const [principal, action, resource] = ['principal', 'action', 'resource'].map((name) => {
    const said = options.get(name)
    if (said !== undefined) return said
    const fix = 'write --principal User::ada --action read --resource Doc::d1, or name a file'
    throw new Failure('kept policy', `--${name} is missing`, fix)
  })
  const context = Object.fromEntries((lists.get('context') ?? []).map(readFact))
  return readAsk({ principal, action, resource, context }, 'kept policy')
}

/** `mfa=true`, `n=3` or any text. */
function readFact(said: string): [string, Value] {
  const at = said.indexOf('=')
  if (at < 1)
    throw new Failure('--context', `"${said}" is no fact`, 'write it as --context mfa=true')
  const [name, text] = [said.slice(0, at), said.slice(at + 1)]
  if (text === 'true' || text === 'false') return [name, text === 'true']
  return [name, /^-?\d{1,15}$/.test(text) ? Number(text) : text]
}
