import type { Command } from './command.ts'
import { signedOptions } from './remote-options.ts'

export const accounts: Command = {
  name: 'accounts',
  says: 'push which accounts of a service have a second factor, as it exports them, and show who has none',
  arguments: [
    {
      name: 'ACTION',
      says: '`push` sends an export of a service, of which only names and factors leave this machine; `list` shows what was pushed, and of one system who has no second factor',
      words: ['push', 'list'],
    },
    { name: 'SYSTEM', says: 'a list of accounts in systems.yaml', optional: true },
    {
      name: 'FILE',
      says: 'for push: CSV or JSON of AWS, GitHub, Google, Slack, Heroku or Okta, or account,second_factor,active,kind; `-` is standard input',
      optional: true,
    },
  ],
  options: {
    exported: {
      value: 'TIME',
      says: 'for push: when the service said it; when the file was written when absent, or now',
    },
    ...signedOptions,
    json: { says: 'print JSON' },
  },
  exits: [
    ['0', 'every account has a second factor, or the lists are shown'],
    ['1', 'it is there, and some account has none, or none that is known'],
    ['2', 'the file cannot be read, or it was refused'],
  ],
  example: 'kept accounts push aws-accounts report.csv --key ci.pem --as ci',
  run: async (given, terminal) => (await import('./listing.ts')).runAccounts(given, terminal),
}
