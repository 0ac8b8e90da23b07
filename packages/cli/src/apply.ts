import type { Command } from './command.ts'
import { signedOptions } from './remote-options.ts'

export const apply: Command = {
  name: 'apply',
  says: 'put a page and its systems in force, or propose them where they weaken a promise',
  arguments: [{ name: 'PAGE', says: 'the page, in Markdown' }],
  options: {
    systems: { value: 'FILE', says: 'the systems.yaml that names your systems and runners' },
    ...signedOptions,
    json: { says: 'print JSON' },
  },
  exits: [
    ['0', 'it is in force'],
    ['1', 'it waits for people'],
    ['2', 'it was refused, or nobody could be asked'],
  ],
  example: 'kept apply security.md --systems systems.yaml --key cto.pem --as cto',
  run: async (given, terminal) => (await import('./proposing.ts')).applyPage(given, terminal),
}

const proposal = { name: 'PROPOSAL', says: 'its id, as `kept proposals` lists it' }

export const approve: Command = {
  name: 'approve',
  says: 'agree to a proposal; two different people put it in force',
  arguments: [proposal],
  options: { ...signedOptions, json: { says: 'print JSON' } },
  exits: [
    ['0', 'it is in force'],
    ['1', 'it waits for another person, or another version has overtaken it'],
    ['2', 'it was refused, or nobody could be asked'],
  ],
  example: 'kept approve PROPOSAL --key lead.pem --as lead',
  run: async (given, terminal) => (await import('./proposing.ts')).approveProposal(given, terminal),
}

export const decline: Command = {
  name: 'decline',
  says: 'end a proposal without applying it',
  arguments: [proposal],
  options: { ...signedOptions, json: { says: 'print JSON' } },
  exits: [
    ['0', 'it is declined'],
    ['2', 'it was refused, or nobody could be asked'],
  ],
  example: 'kept decline PROPOSAL --key lead.pem --as lead',
  run: async (given, terminal) => (await import('./proposing.ts')).declineProposal(given, terminal),
}

export const proposals: Command = {
  name: 'proposals',
  says: 'list what waits for people to agree, with what each would change',
  arguments: [],
  options: { ...signedOptions, json: { says: 'print JSON' } },
  exits: [
    ['0', 'they are listed'],
    ['2', 'nobody could be asked'],
  ],
  example: 'kept proposals --key lead.pem --as lead',
  run: async (given, terminal) => (await import('./proposing.ts')).listProposals(given, terminal),
}
