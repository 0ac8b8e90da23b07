import type { System } from '@kept/page'
import { addressOf, cannotLook } from '../foundation/look.ts'
import { findPlace, isLoopback, type Place, type Way } from './reach.ts'
import { request, type Answer, type Asking } from './request.ts'

/** An app of the company, as collectors ask it over HTTP. */
export interface Service {
  /** Its address, without a slash at the end. */
  base: string
  /** Sends one request, with a bearer token or without. That nothing answers ends the look. */
  ask(token: string | null, method: string, path: string, more?: More): Promise<Answer>
}

export interface More extends Omit<Asking, 'method'> {
  /** What it is called when nothing answers, where its path may hold a secret. */
  called?: string
}

export async function openService(subject: System, way: Way): Promise<Service> {
  const address = addressOf(subject)
  const url = URL.parse(/^https?:\/\//i.test(address) ? address : `https://${address}`)
  if (!url) throw cannotLook(`the address "${address}" of ${subject.id} is no host or URL`)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const place = await findPlace(way, url.hostname, port)
  mayCarryTokens(url, place)
  const base = url.href.replace(/\/$/, '')
  return {
    base,
    async ask(token, method, path, { called = path, ...more } = {}) {
      const headers = {
        accept: 'application/json',
        ...more.headers,
        ...(token !== null && { authorization: `Bearer ${token}` }),
      }
      const answer = await request(way, place, new URL(base + path), { ...more, method, headers })
      if ('status' in answer) return answer
      throw cannotLook(`${method} ${called} came to nothing (${answer.code})`)
    },
  }
}

/** A token never goes unencrypted to another machine. */
function mayCarryTokens(url: URL, place: Place): void {
  if (url.protocol === 'https:' || isLoopback(place.address)) return
  throw cannotLook(`${url.host} is not encrypted, and tokens are not sent in the clear`)
}
