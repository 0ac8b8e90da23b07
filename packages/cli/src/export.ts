import type { Command } from './command.ts'
import { Failure } from './failure.ts'
import { serverOption } from './remote-options.ts'

export const exportBundle: Command = {
  name: 'export',
  says: 'fetch the bundle by which anyone recomputes every verdict offline, with `kept verify`',
  arguments: [],
  options: {
    server: serverOption,
    output: { value: 'FILE', short: 'o', says: 'where it goes; standard output when absent' },
  },
  exits: [
    ['0', 'it is there, and not yet verified'],
    ['2', 'it could not be fetched'],
  ],
  example: 'kept export --server https://security.example.com -o bundle.json',
  async run(given, terminal) {
    const { openRemote } = await import('./remote.ts')
    const { readBundle } = await import('@kept/page')
    const remote = openRemote(given, 'export', terminal)
    const bytes = await remote.read('/api/export')
    if (!bytes) throw new Failure(remote.url, 'it has nothing to export', 'apply a page first')
    const text = new TextDecoder().decode(bytes)
    const read = readBundle(text)
    if (!('bundle' in read)) {
      throw new Failure(`${remote.url} ${read.at}`, read.says, 'use a kept of the same version')
    }
    const output = given.options.get('output')
    if (output === undefined) await terminal.print([`${text}\n`])
    else {
      terminal.write(output, `${text}\n`)
      const { verdicts, entries } = read.bundle
      terminal.complain(`${output}: ${verdicts.length} verdicts, ${entries.length} entries\n`)
    }
    return 0
  },
}
