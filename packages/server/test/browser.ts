import { TOTP, Secret } from 'otpauth'

/** A browser that goes to other sites and back: each site has its cookies, and Lax ones stay home when another posts. */
export interface Browser {
  /** What the console asks of its own server. */
  ask(method: string, path: string, body?: object, headers?: object): Promise<Told>
  /** Goes to an address as a click or redirect does; redirects are not followed. */
  go(address: string): Promise<Told>
  /** Posts a form that another site made. */
  post(address: string, form: Record<string, string>): Promise<Told>
  cookies(): string
  setCookies(cookies: string): void
}

export interface Told {
  status: number
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read what they expect.
  body: Record<string, any>
  text: string
  location: string | null
  setCookies: string[]
}

/** `address` is where the server of `origin` listens in this test. */
export function openBrowser(address: string, origin = 'https://kept.test'): Browser {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = (host: string) => jars.get(host) ?? jars.set(host, new Map()).get(host)!
  const own = new URL(address).host

  async function send(
    url: string,
    init: { method?: string; headers: Record<string, string>; body?: string },
    brings: boolean,
  ): Promise<Told> {
    const there = new URL(url.replace(origin, address))
    const jar = jarOf(there.host)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(there, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, ...(brings && cookie ? { cookie } : {}) },
    })
    const setCookies = response.headers.getSetCookie()
    for (const one of setCookies) {
      const [pair = ''] = one.split(';')
      const name = pair.slice(0, pair.indexOf('='))
      const value = pair.slice(pair.indexOf('=') + 1)
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    const text = await response.text()
    const said = response.headers.get('location')
    return {
      status: response.status,
      text,
      body: text.startsWith('{') ? JSON.parse(text) : {},
      location: said === null ? null : new URL(said, there).href.replace(address, origin),
      setCookies,
    }
  }

  return {
    ask: (method, path, body, headers = {}) =>
      send(
        address + path,
        {
          method,
          headers: {
            'sec-fetch-site': 'same-origin',
            ...(body ? { 'content-type': 'application/json' } : {}),
            ...headers,
          },
          ...(body ? { body: JSON.stringify(body) } : {}),
        },
        true,
      ),
    go: (url) => send(url, { headers: { 'sec-fetch-site': 'cross-site' } }, true),
    post: (url, form) =>
      send(
        url,
        {
          method: 'POST',
          headers: {
            'sec-fetch-site': 'cross-site',
            origin: 'https://provider.test',
            'content-type': 'application/x-www-form-urlencoded',
          },
          body: new URLSearchParams(form).toString(),
        },
        false,
      ),
    cookies: () => [...jarOf(own)].map(([name, value]) => `${name}=${value}`).join('; '),
    setCookies: (cookies) =>
      void jars.set(
        own,
        new Map(
          cookies
            .split('; ')
            .map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
        ),
      ),
  }
}

/** The code that an authenticator app shows at an instant. */
export function codeAt(secret: string, instant: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: instant })
}
