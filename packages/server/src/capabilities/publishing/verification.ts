import { markup, type Markup, type Part } from './markup.ts'
import type { Site } from './model.ts'
import { paths } from './paths.ts'

/**
 * How a reader verifies an entry. The button works once the script of `verify-in-browser.ts` has run;
 * without JavaScript the proof is a link, and the way to check it offline is said.
 */
export function writeVerification(entry: number, { origin, log }: Site): Markup | null {
  if (log === null) return null
  const proof = paths.proof(entry)
  return markup`<div class="verify" data-verify="${proof}" data-entry="${entry}" data-origin="${log.origin}" data-key="${log.key}">
<p class="screen"><button type="button" hidden>Verify in this browser</button></p>
<output></output>
<p class="fine">Offline: <a href="${proof}">the entry with its proof</a> (JSON), checked by <code>kept verify ${origin}</code>. The key is <code>${log.key}</code>; compare it with one you had from elsewhere.</p>
</div>`
}

/** The index of an entry, with the way to its proof. */
export function writeEntry(entry: number | null): Part {
  return entry === null ? 'not yet' : markup`<a href="${paths.proof(entry)}">${entry}</a>`
}
