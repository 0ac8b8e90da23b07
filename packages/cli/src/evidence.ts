import type { Command } from './command.ts'
import { signedOptions } from './remote-options.ts'

export const evidence: Command = {
  name: 'evidence',
  says: 'push evidence to a running Kept, signed by the runner that saw it',
  arguments: [
    { name: 'push', says: 'sends it; what was sent before is taken once', words: ['push'] },
    { name: 'FILE', says: 'evidence as JSON lines; `-` is standard input' },
  ],
  options: { ...signedOptions, json: { says: 'print JSON' } },
  exits: [
    ['0', 'all of it is there'],
    ['2', 'a line cannot be read, or it was refused'],
  ],
  example: 'kept evidence push evidence.jsonl --key ci.pem --as ci',
  run: async (given, terminal) => (await import('./push.ts')).pushFile(given, terminal),
}
