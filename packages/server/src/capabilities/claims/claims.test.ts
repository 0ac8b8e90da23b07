import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noon, testKept, type TestKept } from '../../../test/kept.ts'
import { makeKey } from '../../../test/signing.ts'
import { soundTls } from '../../../test/one-promise.ts'
import type { Collector, Observation } from '../../foundation/capability.ts'
import { movableTime } from '../../foundation/time.ts'
import { compareEditions, weakens } from './changes.ts'
import { compileEdition } from './edition.ts'
import { claimsOperations } from './operations.ts'

const page = (text: string) => `---
company: Example Inc
contact: security@example.com
---
# Security

## Encryption

${text}
`
const promise = '[All connections are encrypted with TLS](kept:encryption.in-transit?min=1.2#tls).'
const systems = `endpoints:
  website: { address: example.test, tags: [critical, 'plain-port:8080'] }
runners:
  collector: { holder: collector, kinds: [endpoint.*], subjects: ['*'] }
  ci: { holder: workload, kinds: [endpoint.tls], subjects: [website] }
  cto: { holder: person, name: the CTO, kinds: ['*'], subjects: ['*'] }
`
const hour = 3_600_000

let seen: Observation
const collector: Collector = {
  kind: 'endpoint.tls',
  of: ['endpoint'],
  every: 3600,
  timeout: 5,
  collect: () => Promise.resolve(seen),
}
const operations = claimsOperations(() => [collector])

describe('a page in force', () => {
  let kept: TestKept
  beforeAll(async () => {
    kept = await testKept({ collectors: [collector] })
    seen = { outcome: 'pass', measured: soundTls }
    await kept.ask('operator', operations.apply, { page: page(promise), systems })
  })
  afterAll(() => kept.stop())

  const verdict = async () => {
    const { claims } = await kept.ask('public', operations.list, {})
    return claims[0]!.verdict
  }

  it('is unproven until a collector has looked, and kept then', async () => {
    expect(await verdict()).toBe('unproven')
    await kept.work()
    expect(await verdict()).toBe('kept')
  })

  it('keeps what a collector notes of hosts and tables from the public, and tells who is known', async () => {
    const before = seen
    const note = 'answered in the clear: http://db-7.internal:8080/'
    seen = { ...before, note }
    kept.time.advance(hour)
    await kept.work()
    const show = (actor: 'public' | 'person') => kept.ask(actor, operations.show, { id: 'tls' })
    const [open, known] = [await show('public'), await show('person')]
    expect(known.evidence[0]!.note).toBe(note)
    expect(open.evidence[0]).toEqual({ ...known.evidence[0]!, note: null })
    const url = await kept.serve()
    const paths = [
      '/',
      '/claims/tls',
      '/changes',
      '/feed.json',
      '/changes.atom',
      '/api/claims/tls',
      '/api/export',
    ]
    for (const path of paths) {
      const answer = await fetch(url + path)
      expect([path, answer.status]).toEqual([path, 200])
      expect(await answer.text(), path).not.toContain('db-7')
    }
    seen = before
  })

  it('keeps from the bundle how a system is reached, and what its tags tell a collector', async () => {
    const text = await (await fetch(`${await kept.serve()}/api/export`)).text()
    const { register } = JSON.parse(text) as { register: { subjects: object[] } }
    expect(register.subjects).toMatchObject([{ id: 'website', tags: ['critical'] }])
    expect(text).not.toMatch(/plain-port|example\.test/)
  })

  it('breaks when the collector sees it broken, and is mended by the repair', async () => {
    seen = { outcome: 'pass', measured: { ...soundTls, lowestAccepted: 1 } }
    kept.time.advance(hour)
    await kept.work()
    expect(await verdict()).toBe('broken')
    seen = { outcome: 'pass', measured: soundTls }
    kept.time.advance(hour)
    await kept.work()
    expect(await verdict()).toBe('kept')
  })

  it('is not renewed by a look that could not run, and goes stale by time alone', async () => {
    seen = { outcome: 'inconclusive', measured: {}, note: 'the name cannot be resolved' }
    kept.time.advance(hour)
    await kept.work()
    expect(await verdict()).toBe('kept')
    kept.time.advance(26 * hour)
    await kept.work()
    expect(await verdict()).toBe('stale')
    seen = { outcome: 'pass', measured: soundTls }
    kept.time.advance(hour)
    await kept.work()
    expect(await verdict()).toBe('kept')
  })

  it('says what happened, newest first, each change an entry of the ledger', async () => {
    const { history, evidence } = await kept.ask('public', operations.show, { id: 'tls' })
    expect(history.map((one) => one.verdict)).toEqual([
      'kept',
      'stale',
      'due',
      'kept',
      'broken',
      'kept',
      'unproven',
    ])
    expect(history.every((one) => one.entry !== null)).toBe(true)
    expect(evidence[0]!.entry).not.toBeNull()
    expect(evidence[0]!.receivedAt).toBeGreaterThan(noon)
  })
})

describe('who may say and change what', () => {
  let kept: TestKept
  beforeAll(async () => {
    kept = await testKept({ collectors: [] })
    await kept.ask('operator', operations.apply, { page: page(promise), systems })
  })
  afterAll(() => kept.stop())

  const evidence = (id: string, more: object = {}) => ({
    evidence: [
      {
        id,
        kind: 'endpoint.tls',
        subject: 'website',
        outcome: 'pass' as const,
        observedAt: new Date(kept.time.now()).toISOString(),
        measured: soundTls,
        ...more,
      },
    ],
  })
  const ci = { kind: 'runner', id: 'ci' } as const
  const refusal = (code: string) => expect.objectContaining({ code }) as unknown

  it('takes evidence of a runner that may speak, once', async () => {
    expect(await kept.ask(ci, operations.receive, evidence('a'))).toEqual({ taken: 1 })
    expect(await kept.ask(ci, operations.receive, evidence('a'))).toEqual({ taken: 0 })
  })

  it('says of what date it takes none, and takes the next', async () => {
    const asked = evidence('old', { observedAt: '0001-01-01T00:00:00Z' })
    await expect(kept.ask(ci, operations.receive, asked)).rejects.toThrow(/before the year 2000/)
    const first = evidence('old', { observedAt: '2000-01-01T00:00:00Z' })
    expect(await kept.ask(ci, operations.receive, first)).toEqual({ taken: 1 })
  })

  it.each([
    ['other words under one id', 'conflict', { outcome: 'fail' as const }],
    ['a kind it may not speak of', 'not-allowed', { kind: 'endpoint.grade' }],
    ['a system it may not speak of', 'not-allowed', { subject: 'elsewhere' }],
    ['a kind that no proof reads', 'bad-input', { kind: 'endpoint.tsl' }],
    ['the future', 'bad-input', { observedAt: new Date(noon + 1000).toISOString() }],
    ['a date that nobody filled in', 'bad-input', { observedAt: '0001-01-01T00:00:00Z' }],
    ['the last of 1999', 'bad-input', { observedAt: '1999-12-31T23:59:59.999Z' }],
    ['a field that nobody reads', 'bad-input', { verdict: 'kept' }],
  ])('refuses %s', async (_, code, more) => {
    await expect(kept.ask(ci, operations.receive, evidence('a', more))).rejects.toEqual(
      refusal(code),
    )
  })

  it('refuses anyone, and a runner that is not in systems.yaml', async () => {
    await expect(kept.ask('public', operations.receive, evidence('b'))).rejects.toEqual(
      refusal('not-signed-in'),
    )
    const stranger = { kind: 'runner', id: 'stranger' } as const
    await expect(kept.ask(stranger, operations.receive, evidence('b'))).rejects.toEqual(
      refusal('not-allowed'),
    )
  })

  it('lists evidence in pages, each piece once, and to no stranger', async () => {
    const many = Array.from({ length: 5 }, (_, i) => evidence(`many ${i}`).evidence[0]!)
    await kept.ask(ci, operations.receive, { evidence: many })
    const cto = { kind: 'person', id: 'cto' } as const
    const ids: string[] = []
    let before: string | undefined
    do {
      const page = await kept.ask(cto, operations.listEvidence, { before, limit: 2 })
      expect(page.evidence.length).toBeLessThanOrEqual(2)
      ids.push(...page.evidence.map(({ id }) => id))
      before = page.next ?? undefined
    } while (before !== undefined)
    expect(ids).toEqual(['many 4', 'many 3', 'many 2', 'many 1', 'many 0', 'old', 'a'])
    await expect(kept.ask('public', operations.listEvidence, {})).rejects.toEqual(
      refusal('not-signed-in'),
    )
    await expect(kept.ask(cto, operations.listEvidence, { before: '0 or 1' })).rejects.toEqual(
      refusal('bad-input'),
    )
  })

  it('shows a person’s word as attested once no runner has spoken for long', async () => {
    const cto = { kind: 'person', id: 'cto' } as const
    await kept.ask(cto, operations.receive, evidence('said'))
    await kept.work()
    const claim = async () => (await kept.ask('public', operations.list, {})).claims[0]!
    expect(await claim()).toMatchObject({ verdict: 'kept' })
    kept.time.advance(26 * hour)
    await kept.ask(cto, operations.receive, evidence('said again'))
    await kept.work()
    expect(await claim()).toMatchObject({
      verdict: 'attested',
      because: expect.stringContaining('attested by the CTO') as unknown,
    })
  })
})

describe('the schedule of looks', () => {
  it('takes in the collectors that a newer Kept brings, for the same page', async () => {
    const kept = await testKept({ collectors: [] })
    const edition = { page: page(promise), systems }
    const scheduled = async () =>
      (await kept.as.owner.query('select kind, subject from claims.collections')).rows as unknown
    await kept.ask('operator', claimsOperations(() => []).apply, edition)
    expect(await scheduled()).toEqual([])
    const again = await kept.ask('operator', operations.apply, edition)
    expect(again).toMatchObject({ version: 1, changes: [] })
    expect(await scheduled()).toEqual([{ kind: 'endpoint.tls', subject: 'website' }])
    await kept.stop()
  })
})

describe('evidence that was received', () => {
  let kept: TestKept
  /** Each process has a clock of its own: this is now one and now another. */
  let clock = noon
  const ci = { kind: 'runner', id: 'ci' } as const
  const say = (id: string, outcome: 'pass' | 'fail') =>
    kept.ask(ci, operations.receive, {
      evidence: [
        {
          id,
          kind: 'endpoint.tls',
          subject: 'website',
          outcome,
          observedAt: new Date(clock - 1).toISOString(),
          measured: { ...soundTls },
        },
      ],
    })
  const shown = async () => (await kept.ask('public', operations.list, {})).claims[0]!.verdict
  const stored = async () => {
    const { rows } = await kept.as.owner.query('select verdict, judged_at from claims.verdicts')
    return rows[0] as { verdict: string; judged_at: Date }
  }
  const judge = () => kept.ask('worker', operations.judgeWhenDue, {})

  beforeAll(async () => {
    kept = await testKept({ collectors: [], time: movableTime({ now: () => clock }) })
    await kept.ask('operator', operations.apply, { page: page(promise), systems })
    await say('good', 'pass')
    await kept.work()
  })
  afterAll(() => kept.stop())

  it('is judged though the job that was to wake a judge is lost, and shown at once', async () => {
    expect(await shown()).toBe('kept')
    await say('bad', 'fail')
    await kept.as.superuser.query('delete from graphile_worker._private_jobs')
    expect(await shown()).toBe('broken')
    expect((await stored()).verdict).toBe('kept')
    expect(await judge()).toMatchObject({ changed: 1 })
    expect((await stored()).verdict).toBe('broken')
    expect(await judge()).toMatchObject({ changed: 0 })
  })

  it('by a process whose clock is ahead is judged at once by one whose clock is behind', async () => {
    clock += 5000
    await say('mended', 'pass')
    clock -= 4000
    expect(await shown()).toBe('kept')
    expect(await judge()).toMatchObject({ changed: 1 })
    expect(await stored()).toEqual({ verdict: 'kept', judged_at: new Date(clock + 4000) })
  })

  it('is refused where its record would not fit into the ledger', async () => {
    const measured = {
      ...soundTls,
      ...Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`n${i}`, 'x'.repeat(9000)])),
    }
    const one = {
      id: 'large',
      kind: 'endpoint.tls',
      subject: 'website',
      outcome: 'pass',
      measured,
    } as const
    const evidence = [{ ...one, observedAt: new Date(clock - 1).toISOString() }]
    await expect(kept.ask(ci, operations.receive, { evidence })).rejects.toMatchObject({
      code: 'too-large',
    })
  })

  it('is not judged again for an earlier time than before', async () => {
    const { judged_at: before } = await stored()
    clock -= 10_000
    await kept.ask('worker', operations.judge, {})
    expect(await stored()).toEqual({ verdict: 'kept', judged_at: before })
  })
})

describe('what weakens', () => {
  let kept: TestKept
  const keyed = systems.replace('name: the CTO,', `name: the CTO, key: ${makeKey('cto').line},`)
  const two = `${keyed}  lead: { holder: person, name: the lead, key: ${makeKey('lead').line}, kinds: [desk.*], subjects: ['*'] }
`
  const cto = { kind: 'person', id: 'cto' } as const
  const lead = { kind: 'person', id: 'lead' } as const
  const weaker = page(promise.replace('min=1.2', 'min=1.1'))

  beforeAll(async () => {
    kept = await testKept({ collectors: [] })
    await kept.ask('operator', operations.apply, { page: page(promise), systems: keyed })
    await kept.ask(cto, operations.apply, { page: page(promise), systems: two })
  })
  afterAll(() => kept.stop())

  it('let the first person alone register the second, and nobody a third', async () => {
    const three = `${two}  third: { holder: person, key: ${makeKey('third').line}, kinds: ['*'], subjects: ['*'] }\n`
    const applied = await kept.ask(cto, operations.apply, { page: page(promise), systems: three })
    expect(applied).toMatchObject({ version: 2, changes: [{ kind: 'runner-added' }] })
    expect(applied.proposal).not.toBeNull()
  })

  it('lets the first person alone register no runner that looks', async () => {
    const alone = await testKept({ collectors: [] })
    await alone.ask('operator', operations.apply, { page: page(promise), systems: keyed })
    const robot = `${keyed}  robot: { holder: workload, key: ${makeKey('robot').line}, kinds: ['*'], subjects: ['*'] }\n`
    const applied = await alone.ask(cto, operations.apply, { page: page(promise), systems: robot })
    expect(applied).toMatchObject({ version: 1, changes: [{ kind: 'runner-added' }] })
    expect(applied.proposal).not.toBeNull()
    await alone.stop()
  })

  it.each([
    ['its sentence', page(promise.replace('[All', 'We no longer do this: [All'))],
    ['its heading', page(promise).replace('## Encryption', '## What we do not promise')],
  ])('waits for a second person where %s may take it back', async (_, other) => {
    const applied = await kept.ask(cto, operations.apply, { page: other, systems: two })
    expect(applied.version).toBe(2)
    expect(applied.changes[0]).toMatchObject({ kind: 'reworded', id: 'tls' })
    expect(applied.proposal).not.toBeNull()
  })

  it('applies at once what strengthens', async () => {
    const stronger = page(promise.replace('min=1.2', 'min=1.3'))
    const applied = await kept.ask(cto, operations.apply, { page: stronger, systems: two })
    expect(applied).toMatchObject({
      version: 3,
      proposal: null,
      changes: [{ kind: 'strengthened' }],
    })
  })

  it('waits for a second person, who may not be the first', async () => {
    const { proposal, version } = await kept.ask(cto, operations.apply, {
      page: weaker,
      systems: two,
    })
    expect(version).toBe(3)
    const approve = { proposal: proposal! }
    await expect(kept.ask(cto, operations.approve, approve)).rejects.toMatchObject({
      code: 'second-person',
    })
    await expect(kept.ask('operator', operations.approve, approve)).rejects.toMatchObject({
      code: 'not-allowed',
    })
    expect(await kept.ask(lead, operations.approve, approve)).toEqual({ version: 4, waitsFor: 0 })
  })

  it('needs two people where the operator proposed', async () => {
    const gone = page(promise.replace('#tls', '#transport'))
    const { proposal, changes } = await kept.ask('operator', operations.apply, {
      page: gone,
      systems: two,
    })
    expect(changes.map(({ kind }) => kind)).toEqual(['added', 'removed'])
    const approve = { proposal: proposal! }
    expect(await kept.ask(lead, operations.approve, approve)).toEqual({
      version: null,
      waitsFor: 1,
    })
    expect(await kept.ask(cto, operations.approve, approve)).toEqual({ version: 5, waitsFor: 0 })
    const { rows } = await kept.as.owner.query('select claim, text from claims.removed')
    expect(rows).toEqual([{ claim: 'tls', text: 'All connections are encrypted with TLS' }])
  })

  it('ends a proposal that another page overtook', async () => {
    const both = { page: weaker, systems: two }
    const { proposal } = await kept.ask(cto, operations.apply, both)
    const extra = page(`${promise.replace('#tls', '#transport')}

[We answer reports within 5 days](kept:disclosure.answered?within=5d#answers).`)
    const stronger = await kept.ask(lead, operations.apply, { page: extra, systems: two })
    expect(stronger.version).toBe(6)
    expect(await kept.ask(lead, operations.approve, { proposal: proposal! })).toEqual({
      version: null,
      waitsFor: 0,
    })
  })
})

describe('what one person alone may not do', () => {
  let kept: TestKept
  const cto = { kind: 'person', id: 'cto' } as const
  const ctoKey = makeKey('cto')
  const both = `${systems.replace('name: the CTO,', `name: the CTO, key: ${ctoKey.line},`)}  lead: { holder: person, key: ${makeKey('lead').line}, kinds: [desk.*], subjects: ['*'] }
`
  const connected = `${both}accounts:
  evil: { provider: heroku, address: 'https://evil.example', secret: DB }
`
  beforeAll(async () => {
    kept = await testKept({ collectors: [] })
    await kept.ask('operator', operations.apply, { page: page(promise), systems: both })
  })
  afterAll(() => kept.stop())

  const proposed = async (texts: { page?: string; systems?: string }) => {
    const applied = await kept.ask(cto, operations.apply, {
      page: page(promise),
      systems: both,
      ...texts,
    })
    expect([applied.version, applied.proposal === null]).toEqual([1, false])
    const { proposals } = await kept.ask(cto, operations.listProposals, {})
    return proposals.find(({ id }) => id === applied.proposal)!.changes
  }

  it('is say where a secret is sent, and who agrees sees where', async () => {
    expect(await proposed({ systems: connected })).toContainEqual({
      kind: 'secret-given',
      id: 'evil',
      says: 'a secret is used for the account evil',
      detail: 'the secret DB is sent to https://evil.example',
    })
    const moved = both.replace('address: example.test', 'address: other.test')
    expect(await proposed({ systems: moved })).toEqual([
      {
        kind: 'system-changed',
        id: 'website',
        says: 'system website was changed',
        detail: 'address example.test -> other.test',
      },
    ])
  })

  it.each([
    ['send a secret to a database for its outbox', `databases:\n  db: { tags: ['outbox:DB'] }\n`, 'secret-given', 'the secret DB is sent to the address that it holds'],
    ['seal scopes of a database with a secret', `databases:\n  db: { tags: ['seal:DB'] }\n`, 'secret-given', 'the secret DB seals what is sent to the address that it holds'],
    ['let a runner speak for tenants', `services:\n  app: { tags: ['app-runner:ci'] }\n`, 'power-given', 'the runner ci speaks for the app and its tenants'],
    ['let a runner push policies', `services:\n  app: { tags: ['policy-runner:ci'] }\n`, 'power-given', 'the runner ci pushes the policies of the app'],
  ])('is %s', async (_, added, kind, detail) => {
    const changes = await proposed({ systems: `${both}${added}` })
    expect(changes).toContainEqual(expect.objectContaining({ kind, detail }))
    // A system without such a tag comes by one person's word.
    const plain = `${both}${added.replace(/tags: \[.*\]/, 'region: eu')}`
    const [before, after] = [both, plain].map((text) => compileEdition(page(promise), text))
    const said = compareEditions(before!, after!)
    expect(said.map((one) => [one.kind, weakens(one)])).toEqual([['system-added', false]])
  }) // prettier-ignore

  it.each([
    ['where weaknesses are reported to', 'contact: security@example.com', 'contact: mallory@evil.example', 'page-changed'],
    ['whose page it is', 'company: Example Inc', 'company: Owned Co', 'page-changed'],
    ['what stands between the claims', '## Encryption', '## Encryption\n\nNone of this is promised to free customers.\n', 'prose-changed'],
    ['what follows a claim on its line', '#tls).', '#tls). It ends in May.', 'prose-changed'],
  ])('is change %s', async (_, from, to, kind) => {
    const changes = await proposed({ page: page(promise).replace(from, to) })
    expect(changes.map((one) => one.kind)).toContain(kind)
    expect(JSON.stringify(changes)).toContain(to.split(/: |\n|\)\. /).findLast((part) => part !== ''))
  }) // prettier-ignore

  it('is done by who runs Kept, who sets the secrets; and the ledger does not tell where', async () => {
    const { version } = await kept.ask('operator', operations.apply, {
      page: page(promise),
      systems: connected,
    })
    expect(version).toBe(2)
    await kept.work()
    const { rows } = await kept.as.owner.query<{ body: Buffer }>('select body from ledger.entries')
    const entries = rows.map(({ body }) => body.toString()).join('\n')
    expect(entries).toContain('a secret is used for the account evil')
    expect(entries).not.toContain('evil.example')
  })

  it.each([
    ['another holder of an id', (text: string) => text.replace('lead: { holder: person', 'lead: { holder: workload'), /the runner lead was a person before/],
    ['one key of two people', (text: string) => text.replace(/lead: \{ holder: person, key: \S+/, `lead: { holder: person, key: ${ctoKey.line},`), /has the key of "cto"/],
    ['a key that is none', (text: string) => text.replace(/lead: \{ holder: person, key: \S+/, 'lead: { holder: person, key: garbage,'), /the key of "lead" is none/],
    ['a key whose id is another', (text: string) => text.replace(/(lead\+)[0-9a-f]{8}/, '$100000000'), /the key of lead is none/],
  ])('or at all: %s', async (_, change, message) => {
    const asked = kept.ask('operator', operations.apply, { page: page(promise), systems: change(connected) })
    await expect(asked).rejects.toMatchObject({ code: 'not-acceptable', message: expect.stringMatching(message) as string })
  }) // prettier-ignore
})

it('holds an id to whoever first spoke by it only once the page is in force', async () => {
  const other = await testKept({ collectors: [] })
  const [cto, lead] = ['cto', 'lead'].map((id) => ({ kind: 'person', id }) as const)
  const holders = async () =>
    (await other.as.owner.query<{ runner: string }>('select runner from claims.holders')).rows
  const people = ['cto', 'lead'].map(
    (id) =>
      `  ${id}: { holder: person, key: ${makeKey(id).line}, kinds: ['*'], subjects: ['*'] }\n`,
  )
  const now = systems.replace(/ {2}cto: .*\n/, people.join(''))
  const more = `${now}  next: { holder: workload, kinds: [endpoint.tls], subjects: [website] }\n`
  try {
    await other.ask('operator', operations.apply, { page: page(promise), systems: now })
    const known = (await holders()).length
    const asked = { page: page(promise), systems: more }
    const { proposal } = await other.ask(cto!, operations.apply, asked)
    expect(await holders()).toHaveLength(known)
    await other.ask(lead!, operations.approve, { proposal: proposal! })
    expect(await holders()).toHaveLength(known + 1)
  } finally {
    await other.stop()
  }
})

it('lets the first person write between the claims, while there is no second', async () => {
  const alone = await testKept({ collectors: [] })
  const cto = { kind: 'person', id: 'cto' } as const
  try {
    await alone.ask('operator', operations.apply, { page: page(promise), systems })
    const more = page(promise).replace('## Encryption', '## Encryption\n\nWe like it.')
    const applied = await alone.ask(cto, operations.apply, { page: more, systems })
    expect(applied).toMatchObject({ version: 2, proposal: null })
    expect(applied.changes.map(({ kind }) => kind)).toEqual(['prose-changed'])
  } finally {
    await alone.stop()
  }
})
