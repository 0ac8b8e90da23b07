import { z } from 'zod'
import { Failure } from '../../foundation/failure.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { operation } from '../../foundation/operation.ts'
import { listAccounts, removeAccount, roles, setRole } from './accounts.ts'
import { invite, inviteAgain, inviteTenantOwner, joinLink } from './invitations.ts'
import { email, name, nothing, type IdentitySettings } from './shapes.ts'
import { isSecond, mustBeFresh } from './sessions.ts'
import { keepSettings, mayComeFrom, readSettings, type TenantSettings } from './settings.ts'
import { readRules } from './rules.ts'
import { findNeeds } from './standing.ts'
import { mustHaveConnection } from './providers/connections.ts'

const account = z.strictObject({ account: z.uuid() })
const link = z.object({ link: z.string(), endsAt: z.number(), invitation: z.string() })
const settingsShape = z.object({
  secondFactor: z.boolean(),
  providerOnly: z.boolean(),
  addresses: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .min(1)
    .max(200)
    .nullable(),
})

/** The operations on people: of the staff by its owners, of a tenant by the owners there. */
export function peopleOperations({ origin }: IdentitySettings) {
  const told = ({ id, token, endsAt }: { id: string; token: string; endsAt: number }) => ({
    link: joinLink(origin, token),
    endsAt,
    invitation: id,
  })
  return {
    people: operation({
      action: 'identity.list-people',
      says: 'Who has an account here, with the factors that each has set up',
      input: nothing,
      output: z.object({
        people: z.array(
          z.object({
            id: z.string(),
            name: z.string(),
            email: z.string(),
            role: z.enum(roles),
            factors: z.array(z.string()),
            addedAt: z.number(),
            seenAt: z.number().nullable(),
          }),
        ),
      }),
      run: async (tx) => ({ people: await listAccounts(tx, tx.scope.actor.tenant ?? null) }),
    }),
    invite: operation({
      action: 'identity.invite',
      says: 'Makes a one-time link for somebody new, good for a day and shown once',
      input: z.strictObject({
        email,
        role: z.enum(roles),
        /** What they are called: who speaks by a key in systems.yaml has its name there. */
        name: name.nullable().default(null),
      }),
      output: link,
      secret: true,
      entry: ({ role }, { invitation }) => ({ invitation, role }),
      async run(tx, { email: to, ...more }) {
        await mustBeFresh(tx)
        return told(await invite(tx, { tenant: tx.scope.actor.tenant ?? null, email: to, ...more }))
      },
    }),
    inviteTenantOwner: operation({
      action: 'identity.invite-tenant-owner',
      says: 'Makes a one-time link for the first owner of a tenant’s portal, while there is none',
      input: z.strictObject({ tenant: z.string().min(1).max(200), email }),
      output: link,
      secret: true,
      entry: (_, { invitation }) => ({ invitation }),
      async run(tx, { tenant, email: to }) {
        await mustBeFresh(tx)
        return told(await inviteTenantOwner(tx, { tenant, email: to }))
      },
    }),
    inviteAgain: operation({
      action: 'identity.invite-again',
      says: 'Makes a one-time link by which somebody who lost all factors comes back',
      input: account,
      output: link,
      secret: true,
      entry: ({ account: id }, { invitation }) => ({ account: id, invitation }),
      async run(tx, { account: id }) {
        await mustBeFresh(tx)
        return told(await inviteAgain(tx, id))
      },
    }),
    remove: operation({
      action: 'identity.remove',
      says: 'Takes somebody out: their sessions and keys end at once',
      input: account,
      output: z.object({}),
      entry: ({ account: id }) => ({ account: id }),
      async run(tx, { account: id }) {
        await mustBeFresh(tx)
        await removeAccount(tx, id)
        return {}
      },
    }),
    setRole: operation({
      action: 'identity.set-role',
      says: 'Makes somebody an owner, or a member again; they sign in anew',
      input: account.extend({ role: z.enum(roles) }),
      output: z.object({}),
      entry: ({ account: id, role }) => ({ account: id, role }),
      async run(tx, { account: id, role }) {
        await mustBeFresh(tx)
        await setRole(tx, id, role)
        return {}
      },
    }),
    showSettings: operation({
      action: 'identity.show-settings',
      says: 'What a tenant asks of its users',
      input: nothing,
      output: settingsShape.extend({
        /** Whether a list of networks can be set here. */
        offersAddresses: z.boolean(),
      }),
      async run(tx) {
        const { offersAddresses } = await readRules(tx)
        return { ...(await readSettings(tx, tx.scope.actor.tenant!)), offersAddresses }
      },
    }),
    setSettings: operation({
      action: 'identity.set-settings',
      says: 'Sets what a tenant asks of its users: a second factor, its own provider, networks',
      input: settingsShape,
      output: settingsShape,
      entry: (input) => input,
      async run(tx, input) {
        await mustBeFresh(tx)
        if (input.addresses !== null) await mustOfferAddresses(tx)
        await mustStayIn(tx, input)
        if (input.providerOnly) await mustHaveConnection(tx, tx.scope.actor.tenant!)
        await keepSettings(tx, tx.scope.actor.tenant!, input)
        return await readSettings(tx, tx.scope.actor.tenant!)
      },
    }),
  }
}

/** What the page says there is not nobody gets; lists from before hold until their owners remove them. */
async function mustOfferAddresses(tx: Transaction): Promise<void> {
  if ((await readRules(tx)).offersAddresses) return
  throw new Failure('not-allowed', 'the page here says that there are no lists of networks', {
    at: '/addresses',
    fix: 'leave "addresses" null; the other settings can be set without it',
  })
}

/** Nobody locks themselves out, and everybody else with them. */
async function mustStayIn(tx: Transaction, settings: TenantSettings): Promise<void> {
  if (!mayComeFrom(settings, tx.scope.address)) {
    throw new Failure(
      'conflict',
      `your own address ${tx.scope.address} is in none of these networks`,
      {
        fix: 'add the network that you come from',
      },
    )
  }
  const { proved } = await findNeeds(tx)
  if ((settings.secondFactor || settings.providerOnly) && !isSecond(proved)) {
    throw new Failure('conflict', 'you have proved no second factor in this session', {
      fix: 'set one up and prove it, then ask it of the others',
    })
  }
}
