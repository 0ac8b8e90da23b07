import { z } from 'zod'
import type { System } from '@kept/page'
import { readHerokuMember, type Account } from '@kept/page/accounts'
import type { CollectorContext } from '../../foundation/capability.ts'
import { addressOf, cannotLook, secretOf } from '../../foundation/look.ts'
import { findPlace, isLoopback, type Place } from '../../outside/reach.ts'
import { request } from '../../outside/request.ts'

/** Something that runs in an account, and by whom it is hosted. */
export interface Resource {
  name: string
  provider: string
}

/** Pages of a list that are read before it counts as endless; each has up to 200 entries. */
const mostPages = 100

const apps = z.array(z.object({ name: z.string() }))
const addons = z.array(
  z.object({ name: z.string(), addon_service: z.object({ name: z.string() }) }),
)
const members = z.array(
  z.object({
    email: z.string().min(1),
    two_factor_authentication: z.boolean().nullish(),
    federated: z.boolean().nullish(),
  }),
)

/**
 * Everything in an account at Heroku, by its Platform API (devcenter.heroku.com): apps, and add-ons,
 * which their makers host. The secret is a token of scope `read`; the address is
 * `https://api.heroku.com/teams/NAME`, and without one all that the token sees is counted.
 */
export async function listHeroku(account: System, context: CollectorContext): Promise<Resource[]> {
  const list = await openHeroku(account, context)
  return [
    ...(await list('apps', apps)).map(({ name }) => ({ name, provider: 'heroku' })),
    ...(await list('addons', addons)).map(({ name, addon_service: service }) => ({
      name,
      provider: isOwn(service.name) ? 'heroku' : service.name,
    })),
  ]
}

/** The members of a team, whose address is `https://api.heroku.com/teams/NAME`, with their second factors. */
export async function listHerokuMembers(
  team: System,
  context: CollectorContext,
): Promise<Account[]> {
  if (!/\/teams\/[^/]+\/*$/.test(addressOf(team))) {
    throw cannotLook(`${team.id} needs the address of its team: https://api.heroku.com/teams/NAME`)
  }
  const list = await openHeroku(team, context)
  return (await list('members', members)).map(readHerokuMember)
}

/** Reads lists there, with a token that is sent to nobody else. */
async function openHeroku(account: System, context: CollectorContext) {
  const base = new URL(account.address ?? 'https://api.heroku.com')
  const path = base.pathname.replace(/\/+$/, '')
  const token = secretOf(account, context)
  const port = Number(base.port || 443)
  const place = await findPlace(context, base.hostname, port)
  // What a token opens is at Heroku: a wrong address in systems.yaml must not have it.
  if (!isLoopback(place.address) && base.origin !== 'https://api.heroku.com') {
    throw cannotLook(
      `a token of Heroku is sent to https://api.heroku.com alone, not to ${base.origin}`,
    )
  }
  return <T>(what: string, entries: z.ZodType<T[]>) =>
    listAll({ context, place, url: new URL(`${path}/${what}`, base), token }, entries)
}

/** Heroku's own add-ons: `heroku-postgresql`, `heroku-redis`, and two that are named otherwise. */
function isOwn(service: string): boolean {
  return service.startsWith('heroku') || ['scheduler', 'deployhooks'].includes(service)
}

interface Listing {
  context: CollectorContext
  place: Place
  url: URL
  token: string
}

/** A list over several pages: 206 names the next in `Next-Range`, 200 is the last. */
async function listAll<T>(
  { context, place, url, token }: Listing,
  entries: z.ZodType<T[]>,
): Promise<T[]> {
  const all: T[] = []
  let range = 'id ..; max=200'
  for (let page = 0; page < mostPages; page++) {
    const answer = await request(context, place, url, {
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.heroku+json; version=3',
        range,
      },
    })
    if (!('status' in answer)) throw cannotLook(`${url.host} does not answer (${answer.code})`)
    const { status, headers, body } = answer
    if (status !== 200 && status !== 206) {
      const why = status === 401 || status === 403 ? ': the token may not read this' : ''
      throw cannotLook(`${url.host} answers ${url.pathname} with status ${status}${why}`)
    }
    all.push(...read(url, body, entries))
    const next = headers['next-range']
    if (status === 200 || typeof next !== 'string') return all
    range = next
  }
  throw cannotLook(`${url.host} lists more than ${mostPages} pages of ${url.pathname}`)
}

function read<T>(url: URL, body: string, entries: z.ZodType<T[]>): T[] {
  try {
    return entries.parse(JSON.parse(body))
  } catch (error) {
    throw cannotLook(`what ${url.host} says at ${url.pathname} is no list of its API`, error)
  }
}
