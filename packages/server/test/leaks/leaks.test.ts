import { Validator } from '@seriousme/openapi-schema-validator'
import { withClient } from '@kept/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLeakyApp, type LeakyApp } from './app.ts'
import { canaries, leakyDatabase } from './canaries.ts'
import { leaks } from './leaks.ts'
import type { Row } from './operation.ts'
import { operations } from './operations.ts'

const { a, b } = canaries
const missing = '00000000-0000-4000-8000-000000000000'

interface Answer {
  status: number
  text: string
  json: Row
  headers: Headers
}

interface Target {
  ask: (token: string | null, line: string, body?: unknown, headers?: object) => Promise<Answer>
  /** What the well-known document says that b owns. */
  theirs: Record<string, string>
  ours: Record<string, string>
}

let database: Awaited<ReturnType<typeof leakyDatabase>>
beforeAll(async () => {
  database = await leakyDatabase()
})
afterAll(() => database.drop())

async function withApp<T>(leak: string | null, work: (target: Target) => Promise<T>): Promise<T> {
  const app: LeakyApp = await startLeakyApp({ urls: database.urls, leak })
  const ask: Target['ask'] = async (token, line, body, headers) => {
    const [method, path] = line.split(' ') as [string, string]
    const response = await fetch(app.origin + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
    const json = isJson && text !== '' ? (JSON.parse(text) as Row) : {}
    return { status: response.status, text, json, headers: response.headers }
  }
  try {
    const { json } = await ask(null, 'GET /.well-known/kept-canaries')
    const tenants = json['tenants'] as Record<'a' | 'b', { objects: Record<string, string> }>
    return await work({ ask, ours: tenants.a.objects, theirs: tenants.b.objects })
  } finally {
    await app.stop()
  }
}

/** A reading by a's admin that says what only b should read. */
const says = (line: string) => async (target: Target) => {
  const { text } = await target.ask(a.admin, toPath(line, target.theirs))
  return text.includes(b.word)
}

const toPath = (line: string, objects: Record<string, string>) =>
  line.replaceAll(/\{(\w+)\}/g, (_, name: string) => objects[name]!)

/** Each uses its leak as an attacker would, who has a's tokens, and says whether it came through. */
const attacks: Record<string, (target: Target) => Promise<boolean>> = {
  view: says('GET /balances'),
  definer: says('GET /search?q=cranes'),
  policy: says('GET /comments?visibility=public'),
  privileged: says('GET /mails/{mail}'),
  filter: says('GET /invoices?overdue=true'),
  directory: says('GET /search?q=seat1@betelgeuse.example'),
  async join({ ask }) {
    const { text } = await ask(b.admin, 'GET /audit')
    return text.toLowerCase().includes(a.word.toLowerCase())
  },
  async cache({ ask }) {
    await ask(b.admin, 'GET /statistics')
    return (await ask(a.admin, 'GET /statistics')).text.includes(b.word)
  },
  async write({ ask, theirs }) {
    const line = `/members/${theirs['member']}`
    const { text } = await ask(b.admin, `GET ${line}`)
    await ask(a.admin, `PATCH ${line}`, { name: `Mallory ${Math.random()}` })
    return (await ask(b.admin, `GET ${line}`)).text !== text
  },
  async export({ ask }) {
    const { id } = (await ask(a.admin, 'POST /exports', { kind: 'customers' })).json
    await ask(a.admin, `GET /exports/${String(id)}`)
    const other = (await ask(b.admin, 'POST /exports', { kind: 'customers' })).json
    await ask(b.admin, `GET /exports/${String(other['id'])}`)
    return (await ask(a.admin, `GET /exports/${String(id)}/file`)).text.includes(b.word)
  },
  async job({ ask }) {
    const { id } = (await ask(a.admin, 'POST /digests', {})).json
    return (await ask(a.admin, `GET /digests/${String(id)}`)).text.includes(b.word)
  },
  async 'next-page'({ ask }) {
    const { next } = (await ask(a.admin, 'GET /customers?limit=2')).json
    return (await ask(a.admin, `GET /customers?cursor=${String(next)}`)).text.includes(b.word)
  },
  async conflict({ ask }) {
    const reference = `${b.word}-Works`
    const made = await ask(a.admin, 'POST /customers', { name: 'A guess', reference })
    if (made.status === 409) return true
    await ask(a.admin, `DELETE /customers/${String(made.json['id'])}`)
    return false
  },
  async replay({ ask, ours, theirs }) {
    const draft = { title: 'Secret dock', due: '2027-01-01', lines: [] }
    const key = { 'idempotency-key': '2026-11-30/1' }
    const customer = theirs['customer']
    const mine = await ask(b.admin, 'POST /invoices', { ...draft, customer }, key)
    const body = { ...draft, title: 'Mine', customer: ours['customer'] }
    const replayed = await ask(a.admin, 'POST /invoices', body, key)
    for (const [token, { json }] of [[b.admin, mine] as const, [a.admin, replayed] as const]) {
      await ask(token, `DELETE /invoices/${String(json['id'])}`)
    }
    expect(mine.text).toContain('Secret dock')
    return replayed.text.includes('Secret dock')
  },
  async total({ ask, theirs }) {
    const count = async () => (await ask(a.admin, 'GET /invoices')).headers.get('x-total-count')
    const before = await count()
    const made = await ask(b.admin, 'POST /invoices', {
      customer: theirs['customer'],
      title: 'One more',
      due: '2027-01-01',
      lines: [],
    })
    const after = await count()
    await ask(b.admin, `DELETE /invoices/${String(made.json['id'])}`)
    expect(made.status).toBe(201)
    return after !== before
  },
  async conditional({ ask, theirs }) {
    await ask(b.admin, `GET /invoices/${theirs['invoice']}`)
    const guess = { 'if-none-match': '"1"' }
    const statusOf = async (invoice: string) =>
      (await ask(a.member, `GET /invoices/${invoice}`, undefined, guess)).status
    return (await statusOf(theirs['invoice']!)) !== (await statusOf(missing))
  },
  async head({ ask, theirs }) {
    const { status, headers } = await ask(null, `HEAD /exports/${theirs['export']}/file`)
    return status === 200 && Number(headers.get('content-length')) > 0
  },
  async batch({ ask, ours, theirs }) {
    const invoices = [ours['invoice'], theirs['invoice']]
    return (await ask(a.member, 'POST /invoices/lookup', { invoices })).text.includes(b.word)
  },
  async promotion({ ask }) {
    const { id } = (await ask(a.member, 'GET /me')).json
    await ask(a.member, `PATCH /members/${String(id)}`, { role: 'admin' })
    const { status } = await ask(a.member, 'GET /webhook')
    await ask(a.admin, `PATCH /members/${String(id)}`, { role: 'member' })
    return status === 200
  },
  async stale({ ask }) {
    await ask(b.admin, 'GET /customers')
    await ask(a.admin, `GET /customers/${missing}`)
    return (await ask(a.admin, 'GET /customers')).text.includes(b.word)
  },
}

it('has an attack for each of twenty leaks', () => {
  expect(leaks).toHaveLength(20)
  expect(Object.keys(attacks).sort()).toEqual(leaks.map(({ name }) => name).sort())
})

it('knows no leak that is not listed', async () => {
  await expect(withApp('no-such-leak', () => Promise.resolve())).rejects.toThrow(/no-such-leak/)
})

/** First, since what a job wrote where it should not stays when the leak is mended. */
describe('without a leak', () => {
  const bodies: Record<string, (objects: Record<string, string>) => object> = {
    updateTenant: () => ({ time_zone: 'Europe/Berlin' }),
    createMember: () => ({ name: 'New', email: 'new@member.example', role: 'member' }),
    updateMember: () => ({ role: 'member' }),
    createCustomer: () => ({ name: 'New' }),
    updateCustomer: () => ({ status: 'active' }),
    createProject: ({ customer }) => ({ name: 'New', customer }),
    updateProject: ({ customer }) => ({ customer }),
    createComment: ({ project }) => ({ text: 'New', project }),
    createInvoice: ({ customer }) => ({ title: 'New', due: '2027-01-01', lines: [], customer }),
    lookupInvoices: ({ invoice }) => ({ invoices: [invoice] }),
    updateInvoice: () => ({ due: '2026-03-01' }),
    setWebhook: () => ({ url: 'https://hooks.example/kept' }),
    startExport: () => ({ kind: 'customers' }),
    startDigest: () => ({}),
  }
  const lineOf = (id: string, objects: Record<string, string>) =>
    toPath(`${operations[id]!.method} ${operations[id]!.path}`, objects)
  const bodyOf = (id: string, objects: Record<string, string>) => bodies[id]?.(objects)
  const marked = { customer: '#', project: '#', invoice: '#' }
  const named = Object.keys(operations).filter((id) =>
    /[{#]/.test(operations[id]!.path + JSON.stringify(Object.values(bodyOf(id, marked) ?? {}))),
  )

  it('has a valid OpenAPI document of all operations', async () => {
    await withApp(null, async ({ ask }) => {
      const { json } = await ask(null, 'GET /openapi.json')
      expect(await new Validator().validate(json)).toMatchObject({ valid: true })
      const ids = Object.values(json['paths'] as object).flatMap((path: object) =>
        Object.values(path).map(({ operationId }: { operationId: string }) => operationId),
      )
      expect(ids.sort()).toEqual(Object.keys(operations).sort())
    })
  })

  it(`answers for another tenant's objects as for missing ones, and changes nothing`, async () => {
    await withApp(null, async ({ ask, theirs }) => {
      const nothing = Object.fromEntries(Object.keys(theirs).map((name) => [name, missing]))
      const reads = Object.keys(operations).filter((id) => operations[id]!.method === 'GET')
      const snapshot = () =>
        Promise.all(reads.map(async (id) => (await ask(b.admin, lineOf(id, theirs))).text))
      const before = await snapshot()
      for (const id of named) {
        const tried = await ask(a.admin, lineOf(id, theirs), bodyOf(id, theirs))
        const control = await ask(a.admin, lineOf(id, nothing), bodyOf(id, nothing))
        expect([tried.status, tried.text], id).toEqual([control.status, control.text])
        expect(tried.status, id).toBe(404)
      }
      expect(await snapshot()).toEqual(before)
    })
  })

  it('shows the role of the app one tenant at most, in every table and view', async () => {
    await withClient(database.urls.app, async (app) => {
      const { rows: readable } = await app.query<{ name: string }>(
        `select relname as name from pg_class where relnamespace = 'public'::regnamespace
         and relkind in ('r', 'v') and has_table_privilege(oid, 'select')`,
      )
      const textOf = async (name: string, tenant: string) => {
        await app.query(`select set_config('app.tenant_id', $1, false)`, [tenant])
        const { rows } = await app.query<object>(`select * from ${name}`)
        return JSON.stringify(rows)
      }
      expect(readable).toHaveLength(14)
      for (const { name } of readable) {
        expect(await textOf(name, ''), name).toBe('[]')
        expect(await textOf(name, a.tenant), name).not.toMatch(new RegExp(`${b.word}|${b.tenant}`))
      }
      expect(await textOf('customers', a.tenant)).toContain(a.word)
    })
  })

  it(`filters by another tenant's objects as by missing ones`, async () => {
    await withApp(null, async ({ ask, ours, theirs }) => {
      const filters = ['/projects?customer', '/invoices?customer', '/balances?customer']
      for (const filter of [...filters, '/comments?project']) {
        const object = filter.split('?')[1]!
        const listed = async (id: string) => (await ask(a.member, `GET ${filter}=${id}`)).json
        expect(await listed(theirs[object]!), filter).toEqual({ items: [] })
        expect(await listed(missing), filter).toEqual({ items: [] })
        expect(await listed(ours[object]!), filter).not.toEqual({ items: [] })
      }
    })
  })

  it('finishes many exports at once, read or deleted before their turn', async () => {
    await withApp(null, async ({ ask }) => {
      const exported = async (_: unknown, i: number) => {
        const { id } = (await ask(a.admin, 'POST /exports', { kind: 'invoices' })).json
        const line = `/exports/${String(id)}`
        const { json } = i % 2 === 0 ? await ask(a.admin, `GET ${line}`) : { json: null }
        const { status } = await ask(a.admin, `DELETE ${line}`)
        return { ready: json?.['ready'] ?? true, status }
      }
      const all = await Promise.all(Array.from({ length: 40 }, exported))
      expect(all.filter(({ ready, status }) => ready !== true || status !== 204)).toEqual([])
    })
  })

  it('tells nobody without a token, and a member only what is for members', async () => {
    await withApp(null, async ({ ask, ours }) => {
      for (const [id, operation] of Object.entries(operations)) {
        const statusOf = async (token: string | null) =>
          (await ask(token, lineOf(id, ours), bodyOf(id, ours))).status
        expect(await statusOf(null), id).toBe(401)
        if (operation.for === 'admin') expect(await statusOf(a.member), id).toBe(403)
        else expect(await statusOf(a.member), id).toBeLessThan(300)
      }
    })
  })

  it('lets the owner do everything, again and again, and names no other tenant', async () => {
    await withApp(null, async ({ ask, ours }) => {
      for (let round = 0; round < 2; round++) {
        const made: Record<string, string> = {}
        for (const [id, { method, path }] of Object.entries(operations)) {
          if (method === 'DELETE') continue
          const { status, text, json } = await ask(a.admin, lineOf(id, ours), bodyOf(id, ours))
          expect(status, `${id}: ${text}`).toBeLessThan(300)
          expect(text.toLowerCase(), id).not.toContain(b.word.toLowerCase())
          if (method === 'POST' && !path.includes('invoices/'))
            made[path.slice(1, -1)] = String(json['id'])
        }
        expect(Object.keys(made)).toHaveLength(7)
        for (const name of Object.keys(made).toReversed()) {
          const { status } = await ask(a.admin, `DELETE /${name}s/${made[name]}`)
          expect(status, name).toBe(204)
        }
      }
    })
  })
})

describe.each(leaks)('$name: $says', ({ name }) => {
  const attack = attacks[name]!

  it('comes through', async () => {
    expect(await withApp(name, attack)).toBe(true)
  })

  it('fails without the leak', async () => {
    expect(await withApp(null, attack)).toBe(false)
  })
})
