import { afterAll, beforeAll, expect, it } from 'vitest'
import { noon, testKept, type TestKept } from '../../../test/kept.ts'
import { soundTls } from '../../../test/one-promise.ts'
import { claimsOperations } from './operations.ts'

const claims = Array.from(
  { length: 10 },
  (_, i) => `[Connections of kind ${i} use TLS](kept:encryption.in-transit?min=1.2#tls-${i}).`,
)
const page = `---
company: Example Inc
contact: security@example.com
---
# Security

${claims.join('\n\n')}
`
const systems = `endpoints:
  website: { address: example.test }
runners:
  ci: { holder: workload, kinds: [endpoint.tls], subjects: [website] }
`

let kept: TestKept
const operations = claimsOperations(() => [])
const ci = { kind: 'runner', id: 'ci' } as const

beforeAll(async () => {
  kept = await testKept({ collectors: [] })
  await kept.ask('operator', operations.apply, { page, systems })
})
afterAll(() => kept.stop())

const see = (id: string, lowestAccepted: number) =>
  kept.ask(ci, operations.receive, {
    evidence: [
      {
        id,
        kind: 'endpoint.tls',
        subject: 'website',
        outcome: 'pass' as const,
        observedAt: new Date(kept.time.now()).toISOString(),
        measured: { ...soundTls, lowestAccepted },
      },
    ],
  })
const changes = async () => {
  const { rows } = await kept.as.owner.query<{ claim: string; verdict: string }>(
    'select claim, verdict from claims.changes order by seq',
  )
  return rows
}

it('of several judges at once notes each change of a verdict once', async () => {
  const judges = () =>
    Promise.all(Array.from({ length: 4 }, () => kept.ask('worker', operations.judge, {})))
  const counts = async () =>
    (await judges()).map(({ changed }) => changed).toSorted((a, b) => a - b)
  expect(await counts()).toEqual([0, 0, 0, 10])
  await see('a', 1.2)
  expect(await counts()).toEqual([0, 0, 0, 10])
  kept.time.advance(1000)
  await see('b', 1)
  expect(await counts()).toEqual([0, 0, 0, 10])
  const own = (await changes()).filter(({ claim }) => claim === 'tls-3')
  expect(own.map(({ verdict }) => verdict)).toEqual(['unproven', 'kept', 'broken'])
})

it('keeps the turn of who applies a page and who judges it', async () => {
  const stronger = page.replaceAll('min=1.2', 'min=1.3')
  await Promise.all([
    kept.ask('operator', operations.apply, { page: stronger, systems }),
    kept.ask('worker', operations.judge, {}),
    see('c', 1.2),
    kept.ask('worker', operations.judge, {}),
  ])
  await kept.ask('worker', operations.judge, {})
  const { rows } = await kept.as.owner.query<{ version: number }>(
    'select distinct version from claims.verdicts',
  )
  expect(rows).toEqual([{ version: 2 }])
})

it('shows what time alone has changed, with the worker dead, and writes nothing by it', async () => {
  kept.time.advance(1000)
  await see('d', 1.3)
  await kept.ask('worker', operations.judge, {})
  const address = await kept.serve()
  const shown = async () => {
    const { claims } = await kept.ask('public', operations.list, {})
    const one = await kept.ask('public', operations.show, { id: 'tls-3' })
    // Another place of the cache each time.
    const page = await (await fetch(`${address}/claims/${one.id.replace('t', '%74')}`)).text()
    const feed = (await (await fetch(`${address}/feed.json`)).json()) as {
      claims: { id: string; verdict: string }[]
    }
    return [
      claims.find(({ id }) => id === 'tls-3')!.verdict,
      one.verdict,
      /data-verdict="(\w+)"|\b(Kept|Stale)\b/i.exec(page)![0].toLowerCase(),
      feed.claims.find(({ id }) => id === 'tls-3')!.verdict,
    ]
  }
  expect(await shown()).toEqual(['kept', 'kept', expect.stringContaining('kept'), 'kept'])
  const before = await changes()
  kept.time.advance(60 * 86_400_000)
  expect(await shown()).toEqual(['stale', 'stale', expect.stringContaining('stale'), 'stale'])
  expect(await changes()).toEqual(before)
  await kept.ask('worker', operations.judgeWhenDue, {})
  // Each was due before it was stale.
  const noted = (await changes()).slice(before.length).map(({ verdict }) => verdict)
  expect(noted.toSorted()).toEqual([
    ...Array<string>(10).fill('due'),
    ...Array<string>(10).fill('stale'),
  ])
})

const day = 86_400_000
const historyOf = async (id: string) => {
  const { rows } = await kept.as.owner.query<{ verdict: string; at: Date }>(
    'select verdict, at from claims.changes where claim = $1 order by seq',
    [id],
  )
  return rows.map(({ verdict, at }) => ({ verdict, at: at.getTime() }))
}

it('notes what time alone changed while nobody judged, at its own instant', async () => {
  await see('e', 1.3)
  await kept.ask('worker', operations.judge, {})
  const seen = kept.time.now()
  const { changes: lapse } = await kept.ask('public', operations.show, { id: 'tls-4' })
  const before = await historyOf('tls-4')
  expect(before.at(-1)).toEqual({ verdict: 'kept', at: seen })
  kept.time.advance(30 * day)
  await see('f', 1.3)
  await kept.ask('worker', operations.judge, {})
  const [...turns] = (await historyOf('tls-4')).slice(before.length)
  expect(turns.at(-1)).toEqual({ verdict: 'kept', at: kept.time.now() })
  const stale = turns.find(({ verdict }) => verdict === 'stale')!
  expect(stale.at).toBeGreaterThanOrEqual(Date.parse(lapse!))
  expect(stale.at).toBeLessThan(seen + 2 * day)
  expect(turns.map(({ at }) => at)).toEqual(turns.map(({ at }) => at).toSorted((a, b) => a - b))
})

/** A word about the website, seen some seconds ago. */
const word = (id: string, isSound: boolean, ago = 0) => ({
  id,
  kind: 'endpoint.tls',
  subject: 'website',
  outcome: isSound ? ('pass' as const) : ('fail' as const),
  observedAt: new Date(kept.time.now() - ago * 1000).toISOString(),
  measured: { ...soundTls, lowestAccepted: isSound ? 1.3 : 1 },
})
const push = (...evidence: ReturnType<typeof word>[]) =>
  kept.ask(ci, operations.receive, { evidence })
/** What one claim went through since the last one looked. */
async function turnsOf(id: string, work: () => Promise<unknown>) {
  const before = (await historyOf(id)).length
  await work()
  return (await historyOf(id)).slice(before)
}
const judge = () => kept.ask('worker', operations.judge, {})

it('notes a failure that was repaired before anybody judged', async () => {
  await push(word('g', true))
  await judge()
  const turns = await turnsOf('tls-6', async () => {
    kept.time.advance(60_000)
    await push(word('h', false))
    kept.time.advance(3_600_000)
    await push(word('i', true))
    kept.time.advance(3_600_000)
    await judge()
  })
  const broken = kept.time.now() - 2 * 3_600_000
  expect(turns).toEqual([
    { verdict: 'broken', at: broken },
    { verdict: 'kept', at: broken + 3_600_000 },
  ])
})

it('notes a failure that is told together with its repair, and says of neither twice', async () => {
  const turns = await turnsOf('tls-6', async () => {
    kept.time.advance(60_000)
    await push(word('j', false, 20), word('k', true, 10))
    await judge()
    await judge()
  })
  const now = kept.time.now()
  expect(turns).toEqual([
    { verdict: 'broken', at: now },
    { verdict: 'kept', at: now },
  ])
})

it('takes nothing back for a word that was received before the last judgement and written after it', async () => {
  const turns = await turnsOf('tls-6', async () => {
    kept.time.advance(60_000)
    const late = kept.time.now()
    kept.time.advance(60_000)
    await push(word('q', false, 10), word('r', true))
    await judge()
    // As of a process that was slower to write it.
    await kept.as.superuser.query(
      `insert into claims.evidence (id, kind, subject, outcome, observed_at, received_at, runner, measured, ticket)
       select 's', kind, subject, outcome, $1, $1, runner, measured, ticket from claims.evidence where id = 'q'`,
      [new Date(late)],
    )
    await kept.as.superuser.query(
      `insert into claims.unjudged (received_at, observed_at) values ($1, 'infinity')`,
      [new Date(late)],
    )
    await judge()
  })
  expect(turns.map(({ verdict }) => verdict)).toEqual(['broken', 'kept'])
})

it('does not let what is received after its own instant hide what was there before', async () => {
  const turns = await turnsOf('tls-6', async () => {
    kept.time.advance(60_000)
    await push(word('t', true))
    // As of a process that wrote it while this one judged, its clock further ahead than any may be.
    await kept.as.superuser.query(
      `insert into claims.evidence (id, kind, subject, outcome, observed_at, received_at, runner, measured, ticket)
       select 'u', kind, subject, outcome, $1, $1, runner, measured, ticket from claims.evidence where id = 't'`,
      [new Date(kept.time.now() + 3_600_000)],
    )
    await judge()
    expect((await kept.ask('public', operations.show, { id: 'tls-6' })).verdict).toBe('kept')
    await kept.as.superuser.query(`update claims.next_judgement set at = '-infinity'`)
    expect((await kept.ask('public', operations.show, { id: 'tls-6' })).verdict).toBe('kept')
    await kept.as.superuser.query(`delete from claims.evidence where id = 'u'`)
    await judge()
  })
  expect(turns).toEqual([])
})

it('notes nothing where several words agree', async () => {
  const turns = await turnsOf('tls-6', async () => {
    kept.time.advance(60_000)
    await push(word('l', true, 20), word('m', true, 10))
    await judge()
  })
  expect(turns).toEqual([])
})

it('goes through whatever waited, some at a time, and hides no failure behind many words', async () => {
  const turns = await turnsOf('tls-6', async () => {
    kept.time.advance(3_600_000)
    const words = Array.from({ length: 450 }, (_, i) => word(`n${i}`, i !== 320, 500 - i))
    for (let i = 0; i < words.length; i += 150) await push(...words.slice(i, i + 150))
    const rounds: boolean[] = []
    for (let isMore = true; isMore; rounds.push(isMore)) isMore = (await judge()).more
    expect(rounds).toEqual([true, true, false])
  })
  expect(turns.map(({ verdict }) => verdict)).toEqual(['broken', 'kept'])
  expect((await kept.ask('public', operations.show, { id: 'tls-6' })).verdict).toBe('kept')
})

it('follows a clock that is a little ahead, and not one that was far ahead for a moment', async () => {
  let now = noon
  const time = { now: () => now, ahead: 0, advance: () => {} }
  const other = await testKept({ collectors: [], time })
  try {
    const pass = (id: string) =>
      other.ask(ci, operations.receive, {
        evidence: [
          {
            id,
            kind: 'endpoint.tls',
            subject: 'website',
            outcome: 'pass',
            observedAt: new Date(now).toISOString(),
            measured: soundTls,
          },
        ],
      })
    const judge = async () => (await other.ask('worker', operations.judge, {})).troubles
    const verdict = async () =>
      (await other.ask('public', operations.show, { id: 'tls-5' })).verdict
    await other.ask('operator', operations.apply, { page, systems })
    now += 60_000
    await pass('a')
    now -= 60_000
    expect(await judge()).toEqual([])
    expect(await verdict()).toBe('kept')
    now += 400 * day
    await judge()
    expect(await verdict()).not.toBe('kept')
    now -= 400 * day - 120_000
    await pass('b')
    expect(await judge()).toEqual([expect.stringMatching(/by a clock 399 d.* ahead of this one$/)])
    expect(await verdict()).toBe('kept')
    expect(await judge()).toEqual([])
  } finally {
    await other.stop()
  }
})
