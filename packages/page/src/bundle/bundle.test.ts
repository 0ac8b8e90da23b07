import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { judgeVersion } from '../judge/version.ts'
import { bundleFormat, readBundle, type Bundle } from './bundle.ts'
import { rejudge } from './rejudge.ts'

const measured = { lowestAccepted: 1.2, validUntil: '2027-06-01T00:00:00Z', chainTrusted: true }
const evidence = {
  id: 'scan',
  kind: 'endpoint.tls',
  subject: 'website',
  outcome: 'pass',
  observedAt: '2026-11-20T11:00:00Z',
  receivedAt: '2026-11-20T11:00:01Z',
  runner: 'ci',
  measured,
}

const bundle: Bundle = {
  format: bundleFormat,
  at: '2026-11-20T12:00:00.000Z',
  judge: judgeVersion,
  page: { version: 1, source: '[TLS 1.2](kept:encryption.in-transit?min=1.2#tls)\n' },
  register: {
    subjects: [
      {
        id: 'website',
        type: 'endpoint',
        provider: null,
        environment: null,
        regions: [],
        tags: [],
      },
    ],
    runners: [{ id: 'ci', holder: 'workload', name: null, kinds: ['endpoint.*'], subjects: ['*'] }],
    unread: [],
  },
  verdicts: [
    {
      claim: 'tls',
      verdict: 'kept',
      until: '2026-11-21T12:00:00.000Z',
      because: 'website: TLS 1.2 at least, older refused',
    },
  ],
  log: { origin: 'kept.test/ledger', key: 'k', checkpoint: 'c', earlier: [] },
  entries: [
    {
      index: 3,
      entry: {
        action: 'claims.evidence',
        actor: 'runner:ci',
        at: evidence.receivedAt,
        entry: evidence,
      },
      path: [],
    },
  ],
  signed: 's',
}

const [verdict] = bundle.verdicts
const [entry] = bundle.entries

describe('a bundle judged again', () => {
  it('differs in nothing when its verdicts are those of its evidence', () => {
    expect(rejudge(bundle)).toEqual([])
  })

  it.each<[string, Partial<Bundle>, RegExp]>([
    [
      'another verdict',
      { verdicts: [{ ...verdict!, verdict: 'broken' }] },
      /#tls: it says broken, and its evidence gives kept/,
    ],
    ['another end', { verdicts: [{ ...verdict!, until: null }] }, /#tls: it says until no end/],
    ['another reason', { verdicts: [{ ...verdict!, because: 'x' }] }, /#tls: it says "x"/],
    ['no verdict', { verdicts: [] }, /#tls: the bundle gives none/],
    [
      'a verdict of nothing',
      { verdicts: [verdict!, { ...verdict!, claim: 'x' }] },
      /#x: there is no such claim/,
    ],
    ['no evidence', { entries: [] }, /gives unproven/],
    ['a later time', { at: '2026-12-20T12:00:00Z' }, /gives stale/],
    [
      'systems that were not read whole',
      { register: { ...bundle.register, unread: ['line 3: x'] } },
      /gives unproven: .*line 3/,
    ],
    ['another runner', { register: { ...bundle.register, runners: [] } }, /gives unproven/],
    [
      'one more system',
      {
        register: {
          ...bundle.register,
          subjects: [...bundle.register.subjects, { ...bundle.register.subjects[0]!, id: 'api' }],
        },
      },
      /gives unproven/,
    ],
    [
      'evidence that is none',
      { entries: [{ ...entry!, entry: { ...entry!.entry, entry: { id: 'x' } } }] },
      /entry 3: "kind" must be/,
    ],
  ])('tells of %s', (_, change, said) => {
    const told = rejudge({ ...bundle, ...change }).map(({ at, says }) => `${at}: ${says}`)
    expect(told.join('\n')).toMatch(said)
  })
})

describe('reading a bundle', () => {
  it('takes one', () => {
    expect(readBundle(JSON.stringify(bundle))).toEqual({ bundle })
  })

  it.each([
    ['{', '$', /not JSON/],
    ['null', '$.format', /no bundle/],
    [JSON.stringify({ ...bundle, format: 'kept-bundle/1' }), '$.format', /no bundle of the format/],
    [JSON.stringify({ ...bundle, at: 'noon' }), '$.at', /a time with an offset/],
    [JSON.stringify({ ...bundle, more: 1 }), '$', /no field "more"/],
    [JSON.stringify({ ...bundle, verdicts: undefined }), '$.verdicts', /a list/],
    [
      JSON.stringify({ ...bundle, entries: [{ ...entry, index: -1 }] }),
      '$.entries[0].index',
      /a whole number/,
    ],
    [
      JSON.stringify({ ...bundle, register: { subjects: [{ id: 1 }], runners: [] } }),
      '$.register.subjects[0].id',
      /a text/,
    ],
  ])('refuses %s', (text, at, says) => {
    expect(readBundle(text)).toEqual({ at, says: expect.stringMatching(says) as string })
  })
})

it('the judges have the version of their package', () => {
  expect(judgeVersion).toBe(manifest.version)
})
