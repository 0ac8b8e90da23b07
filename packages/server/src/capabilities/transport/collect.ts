import type { System } from '@kept/page'
import type { CollectorContext, Observation } from '../../foundation/capability.ts'
import { Failure } from '../../foundation/failure.ts'
import { cannotLook, collector, seen } from '../../foundation/look.ts'
import { loginOf, withDatabase } from '../../outside/postgres.ts'
import { answering, dial, findPlaces, placesOf, type Place } from '../../outside/reach.ts'
import {
  readCertificates,
  readNamelessCertificates,
  whoSendsNoName,
  type Certificate,
} from './certificate.ts'
import {
  countSessions,
  findEntrances,
  findHollowSuite,
  findPlainEntrances,
  type Entrance,
} from './connections.ts'
import { endpointOf, type Endpoint } from './endpoint.ts'
import { gradeOf, type Grade } from './grade.ts'
import type { Version } from './hello.ts'
import { askPlainly, plainMethods, plainPathsOf, readHsts } from './plain.ts'
import { findPlainRules } from './rules.ts'
import {
  surveySigners,
  surveySuites,
  surveyVersions,
  withoutName,
  type Choice,
  type Site,
} from './survey.ts'

const hour = 3600

/** Every address at which an endpoint answers is looked at; the worst speaks for it. */
async function sitesOf(subject: System, context: CollectorContext) {
  const endpoint = endpointOf(subject)
  const places = await findPlaces(context, endpoint.host, endpoint.port)
  const sites = places.map((place): Site => ({ place, speaks: endpoint.speaks }))
  return { endpoint, sites }
}

export const versionsCollector = collector({
  kind: 'endpoint.tls',
  of: ['endpoint'],
  every: hour,
  timeout: 120,
  async collect(subject, context) {
    const { sites } = await sitesOf(subject, context)
    const accepted: Version[] = []
    const nameless: Version[] = []
    const certificates: Certificate[] = []
    for (const site of sites) {
      const here = await surveyVersions(context, site)
      accepted.push(...here)
      certificates.push(...(await readCertificates(context, site, here)))
      for (const other of withoutName(site)) {
        const there = await surveyVersions(context, other)
        nameless.push(...there)
        certificates.push(...(await readNamelessCertificates(context, other, there)))
      }
    }
    const lowest = lowestOf([...accepted, ...nameless])
    const isWorse = lowest < lowestOf(accepted)
    const said = `${lowest === 0 ? 'SSL 3.0' : `TLS ${lowest.toFixed(1)}`} is accepted`
    const why = isWorse ? `${said} from ${whoSendsNoName}` : said
    const objection = objectionTo(certificates)
    return seen(
      { lowestAccepted: lowest, validUntil: endOf(certificates), chainTrusted: objection === null },
      objection ?? (lowest === 0 ? why : null),
      isWorse ? why : null,
    )
  },
})

/** As a number; SSL 3.0 came before TLS 1.0. */
function lowestOf(accepted: readonly Version[]): number {
  if (accepted.includes('SSL 3.0')) return 0
  return Math.min(...accepted.map((version) => Number(version.split(' ')[1])))
}

function objectionTo(certificates: readonly Certificate[]): string | null {
  const [distrust] = certificates.flatMap((one) => one.distrust ?? [])
  if (distrust !== undefined) return `the certificate is not trusted: ${distrust}`
  return certificates.some(({ misnamed }) => misnamed)
    ? 'the certificate is for another name'
    : null
}

function endOf(certificates: readonly Certificate[]): string {
  const end = Math.min(...certificates.map(({ validUntil }) => validUntil))
  return new Date(end).toISOString()
}

export const suitesCollector = collector({
  kind: 'endpoint.suites',
  of: ['endpoint'],
  every: hour,
  timeout: 240,
  async collect(subject, context) {
    const { sites } = await sitesOf(subject, context)
    const choices: Choice[] = []
    const nameless: Choice[] = []
    const exchanges = new Set<string>()
    for (const site of sites.flatMap((one) => [one, ...withoutName(one)])) {
      const found = await surveySuites(context, site)
      ;(site.isUnnamed ? nameless : choices).push(...found)
      for (const { suite } of found) if (suite.exchange !== null) exchanges.add(suite.exchange)
      if (!found.some(({ version }) => version === 'TLS 1.3')) continue
      for (const signer of await surveySigners(context, site)) exchanges.add(`ecdhe-${signer}`)
    }
    const more = ciphersOf(nameless).filter((one) => !ciphersOf(choices).includes(one))
    const all = [...choices, ...nameless]
    return seen(
      {
        ciphers: ciphersOf(all),
        exchanges: [...exchanges].sort(),
        leastBits: Math.min(...all.map(({ suite }) => suite.bits)),
      },
      null,
      more.length > 0 ? `${more.join(', ')} alone from ${whoSendsNoName}` : null,
    )
  },
})

function ciphersOf(choices: readonly Choice[]): string[] {
  return [...new Set(choices.map(({ suite }) => suite.cipher))].sort()
}

export const gradeCollector = collector({
  kind: 'endpoint.grade',
  of: ['endpoint'],
  every: hour,
  timeout: 240,
  async collect(subject, context) {
    const { endpoint, sites } = await sitesOf(subject, context)
    const grades: Grade[] = []
    for (const site of sites) {
      const choices = await surveySuites(context, site)
      const accepted = versionsOf(choices)
      const certificates = await readCertificates(context, site, accepted)
      // HTTP is spoken with TLS 1.2 at least; below it no header makes a grade better.
      const isNew = accepted.some((version) => version === 'TLS 1.2' || version === 'TLS 1.3')
      const isTrusted = certificates.every(({ distrust }) => distrust === null)
      const isRead = site.speaks === 'http' && isTrusted && isNew
      const hstsSeconds = isRead ? await readHsts(context, site.place, endpoint) : 0
      const given = { hstsSeconds, now: context.now }
      const own = worst(
        certificates.map((certificate) => gradeOf({ choices, certificate, ...given })),
      )
      grades.push(own)
      for (const other of withoutName(site)) {
        const more = await surveySuites(context, other)
        const shown = await readNamelessCertificates(context, other, versionsOf(more))
        const all = [...choices, ...more]
        const every = [...certificates, ...shown].map((certificate) =>
          gradeOf({ choices: all, certificate, ...given }),
        )
        const fault = worst(every)
        if (rankOf(fault) <= rankOf(own)) continue
        grades.push({
          ...fault,
          because: fault.because.map((why) => `${why}, from ${whoSendsNoName}`),
        })
      }
    }
    const { grade, score, because } = worst(grades)
    return seen({ grade, score }, null, because.join('; ') || null)
  },
})

function versionsOf(choices: readonly Choice[]): Version[] {
  return [...new Set(choices.map(({ version }) => version))]
}

const order = ['A+', 'A', 'A-', 'B', 'C', 'D', 'E', 'F', 'M', 'T']
const rankOf = ({ grade }: Grade) => order.indexOf(grade)

function worst(grades: readonly Grade[]): Grade {
  return grades.toSorted((a, b) => rankOf(a) - rankOf(b)).at(-1)!
}

export const plainCollector = collector({
  kind: 'endpoint.plain',
  of: ['endpoint'],
  every: hour,
  timeout: 60,
  async collect(subject, context) {
    const endpoint = endpointOf(subject)
    if (endpoint.speaks !== 'http') {
      throw cannotLook(
        `${subject.id} does not speak HTTP; encryption.https-only is about what does`,
      )
    }
    const places = await placesOf(context, endpoint.host, endpoint.port)
    const asked = await askAllPlainly(context, places, endpoint)
    const { served, silent } = asked
    const tried = { tried: asked.tried, methods: plainMethods, paths: plainPathsOf(endpoint) }
    const hsts = async () => {
      const ages: number[] = []
      for (const place of await answering(context, places))
        ages.push(await readHsts(context, place, endpoint))
      return { hstsSeconds: Math.min(...ages) }
    }
    // What answered in the clear was seen, whatever else cannot be.
    if (served.length > 0) {
      const measured = { ...tried, servedPlain: served.length, ...(await hsts().catch(() => ({}))) }
      return seen(measured, `answered in the clear: ${served.join(', ')}`)
    }
    if (silent !== null) throw silent
    return seen({ ...tried, servedPlain: 0, ...(await hsts()) })
  },
})

/**
 * At every address: one that has no TLS at all may still answer whoever comes in the clear. The paths of
 * a port are asked at once, so that one which stays silent does not take the time of all.
 */
async function askAllPlainly(
  context: CollectorContext,
  places: readonly Place[],
  endpoint: Endpoint,
) {
  const served: string[] = []
  let tried = 0
  let silent: Failure | null = null
  for (const place of places) {
    for (const { port, ifOpen } of endpoint.plainPorts) {
      if (ifOpen && !(await isOpen(context, { ...place, port }))) continue
      const asked = plainPathsOf(endpoint).flatMap((path) =>
        plainMethods.map(async (method) => {
          const answer = await askPlainly(context, { ...place, port }, path, method)
          return { method, path, answer }
        }),
      )
      const answers = await Promise.all(asked)
      // Who sends readers on, and calls a form a bad request, has read the form.
      const isRead = answers.some(({ answer }) => answer === 'redirected')
      for (const { method, path, answer } of answers) {
        tried++
        if (answer instanceof Failure) silent ??= answer
        else if (answer === 'served' || (answer === 'bad' && isRead))
          served.push(`${method} http://${place.host}:${port}${path} (${place.address})`)
      }
    }
  }
  return { tried, served, silent }
}

async function isOpen(context: CollectorContext, place: Place): Promise<boolean> {
  const socket = await dial(context, place)
  if ('refused' in socket) return false
  socket.destroy()
  return true
}

export const connectionsCollector = collector({
  kind: 'database.connections',
  of: ['database'],
  every: hour,
  timeout: 60,
  async collect(subject, context) {
    const login = loginOf(subject, context)
    return await withDatabase(context, login, async (client): Promise<Observation> => {
      const { sessions, plain } = await countSessions(client)
      const open = await findPlainEntrances(context, login, await findEntrances(client))
      const hollow = await findHollowSuite(context, login)
      const why = objectionToSessions(plain, open, hollow)
      // What was seen open must not be hidden by rules that cannot be read.
      const rules = why === null ? await findPlainRules(client) : null
      const isOpen = open.length > 0 || hollow !== null || (rules ?? []).length > 0
      const measured = { sessions, plain, plainRefused: !isOpen, rulesRead: rules !== null }
      return seen(measured, why ?? objectionToRules(rules ?? []))
    })
  },
})

function objectionToRules(rules: readonly string[]): string | null {
  if (rules.length === 0) return null
  const more = rules.length > 5 ? `, and ${rules.length - 5} more` : ''
  return `pg_hba.conf lets in plain connections: ${rules.slice(0, 5).join(', ')}${more}`
}

function objectionToSessions(
  plain: number,
  open: readonly Entrance[],
  hollow: string | null,
): string | null {
  if (plain > 0) return `sessions without encryption: ${plain}`
  if (hollow !== null) return `a connection without encryption is accepted over TLS: ${hollow}`
  const said = open.map(({ user, database }) =>
    database === null ? `${user} as a standby` : `${user} to ${database}`,
  )
  return said.length > 0 ? `a plain connection is accepted as ${said.join(', ')}` : null
}

export const collectors = [
  versionsCollector,
  suitesCollector,
  gradeCollector,
  plainCollector,
  connectionsCollector,
]
