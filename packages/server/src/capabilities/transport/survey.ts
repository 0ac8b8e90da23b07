import { cannotLook } from '../../foundation/look.ts'
import { serverName } from '../../outside/request.ts'
import type { Place, Way } from '../../outside/reach.ts'
import type { Endpoint } from './endpoint.ts'
import { signatures, versions, type Exchange, type Offer, type Version } from './hello.ts'
import { makeOffer } from './offer.ts'
import { signers, type Signer } from './signers.ts'
import { modernSuites, olderSuites, type Suite } from './suites.ts'

/** One suite that a server chose, under one version. */
export interface Choice {
  version: Version
  suite: Suite
  exchange: Exchange | null
}

/** Surveys one place: what it is, and how TLS begins there. */
export interface Site {
  place: Place
  speaks: Endpoint['speaks']
  /** Whether it is asked without its name, as the oldest clients ask. */
  isUnnamed?: true
}

/**
 * The site as it is to whoever sends no name (SNI), whom a front may lead to another server; nothing
 * where there is no name to send. Who is refused there is refused: that is no fault.
 */
export function withoutName(site: Site): Site[] {
  return nameFor(site) === '' ? [] : [{ ...site, isUnnamed: true }]
}

export function nameFor({ place, isUnnamed }: Site): string {
  return isUnnamed ? '' : serverName(place.host)
}

const everySignature = Object.values(signatures).flat()
const newestFirst = (Object.keys(versions) as Version[]).toReversed()

function suitesOf(version: Version): readonly Suite[] {
  return version === 'TLS 1.3' ? modernSuites : olderSuites
}

/** What a site chooses from an offer, or null when it refuses it. */
async function choose(
  way: Way,
  site: Site,
  version: Version,
  suites: readonly Suite[],
  more: Partial<Offer> = {},
): Promise<Choice | null> {
  const { place, speaks, isUnnamed } = site
  const ids = suites.map(({ id }) => id)
  const serverName = nameFor(site)
  const offer = { version, suites: ids, signatures: everySignature, serverName, ...more }
  const decision = await makeOffer(way, place, speaks, offer)
  // SSL 3.0 has no names: a front that wants one may say so in words of its own.
  if (decision.kind === 'other' && !isUnnamed && version !== 'SSL 3.0') {
    throw cannotLook(`${place.host}:${place.port} answers with something that is not TLS`)
  }
  if (decision.kind !== 'hello' || decision.version !== versions[version]) return null
  const suite = suites.find(({ id }) => id === decision.suite)
  return suite ? { version, suite, exchange: decision.exchange } : null
}

/** Which versions a site accepts, the newest first. Each was offered alone with every suite. */
export async function surveyVersions(way: Way, site: Site): Promise<Version[]> {
  const accepted: Version[] = []
  for (const version of newestFirst) {
    if (await choose(way, site, version, suitesOf(version))) accepted.push(version)
  }
  await control(way, site, accepted)
  return accepted
}

/**
 * Every suite a site accepts: what it chooses is taken from the next offer, until it refuses what is
 * left. So each suite was either chosen or refused, in far fewer handshakes than one for each.
 */
export async function surveySuites(way: Way, site: Site): Promise<Choice[]> {
  const accepted: Choice[] = []
  for (const version of newestFirst) {
    for (let left = suitesOf(version); left.length > 0;) {
      const choice = await choose(way, site, version, left)
      if (!choice) break
      accepted.push(choice)
      left = left.filter((suite) => suite !== choice.suite)
    }
  }
  await control(way, site, [...new Set(accepted.map(({ version }) => version))])
  return accepted
}

/** A refusal counts only if what was accepted before is still accepted after it. */
async function control(way: Way, site: Site, accepted: readonly Version[]): Promise<void> {
  const { host, port } = site.place
  const [newest] = accepted
  if (newest === undefined && site.isUnnamed) return
  if (newest === undefined) throw cannotLook(`${host}:${port} accepts no version of TLS at all`)
  if (await choose(way, site, newest, suitesOf(newest))) return
  throw cannotLook(`${host}:${port} stopped accepting ${newest} while it was looked at`)
}

/** Who signs under TLS 1.3, where the suite does not say: each kind of key is asked for alone. */
export async function surveySigners(way: Way, site: Site): Promise<string[]> {
  const kinds = ['rsa', 'ecdsa', 'eddsa'] as const
  const found: string[] = []
  for (const kind of kinds) {
    const only = { signatures: signatures[kind] }
    if (await choose(way, site, 'TLS 1.3', modernSuites, only)) found.push(kind)
  }
  return found
}

/** Every kind of certificate that a site shows under one version: whoever asks for that kind alone is answered. */
export async function surveyCertificates(
  way: Way,
  site: Site,
  version: Version,
): Promise<Signer[]> {
  // Before TLS 1.2 a hello names no signatures: the suites alone say who signs.
  const isOld = versions[version] < versions['TLS 1.2']
  const found: Signer[] = []
  for (const signer of signers) {
    if (isOld && !signer.isOld) continue
    const suites = suitesOf(version).filter(
      ({ exchange }) => exchange === null || signer.exchanges.includes(exchange),
    )
    const only = { signatures: signer.signatures }
    if (await choose(way, site, version, suites, only)) found.push(signer)
  }
  return found
}
