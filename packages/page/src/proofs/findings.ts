import { earliestStart, dayEnd, durationLength, isDate } from '../duration.ts'
import { type Limit } from '../params.ts'
import { proof } from '../proof.ts'
import { all, beyond, count, day, fold, isOne, month, quarter, year } from './terms.ts'

const severities = ['critical', 'high', 'medium', 'low'] as const
type Severity = (typeof severities)[number]

const severityParam = (severity: Severity) =>
  ({
    type: 'limit',
    words: ['next-test'],
    says: `time to fix a ${severity} weakness; a range is target..promise; next-test at most two years off`,
  }) as const

const outsiders = ['vendor', 'outside-team']

const testers = ['internal', 'third-party', 'cert-in', 'customers'] as const

export const findingsProofs = [
  proof({
    id: 'findings.fixed',
    means:
      'Every weakness found is fixed, shown by a new look at the place, within the time promised for its severity.',
    params: {
      critical: severityParam('critical'),
      high: severityParam('high'),
      medium: severityParam('medium'),
      low: severityParam('low'),
      within: {
        type: 'limit',
        words: ['next-test'],
        says: 'time to fix any weakness without a time of its own',
      },
    },
    oneOf: ['critical', 'high', 'medium', 'low', 'within'],
    connect: 'the scanners and test reports that find weaknesses',
    example: '[Critical weaknesses are fixed within 4 hours](kept:findings.fixed?critical=2h..4h)',
    needs: (need) => [
      need.clocked({
        kind: 'service.finding',
        of: ['service'],
        fields: { severity: 'text' },
        within: (params, known) => {
          const own = severities.find((severity) => severity === fold(known.severity ?? ''))
          // A weakness of no severity the page knows gets the shortest time on the page: it may be the worst.
          const limit = own ? (params[own] ?? params.within) : shortest(params)
          return limit === 'next-test' ? 'given' : (limit ?? null)
        },
        intake: { kind: 'service.finding-intake', age: day },
        rehearsal: { kind: 'service.finding-rehearsal', age: quarter },
        holds: () => [],
        figure: (seen) => `${seen.severity} weakness fixed`,
        good: { severity: 'critical' },
        bad: null,
      }),
    ],
  }),
  proof({
    id: 'findings.retested',
    means:
      'Every fix was tested again, within the promised time, by somebody outside the team that made it.',
    params: {
      within: { type: 'limit', says: 'from the report to the retest; 90d when absent' },
      by: {
        type: 'word',
        of: ['vendor', 'outside-team'],
        says: 'who retests; outside-team when absent',
      },
    },
    connect: 'the test reports and retest reports',
    example:
      '[Fixes are retested by the vendor within 30 days](kept:findings.retested?within=30d&by=vendor)',
    needs: (need) => [
      need.clocked({
        kind: 'service.retest',
        of: ['service'],
        fields: { retestedBy: 'text?', report: 'text?' },
        within: (params) => params.within ?? { target: quarter, promise: quarter },
        intake: { kind: 'service.finding-intake', age: day },
        rehearsal: { kind: 'service.retest-rehearsal', age: quarter },
        holds: (seen, params) => [
          !isOne(seen.retestedBy ?? '', params.by === 'vendor' ? ['vendor'] : outsiders) &&
            `not retested by ${params.by === 'vendor' ? 'the vendor' : 'somebody outside the team'}`,
          !seen.report && 'no retest report on file',
        ],
        figure: () => 'retested',
        good: { retestedBy: 'vendor', report: 'retest-7.pdf' },
        bad: { retestedBy: 'author' },
      }),
    ],
  }),
  proof({
    id: 'pentest',
    means: 'A penetration test by the promised kind of tester took place within the promised time.',
    params: {
      every: { type: 'duration', says: 'how often; a year when absent' },
      'per-year': {
        type: 'number',
        least: 1,
        most: 366,
        says: 'at least so many in each calendar year',
      },
      by: { type: 'word', of: testers, says: 'who tests' },
    },
    connect: 'the test engagements: vendor, dates and report',
    example: '[An outside firm tests us every year](kept:pentest?every=1y&by=third-party)',
    needs: (need) => [
      need.repeated({
        kind: 'service.pentest',
        of: ['service'],
        every: (params) => params.every ?? year,
        perYear: (params) => params['per-year'],
        fields: { tester: 'text', findings: 'count', report: 'text?' },
        event: (seen) => seen.report,
        suffices: (seen, { by }) => by === undefined || isTester(seen.tester, by) !== undefined,
        holds: (seen, params) => [
          params.by !== undefined &&
            isTester(seen.tester, params.by) === false &&
            `tested by ${seen.tester} only`,
        ],
        figure: (seen) => `${seen.tester} test, ${count(seen.findings, 'finding')}`,
        good: { tester: 'third-party', findings: 4 },
        bad: { tester: 'internal', findings: 4 },
      }),
    ],
  }),
  proof({
    id: 'pentest.scope',
    means:
      'The last penetration test covered each of the named areas, by its report’s own checklist.',
    params: {
      covers: {
        type: 'list',
        required: true,
        says: 'the areas: session, authorization, injection, configuration, owasp-top-10 ...',
      },
      edition: { type: 'number', least: 2003, most: 2100, says: 'edition of the OWASP Top 10' },
    },
    connect: 'the test report and its checklist',
    example: '[Our tests cover the OWASP Top 10](kept:pentest.scope?covers=owasp-top-10)',
    needs: (need) => [
      need.observed({
        kind: 'service.pentest-scope',
        of: ['service'],
        age: year,
        fields: { covered: 'words', edition: 'count?' },
        requires: (params) =>
          params.edition !== undefined || isOne('owasp-top-10', params.covers) ? ['edition'] : [],
        holds: (seen, params) => [
          all(params.covers, seen.covered, (missing) => `not covered: ${missing}`),
          params.edition !== undefined &&
            seen.edition !== undefined &&
            seen.edition < params.edition &&
            `tested against the ${seen.edition} edition`,
          seen.edition !== undefined &&
            seen.edition < 2003 &&
            `there is no ${seen.edition} edition`,
          beyond(seen.edition ?? 0, 2100, 'as an edition'),
        ],
        figure: (seen) =>
          `covered: ${seen.covered.join(', ')}${seen.edition ? ` (${seen.edition})` : ''}`,
        good: { covered: ['owasp-top-10', 'session'], edition: 2025 },
        bad: { covered: ['session'], edition: 2025 },
      }),
    ],
  }),
  proof({
    id: 'pentest.booked',
    means: 'The next penetration test took place, or is booked, by the promised day.',
    params: { by: { type: 'date', required: true, says: 'the day by which it is done' } },
    connect: 'the test engagements: vendor, dates and report',
    example: '[The next test ends by 31 May 2027](kept:pentest.booked?by=2027-05-31)',
    needs: (need) => [
      need.observed({
        kind: 'service.pentest-booking',
        of: ['service'],
        age: month,
        fields: { bookedFor: 'text', tookPlace: 'yes?', validUntil: 'instant?' },
        // What took place was not seen before its day.
        suffices: (seen, _, __, at) => !seen.tookPlace || earliestStart(seen.bookedFor) <= at,
        // A booking whose day is over without a test is no booking.
        ends: (seen, _, timeZone) => (seen.tookPlace ? null : dayEnd(seen.bookedFor, timeZone)),
        holds: (seen, params) => [
          (!isDate(seen.bookedFor) || seen.bookedFor > params.by) &&
            `booked for ${seen.bookedFor}, promised by ${params.by}`,
          seen.bookedFor < yearBefore(params.by) &&
            `booked for ${seen.bookedFor}, a test before the one promised by ${params.by}`,
        ],
        figure: (seen) => `${seen.tookPlace ? 'took place on' : 'booked for'} ${seen.bookedFor}`,
        good: { bookedFor: '2026-06-24', tookPlace: true },
        bad: { bookedFor: '2027-07-01' },
      }),
    ],
  }),
  proof({
    id: 'pentest.report',
    means: 'A penetration test report younger than promised is on file.',
    params: { age: { type: 'duration', says: 'greatest age of the report; a year when absent' } },
    connect: 'the test reports on file',
    example: '[We have up-to-date penetration test reports](kept:pentest.report?age=1y)',
    needs: (need) => [
      need.repeated({
        kind: 'service.pentest-report',
        of: ['service'],
        every: (params) => params.age ?? year,
        fields: { title: 'text?', dated: 'text' },
        day: (seen) => seen.dated,
        holds: (seen) => [!isDate(seen.dated) && `its date "${seen.dated}" is no day`],
        figure: (seen) => `${seen.title ?? 'report'} of ${seen.dated} on file`,
        good: { title: 'Report', dated: '2026-11-02' },
        bad: { title: 'Report', dated: 'November' },
      }),
    ],
  }),
  proof({
    id: 'pentest.on-request',
    means: 'A customer who asks to test us gets an answer, and the test, within the promised time.',
    params: { within: { type: 'limit', says: 'from the request to its outcome; 30d when absent' } },
    connect: 'the desk where customers ask for tests',
    example: '[Customers may test us on request](kept:pentest.on-request)',
    needs: (need) => [
      need.clocked({
        kind: 'desk.pentest-request',
        of: ['desk'],
        fields: {},
        within: (params) => params.within ?? { target: month, promise: month },
        intake: { kind: 'desk.answer', age: day },
        rehearsal: { kind: 'desk.pentest-rehearsal', age: year },
        holds: () => [],
        figure: () => 'answered',
        good: {},
        bad: null,
      }),
    ],
  }),
  proof({
    id: 'scan',
    means:
      'A complete vulnerability scan by the promised kind of scanner ran within the promised time.',
    params: {
      every: { type: 'duration', says: 'how often; a month when absent' },
      by: { type: 'word', of: testers, says: 'whose scanner' },
    },
    connect: 'the scanners’ reports (SARIF, ZAP, Nuclei ...)',
    example: '[A third party scans us every week](kept:scan?every=1w&by=third-party)',
    needs: (need) => [
      need.repeated({
        kind: 'service.scan',
        of: ['service'],
        every: (params) => params.every ?? month,
        fields: { tester: 'text', findings: 'count', complete: 'yes' },
        suffices: (seen, { by }) => by === undefined || isTester(seen.tester, by) !== undefined,
        holds: (seen, params) => [
          !seen.complete && 'the scan was not complete',
          params.by !== undefined &&
            isTester(seen.tester, params.by) === false &&
            `scanned by ${seen.tester} only`,
        ],
        figure: (seen) => `${seen.tester} scan, ${count(seen.findings, 'finding')}`,
        good: { tester: 'third-party', findings: 0, complete: true },
        bad: { tester: 'third-party', findings: 0, complete: false },
      }),
    ],
  }),
]

/** A test more than a year before the promised day was an earlier one, not the next. */
function yearBefore(date: string): string {
  return `${Number(date.slice(0, 4)) - 1}${date.slice(4)}`
}

type Promised = Limit | 'next-test' | undefined

/** The shortest of all times promised. */
function shortest(params: Readonly<Record<Severity | 'within', Promised>>): Promised {
  const promised = [...severities.map((severity) => params[severity]), params.within]
  const limits = promised.filter((one) => one !== undefined && one !== 'next-test')
  limits.sort((a, b) => durationLength(a.promise) - durationLength(b.promise))
  return limits[0] ?? promised.find((one) => one !== undefined)
}

/** A CERT-In empanelled firm is a third party too; what a name of neither list stands for nobody knows. */
function isTester(tester: string, wanted: string): boolean | undefined {
  if (isOne(tester, wanted === 'third-party' ? [wanted, 'cert-in'] : [wanted])) return true
  return isOne(tester, testers) ? false : undefined
}
