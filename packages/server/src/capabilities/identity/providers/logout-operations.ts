import { z } from 'zod'
import { operation, type Document } from '../../../foundation/operation.ts'
import type { Transaction } from '../../../foundation/transaction.ts'
import { enterRealm } from '../realm.ts'
import { makeSecret } from '../secrets.ts'
import type { IdentitySettings } from '../shapes.ts'
import { over } from './challenges.ts'
import { findConnection, openConnectionSecret } from './connections.ts'
import { refusal, takeAssertion } from './entry-operations.ts'
import { endSessionsOf, takeLogout } from './logout.ts'
import { addressToAnswer, readLogout, type Brought } from './saml-logout.ts'

type Left = Document & { ended: number }
const left = z.custom<Left>()
const said = z.string().max(60_000).optional()

/** The operations by which a provider ends the sessions that it began, and answers ours that was ended. */
export function logoutOperations({ key, origin }: Pick<IdentitySettings, 'key' | 'origin'>) {
  async function take(tx: Transaction, id: string, brought: Brought): Promise<Left> {
    const connection = await findConnection(tx, id)
    if (connection?.kind !== 'saml') throw over()
    const { tenant } = connection
    await enterRealm(tx, tenant)
    const { checks, message } = readLogout(origin, connection, { brought, now: tx.now })
    checks.settle()
    if (!message) throw over()
    const page = `/portal/${encodeURIComponent(tenant)}`
    if (message.kind === 'response') {
      if (!(await takeLogout(tx, { connection: id, id: message.inResponseTo }))) throw over()
      return redirect(page, 0)
    }
    const { digest: assertion, endsAt } = message
    await takeAssertion(tx, { id, tenant }, { assertion, endsAt })
    const ended = await endSessionsOf(tx, id, message)
    const answer = addressToAnswer(origin, connection, {
      // An XML id begins with a letter, and a state may be one.
      id: makeSecret('state'),
      now: tx.now,
      privateKey: openConnectionSecret(key, connection),
      answers: message.id,
      relay: message.relay,
    })
    return redirect(answer ?? page, ended)
  }

  return {
    logout: operation({
      action: 'identity.take-logout',
      says: 'Where a SAML provider sends a browser to end its sessions here, or after it ended one there',
      input: z.object({ connection: z.uuid(), query: z.string().max(60_000) }),
      output: left,
      secret: true,
      entry: ({ connection }, { ended }) => ({ connection, ended }),
      refusal,
      run: (tx, { connection, query }) => take(tx, connection, { query }),
    }),
    logoutByForm: operation({
      action: 'identity.take-logout-form',
      says: 'The same where a provider has a browser post it',
      input: z.object({
        connection: z.uuid(),
        SAMLRequest: said,
        SAMLResponse: said,
        RelayState: z.string().max(1000).optional(),
      }),
      output: left,
      secret: true,
      entry: ({ connection }, { ended }) => ({ connection, ended }),
      refusal,
      run: (tx, { connection, ...brought }) => take(tx, connection, brought),
    }),
  }
}

function redirect(location: string, ended: number): Left {
  return {
    type: 'text/plain; charset=utf-8',
    body: '',
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    ended,
  }
}
