import { cannotLook } from '../foundation/look.ts'
import { findPlace, isPublic, type Way } from './reach.ts'
import { request } from './request.ts'

interface Fetching {
  method: string
  headers: Record<string, string>
  body?: unknown
}

/**
 * `fetch` to addresses that a tenant names: a name is resolved once, and leads to no machine that only this
 * one can reach; redirects are not followed.
 */
export function fetchOutside(way: Way): (address: string, fetching: Fetching) => Promise<Response> {
  return async (address, { method, headers, body }) => {
    const url = new URL(address)
    const isNear = way.outside.reach === 'loopback'
    if (url.protocol !== 'https:' && !isNear) throw cannotLook(`${url.host} is not encrypted`)
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
    const place = await findPlace(way, url.hostname, port)
    if (!isNear && !isPublic(place.address)) {
      throw cannotLook(`${url.hostname} is an address of this network, which no tenant may name`)
    }
    const text =
      typeof body === 'string' || body instanceof URLSearchParams ? body.toString() : undefined
    const asking = { method, headers, ...(text !== undefined && { body: text }) }
    const answer = await request(way, place, url, asking)
    if (!('status' in answer)) throw cannotLook(`${url.host} does not answer (${answer.code})`)
    const { 'content-type': type = '' } = answer.headers
    const { location, 'www-authenticate': challenge } = answer.headers
    return new Response([204, 304].includes(answer.status) ? null : answer.body, {
      status: answer.status,
      headers: {
        'content-type': type,
        ...(location !== undefined && { location }),
        ...(challenge !== undefined && { 'www-authenticate': challenge }),
      },
    })
  }
}
