import { describe, expect, it } from 'vitest'
import { compile } from '../compile.ts'
import type { Evidence } from '../evidence.ts'
import type { Register } from '../register.ts'
import { readEvidence } from '../evidence.ts'
import { readSystems } from '../systems.ts'
import { judgePage } from './page.ts'

const now = Date.UTC(2026, 10, 20, 12)
const register: Register = {
  subjects: [
    { id: 'db', type: 'database', provider: null, environment: null, regions: [], tags: [] },
  ],
  runners: [{ id: 'r', holder: 'collector', name: null, kinds: ['*'], subjects: ['*'] }],
  unread: [],
}
const backup: Evidence = {
  id: 'e1', kind: 'database.backup', subject: 'db', outcome: 'pass', observedAt: now - 60_000,
  receivedAt: now - 60_000, runner: 'r', measured: { readBack: true, bytes: 1 },
} // prettier-ignore

function verdictOf(text: string): string {
  const page = compile(text, { format: 'markdown', now })
  return judgePage(page, register, [backup], now).claims[0]!.verdict.verdict
}

it.each([
  ['kept:backup?every=24h', 'kept'],
  ['kept:backup?every=24hours', 'unbacked'],
  ['kept:backup?evry=24h', 'unbacked'],
  ['kept:backup;bakcup', 'unbacked'],
  ['kept:bakcup', 'unbacked'],
])('%s is %s: an address with an error is not judged by what is left of it', (address, verdict) => {
  expect(verdictOf(`[Backed up](${address})`)).toBe(verdict)
})

it.each([
  ['wrong parameters', '[Backed up](kept:backup?every=24hours)', 'line 1: every: '],
  ['no text', '[](kept:backup)', 'line 1: this claim has no text'],
  ['blank text', '[&nbsp;\u3000](kept:backup)', 'line 1: this claim has no text'],
  ['text of zero width', '[\u200b\u2060\ufeff](kept:backup)', 'line 1: this claim has no text'],
  ['nothing but directions', '[\u202e\u2066\u2069](kept:backup)', 'line 1: this claim has no text'],
  ['nothing but fillers', '[\u3164\u2800\u00ad](kept:backup)', 'line 1: this claim has no text'],
  ['an id twice', '[a](kept:backup#a)\n\n[b](kept:backup#a)', 'line 3: the id "a" is already'],
  ['a time zone that is none', '---\ntimezone: Mars\n---\n[a](kept:backup)', 'line 2: "Mars"'],
  ['a mistyped time zone', '---\ntimezon: UTC\n---\n[a](kept:backup)', 'line 2: front matter'],
  ['front matter without end', '---\ntimezone: UTC\n[a](kept:backup)', 'line 1: front matter'],
])('a claim with %s is not kept, and says why', (_, text, fault) => {
  const page = compile(text, { format: 'markdown', now })
  const verdicts = judgePage(page, register, [backup], now).claims.map((one) => one.verdict)
  expect(verdicts.length).toBeGreaterThan(0)
  for (const { verdict, because } of verdicts) {
    expect(verdict).toBe('unbacked')
    expect(because).toContain(`it has an error, so nothing proves it: ${fault}`)
  }
})

it.each(['[\u200fa](kept:backup)', '---\ntimezone: Europe/Berlin\n---\n[a](kept:backup#a)'])(
  '%j is kept (control)',
  (text) => {
    expect(verdictOf(text)).toBe('kept')
  },
)

it('one claim of several proofs has the verdict of the worst', () => {
  expect(verdictOf('[Backed up](kept:backup?every=24h;failover)')).toBe('unproven')
})

describe('systems.yaml', () => {
  const sound = `databases:
  main: { environment: production, region: eu-west-1 }
runners:
  r: { holder: collector, kinds: [database.*, storage.*], subjects: "*" }
`
  const verdictBy = (systems: string, outcome: Evidence['outcome'] = 'pass') => {
    const { register } = readSystems(systems)
    const page = compile('[x](kept:backup?on=production)', { format: 'markdown', now })
    const evidence = register.subjects.map(({ id }) => ({
      ...backup,
      subject: id,
      outcome: id === 'main' ? outcome : ('pass' as const),
    }))
    return judgePage(page, register, evidence, now).claims[0]!.verdict
  }

  it('that was read whole may keep a promise (control of what follows)', () => {
    expect(verdictBy(sound).verdict).toBe('kept')
  })

  it.each([
    ['a second section', `${sound}databases:\n  other: { environment: production }\n`, 5],
    ['an id in two sections', `${sound}stores:\n  main: { environment: production }\n`, 6],
    ['a mistyped section', `${sound}databasess:\n  other: { environment: production }\n`, 5],
    ['a key that is no word', sound.replace('runners', '  true:\nrunners'), 3],
    ['a key that is an alias', sound.replace('runners', '  ? *x\n  : {}\nrunners'), 3],
    ['a key that is a list', sound.replace('runners', '  ? [a]\n  : {}\nrunners'), 3],
    ['a list for a map', `${sound}stores: [{ id: other }]\n`, 5],
    ['a list for a system', sound.replace('runners', '  other: [aws]\nrunners'), 3],
    [
      'a mistyped field',
      sound.replace('runners', '  other: { enviroment: production }\nrunners'),
      3,
    ],
    ['a value that is no word', sound.replace('runners', '  other: { tags: [[a]] }\nrunners'), 3],
    ['a mistyped kind', `${sound}  s: { holder: workload, kinds: databse.*, subjects: "*" }\n`, 5],
    ['a runner of no holder', `${sound}  s: { holder: robot, kinds: "*", subjects: "*" }\n`, 5],
    ['a tag', `${sound}stores: !!map\n  other: {}\n`, 6],
  ])('with %s keeps none', (_, systems, line) => {
    const said = verdictBy(systems)
    expect(said.verdict).toBe('unproven')
    expect(said.because).toContain(`systems.yaml cannot be read whole; mend line ${line}: `)
    expect(verdictBy(systems, 'fail').verdict).toBe('broken')
  })
})

describe('a line of evidence that cannot be read', () => {
  const line = ({ observedAt, receivedAt, ...rest }: Evidence, more = {}) =>
    JSON.stringify({
      ...rest,
      observedAt: new Date(observedAt).toISOString(),
      receivedAt: new Date(receivedAt).toISOString(),
      ...more,
    })
  const verdictBy = (...lines: string[]) => {
    const { evidence } = readEvidence([line(backup), ...lines].join('\n'))
    const page = compile('[x](kept:backup)', { format: 'markdown', now })
    return judgePage(page, register, evidence, now).claims[0]!.verdict
  }

  it.each([
    ['', 'kept'],
    [line(backup, { kind: 'database.switchover', more: 1 }), 'kept'],
    [line(backup, { subject: 'other', more: 1 }), 'kept'],
    [line(backup, { id: 'e2', outcome: 'fail' }), 'broken'],
  ])('leaves what it cannot concern: %s', (text, verdict) => {
    expect(verdictBy(text).verdict).toBe(verdict)
  })

  it.each([
    line(backup, { outcome: 'fail', severity: 'high' }),
    line(backup, { outcome: 'failed' }),
    line(backup, { kind: 7 }),
    line(backup, { subject: null, outcome: 'fail' }),
    line(backup).replace('"kind"', '"kind":"weather","kind"'),
    '{oops',
    'null',
  ])('keeps nothing that it may concern: %s', (text) => {
    const said = verdictBy(text)
    expect(said.verdict).toBe('unproven')
    expect(said.because).toMatch(/evidence that may speak of it cannot be read; mend line 2: /)
    expect(verdictBy(text, line(backup, { id: 'e2', outcome: 'fail' })).verdict).toBe('broken')
  })
})

describe('evidence that counts for nothing', () => {
  it.each<[Partial<Evidence>, RegExp]>([
    [{ kind: 'databse.backup' }, /no proof reads evidence of databse.backup/],
    [{ subject: 'dv' }, /no system "dv"/],
    [{ runner: 'nobody' }, /no runner "nobody"/],
    [{ runner: 'ci' }, /ci may not speak of database.backup about db/],
    [{ receivedAt: now + 1 }, /from the future/],
    [{ observedAt: now - 1 }, /contradict/],
  ])('is told: %j', (changes, because) => {
    const page = compile('[x](kept:backup)', { format: 'markdown', now })
    const ci = { ...register.runners[0]!, id: 'ci', kinds: ['endpoint.*'] }
    const runners = [...register.runners, ci]
    const { uncounted } = judgePage(
      page,
      { ...register, runners },
      [backup, { ...backup, ...changes }, { ...backup, ...changes, id: 'e2' }],
      now,
    )
    expect(uncounted).toEqual([
      { because: expect.stringMatching(because) as string, evidence: expect.anything() as unknown },
    ])
    expect(uncounted[0]!.evidence).toHaveLength(2)
  })
})
