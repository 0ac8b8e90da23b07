import { isDate } from '../duration.ts'
import { proof } from '../proof.ts'
import { arePlaced, isKnownRegion, liesIn } from '../regions.ts'
import { count, day, halfHour, hours, isOne, none, quarter, year } from './terms.ts'

export const isolationProofs = [
  proof({
    id: 'tenancy.isolated',
    means:
      'No customer reads or changes the data of another: two canary customers try, all the time.',
    params: {},
    connect: 'the app’s API document and its databases, with two canary customers',
    example: '[No customer can read or change another customer’s data](kept:tenancy.isolated)',
    needs: (need) => [
      need.observed({
        kind: 'service.isolation-probe',
        of: ['service'],
        age: hours,
        fields: { operations: 'some', crossed: 'count' },
        holds: (seen) => [
          seen.operations === 0 && 'no operation was tried',
          none(seen.crossed, 'operation% crossed between customers'),
        ],
        figure: (seen) =>
          `${count(seen.operations, 'operation')} tried across customers, 0 crossed`,
        good: { operations: 412, crossed: 0 },
        bad: { operations: 412, crossed: 1 },
      }),
      need.observed({
        kind: 'database.row-security',
        of: ['database'],
        age: day,
        fields: { tables: 'some', uncovered: 'count', canariesTried: 'yes' },
        // A catalog that shows nothing open is not yet a trial; one that shows something needs none.
        suffices: (seen) => seen.canariesTried || seen.uncovered > 0,
        holds: (seen) => [
          seen.tables === 0 && 'no table with customer data was found',
          none(seen.uncovered, 'way% around the row policies'),
        ],
        figure: (seen) => `${count(seen.tables, 'table')} under a forced row policy`,
        good: { tables: 14, uncovered: 0, canariesTried: true },
        bad: { tables: 14, uncovered: 2, canariesTried: false },
      }),
    ],
  }),
  proof({
    id: 'tenancy.authorized',
    means: 'Every request was decided by the authorization service before it was served.',
    params: {},
    connect: 'the app’s guard, which counts requests and decisions',
    example: '[Every request is checked by our authorization service](kept:tenancy.authorized)',
    needs: (need) => [
      need.observed({
        kind: 'service.decisions',
        of: ['service'],
        age: halfHour,
        fields: { requests: 'some', undecided: 'count' },
        holds: (seen) => [none(seen.undecided, 'request% served without a decision')],
        figure: (seen) => `${count(seen.requests, 'request')}, each decided`,
        good: { requests: 90210, undecided: 0 },
        bad: { requests: 90210, undecided: 4 },
      }),
    ],
  }),
  proof({
    id: 'api.inventory',
    means: 'The API’s published document lists exactly the routes that are really served.',
    params: {},
    connect: 'the app’s OpenAPI document and its running server',
    example: '[The application is built on a documented REST API](kept:api.inventory)',
    needs: (need) => [
      need.observed({
        kind: 'service.routes',
        of: ['service'],
        age: day,
        fields: { routes: 'some', undocumented: 'count', unserved: 'count' },
        holds: (seen) => [
          seen.routes === 0 && 'no route was found',
          none(seen.undocumented, 'route% served but not documented'),
          none(seen.unserved, 'route% documented but not served'),
        ],
        figure: (seen) => `${count(seen.routes, 'route')} served as documented`,
        good: { routes: 61, undocumented: 0, unserved: 0 },
        bad: { routes: 61, undocumented: 2, unserved: 0 },
      }),
    ],
  }),
  proof({
    id: 'api.reviewed',
    means:
      'Every route of the API is denied by default, and somebody reviews access to it on time.',
    params: {
      every: { type: 'duration', says: 'how often access is reviewed; a year when absent' },
    },
    connect: 'the app’s guard, which tells its routes, and a person who reviews them',
    example: '[Access to our API is reviewed every quarter](kept:api.reviewed?every=1q)',
    needs: (need) => [
      need.observed({
        kind: 'service.route-policy',
        of: ['service'],
        age: day,
        fields: { routes: 'some', open: 'count' },
        holds: (seen) => [
          seen.routes === 0 && 'no route was found',
          none(seen.open, 'route% not denied by default'),
        ],
        figure: (seen) => `${count(seen.routes, 'route')} denied by default`,
        good: { routes: 61, open: 0 },
        bad: { routes: 61, open: 1 },
      }),
      need.repeated({
        kind: 'service.api-review',
        of: ['service'],
        every: (params) => params.every ?? year,
        // What is told each hour was done once: on the day that it names.
        fields: { reviewed: 'some', reviewedOn: 'text', review: 'text?' },
        event: (seen) => seen.review,
        day: (seen) => seen.reviewedOn,
        holds: (seen) => [
          seen.reviewed === 0 && 'no route was reviewed',
          !isDate(seen.reviewedOn) && `its date "${seen.reviewedOn}" is no day`,
        ],
        figure: (seen) => `${count(seen.reviewed, 'route')} reviewed on ${seen.reviewedOn}`,
        good: { reviewed: 61, reviewedOn: '2026-11-02' },
        bad: { reviewed: 0, reviewedOn: '2026-11-02' },
      }),
    ],
  }),
  proof({
    id: 'clusters.reviewed',
    means:
      'Every database cluster was reviewed before it was created, and lies in the named regions.',
    params: {
      regions: {
        type: 'list',
        areas: true,
        says: 'the only regions a cluster may be in',
        required: true,
      },
    },
    connect:
      'the cluster register, which refuses what was not reviewed, and the cloud account’s inventory',
    example:
      '[Each new cluster is reviewed to be in Mumbai](kept:clusters.reviewed?regions=ap-south-1)',
    needs: (need) => [
      need.observed({
        kind: 'account.clusters',
        of: ['account'],
        age: day,
        fields: { clusters: 'some', unreviewed: 'count', regions: 'words' },
        suffices: (seen, params) => arePlaced(seen.regions, params.regions),
        holds: (seen, params) => [
          none(seen.unreviewed, 'cluster% created without review'),
          outside(seen.regions, params.regions),
        ],
        figure: (seen) =>
          `${count(seen.clusters, 'cluster')}, each reviewed, in ${seen.regions.join(', ')}`,
        good: { clusters: 3, unreviewed: 0, regions: ['ap-south-1'] },
        bad: { clusters: 3, unreviewed: 0, regions: ['ap-south-1', 'us-east-1'] },
      }),
    ],
  }),
  proof({
    id: 'residency',
    means:
      'Every database, store and service lies in the named regions, and creating one elsewhere is refused.',
    params: {
      regions: {
        type: 'list',
        areas: true,
        says: 'regions, countries or continents: us, eu, ireland, ap-south-1',
        required: true,
      },
      provider: { type: 'list', says: 'the only providers they may be at' },
    },
    connect: 'the cloud accounts that hold the company’s resources',
    example: '[All customer data is stored in Ireland](kept:residency?regions=ireland)',
    needs: (need) => [
      need.observed({
        kind: 'resource.region',
        of: ['database', 'store', 'service'],
        age: day,
        fields: { regions: 'words', provider: 'text?', elsewhereRefused: 'yes' },
        requires: (params) => (params.provider ? ['provider'] : []),
        suffices: (seen, params) => arePlaced(seen.regions, params.regions),
        holds: (seen, params, subject) => [
          seen.regions.length === 0 && 'its region is not known',
          outside([...seen.regions, ...subject.regions], params.regions),
          params.provider !== undefined &&
            seen.provider !== undefined &&
            !isOne(seen.provider, params.provider) &&
            `it is at ${seen.provider}`,
          !seen.elsewhereRefused && 'one like it could be created elsewhere',
        ],
        figure: (seen) => `in ${seen.regions.join(', ')}`,
        good: { regions: ['eu-west-1'], elsewhereRefused: true },
        bad: { regions: ['eu-west-1', 'us-east-1'], elsewhereRefused: true },
      }),
    ],
  }),
  proof({
    id: 'residency.processors',
    means:
      'Every provider that customer data reaches, logs and support desks included, keeps it in the named regions.',
    params: {
      regions: {
        type: 'list',
        areas: true,
        says: 'regions, countries or continents: us, eu, ireland',
        required: true,
      },
    },
    connect: 'every provider in systems.yaml, with the region its account keeps data in',
    example: '[Your data never leaves Europe](kept:residency.processors?regions=europe)',
    needs: (need) => [
      need.observed({
        kind: 'provider.region',
        of: ['provider'],
        age: quarter,
        fields: { regions: 'words' },
        suffices: (seen, params) => arePlaced(seen.regions, params.regions),
        holds: (seen, params, subject) => [
          seen.regions.length === 0 && 'its region is not known',
          outside([...seen.regions, ...subject.regions], params.regions),
        ],
        figure: (seen) => `keeps data in ${seen.regions.join(', ')}`,
        good: { regions: ['eu-west-1'] },
        bad: { regions: ['us-east-1'] },
      }),
    ],
  }),
]

/** What systems.yaml says of a system must be true too: it counts against the promise as what is seen does. */
function outside(regions: readonly string[], allowed: readonly string[]): string | null {
  const extra = [...new Set(regions)].filter(
    (region) => isKnownRegion(region) && !allowed.some((area) => liesIn(region, area)),
  )
  return extra.length ? `${extra.join(', ')} lies outside ${allowed.join(', ')}` : null
}
