import type { Command } from './command.ts'
import { serverOption } from './remote-options.ts'

export const status: Command = {
  name: 'status',
  says: 'say how a running Kept stands: verdicts, what is wrong and why, what lapses soon',
  arguments: [],
  options: { server: serverOption, json: { says: 'print JSON' } },
  exits: [
    ['0', 'every promise is kept, due or attested'],
    ['1', 'some promise is not'],
    ['2', 'bad usage, or it cannot be reached'],
  ],
  example: 'kept status --server https://security.example.com',
  async run(given, terminal) {
    const { openRemote } = await import('./remote.ts')
    const { printStatus } = await import('./standing.ts')
    return printStatus(openRemote(given, 'status', terminal), given, terminal)
  },
}
