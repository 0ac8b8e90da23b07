import { durationLength, sayLength } from '../duration.ts'
import { proof } from '../proof.ts'
import { environmentParam, inEnvironment } from './environments.ts'
import { count, day, isOne, none, only, people, quarter, week, year } from './terms.ts'

/** A staff list without anybody on it proves nothing of everybody. */
function nobody(people: number): string | false {
  return people === 0 && 'the list has nobody on it'
}

interface Holders {
  people: number
  groups: readonly string[]
}

interface Limits {
  max: number | undefined
  to: readonly string[] | undefined
}

/** Who can reach something: no more people, and of no other groups, than promised. */
const holders = {
  fields: { people: 'count', groups: 'found' },
  // That there is nobody is what `max=0` promises; else it says that the list was not read.
  requires: ({ max, to }: Limits) => (max === 0 ? [] : to ? ['people', 'groups'] : ['people']),
  holds: (seen: Holders, params: Limits) => [
    params.max !== undefined &&
      seen.people > params.max &&
      `${people(seen.people)} ${seen.people === 1 ? 'has' : 'have'} access, promised at most ${params.max}`,
    only(params.to, seen.groups, (extra) => `${extra} can reach it too`),
    seen.people === 0 &&
      seen.groups.length > 0 &&
      `nobody in ${seen.groups.join(', ')} cannot be: a group has people`,
  ],
  figure: ({ people, groups }: Holders) =>
    `${people} with access${groups.length > 0 ? `: ${groups.join(', ')}` : ''}`,
} as const

export const accessProofs = [
  proof({
    id: 'access.need-to-know',
    means:
      'Nobody has standing access to customer data: each grant has a request, a reason, an approver and an end.',
    params: {},
    connect: 'the access desk that issues grants, and the accounts of each environment',
    example: '[Employees have access only on a need-to-know basis](kept:access.need-to-know)',
    needs: (need) => [
      need.observed({
        kind: 'environment.grants',
        of: ['environment'],
        age: day,
        fields: { grants: 'some', standing: 'count', incomplete: 'count' },
        holds: (seen) => [
          none(seen.standing, 'standing grant%'),
          none(seen.incomplete, 'grant% without reason, approver or end'),
        ],
        figure: (seen) => `${count(seen.grants, 'grant')}, none standing`,
        good: { grants: 3, standing: 0, incomplete: 0 },
        bad: { grants: 3, standing: 1, incomplete: 0 },
      }),
    ],
  }),
  proof({
    id: 'access.approval',
    means:
      'Every grant was approved, by the requester’s manager where the page says so, before it began.',
    params: { by: { type: 'list', says: 'who may approve: manager, department-head, owner, cto' } },
    connect: 'the access desk and the staff directory with its managers',
    example: '[Access is approved by the manager](kept:access.approval?by=manager)',
    needs: (need) => [
      need.observed({
        kind: 'environment.approvals',
        of: ['environment'],
        age: day,
        fields: { grants: 'some', unapproved: 'count', approvers: 'words' },
        holds: (seen, params) => [
          none(seen.unapproved, 'grant% without approval'),
          only(params.by, seen.approvers, (extra) => `approved by ${extra}`),
        ],
        figure: (seen) => `${count(seen.grants, 'grant')}, each approved`,
        good: { grants: 3, unapproved: 0, approvers: ['manager'] },
        bad: { grants: 3, unapproved: 0, approvers: ['peer'] },
      }),
    ],
  }),
  proof({
    id: 'access.review',
    means:
      'All access is reviewed on time; what was to be revoked is revoked, and read again to make sure.',
    params: { every: { type: 'duration', says: 'how often; a year when absent' } },
    connect: 'the account lists of the environments, for review campaigns',
    example: '[Access is reviewed every quarter](kept:access.review?every=1q)',
    needs: (need) => [
      need.repeated({
        kind: 'environment.access-review',
        of: ['environment'],
        every: (params) => params.every ?? year,
        fields: { reviewed: 'some', notRevoked: 'count' },
        holds: (seen) => [
          seen.reviewed === 0 && 'nothing was reviewed',
          none(seen.notRevoked, 'account% to be revoked still there'),
        ],
        figure: (seen) => `${count(seen.reviewed, 'account')} reviewed`,
        good: { reviewed: 40, notRevoked: 0 },
        bad: { reviewed: 40, notRevoked: 1 },
      }),
    ],
  }),
  proof({
    id: 'access.limit',
    means:
      'No more people, and no others, can reach an environment than the page says; one too many is refused.',
    params: {
      max: { type: 'number', least: 0, most: 100_000, says: 'most people with access' },
      to: { type: 'list', says: 'the only teams or roles with access' },
      in: environmentParam,
    },
    oneOf: ['max', 'to'],
    connect: 'the account lists of the environments',
    example:
      '[Only our five DevOps engineers reach production](kept:access.limit?max=5&to=devops&in=production)',
    needs: (need) => [
      need.observed({
        kind: 'environment.holders',
        of: ['environment'],
        age: day,
        about: (params, subject) => inEnvironment(params.in, subject),
        ...holders,
        fields: { ...holders.fields, excessRefused: 'yes' },
        holds: (seen, params) => [
          ...holders.holds(seen, params),
          params.max !== undefined && !seen.excessRefused && 'one more would be let in',
        ],
        good: { people: 5, groups: ['devops'], excessRefused: true },
        bad: { people: 6, groups: ['devops'], excessRefused: true },
      }),
    ],
  }),
  proof({
    id: 'access.database',
    means:
      'Only the named people or roles can sign in to the database, counted in the database itself.',
    params: {
      max: { type: 'number', least: 0, most: 100_000, says: 'most people with access' },
      to: { type: 'list', says: 'the only roles of people with access: cto, lead-developer' },
    },
    oneOf: ['max', 'to'],
    connect: 'the databases, for a collector that lists their roles',
    example:
      '[Only our CTO and lead engineer reach the database](kept:access.database?max=2&to=cto,lead-engineer)',
    needs: (need) => [
      need.observed({
        kind: 'database.holders',
        of: ['database'],
        age: day,
        ...holders,
        good: { people: 2, groups: ['cto', 'lead-engineer'] },
        bad: { people: 3, groups: ['cto', 'lead-engineer'] },
      }),
    ],
  }),
  proof({
    id: 'access.second-factor',
    means: 'No grant to customer data is issued without a fresh second factor.',
    params: {},
    connect: 'the access desk that issues grants',
    example: '[Access to data always needs two-step authentication](kept:access.second-factor)',
    needs: (need) => [
      need.observed({
        kind: 'environment.grant-factors',
        of: ['environment'],
        age: day,
        fields: { grants: 'count', without: 'count', probeRefused: 'yes' },
        holds: (seen) => [
          none(seen.without, 'grant% issued without a second factor'),
          !seen.probeRefused && 'a probe without a second factor was let in',
        ],
        figure: (seen) => `${count(seen.grants, 'grant')}, each with a second factor`,
        good: { grants: 3, without: 0, probeRefused: true },
        bad: { grants: 3, without: 0, probeRefused: false },
      }),
    ],
  }),
  proof({
    id: 'access.timeboxed',
    means: 'Access ends by itself, no later than promised; the minutes used are measured.',
    params: { max: { type: 'duration', says: 'longest a grant may last; a day when absent' } },
    connect: 'the access desk that issues grants',
    example: '[Access to production ends after eight hours](kept:access.timeboxed?max=8h)',
    needs: (need) => [
      need.observed({
        kind: 'environment.grant-times',
        of: ['environment', 'database'],
        age: day,
        fields: { minutesUsed: 'amount', longestMinutes: 'amount', endless: 'count' },
        holds: (seen, params) => {
          const most = durationLength(params.max ?? { months: 0, seconds: 86_400 })
          return [
            none(seen.endless, 'grant% without an end'),
            seen.longestMinutes * 60_000 > most &&
              `a grant lasted ${sayLength(seen.longestMinutes * 60_000)}, promised at most ${sayLength(most)}`,
          ]
        },
        figure: (seen) => `${count(seen.minutesUsed, 'minute')} used in 90 days`,
        good: { minutesUsed: 95, longestMinutes: 60, endless: 0 },
        bad: { minutesUsed: 95, longestMinutes: 60, endless: 1 },
      }),
    ],
  }),
  proof({
    id: 'access.consent',
    means:
      'No person read a customer’s data unless that customer had allowed it; every read is on record.',
    params: {
      who: {
        type: 'list',
        of: ['staff', 'partners', 'third-parties'],
        says: 'whose access is meant; staff when absent',
      },
    },
    connect: 'the app’s guard, which records staff reads row by row, and the customers’ grants',
    example: '[Nobody here can view your data unless you allow it](kept:access.consent)',
    needs: (need) => [
      need.observed({
        kind: 'service.human-reads',
        of: ['service'],
        age: day,
        fields: { reads: 'count', withoutConsent: 'count', covers: 'words' },
        // Whoever’s reads are not on record may have read anything.
        suffices: (seen, { who }) => (who ?? ['staff']).every((one) => isOne(one, seen.covers)),
        holds: (seen) => [
          none(seen.withoutConsent, 'read% by a person without the customer’s consent'),
        ],
        figure: (seen) => `${count(seen.reads, 'read')} by people, each allowed by its customer`,
        good: { reads: 2, withoutConsent: 0, covers: ['staff', 'partners', 'third-parties'] },
        bad: { reads: 2, withoutConsent: 1, covers: ['staff'] },
      }),
    ],
  }),
  proof({
    id: 'access.revoked',
    means: 'A person who leaves loses all accounts within the promised time.',
    params: {
      within: { type: 'limit', required: true, says: 'from the end of work to the last account' },
    },
    connect: 'the staff directory and the account lists of every system',
    example: '[Leavers lose access within 24 hours](kept:access.revoked?within=24h)',
    needs: (need) => [
      need.clocked({
        kind: 'people.leaver',
        of: ['people'],
        fields: { lists: 'some' },
        within: (params) => params.within,
        intake: { kind: 'people.directory-sync', age: day },
        rehearsal: { kind: 'people.leaver-rehearsal', age: quarter },
        holds: () => [],
        figure: (seen) => `no account left on ${count(seen.lists, 'list')}`,
        good: { lists: 3 },
        bad: null,
      }),
    ],
  }),
  proof({
    id: 'devices.encrypted',
    means: 'The disk of every staff computer is encrypted, by the computer’s own recent report.',
    params: {},
    connect: 'the device management or agent of every laptop',
    example: '[The disks of all our laptops are encrypted](kept:devices.encrypted)',
    needs: (need) => [
      need.observed({
        kind: 'devices.disk-encryption',
        of: ['devices'],
        age: week,
        fields: { devices: 'some', unencrypted: 'count', silent: 'count' },
        holds: (seen) => [
          seen.devices === 0 && 'no computer is known',
          none(seen.unencrypted, 'computer% without disk encryption'),
          none(seen.silent, 'computer% without a recent report'),
        ],
        figure: (seen) => `${count(seen.devices, 'computer')}, each encrypted`,
        good: { devices: 22, unencrypted: 0, silent: 0 },
        bad: { devices: 22, unencrypted: 0, silent: 2 },
      }),
    ],
  }),
  proof({
    id: 'devices.protected',
    means: 'Every staff computer runs protection against malware that reported recently.',
    params: {},
    connect: 'the device management or agent of every laptop',
    example: '[All our computers run anti-malware software](kept:devices.protected)',
    needs: (need) => [
      need.observed({
        kind: 'devices.protection',
        of: ['devices'],
        age: week,
        fields: { devices: 'some', unprotected: 'count' },
        holds: (seen) => [
          seen.devices === 0 && 'no computer is known',
          none(seen.unprotected, 'computer% without protection'),
        ],
        figure: (seen) => `${count(seen.devices, 'computer')}, each protected`,
        good: { devices: 22, unprotected: 0 },
        bad: { devices: 22, unprotected: 1 },
      }),
    ],
  }),
  proof({
    id: 'staff.trained',
    means: 'Everybody on the staff list completed security training within the promised time.',
    params: { every: { type: 'duration', says: 'how often; a year when absent' } },
    connect: 'the staff directory and the training records',
    example: '[All employees are trained in security each year](kept:staff.trained?every=1y)',
    needs: (need) => [
      need.repeated({
        kind: 'people.training',
        of: ['people'],
        every: (params) => params.every ?? year,
        fields: { people: 'some', untrained: 'count' },
        holds: (seen) => [nobody(seen.people), none(seen.untrained, 'person% not trained')],
        figure: (seen) => `${people(seen.people)} trained`,
        good: { people: 40, untrained: 0 },
        bad: { people: 40, untrained: 1 },
      }),
    ],
  }),
  proof({
    id: 'staff.screened',
    means: 'Everybody on the staff list passed a background check before they started.',
    params: {},
    connect: 'the staff directory and the screening records',
    example: '[All employees pass a background check](kept:staff.screened)',
    needs: (need) => [
      need.observed({
        kind: 'people.screening',
        of: ['people'],
        age: quarter,
        fields: { people: 'some', unscreened: 'count' },
        holds: (seen) => [
          nobody(seen.people),
          none(seen.unscreened, 'person% without a background check'),
        ],
        figure: (seen) => `${people(seen.people)} checked`,
        good: { people: 40, unscreened: 0 },
        bad: { people: 40, unscreened: 1 },
      }),
    ],
  }),
  proof({
    id: 'staff.bound',
    means: 'Everybody on the staff list signed a confidentiality agreement.',
    params: {},
    connect: 'the staff directory and the signed agreements',
    example: '[All employees sign a confidentiality agreement](kept:staff.bound)',
    needs: (need) => [
      need.observed({
        kind: 'people.agreements',
        of: ['people'],
        age: quarter,
        fields: { people: 'some', unsigned: 'count' },
        holds: (seen) => [
          nobody(seen.people),
          none(seen.unsigned, 'person% without a signed agreement'),
        ],
        figure: (seen) => `${people(seen.people)} signed`,
        good: { people: 40, unsigned: 0 },
        bad: { people: 40, unsigned: 1 },
      }),
    ],
  }),
]
