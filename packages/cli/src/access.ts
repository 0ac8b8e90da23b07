import { didYouMean } from '@kept/page'
import type { Command } from './command.ts'
import { Failure } from './failure.ts'
import { signedOptions } from './remote-options.ts'

const works = ['list', 'request', 'allow', 'refuse', 'end', 'reads']

export const access: Command = {
  name: 'access',
  says: 'ask a tenant to let you see its data, answer for a tenant, and show who may see what and what was seen',
  arguments: [
    {
      name: 'WORK',
      says: 'list: grants; request: asks for one; allow, refuse: the tenant’s answer, passed on by the app’s runner; end: ends one early; reads: what was recorded',
      words: works,
    },
    {
      name: 'TENANT|GRANT',
      says: 'for list, request and reads a tenant; for allow, refuse and end the id of a grant',
      optional: true,
    },
  ],
  options: {
    reason: { value: 'TEXT', says: 'for request: why, which the tenant reads' },
    until: { value: 'TIME', says: 'for request: when it ends by itself; 8 hours from now at most' },
    tenant: { value: 'NAME', says: 'for allow, refuse and end: whose grant it is' },
    by: { value: 'NAME', says: 'for allow, refuse and end: the user of the tenant who says so' },
    kind: { value: 'NAME', says: 'for reads: staff-read, reads or event; staff-read when absent' },
    grant: { value: 'ID', says: 'for reads: under this grant alone' },
    before: { value: 'ID', says: 'for list and reads: the page that begins there' },
    ...signedOptions,
    json: { says: 'print JSON' },
  },
  exits: [
    ['0', 'it is done, or listed'],
    ['2', 'it was refused, or nobody could be asked'],
  ],
  example: 'kept access request TENANT --reason "ticket 4711" --until 2026-11-20T16:00:00Z',
  async run(given, terminal) {
    const granting = await import('./granting.ts')
    switch (given.words[0]) {
      case 'list':
        return granting.listGrants(given, terminal)
      case 'request':
        return granting.requestGrant(given, terminal)
      case 'allow':
      case 'refuse':
        return granting.answerGrant(given.words[0], given, terminal)
      case 'end':
        return granting.endGrant(given, terminal)
      case 'reads':
        return granting.listReads(given, terminal)
      default:
        throw unknownWork(given.words[0]!)
    }
  },
}

function unknownWork(word: string): Failure {
  const near = didYouMean(word, works)
  const fix = near ? `did you mean \`kept access ${near}\`?` : `write one of ${works.join(', ')}`
  return new Failure('kept access', `it has no "${word}"`, fix)
}
