import { durationLength, sayLength } from '../duration.ts'
import { proof } from '../proof.ts'
import { all, isOne, month } from './terms.ts'

export const pagingProofs = [
  proof({
    id: 'paging',
    means:
      'A test event reaches the person on call by the promised channel and is acknowledged in time.',
    params: {
      within: { type: 'duration', says: 'from the event to the acknowledgement; 15m when absent' },
      via: {
        type: 'list',
        of: ['phone', 'push', 'sms', 'call', 'email', 'pagerduty', 'chat'],
        says: 'the channels',
      },
      from: { type: 'list', says: 'the source of the event: guardduty, alertmanager ...' },
    },
    connect: 'the on-call schedule and the sources of alerts, for a monthly test event',
    example: '[Alerts reach our on-call engineer’s phone](kept:paging?via=phone)',
    needs: (need) => [
      need.observed({
        kind: 'monitor.paging-drill',
        of: ['monitor'],
        age: month,
        fields: { acknowledgedSeconds: 'amount', channels: 'words', source: 'text?' },
        requires: (params) => (params.from ? ['source'] : []),
        holds: (seen, params) => [
          seen.acknowledgedSeconds * 1000 >
            durationLength(params.within ?? { months: 0, seconds: 900 }) &&
            `acknowledged after ${sayLength(seen.acknowledgedSeconds * 1000)}`,
          all(params.via, seen.channels, (missing) => `nobody was reached by ${missing}`),
          params.from !== undefined &&
            seen.source !== undefined &&
            !isOne(seen.source, params.from) &&
            `the event came from ${seen.source}`,
        ],
        figure: (seen) => `a person answered in ${sayLength(seen.acknowledgedSeconds * 1000)}`,
        good: { acknowledgedSeconds: 130, channels: ['phone', 'push'] },
        bad: { acknowledgedSeconds: 130, channels: ['email'] },
      }),
    ],
  }),
]
