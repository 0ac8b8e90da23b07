/** Test support: projects with tasks with comments, whose reads embed, count and date what is below them. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { close, listen } from './loopback.ts'
import { trackerCanaries, trackerDocument } from './tracker-document.ts'

export const trackerFlaws = [
  'moves a task into a project of another tenant',
  'moves a task there and answers as if it were missing',
  'tells a project of another tenant from a missing one',
  'renames the first project of all instead of a missing one',
  'adds a task to the project of another tenant and denies it',
  'finds the tasks of all',
] as const
export type TrackerFlaw = (typeof trackerFlaws)[number]

export const trackerQuirks = [
  'signs addresses anew each time',
  'signs addresses anew each second',
  'says when it was last visited',
  'counts late',
] as const
export type TrackerQuirk = (typeof trackerQuirks)[number]

type Tenant = 'a' | 'b'
type Kind = 'project' | 'task' | 'comment'
interface Thing {
  id: string
  tenant: Tenant
  kind: Kind
  name: string
  parent: string | null
  updatedAt: string
  madeAt: number
}
type Said = [status: number, body?: unknown]

const names = { a: 'Harbour crane', b: 'Velvet sofa' }
const folders: Record<string, Kind> = { projects: 'project', tasks: 'task', comments: 'comment' }
const missing: Said = [404, { error: 'there is none' }]

export class TrackerApi {
  flaw: TrackerFlaw | null = null
  quirk: TrackerQuirk | null = null
  canaries: object = trackerCanaries
  things: Thing[] = []
  private readonly activity: { project: string; what: string; at: string }[] = []
  private requests = 0
  private readonly server = createServer((request, response) => {
    void this.serve(request, response)
  })

  async start(): Promise<string> {
    for (const tenant of ['a', 'b'] as const) {
      const { project, task, comment } = trackerCanaries.tenants[tenant].objects
      this.add(tenant, 'project', names[tenant], null, project)
      this.add(tenant, 'task', `weld for ${names[tenant]}`, project, task)
      this.add(tenant, 'comment', `said of ${names[tenant]}`, task, comment)
    }
    return await listen(this.server)
  }

  async stop(): Promise<void> {
    await close(this.server)
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, body] = await this.answer(request)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }

  private async answer(request: IncomingMessage): Promise<Said> {
    const sent = await text(request)
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost')
    if (pathname === '/openapi.json') return [200, trackerDocument]
    if (pathname === '/.well-known/kept-canaries') return [200, this.canaries]
    this.requests++
    const tenant = { 'of-a': 'a', 'of-b': 'b' }[request.headers.authorization?.slice(-4) ?? '']
    if (tenant === undefined) return [401, { error: 'who are you' }]
    const body = (sent === '' ? {} : JSON.parse(sent)) as Record<string, string>
    const of = tenant as Tenant
    if (pathname === '/search') return this.search(of, searchParams.get('q'))
    return this.route(of, request.method!, pathname.slice(1).split('/'), body)
  }

  private search(tenant: Tenant, q: string | null): Said {
    if (q === null || q === '') return [422, { error: 'say what to search for' }]
    const isAll = this.flaw === 'finds the tasks of all'
    const found = this.things.filter(
      ({ kind, name, tenant: of }) =>
        kind === 'task' && (isAll || of === tenant) && name.includes(q),
    )
    return [200, { items: found.map((one) => this.bare(one)) }]
  }

  /** `/projects`, `/projects/1`, `/projects/1/tasks`, `/tasks/1/comments/2`, and what was done in a project. */
  private route(
    tenant: Tenant,
    method: string,
    path: string[],
    body: Record<string, string>,
  ): Said {
    const own = (id?: string) => this.things.find((one) => one.id === id && one.tenant === tenant)
    const folder = folders[path.at(-1)!]
    if (path.at(-1) === 'activity') {
      const done = this.activity.filter(({ project }) => project === path[1])
      return own(path[1]) ? [200, { items: done.map(({ what, at }) => ({ what, at })) }] : missing
    }
    if (folder === undefined) {
      const found = own(path.at(-1))
      const isThere = found && (path.length === 2 || found.parent === path[1])
      return this.onOne(isThere ? found : undefined, tenant, method, body)
    }
    const parent = path.length > 1 ? own(path[1]) : null
    if (parent === undefined) {
      const isAdding = this.flaw === 'adds a task to the project of another tenant and denies it'
      const other = this.things.find(({ id }) => id === path[1])
      if (isAdding && method === 'POST' && other) this.add(other.tenant, folder, 'spam', other.id)
      return missing
    }
    if (method === 'POST') {
      return [201, this.shown(this.add(tenant, folder, body['name']!, parent?.id ?? null))]
    }
    const isIn = (one: Thing) => one.tenant === tenant && one.kind === folder
    const items = this.things.filter((one) => isIn(one) && one.parent === (parent?.id ?? null))
    return [200, { items: items.map((one) => this.shown(one)) }]
  }

  private onOne(
    found: Thing | undefined,
    tenant: Tenant,
    method: string,
    { name, projectId }: Record<string, string>,
  ): Said {
    if (!found) {
      const isWrong = this.flaw === 'renames the first project of all instead of a missing one'
      if (method === 'PATCH' && isWrong) this.things[0]!.name = 'canary'
      return missing
    }
    if (method === 'DELETE') {
      this.remove(found)
      return [204]
    }
    if (method === 'PATCH') {
      const project = this.things.find(({ id }) => id === projectId)
      if (projectId !== undefined && !this.mayMove(tenant, project))
        return this.refuse(found, project)
      if (project) found.parent = project.id
      if (name !== undefined) found.name = name
      this.note(found, 'changed')
      return [200, this.bare(found)]
    }
    return [200, this.shown(found)]
  }

  private refuse(found: Thing, project: Thing | undefined): Said {
    if (this.flaw === 'moves a task there and answers as if it were missing')
      return [200, this.bare(found)]
    const isTold = this.flaw === 'tells a project of another tenant from a missing one'
    return isTold && project ? [403, { error: 'not yours' }] : missing
  }

  private mayMove(tenant: Tenant, project: Thing | undefined): boolean {
    return (
      project !== undefined &&
      (project.tenant === tenant || this.flaw?.startsWith('moves') === true)
    )
  }

  private add(
    tenant: Tenant,
    kind: Kind,
    name: string,
    parent: string | null,
    id = crypto.randomUUID() as string,
  ): Thing {
    const made = { id, tenant, kind, name, parent, updatedAt: '', madeAt: this.requests }
    this.things.push(made)
    this.note(made, 'made')
    return made
  }

  private remove(gone: Thing): void {
    this.note(gone, 'removed')
    this.things = this.things.filter((one) => one !== gone)
    for (const one of this.things.filter(({ parent }) => parent === gone.id)) this.remove(one)
  }

  /** What is done to a thing is a change of all that it is in, and stands in the project's activity. */
  private note(thing: Thing, what: string): void {
    for (let at: Thing | undefined = thing; at; at = this.parentOf(at)) {
      at.updatedAt = new Date().toISOString()
      if (at.kind === 'project') {
        this.activity.push({ project: at.id, what: `${thing.kind} ${what}`, at: at.updatedAt })
      }
    }
  }

  private parentOf({ parent }: Thing): Thing | undefined {
    return this.things.find(({ id }) => id === parent)
  }

  private bare({ id, name, updatedAt }: Thing): object {
    return { id, name, updated_at: updatedAt }
  }

  private shown(thing: Thing): object {
    const below = this.things.filter(({ parent }) => parent === thing.id)
    const counted = below.filter(
      ({ madeAt }) => this.quirk !== 'counts late' || madeAt + 20 < this.requests,
    )
    const above = this.parentOf(thing)
    return {
      ...this.bare(thing),
      ...this.extra(),
      below_count: counted.length,
      ...(this.quirk !== 'counts late' && { below: below.map((one) => this.bare(one)) }),
      ...(above && { in: above.name }),
    }
  }

  private extra(): object {
    switch (this.quirk) {
      case 'signs addresses anew each time':
        return { logo: `https://files.example/logo?signed=${crypto.randomUUID()}` }
      case 'signs addresses anew each second':
        return { logo: `https://files.example/logo?at=${Math.floor(Date.now() / 1000)}` }
      case 'says when it was last visited':
        return { last_seen_at: `${new Date().toISOString().slice(0, 19)}Z` }
      default:
        return {}
    }
  }
}
