import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeAt, exampleParams, exampleWorld, keeping, paramText } from '../judge/world.ts'
import { decodePromised, examine } from '../judge/admit.ts'
import { durationLength } from '../duration.ts'
import { formatValue, readValue, type Value } from '../params.ts'
import { commonParams, type Need } from '../proof.ts'
import type { Measure } from '../evidence.ts'
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

/** Parameters that say which events start a clock: the runtime opens cases by them, nothing is measured. */
const notJudged = new Set(['incident.notice potential', 'erase after'])

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

  it('judges by every parameter that it takes', () => {
    const read = new Set<string>()
    const params = new Proxy(example, {
      get(target, name) {
        if (typeof name === 'string') read.add(name)
        return Reflect.get(target, name) as unknown
      },
    }) as never
    const [subject] = world.register.subjects
    for (const need of proof.needs) {
      const measured = { ...everyField(need), ...need.good }
      const seen = decodePromised(measured, need, params, subject!) as never
      need.types?.(params)
      need.named?.(params)
      need.about?.(params, subject!)
      need.holds(seen, params, subject!)
      if (need.form === 'repeated') [need.every, need.perYear].map((ask) => ask?.(params))
      if (need.form === 'clocked') need.within(params, {})
      if (need.form === 'observed') need.ends?.(seen, params, 'UTC')
    }
    const unread = Object.keys(proof.params).filter((name) => !read.has(name))
    expect(unread.filter((name) => !notJudged.has(`${id} ${name}`))).toEqual([])
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

/** Something in every field that a kind of evidence may have. */
function everyField(need: Need) {
  const something: Record<string, Measure> = {
    number: 1,
    count: 1,
    amount: 1,
    some: 1,
    found: ['a'],
    text: '2026-01-01',
    words: ['a'],
    yes: true,
    instant: '2100-01-01T00:00:00Z',
  }
  return Object.fromEntries(
    Object.entries(need.fields).map(([name, type]) => [name, something[type.replace('?', '')]!]),
  )
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
    const seen = decodePromised(look.measured, need, values as never, subject)
    return seen ? 'nothing was looked at' : 'not measured'
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
    ['tenancy.isolated', {}, { tables: 0, uncovered: 0 }, /no table/],
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
    ['tenancy.dedicated', {}, { dedicatedTenants: 0, misrouted: 0 }, /nothing was looked at/],
    ['tenancy.dedicated', {}, { dedicatedTenants: 0, misrouted: 1 }, /1 request/],
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
  ] as const)('%s %o of %o', (id, params, measured, objection) => {
    const said = measure(id, params, measured)
    if (objection === null) expect(said).toBeNull()
    else expect(said).toMatch(objection)
  })
})
