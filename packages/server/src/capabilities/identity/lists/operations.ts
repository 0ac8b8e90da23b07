import {
  accountKinds,
  countAccounts,
  counts,
  factorWords,
  longestName,
  mostAccounts,
} from '@kept/page/accounts'
import { z } from 'zod'
import { Failure } from '../../../foundation/failure.ts'
import { operation } from '../../../foundation/operation.ts'
import type { Transaction } from '../../../foundation/transaction.ts'
import { hurry } from '../../claims/collections.ts'
import { isReadAtHeroku } from '../../registers/accounts.ts'
import { readRules } from '../rules.ts'
import { nothing } from '../shapes.ts'
import { endCanary, prepareCanary } from './canary.ts'
import { keepList, readLacking, readLists } from './lists.ts'
import { keepPolicy, readPolicy } from './policies.ts'
import { mustSpeak, needPeople } from './speaker.ts'
import { readStaff } from './staff.ts'

export const factorsKind = 'people.second-factors'
export const policyKind = 'people.password-policy'

/** By this provider systems.yaml means whoever signs in here. */
export const ourselves = 'kept'

/** Accounts that are told by name at once. */
const mostTold = 1000

const system = z.string().min(1).max(100)
const source = z.string().regex(/^[a-z][a-z0-9-]{0,60}$/)
const exportedAt = z.iso.datetime({ offset: true }).transform((said) => Date.parse(said))
const account = z.strictObject({
  account: z.string().min(1).max(longestName),
  kind: z.enum(accountKinds),
  active: z.boolean(),
  secondFactor: z.enum(factorWords),
})
const accounts = z
  .array(account)
  .min(1)
  .max(mostAccounts)
  .refine((all) => new Set(all.map((one) => one.account)).size === all.length, 'one is there twice')

const count = z.object({
  accounts: z.number(),
  without: z.number(),
  unknown: z.number(),
  inactive: z.number(),
  services: z.number(),
})
const kept = z.object({
  system: z.string(),
  source: z.string(),
  exportedAt: z.number(),
  receivedAt: z.number(),
  pushedBy: z.string(),
})
const list = kept.extend(count.shape)
const counted = list.extend({ previous: z.number().nullable() })
const policy = kept.extend({ minimumLength: z.number(), singleSignOnOnly: z.boolean() })
const pushed = count.extend({ taken: z.boolean(), commitment: z.string() })

type Pushed = z.output<typeof pushed>

/** The operations on what other systems say of their accounts, and on our own staff's as one of them. */
export const listOperations = {
  push: operation({
    action: 'identity.push-accounts',
    says: 'Takes the accounts of a system, each with whether it has a second factor, in place of the last list',
    input: z.strictObject({ system, source, exportedAt, accounts }),
    output: pushed,
    entry: toEntry,
    async run(tx, given) {
      await mustTake(tx, factorsKind, given.system)
      const taken = await keepList(tx, given)
      await hurry(tx, { kind: factorsKind, subject: given.system })
      return taken
    },
  }),
  pushPolicy: operation({
    action: 'identity.push-password-policy',
    says: 'Takes what passwords a system accepts, in place of what was said before',
    input: z.strictObject({
      system,
      source,
      exportedAt,
      minimumLength: z.int().min(0).max(1024),
      singleSignOnOnly: z.boolean(),
    }),
    output: z.object({ taken: z.boolean() }),
    entry: ({ system: of, minimumLength, singleSignOnOnly }) => ({
      system: of,
      minimumLength,
      singleSignOnOnly,
    }),
    async run(tx, given) {
      await mustTake(tx, policyKind, given.system)
      const taken = await keepPolicy(tx, given)
      await hurry(tx, { kind: policyKind, subject: given.system })
      return taken
    },
  }),
  list: operation({
    action: 'identity.list-accounts',
    says: 'The lists of accounts that were pushed: when, by whom, and how many have a second factor',
    input: nothing,
    output: z.object({ lists: z.array(list) }),
    run: async (tx) => ({ lists: await readLists(tx) }),
  }),
  show: operation({
    action: 'identity.show-accounts',
    says: 'One list, with the accounts that have no second factor or none that is known',
    input: z.strictObject({ system }),
    output: count.extend({
      system: z.string(),
      /** Null of our own staff, who are looked at as they are. */
      list: kept.nullable(),
      lacking: z.array(z.object({ account: z.string(), secondFactor: z.enum(factorWords) })),
    }),
    run: showAccounts,
  }),
  keep: operation({
    action: 'identity.keep-accounts',
    says: 'Keeps the accounts that a collector read at a system',
    input: z.strictObject({ system, source, accounts }),
    output: pushed,
    entry: toEntry,
    run: (tx, given) => keepList(tx, { ...given, exportedAt: tx.now }),
  }),
  read: operation({
    action: 'identity.read-accounts',
    says: 'The counts of one list, and what is known of its passwords',
    input: z.strictObject({ system }),
    output: z.object({ list: counted.nullable(), policy: policy.nullable() }),
    run: async (tx, { system: of }) => ({
      list: (await readLists(tx)).find((one) => one.system === of) ?? null,
      policy: await readPolicy(tx, of),
    }),
  }),
  readStaff: operation({
    action: 'identity.read-staff',
    says: 'How many of the staff have a second factor here, and how long their passwords are',
    input: nothing,
    output: count.extend({ minimumLength: z.number() }),
    async run(tx) {
      const { passwordLength } = await readRules(tx)
      return { ...countAccounts(await readStaff(tx)), minimumLength: passwordLength }
    },
  }),
  prepareCanary: operation({
    action: 'identity.prepare-canary',
    says: 'Makes a password for the account that tries to come in by it alone',
    input: nothing,
    output: z.object({ account: z.string(), email: z.string(), password: z.string() }),
    secret: true,
    entry: () => ({}),
    run: (tx) => prepareCanary(tx),
  }),
  endCanary: operation({
    action: 'identity.end-canary',
    says: 'Forgets that password, and ends what was begun by it',
    input: nothing,
    output: nothing,
    entry: () => ({}),
    async run(tx) {
      await endCanary(tx)
      return {}
    },
  }),
}

/** Counts and a commitment: no name, and nothing that tells one list from another once it is gone. */
function toEntry(
  { system: of, source: by }: { system: string; source: string },
  { accounts: all, without, unknown, commitment }: Pushed,
) {
  return { system: of, source: by, accounts: all, without, unknown, commitment }
}

async function mustTake(tx: Transaction, kind: string, of: string): Promise<void> {
  await mustSpeak(tx, kind, of)
  const known = await needPeople(tx, of)
  if (known.provider === ourselves || (kind === factorsKind && isReadAtHeroku(known))) {
    throw new Failure('conflict', `Kept itself reads the accounts of ${of}`, {
      fix: `push nothing for it; its provider in systems.yaml is ${known.provider}`,
    })
  }
}

async function showAccounts(tx: Transaction, { system: of }: { system: string }) {
  const { provider } = await needPeople(tx, of)
  if (provider === ourselves) {
    const staff = await readStaff(tx)
    const lacking = staff.filter((one) => counts(one) && one.secondFactor !== 'yes')
    return { system: of, list: null, ...countAccounts(staff), lacking: lacking.slice(0, mostTold) }
  }
  const found = (await readLists(tx)).find((one) => one.system === of)
  if (!found) {
    throw new Failure('not-found', `no list of ${of} was pushed yet`, {
      fix: `kept accounts push ${of} FILE`,
    })
  }
  return { ...found, list: found, lacking: await readLacking(tx, of, mostTold) }
}
