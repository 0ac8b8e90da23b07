/** Where a role connects to. */
export interface Address {
  role: string
  password: string
  database: string
}

/**
 * A URL for `pg` and libpq by the Unix socket, whose folder no other user can put a socket of his own
 * into. It holds the password: keep it out of logs.
 */
export function socketUrl(sockets: string, port: number, address: Address): string {
  const { credentials, database } = encode(address)
  // The name before the path is overruled by `host`; without one the URL standard reads no URL.
  return `postgresql://${credentials}@localhost/${database}?host=${encodeURIComponent(sockets)}&port=${port}`
}

/** A URL by loopback TCP; with an authority's file, one that demands the server's certificate of it. */
export function networkUrl(port: number, authority: string | null, address: Address): string {
  const { credentials, database } = encode(address)
  const trust =
    authority === null ? '' : `?sslmode=verify-full&sslrootcert=${encodeURIComponent(authority)}`
  return `postgresql://${credentials}@127.0.0.1:${port}/${database}${trust}`
}

function encode({ role, password, database }: Address) {
  const credentials = `${encodeURIComponent(role)}:${encodeURIComponent(password)}`
  return { credentials, database: encodeURIComponent(database) }
}
