import type { Command } from './command.ts'

export const verify: Command = {
  name: 'verify',
  says: 'verify a bundle, a running ledger or a copy of one, and recompute every verdict of a bundle',
  arguments: [
    {
      name: 'WHAT',
      says: 'a bundle of `kept export`, the URL of a Kept, or a folder with checkpoint and tile/',
    },
  ],
  options: {
    key: { value: 'KEY', says: "the log's key from elsewhere; else the one that comes with it" },
    earlier: {
      value: 'FILE',
      repeats: true,
      says: 'a checkpoint or bundle that was kept or mailed before: shows a log that was signed anew',
    },
    json: { says: 'print JSON' },
  },
  exits: [
    ['0', 'verified'],
    ['1', 'something does not hold'],
    ['2', 'it could not be read'],
  ],
  example: 'kept verify bundle.json --earlier checkpoint.txt',
  run: async (given, terminal) => (await import('./verifying/verify.ts')).verify(given, terminal),
}
