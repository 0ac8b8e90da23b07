import type { Command } from './command.ts'
import { signedOptions } from './remote-options.ts'

const works = ['show', 'review']

export const api: Command = {
  name: 'api',
  says: 'show the routes that a service really serves, and note that you reviewed who may reach each',
  arguments: [
    {
      name: 'WORK',
      says: 'show: the list, and its digest; review: notes that you reviewed the list of this digest',
      words: works,
    },
    { name: 'SERVICE', says: 'a service of systems.yaml' },
  ],
  options: {
    digest: { value: 'ID', says: 'for review: of the list that you reviewed, as show prints it' },
    ...signedOptions,
    json: { says: 'print JSON' },
  },
  exits: [
    ['0', 'it is shown, or noted'],
    ['2', 'it was refused, as when the list has changed, or nobody could be asked'],
  ],
  example: 'kept api show app --key cto.pem --as cto',
  run: async (given, terminal) => (await import('./reviewing.ts')).runApi(given, terminal),
}
