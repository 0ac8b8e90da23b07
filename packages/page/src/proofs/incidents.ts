import { type Limit } from '../params.ts'
import { proof } from '../proof.ts'
import { all, count, day, isOne, month, none, people, quarter } from './terms.ts'

const intake = { kind: 'desk.incident-intake', age: day }
const threeDays: Limit = {
  target: { months: 0, seconds: 259_200 },
  promise: { months: 0, seconds: 259_200 },
}

export const incidentsProofs = [
  proof({
    id: 'incident.notice',
    means:
      'Every customer concerned was reached within the promised time of discovering an incident.',
    params: {
      within: {
        type: 'limit',
        says: 'from discovery to the last customer reached; 72h when absent',
      },
      to: { type: 'word', of: ['all', 'affected'], says: 'which customers; affected when absent' },
      via: {
        type: 'list',
        of: ['email', 'phone', 'portal', 'status-page'],
        says: 'how they are reached',
      },
      potential: { type: 'word', of: ['yes'], says: 'suspected incidents start the clock too' },
    },
    connect: 'the incident desk, the customers’ security contacts and a mail server',
    example:
      '[We email every customer within 24 hours of discovering an incident](kept:incident.notice?within=24h)',
    needs: (need) => [
      need.clocked({
        kind: 'desk.incident-notice',
        of: ['desk'],
        fields: {
          recipients: 'some',
          reached: 'count',
          to: 'text?',
          via: 'words?',
          fromSuspicion: 'yes?',
        },
        requires: (params) => [
          ...(params.to === 'all' ? ['to'] : []),
          ...(params.via ? ['via'] : []),
          ...(params.potential ? ['fromSuspicion'] : []),
        ],
        within: (params) => params.within ?? threeDays,
        intake,
        rehearsal: { kind: 'desk.notice-rehearsal', age: month },
        holds: (seen, params) => [
          none(Math.max(0, seen.recipients - seen.reached), 'customer% not reached'),
          seen.reached > seen.recipients && 'more customers reached than there are',
          params.to === 'all' &&
            seen.to !== undefined &&
            !isOne(seen.to, ['all']) &&
            'not every customer was told',
          all(params.via, seen.via, (missing) => `not sent by ${missing}`),
          params.potential === 'yes' &&
            seen.fromSuspicion === false &&
            'its clock did not start with the suspicion',
        ],
        figure: (seen) => `${seen.reached} of ${seen.recipients} reached`,
        good: { recipients: 118, reached: 118, to: 'all', via: ['email'] },
        bad: { recipients: 118, reached: 117, to: 'all', via: ['email'] },
      }),
    ],
  }),
  proof({
    id: 'incident.team',
    means: 'Named people accepted the investigation of each incident within the promised time.',
    params: {
      within: { type: 'limit', says: 'from discovery to the team’s acceptance; 24h when absent' },
    },
    connect: 'the incident desk and the on-call schedule',
    example: '[A team is on it within 24 hours](kept:incident.team?within=24h)',
    needs: (need) => [
      need.clocked({
        kind: 'desk.incident-team',
        of: ['desk'],
        fields: { people: 'some' },
        within: (params) =>
          params.within ?? {
            target: { months: 0, seconds: 86_400 },
            promise: { months: 0, seconds: 86_400 },
          },
        intake,
        rehearsal: { kind: 'desk.team-rehearsal', age: quarter },
        holds: (seen) => [seen.people === 0 && 'nobody has accepted'],
        figure: (seen) => `${people(seen.people)} on it`,
        good: { people: 3 },
        bad: { people: 0 },
      }),
    ],
  }),
  proof({
    id: 'incident.followup',
    means:
      'Each incident has a timeline with its logs, and every customer concerned a follow-up until it is closed.',
    params: {},
    connect: 'the incident desk',
    example: '[We work with every customer to limit the damage](kept:incident.followup)',
    needs: (need) => [
      need.observed({
        kind: 'desk.followups',
        of: ['desk'],
        age: day,
        fields: { incidents: 'some', withoutTimeline: 'count', unanswered: 'count' },
        holds: (seen) => [
          none(seen.withoutTimeline, 'incident% without a timeline'),
          none(seen.unanswered, 'customer% without a follow-up'),
        ],
        figure: (seen) => `${count(seen.incidents, 'incident')}, each followed up`,
        good: { incidents: 1, withoutTimeline: 0, unanswered: 0 },
        bad: { incidents: 1, withoutTimeline: 0, unanswered: 2 },
      }),
    ],
  }),
]
