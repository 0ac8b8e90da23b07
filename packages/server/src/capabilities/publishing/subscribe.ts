import { attribute, markup, type Markup } from './markup.ts'
import type { SubscribeView } from './model.ts'
import { paths } from './paths.ts'
import { crumbs, shell, siteFooter } from './shell.ts'

/**
 * Subscribing by e-mail, with a second step in the mailbox. Opening a link changes nothing, for mail
 * scanners open links too: confirming and ending take the press of a button.
 */
export function renderSubscribe(view: SubscribeView): string {
  const { title, body } = describe(view)
  return shell({
    title: `${title}: ${view.site.company}`,
    header: [crumbs(view.site), markup`<h1>${title}</h1>`],
    main: markup`<div class="measure">${body}</div>`,
    footer: siteFooter(view.site, null),
  })
}

function describe(view: SubscribeView): { title: string; body: Markup } {
  const again = markup`<p><a href="${paths.subscribe}">Subscribe again</a></p>`
  switch (view.state) {
    case 'unconnected':
      return {
        title: 'Subscribe',
        body: markup`<p>Nobody can be told by mail yet: this Kept has no mail server. The <a href="${paths.atom}">Atom feed</a> says the same.</p>`,
      }
    case 'ask':
      return { title: 'Subscribe', body: ask(view.address, view.problem) }
    case 'asked':
      return {
        title: 'Look into your mailbox',
        body: markup`<p>We have sent a mail to <strong>${view.address}</strong>. Nothing is subscribed until you confirm it there; the link works for a day.</p>`,
      }
    case 'confirm':
      return { title: 'Confirm', body: press(paths.confirm, view.token, 'Yes, send me changes') }
    case 'confirmed':
      return {
        title: 'Subscribed',
        body: markup`<p>You will get a mail when a verdict or the page changes, and with it the newest checkpoint of the ledger. Keep those mails: with any of them you can show that the log was rewritten, should that ever happen.</p>
<p>Every mail has a link that ends the subscription.</p>`,
      }
    case 'end':
      return {
        title: 'End the subscription',
        body: press(paths.unsubscribe, view.token, 'Send me no more'),
      }
    case 'ended':
      return {
        title: 'Ended',
        body: markup`<p>You will get no more mail from here, and your address is deleted.</p>${again}`,
      }
    case 'expired':
      return {
        title: 'This link has expired',
        body: markup`<p>It was used before, or is older than a day. Nothing was subscribed by it now.</p>${again}`,
      }
  }
}

function ask(address: string, problem: string | null): Markup {
  const wrong = problem && markup`<p class="fine error" id="problem:">${problem}</p>`
  const invalid = problem && markup` aria-invalid="true" aria-describedby="problem:"`
  return markup`<p>A mail when a verdict or the page changes, with the newest checkpoint of the ledger. Your address is kept for this and nothing else.</p>
<form method="post" action="${paths.subscribe}">
<label for="email:">Your e-mail address</label>
${wrong}<input id="email:" name="email" type="email" autocomplete="email" required maxlength="254"${attribute('value', address)}${invalid}>
<button>Subscribe</button>
</form>
<p class="fine">Without an address: the <a href="${paths.atom}">Atom feed</a> says the same.</p>`
}

function press(action: string, token: string, button: string): Markup {
  return markup`<form method="post" action="${action}"><input type="hidden" name="token" value="${token}"><p><button>${button}</button></p></form>`
}
