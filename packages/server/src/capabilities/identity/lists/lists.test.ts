import type { Account } from '@kept/page/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeAt, openBrowser, type Browser } from '../../../../test/browser.ts'
import { testKept, type TestKept } from '../../../../test/kept.ts'
import { context, system } from '../../../../test/looking.ts'
import { makeKey, signed, type RunnerKey } from '../../../../test/signing.ts'
import { claimsOperations } from '../../claims/operations.ts'
import { identityOperations } from '../operations.ts'
import { listOperations } from './operations.ts'

const page = `---
company: Example Inc
contact: security@example.com
---
# Security

[We use two-factor authentication for GitHub and AWS](kept:mfa.accounts?for=github,aws#services).
[Everybody of the staff signs in with it here](kept:mfa.accounts?for=kept#staff).
[Every account of ours has it](kept:mfa.staff#all).
[GitHub takes long passwords only](kept:password.policy?for=github&length=14#passwords).
`
const day = 86_400_000

const ci = makeKey('ci')
const other = makeKey('other')
const cto = makeKey('cto')
const systems = (address: string) => `people:
  github-accounts: { provider: github }
  aws-accounts: { provider: aws }
  staff: { provider: kept, address: '${address}' }
runners:
  collector: { holder: collector, kinds: ['*'], subjects: ['*'] }
  ci: { holder: workload, kinds: [people.*], subjects: [github-accounts, aws-accounts, staff], key: ${ci.line} }
  other: { holder: workload, kinds: [people.second-factors], subjects: [aws-accounts], key: ${other.line} }
  cto: { holder: person, name: the CTO, kinds: ['*'], subjects: ['*'], key: ${cto.line} }
`

let kept: TestKept
let address: string
let claims: ReturnType<typeof claimsOperations>
beforeAll(async () => {
  kept = await testKept()
  address = await kept.serve({ mostAsks: 1000 })
  claims = claimsOperations(() => kept.capabilities.flatMap(({ collectors = [] }) => collectors))
  await kept.ask('operator', claims.apply, { page, systems: systems(address) })
})
afterAll(() => kept.stop())

const ok: Account = { account: 'ann', kind: 'person', active: true, secondFactor: 'yes' }

async function post(key: RunnerKey, path: string, given: object) {
  const body = JSON.stringify({
    source: 'plain',
    exportedAt: new Date(kept.time.now()).toISOString(),
    ...given,
  })
  const created = Math.floor(kept.time.now() / 1000)
  const url = `${address}${path}`
  const answer = await fetch(url, {
    method: 'POST',
    headers: signed(key, { url, body, created }),
    body,
  })
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read what they expect.
  return { status: answer.status, body: (await answer.json()) as Record<string, any> }
}

/** Pushes a list at a later time than the one before. */
async function push(system: string, accounts: readonly Account[], key = ci, more: object = {}) {
  kept.time.advance(1000)
  return await post(key, `/api/account-lists/${system}`, { accounts, ...more })
}

async function verdicts(): Promise<Record<string, string>> {
  await kept.work()
  const { claims: all } = await kept.ask('public', claims.list, {})
  return Object.fromEntries(all.map(({ id, verdict }) => [id, verdict]))
}

async function note(kind: string, subject: string): Promise<string | null> {
  const { looks } = await kept.ask('operator', claims.listLooks, {})
  return looks.find((one) => one.kind === kind && one.subject === subject)!.note
}

const show = (system: string) =>
  kept.ask({ kind: 'person', id: 'cto' }, listOperations.show, { system })

describe('lists that are pushed', () => {
  it('keep a sentence, break it by one account, and keep it again', async () => {
    expect((await verdicts())['services']).toBe('unproven')
    expect(await note('people.second-factors', 'github-accounts')).toContain('kept accounts push')
    const github = [ok, { ...ok, account: 'bot', kind: 'service', secondFactor: 'no' } as Account]
    // Exported a minute before the look that found nothing.
    const exportedAt = new Date(kept.time.now() - 60_000).toISOString()
    expect(await push('github-accounts', github, ci, { exportedAt })).toMatchObject({
      status: 200,
      body: { taken: true, accounts: 1, without: 0, unknown: 0, services: 1 },
    })
    expect((await verdicts())['services']).toBe('unproven')
    await push('aws-accounts', [ok, { ...ok, account: 'gone', active: false, secondFactor: 'no' }])
    expect((await verdicts())['services']).toBe('kept')
    const { because } = await kept.ask('public', claims.show, { id: 'services' })
    expect(because, 'that nothing was there before is past').not.toContain('could not run')
    expect(await note('people.second-factors', 'github-accounts')).toContain(
      'pushed by ci; not counted: 1 of services',
    )
    const { evidence } = await kept.ask('operator', claims.listEvidence, {})
    expect(evidence.find(({ subject }) => subject === 'aws-accounts')).toMatchObject({
      measured: { accounts: 1, without: 0, unknown: 0, pushedBy: 'ci' },
    })
    for (const secondFactor of ['no', 'unknown'] as const) {
      await push('aws-accounts', [ok, { ...ok, account: 'bob', secondFactor }])
      expect((await verdicts())['services']).toBe('broken')
      expect((await show('aws-accounts')).lacking).toEqual([{ account: 'bob', secondFactor }])
      await push('aws-accounts', [ok])
      expect((await verdicts())['services']).toBe('kept')
    }
    expect((await show('aws-accounts')).lacking).toEqual([])
  })

  it('say in the look how many there were, when fewer than half are left', async () => {
    const others = ['bob', 'cem'].map((account) => ({ ...ok, account }))
    const said = async () => {
      await kept.work()
      return await note('people.second-factors', 'aws-accounts')
    }
    await push('aws-accounts', [ok, ...others])
    expect(await said()).toBe('plain, pushed by ci')
    await push('aws-accounts', [ok])
    expect(await said()).toBe('plain, pushed by ci; 3 accounts before')
    await push('aws-accounts', [ok, ...others])
    await push('aws-accounts', others)
    expect(await said(), 'more than half').toBe('plain, pushed by ci')
    await push('aws-accounts', [ok])
    expect(await said(), 'half').toBe('plain, pushed by ci')
  })

  it('prove nothing where no account is a person’s that can sign in', async () => {
    await push('aws-accounts', [{ ...ok, active: false }])
    expect((await verdicts())['services']).toBe('kept')
    expect(await note('people.second-factors', 'aws-accounts')).toContain('is active and a person')
    await push('aws-accounts', [ok])
  })

  it('count from when they were exported, and 8 days', async () => {
    const exportedAt = new Date(kept.time.now() - 6 * day).toISOString()
    await push('github-accounts', [ok])
    await push('aws-accounts', [ok])
    expect((await verdicts())['services']).toBe('kept')
    const older = await push('aws-accounts', [ok], ci, { exportedAt })
    expect(older).toMatchObject({ status: 409 })
    kept.time.advance(6 * day)
    await push('github-accounts', [ok])
    expect(['kept', 'due']).toContain((await verdicts())['services'])
    kept.time.advance(2 * day)
    expect((await verdicts())['services']).toBe('stale')
    expect(await note('people.second-factors', 'aws-accounts')).toContain('is 8 days old')
    const old = new Date(kept.time.now() - 9 * day).toISOString()
    expect(await push('aws-accounts', [ok], ci, { exportedAt: old })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('more than 8 days old') as string },
    })
    await push('aws-accounts', [ok])
    expect((await verdicts())['services']).toBe('kept')
  })

  it('is taken once when it is sent again', async () => {
    kept.time.advance(1000)
    const exportedAt = new Date(kept.time.now()).toISOString()
    const first = await push('aws-accounts', [ok], ci, { exportedAt })
    expect(first).toMatchObject({ status: 200, body: { taken: true } })
    const again = await push('aws-accounts', [ok], ci, { exportedAt })
    expect(again).toMatchObject({ status: 200, body: { taken: false } })
    expect(again.body['commitment']).toBe(first.body['commitment'])
    const changed = await push('aws-accounts', [{ ...ok, account: 'x' }], ci, { exportedAt })
    expect(changed.status).toBe(409)
  })

  it.each([
    ['of a runner that may not speak of it', other, 'github-accounts', {}, 403],
    ['of a person, whose word would pass for more', cto, 'aws-accounts', {}, 403],
    ['of a system that is none', cto, 'nothing', {}, 403],
    ['of what Kept reads itself', ci, 'staff', {}, 409],
    ['without an account', ci, 'aws-accounts', { accounts: [] }, 400],
    ['with one twice', ci, 'aws-accounts', { accounts: [ok, ok] }, 400],
    ['with more than is kept', ci, 'aws-accounts', { accounts: [{ ...ok, phone: '1' }] }, 400],
  ])('are refused %s', async (_, key, system, more, status) => {
    expect(await push(system, [ok], key, more)).toMatchObject({ status })
    // The control: the same is taken of who may.
    expect(await push('aws-accounts', [ok], ci)).toMatchObject({ status: 200 })
  })

  it('from the future are refused', async () => {
    const exportedAt = new Date(kept.time.now() + day).toISOString()
    expect(await push('aws-accounts', [ok], ci, { exportedAt })).toMatchObject({ status: 400 })
  })

  it('leave no name in the ledger, and none for strangers', async () => {
    await push('aws-accounts', [{ ...ok, account: 'secretive', secondFactor: 'no' }])
    await kept.work()
    const { rows } = await kept.as.superuser.query<{ n: number }>(
      `select count(*)::integer as n from ledger.entries where position('secretive' in convert_from(body, 'UTF8')) > 0`,
    )
    expect(rows).toEqual([{ n: 0 }])
    const all = await kept.as.server.query('select from identity.account_lists')
    expect(all.rowCount).toBe(0)
    expect((await fetch(`${address}/api/account-lists/aws-accounts`)).status).toBe(401)
    expect((await show('aws-accounts')).lacking).toHaveLength(1)
    await push('aws-accounts', [ok])
  })

  it('take 100,000 accounts', async () => {
    const many = Array.from({ length: 100_000 }, (_, i) => ({
      ...ok,
      account: `somebody.${i}@example.com`,
    }))
    expect(await push('aws-accounts', many)).toMatchObject({
      status: 200,
      body: { accounts: 100_000 },
    })
    await push('aws-accounts', [ok])
  }, 60_000)
})

describe('policies of passwords', () => {
  it('keep and break a sentence', async () => {
    const pushPolicy = (minimumLength: number, singleSignOnOnly: boolean) => {
      kept.time.advance(1000)
      const given = { minimumLength, singleSignOnOnly }
      return post(ci, '/api/password-policies/github-accounts', given)
    }
    expect((await verdicts())['passwords']).toBe('unproven')
    for (const [verdict, length, singleSignOn] of [
      ['kept', 14, false],
      ['broken', 8, false],
      ['kept', 0, true],
    ] as const) {
      expect(await pushPolicy(length, singleSignOn)).toMatchObject({
        status: 200,
        body: { taken: true },
      })
      expect((await verdicts())['passwords']).toBe(verdict)
    }
    const refused = await post(other, '/api/password-policies/github-accounts', {
      minimumLength: 14,
      singleSignOnOnly: false,
    })
    expect(refused.status).toBe(403)
  })
})

describe('our own staff', () => {
  const identity = identityOperations({
    origin: 'https://kept.test',
    key: new Uint8Array(32).fill(9),
    outside: { reach: 'loopback', authorities: [], secret: () => null, mail: null },
  })
  let owner: Browser

  const look = async () => {
    kept.time.advance(1000)
    await kept.ask('operator', claims.collect, { subject: 'staff' })
    return (await verdicts())['staff']
  }
  const noteOfStaff = () => note('people.second-factors', 'staff')

  async function enrol(by: Browser): Promise<void> {
    const { body } = await by.ask('POST', '/api/account/totp', {})
    const code = codeAt(body['secret'] as string, kept.time.now())
    expect((await by.ask('POST', '/api/account/totp/confirm', { code })).status).toBe(200)
  }

  async function join(link: string, name: string): Promise<Browser> {
    const by = openBrowser(address)
    const token = link.split('#')[1]!
    const given = { token, name, email: `${name}@kept.test`, password: 'correct horse battery' }
    expect((await by.ask('POST', '/api/invitations/accept', given)).status).toBe(200)
    return by
  }

  it('is unproven while nobody has an account', async () => {
    expect(await look()).toBe('unproven')
    expect(await noteOfStaff()).toContain('nobody of the staff has an account yet')
  })

  it('breaks with who has set up no factor yet, and is kept with everybody’s', async () => {
    const { link } = await kept.ask('operator', identity.inviteFirstOwner, {})
    owner = await join(link!, 'owner')
    expect(await look()).toBe('broken')
    expect((await show('staff')).lacking).toMatchObject([{ account: 'owner', secondFactor: 'no' }])
    await enrol(owner)
    expect(await look()).toBe('kept')
    expect(await noteOfStaff()).toMatch(/^\d\d+ routes of the staff refused a password alone$/)
    const { people } = (await owner.ask('GET', '/api/people')).body
    expect(people).toHaveLength(1)
  })

  /** Writes into each session what nobody proved: a real hole, which a repair of the database closes. */
  it.each([
    ['a second factor', 'totp', 'a password alone is let in: nothing is asked after it'],
    ['a one-time link', 'link', 'a password alone is let in: POST /api/account/totp (200)'],
  ])('breaks when a sign-in passes for %s', async (_, factor, said) => {
    expect(await look()).toBe('kept')
    await kept.as.superuser.query(
      `create function public.passes() returns trigger language plpgsql as
         $$ begin new.factors := new.factors || '{${factor}}'; return new; end $$;
       create trigger passes before insert on identity.sessions
         for each row execute function public.passes()`,
    )
    expect(await look()).toBe('broken')
    expect(await noteOfStaff()).toContain(said)
    await kept.as.superuser.query(
      'drop trigger passes on identity.sessions; drop function public.passes()',
    )
    expect(await look()).toBe('kept')
  })

  it('says nothing of another server, which does not know the canary', async () => {
    const elsewhere = await testKept({ time: kept.time })
    const collector = kept.capabilities
      .flatMap(({ collectors = [] }) => collectors)
      .find(({ kind }) => kind === 'people.second-factors')!
    const lookAt = async (at: string) => {
      const subject = system({ id: 'staff', type: 'people', provider: 'kept', address: at })
      return await collector.collect(subject, context({ kept, subjects: [subject] }))
    }
    try {
      const there = await elsewhere.serve()
      expect(await lookAt(there)).toMatchObject({
        outcome: 'inconclusive',
        note: expect.stringContaining(`the canary cannot sign in at ${there}`) as string,
      })
    } finally {
      await elsewhere.stop()
    }
    expect(await lookAt(address)).toMatchObject({ outcome: 'pass' })
  })

  it('leaves nothing that the canary could come in by, and lets it do nothing', async () => {
    const left = await kept.as.superuser.query(
      `select from identity.accounts a where a.role = 'canary' and (
         exists (select from identity.passwords p where p.account = a.id) or
         exists (select from identity.sessions s where s.account = a.id and s.ended_at is null))`,
    )
    expect(left.rowCount).toBe(0)
    const canary = { kind: 'person', id: 'kept canary', roles: ['canary'] } as const
    await expect(kept.ask(canary, claims.listLooks, {})).rejects.toMatchObject({
      code: 'not-allowed',
    })
    const member = { ...canary, roles: ['member'] }
    expect(await kept.ask(member, claims.listLooks, {})).toBeTruthy()
  })
})
