/** A segment of the address as it stands: what a router hands out has some of its signs decoded, and some not. */
export function segmentOf(index: number): string {
  return location.pathname.split('/')[index] ?? ''
}

export function nameAt(index: number): string {
  return decodeURIComponent(segmentOf(index))
}

/** What an app sends along that has somebody sign in here; it is held against nothing but by the server. */
function appAsked(): { app: string; challenge: string } | null {
  const asked = new URLSearchParams(location.search)
  const [app, challenge] = [asked.get('app'), asked.get('challenge')]
  const isWhole = /^[\w.-]{1,100}$/.test(app ?? '') && /^[\w-]{43}$/.test(challenge ?? '')
  return isWhole ? { app: app!, challenge: challenge! } : null
}

/** Where somebody goes who came from an app to sign in; null for whoever did not. */
export function appToEnter(tenant: string): string | null {
  const asked = appAsked()
  if (asked === null) return null
  const { app, challenge } = asked
  return `/api/apps/${app}/enter?${String(new URLSearchParams({ tenant, challenge }))}`
}

/** The page's own address, as a path may be spelled: a browser leaves some signs as they are. */
export function ownPath(): string {
  const path = location.pathname.replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  const asked = appAsked()
  return asked === null ? path : `${path}?${String(new URLSearchParams(asked))}`
}
