import { didYouMean } from '@kept/page'
import { access } from './access.ts'
import { accounts } from './accounts.ts'
import { api } from './api.ts'
import { apply, approve, decline, proposals } from './apply.ts'
import { attest } from './attest.ts'
import { check } from './check.ts'
import { clusters } from './clusters.ts'
import { readArguments, type Command, type ExitCode } from './command.ts'
import { completionFor } from './completion.ts'
import { draft } from './draft.ts'
import { evidence } from './evidence.ts'
import { explain } from './explain.ts'
import { exportBundle } from './export.ts'
import { Failure } from './failure.ts'
import { helpFor, helpForAll } from './help.ts'
import { keys } from './keys.ts'
import { processes } from './processes.ts'
import { policy } from './policy.ts'
import { proofs } from './proofs.ts'
import { protect } from './protect.ts'
import { status } from './status.ts'
import { tenants } from './tenants.ts'
import type { Terminal } from './terminal.ts'
import { clean, cleanLines } from './typeset.ts'
import { up } from './up.ts'
import { verify } from './verify.ts'
import { version } from './version.ts'

export const commands: readonly Command[] = [
  check,
  draft,
  explain,
  proofs,
  up,
  status,
  apply,
  approve,
  decline,
  proposals,
  evidence,
  accounts,
  attest,
  clusters,
  tenants,
  access,
  api,
  keys,
  exportBundle,
  verify,
  policy,
  protect,
  ...processes,
  completionFor(() => commands),
]

/** Runs one command line. Whatever goes wrong is said in words and is exit code 2. */
export async function run(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatch(words, terminal)
  } catch (error) {
    terminal.complain(sayFailure(error))
    return 2
  }
}

async function dispatch([name, ...rest]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (name === undefined) {
    terminal.complain(helpForAll(commands, terminal))
    return 2
  }
  if (name === '--version' || name === '-V') return await say(`kept ${version}\n`, terminal)
  const asked = name === 'help' ? rest[0] : name
  if (asked === undefined || asked === '--help' || asked === '-h') {
    return await say(helpForAll(commands, terminal), terminal)
  }
  const command = findCommand(asked)
  if (name === 'help' || wantsHelp(rest)) return await say(helpFor(command, terminal), terminal)
  return await command.run(readArguments(command, rest, terminal.env), terminal)
}

function wantsHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return words
    .slice(0, end < 0 ? words.length : end)
    .some((word) => word === '--help' || word === '-h')
}

async function say(text: string, terminal: Terminal): Promise<ExitCode> {
  await terminal.print([text])
  return 0
}

function findCommand(name: string): Command {
  const command = commands.find((one) => one.name === name)
  if (command) return command
  const what = name.startsWith('-') ? 'option' : 'command'
  const known = [...commands.map((one) => one.name), '--help', '--version']
  const near = didYouMean(name, known)
  const fix = near ? `did you mean \`kept ${near}\`?` : '`kept --help` lists the commands'
  throw new Failure('kept', `there is no ${what} "${name}"`, fix)
}

function sayFailure(error: unknown): string {
  if (error instanceof Failure) {
    return `${clean(error.place)}: ${cleanLines(error.message)}\n  fix: ${cleanLines(error.fix)}\n`
  }
  const reason = error instanceof Error ? error.message : String(error)
  return `kept: this is a fault of kept itself: ${cleanLines(reason)}\n  fix: report it with the page that causes it\n`
}
