import { TOTP, Secret } from 'otpauth'

/** A browser as far as a server sees one: it keeps the cookie that it was given, and says where it comes from. */
export interface Browser {
  ask(method: string, path: string, body?: object, headers?: object): Promise<Answer>
  cookie(): string | null
  setCookie(cookie: string | null): void
}

export interface Answer {
  status: number
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read what they expect.
  body: Record<string, any>
  setCookie: string | null
}

export function openBrowser(address: string): Browser {
  let cookie: string | null = null
  return {
    cookie: () => cookie,
    setCookie: (given) => void (cookie = given),
    async ask(method, path, body, headers = {}) {
      const response = await fetch(address + path, {
        method,
        redirect: 'manual',
        headers: {
          'sec-fetch-site': 'same-origin',
          ...(cookie ? { cookie } : {}),
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      const setCookie = response.headers.get('set-cookie')
      if (setCookie) {
        const [pair = ''] = setCookie.split(';')
        cookie = pair.endsWith('=') ? null : pair
      }
      const text = await response.text()
      return {
        status: response.status,
        setCookie,
        body: text.startsWith('{') ? JSON.parse(text) : {},
      }
    },
  }
}

/** The code that an authenticator app shows at an instant. */
export function codeAt(secret: string, instant: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: instant })
}
