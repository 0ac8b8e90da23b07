/** Where each document is served; the routes take their paths from here. */
export const paths = {
  page: '/',
  claim: (id: string) => `/claims/${encodeURIComponent(id)}`,
  changes: '/changes',
  subscribe: '/subscribe',
  confirm: '/subscribe/confirm',
  unsubscribe: '/subscribe/end',
  feed: '/feed.json',
  atom: '/changes.atom',
  badge: '/badge.svg',
  securityTxt: '/.well-known/security.txt',
  verifier: '/verify.js',
  /** An entry of the ledger with its inclusion proof and checkpoint, as JSON. */
  proof: (entry: number) => `/ledger/entries/${entry}`,
  checkpoint: '/ledger/checkpoint',
  promises: '/promises',
} as const
