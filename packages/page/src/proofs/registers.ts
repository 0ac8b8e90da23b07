import { earliestStart, dayEnd, isDate, type Instant } from '../duration.ts'
import { proof } from '../proof.ts'
import { type Subject } from '../register.ts'
import { all, beyond, count, day, differing, fold, isOne, only, week, year } from './terms.ts'

function hasAny(absent: readonly string[] | undefined, present: readonly string[]): string | null {
  const found = (absent ?? []).filter((one) => isOne(one, present))
  return found.length ? `found: ${found.join(', ')}` : null
}

/** What may stand behind the name of a standard and leave it that standard: a number, a type, a level. */
const finer = /^(?:-(?:(?:type|level|edition|version|v)-?)?\d+(?:\.\d+)*)+$/i

/**
 * A certificate also answers to what it is one of: `soc-2-type-2` to `soc-2` and `soc`, and
 * `soc-2-readiness` to nothing but itself.
 */
function families(certificates: readonly string[]): string[] {
  return certificates.map(fold).flatMap((name) => {
    const words = name.split('-')
    const shorter = words.map((_, i) => words.slice(0, i + 1).join('-'))
    return shorter.filter((one) => one === name || finer.test(name.slice(one.length)))
  })
}

/** Standards are dated by their edition, reports by the period they cover. */
function hasEdition(name: string): boolean {
  return /^(?:iso|iec|bs|din)-/i.test(name)
}

/** An edition is of the standards among the papers named; where none is one, of whatever is named. */
function isDated({ id, tags }: Subject, named: readonly string[]): boolean {
  return [id, ...tags].some(hasEdition) || !named.some(hasEdition)
}

/** No standard that anybody is certified by is older than the body that numbers most of them. */
const firstEdition = 1947

function sayDay(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 10)
}

/** A day the page promises and the paper does not bear out, or does not write as a day. */
function isOutside(promised: string | undefined, seen: string | undefined, apart: boolean) {
  return promised !== undefined && seen !== undefined && (apart || !isDate(seen))
}

export const registersProofs = [
  proof({
    id: 'inventory',
    means:
      'Everything the company runs was counted in its accounts: by whom it is hosted, and what there is none of.',
    params: {
      only: { type: 'list', says: 'the only providers there are: aws, heroku' },
      absent: {
        type: 'list',
        of: [
          'routers',
          'load-balancers',
          'dns-servers',
          'physical-servers',
          'self-managed-servers',
          'data-centers',
          'offices',
        ],
        says: 'what the company has none of',
      },
    },
    oneOf: ['only', 'absent'],
    connect: 'the cloud accounts that hold the company’s resources',
    example: '[We run no servers of our own](kept:inventory?absent=physical-servers)',
    needs: (need) => [
      need.observed({
        kind: 'account.inventory',
        of: ['account'],
        age: day,
        fields: { resources: 'some', providers: 'words', lookedFor: 'found', present: 'found' },
        // An account that cannot hold a thing, or was not searched for it, does not say there is none.
        suffices: (seen, params) =>
          (params.absent ?? []).every((one) => isOne(one, seen.lookedFor)),
        holds: (seen, params) => [
          only(params.only, seen.providers, (extra) => `there are resources at ${extra}`),
          hasAny(params.absent, seen.present),
          differing(seen.providers) > seen.resources && 'more providers than resources cannot be',
        ],
        figure: (seen) => `${count(seen.resources, 'resource')} at ${seen.providers.join(', ')}`,
        good: {
          resources: 61,
          providers: ['aws'],
          lookedFor: ['routers', 'physical-servers'],
          present: [],
        },
        bad: {
          resources: 61,
          providers: ['aws'],
          lookedFor: ['physical-servers'],
          present: ['physical-servers'],
        },
      }),
    ],
  }),
  proof({
    id: 'provider',
    means:
      'We really run at the named provider, and what it says of itself is on file and in date.',
    params: {
      name: { type: 'list', says: 'the providers: aws, heroku', required: true },
      says: {
        type: 'list',
        says: 'what the provider is said to do: controls, isolation, updates, physical-security, audited',
      },
    },
    connect: 'the account at the provider, and its published statement',
    example:
      '[Our hosting provider secures its data centers](kept:provider?name=aws&says=physical-security)',
    needs: (need) => [
      need.observed({
        kind: 'provider.presence',
        of: ['provider'],
        age: week,
        named: (params) => params.name,
        fields: { resources: 'some' },
        holds: (seen) => [seen.resources === 0 && 'nothing of ours runs there'],
        figure: (seen) => `${count(seen.resources, 'resource')} of ours run there`,
        good: { resources: 61 },
        bad: { resources: 0 },
      }),
      need.observed({
        kind: 'provider.statement',
        of: ['provider'],
        age: year,
        named: (params) => params.name,
        fields: { states: 'words', validUntil: 'instant?' },
        holds: (seen, params) => [
          all(params.says, seen.states, (missing) => `its statement does not say: ${missing}`),
        ],
        figure: (seen) => `the provider states ${seen.states.join(', ')}`,
        good: { states: ['physical-security', 'isolation'] },
        bad: { states: [] },
      }),
    ],
  }),
  proof({
    id: 'provider.certified',
    means:
      'The provider’s own certificates, named on the page, are on file and in date. They are the provider’s, not ours.',
    params: {
      name: {
        type: 'list',
        says: 'the providers: aws, heroku; every one that hosts us when absent',
      },
      with: { type: 'list', required: true, says: 'the certificates: iso-27001, soc-2, pci-dss-1' },
    },
    connect: 'the provider’s certificates, with their dates',
    example:
      '[Our hosting provider is ISO 27001 certified](kept:provider.certified?name=aws&with=iso-27001)',
    needs: (need) => [
      need.observed({
        kind: 'provider.certificates',
        of: ['provider'],
        age: year,
        named: (params) => params.name ?? [],
        fields: { certificates: 'words', validUntil: 'instant' },
        holds: (seen, params) => [
          all(params.with, families(seen.certificates), (missing) => `not on file: ${missing}`),
        ],
        figure: (seen) => `on file: ${seen.certificates.join(', ')}`,
        good: { certificates: ['iso-27001', 'soc-2'], validUntil: '2100-01-01T00:00:00Z' },
        bad: { certificates: ['soc-2'], validUntil: '2100-01-01T00:00:00Z' },
      }),
    ],
  }),
  proof({
    id: 'certificate',
    means:
      'The company’s own certificate or audit report is on file, names the promised scope, and is in date.',
    params: {
      standard: {
        type: 'list',
        required: true,
        says: 'the standard: iso-27001, soc-2-type-2, pci-dss, gsp',
      },
      edition: {
        type: 'number',
        least: 1990,
        most: 2100,
        says: 'edition of the standard, by year; reports such as SOC 2 have none',
      },
      scope: { type: 'list', says: 'what it covers: security, availability ...' },
      until: { type: 'date', says: 'the last day it is good for, as the page says' },
      from: { type: 'date', says: 'first day of the period an audit report covers' },
      to: { type: 'date', says: 'last day of the period an audit report covers' },
    },
    connect: 'the certificate or report, in the documents of systems.yaml',
    example:
      '[We hold an ISO 27001:2022 certificate](kept:certificate?standard=iso-27001&edition=2022)',
    needs: (need) => [
      need.observed({
        kind: 'document.certificate',
        of: ['document'],
        age: year,
        named: (params) => params.standard,
        // A document of a provider is the provider's own.
        about: (_, subject) => subject.provider === null,
        fields: {
          edition: 'count?',
          scope: 'found?',
          issuer: 'text',
          from: 'text?',
          to: 'text?',
          validUntil: 'instant',
        },
        requires: (params, subject) => [
          ...(['from', 'to', 'scope'] as const).filter((name) => params[name] !== undefined),
          ...(params.edition !== undefined && isDated(subject, params.standard) ? ['edition'] : []),
        ],
        // Once the day that the page names is over, what it says is over too.
        ends: (_, params, timeZone) =>
          params.until === undefined ? null : dayEnd(params.until, timeZone),
        // What covers a period was not written before that began.
        suffices: ({ from }, _, __, at) =>
          from === undefined || !isDate(from) || earliestStart(from) <= at,
        holds: (seen, params, subject) => [
          params.until !== undefined &&
            seen.validUntil < earliestStart(params.until) &&
            `it is good until ${sayDay(seen.validUntil)}, the page says ${params.until}`,
          isOutside(params.from, seen.from, seen.from! > (params.from ?? '')) &&
            `its period begins ${seen.from}, the page says ${params.from}`,
          isOutside(params.to, seen.to, seen.to! < (params.to ?? '')) &&
            `its period ends ${seen.to}, the page says ${params.to}`,
          params.edition !== undefined &&
            isDated(subject, params.standard) &&
            seen.edition !== undefined &&
            seen.edition !== params.edition &&
            `it is for the ${seen.edition} edition, promised ${params.edition}`,
          all(params.scope, seen.scope, (missing) => `it does not cover ${missing}`),
          seen.from !== undefined &&
            seen.to !== undefined &&
            isDate(seen.from) &&
            isDate(seen.to) &&
            seen.to < seen.from &&
            `its period ends ${seen.to}, before it begins`,
          seen.edition !== undefined &&
            seen.edition < firstEdition &&
            `there is no ${seen.edition} edition`,
          beyond(seen.edition ?? 0, 2100, 'as an edition'),
        ],
        figure: (seen) =>
          `issued by ${seen.issuer}${seen.edition ? `, edition ${seen.edition}` : ''}`,
        good: { edition: 2022, issuer: 'TÜV', validUntil: '2100-01-01T00:00:00Z' },
        bad: { edition: 2013, issuer: 'TÜV', validUntil: '2100-01-01T00:00:00Z' },
      }),
    ],
  }),
  proof({
    id: 'attested',
    means:
      'A named person says so, and says it again before the time is over. Nothing measures it.',
    params: {
      of: { type: 'list', required: true, says: 'the statement: data-use, team ...' },
      by: { type: 'word', says: 'who says so: cto, ceo, security-officer' },
      every: { type: 'duration', says: 'how long it stands; a year when absent' },
    },
    connect: 'the person, by `kept attest`',
    example: '[We use your data for no other purpose](kept:attested?of=data-use&by=cto)',
    needs: (need) => [
      need.repeated({
        kind: 'document.statement',
        of: ['document'],
        said: true,
        named: (params) => params.of,
        every: (params) => params.every ?? year,
        fields: { statement: 'text', by: 'text?' },
        requires: (params) => (params.by ? ['by'] : []),
        holds: (seen, params) => [
          params.by !== undefined &&
            seen.by !== undefined &&
            !isOne(seen.by, [params.by]) &&
            `said by ${seen.by}, not by ${params.by}`,
        ],
        figure: (seen) => seen.statement,
        good: { statement: 'We use customer data for nothing else.', by: 'cto' },
        bad: { statement: 'We use customer data for nothing else.', by: 'intern' },
      }),
    ],
  }),
]
