import { Client } from 'pg'

/** Opens a connection, works on it, and closes it, whatever happens. */
export async function withClient<T>(
  url: string,
  work: (client: Client) => Promise<T>,
  connectionTimeoutMillis = 10_000,
): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis })
  // Without a listener a server that goes away between two queries would end this process.
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
