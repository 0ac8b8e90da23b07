import { describe, expect, it } from 'vitest'
import { findProof } from '../proofs/index.ts'
import type { Subject, SubjectType } from '../register.ts'
import { admit } from './admit.ts'
import { judge, bench, selectSubjects } from './judge.ts'
import { Clock } from '../../test/world-clock.ts'
import {
  caseOf,
  collector,
  evidenceOf,
  exampleWorld,
  hour,
  judgeAt,
  keeping,
  person,
} from '../../test/world.ts'

function subject(id: string, type: SubjectType, rest: Partial<Subject> = {}): Subject {
  return { id, type, provider: null, environment: null, regions: [], tags: [], ...rest }
}

/** Ids that a proof is about, and the names it misses. */
function select(id: string, params: Record<string, never>, subjects: Subject[]) {
  const [need] = findProof(id)!.needs
  const selected = selectSubjects(need!, params, { subjects, runners: [], unread: [] })
  return { ids: selected.subjects.map((one) => one.id), missing: selected.missing }
}

const productive = ['production', 'prodeu', 'productionEU', 'prod1', 'euprod', 'livebox', 'prd_us']
const unsure = ['prodeu', 'dev-portal-production', 'test-live', 'main', 'eu']

describe('the subjects of a promise', () => {
  const subjects = [
    subject('main', 'database', { environment: 'production', provider: 'aws', tags: ['EU'] }),
    subject('trial', 'database', { environment: 'staging' }),
    subject('files', 'store', { provider: 'aws' }),
  ]
  const on = (...words: string[]) => select('encryption.at-rest', { on: words as never }, subjects)

  it('are all of its types', () => {
    expect(select('encryption.at-rest', {}, subjects).ids).toEqual(['main', 'trial', 'files'])
  })
  it('are named by id, environment, provider or tag, in any case', () => {
    expect(on('TRIAL').ids).toEqual(['trial'])
    expect(on('production').ids).toEqual(['main'])
    expect(on('AWS').ids).toEqual(['main', 'files'])
    expect(on('eu', 'staging').ids).toEqual(['main', 'trial'])
  })
  it('are missing where the page names a type that the register lacks', () => {
    const of = (...types: string[]) => ({ of: types as never })
    const databases = subjects.slice(0, 2)
    expect(select('encryption.at-rest', of('database'), subjects).ids).toEqual(['main', 'trial'])
    expect(select('encryption.at-rest', of('database', 'store'), subjects).missing).toEqual([])
    expect(select('encryption.at-rest', of('database', 'store'), databases).missing).toEqual([
      'stores',
    ])
  })
  it('are missing where the page names one that the register lacks', () => {
    const lists = [subject('github', 'people'), subject('cloud', 'people', { tags: ['aws'] })]
    const named = (...words: string[]) => select('mfa.accounts', { for: words as never }, lists)
    expect(named('GitHub', 'aws')).toEqual({ ids: ['github', 'cloud'], missing: [] })
    expect(named('github', 'slack')).toEqual({ ids: ['github'], missing: ['slack'] })
  })
  it('are in an environment by its id or by its field; lower is all but production', () => {
    const environments = [
      subject('production', 'environment'),
      subject('eu-prod', 'environment', { environment: 'production' }),
      subject('prod-us', 'environment'),
      subject('live', 'environment'),
      subject('staging', 'environment', { environment: 'staging' }),
      subject('pre-prod', 'environment'),
      subject('nonprod-eu', 'environment'),
      subject('eu-1', 'environment', { environment: 'staging' }),
    ]
    const within = (word: string) => select('access.limit', { in: word as never }, environments).ids
    expect(within('production')).toEqual(['production', 'eu-prod', 'prod-us', 'live'])
    expect(within('lower')).toEqual(['staging', 'pre-prod', 'nonprod-eu', 'eu-1'])
    expect(within('demo')).toEqual([])
  })
  it.each([
    ['staging', ['staging', 'staging-eu', 'stagingEU', 'eu2-staging', 'stage-1', 'STG']],
    ['production', [...productive, 'dev-portal-production', 'test-live', 'main', 'eu']],
    ['prod', [...productive, 'dev-portal-production', 'test-live', 'main', 'eu']],
    ['main', ['main', 'main-eu']],
    ['dev', ['development', 'dev2', 'DevEU']],
    ['staging-eu', ['staging-eu', 'stagingEU']],
    ['test', ['testing', 'TestEU']],
    ['demo-2', ['demo-1', 'demo']],
  ])('are the whole family of %s, and in doubt belong to it', (word, family) => {
    const others = ['nonprodeu', 'preproduction', 'pre-live', 'not-prod', 'sandbox', 'qa-portal']
    const ids = [...family, ...others, 'staging-us', 'development-1', 'prod', 'testing', 'demo']
    const environments = [...new Set(ids)].map((id) => subject(id, 'environment'))
    const seen = select('access.limit', { in: word as never }, environments).ids
    expect(seen).toEqual(expect.arrayContaining(family))
    for (const other of others) expect(seen).not.toContain(other)
    const lower = select('access.limit', { in: 'lower' as never }, environments).ids
    expect(lower).toEqual(expect.arrayContaining(others))
    // A name that only may say production is judged by either promise.
    if (family.includes('prodeu')) expect(lower).toEqual(expect.arrayContaining(unsure))
    expect(lower).not.toContain('prod')
  })
})

describe('what the reason says', () => {
  const world = exampleWorld(findProof('policy')!, 1)
  const [strand] = world.strands

  it('stays on one line, whatever the evidence says', () => {
    const measured = { owner: 'a\nb\u001b[31m\u202ec\u2066', version: '1\u0007' }
    const { because } = judgeAt(world, [evidenceOf(world, strand!, 'document-1', { measured })])
    expect(because).toBe('document-1: version 1 , owned by a b [31m c ')
  })
  it('tells of a check that could not run, and of one that did not measure', () => {
    const evidence = keeping(world)
    const later = { observedAt: world.now }
    const silent = evidenceOf(world, strand!, 'document-1', { ...later, outcome: 'inconclusive' })
    const lacking = evidenceOf(world, strand!, 'document-1', { ...later, measured: {} })
    expect(judgeAt(world, [...evidence, silent]).because).toContain('could not run')
    expect(judgeAt(world, [...evidence, lacking]).because).toContain('did not measure')
    expect(judgeAt(world, [lacking]).because).toContain('did not measure')
  })
})

describe('a document with an end of its own', () => {
  const world = exampleWorld(findProof('provider.certified')!, 1)
  const [strand] = world.strands
  const seen = (hoursAgo: number, endsInHours: number, runner = collector.id) =>
    evidenceOf(world, strand!, 'provider-1', {
      observedAt: world.now - hoursAgo * hour,
      runner,
      measured: {
        certificates: ['iso-27001'],
        validUntil: new Date(world.now + endsInHours * hour).toISOString(),
      },
    })

  it('is broken, not stale, from its end on', () => {
    expect(judgeAt(world, [seen(9, 1)], world.now + hour - 1).verdict).toBe('due')
    expect(judgeAt(world, [seen(9, 1)], world.now + hour).verdict).toBe('broken')
    expect(judgeAt(world, [seen(9, -9)]).verdict).toBe('broken')
    expect(judgeAt(world, [seen(9, -99)]).verdict).toBe('broken')
  })
  it('is broken where of two papers seen at one instant either is over, whatever their ids', () => {
    for (const [good, over] of ['ab', 'ba']) {
      const papers = [
        { ...seen(9, 999), id: good! },
        { ...seen(9, -1), id: over! },
      ]
      expect(judgeAt(world, papers).verdict).toBe('broken')
    }
  })
  it('is attested by a newer paper that a person files, not by an older one', () => {
    expect(judgeAt(world, [seen(9, -1), seen(5, 999, person.id)]).verdict).toBe('attested')
    expect(judgeAt(world, [seen(9, -1), seen(10, 999, person.id)]).verdict).toBe('broken')
    expect(judgeAt(world, [seen(9, 999), seen(5, -1, person.id)]).verdict).toBe('broken')
  })
})

describe('a day that the page or the evidence names', () => {
  const judgeOf = (
    id: string,
    params: Record<string, string | string[]>,
    measured: object,
    now: string,
  ) => {
    const world = { ...exampleWorld(findProof(id)!, 1), now: Date.parse(now) }
    const [strand] = world.strands
    const [subject] = world.register.subjects
    const evidence = evidenceOf(world, strand!, subject!.id, {
      observedAt: world.now - hour,
      measured: measured as never,
    })
    return judgeAt({ ...world, params: { ...world.params, ...params } }, [evidence])
  }

  it.each([
    ['2026-12-31T12:00:00Z', 'kept'],
    ['2026-12-31T23:59:59Z', 'due'],
    ['2027-01-01T00:00:00Z', 'broken'],
  ])('ends a certificate that is good until then: at %s it is %s', (now, verdict) => {
    const measured = { edition: 2022, issuer: 'T', validUntil: '2028-01-01T00:00:00Z' }
    expect(judgeOf('certificate', { until: '2026-12-31' }, measured, now).verdict).toBe(verdict)
    expect(judgeOf('certificate', {}, measured, now).verdict).toBe('kept')
  })

  it.each([
    [{ bookedFor: '2026-12-01' }, '2026-11-20T12:00:00Z', 'kept'],
    [{ bookedFor: '2026-12-01' }, '2026-12-01T23:59:59Z', 'due'],
    [{ bookedFor: '2026-12-01' }, '2026-12-02T00:00:00Z', 'broken'],
    [{ bookedFor: '2026-12-01', tookPlace: false }, '2026-12-02T00:00:00Z', 'broken'],
    [{ bookedFor: '2026-12-01', tookPlace: true }, '2027-12-02T00:00:00Z', 'kept'],
    [{ bookedFor: '1999-12-01' }, '2026-11-20T12:00:00Z', 'broken'],
  ])('ends a booking without a test: %j at %s is %s', (measured, now, verdict) => {
    expect(judgeOf('pentest.booked', { by: '2027-05-31' }, measured, now).verdict).toBe(verdict)
  })
})

describe('one id', () => {
  it('of a check that could not run and of a pass is not a pass', () => {
    const world = exampleWorld(findProof('backup')!, 1)
    const passes = keeping(world)
    const silent = passes.map((one) => ({ ...one, outcome: 'inconclusive' as const }))
    expect(judgeAt(world, passes).verdict).toBe('kept')
    expect(judgeAt(world, [...passes, ...silent]).verdict).toBe('unproven')
    expect(judgeAt(world, [...silent, ...passes]).verdict).toBe('unproven')
  })
  it('of a backup that was read back and of one that was not is no backup, and says so', () => {
    const world = exampleWorld(findProof('backup')!, 1)
    const [one] = keeping(world)
    const told = (hoursAgo: number, readBack: boolean) => {
      const observedAt = world.now - hoursAgo * hour
      const measured = { ...one!.measured, readBack }
      return { ...one!, observedAt, receivedAt: observedAt, measured }
    }
    for (const evidence of [
      [told(10, true), told(4, false)],
      [told(10, false), told(4, true)],
    ]) {
      const said = judgeAt(world, evidence)
      expect(said.verdict).toBe(evidence[1]!.measured.readBack ? 'unproven' : 'broken')
      const doubt = said.parts.find((part) => part.verdict === 'unproven')
      expect(doubt!.because).toContain('of collector: it stands for different words')
      const { uncounted } = admit(evidence, world.register, world.now)
      expect(uncounted).toEqual([
        { because: expect.stringContaining('under one id') as string, evidence },
      ])
    }
    expect(admit([one!, structuredClone(one!)], world.register, world.now).uncounted).toEqual([])
  })
  it('of two incidents loses neither', () => {
    const clock = new Clock(exampleWorld(findProof('incident.notice')!, 1))
    const { now } = clock.world
    const named = (name: string, startedAt: number, doneAt?: number) =>
      clock.open(doneAt ?? startedAt, {
        id: 'same',
        measured: caseOf(clock.need, name, { startedAt, ...(doneAt && { doneAt }) }),
      })
    const overdue = named('A', now - 10 * 24 * hour)
    expect(clock.verdict([overdue, named('B', now - 2 * hour, now - hour)], now)).toBe('broken')
  })
  it('speaks for each runner and each subject by itself', () => {
    const world = exampleWorld(findProof('backup')!, 2)
    const evidence = keeping(world).map((one) => ({ ...one, id: 'same' }))
    expect(judgeAt(world, evidence).verdict).toBe('kept')
  })
})

describe('where systems.yaml says a system lies', () => {
  it.each([
    [[], 'kept'],
    [['eu-west-1'], 'kept'],
    [['eu-west-1', 'us-east-1'], 'broken'],
  ])('%j is judged as what is seen: %s', (regions, verdict) => {
    const world = exampleWorld(findProof('residency')!, 1)
    const subjects = world.register.subjects.map((one) => ({ ...one, regions }))
    const told = { ...world, register: { ...world.register, subjects } }
    expect(judgeAt(told, keeping(told)).verdict).toBe(verdict)
  })
})

describe('an environment', () => {
  it('is apart from nothing where it is the only one', () => {
    const world = exampleWorld(findProof('environments')!, 2)
    const [only, second] = world.register.subjects
    const judgeOf = (subjects: Subject[], params: typeof world.params) => {
      const told = { ...world, params, register: { ...world.register, subjects } }
      return judgeAt(told, keeping(told))
    }
    expect(judgeOf([only!, second!], {}).verdict).toBe('kept')
    expect(judgeOf([only!, second!], { names: [only!.id] }).verdict).toBe('kept')
    expect(judgeOf([only!], {}).verdict).toBe('unproven')
    expect(judgeOf([only!], { names: [only!.id] }).verdict).toBe('unproven')
    expect(judgeOf([only!], {}).because).toContain('"another environment" is not in systems.yaml')
  })
})

describe('a certificate', () => {
  it.each([
    [null, 'kept'],
    ['aws', 'unproven'],
  ])('in a document of %s as provider: %s', (provider, verdict) => {
    const world = exampleWorld(findProof('certificate')!, 1)
    const subjects = world.register.subjects.map((one) => ({ ...one, provider }))
    const told = { ...world, register: { ...world.register, subjects } }
    expect(judgeAt(told, keeping(world)).verdict).toBe(verdict)
  })
})

describe('a move to another region', () => {
  it.each([
    [['eu-west-1'], ['us-west-2'], 'kept'],
    [['us-west-2'], ['us-west-2'], 'broken'],
    [['us-west-2'], ['US-WEST-2b'], 'broken'],
    [['us-west-2'], ['us-west-2', 'us-east-1'], 'kept'],
    // It may be the same.
    [['oregon'], ['us-west-2'], 'unproven'],
    [['us'], ['us-west-2'], 'unproven'],
    [[], ['us-west-2'], 'kept'],
  ])('from %j, rehearsed in %j: %s', (regions, rehearsed, verdict) => {
    const world = exampleWorld(findProof('contingency')!, 1)
    const subjects = world.register.subjects.map((one) => ({ ...one, regions }))
    const told = { ...world, register: { ...world.register, subjects } }
    const evidence = keeping(told).map((one) => ({
      ...one,
      measured: { targets: ['region'], regions: rehearsed },
    }))
    expect(judgeAt(told, evidence).verdict).toBe(verdict)
  })
})

describe('a bench', () => {
  it('serves many claims and knows UTC by itself', () => {
    const world = exampleWorld(findProof('backup')!, 1)
    const evidence = keeping(world)
    const at = bench(world.register, evidence, world.now)
    expect(judge(world.proof, world.params, at)).toEqual(judgeAt(world, evidence))
    expect(judge(findProof('failover')!, {}, at).verdict).toBe('unproven')
  })
})
