import { createHash } from 'node:crypto'
import { encodeEntry, verifyCommitment } from '@kept/ledger'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testKept, testBundles, type TestKept } from '../../../test/kept.ts'
import { onePromise } from '../../../test/one-promise.ts'
import { claimsOperations } from '../claims/operations.ts'
import { longest } from './grants.ts'
import { accessOperations } from './operations.ts'

const operations = accessOperations({
  bundles: testBundles,
})
const ada = { kind: 'person', id: 'ada' } as const
const web = { kind: 'runner', id: 'web' } as const
const ci = { kind: 'runner', id: 'ci' } as const
const systems = `services:
  app: { tags: ['app-runner:web', 'policy-runner:ci'] }
databases:
  app-db: { tags: ['app-runner:other'] }
runners:
  collector: { holder: collector, kinds: ['*'], subjects: ['*'] }
  web: { holder: workload, kinds: ['*'], subjects: ['*'] }
  ci: { holder: workload, kinds: ['*'], subjects: ['*'] }
  ada: { holder: person, name: Ada, kinds: ['*'], subjects: ['*'] }
`

let kept: TestKept
beforeAll(async () => {
  kept = await testKept({ collectors: [] })
  const { apply } = claimsOperations(() => [])
  await kept.ask('operator', apply, { page: onePromise, systems })
})
afterAll(() => kept.stop())

let tenant: string
let count = 0
beforeEach(() => (tenant = `tenant-${++count}`))

const in2h = () => new Date(kept.time.now() + longest / 4).toISOString()
const request = (until = in2h()) =>
  kept.ask(ada, operations.request, { tenant, reason: 'ticket 4711', until })
const allow = (grant: string, more: object = {}) =>
  kept.ask(web, operations.allow, { grant, tenant, by: 'eve', ...more })
const list = async () => (await kept.ask(web, operations.list, { tenant })).grants
const state = async () => (await list())[0]!.state
const code = (asked: Promise<unknown>) =>
  asked.then(
    () => 'passes',
    (error: { code: string }) => error.code,
  )

describe('a grant', () => {
  it('waits for the tenant, holds until its end, and ends by time alone', async () => {
    const until = in2h()
    const { grant } = await request(until)
    expect(await state()).toBe('waiting')
    kept.time.advance(60_000)
    await allow(grant)
    expect(await list()).toMatchObject([
      {
        id: grant,
        staff: 'ada',
        tenant,
        reason: 'ticket 4711',
        until,
        answeredBy: 'eve',
        state: 'live',
      },
    ])
    kept.time.advance(Date.parse(until) - kept.time.now() - 1)
    expect(await state()).toBe('live')
    kept.time.advance(1)
    expect(await state()).toBe('over')
  })

  it('is over when nobody answered in time, and cannot be allowed then', async () => {
    const { grant } = await request(new Date(kept.time.now() + 1000).toISOString())
    kept.time.advance(1000)
    expect(await code(allow(grant))).toBe('conflict')
    expect(await state()).toBe('over')
  })

  it('lasts at most 8 hours, and needs a reason and an end that lies ahead', async () => {
    const at = (milliseconds: number) => new Date(kept.time.now() + milliseconds).toISOString()
    expect(await code(request(at(longest + 1)))).toBe('bad-input')
    expect(await code(request(at(0)))).toBe('bad-input')
    expect(await code(request(at(longest)))).toBe('passes')
    for (const reason of ['', '   \t ', 'ab']) {
      const asked = { tenant, reason, until: at(1000) }
      expect(await code(kept.ask(ada, operations.request, asked))).toBe('bad-input')
    }
  })

  it.each(['ada', ' Ada ', '\uff41\uff44\uff41'])(
    'is not allowed by who asked for it, as "%s"',
    async (by) => {
      const { grant } = await request()
      expect(await code(allow(grant, { by }))).toBe('second-person')
      expect(await state()).toBe('waiting')
      expect(await code(allow(grant))).toBe('passes')
    },
  )

  it('is answered once', async () => {
    const { grant } = await request()
    await kept.ask(web, operations.refuse, { grant, tenant, by: 'eve' })
    expect(await state()).toBe('refused')
    expect(await code(allow(grant))).toBe('conflict')
    const other = await request()
    const both = await Promise.all([code(allow(other.grant)), code(allow(other.grant))])
    expect(both.toSorted()).toEqual(['conflict', 'passes'])
  })

  it('of another tenant looks like one that is not there', async () => {
    const { grant } = await request()
    const answers = await Promise.all(
      [grant, '00000000-0000-4000-8000-000000000000'].flatMap((id) =>
        (['allow', 'refuse', 'end'] as const).map((what) =>
          kept
            .ask(web, operations[what] as typeof operations.end, {
              grant: id,
              tenant: 'another',
              by: 'mallory',
            })
            .catch(({ code: said, message, detail }) => ({ said, message, detail })),
        ),
      ),
    )
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]).toMatchObject({ said: 'not-found' })
    expect((await kept.ask(web, operations.list, { tenant: 'another' })).grants).toEqual([])
    expect(await code(allow(grant))).toBe('passes')
  })

  it.each(['the staff', 'the tenant'])('is ended early by %s, once', async (who) => {
    const { grant } = await request()
    await allow(grant)
    const end = () =>
      who === 'the staff'
        ? kept.ask(ada, operations.end, { grant })
        : kept.ask(web, operations.end, { grant, tenant, by: 'eve' })
    await end()
    expect(await list()).toMatchObject([
      { state: 'ended', endedBy: who === 'the staff' ? 'ada' : 'eve' },
    ])
    expect(await code(end())).toBe('conflict')
  })

  it('that was taken back cannot be allowed', async () => {
    const { grant } = await request()
    await kept.ask(ada, operations.end, { grant })
    expect(await code(allow(grant))).toBe('conflict')
    expect(await state()).toBe('ended')
  })

  it('has frozen times: the server’s role may change and remove nothing', async () => {
    const { grant } = await request()
    await allow(grant)
    const statements = [
      `update access.grants set until = until + interval '1 day'`,
      `update access.grants set tenant = 'x'`,
      'update access.answers set allowed = not allowed',
      'delete from access.answers',
      'delete from access.grants',
      'delete from access.ends',
      'update access.records set detail = null',
      'delete from access.records',
      'update access.policies set version = 0',
      'update access.reviews set day = day',
    ]
    for (const statement of statements) {
      expect(await code(kept.as.server.query(statement)), statement).toBe('42501')
    }
    expect(await code(kept.as.server.query('select from access.grants'))).toBe('passes')
  })
})

it('are rows that the server’s role sees for known callers alone', async () => {
  await request()
  const countFor = async (actor: string) => {
    const client = await kept.as.server.connect()
    try {
      await client.query(`select set_config('kept.actor', $1, false)`, [actor])
      const { rows } = await client.query('select from access.grants where tenant = $1', [tenant])
      return rows.length
    } finally {
      client.release(true)
    }
  }
  expect(await countFor('public:anyone')).toBe(0)
  expect(await countFor('runner:web')).toBe(1)
})

describe('who may', () => {
  it('ask is a person alone, and answer the app’s own runner alone', async () => {
    const { grant } = await request()
    const asked = { tenant, reason: 'ticket 4711', until: in2h() }
    for (const actor of ['public', web, ci, 'worker', 'operator'] as const) {
      const refused = actor === 'public' ? 'not-signed-in' : 'not-allowed'
      expect(await code(kept.ask(actor, operations.request, asked))).toBe(refused)
    }
    for (const operation of [operations.allow, operations.refuse]) {
      for (const actor of [ada, ci, 'worker', 'operator'] as const) {
        const answer = { grant, tenant, by: 'eve' }
        expect(await code(kept.ask(actor, operation, answer))).toBe('not-allowed')
      }
    }
    expect(await code(allow(grant))).toBe('passes')
  })

  it('speak for tenants is said by a service’s tag, not by a database’s', async () => {
    const other = { kind: 'runner', id: 'other' } as const
    for (const runner of [ci, other]) {
      expect(await code(kept.ask(runner, operations.list, { tenant }))).toBe('not-allowed')
      expect(await code(kept.ask(runner, operations.reads, { tenant }))).toBe('not-allowed')
      expect(await code(kept.ask(runner, operations.showBundle, {}))).toBe('not-allowed')
    }
    expect(await code(kept.ask(web, operations.showBundle, {}))).toBe('passes')
  })

  it('see all tenants’ grants at once is staff, and no app', async () => {
    await request()
    const { grants } = await kept.ask(ada, operations.list, {})
    expect(grants[0]).toMatchObject({ tenant })
    expect(await code(kept.ask(web, operations.list, {}))).toBe('bad-input')
    const { grant } = await request()
    expect(await code(kept.ask(web, operations.end, { grant }))).toBe('bad-input')
  })

  it('push policies is the pipeline’s runner', async () => {
    const asked = {
      schema: 'entity User;',
      policies: { a: 'permit (principal, action, resource);' },
    }
    expect(await code(kept.ask(web, operations.pushPolicies, asked))).toBe('not-allowed')
    expect(await code(kept.ask(ada, operations.pushPolicies, asked))).toBe('not-allowed')
  })
})

it('pages through grants, newest first', async () => {
  const made: string[] = []
  for (let i = 0; i < 5; i++) made.unshift((await request()).grant)
  const first = await kept.ask(web, operations.list, { tenant, limit: 3 })
  const second = await kept.ask(web, operations.list, { tenant, limit: 3, before: first.next! })
  expect([...first.grants, ...second.grants].map(({ id }) => id)).toEqual(made)
  expect(second.next).toBeNull()
})

describe('the ledger', () => {
  const entries = async () => {
    await kept.work()
    const { rows } = await kept.as.owner.query<{ body: Buffer }>(
      'select body from ledger.entries order by index',
    )
    return rows.map(({ body }) => body.toString())
  }

  it('has each step, and neither tenant, reason nor the user in the clear', async () => {
    const reason = 'Müller cannot log in'
    tenant = 'acme-of-the-secret'
    const until = in2h()
    const asked = await kept.ask(ada, operations.request, { tenant, reason, until })
    const answered = await allow(asked.grant, { by: 'eve@acme.test' })
    await kept.ask(web, operations.end, { grant: asked.grant, tenant, by: 'mia@acme.test' })
    const all = (await entries()).filter((text) => text.includes(asked.grant))
    expect(all.map((text) => (JSON.parse(text) as { action: string }).action)).toEqual([
      'access.request',
      'access.allow',
      'access.end',
    ])
    for (const text of all) expect(text).not.toMatch(/acme|Müller|eve|mia/)
    // With the salt, and only with it, anybody can be shown what was said.
    const { rows } = await kept.as.superuser.query<{ salt: Buffer }>(
      'select salt from access.grants where id = $1',
      [asked.grant],
    )
    const { grant } = asked
    const request = encodeEntry({ grant, staff: 'ada', tenant, reason, until })
    const allowance = encodeEntry({ grant, allowed: true, by: 'eve@acme.test' })
    const { salt } = rows[0]!
    const opens = (said: string, value: Uint8Array) =>
      verifyCommitment(Buffer.from(said, 'base64'), value, salt)
    expect(opens(asked.commitment, request)).toBe(true)
    expect(opens(answered.commitment, allowance)).toBe(true)
    expect(opens(answered.commitment, request)).toBe(false)
    const hashed = createHash('sha256').update(tenant).digest('base64')
    expect(all.join()).not.toContain(hashed)
  })
})
