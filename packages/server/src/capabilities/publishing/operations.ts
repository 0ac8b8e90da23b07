import type { Instant } from '@kept/page'
import { z } from 'zod'
import { Failure } from '../../foundation/failure.ts'
import { documentOf, operation, type Document } from '../../foundation/operation.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { needApplied } from '../claims/edition.ts'
import { announce } from './announce.ts'
import {
  badgeHeaders,
  documentHeaders,
  feedHeaders,
  readVerifier,
  renderChanges,
  renderClaim,
  renderPage,
  renderSubscribe,
  scriptHeaders,
  toAtom,
  toBadge,
  toFeed,
  toSecurityTxt,
  validUntil,
} from './documents.ts'
import type { FeedView, PageView, SubscribeView } from './model.ts'
import { endOfDay, stripOf } from './strip.ts'
import { askSubscriber, confirmSubscriber, endSubscriber, resendMails } from './subscriptions.ts'
import { turnsOf } from './verdicts.ts'
import { viewChanges, viewClaim, viewFeed, viewPage, viewSite, type Publication } from './views.ts'

const nothing = z.strictObject({})
const token = z.string().max(100)
const id = z.string().max(200)

type Bare<View> = View extends unknown ? Omit<View, 'site' | 'at'> : never
type Subscribing = Bare<SubscribeView>

function html(body: string): Document {
  return { type: 'text/html; charset=utf-8', body, headers: documentHeaders }
}

/** What shows strips lasts no longer than the day: at the page's own midnight they get another. */
function untilMidnight(
  { site, at }: Pick<PageView, 'site' | 'at'>,
  until: Instant | null,
  document: Document,
): Document {
  const midnight = endOfDay(at, site.timeZone)
  return { ...document, until: Math.min(until ?? Infinity, midnight) }
}

function lasting({ claims, removed, at }: FeedView, document: Document): Document {
  const until = validUntil(claims, at, removed)
  return until === null ? document : { ...document, until }
}

/** A document that anybody may be shown. */
function show<I extends z.ZodType>(
  name: string,
  says: string,
  input: I,
  run: (tx: Transaction, input: z.output<I>) => Promise<Document>,
) {
  return operation({
    action: `publishing.${name}`,
    says,
    input,
    output: documentOf,
    run,
  })
}

export function noMail(): Failure {
  return new Failure(
    'not-connected',
    'no mail server is connected, so nobody can be told by mail',
    {
      fix: 'set KEPT_SMTP to the URL of a mail server; readers can follow the Atom feed',
    },
  )
}

/** The public documents of one Kept, and who is told of changes. */
export function publishingOperations(publication: Publication) {
  const { origin, mails } = publication

  async function subscribeView(tx: Transaction, view: Subscribing) {
    const site = await viewSite(tx, await needApplied(tx), publication)
    return html(renderSubscribe({ ...view, site, at: tx.now }))
  }

  return {
    showPage: show('show-page', 'The public page', nothing, async (tx) => {
      const view = await viewPage(tx, publication)
      const until = validUntil(view.claims, view.at, view.removed)
      return untilMidnight(view, until, html(renderPage(view)))
    }),
    showClaim: show(
      'show-claim',
      'The page of a claim',
      z.strictObject({ id }),
      async (tx, input) => {
        const view = await viewClaim(tx, publication, input.id)
        const until = validUntil([view.claim], view.at)
        return untilMidnight(view, until, html(renderClaim(view)))
      },
    ),
    showChanges: show(
      'show-changes',
      'What changed',
      z.strictObject({ before: z.string().max(40).optional() }),
      async (tx, { before }) => html(renderChanges(await viewChanges(tx, publication, before))),
    ),
    showFeed: show('show-feed', 'The verdicts as JSON', nothing, async (tx) => {
      const view = await viewFeed(tx, publication)
      const body = JSON.stringify(toFeed(view), null, 2)
      return lasting(view, { type: 'application/json', body, headers: feedHeaders })
    }),
    showAtom: show('show-atom', 'What changed, as Atom', nothing, async (tx) => ({
      type: 'application/atom+xml; charset=utf-8',
      body: toAtom(await viewChanges(tx, publication, undefined)),
      headers: feedHeaders,
    })),
    showBadge: show('show-badge', 'A badge for other pages', nothing, async (tx) => {
      const view = await viewFeed(tx, publication)
      return lasting(view, { type: 'image/svg+xml', body: toBadge(view), headers: badgeHeaders })
    }),
    showSecurityTxt: show('show-security-txt', 'security.txt', nothing, async (tx) => {
      const body = toSecurityTxt(await viewFeed(tx, publication))
      if (body === null) throw new Failure('not-found', 'the page names no contact')
      return { type: 'text/plain; charset=utf-8', body, headers: feedHeaders }
    }),
    showStrips: operation({
      action: 'publishing.show-strips',
      says: 'Whose page it is, and the worst verdict of each claim on each of the last 90 days',
      input: nothing,
      output: z.object({
        company: z.string(),
        timeZone: z.string(),
        now: z.number(),
        strips: z.array(z.object({ claim: z.string(), days: z.array(z.string().nullable()) })),
      }),
      async run(tx) {
        const { site, at: now, claims } = await viewPage(tx, publication)
        const { company, timeZone } = site
        const strips = claims.map((claim) => ({
          claim: claim.claim.id,
          days: stripOf(turnsOf(claim, now), now, timeZone).map(({ verdict }) => verdict),
        }))
        return { company, timeZone, now, strips }
      },
    }),
    showVerifier: show('show-verifier', 'Verifies an entry in the browser', nothing, async () => ({
      type: 'text/javascript; charset=utf-8',
      body: await readVerifier(),
      headers: scriptHeaders,
    })),

    showSubscribe: show('show-subscribe', 'The form to be told of changes', nothing, (tx) =>
      subscribeView(
        tx,
        mails ? { state: 'ask', address: '', problem: null } : { state: 'unconnected' },
      ),
    ),
    subscribe: operation({
      action: 'publishing.subscribe',
      says: 'Asks an address whether it wants to be told',
      input: z.strictObject({ email: z.string().max(320) }),
      output: documentOf,
      async run(tx, { email: address }) {
        if (!mails) throw noMail()
        if (!z.email().safeParse(address).success) {
          const problem = 'That is not an e-mail address.'
          return subscribeView(tx, { state: 'ask', address, problem })
        }
        await askSubscriber(tx, { address, origin })
        return subscribeView(tx, { state: 'asked', address })
      },
    }),
    showConfirm: show(
      'show-confirm',
      'The form that confirms',
      z.strictObject({ token }),
      (tx, input) => subscribeView(tx, { state: 'confirm', token: input.token }),
    ),
    confirm: operation({
      action: 'publishing.confirm',
      says: 'Confirms by the token that was mailed',
      input: z.strictObject({ token }),
      output: documentOf,
      async run(tx, input) {
        const known = await confirmSubscriber(tx, input.token)
        return subscribeView(tx, { state: known ? 'confirmed' : 'expired' })
      },
    }),
    showEnd: show('show-end', 'The form that ends', z.strictObject({ token }), (tx, input) =>
      subscribeView(tx, { state: 'end', token: input.token }),
    ),
    end: operation({
      action: 'publishing.end',
      says: 'Ends by the token of a mail',
      input: z.strictObject({ token, 'List-Unsubscribe': z.literal('One-Click').optional() }),
      output: documentOf,
      async run(tx, input) {
        const known = await endSubscriber(tx, input.token)
        return subscribeView(tx, { state: known ? 'ended' : 'expired' })
      },
    }),

    announce: operation({
      action: 'publishing.announce',
      says: 'Tells subscribers what changed',
      input: nothing,
      output: z.object({ told: z.number() }),
      run: async (tx) => ({ told: await announce(tx, origin) }),
    }),
    resend: operation({
      action: 'publishing.resend',
      says: 'Asks again for mails that were not sent within an hour',
      input: nothing,
      output: z.object({ asked: z.number() }),
      run: async (tx) => ({ asked: await resendMails(tx) }),
    }),
    readMail: operation({
      action: 'publishing.read-mail',
      says: 'A mail of the outbox that was not sent yet',
      input: z.strictObject({ mail: z.uuid() }),
      output: z.object({
        message: z
          .object({
            to: z.string(),
            subject: z.string(),
            text: z.string(),
            messageId: z.string(),
            headers: z.record(z.string(), z.string()),
          })
          .nullable(),
      }),
      async run(tx, { mail }) {
        const row = await tx.row<{ address: string; subject: string; body: string; leave: string }>`
          select s.address, s.leave, o.subject, o.body from publishing.outbox o
          join publishing.subscriptions s on s.id = o.subscription
          where o.id = ${mail} and o.sent_at is null`
        if (!row) return { message: null }
        const messageId = `<${mail}@${new URL(origin).hostname}>`
        // RFC 8058: a mail program ends it by one click, without opening a page.
        const headers = {
          'List-Unsubscribe': `<${origin}/subscribe/end?token=${row.leave}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        }
        const { address: to, subject, body: text } = row
        return { message: { to, subject, text, messageId, headers } }
      },
    }),
    keepReply: operation({
      action: 'publishing.keep-reply',
      says: 'Keeps what the receiving server answered',
      input: z.strictObject({ mail: z.uuid(), accepted: z.boolean(), reply: z.string() }),
      output: nothing,
      async run(tx, { mail, accepted, reply }) {
        const said = `${accepted ? 'accepted' : 'refused'}: ${reply.slice(0, 500)}`
        // The body may hold a token that opens something; once sent nobody needs it.
        await tx.rows`update publishing.outbox set sent_at = ${at(tx.now)}, reply = ${said}, body = ''
          where id = ${mail}`
        return {}
      },
    }),
  }
}

export type PublishingOperations = ReturnType<typeof publishingOperations>
