import { z } from 'zod'
import { Failure } from '../../../foundation/failure.ts'
import {
  operation,
  type Ahead,
  type Document,
  type Json,
  type Session,
} from '../../../foundation/operation.ts'
import { at, type Transaction } from '../../../foundation/transaction.ts'
import { enterRealm } from '../realm.ts'
import { digestOf, makeSecret } from '../secrets.ts'
import { agent, session, type IdentitySettings } from '../shapes.ts'
import {
  findChallenge,
  keepChallenge,
  mustBeBrowser,
  over,
  patience,
  spellNext,
  takeChallenge,
  takeTicket,
  type Begun,
} from './challenges.ts'
import type { Check } from './checks.ts'
import {
  chooseConnection,
  findConnection,
  needConnection,
  openConnectionSecret,
  type Connection,
} from './connections.ts'
import { verifiedDomains } from './domains.ts'
import { enterByProvider, noteDomain } from './enter.ts'
import * as oidc from './oidc.ts'
import * as saml from './saml.ts'
import { keepTrial } from './trials.ts'

const uuid = z.uuid()
const challenge = z.string().max(200).nullable()
const said = z.string().max(4096).optional()

/** What a browser is answered, and whose account it is in then. */
type Landed = Document & { account: string | null; trial: boolean }
const landed = z.custom<Landed>()

/** Of a refusal its code and which check it was, and of whose connection: nothing that names a person. */
export function refusal(input: unknown, { code, detail }: Failure): Json | null {
  const { connection = null } = input as { connection?: string | null }
  const { check } = detail
  return kept.has(code)
    ? {
        refused: code,
        ...(typeof check === 'string' && { check }),
        ...(connection && { connection }),
      }
    : null
}

const kept = new Set([
  'sign-in-over',
  'provider-answer',
  'replayed',
  'foreign-address',
  'taken-out',
  'conflict',
  'not-connected',
])

/** The operations by which somebody goes to a tenant's provider and comes back. */
export function entryOperations(settings: IdentitySettings) {
  const { key, origin } = settings

  /** What is kept of a browser that goes to its provider, and where it is sent. */
  async function go(
    work: Ahead,
    choose: (tx: Transaction) => Promise<Connection>,
    more: Pick<Begun, 'next' | 'trial'>,
  ): Promise<{ address: string; challenge: Session; connection: string }> {
    const cookie = makeSecret('browser')
    const { connection, domains } = await work.first(async (tx) => {
      const chosen = await choose(tx)
      return { connection: chosen, domains: await verifiedDomains(tx, chosen.tenant) }
    })
    const begun: Begun = {
      tenant: connection.tenant,
      connection: connection.id,
      browser: digestOf(cookie).toString('hex'),
      ...more,
    }
    // An XML id begins with a letter, and a state may be one.
    const state = makeSecret('state')
    const address =
      connection.kind === 'oidc'
        ? await oidc.addressToSignIn(settings, connection, {
            state,
            cookie,
            domains,
            now: work.now,
          })
        : await saml.addressToSignIn(origin, connection, state)
    await work.first((tx) => keepChallenge(tx, connection.kind, state, begun))
    const endsAt = work.now + patience.provider
    return { address, challenge: { token: cookie, endsAt }, connection: connection.id }
  }

  const going = z.object({ address: z.string(), challenge: session, connection: z.string() })

  return {
    begin: operation({
      action: 'identity.begin-provider',
      says: 'Begins to sign in by a tenant’s provider: says where to send the browser',
      input: z.strictObject({
        tenant: z.string().min(1).max(200),
        /** Which of its connections; the only one when left out. */
        connection: uuid.nullable().default(null),
        next: z.string().max(1000).default('/console/').transform(spellNext),
        challenge,
      }),
      output: going,
      secret: true,
      entry: (_, { connection }) => ({ connection }),
      refusal,
      ahead: (work, { tenant, connection, next }) =>
        go(
          work,
          async (tx) => {
            await enterRealm(tx, tenant)
            return await chooseConnection(tx, tenant, connection)
          },
          { next, trial: null },
        ),
      run: (_, __, gone) => Promise.resolve(gone),
    }),
    tryConnection: operation({
      action: 'identity.try-connection',
      says: 'Tries a connection, enabled or not: nobody is signed in, and what the provider sent is kept to be read',
      input: z.strictObject({ connection: uuid, challenge }),
      output: going,
      secret: true,
      entry: ({ connection }) => ({ connection }),
      ahead: (work, { connection }) =>
        work
          .first((tx) => Promise.resolve(tx.scope.actor.account ?? null))
          .then((trial) =>
            go(work, (tx) => needConnection(tx, connection), { next: '/console/', trial }),
          ),
      run: (_, __, gone) => Promise.resolve(gone),
    }),
    callback: operation({
      action: 'identity.take-code',
      says: 'Where an OpenID provider sends a browser back to',
      input: z.strictObject({
        connection: uuid,
        challenge,
        state: z.string().min(1).max(500),
        code: said,
        iss: said,
        error: said,
        error_description: said,
        agent,
      }),
      output: landed,
      secret: true,
      entry: ({ connection }, { account, trial }) => ({ connection, account, trial }),
      refusal,
      async ahead(
        work,
        { connection: id, challenge: cookie, state, code, iss, error, error_description },
      ) {
        // Taken whatever comes of it: a code is tried once.
        const found = await work.first(async (tx) => {
          const begun = await takeChallenge(tx, 'oidc', { secret: state, connection: id })
          const connection = await findConnection(tx, id)
          if (connection?.kind !== 'oidc' || connection.tenant !== begun.tenant) return null
          await enterRealm(tx, begun.tenant)
          return { begun, connection, domains: await verifiedDomains(tx, begun.tenant) }
        })
        if (!found) throw over()
        const { begun, connection, domains } = found
        mustBeBrowser(begun, cookie)
        const brought = Object.fromEntries(
          Object.entries({ state, code, iss, error, error_description }).filter(
            ([, value]) => value !== undefined,
          ),
        ) as Record<string, string>
        const answer = await oidc.readAnswer(settings, connection, {
          parameters: brought,
          state,
          cookie: cookie!,
          domains,
          now: work.now,
        })
        if (answer.asserted) noteDomain(answer.checks, answer.asserted.email, domains)
        return { begun, connection, answer }
      },
      async run(tx, { agent: by }, { begun, connection, answer }) {
        const { checks, asserted, sent } = answer
        if (begun.trial !== null) return await showTrial(tx, begun, sent, checks.list)
        checks.settle()
        if (!asserted) throw over()
        const entered = await enterByProvider(tx, connection, asserted, by)
        return land(begun.next, entered)
      },
    }),
    consume: operation({
      action: 'identity.take-assertion',
      says: 'Where a SAML provider has a browser post its response',
      input: z.object({
        connection: uuid,
        SAMLResponse: z.string().min(1).max(200_000),
      }),
      output: landed,
      secret: true,
      entry: ({ connection }, { trial }) => ({ connection, trial }),
      refusal,
      async ahead(work, { connection: id, SAMLResponse: encoded }) {
        const connection = await work.first((tx) => findConnection(tx, id))
        if (connection?.kind !== 'saml') throw over()
        const privateKey = openConnectionSecret(key, connection)
        const answer = await saml.readResponse(origin, connection, {
          encoded,
          privateKey,
          now: work.now,
        })
        return { connection, answer }
      },
      async run(tx, _, { connection: { id, tenant }, answer }) {
        const { checks, asserted, sent, request } = answer
        await enterRealm(tx, tenant)
        const domains = await verifiedDomains(tx, tenant)
        if (asserted) noteDomain(checks, asserted.email, domains)
        const asked = { secret: request ?? '', connection: id }
        const trial = await findChallenge(tx, 'saml', asked)
        if (trial !== null && trial.trial !== null) {
          await takeChallenge(tx, 'saml', asked)
          return await showTrial(tx, trial, sent, checks.list)
        }
        checks.settle()
        if (!asserted || !answer.assertion) throw over()
        await takeAssertion(tx, { id, tenant }, answer)
        const begun = await takeChallenge(tx, 'saml', asked)
        const { subject, email, name, isMultiple, began } = asserted
        const ticket = makeSecret('ticket')
        await keepChallenge(tx, 'ticket', ticket, {
          ...begun,
          asserted: { subject, email, name, isMultiple, began: began ?? null },
        })
        // The browser left our cookies at home when another site had it post: it comes again by itself.
        return redirect(`/api/sso/finish?ticket=${ticket}`)
      },
    }),
    finish: operation({
      action: 'identity.finish-provider',
      says: 'Ends a sign-in by a SAML provider, in the browser that began it',
      input: z.strictObject({ ticket: z.string().min(1).max(200), challenge, agent }),
      output: landed,
      secret: true,
      entry: (_, { account }) => ({ account }),
      refusal,
      async run(tx, { ticket, challenge: cookie, agent: by }) {
        const { asserted, ...begun } = await takeTicket(tx, ticket)
        mustBeBrowser(begun, cookie)
        const connection = { id: begun.connection, tenant: begun.tenant }
        return land(begun.next, await enterByProvider(tx, connection, asserted, by))
      },
    }),
    describeUs: operation({
      action: 'identity.show-metadata',
      says: 'What a SAML provider is told of a connection: our name, address and key, as metadata',
      input: z.strictObject({ connection: uuid }),
      output: z.custom<Document>(),
      async run(tx, { connection: id }) {
        const connection = await findConnection(tx, id)
        if (connection?.kind !== 'saml') throw over()
        return {
          type: 'application/samlmetadata+xml; charset=utf-8',
          body: saml.describeUs(origin, connection),
        }
      },
    }),
  }
}

/** An assertion counts once, however often it is posted while it holds. */
export async function takeAssertion(
  tx: Transaction,
  { id, tenant }: { id: string; tenant: string },
  { assertion, endsAt }: Pick<saml.SamlAnswer, 'assertion' | 'endsAt'>,
): Promise<void> {
  await tx.rows`delete from identity.assertions where ends_at <= ${at(tx.now)} and connection = ${id}`
  const taken = await tx.row`
    insert into identity.assertions (connection, hash, tenant, ends_at)
    values (${id}, ${assertion}, ${tenant}, ${at(endsAt)}) on conflict do nothing returning hash`
  if (!taken) throw replayed()
}

function replayed(): Failure {
  return new Failure('replayed', 'this answer of the provider was used before', {
    fix: 'begin again from the sign-in page',
  })
}

async function showTrial(
  tx: Transaction,
  begun: Begun,
  sent: Record<string, unknown>,
  checks: readonly Check[],
): Promise<Landed> {
  await enterRealm(tx, begun.tenant)
  await keepTrial(tx, begun, { sent, checks })
  const page = `/portal/${encodeURIComponent(begun.tenant)}/sign-in-ways/${begun.connection}`
  return { ...redirect(page), challenge: null, trial: true }
}

/** The session begins here, and the cookie of the way there is done. */
function land(
  next: string,
  { session: begun, account }: { session: Session; account: string },
): Landed {
  return { ...redirect(next), session: begun, challenge: null, account }
}

function redirect(location: string): Landed {
  return {
    type: 'text/plain; charset=utf-8',
    body: '',
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    account: null,
    trial: false,
  }
}
