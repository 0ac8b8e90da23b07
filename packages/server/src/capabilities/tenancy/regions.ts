import { liesIn, regionCodes, selectSubjects, type Obligation, type System } from '@kept/page'
import { Failure } from '../../foundation/failure.ts'
import type { Edition } from '../claims/changes.ts'

/** What the page says of where databases may lie. */
export interface Promised {
  claim: string
  regions: readonly string[]
}

/** Every promise of the page that binds where a database may lie. */
export function promisesAbout({ page, systems }: Edition, cluster: System): Promised[] {
  return page.claims.flatMap(({ id, obligations }) =>
    obligations
      .filter((obligation) => binds(obligation, cluster, systems.subjects))
      .map(({ params }) => ({ claim: id, regions: params['regions'] as readonly string[] })),
  )
}

/** `clusters.reviewed` is about accounts, and so about each database at the provider of one. */
function binds({ proof, params }: Obligation, cluster: System, subjects: readonly System[]) {
  if (!['residency', 'clusters.reviewed'].includes(proof.id)) return false
  return proof.needs.some((need) => {
    const about = (of: typeof need.of, among: readonly System[]) =>
      selectSubjects({ ...need, of }, params, { subjects: among, runners: [], unread: [] }).subjects
    const accounts = about(['account'], need.of.includes('account') ? subjects : [])
    return (
      about(['database'], [cluster]).length > 0 ||
      accounts.some(({ provider }) => provider === null || provider === cluster.provider)
    )
  })
}

/** Refuses a region that the page promises nothing lies in. One that nobody knows lies nowhere. */
export function refuseOutside(edition: Edition, cluster: System, region: string): void {
  const broken = promisesAbout(edition, cluster).find(
    ({ regions }) => !regions.some((area) => liesIn(region, area)),
  )
  if (!broken) return
  throw new Failure(
    'outside-regions',
    `${region} lies outside ${broken.regions.join(', ')}, where the page promises that ${cluster.id} lies`,
    {
      at: 'region',
      claim: broken.claim,
      fix: `create it in ${broken.regions.join(', ')}, or change the promise #${broken.claim} first`,
    },
  )
}

/** A real region in none of some areas; null where they leave none. */
export function findElsewhere(areas: readonly string[]): string | null {
  return [...regionCodes].find((code) => !areas.some((area) => liesIn(code, area))) ?? null
}
