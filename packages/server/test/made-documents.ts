import {
  renderChanges,
  renderClaim,
  renderPage,
  renderProblem,
  renderPromises,
  renderSubscribe,
  renderTour,
} from '../src/capabilities/publishing/documents.ts'
import {
  folders,
  makeChanges,
  makeClaimView,
  makePromises,
  makeTour,
  makeView,
  noon,
} from './made-views.ts'
import { hostilePage, plainPage } from './odd-pages.ts'

/** Every HTML document by a path to serve it at. */
export function makeDocuments(): Map<string, string> {
  const documents = new Map<string, string>()
  for (const folder of folders) {
    const view = makeView(folder)
    documents.set(`/${folder}`, renderPage(view))
    for (const i of folder === 'clear' ? [2, 4, 27] : [0])
      documents.set(`/${folder}/claim-${i}`, renderClaim(makeClaimView(view, i)))
  }
  const view = makeView('clear')
  const { site } = view
  documents.set(
    '/changes',
    renderChanges({ site, at: noon, changes: makeChanges(view), older: '/changes?before=9' }),
  )
  documents.set(
    '/subscribe',
    renderSubscribe({ site, at: noon, state: 'ask', address: '', problem: null }),
  )
  documents.set(
    '/subscribe/wrong',
    renderSubscribe({
      site,
      at: noon,
      state: 'ask',
      address: 'x',
      problem: 'This is no e-mail address.',
    }),
  )
  documents.set(
    '/subscribe/asked',
    renderSubscribe({ site, at: noon, state: 'asked', address: 'a@example.com' }),
  )
  for (const state of ['confirmed', 'ended', 'expired'] as const)
    documents.set(`/subscribe/${state}`, renderSubscribe({ site, at: noon, state }))
  for (const state of ['confirm', 'end'] as const)
    documents.set(`/subscribe/${state}`, renderSubscribe({ site, at: noon, state, token: 't' }))
  documents.set(
    '/problem',
    renderProblem({
      site,
      status: 404,
      title: 'There is no such thing',
      detail: 'There is no claim “x”.',
      fix: null,
      request: 'req-1',
    }),
  )
  documents.set('/promises', renderPromises(makePromises()))
  documents.set('/tour', renderTour(makeTour()))
  documents.set('/plain', renderPage(makeView('clear', plainPage)))
  documents.set('/hostile', renderPage({ ...makeView('clear', hostilePage), unlinked: [] }))
  documents.set('/empty', renderPage({ ...makeView('clear', ''), removed: [] }))
  return documents
}
