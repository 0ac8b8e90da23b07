import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  caseOf,
  day,
  evidenceOf,
  exampleParams,
  exampleWorld,
  hour,
  isMeasuring,
  judgeAt,
  keeping,
  paramText,
  subjectsOf,
  type World,
} from '../../test/world.ts'
import { examine, lacking } from '../judge/admit.ts'
import { durationLength, type Instant } from '../duration.ts'
import { formatValue, readValue, type Param, type Value } from '../params.ts'
import { commonParams, type Need } from '../proof.ts'
import type { Evidence, Measure } from '../evidence.ts'
import { findProof, proofs } from './index.ts'

describe('the vocabulary', () => {
  it('names each proof once', () => {
    expect(new Set(proofs.map((proof) => proof.id)).size).toBe(proofs.length)
    for (const proof of proofs) expect(findProof(proof.id)).toBe(proof)
    expect(findProof('toString')).toBeUndefined()
  })
  it('gives evidence of one kind one meaning', () => {
    const fields = new Map<string, string>()
    for (const need of proofs.flatMap((proof) => proof.needs)) {
      for (const [name, type] of Object.entries(need.fields)) {
        const key = `${need.kind} ${name}`
        expect(fields.get(key) ?? type, key).toBe(type)
        fields.set(key, type)
      }
    }
  })
})

describe('a figure', () => {
  it('of what is amiss stands beside what was looked at', () => {
    const blind = proofs
      .flatMap((proof) => proof.needs)
      .filter(({ fields, requires }) => {
        const types = Object.values(fields)
        return types.length > 0 && !requires && types.every((type) => /^(?:count|found)/.test(type))
      })
    const looked: Record<string, string> = {
      'database.placement': 'fewer than two tenants are an objection',
      'service.password-policy': 'a least length of zero is an objection',
      'desk.report-outcomes': 'the clock beside it wants practice and a living intake',
    }
    expect(new Set(blind.map(({ kind }) => kind))).toEqual(new Set(Object.keys(looked)))
  })

  it('of a length that nobody can have measured is objected to, whatever the proof', () => {
    const lengths = proofs.flatMap((proof) =>
      proof.needs.flatMap((need) =>
        Object.keys(need.fields).flatMap((name) =>
          /seconds|minutes|days/i.test(name) ? [[proof, need, name] as const] : [],
        ),
      ),
    )
    expect(lengths.length).toBeGreaterThan(15)
    for (const [proof, need, name] of lengths) {
      const { subjects } = exampleWorld(proof, 1).register
      const params = exampleParams(proof) as never
      const look = { measured: { ...need.good, [name]: 1e12 }, observedAt: 0 }
      expect(examine(look, need, params, subjects[0]!)?.objection, name).toBeTruthy()
    }
  })

  it.each([
    ['logs.kept', { retentionSeconds: 1e12 }, '1000000000000 seconds cannot be'],
    ['failover', { gapSeconds: 1e12 }, '1000000000000 seconds cannot be'],
    ['access.timeboxed', { minutesUsed: 1e9 }, '1000000000 minutes cannot be'],
  ])('of %s, %j, is no length', (id, change, says) => {
    const world = exampleWorld(findProof(id)!, 1)
    const evidence = keeping(world).map((one) => ({
      ...one,
      measured: { ...one.measured, ...change },
    }))
    expect(judgeAt(world, evidence)).toMatchObject({ verdict: 'broken' })
    expect(judgeAt(world, evidence).because).toContain(says)
  })

  it('of a period that begins after it was looked at proves nothing', () => {
    const world = exampleWorld(findProof('certificate')!, 1)
    const judgeFrom = (from: string) =>
      judgeAt(
        world,
        keeping(world).map((one) => ({ ...one, measured: { ...one.measured, from } })),
      ).verdict
    expect([judgeFrom('2026-01-01'), judgeFrom('2027-01-01')]).toEqual(['kept', 'unproven'])
  })

  it.each([
    [30, 43_200, 'kept'],
    [29, 43_200, 'unproven'],
    [30, 30, 'unproven'],
    [31, 44_640, 'kept'],
  ])('of a month is known after a month: %d days and %d probes', (days, probes, verdict) => {
    const world = exampleWorld(findProof('uptime')!)
    const evidence = keeping(world).map((one) => ({
      ...one,
      measured: { percent: 100, days, probes },
    }))
    expect(judgeAt(world, evidence).verdict).toBe(verdict)
  })
})

describe.each(proofs.map((proof) => [proof.id, proof] as const))('%s', (id, proof) => {
  const example = exampleParams(proof)
  const world = exampleWorld(proof)

  it('is written as its example writes it, with every parameter it must have', () => {
    expect(proof.example).toContain(`(kept:${id}`)
    for (const [name, param] of Object.entries(proof.params)) {
      expect(name in commonParams, `${name} is taken`).toBe(false)
      if (param.required) expect(example).toHaveProperty(name)
    }
  })

  it('shows evidence that keeps the example, and evidence that breaks it', () => {
    for (const need of proof.needs) {
      const judgeMeasured = (measured: typeof need.good) => {
        const look = { measured, observedAt: world.now }
        return examine(look, need, example as never, world.register.subjects[0]!)
      }
      expect(judgeMeasured(need.good)?.objection).toBeNull()
      if (need.bad) expect(judgeMeasured(need.bad)?.objection).toBeTruthy()
      if (!need.bad || need.form === 'clocked') continue
      const bad = keeping(world).map((one) =>
        one.kind === need.kind ? { ...one, measured: need.bad! } : one,
      )
      expect(judgeAt(world, bad).verdict).toBe('broken')
    }
  })

  it('lets an intake beat once in a day: the first and last beat of a day tell of every silence', () => {
    const intakes = proof.needs.flatMap((need) => (need.form === 'clocked' ? [need.intake] : []))
    const short = intakes.filter(({ age }) => durationLength(age) <= 86_400_000)
    expect(short).toEqual([])
  })

  it('lets a document end only where its state is looked at', () => {
    for (const need of proof.needs) {
      if (!('validUntil' in need.fields)) continue
      expect(need.form).toBe('observed')
      expect(need.fields['validUntil']).toMatch(/^instant/)
    }
  })

  it.each(Object.entries(proof.params))('judges by what the page says of %s', (name, param) => {
    const streams = streamsOf(world)
    const absent = param.required ? [] : [undefined]
    const verdicts = [example[name], ...absent, ...someValues(param)].map((value) => {
      const told = { ...world, params: { ...example, [name]: value! } }
      // In the next year as well, when a promise by the year is settled.
      return [world.now, world.now + 50 * day].map((now) =>
        streams.map((evidence) => judgeAt(told, evidence, now).verdict).join(),
      )
    })
    expect(new Set(verdicts.map(String)).size).toBeGreaterThan(1)
  })

  it('writes each parameter back as it reads it', () => {
    for (const param of Object.values(proof.params)) {
      fc.assert(
        fc.property(paramText(param), (text) => {
          const reading = readValue(param, text)
          if ('problem' in reading) throw new Error(reading.problem)
          expect(readValue(param, formatValue(reading.value))).toEqual(reading)
        }),
        { numRuns: 20 },
      )
    }
  })
})

/** Values that a page may give for a parameter, far apart. */
function someValues(param: Param): Value[] {
  const times = ['1s', '2h', '40d', '100y']
  const texts = {
    duration: () => times,
    limit: (one: Param) => [...times, ...(('words' in one && one.words) || [])],
    number: (one: Param) => ('least' in one ? [String(one.least), String(one.most)] : []),
    word: (one: Param) => ('of' in one && one.of) || ['cto', 'lower'],
    list: (one: Param) => ('of' in one && one.of) || ['cto', 'eu'],
    date: () => ['2020-01-01', '2100-01-01'],
  }[param.type](param)
  return texts.map((text) => {
    const reading = readValue(param, text)
    if ('problem' in reading) throw new Error(reading.problem)
    return reading.value
  })
}

/** Evidence that keeps the promise, and the same with something changed: one fact, one system, when it was. */
function streamsOf(world: World): Evidence[][] {
  const keep = keeping(world)
  const { now, proof } = world
  const words = Object.entries(proof.params).flatMap(([name, param]) => [
    name,
    ...(('of' in param && param.of) || []),
  ])
  const changed = world.strands.flatMap((strand) => {
    const { need, kind, role } = strand
    const about = keep.filter((one) => one.kind === kind)
    const all = (change: Partial<Evidence>) =>
      keep.map((one) => (about.includes(one) ? { ...one, ...change } : one))
    const failing = about.map((bad) =>
      keep.map((one) => (one === bad ? { ...one, outcome: 'fail' as const } : one)),
    )
    if (!isMeasuring(strand)) return failing
    const facts = factsOf(need, words)
    if (role !== 'case') {
      const yearly = [1, 2, 3].map((year) =>
        keep.map((one) => ({ ...one, ...seen(now - year * 300 * day), id: `${one.id}-${year}` })),
      )
      return [
        ...failing,
        ...facts.map((measured) => all({ measured })),
        ...[hour, 50 * day, 500 * day].map((age) => all(seen(now - age))),
        [...keep, ...yearly.flat()],
      ]
    }
    const [subject] = subjectsOf(world, need)
    return facts.flatMap((measured) =>
      [hour, 9 * day, 90 * day].map((length) => {
        const startedAt = now - length
        const times = { startedAt, doneAt: startedAt + length / 2 }
        const told = caseOf(need, 'A', times, measured)
        return [...keep, evidenceOf(world, strand, subject!.id, { ...seen(now), measured: told })]
      }),
    )
  })
  return [keep, ...changed]
}

function seen(at: Instant): Partial<Evidence> {
  return { observedAt: at, receivedAt: at }
}

/** Good facts, and such with another in one place. */
function factsOf(need: Need, words: readonly string[]): Need['good'][] {
  const others: Record<string, Measure[]> = {
    number: [0, 1, 1e6],
    text: ['2026-01-01', ...words],
    words: [[], ...words.map((word) => [word])],
    yes: [true, false],
    instant: ['2100-01-01T00:00:00Z'],
  }
  const like: Record<string, string> = {
    count: 'number',
    amount: 'number',
    some: 'number',
    found: 'words',
  }
  const changes = Object.entries(need.fields).flatMap(([name, declared]) => {
    const type = declared.replace('?', '')
    return others[like[type] ?? type]!.map((value) => ({ ...need.good, [name]: value }))
  })
  return [need.good, ...changes]
}

describe('what is measured', () => {
  const measure = (
    id: string,
    params: Record<string, string | string[]>,
    measured: Record<string, unknown>,
  ) => {
    const proof = findProof(id)!
    const values: Record<string, Value> = {}
    for (const [name, text] of Object.entries(params)) {
      const reading = readValue(proof.params[name]!, String(text))
      if ('problem' in reading) throw new Error(reading.problem)
      values[name] = reading.value
    }
    const need = proof.needs.find((one) =>
      Object.keys(measured).every((name) => name in one.fields),
    )!
    const subject = { id: 'a', regions: [], tags: [] } as never
    const look = { measured: measured as never, observedAt: Date.UTC(2026, 10, 20) }
    const examined = examine(look, need, values as never, subject)
    if (examined) return examined.objection
    const missing = lacking(look.measured, need, values as never, subject)
    return missing.length === 0 ? 'nothing was looked at' : `not measured: ${missing.join(', ')}`
  }

  it.each([
    // A certificate is judged by the days the page prints.
    [
      'certificate',
      { standard: 'iso', until: '2027-03-01' },
      { issuer: 'T', validUntil: '2027-03-01T12:00:00Z' },
      null,
    ],
    [
      'certificate',
      { standard: 'iso', until: '2027-03-01' },
      { issuer: 'T', validUntil: '2027-02-27T12:00:00Z' },
      /good until 2027-02-27/,
    ],
    [
      'certificate',
      { standard: 'soc-2', from: '2026-01-01' },
      { issuer: 'T', validUntil: '2027-02-27T12:00:00Z' },
      /not measured/,
    ],
    [
      'certificate',
      { standard: 'soc-2', from: '2026-01-01', to: '2026-12-31' },
      { issuer: 'T', validUntil: '2027-02-27T12:00:00Z', from: '2026-01-01', to: '2026-12-31' },
      null,
    ],
    [
      'certificate',
      { standard: 'soc-2', from: '2026-01-01' },
      { issuer: 'T', validUntil: '2027-02-27T12:00:00Z', from: '2026-02-01' },
      /period begins/,
    ],
    [
      'certificate',
      { standard: 'soc-2', to: '2026-12-31' },
      { issuer: 'T', validUntil: '2027-02-27T12:00:00Z', to: '2026-11-30' },
      /period ends/,
    ],
    [
      'certificate',
      { standard: 'soc-2', to: '2026-12-31' },
      { issuer: 'T', validUntil: '2027-02-27T12:00:00Z', to: 'December' },
      /period ends/,
    ],
    // A notice goes by the ways and to the circle the page names.
    ['incident.notice', { via: 'email' }, { recipients: 3, reached: 3 }, /not measured/],
    [
      'incident.notice',
      { via: 'email' },
      { recipients: 3, reached: 3, via: ['portal'] },
      /not sent by email/,
    ],
    [
      'incident.notice',
      { via: 'email' },
      { recipients: 3, reached: 3, via: ['portal', 'Email'] },
      null,
    ],
    ['incident.notice', { to: 'all' }, { recipients: 3, reached: 3, to: 'affected' }, /not every/],
    ['incident.notice', { to: 'all' }, { recipients: 3, reached: 3, to: 'all' }, null],
    ['incident.notice', { to: 'affected' }, { recipients: 3, reached: 3 }, null],
    ['incident.notice', {}, { recipients: 3, reached: 2 }, /1 customer not reached/],
    ['incident.notice', {}, { recipients: 3, reached: 4 }, /more customers/],
    [
      'disclosure.rewarded',
      { severity: 'high' },
      { reports: 1, undecided: 0, unpaid: 0 },
      /not measured/,
    ],
    [
      'disclosure.rewarded',
      { severity: 'high' },
      { reports: 1, undecided: 0, unpaid: 0, least: 'critical' },
      /only reports from critical/,
    ],
    [
      'disclosure.rewarded',
      { severity: 'high' },
      { reports: 1, undecided: 0, unpaid: 0, least: 'medium' },
      null,
    ],
    ['tenancy.segregated', { by: 'customer-id' }, { tables: 1, uncovered: 0 }, /not measured/],
    [
      'tenancy.segregated',
      { by: 'customer-id' },
      { tables: 1, uncovered: 0, keys: ['user-id'] },
      /separated by user-id/,
    ],
    // Nothing counted proves nothing of all.
    ['devices.protected', {}, { devices: 0, unprotected: 0 }, /no computer/],
    ['staff.trained', {}, { people: 0, untrained: 0 }, /nobody/],
    ['staff.screened', {}, { people: 0, unscreened: 0 }, /nobody/],
    ['staff.bound', {}, { people: 0, unsigned: 0 }, /nobody/],
    ['access.review', {}, { reviewed: 0, notRevoked: 0 }, /nothing was reviewed/],
    ['api.reviewed', {}, { routes: 0, open: 0 }, /no route/],
    ['tenancy.isolated', {}, { tables: 0, uncovered: 0, canariesTried: true }, /no table/],
    [
      'monitoring.detector',
      {},
      { detectors: [], regionsWithout: 0, sampleFindings: 1 },
      /no detector/,
    ],
    [
      'monitoring.detector',
      {},
      { detectors: ['guardduty'], regionsWithout: 0, sampleFindings: 0 },
      /nothing was looked at/,
    ],
    ['ledger.coverage', {}, { layers: [], silent: [] }, /no events/],
    ['tabletop', {}, { present: [], overdueActions: 0 }, /nobody/],
    ['contingency', {}, { targets: [], regions: [] }, /no move/],
    // What disproves it, or proves nothing of it.
    ['tenancy.shared', {}, { sharedTenants: 0, dedicatedTenants: 3 }, /nobody shares it/],
    ['tenancy.shared', {}, { sharedTenants: 1, dedicatedTenants: 0 }, /nobody shares it/],
    ['tenancy.shared', {}, { sharedTenants: 2, dedicatedTenants: 0 }, null],
    // The own database of one tenant, beside one that others share, or that nobody does.
    [
      'tenancy.shared',
      { dedicated: 'some' },
      { sharedTenants: 0, dedicatedTenants: 1, sharedElsewhere: 2 },
      null,
    ],
    [
      'tenancy.shared',
      { dedicated: 'some' },
      { sharedTenants: 0, dedicatedTenants: 1, sharedElsewhere: 1 },
      /nobody shares it/,
    ],
    [
      'tenancy.shared',
      { dedicated: 'none' },
      { sharedTenants: 0, dedicatedTenants: 1, sharedElsewhere: 2 },
      /database of their own/,
    ],
    ['tenancy.dedicated', {}, { dedicatedTenants: 0, misrouted: 0 }, /nothing was looked at/],
    ['tenancy.dedicated', {}, { dedicatedTenants: 0, misrouted: 1 }, /1 row/],
    ['subprocessors.announced', { before: '30d' }, { listed: 9, missing: 0 }, /not measured/],
    [
      'subprocessors.announced',
      { before: '30d' },
      { listed: 9, missing: 0, shortestNoticeSeconds: 3600 },
      /only 1 h before/,
    ],
    ['incident.notice', {}, { recipients: 0, reached: 0 }, /nothing was looked at/],
    [
      'access.limit',
      { to: 'devops' },
      { people: 2, groups: [], excessRefused: true },
      /nothing was looked at/,
    ],
    ['access.limit', { max: '5' }, { people: 2, groups: [], excessRefused: true }, null],
    ['access.limit', { max: '5' }, { people: 2, groups: [], excessRefused: false }, /one more/],
    [
      'access.limit',
      { to: 'devops' },
      { people: 2, groups: ['devops'], excessRefused: false },
      null,
    ],
    [
      'residency',
      { regions: 'eu' },
      { regions: ['eu-west-1'], elsewhereRefused: false },
      /elsewhere/,
    ],
    ['load.tested', { rate: '10' }, { rate: 2500, failed: 96 }, /96 % of them failed/],
    ['keys.rotated', {}, { keys: 1, left: 3 }, /3 keys left/],
    ['encryption.at-rest', { with: 'aes-256' }, { encrypted: true, cipher: 'AES256' }, null],
    [
      'encryption.at-rest',
      { with: 'aes-256' },
      { encrypted: true, cipher: 'AES128' },
      /promised aes-256/,
    ],
    ['access.limit', { max: '0' }, { people: 0, groups: [], excessRefused: true }, null],
    [
      'access.limit',
      { max: '5' },
      { people: 0, groups: [], excessRefused: true },
      /nothing was looked at/,
    ],
    ['contingency', {}, { targets: ['region'], regions: [] }, /nothing was looked at/],
    [
      'changes.reviewed',
      { risk: 'high' },
      { changes: 9, leastApprovals: 1, riskyChanges: 0, leastRiskyApprovals: 0 },
      /nothing was looked at/,
    ],
    // A certificate is of the standard it names, not of whatever begins alike.
    ...(
      [
        ['pci-dss', 'pci-dss-1', null],
        ['pci-dss', 'pci-dss-level-1', null],
        ['soc-2', 'soc-2-type-2', null],
        ['soc', 'soc-2-type-2', null],
        ['iso-27001', 'iso-27001-2022', null],
        ['pci-dss', 'pci-dss-not-compliant', /not on file/],
        ['soc-2', 'soc-2-type-2-readiness', /not on file/],
        ['soc-2', 'soc-2-readiness', /not on file/],
        ['iso-27001', 'iso-27001-expired', /not on file/],
        ['soc-2', 'soc-2-bridge-letter-2026', /not on file/],
      ] as const
    ).map(
      ([promised, held, objection]) =>
        [
          'provider.certified',
          { with: promised },
          { certificates: [held], validUntil: '2100-01-01T00:00:00Z' },
          objection,
        ] as const,
    ),
    ['encryption.at-rest', { with: 'aes-256' }, { encrypted: true, cipher: 'AES-256-GCM' }, null],
    ['encryption.at-rest', { with: 'aes' }, { encrypted: true, cipher: 'aes-256-xts' }, null],
    [
      'encryption.at-rest',
      { with: 'aes-256' },
      { encrypted: true, cipher: 'aes-256-disabled' },
      /nothing was looked at/,
    ],
    [
      'encryption.at-rest',
      { with: 'aes-25' },
      { encrypted: true, cipher: 'aes-256' },
      /encrypted with aes-256/,
    ],
    // Words differ only by their case.
    [
      'inventory',
      { absent: 'routers' },
      { resources: 1, providers: [], lookedFor: ['routers'], present: ['Routers'] },
      /found/,
    ],
    ['third-parties', { only: 'aws' }, { destinations: ['AWS'], undeclared: [] }, null],
    ['password.hashed', { with: 'bcrypt' }, { hashes: 1, weak: 0, functions: ['Bcrypt'] }, null],
    // Numbers that cannot be.
    ...[99, 1.4, 2, 1e6].map(
      (lowestAccepted) =>
        [
          'encryption.in-transit',
          {},
          { lowestAccepted, validUntil: '2100-01-01T00:00:00Z', chainTrusted: true },
          /there is no TLS/,
        ] as const,
    ),
    [
      'encryption.in-transit',
      {},
      { lowestAccepted: 0.5, validUntil: '2100-01-01T00:00:00Z', chainTrusted: true },
      /there is no TLS 0.5/,
    ],
    [
      'encryption.in-transit',
      {},
      { lowestAccepted: 0, validUntil: '2100-01-01T00:00:00Z', chainTrusted: true },
      /SSL is accepted/,
    ],
    ['tls.suites', { bits: '256' }, { ciphers: ['x'], exchanges: [], leastBits: 999 }, /cannot be/],
    ['logs.kept', { for: '1y' }, { retentionSeconds: 1e12 }, /cannot be/],
    ['load.tested', { rate: '10' }, { rate: 1e12, failed: 0 }, /cannot be/],
    ['devices.encrypted', {}, { devices: 2.5, unencrypted: 0, silent: 0 }, /not measured/],
    ['pentest.booked', { by: '2027-05-31' }, { bookedFor: '2024-05-24' }, /booked for/],
    ['uptime', { min: '99.9' }, { percent: 1000, days: 30, probes: 43_200 }, /cannot be/],
    ['encryption.at-rest', {}, { encrypted: true }, null],
    ['encryption.at-rest', {}, { encrypted: true, cipher: 'XTS-AES-256' }, null],
    ['encryption.at-rest', {}, { encrypted: true, cipher: 'AES256' }, null],
    ['encryption.at-rest', {}, { encrypted: true, cipher: 'aes-xts-plain64' }, null],
    ['encryption.at-rest', {}, { encrypted: true, cipher: 'xchacha20-poly1305' }, null],
    ...['rot13', 'des', 'rc4', 'aes-256-ecb', 'none', '3DES_EDE', 'AES 256 ECB'].map(
      (cipher) =>
        ['encryption.at-rest', {}, { encrypted: true, cipher }, /known to be sound/] as const,
    ),
    ['logs.kept', { for: '365d' }, { retentionSeconds: 364 * 86_400 }, /kept for/],
    ['logs.kept', { for: '1y' }, { retentionSeconds: 365 * 86_400 }, null],
    ['logs.kept', { for: '1mo' }, { retentionSeconds: 28 * 86_400 }, null],
    ['logs.kept', { for: '1mo' }, { retentionSeconds: 27 * 86_400 }, /kept for/],
    ['pentest.booked', { by: '2027-05-31' }, { bookedFor: '31 May' }, /booked for/],
    ['pentest.booked', { by: '2027-05-31' }, { bookedFor: '' }, /not measured/],
    // What is asked for and was not measured is not known; what is known to be amiss is, all the same.
    ...(
      [
        [
          'residency',
          { regions: 'ireland', provider: 'aws' },
          { regions: ['eu-west-1'], elsewhereRefused: true },
          { provider: 'AWS' },
        ],
        ['encryption.at-rest', { with: 'aes-256' }, { encrypted: true }, { cipher: 'AES_256_GCM' }],
        [
          'certificate',
          { standard: 'gsp', edition: '2020' },
          { issuer: 'T', validUntil: '2100-01-01T00:00:00Z' },
          { edition: 2020 },
        ],
        [
          'certificate',
          { standard: 'gsp', scope: 'privacy' },
          { issuer: 'T', validUntil: '2100-01-01T00:00:00Z' },
          { scope: ['privacy'] },
        ],
        [
          'paging',
          { from: 'guardduty' },
          { acknowledgedSeconds: 9, channels: ['phone'] },
          { source: 'guardduty' },
        ],
        [
          'changes.tested',
          { by: 'manual', risk: 'high' },
          { releases: 1, kinds: ['manual'], untested: 0 },
          { riskyKinds: ['manual'] },
        ],
        ['attested', { of: 'team', by: 'cto' }, { statement: 'So it is.' }, { by: 'CTO' }],
        [
          'pentest.scope',
          { covers: 'OWASP-Top-10' },
          { covered: ['owasp-top-10'] },
          { edition: 2025 },
        ],
        [
          'incident.notice',
          { potential: 'yes' },
          { recipients: 3, reached: 3 },
          { fromSuspicion: true },
        ],
        [
          'erase',
          { after: 'termination' },
          { tables: 1, rowsLeft: 0, backups: 1, backupsReadable: 0 },
          { startedBy: 'Termination' },
        ],
        ['retention', { min: '30d' }, { oldestSeconds: 2_592_000 }, { firstSeconds: 9e7 }],
        ['retention', { min: '30d' }, { oldestSeconds: 86_400 }, { firstSeconds: 86_400 }],
      ] as const
    ).flatMap(([id, params, lacking, more]) => [
      [id, params, lacking, /not measured/] as const,
      [id, params, { ...lacking, ...more }, null] as const,
    ]),
    ['encryption.at-rest', { with: 'aes-256' }, { encrypted: false }, /not encrypted/],
    ['incident.notice', { via: 'email' }, { recipients: 3, reached: 0 }, /3 customers not reached/],
    // The SOC 2 report beside an ISO certificate has no edition.
    [
      'certificate',
      { standard: 'iso-27001,soc-2', edition: '2022' },
      { issuer: 'T', validUntil: '2100-01-01T00:00:00Z' },
      null,
    ],
    // Of a name that nobody here knows, nobody here knows what it is.
    ...['SYMMETRIC_DEFAULT', 'aes-512', 'xaes-256', 'aes-256-disabled', 'magma'].flatMap(
      (cipher) => [
        ['encryption.at-rest', {}, { encrypted: true, cipher }, /nothing was looked at/] as const,
        [
          'encryption.at-rest',
          { with: 'aes-256' },
          { encrypted: true, cipher },
          /nothing was/,
        ] as const,
        [
          'tls.suites',
          { cipher: 'aes-256-gcm' },
          { ciphers: [cipher], exchanges: [], leastBits: 256 },
          /nothing was/,
        ] as const,
      ],
    ),
    ...['AES_256_GCM', 'AES 256', 'aes256', 'AES-XTS-512', 'xts-aes-256'].map(
      (cipher) =>
        ['encryption.at-rest', { with: 'aes-256' }, { encrypted: true, cipher }, null] as const,
    ),
    ['encryption.at-rest', {}, { encrypted: true, cipher: 'aes-cbc-essiv:sha256' }, null],
    [
      'encryption.at-rest',
      { with: 'aes-256' },
      { encrypted: true, cipher: 'aes-cbc-essiv:sha256' },
      /nothing was/,
    ],
    ...[
      'pbkdf2-sha256',
      'PBKDF2_HMAC_SHA512',
      'bcrypt-sha256',
      'Argon2id',
      'scrypt',
      'yescrypt',
    ].map(
      (name) => ['password.hashed', {}, { hashes: 1, weak: 0, functions: [name] }, null] as const,
    ),
    ...[
      'md5',
      'SHA1',
      'sha-256',
      'sha512',
      'HMAC-SHA256',
      'md5crypt',
      'NTLM',
      'descrypt',
      'plain',
    ].map(
      (name) =>
        [
          'password.hashed',
          {},
          { hashes: 1, weak: 0, functions: [name] },
          /no slow function/,
        ] as const,
    ),
    ...['sha512-crypt', 'crypt', 'our-own', 'bcrypted'].map(
      (name) =>
        ['password.hashed', {}, { hashes: 1, weak: 0, functions: [name] }, /nothing was/] as const,
    ),
    // Regions that may be one are not known to be two.
    ...(
      [
        [['ireland', 'eu-west-1'], /nothing was/],
        [['northeurope', 'eu-west-1'], /nothing was/],
        [['eu', 'eu-west-1'], /nothing was/],
        [['eu-west-1', 'eu-west-1b'], /copies in 1 region/],
        [['eu-west-1', 'eu-west-2'], null],
        [['us', 'us-east-1', 'us-west-2'], null],
        [['cellar', 'attic'], null],
      ] as const
    ).map(
      ([regions, says]) =>
        ['backup.copies', { min: '2' }, { regions, unencrypted: 0 }, says] as const,
    ),
    // A month, and no more and no less.
    ['uptime', { min: '99.9' }, { percent: 99.95, days: 3650, probes: 5_256_000 }, /nothing was/],
    ['uptime', { min: '99.9' }, { percent: 99.2, days: 1, probes: 1440 }, /nothing was/],
    ['monitoring.continuous', { gap: '15m' }, { longestGapSeconds: 61, days: 29 }, /nothing was/],
    ['monitoring.continuous', { gap: '15m' }, { longestGapSeconds: 61, days: 30 }, null],
    [
      'access.consent',
      { who: 'staff,partners' },
      { reads: 1, withoutConsent: 0, covers: ['Staff'] },
      /nothing was/,
    ],
    [
      'access.consent',
      { who: 'staff,partners' },
      { reads: 1, withoutConsent: 0, covers: ['Staff', 'Partners'] },
      null,
    ],
    [
      'access.consent',
      { who: 'partners' },
      { reads: 1, withoutConsent: 1, covers: ['staff'] },
      /1 read/,
    ],
    ['pentest', { by: 'third-party' }, { tester: 'Acme', findings: 0 }, /nothing was/],
    ['pentest', { by: 'third-party' }, { tester: 'Third_Party', findings: 0 }, null],
    ['scan', { by: 'internal' }, { tester: 'Acme', findings: 0, complete: true }, /nothing was/],
    ['scan', { by: 'internal' }, { tester: 'Internal', findings: 0, complete: true }, null],
    [
      'disclosure.rewarded',
      { severity: 'high' },
      { reports: 1, undecided: 0, unpaid: 0, least: 'P1' },
      /nothing was/,
    ],
    // Seen on 20 November 2026.
    [
      'pentest.booked',
      { by: '2027-05-31' },
      { bookedFor: '2026-11-21', tookPlace: true },
      /nothing was/,
    ],
    ['pentest.booked', { by: '2027-05-31' }, { bookedFor: '2026-11-20', tookPlace: true }, null],
    ['pentest.booked', { by: '2027-05-31' }, { bookedFor: '2026-11-21' }, null],
  ] as const)('%s %o of %o', (id, params, measured, objection) => {
    const said = measure(id, params, measured)
    if (objection === null) expect(said).toBeNull()
    else expect(said).toMatch(objection)
  })
})
