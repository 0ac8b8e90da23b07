/** Test support: a small app whose answers look suspicious in many ways, and leak only with a flaw. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { close, listen } from './loopback.ts'
import { notesCanaries, notesDocument } from './notes-document.ts'

export const notesFlaws = [
  'sums up the notes of all',
  'answers the key of another tenant',
  'counts the notes of all in a header',
  'refuses a reference of another tenant',
  'goes on with the notes of all',
  'finds the members of all by their address',
  'knows the ETag of another tenant',
  'tells everybody in HEAD what is there',
  'checks one of the ids in a list',
  'names the member of another tenant in the audit',
  'lets a member change its role',
] as const
export type NotesFlaw = (typeof notesFlaws)[number]

/** What a sound app may do, and what looks like a leak to one who asks once. */
export const notesQuirks = [
  'numbers all requests in a header',
  'numbers all writes in a header',
  'says how many requests are left',
  'is served by two servers in turn',
  'is served by two servers at random',
  'shows what is new late',
  'remembers what was searched for',
  'refuses an own reference that is there',
  'knows each address once for all',
  'makes an address of each reference',
  'says how much room is left for all',
  'names whom to ask, of a few for all',
  'has a board that both share',
  'lets a member choose its state',
] as const
export type NotesQuirk = (typeof notesQuirks)[number]

type Tenant = 'a' | 'b'
interface Thing {
  id: string
  tenant: Tenant
  kind: 'member' | 'note' | 'digest'
  said: Record<string, string>
}
interface Asked {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
  tenant: Tenant
  isLesser: boolean
}
type Said = [status: number, body?: unknown, headers?: Record<string, string>]

const domains = { a: 'birch.example', b: 'elm.example' }
const missing: Said = [404, { error: 'there is none' }]
const kinds = { members: 'member', notes: 'note', digests: 'digest' } as const

export class NotesApi {
  flaw: NotesFlaw | null = null
  quirk: NotesQuirk | null = null
  canaries: unknown = notesCanaries
  requests = 0
  private writes = 0
  private things: Thing[] = []
  private readonly searches: { tenant: Tenant; q: string }[] = [
    { tenant: 'a', q: 'first' },
    { tenant: 'b', q: 'first' },
  ]
  private readonly answers = new Map<string, Said>()
  private readonly server = createServer((request, response) => {
    void this.serve(request, response)
  })

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, body, headers] = await this.answer(request)
    const type = { 'content-type': 'application/json' }
    response.writeHead(status, { ...type, ...headers, ...this.always() })
    response.end(status === 304 ? undefined : JSON.stringify(body))
  }

  async start(): Promise<string> {
    for (const tenant of ['a', 'b'] as const) {
      for (const [seat, role] of ['admin', 'member', 'member'].entries()) {
        const email = `seat${seat + 1}@${domains[tenant]}`
        const said = { name: `${tenant} ${role} ${seat}`, email, role, state: 'here' }
        this.things.push({ id: `mem-${tenant}${seat + 1}`, tenant, kind: 'member', said })
      }
      const said = { title: `first note of ${tenant}`, reference: `REF-${tenant}-2031` }
      this.things.push({ id: `note-${tenant}1`, tenant, kind: 'note', said })
      this.things.push({ id: `dig-${tenant}1`, tenant, kind: 'digest', said: { text: 'none' } })
    }
    return await listen(this.server)
  }

  async stop(): Promise<void> {
    await close(this.server)
  }

  private always(): Record<string, string> {
    switch (this.quirk) {
      case 'numbers all requests in a header':
        return { 'x-request-number': String(this.requests) }
      case 'numbers all writes in a header':
        return { 'x-log-position': String(this.writes) }
      case 'says how many requests are left':
        return { 'x-ratelimit-remaining': String(10_000 - Math.floor(this.requests / 3)) }
      case 'is served by two servers in turn':
        return this.requests % 2 === 0 ? { 'x-warm': 'yes' } : { 'x-node': '2' }
      case 'is served by two servers at random':
        // A generator of numbers that look like chance and are the same each time.
        return (Math.imul(this.requests, 2_654_435_761) >>> 16) % 2 === 0 ? { 'x-warm': 'yes' } : {}
      default:
        return {}
    }
  }

  private async answer(request: IncomingMessage): Promise<Said> {
    const sent = await text(request)
    const { pathname: path, searchParams: query } = new URL(request.url!, 'http://localhost')
    if (path === '/openapi.json') return [200, notesDocument]
    if (path === '/.well-known/kept-canaries') return [200, this.canaries]
    this.requests++
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    const tenant = { 'of-a': 'a', 'of-b': 'b' }[token.slice(-4)] as Tenant | undefined
    const method = request.method!
    if (method === 'HEAD' && this.flaw === 'tells everybody in HEAD what is there') {
      return this.things.some(({ id }) => path.endsWith(`/${id}`)) ? [200] : missing
    }
    if (tenant === undefined) return [401, { error: 'who are you' }]
    const body = (sent === '' ? {} : JSON.parse(sent)) as Record<string, unknown>
    const isLesser = token.startsWith('lesser')
    const asked = { method, path, query, headers: request.headers, body, tenant, isLesser }
    if (isLesser && this.me(asked).said['role'] !== 'admin' && !this.mayMember(asked)) {
      return [403, { error: 'your role may not do that' }]
    }
    return this.route(asked)
  }

  private me({ tenant, isLesser }: Asked): Thing {
    return this.things.find(({ id }) => id === `mem-${tenant}${isLesser ? 2 : 1}`)!
  }

  private mayMember({ method, path, body, tenant }: Asked): boolean {
    if (method === 'PATCH' && path === `/members/mem-${tenant}2`) {
      const isSelf = this.quirk === 'lets a member choose its state' && body['role'] !== 'admin'
      return isSelf || this.flaw === 'lets a member change its role'
    }
    return method !== 'GET'
      ? path === '/notes/lookup'
      : /^\/(?:me|members|countries|support|notes)\b/.test(path)
  }

  private route(asked: Asked): Said {
    const { method, path, tenant, query } = asked
    const [, folder = '', id] = path.split('/')
    const tellsRoom = this.quirk === 'says how much room is left for all'
    switch (path) {
      case '/me':
        return [200, this.shown(this.me(asked))]
      case '/settings':
        return [200, { theme: 'dark', ...(tellsRoom && { room: 1000 - this.things.length }) }]
      case '/countries': {
        const isSame = asked.headers['if-none-match'] === '"countries"'
        return [
          isSame ? 304 : 200,
          [{ code: 'country-2031', name: 'Far away' }],
          { etag: '"countries"' },
        ]
      }
      case '/support':
        return [200, this.support(tenant)]
      case '/searches':
        return [200, { items: this.searches.filter((one) => one.tenant === tenant) }]
      case '/audit': {
        const isWrong = this.flaw === 'names the member of another tenant in the audit'
        return [
          200,
          { items: [{ action: 'login', email: `seat1@${domains[isWrong ? 'a' : tenant]}` }] },
        ]
      }
      case '/notes/lookup':
        return this.lookUp(asked)
      default:
    }
    const kind = kinds[folder as keyof typeof kinds]
    if (kind === undefined) return missing
    if (id !== undefined) return this.onOne(asked, id, kind)
    if (method === 'POST') return this.makeOnce(asked, kind)
    if (kind === 'member' && query.has('q')) return this.search(asked, query.get('q')!)
    return this.list(asked, kind)
  }

  private support(tenant: Tenant): object {
    if (this.quirk !== 'names whom to ask, of a few for all') return { ask: 'help@notes.example' }
    const agents = ['kim@vendor.example', 'sam@vendor.example']
    return { ask: agents[tenant === 'a' ? 0 : 1], all: agents }
  }

  private shown({ id, said }: Thing): object {
    const hasAddress = this.quirk === 'makes an address of each reference'
    const url = hasAddress ? `https://${said['reference']}.notes.example/` : undefined
    return { id, ...said, url }
  }

  private lookUp({ body, tenant }: Asked): Said {
    const ids = body['notes'] as string[]
    const found = this.things.filter(({ id, kind }) => ids.includes(id) && kind === 'note')
    const own = found.filter((one) => one.tenant === tenant)
    if (this.flaw === 'checks one of the ids in a list' && own.length > 0) {
      return [200, { items: found.map((one) => this.shown(one)) }]
    }
    return own.length < ids.length ? missing : [200, { items: own.map((one) => this.shown(one)) }]
  }

  private onOne({ method, body, tenant, headers }: Asked, id: string, kind: Thing['kind']): Said {
    const found = this.things.find((one) => one.id === id && one.kind === kind)
    const etag = `"etag-of-${id}"`
    if (
      found &&
      headers['if-none-match'] === etag &&
      this.flaw === 'knows the ETag of another tenant'
    )
      return [304]
    if (!found || found.tenant !== tenant) return missing
    if (headers['if-none-match'] === etag) return [304]
    if (method === 'DELETE') {
      this.writes++
      this.things = this.things.filter((one) => one !== found)
      return [204]
    }
    if (method === 'PATCH') Object.assign(found.said, body)
    return [200, this.shown(found), { etag }]
  }

  private makeOnce(asked: Asked, kind: Thing['kind']): Said {
    const key = asked.headers['idempotency-key']
    if (key === undefined) return this.make(asked, kind)
    const isAlone = this.flaw !== 'answers the key of another tenant'
    const known = `${isAlone ? asked.tenant : ''} ${String(key)}`
    const answer = this.answers.get(known) ?? this.make(asked, kind)
    this.answers.set(known, answer)
    return answer
  }

  private make({ body, tenant }: Asked, kind: Thing['kind']): Said {
    this.writes++
    const said = { ...(body as Record<string, string>) }
    const clashes = (one: Thing) =>
      said['reference'] !== undefined && one.said['reference'] === said['reference']
        ? one.tenant === tenant
          ? this.quirk === 'refuses an own reference that is there'
          : this.flaw === 'refuses a reference of another tenant' ||
            this.quirk === 'makes an address of each reference'
        : this.quirk === 'knows each address once for all' &&
          said['email'] !== undefined &&
          one.said['email'] === said['email']
    if (this.things.some(clashes)) return [409, { error: 'already there' }]
    if (kind === 'digest') said['text'] = this.digest(tenant)
    const made: Thing = { id: `${kind}-m${this.writes}`, tenant, kind, said }
    this.things.push(made)
    return [201, this.shown(made)]
  }

  private digest(tenant: Tenant): string {
    const all = this.flaw === 'sums up the notes of all'
    const notes = this.things.filter(
      ({ kind, tenant: of }) => kind === 'note' && (all || of === tenant),
    )
    return notes.map(({ said }) => said['title']).join(', ')
  }

  private search({ tenant }: Asked, q: string): Said {
    if (this.quirk === 'remembers what was searched for') this.searches.push({ tenant, q })
    const all = this.flaw === 'finds the members of all by their address'
    const found = this.things.filter(
      ({ kind, tenant: of, said }) =>
        kind === 'member' && said['email'] === q && (all || of === tenant),
    )
    return [200, { items: found.map((one) => this.shown(one)) }]
  }

  private list({ tenant, query }: Asked, kind: Thing['kind']): Said {
    const isLate = this.quirk === 'shows what is new late'
    const isShared = this.quirk === 'has a board that both share'
    const there = this.things.filter(
      ({ id }) => !isLate || !/-m\d/.test(id) || Number(id.split('-m')[1]) + 4 < this.writes,
    )
    const isOwn = (one: Thing) => one.tenant === tenant || (isShared && one.said['board'])
    const all = there.filter((one) => one.kind === kind)
    const own = all.filter(isOwn)
    const count = this.flaw === 'counts the notes of all in a header' ? all.length : own.length
    const from = Number(query.get('cursor')?.replace(/^\D+/, '') ?? 0) || 0
    const limit = Number(query.get('limit') ?? 100)
    const goesOn = this.flaw === 'goes on with the notes of all' && from > 0
    const rows = goesOn ? [...own, ...all.filter((one) => !isOwn(one))] : own
    const items = rows.slice(from, from + limit).map((one) => this.shown(one))
    const next = from + limit < own.length ? `from-${from + limit}` : undefined
    return [200, { items, next }, { 'x-total-count': String(count) }]
  }
}
