import { request } from 'node:https'
import { json } from 'node:stream/consumers'

/** One request to a company's app, over TLS of the demo's own authority. */
export function askApp(
  { url, authority, token }: { url: string; authority: string; token: string | null },
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    }
    const sent = request(
      `${url}${path}`,
      { method, ca: authority, headers, agent: false },
      (response) => {
        json(response)
          .catch(() => null)
          .then((said) => resolve({ status: response.statusCode ?? 0, body: said }), reject)
      },
    )
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })
}
