/** Where a provider finds us: each connection has addresses and a name of its own, so that an answer for one is none for another. */
export function addressesOf(origin: string, connection: string) {
  const base = `${origin}/api/sso/${connection}`
  return {
    entityId: base,
    consumer: `${base}/acs`,
    callback: `${base}/callback`,
    logout: `${base}/logout`,
  }
}
