import type { Command } from './command.ts'
import { signedOptions } from './remote-options.ts'

export const clusters: Command = {
  name: 'clusters',
  says: 'review, register and list database clusters; one outside the promised regions is refused',
  arguments: [
    {
      name: 'ACTION',
      says: '`list`; `review` notes that you verified where it is to be created; `register` when it was',
      words: ['list', 'review', 'register'],
    },
    { name: 'CLUSTER', says: 'a database of systems.yaml', optional: true },
  ],
  options: {
    provider: { value: 'ID', says: 'at whom it is, or is to be, created' },
    region: { value: 'ID', says: 'in which region of theirs' },
    created: { value: 'TIME', says: 'when it was created; now when absent' },
    ...signedOptions,
    json: { says: 'print JSON' },
  },
  exits: [
    ['0', 'it is done, and was reviewed before it was created'],
    ['1', 'it is registered, but was reviewed too late'],
    ['2', 'it was refused, or nobody could be asked'],
  ],
  example: 'kept clusters review main-db --provider aws --region us-east-1',
  run: async (given, terminal) => (await import('./registering.ts')).runClusters(given, terminal),
}
