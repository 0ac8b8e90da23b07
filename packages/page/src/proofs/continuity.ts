import { addDuration, durationLength, formatDuration, sayLength } from '../duration.ts'
import { proof } from '../proof.ts'
import { areApart, arePlaced, countPlaces, countRegions, liesIn } from '../regions.ts'
import { all, count, day, differing, month, none, quarter, year } from './terms.ts'

/** A calendar month or year as seconds at most, so that a measured time is never judged too hard. */
const most = (duration: { months: number; seconds: number }) => addDuration(0, duration, 'UTC')

/** Zones in which copies run: no more than there are copies. */
function zonesOf({ running, zones }: { running: number; zones: readonly string[] }): number {
  return Math.min(running, differing(zones))
}

/** As it was timed, and in words from a minute on. */
function sayGap(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : sayLength(seconds * 1000)
}

export const continuityProofs = [
  proof({
    id: 'backup',
    means: 'A complete backup that could be read back is never older than promised.',
    params: {
      every: { type: 'duration', says: 'greatest age of the newest good backup; 24h when absent' },
    },
    connect: 'the backups of each database',
    example: '[All data is backed up every 24 hours](kept:backup?every=24h)',
    needs: (need) => [
      need.repeated({
        kind: 'database.backup',
        of: ['database'],
        every: (params) => params.every ?? { months: 0, seconds: 86_400 },
        fields: { readBack: 'yes', bytes: 'some' },
        holds: (seen) => [
          !seen.readBack && 'it could not be read back',
          seen.bytes === 0 && 'it is empty',
        ],
        figure: (seen) => `${count(seen.bytes, 'byte')} read back`,
        good: { readBack: true, bytes: 928_000_000 },
        bad: { readBack: false, bytes: 928_000_000 },
      }),
    ],
  }),
  proof({
    id: 'backup.copies',
    means:
      'Backups lie in as many regions as promised, and only where the page allows; with `encrypted=yes` each is encrypted.',
    params: {
      min: {
        type: 'number',
        least: 1,
        most: 20,
        says: 'least number of different regions; 2 when absent',
      },
      within: { type: 'list', areas: true, says: 'where copies may lie: us, eu ...' },
      encrypted: { type: 'word', of: ['yes'], says: 'copies are encrypted' },
    },
    connect: 'the stores that hold the backups',
    example:
      '[Encrypted backups are kept in two regions of the EU](kept:backup.copies?min=2&within=eu&encrypted=yes)',
    needs: (need) => [
      need.observed({
        kind: 'database.backup-copies',
        of: ['database'],
        age: day,
        fields: { regions: 'words', unencrypted: 'count' },
        // Two regions of one place, or one within the other, may be the same.
        suffices: (seen, { within, min }) =>
          countPlaces(seen.regions) >= (min ?? 2) &&
          (within === undefined || arePlaced(seen.regions, within)),
        holds: (seen, params) => [
          countRegions(seen.regions) < (params.min ?? 2) &&
            `copies in ${count(countRegions(seen.regions), 'region')}, promised ${params.min ?? 2}`,
          seen.regions.some(
            (region) => !(params.within ?? [region]).some((area) => liesIn(region, area)),
          ) && `a copy lies in ${seen.regions.join(', ')}`,
          params.encrypted === 'yes' && none(seen.unencrypted, 'unencrypted backup%'),
        ],
        figure: (seen) => `copies in ${seen.regions.join(', ')}`,
        good: { regions: ['eu-west-1', 'eu-central-1'], unencrypted: 0 },
        bad: { regions: ['eu-west-1', 'us-east-1'], unencrypted: 0 },
      }),
    ],
  }),
  proof({
    id: 'restore.point-in-time',
    means: 'A restore to a random second gave exactly the rows of that second.',
    params: { every: { type: 'duration', says: 'how often it is rehearsed; a month when absent' } },
    connect: 'the backups and write-ahead log of each database',
    example: '[We can go back to any point in time](kept:restore.point-in-time?every=1mo)',
    needs: (need) => [
      need.repeated({
        kind: 'database.point-in-time-restore',
        of: ['database'],
        every: (params) => params.every ?? month,
        fields: { rowsChecked: 'some', mismatches: 'count' },
        holds: (seen) => [
          seen.rowsChecked === 0 && 'no row was checked',
          none(seen.mismatches, 'row% differ from that second'),
        ],
        figure: (seen) => `${count(seen.rowsChecked, 'row')} as they were`,
        good: { rowsChecked: 5098, mismatches: 0 },
        bad: { rowsChecked: 5098, mismatches: 1 },
      }),
    ],
  }),
  proof({
    id: 'recovery',
    means:
      'The last drill recovered within the promised time and lost no more than the promised stretch of work.',
    params: {
      rto: { type: 'limit', says: 'greatest time from the disaster to the first write' },
      rpo: { type: 'limit', says: 'longest stretch of acknowledged work that may be lost' },
      every: { type: 'duration', says: 'how often it is drilled; a year when absent' },
    },
    oneOf: ['rto', 'rpo'],
    connect: 'the backups and a place to restore them, for drills',
    example: '[We recover within 4 hours and lose at most a day](kept:recovery?rto=4h&rpo=24h)',
    needs: (need) => [
      need.repeated({
        kind: 'database.recovery-drill',
        of: ['database'],
        every: (params) => params.every ?? year,
        fields: { recoverySeconds: 'amount', lostSeconds: 'number' },
        holds: (seen, params) => [
          params.rto !== undefined &&
            seen.recoverySeconds * 1000 > most(params.rto.promise) &&
            `recovered in ${sayLength(seen.recoverySeconds * 1000)}, promised ${formatDuration(params.rto.promise)}`,
          params.rpo !== undefined &&
            seen.lostSeconds * 1000 > most(params.rpo.promise) &&
            `lost ${sayLength(seen.lostSeconds * 1000)} of work, promised ${formatDuration(params.rpo.promise)}`,
        ],
        figure: (seen) =>
          `recovered in ${sayLength(seen.recoverySeconds * 1000)}, lost ${sayLength(seen.lostSeconds * 1000)} of work`,
        good: { recoverySeconds: 220, lostSeconds: 0 },
        bad: { recoverySeconds: 16_000, lostSeconds: 0 },
      }),
    ],
  }),
  proof({
    id: 'failover',
    means:
      'The standby took over and handed back while a client wrote, and nothing was lost. How long either took is measured and shown, and not limited.',
    params: { every: { type: 'duration', says: 'how often it is drilled; a quarter when absent' } },
    connect: 'the database cluster and its standby',
    example: '[We switch to the standby and back every two months](kept:failover?every=2mo)',
    needs: (need) => [
      need.repeated({
        kind: 'database.switchover',
        of: ['database'],
        every: (params) => params.every ?? quarter,
        fields: {
          gapSeconds: 'amount',
          backSeconds: 'amount',
          writtenRows: 'some',
          lostRows: 'count',
        },
        holds: (seen) => [none(seen.lostRows, 'row% lost')],
        figure: (seen) =>
          `${sayGap(seen.gapSeconds)} without writes, ${sayGap(seen.backSeconds)} on the way back, none of ${count(seen.writtenRows, 'row')} lost`,
        good: { gapSeconds: 0.21, backSeconds: 0.24, writtenRows: 5210, lostRows: 0 },
        bad: { gapSeconds: 0.21, backSeconds: 0.24, writtenRows: 5210, lostRows: 3 },
      }),
    ],
  }),
  proof({
    id: 'replicas',
    means: 'As many copies as promised run, in as many zones as promised.',
    params: {
      min: {
        type: 'number',
        least: 1,
        most: 1000,
        says: 'least number of running copies; 2 when absent',
      },
      zones: { type: 'number', least: 1, most: 100, says: 'least number of different zones' },
      of: {
        type: 'list',
        of: ['database', 'service'],
        says: 'which are meant; databases and services when absent',
      },
    },
    connect: 'the database clusters and services',
    example:
      '[Our database runs on two nodes in two zones](kept:replicas?min=2&zones=2&of=database)',
    needs: (need) => [
      need.observed({
        kind: 'resource.replicas',
        of: ['database', 'service'],
        age: day,
        types: (params) => params.of,
        fields: { running: 'some', zones: 'found' },
        holds: (seen, params) => [
          seen.running < (params.min ?? 2) &&
            `${seen.running} running, promised ${params.min ?? 2}`,
          params.zones !== undefined &&
            zonesOf(seen) < params.zones &&
            `in ${count(zonesOf(seen), 'zone')}, promised ${params.zones}`,
        ],
        figure: (seen) => `${seen.running} running in ${count(zonesOf(seen), 'zone')}`,
        good: { running: 2, zones: ['a', 'b'] },
        bad: { running: 2, zones: ['a', 'a'] },
      }),
    ],
  }),
  proof({
    id: 'tabletop',
    means:
      'A table-top exercise with all the named functions present took place, and its actions are done in time.',
    params: {
      every: { type: 'duration', says: 'how often; a year when absent' },
      with: { type: 'list', says: 'the functions that take part: it, support, hr, engineering' },
    },
    connect: 'the exercises: who was there, what was decided, what came of it',
    example:
      '[IT and Support rehearse a disaster each year](kept:tabletop?every=1y&with=it,support)',
    needs: (need) => [
      need.repeated({
        kind: 'desk.tabletop',
        of: ['desk'],
        every: (params) => params.every ?? year,
        fields: { present: 'words', overdueActions: 'count' },
        holds: (seen, params) => [
          seen.present.length === 0 && 'nobody was present',
          all(params.with, seen.present, (missing) => `not present: ${missing}`),
          none(seen.overdueActions, 'action% overdue'),
        ],
        figure: (seen) => `present: ${seen.present.join(', ')}`,
        good: { present: ['it', 'support'], overdueActions: 0 },
        bad: { present: ['it'], overdueActions: 0 },
      }),
    ],
  }),
  proof({
    id: 'contingency',
    means:
      'The plan to run elsewhere was rehearsed for each place it names, inside the regions the page allows.',
    params: {
      to: { type: 'list', of: ['region', 'provider'], says: 'another region, another provider' },
      within: { type: 'list', areas: true, says: 'where it may go: us, eu ...' },
      every: { type: 'duration', says: 'how often it is rehearsed; a year when absent' },
    },
    connect: 'the contingency plan and its rehearsals',
    example: '[We can move to another region](kept:contingency?to=region&within=us)',
    needs: (need) => [
      need.repeated({
        kind: 'service.contingency-rehearsal',
        of: ['service'],
        every: (params) => params.every ?? year,
        fields: { targets: 'words', regions: 'words' },
        suffices: (seen, { to, within }, subject) =>
          (within === undefined || arePlaced(seen.regions, within)) &&
          (!to?.includes('region') ||
            seen.regions.some((one) => subject.regions.every((own) => areApart(one, own)))),
        holds: (seen, params, subject) => [
          seen.targets.length === 0 && 'no move was rehearsed',
          all(params.to, seen.targets, (missing) => `not rehearsed: another ${missing}`),
          params.to?.includes('region') &&
            seen.regions.length > 0 &&
            countRegions([...subject.regions, ...seen.regions]) === countRegions(subject.regions) &&
            `rehearsed in ${seen.regions.join(', ')}, where it runs already`,
          seen.regions.some(
            (region) => !(params.within ?? [region]).some((area) => liesIn(region, area)),
          ) && `it would leave ${params.within?.join(', ')}`,
        ],
        figure: (seen) => `rehearsed in ${seen.regions.join(', ')}`,
        good: { targets: ['region', 'provider'], regions: ['us-west-2'] },
        bad: { targets: ['region'], regions: ['eu-west-1'] },
      }),
    ],
  }),
  proof({
    id: 'redeploy',
    means: 'The application was started from nothing on new servers within the promised time.',
    params: {
      within: {
        type: 'duration',
        says: 'greatest time from nothing to the first answer; 4h when absent',
      },
      every: { type: 'duration', says: 'how often it is drilled; a quarter when absent' },
    },
    connect: 'the deployment of each service, for a cold start elsewhere',
    example: '[We can deploy anew within an hour](kept:redeploy?within=1h)',
    needs: (need) => [
      need.repeated({
        kind: 'service.redeploy-drill',
        of: ['service'],
        every: (params) => params.every ?? quarter,
        fields: { seconds: 'amount' },
        holds: (seen, params) => [
          seen.seconds * 1000 > durationLength(params.within ?? { months: 0, seconds: 14_400 }) &&
            `took ${sayLength(seen.seconds * 1000)}`,
        ],
        figure: (seen) => `from nothing to the first answer in ${sayLength(seen.seconds * 1000)}`,
        good: { seconds: 300 },
        bad: { seconds: 90_000 },
      }),
    ],
  }),
]
