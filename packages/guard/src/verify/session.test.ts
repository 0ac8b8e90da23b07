import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Incoming } from './incoming.ts'
import { verifySession, type Session } from './session.ts'

const now = Date.UTC(2026, 10, 20, 12)
const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const ada: Session = { id: 'ada', tenant: 'acme', roles: ['owner'], until: now + 1 }
const table = new Map<string, Session>([
  [hash('s3cret'), ada],
  [hash('over'), { ...ada, until: now }],
  [hash('homeless'), { ...ada, tenant: null }],
  [hash('absent'), { ...ada, tenant: undefined as never }],
  [hash('object'), { ...ada, tenant: {} as never }],
  [hash('list'), { ...ada, id: ['q'] as never }],
  [hash('staff'), { ...ada, kind: 'staff', tenant: null }],
])

const asked: string[] = []
const lookup = (by: string) => {
  asked.push(by)
  return Promise.resolve(table.get(by) ?? null)
}
const sending = (name: string, ...values: string[]): Incoming => ({
  headers: (one) => (one === name ? values : []),
})
const byCookie = verifySession(lookup, { cookie: 'sid' })
const byBearer = verifySession(lookup)

describe('verifySession', () => {
  it('finds a session by the hash of its secret, and the lookup never sees the secret', async () => {
    const principal = await byCookie(sending('cookie', 'theme=dark; sid=s3cret'), now)
    expect(principal).toMatchObject({ actor: 'user:ada', tenant: 'acme', verified: 'session' })
    expect(asked).toEqual([hash('s3cret')])
    expect(await byBearer(sending('authorization', 'Bearer s3cret'), now)).not.toBeNull()
  })

  it('says nothing of a request without its cookie', async () => {
    expect(await byCookie(sending('cookie', 'theme=dark'), now)).toBeNull()
    expect(await byCookie(sending('authorization', 'Bearer s3cret'), now)).toBeNull()
  })

  it('knows staff', async () => {
    const principal = await byCookie(sending('cookie', 'sid=staff'), now)
    expect(principal).toMatchObject({ actor: 'staff:ada', tenant: null })
  })

  it.each([
    ['nobody knows', 'bad-session', ['sid=guess']],
    ['is over', 'bad-session', ['sid=over']],
    ['came twice', 'bad-session', ['sid=s3cret; sid=s3cret']],
    ['came in two headers', 'bad-session', ['sid=s3cret', 'sid=guess']],
    ['has no tenant', 'no-tenant', ['sid=homeless']],
    ['leaves out its tenant', 'no-tenant', ['sid=absent']],
    ['has an object for a tenant', 'bad-principal', ['sid=object']],
    ['has a list for an id', 'bad-principal', ['sid=list']],
  ])('refuses a session that %s', async (_, code, cookies) => {
    const refusal: unknown = await byCookie(sending('cookie', ...cookies), now).catch(
      (error: unknown) => error,
    )
    expect(refusal).toMatchObject({ code })
    expect(String(refusal)).not.toContain('s3cret')
    expect(await byCookie(sending('cookie', 'sid=s3cret'), now)).not.toBeNull()
  })
})
