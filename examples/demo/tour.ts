import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  documentHeaders,
  renderProblem,
  renderPromises,
  renderTour,
  scriptHeaders,
  type Tally,
} from '@kept/server'
import { letterOf, rows } from '../promises.ts'
import { actsOf, type Stage } from './acts.ts'
import { listClaims, type Company, type ListedClaim } from './companies.ts'

const refresh = readFileSync(join(import.meta.dirname, 'refresh.js'), 'utf8')

/** The page over the three companies: what a newcomer can do, and what came of it. */
export async function startTour(stage: Stage, port: number): Promise<Server> {
  const acts = actsOf(stage)
  const outcomes = new Map<string, { at: number; says: string }>()
  const happened: { at: number; says: string; href: null; verdict: null }[] = []

  // By the machine's clock: the demo's own is moved.
  let lookingUntil = 0

  async function act(id: string): Promise<void> {
    const doable = acts.find((one) => one.id === id)
    if (!doable) return
    const says = await doable.run().catch((error: Error) => `it failed: ${error.message}`)
    const at = stage.time.now()
    outcomes.set(id, { at, says })
    happened.unshift({ at, says: `${doable.title}: ${says}`, href: null, verdict: null })
    happened.splice(20)
    lookingUntil = Date.now() + 30_000
  }

  async function tour(): Promise<string> {
    const listed = await Promise.all(stage.companies.map((company) => listClaims(company)))
    return renderTour({
      at: stage.time.now(),
      ahead: stage.time.ahead,
      script: '/refresh.js',
      looking: Date.now() < lookingUntil,
      companies: stage.companies.map(({ name, origin: at }, i) => ({
        name,
        origin: at,
        tally: tallyOf(listed[i]!),
      })),
      acts: acts.map(({ id, title, says, button, watch }) => {
        const claims = watch ? listed[stage.companies.indexOf(watch.company)]! : []
        const claim = claims.find((one) => one.id === watch?.claim)
        return {
          id,
          title,
          says,
          button,
          action: '/act',
          hidden: { act: id },
          watch: claim
            ? {
                text: claim.text,
                href: `${watch!.company.origin}/claims/${claim.id}`,
                verdict: claim.verdict,
              }
            : null,
          outcome: outcomes.get(id) ?? null,
        }
      }),
      happened,
    })
  }

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.writeHead(500).end())
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url } = request
    if (method === 'POST' && url === '/act') {
      if (!isOwn(request, port)) return send(response, 403, problem(403))
      await act(new URLSearchParams(await read(request)).get('act') ?? '')
      response.writeHead(303, { location: '/' }).end()
      return
    }
    if (url === '/') return send(response, 200, await tour())
    if (url === '/refresh.js') {
      const headers = { ...scriptHeaders, 'content-type': 'text/javascript; charset=utf-8' }
      response.writeHead(200, headers).end(refresh)
      return
    }
    if (url === '/promises') return send(response, 200, await promises(stage))
    send(response, 404, problem(404))
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/**
 * Only this page's own forms act. Browsers say by themselves whose form it was (Fetch Metadata); the
 * origin they send is `null` here, for these pages send no referrer. A stranger's name that came to mean
 * this machine (DNS rebinding) is of the same origin with itself: the host must be ours.
 */
function isOwn({ headers }: IncomingMessage, port: number): boolean {
  if (headers.host !== `127.0.0.1:${port}` && headers.host !== `localhost:${port}`) return false
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return headers.origin === undefined || headers.origin === `http://${headers.host}`
}

function problem(status: number): string {
  const title = status === 404 ? 'There is nothing here' : 'This form is not ours'
  return renderProblem({ site: null, status, title, detail: null, fix: null, request: null })
}

function send(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, { ...documentHeaders, 'content-type': 'text/html; charset=utf-8' })
    .end(body)
}

async function read(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) {
    body += String(chunk)
    if (body.length > 1000) break
  }
  return body
}

function tallyOf(claims: readonly ListedClaim[]): Tally {
  const tally: Tally = {}
  for (const { verdict } of claims) tally[verdict] = (tally[verdict] ?? 0) + 1
  return tally
}

async function promises({ companies, time }: Stage): Promise<string> {
  return renderPromises({
    at: time.now(),
    companies: await Promise.all(companies.map(rowsOf)),
  })
}

async function rowsOf(company: Company) {
  const claims = new Map((await listClaims(company)).map((claim) => [claim.id, claim]))
  const own = rows.filter((row) => letterOf(row) === company.letter)
  return {
    name: company.name,
    origin: company.origin,
    rows: own.map((row) => {
      const claim = row.claim === null ? undefined : claims.get(row.claim)
      const isSoft = claim === undefined
      return {
        id: row.id,
        promise: row.promise,
        claim: row.claim,
        proofs: claim?.proofs ?? [],
        verdict: claim?.verdict ?? ('unprovable' as const),
        missing: isSoft ? 'nothing measurable in it' : missingOf(claim),
      }
    }),
  }
}

function missingOf({ verdict, because }: ListedClaim): string | null {
  if (verdict !== 'unproven') return null
  return because.length <= 300 ? because : `${because.slice(0, because.lastIndexOf(' ', 300))} ...`
}
