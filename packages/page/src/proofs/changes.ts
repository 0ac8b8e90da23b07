import { proof } from '../proof.ts'
import { all, beyond, count, day, month, none, only, quarter, week } from './terms.ts'

const riskParam = {
  type: 'word',
  of: ['any', 'high'],
  says: 'which changes are meant; high: security-related or high-risk ones',
} as const

export const changesProofs = [
  proof({
    id: 'changes.reviewed',
    means:
      'Every change was approved on its final commit by enough engineers other than its author.',
    params: {
      min: { type: 'number', least: 1, most: 10, says: 'least number of approvals; 1 when absent' },
      risk: riskParam,
    },
    connect: 'the repositories, for their changes and approvals',
    example: '[All code is reviewed by at least two engineers](kept:changes.reviewed?min=2)',
    needs: (need) => [
      need.observed({
        kind: 'repository.reviews',
        of: ['repository'],
        age: day,
        fields: {
          changes: 'count',
          leastApprovals: 'count',
          riskyChanges: 'count',
          leastRiskyApprovals: 'count',
        },
        requires: (params) => [params.risk === 'high' ? 'riskyChanges' : 'changes'],
        holds: (seen, params) => {
          const wanted = params.min ?? 1
          const less = (changes: number, least: number) =>
            changes > 0 &&
            least < wanted &&
            `a change went out with ${count(least, 'approval')}, promised ${wanted}`
          // High-risk changes are changes too.
          return [
            params.risk !== 'high' && less(seen.changes, seen.leastApprovals),
            less(seen.riskyChanges, seen.leastRiskyApprovals),
            seen.riskyChanges > seen.changes && 'more high-risk changes than changes cannot be',
            seen.riskyChanges > 0 &&
              seen.leastRiskyApprovals < seen.leastApprovals &&
              'fewer approvals of a high-risk change than of any change cannot be',
            beyond(seen.leastApprovals, 10_000, 'approvals of one change'),
            beyond(seen.leastRiskyApprovals, 10_000, 'approvals of one high-risk change'),
          ]
        },
        figure: (seen, params) =>
          params.risk === 'high'
            ? `${count(seen.riskyChanges, 'high-risk change')}, ${count(seen.leastRiskyApprovals, 'approval')} at least`
            : `${count(seen.changes, 'change')}, ${count(seen.leastApprovals, 'approval')} at least`,
        good: { changes: 48, leastApprovals: 2, riskyChanges: 3, leastRiskyApprovals: 3 },
        bad: { changes: 48, leastApprovals: 1, riskyChanges: 3, leastRiskyApprovals: 3 },
      }),
    ],
  }),
  proof({
    id: 'changes.signed-off',
    means:
      'Nothing is deployed without the named person’s signature over exactly what is deployed.',
    params: { by: { type: 'list', says: 'who signs: cto, release-manager' } },
    connect: 'the deployments of each service, which refuse what is not signed',
    example: '[All deployments are signed off by the CTO](kept:changes.signed-off?by=cto)',
    needs: (need) => [
      need.observed({
        kind: 'service.deployments',
        of: ['service'],
        age: day,
        fields: { deployments: 'some', unsigned: 'count', signers: 'words' },
        holds: (seen, params) => [
          none(seen.unsigned, 'deployment% without a signature'),
          only(params.by, seen.signers, (extra) => `signed by ${extra}`),
        ],
        figure: (seen) => `${count(seen.deployments, 'deployment')}, each signed`,
        good: { deployments: 9, unsigned: 0, signers: ['cto'] },
        bad: { deployments: 9, unsigned: 1, signers: ['cto'] },
      }),
    ],
  }),
  proof({
    id: 'changes.tested',
    means: 'Every release has passed the kinds of tests the page names.',
    params: {
      by: {
        type: 'list',
        of: ['automated', 'manual', 'additional'],
        says: 'the kinds of test; automated when absent',
      },
      risk: riskParam,
    },
    connect: 'the repositories’ pipelines and the test record of each release',
    example: '[Releases pass automated and manual tests](kept:changes.tested?by=automated,manual)',
    needs: (need) => [
      need.observed({
        kind: 'repository.tests',
        of: ['repository'],
        age: day,
        fields: { releases: 'some', kinds: 'words', riskyKinds: 'found?', untested: 'count' },
        requires: (params) => (params.risk === 'high' ? ['riskyKinds'] : []),
        holds: (seen, params) => [
          none(seen.untested, 'release% without its tests'),
          all(
            params.by ?? ['automated'],
            params.risk === 'high' ? seen.riskyKinds : seen.kinds,
            (missing) => `no ${missing} test on record`,
          ),
        ],
        figure: (seen) => `${count(seen.releases, 'release')}, each tested`,
        good: { releases: 9, kinds: ['automated', 'manual'], untested: 0 },
        bad: { releases: 9, kinds: ['automated'], untested: 0 },
      }),
    ],
  }),
  proof({
    id: 'changes.scanned',
    means:
      'Automated review looks for each class of weakness, shown by a rule that fires on a seeded bug.',
    params: {
      for: {
        type: 'list',
        of: [
          'sql-injection',
          'injection',
          'csrf',
          'session',
          'xss',
          'file-access',
          'authentication',
          'denial-of-service',
          'secrets',
          'dependencies',
        ],
        says: 'the classes of weakness',
      },
    },
    connect: 'the repositories’ scanners (SARIF) and their seeded bugs',
    example:
      '[Code is scanned for SQL injection and XSS](kept:changes.scanned?for=sql-injection,xss)',
    needs: (need) => [
      need.observed({
        kind: 'repository.scan-rules',
        of: ['repository'],
        age: week,
        fields: { caught: 'words' },
        holds: (seen, params) => [
          seen.caught.length === 0 && 'no seeded bug was found',
          all(params.for, seen.caught, (missing) => `seeded bugs not found: ${missing}`),
        ],
        figure: (seen) => `found the seeded bugs of each class: ${seen.caught.join(', ')}`,
        good: { caught: ['sql-injection', 'xss', 'csrf'] },
        bad: { caught: ['xss'] },
      }),
    ],
  }),
  proof({
    id: 'dependencies.updated',
    means:
      'A security update of third-party software is in production within the promised time of its advisory.',
    params: { within: { type: 'limit', says: 'from the advisory to production; 30d when absent' } },
    connect: 'the repositories’ SBOMs and an advisory feed',
    example:
      '[Security updates are installed within 14 days](kept:dependencies.updated?within=14d)',
    needs: (need) => [
      need.clocked({
        kind: 'repository.advisory',
        of: ['repository'],
        fields: {},
        within: (params) =>
          params.within ?? {
            target: { months: 0, seconds: 30 * 86_400 },
            promise: { months: 0, seconds: 30 * 86_400 },
          },
        intake: { kind: 'repository.advisory-feed', age: day },
        rehearsal: { kind: 'repository.advisory-rehearsal', age: quarter },
        holds: () => [],
        figure: () => 'updated',
        good: {},
        bad: null,
      }),
    ],
  }),
  proof({
    id: 'updates.released',
    means: 'Security updates of our own systems are released at least as often as promised.',
    params: { every: { type: 'duration', says: 'how often; a month when absent' } },
    connect: 'the deployments of each service and the patch level of each host',
    example: '[We release security updates every month](kept:updates.released?every=1mo)',
    needs: (need) => [
      need.repeated({
        kind: 'service.security-update',
        of: ['service'],
        every: (params) => params.every ?? month,
        fields: { fixes: 'some' },
        holds: (seen) => [seen.fixes === 0 && 'nothing was released'],
        figure: (seen) => `${count(seen.fixes, 'update')} released`,
        good: { fixes: 2 },
        bad: { fixes: 0 },
      }),
    ],
  }),
  proof({
    id: 'environments',
    means:
      'The named environments exist apart: no login of one opens a database of another, and only production holds its customers.',
    params: { names: { type: 'list', says: 'the environments: production, staging ...' } },
    connect:
      'the databases of each environment with their secrets, and canary customers in production',
    example: '[Testing and production are separate](kept:environments?names=testing,production)',
    needs: (need) => [
      need.observed({
        kind: 'environment.separation',
        of: ['environment'],
        age: week,
        atLeast: 2,
        named: (params) => params.names ?? [],
        fields: {
          credentials: 'some',
          /** Logins of other environments that were tried here. */
          tried: 'some?',
          sharedCredentials: 'count',
          customerDataFromProduction: 'yes',
        },
        holds: (seen) => [
          none(seen.sharedCredentials, 'credential% shared with another environment'),
          seen.customerDataFromProduction && 'it holds customer data from production',
        ],
        // How many may log in here is not how many were tried: who looks knows some logins of the others.
        figure: ({ credentials, tried }) =>
          tried === undefined
            ? `apart from the others: none of ${count(credentials, 'credential')} found shared`
            : `apart from the others: ${count(tried, 'login')} of theirs that Kept holds tried, none let in`,
        good: {
          credentials: 12,
          tried: 3,
          sharedCredentials: 0,
          customerDataFromProduction: false,
        },
        bad: { credentials: 12, sharedCredentials: 1, customerDataFromProduction: false },
      }),
    ],
  }),
]
