import { proof } from '../proof.ts'
import { beyond, count, day, fold, none, quarter, week, year } from './terms.ts'

const severities = ['any', 'low', 'medium', 'high', 'critical'] as const

function rankOf(severity: string): number {
  return severities.findIndex((one) => one === fold(severity))
}

export const disclosureProofs = [
  proof({
    id: 'disclosure.policy',
    means:
      'The disclosure policy is public and the security.txt (RFC 9116) that points to it is in date.',
    params: {},
    connect: 'the address that serves /.well-known/security.txt',
    example: '[We have a vulnerability disclosure policy](kept:disclosure.policy)',
    needs: (need) => [
      need.observed({
        kind: 'endpoint.security-txt',
        of: ['endpoint'],
        age: week,
        fields: { contact: 'text', policyFound: 'yes', validUntil: 'instant' },
        holds: (seen) => [!seen.policyFound && 'the policy it names is not found'],
        figure: (seen) => `security.txt names ${seen.contact}`,
        good: {
          contact: 'mailto:security@example.com',
          policyFound: true,
          validUntil: '2100-01-01T00:00:00Z',
        },
        bad: {
          contact: 'mailto:security@example.com',
          policyFound: false,
          validUntil: '2100-01-01T00:00:00Z',
        },
      }),
    ],
  }),
  proof({
    id: 'disclosure.answered',
    means:
      'Every report of a researcher is answered in time; none waits too long to be triaged, fixed and rolled out.',
    params: {
      within: { type: 'limit', says: 'from the report to the first answer; 5d when absent' },
    },
    connect: 'the desk where researchers report',
    example: '[We answer researchers within 3 days](kept:disclosure.answered?within=3d)',
    needs: (need) => [
      need.clocked({
        kind: 'desk.report',
        of: ['desk'],
        fields: {},
        within: (params) => params.within ?? { target: fiveDays, promise: fiveDays },
        intake: { kind: 'desk.answer', age: day },
        rehearsal: { kind: 'desk.report-rehearsal', age: quarter },
        holds: () => [],
        figure: () => 'answered',
        good: {},
        bad: null,
      }),
      need.observed({
        kind: 'desk.report-outcomes',
        of: ['desk'],
        age: week,
        fields: { reports: 'count', untriaged: 'count', confirmed: 'count', notRolledOut: 'count' },
        holds: (seen) => [
          none(seen.untriaged, 'report% past the time to triage'),
          none(seen.notRolledOut, 'confirmed report% past the time to fix'),
          beyond(seen.confirmed, seen.reports, 'confirmed reports'),
        ],
        figure: (seen) =>
          `${count(seen.reports, 'report')}, ${seen.confirmed} confirmed, each fixed or in time`,
        good: { reports: 4, untriaged: 0, confirmed: 2, notRolledOut: 0 },
        bad: { reports: 4, untriaged: 1, confirmed: 2, notRolledOut: 0 },
      }),
    ],
  }),
  proof({
    id: 'disclosure.rewarded',
    means:
      'Each report severe enough for a reward has a decision, and a payment where it was granted.',
    params: {
      severity: {
        type: 'word',
        of: severities,
        says: 'least severity that is rewarded',
      },
    },
    connect: 'the desk where researchers report, and its reward ledger',
    example: '[We reward reports of high severity](kept:disclosure.rewarded?severity=high)',
    needs: (need) => [
      need.observed({
        kind: 'desk.rewards',
        of: ['desk'],
        age: week,
        fields: { reports: 'some', undecided: 'count', unpaid: 'count', least: 'text?' },
        requires: (params) => (params.severity ? ['least'] : []),
        suffices: ({ least = 'any' }, { severity }) => severity === undefined || rankOf(least) >= 0,
        holds: (seen, params) => [
          seen.least !== undefined &&
            params.severity !== undefined &&
            rankOf(seen.least) > rankOf(params.severity) &&
            `only reports from ${seen.least} up are counted, promised from ${params.severity}`,
          none(seen.undecided, 'report% without a decision on its reward'),
          none(seen.unpaid, 'reward% not paid'),
        ],
        figure: (seen) => `${count(seen.reports, 'report')}, each decided`,
        good: { reports: 2, undecided: 0, unpaid: 0, least: 'high' },
        bad: { reports: 2, undecided: 0, unpaid: 1, least: 'high' },
      }),
    ],
  }),
  proof({
    id: 'contact',
    means:
      'The address the page gives takes messages: its mail server accepts the mailbox, or its form answers; a test message that was answered is shown as such.',
    params: { address: { type: 'word', says: 'the e-mail address or URL the page gives' } },
    connect: 'the mailbox or form, for a round trip',
    example: '[Write to security@example.com](kept:contact?address=security@example.com)',
    needs: (need) => [
      need.observed({
        kind: 'desk.answer',
        of: ['desk'],
        age: week,
        fields: { address: 'text', answeredIn: 'number?' },
        holds: (seen, params) => [
          params.address !== undefined &&
            seen.address.toLowerCase() !== params.address.toLowerCase() &&
            `answers come from ${seen.address}, not ${params.address}`,
        ],
        figure: (seen) =>
          `${seen.address} ${seen.answeredIn === undefined ? 'takes messages; whether they are answered was not tried' : 'answers'}`,
        good: { address: 'security@example.com' },
        bad: { address: 'old@example.com' },
      }),
    ],
  }),
  proof({
    id: 'links',
    means: 'Every link of the page leads somewhere.',
    params: {},
    connect: 'the addresses the page links to',
    example: '[Read our privacy policy](kept:links)',
    needs: (need) => [
      need.observed({
        kind: 'endpoint.links',
        of: ['endpoint'],
        age: week,
        fields: { checked: 'some', dead: 'count' },
        holds: (seen) => [seen.checked === 0 && 'no link was tried', none(seen.dead, 'dead link%')],
        figure: (seen) => `${count(seen.checked, 'link')} tried, each alive`,
        good: { checked: 3, dead: 0 },
        bad: { checked: 3, dead: 1 },
      }),
    ],
  }),
  proof({
    id: 'policy',
    means:
      'A written policy on the subject is on file, with an owner, a version and a review within the year.',
    params: {
      of: {
        type: 'list',
        required: true,
        says: 'the subject: access-control, disaster-recovery, business-continuity ...',
      },
    },
    connect: 'the policy documents in systems.yaml',
    example: '[We have an access control policy](kept:policy?of=access-control)',
    needs: (need) => [
      need.repeated({
        kind: 'document.review',
        of: ['document'],
        every: () => year,
        named: (params) => params.of,
        fields: { owner: 'text', version: 'text' },
        holds: () => [],
        figure: (seen) => `version ${seen.version}, owned by ${seen.owner}`,
        good: { owner: 'CTO', version: '4' },
        bad: null,
      }),
    ],
  }),
]

const fiveDays = { months: 0, seconds: 5 * 86_400 }
