import { durationLength, formatDuration, sayLength, type Duration } from '../duration.ts'
import { type Limit } from '../params.ts'
import { proof } from '../proof.ts'
import { count, day, isOne, least, month, none, only, quarter, week, year } from './terms.ts'

const thirtyDays: Limit = {
  target: { months: 0, seconds: 2_592_000 },
  promise: { months: 0, seconds: 2_592_000 },
}
const intake = { kind: 'desk.data-request-intake', age: day }

/** How old a backup may be that is to be deleted at an age: what is deleted in the night after is in time. */
function longest(age: Duration): number {
  const length = durationLength(age)
  return length + Math.min(length / 30, 86_400_000)
}

/** How old the oldest backup must be: just after one was deleted it lacks the time between two. */
function reach(age: Duration): number {
  const length = least(age)
  return length - Math.min(length / 30, 86_400_000)
}

export const dataRightsProofs = [
  proof({
    id: 'export',
    means:
      'A customer who asks for its data gets all of it in time, with row counts that match the live tables.',
    params: { within: { type: 'limit', says: 'from the request to the export; 30d when absent' } },
    connect: 'the desk for data requests and the databases of the app',
    example: '[You can have a full export within 30 days](kept:export?within=30d)',
    needs: (need) => [
      need.clocked({
        kind: 'desk.export',
        of: ['desk'],
        fields: { rows: 'some', mismatches: 'count' },
        within: (params) => params.within ?? thirtyDays,
        intake,
        rehearsal: { kind: 'desk.export-rehearsal', age: quarter },
        holds: (seen) => [none(seen.mismatches, 'table% whose counts do not match')],
        figure: (seen) => `${count(seen.rows, 'row')}, as in the live tables`,
        good: { rows: 5098, mismatches: 0 },
        bad: { rows: 5098, mismatches: 1 },
      }),
    ],
  }),
  proof({
    id: 'erase',
    means:
      'A customer’s data is deleted in time after the request, and nothing of it can be read, backups included.',
    params: {
      within: {
        type: 'limit',
        says: 'from the request to the certificate of destruction; 30d when absent',
      },
      after: {
        type: 'word',
        of: ['request', 'termination'],
        says: 'what starts the clock; a request when absent',
      },
    },
    connect: 'the desk for data requests, the databases and their backups',
    example: '[We delete your data within 30 days](kept:erase?within=30d)',
    needs: (need) => [
      need.clocked({
        kind: 'desk.erasure',
        of: ['desk'],
        fields: {
          tables: 'some',
          rowsLeft: 'count',
          backups: 'some',
          backupsReadable: 'count',
          startedBy: 'text?',
        },
        requires: (params) => (params.after === 'termination' ? ['startedBy'] : []),
        // What something else started is no case of this promise.
        within: (params, { startedBy }) =>
          isOne(startedBy ?? '', [params.after === 'termination' ? 'request' : 'termination'])
            ? null
            : (params.within ?? thirtyDays),
        intake,
        rehearsal: { kind: 'desk.erasure-rehearsal', age: quarter },
        holds: (seen, params) => [
          none(seen.rowsLeft, 'row% left'),
          none(seen.backupsReadable, 'backup% that can still be read'),
          params.after === 'termination' &&
            seen.startedBy !== undefined &&
            !isOne(seen.startedBy, ['termination']) &&
            `started by a ${seen.startedBy}, not by a termination`,
        ],
        figure: (seen) =>
          `nothing left in ${count(seen.tables, 'table')}, ${count(seen.backups, 'backup')} unreadable`,
        good: { tables: 14, rowsLeft: 0, backups: 35, backupsReadable: 0 },
        bad: { tables: 14, rowsLeft: 0, backups: 35, backupsReadable: 1 },
      }),
    ],
  }),
  proof({
    id: 'retention',
    means:
      'No backup is older than `max`; deleting one may take a thirtieth of that time, a day at most. With `min` the oldest is as old as that, less the same, or is the first that was ever made.',
    params: {
      max: { type: 'duration', says: 'the longest time a backup is kept' },
      min: {
        type: 'duration',
        says: 'how far one can go back: the oldest backup is as old as that',
      },
    },
    oneOf: ['max', 'min'],
    connect: 'the backups of each database',
    example: '[No backup is kept longer than 35 days](kept:retention?max=35d)',
    needs: (need) => [
      need.observed({
        kind: 'database.oldest-backup',
        of: ['database'],
        age: day,
        // How old the first backup would be that was ever made, whether it is still there or not.
        fields: { oldestSeconds: 'amount', firstSeconds: 'amount?' },
        requires: (params) => (params.min ? ['firstSeconds'] : []),
        holds: (seen, { max, min }) => [
          max !== undefined &&
            seen.oldestSeconds * 1000 > longest(max) &&
            `the oldest is ${sayLength(seen.oldestSeconds * 1000)} old, promised at most ${formatDuration(max)}`,
          min !== undefined &&
            seen.oldestSeconds * 1000 < reach(min) &&
            seen.firstSeconds !== undefined &&
            seen.oldestSeconds < seen.firstSeconds &&
            `the oldest is only ${sayLength(seen.oldestSeconds * 1000)} old, promised ${formatDuration(min)}`,
          seen.firstSeconds !== undefined &&
            seen.oldestSeconds > seen.firstSeconds &&
            'a backup older than the first cannot be',
        ],
        figure: (seen, { min }) =>
          `the oldest is ${sayLength(seen.oldestSeconds * 1000)} old${min && seen.oldestSeconds * 1000 < reach(min) ? ', the first that was made' : ''}`,
        good: { oldestSeconds: 2_592_000 },
        bad: { oldestSeconds: 99_000_000 },
      }),
    ],
  }),
  proof({
    id: 'cards.absent',
    means: 'A scan of tables, stores and logs found no card number.',
    params: {},
    connect: 'the databases, stores and logs, for a scan by check digit and issuer',
    example: '[We do not store card numbers](kept:cards.absent)',
    needs: (need) => [
      need.observed({
        kind: 'storage.card-scan',
        of: ['database', 'store', 'monitor'],
        age: week,
        fields: { scanned: 'some', found: 'count' },
        holds: (seen) => [
          seen.scanned === 0 && 'nothing was scanned',
          none(seen.found, 'card number%'),
        ],
        figure: (seen) => `${count(seen.scanned, 'value')} scanned, no card number`,
        good: { scanned: 120_000, found: 0 },
        bad: { scanned: 120_000, found: 1 },
      }),
    ],
  }),
  proof({
    id: 'third-parties',
    means:
      'Data goes only to the sub-processors on the public list: what the servers connect to is compared with it.',
    params: {
      only: {
        type: 'list',
        says: 'the only third parties data may go to; the public list when absent',
      },
    },
    connect: 'the list of sub-processors and the servers’ real connections',
    example: '[We share your data with no third party but our sub-processors](kept:third-parties)',
    needs: (need) => [
      need.observed({
        kind: 'service.egress',
        of: ['service'],
        age: day,
        fields: { destinations: 'words', undeclared: 'found' },
        holds: (seen, params) => [
          seen.undeclared.length > 0 &&
            `connects to ${seen.undeclared.join(', ')}, not on the list`,
          only(params.only, seen.destinations, (extra) => `connects to ${extra}`),
        ],
        figure: (seen) => `${count(seen.destinations.length, 'destination')}, each on the list`,
        good: { destinations: ['aws'], undeclared: [] },
        bad: { destinations: ['aws'], undeclared: ['tracker.example'] },
      }),
    ],
  }),
  proof({
    id: 'third-parties.reviewed',
    means:
      'Every provider that customer data reaches was reviewed for security within the promised time.',
    params: { every: { type: 'duration', says: 'how often; a year when absent' } },
    connect: 'the provider register and its reviews',
    example: '[We review our vendors every year](kept:third-parties.reviewed?every=1y)',
    needs: (need) => [
      need.repeated({
        kind: 'provider.review',
        of: ['provider'],
        every: (params) => params.every ?? year,
        fields: { approved: 'yes' },
        holds: (seen) => [!seen.approved && 'the review did not approve it'],
        figure: () => 'reviewed',
        good: { approved: true },
        bad: { approved: false },
      }),
    ],
  }),
  proof({
    id: 'subprocessors.announced',
    means:
      'The public list of sub-processors is in date, and changes are announced as long before as promised.',
    params: {
      before: { type: 'duration', says: 'notice before a new one starts; 30d when absent' },
    },
    connect: 'the public list of sub-processors and its subscribers',
    example:
      '[We announce new sub-processors 30 days before](kept:subprocessors.announced?before=30d)',
    needs: (need) => [
      need.observed({
        kind: 'endpoint.subprocessors',
        of: ['endpoint'],
        age: month,
        fields: { listed: 'some', missing: 'count', shortestNoticeSeconds: 'number' },
        holds: (seen, params) => [
          none(seen.missing, 'sub-processor% missing from the list'),
          seen.shortestNoticeSeconds * 1000 < durationLength(params.before ?? thirtyDays.promise) &&
            `one was announced only ${sayLength(seen.shortestNoticeSeconds * 1000)} before`,
        ],
        figure: (seen) => `${count(seen.listed, 'sub-processor')} listed`,
        good: { listed: 9, missing: 0, shortestNoticeSeconds: 2_600_000 },
        bad: { listed: 9, missing: 1, shortestNoticeSeconds: 2_600_000 },
      }),
    ],
  }),
]
