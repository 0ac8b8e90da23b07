import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestKept } from '../../server/test/kept.ts'
import { a, b, contents, isEmpty, startMoving, type Moving } from '../../server/test/moving.ts'
import { run } from '../src/run.ts'
import { openTerminal } from '../src/terminal.ts'
import { runReal } from './real-terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-tenants-'))
const key = join(folder, 'cto.pem')
let moving: Moving
let kept: TestKept
let url: string

beforeAll(async () => {
  const { out } = await runReal(['keys', 'new', key])
  moving = await startMoving()
  const runner = `  cto: { holder: person, name: the CTO, kinds: ['*'], subjects: ['*'], ${out.trim()} }\n`
  kept = await moving.beginBare(runner)
  url = await kept.serve()
}, 120_000)
afterAll(async () => {
  await kept.stop()
  await moving.stop()
  rmSync(folder, { recursive: true })
})

const asked = (...words: string[]) =>
  runReal(words, { KEPT_SERVER: url, KEPT_KEY: key, KEPT_AS: 'cto' })
const place = (region = 'us-east-1') => ['--provider', 'aws', '--region', region]

describe('kept clusters', () => {
  it('registers what was reviewed, and refuses what lies outside', async () => {
    expect(await asked('clusters', 'list')).toMatchObject({ out: 'no cluster was reviewed yet\n' })
    const early = await asked('clusters', 'register', 'shared', ...place())
    expect([early.code, early.out]).toEqual([2, ''])
    expect(early.err).toContain('fix: let a person run: kept clusters review shared --provider aws')
    for (const cluster of ['shared', 'own']) {
      expect(await asked('clusters', 'review', cluster, ...place())).toEqual({
        code: 0,
        out: `cto verified that ${cluster} is to be created at aws in us-east-1\n`,
        err: '',
      })
    }
    const outside = await asked('clusters', 'register', 'shared', ...place('eu-west-1'))
    expect(outside.code).toBe(2)
    expect(outside.err).toContain('eu-west-1 lies outside us, where the page promises that shared')
    expect((await asked('clusters', 'register', 'shared', ...place())).out).toBe(
      'shared is registered\n',
    )
    const late = ['--created', '2020-01-01T00:00:00Z']
    const own = await asked('clusters', 'register', 'own', ...place(), ...late)
    expect([own.code, own.out]).toEqual([
      1,
      'own is registered, and counts as unreviewed: it was there before its review\n',
    ])
    expect((await asked('clusters', 'list')).out).toBe(
      'own: registered, aws us-east-1, reviewed too late by cto; 0 shared, 0 dedicated\n' +
        'shared: registered, aws us-east-1, reviewed by cto; 0 shared, 0 dedicated\n',
    )
    const { out } = await asked('clusters', 'list', '--json')
    expect((JSON.parse(out) as { clusters: object[] }).clusters).toHaveLength(2)
  })

  it.each([
    [['clusters', 'lst'], 'did you mean `kept clusters list`?'],
    [['clusters', 'review'], 'CLUSTER is missing'],
    [['clusters', 'review', 'x'], 'it needs --provider'],
    [['clusters', 'register', 'x', ...place(), '--created', 'soon'], '"soon" is no time'],
  ])('says what is wrong with %j', async (words, said) => {
    const { code, out, err } = await asked(...words)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(said)
  })
})

describe('kept tenants', () => {
  it('adds tenants, one or many', async () => {
    expect((await asked('tenants', 'add', a, '--on', 'shared')).out).toBe(
      '1 tenant on shared, shared; 1 new\n',
    )
    writeFileSync(join(folder, 'ids'), `${a}\n${b}\n`)
    let out = ''
    const code = await run(['tenants', 'add', '-', '--on', 'shared'], {
      ...openTerminal(),
      env: { KEPT_SERVER: url, KEPT_KEY: key, KEPT_AS: 'cto' },
      read: () => Promise.resolve(readFileSync(join(folder, 'ids'))),
      print: async (chunks) => {
        for (const chunk of chunks) out += chunk
      },
    })
    expect([code, out]).toEqual([0, '2 tenants on shared, shared; 1 new\n'])
    const listed = await asked('tenants', 'list', '--on', 'shared')
    expect(listed.out.split('\n')).toEqual([
      `${a}: shared, shared`,
      `${b}: shared, shared`,
      expect.stringContaining(', shared, a canary'),
      expect.stringContaining(', shared, a canary'),
      '',
    ])
  })

  it('moves one and waits for it', async () => {
    const asking = asked('tenants', 'move', a, '--on', 'own', '--dedicated', '--wait')
    const working = (async () => {
      while (isEmpty(await contents(moving, 'own', a))) await kept.work()
      await kept.work()
    })()
    const { code, out, err } = await asking
    await working
    expect([code, out]).toEqual([0, expect.stringMatching(/from shared to own: done\n$/)])
    expect(err).toMatch(/^planned\n/)
    const shown = await asked('tenants', 'show', a)
    expect(shown.out).toMatch(/^aaaaaaaa.*: own, dedicated\n/)
    expect(shown.out).toContain('to now: own, dedicated, by ')
    const json = JSON.parse((await asked('tenants', 'show', a, '--json')).out) as object
    expect(json).toMatchObject({ cluster: 'own', moves: [{ state: 'done', to: 'own' }] })
  })

  it('says that a move was rolled back', async () => {
    expect((await asked('tenants', 'move', a, '--on', 'shared')).code).toBe(0)
    const { code, out } = await asked('tenants', 'cancel', a)
    expect([code, out]).toEqual([0, expect.stringContaining('from own to shared: planned\n')])
    await kept.work()
    expect((await asked('tenants', 'show', a)).out).toContain('rolled-back, it was cancelled')
    const again = await asked('tenants', 'cancel', a)
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('is not being moved')])
    await moving.postgres.sql('drop table kept.moved', 'shared')
    const asking = asked('tenants', 'move', a, '--on', 'shared', '--wait')
    const stop = new AbortController()
    const working = (async () => {
      while (!stop.signal.aborted) await kept.work()
    })()
    const refused = await asking
    stop.abort()
    await working
    expect(refused.code).toBe(1)
    expect(refused.out).toContain('rolled-back, shared has no table kept.moved')
  })

  it('forgets one', async () => {
    expect((await asked('tenants', 'remove', b)).out).toBe(`${b} is forgotten\n`)
    expect((await asked('tenants', 'show', b)).err).toContain(`there is no tenant ${b}`)
  })
})
