import type { Command } from './command.ts'
import { signedOptions } from './remote-options.ts'

export const attest: Command = {
  name: 'attest',
  says: 'vouch for something as a person: one piece of evidence, signed, that never yields more than `attested`',
  arguments: [
    { name: 'KIND', says: 'a kind of evidence, as `kept explain PROOF` names it' },
    { name: 'SUBJECT', says: 'a system of systems.yaml' },
  ],
  options: {
    measured: {
      value: 'NAME=VALUE',
      repeats: true,
      says: 'a fact that the kind carries; lists with commas, times as 2026-11-20T12:00:00Z',
    },
    until: { value: 'DATE', says: 'the day it ends, in UTC, where the kind carries validUntil' },
    fail: { says: 'vouch that it does not hold' },
    ...signedOptions,
    json: { says: 'print JSON' },
  },
  exits: [
    ['0', 'it was taken'],
    ['2', 'it was not, and says why'],
  ],
  example: 'kept attest document.certificate iso --measured issuer=TUV --until 2027-03-01',
  run: async (given, terminal) => (await import('./attesting.ts')).attest(given, terminal),
}
