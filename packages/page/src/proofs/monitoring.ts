import { durationLength, sayLength } from '../duration.ts'
import { proof } from '../proof.ts'
import { all, beyond, count, day, halfHour, hours, least, none, quarter, week } from './terms.ts'

/** Over less or more than a month a bad hour weighs otherwise than in one. */
function isMonth(days: number): boolean {
  return days >= 30 && days <= 31
}

export const monitoringProofs = [
  proof({
    id: 'monitoring.continuous',
    means:
      'In the last 30 days monitoring never fell silent for longer than promised: its heartbeat is counted.',
    params: { gap: { type: 'duration', says: 'longest silence; 15m when absent' } },
    connect: 'the heartbeat of the monitoring system',
    example: '[We monitor our infrastructure continuously](kept:monitoring.continuous?gap=15m)',
    needs: (need) => [
      need.observed({
        kind: 'monitor.heartbeat',
        of: ['monitor'],
        age: halfHour,
        // The longest silence of how many days up to now.
        fields: { longestGapSeconds: 'amount', days: 'amount' },
        suffices: (seen) => seen.days >= 30,
        holds: (seen, params) => {
          const most = durationLength(params.gap ?? { months: 0, seconds: 900 })
          return [
            seen.longestGapSeconds * 1000 > most &&
              `silent for ${sayLength(seen.longestGapSeconds * 1000)}, promised at most ${sayLength(most)}`,
            seen.longestGapSeconds > seen.days * 86_400 &&
              'a silence longer than the time looked at cannot be',
          ]
        },
        figure: (seen) =>
          `longest silence ${sayLength(seen.longestGapSeconds * 1000)} in ${count(seen.days, 'day')}`,
        good: { longestGapSeconds: 61, days: 30 },
        bad: { longestGapSeconds: 7200, days: 30 },
      }),
    ],
  }),
  proof({
    id: 'monitoring.flow-logs',
    means: 'Network flow logs are on for every network, and new ones arrive.',
    params: {},
    connect: 'the cloud account and its flow logs',
    example: '[Network flow logs are enabled](kept:monitoring.flow-logs)',
    needs: (need) => [
      need.observed({
        kind: 'account.flow-logs',
        of: ['account'],
        age: day,
        fields: { networks: 'some', without: 'count' },
        holds: (seen) => [
          seen.networks === 0 && 'no network is known',
          none(seen.without, 'network% without flow logs'),
        ],
        figure: (seen) => `on for ${count(seen.networks, 'network')}`,
        good: { networks: 4, without: 0 },
        bad: { networks: 4, without: 1 },
      }),
    ],
  }),
  proof({
    id: 'monitoring.detector',
    means:
      'The threat detector is on in every region in use, and a sample finding comes out of it.',
    params: { with: { type: 'list', says: 'the detectors: guardduty, defender, falco ...' } },
    connect: 'the cloud account and its threat detector',
    example: '[GuardDuty watches our account](kept:monitoring.detector?with=guardduty)',
    needs: (need) => [
      need.observed({
        kind: 'account.detector',
        of: ['account'],
        age: day,
        fields: { detectors: 'words', regionsWithout: 'count', sampleFindings: 'some' },
        holds: (seen, params) => [
          seen.detectors.length === 0 && 'no detector is on',
          none(seen.regionsWithout, 'region% without it'),
          all(params.with, seen.detectors, (missing) => `${missing} is not on`),
        ],
        figure: (seen) => `${seen.detectors.join(', ')} on in every region`,
        good: { detectors: ['guardduty'], regionsWithout: 0, sampleFindings: 1 },
        bad: { detectors: [], regionsWithout: 0, sampleFindings: 1 },
      }),
    ],
  }),
  proof({
    id: 'monitoring.outliers',
    means: 'Logs arrive in time, and a seeded outlier sets off its alert.',
    params: {
      within: {
        type: 'duration',
        says: 'longest time a log line takes to arrive; 15m when absent',
      },
    },
    connect: 'the log pipeline, for a seeded outlier',
    example: '[Outliers in our logs set off an alert](kept:monitoring.outliers)',
    needs: (need) => [
      need.observed({
        kind: 'monitor.outlier-test',
        of: ['monitor'],
        age: day,
        fields: { alerted: 'yes', lagSeconds: 'number' },
        holds: (seen, params) => [
          !seen.alerted && 'a seeded outlier set off nothing',
          seen.lagSeconds * 1000 > durationLength(params.within ?? { months: 0, seconds: 900 }) &&
            `logs arrive after ${sayLength(seen.lagSeconds * 1000)}`,
        ],
        figure: (seen) =>
          `a seeded outlier alerted; logs arrive after ${sayLength(seen.lagSeconds * 1000)}`,
        good: { alerted: true, lagSeconds: 40 },
        bad: { alerted: false, lagSeconds: 40 },
      }),
    ],
  }),
  proof({
    id: 'monitoring.protections',
    means: 'Each named protection is on and visible from outside or in the account.',
    params: {
      for: {
        type: 'list',
        of: [
          'firewall',
          'waf',
          'ddos',
          'spoofing',
          'sniffing',
          'port-scanning',
          'intrusion-detection',
          'rate-limit',
        ],
        required: true,
        says: 'the protections named on the page',
      },
    },
    connect: 'the cloud account’s network settings and the edge',
    example:
      '[A firewall and DDoS mitigation protect us](kept:monitoring.protections?for=firewall,ddos)',
    needs: (need) => [
      need.observed({
        kind: 'account.protections',
        of: ['account'],
        age: week,
        fields: { on: 'words' },
        holds: (seen, params) => [
          all(params.for, seen.on, (missing) => `not shown to be on: ${missing}`),
        ],
        figure: (seen) => `on: ${seen.on.join(', ')}`,
        good: { on: ['firewall', 'ddos'] },
        bad: { on: ['firewall'] },
      }),
    ],
  }),
  proof({
    id: 'ledger.coverage',
    means:
      'Every layer named on the page sends its events to the audit trail, and each sent one lately.',
    params: {
      layers: {
        type: 'list',
        says: 'the layers: infrastructure, application, database, changes, access',
      },
      with: { type: 'list', says: 'the services that keep the trail' },
    },
    oneOf: ['layers', 'with'],
    connect: 'the audit trail or log service of each layer',
    example:
      '[An audit trail covers infrastructure and application](kept:ledger.coverage?layers=infrastructure,application)',
    needs: (need) => [
      need.observed({
        kind: 'monitor.events',
        of: ['monitor'],
        age: hours,
        named: (params) => params.with ?? [],
        fields: { layers: 'words', silent: 'found' },
        holds: (seen, params) => [
          seen.layers.length === 0 && 'no events from any layer',
          seen.silent.length > 0 && `silent: ${seen.silent.join(', ')}`,
          all(params.layers, seen.layers, (missing) => `no events from: ${missing}`),
        ],
        figure: (seen) => `events from ${seen.layers.join(', ')}`,
        good: { layers: ['infrastructure', 'application'], silent: [] },
        bad: { layers: ['application'], silent: [] },
      }),
    ],
  }),
  proof({
    id: 'logs.kept',
    means:
      'Logs are kept for as long as promised, shown by the oldest line that can still be read.',
    params: { for: { type: 'duration', required: true, says: 'how long' } },
    connect: 'the log service',
    example: '[Logs are kept for a year](kept:logs.kept?for=1y)',
    needs: (need) => [
      need.observed({
        kind: 'monitor.retention',
        of: ['monitor'],
        age: week,
        fields: { retentionSeconds: 'number' },
        holds: (seen, params) => [
          seen.retentionSeconds * 1000 < least(params.for) &&
            `kept for ${sayLength(seen.retentionSeconds * 1000)}`,
        ],
        figure: (seen) => `kept for ${sayLength(seen.retentionSeconds * 1000)}`,
        good: { retentionSeconds: 31_622_400 },
        bad: { retentionSeconds: 86_400 },
      }),
    ],
  }),
  proof({
    id: 'uptime',
    means:
      'Measured from outside, the service answered for at least the promised share of the time.',
    params: {
      min: {
        type: 'number',
        decimal: true,
        least: 50,
        most: 100,
        required: true,
        says: 'percent of a month',
      },
    },
    connect: 'the addresses of all endpoints, for a probe from outside',
    example: '[We are up 99.9 % of the time](kept:uptime?min=99.9)',
    needs: (need) => [
      need.observed({
        kind: 'endpoint.uptime',
        of: ['endpoint'],
        age: day,
        fields: { percent: 'number', days: 'amount', probes: 'some' },
        // A percentage of a month is known after a month, and not from a probe a day.
        suffices: (seen) => isMonth(seen.days) && seen.probes >= seen.days * 24,
        holds: (seen, params) => [
          isMonth(seen.days) &&
            seen.percent < params.min &&
            `${seen.percent} %, promised ${params.min} %`,
          beyond(seen.percent, 100, '%'),
        ],
        figure: (seen) => `${seen.percent} % in ${count(seen.days, 'day')}`,
        good: { percent: 99.97, days: 30, probes: 43_200 },
        bad: { percent: 99.2, days: 30, probes: 43_200 },
      }),
    ],
  }),
  proof({
    id: 'load.tested',
    means:
      'A load test reached the promised number of requests a second, and at most one in a hundred failed.',
    params: {
      rate: {
        type: 'number',
        least: 1,
        most: 1_000_000_000,
        required: true,
        says: 'requests a second',
      },
      every: { type: 'duration', says: 'how often; a quarter when absent' },
    },
    connect: 'the load tests of each service',
    example: '[We are tested at 2000 requests a second](kept:load.tested?rate=2000&every=1q)',
    needs: (need) => [
      need.repeated({
        kind: 'service.load-test',
        of: ['service'],
        every: (params) => params.every ?? quarter,
        // Of all requests, in percent.
        fields: { rate: 'number', failed: 'number' },
        holds: (seen, params) => [
          seen.rate < params.rate && `${seen.rate} a second, promised ${params.rate}`,
          seen.failed > 1 && `${seen.failed} % of them failed`,
          beyond(seen.rate, 1_000_000_000, 'requests a second'),
        ],
        figure: (seen) => `${count(seen.rate, 'request')} a second, ${seen.failed} % failed`,
        good: { rate: 2500, failed: 0.1 },
        bad: { rate: 900, failed: 0 },
      }),
    ],
  }),
  proof({
    id: 'processing.complete',
    means:
      'Every piece of work accepted was finished, none lost, and none waits longer than promised.',
    params: { within: { type: 'duration', says: 'longest time to finish; a day when absent' } },
    connect: 'the job queues of the app',
    example: '[Your data is processed completely and in time](kept:processing.complete?within=1h)',
    needs: (need) => [
      need.observed({
        kind: 'service.jobs',
        of: ['service'],
        age: hours,
        fields: { accepted: 'some', lost: 'count', longestSeconds: 'number' },
        holds: (seen, params) => [
          none(seen.lost, 'job% lost'),
          seen.longestSeconds * 1000 >
            durationLength(params.within ?? { months: 0, seconds: 86_400 }) &&
            `a job took ${sayLength(seen.longestSeconds * 1000)}`,
        ],
        figure: (seen) =>
          `${count(seen.accepted, 'job')}, none lost, longest ${sayLength(seen.longestSeconds * 1000)}`,
        good: { accepted: 4000, lost: 0, longestSeconds: 60 },
        bad: { accepted: 4000, lost: 1, longestSeconds: 60 },
      }),
    ],
  }),
]
