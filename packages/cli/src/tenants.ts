import type { Command } from './command.ts'
import { signedOptions } from './remote-options.ts'

export const tenants: Command = {
  name: 'tenants',
  says: 'say on which cluster each tenant is, and move one with its rows without losing a write',
  arguments: [
    {
      name: 'ACTION',
      says: '`list`, `show`, `add`, `move`, `cancel` a move, or `remove` one that is none any more',
      words: ['list', 'show', 'add', 'move', 'cancel', 'remove'],
    },
    {
      name: 'TENANT',
      says: 'its id as the app has it; to add many, `-` reads one a line from standard input',
      optional: true,
    },
  ],
  options: {
    on: { value: 'ID', says: 'the cluster to list, to add to or to move to' },
    dedicated: { says: 'it has the database for itself; shared when absent' },
    wait: { says: 'wait until a move is over' },
    ...signedOptions,
    json: { says: 'print JSON' },
  },
  exits: [
    ['0', 'it is done; a move is under way, or done with --wait'],
    ['1', 'the move was rolled back: the tenant is where it was'],
    ['2', 'it was refused, or nobody could be asked'],
  ],
  example: 'kept tenants move 7f3a --on big-db --dedicated --wait',
  run: async (given, terminal) => (await import('./placing.ts')).runTenants(given, terminal),
}
