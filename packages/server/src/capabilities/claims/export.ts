import {
  bundleFormat,
  formatValue,
  judgePage,
  judgeVersion,
  type Bundle,
  type BundledEntry,
  type Page,
  type Register,
  type Systems,
} from '@kept/page'
import { decodeEntry, parseCheckpoint, parseNote, signDocument, type Json } from '@kept/ledger'
import { z } from 'zod'
import { Failure } from '../../foundation/failure.ts'
import { documentOf, operation, type Document } from '../../foundation/operation.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { sha256 } from '../ledger/hash.ts'
import { proveDays, proveEntries, readCheckpoint } from '../ledger/read.ts'
import type { LogIdentity } from '../ledger/sequence.ts'
import { compileEdition } from './edition.ts'
import { toEvidence } from './evidence.ts'
import { timeToJudge } from './judge.ts'
import { loadRows, whole } from './load.ts'

/** The bundle by which anybody recomputes every verdict offline. */
export function exportOperation(log: LogIdentity) {
  return operation({
    action: 'claims.export',
    says: 'The page with all its verdicts rest on, to be verified offline: kept verify',
    input: z.strictObject({}),
    output: documentOf,
    run: (tx) => exportBundle(tx, log),
  })
}

/** Made of what the newest checkpoint covers: what waits to be sequenced is left to the next bundle. */
async function exportBundle(
  tx: Transaction,
  { origin, key, signer }: LogIdentity,
): Promise<Document> {
  const checkpoint = await readCheckpoint(tx)
  const size = checkpoint === null ? 0 : parseCheckpoint(parseNote(checkpoint).text).size
  const versions = await readVersions(tx, size)
  const applied = versions.at(-1)
  if (checkpoint === null || !applied) {
    throw new Failure('not-found', 'the ledger holds no page yet', {
      fix: 'apply one with kept apply; a second later the ledger has it',
    })
  }
  const source = await readTexts(tx, applied.version)
  const { page, systems } = compileEdition(source.page, source.systems)
  const { now } = await timeToJudge(tx)
  const rows = await loadRows(tx, { page, systems }, { ...whole, size, receivedBy: now })
  const known = await readCovered(
    tx,
    size,
    rows.map(({ ticket }) => ticket),
  )
  const evidence = rows.map(toEvidence)
  const { claims } = judgePage(page, systems, evidence, now)
  const bundle: Omit<Bundle, 'signed'> = {
    format: bundleFormat,
    at: new Date(now).toISOString(),
    judge: judgeVersion,
    page: { version: applied.version, source: source.page },
    register: makePublic(systems, namedOn(page)),
    verdicts: claims.map(({ claim, verdict: { verdict, until, because } }) => ({
      claim: claim.id,
      verdict,
      until: until === null ? null : new Date(until).toISOString(),
      because,
    })),
    log: { origin, key, checkpoint, earlier: await proveDays(tx, size) },
    entries: await bundleEntries(tx, size, [...versions, ...known.values()]),
  }
  const signed = await signDocument(bundle as unknown as Json, [signer], sha256)
  const headers = { 'content-disposition': 'attachment; filename="kept-bundle.json"' }
  return { type: 'application/json', body: JSON.stringify({ ...bundle, signed }), headers }
}

interface Covered {
  ticket: string
  index: string
  body: Buffer
}

/** The entries of versions of the page, oldest first. */
function readVersions(tx: Transaction, size: number): Promise<(Covered & { version: number })[]> {
  return tx.rows<Covered & { version: number }>`
    select v.version, e.ticket, e.index, e.body
    from claims.versions v join ledger.entries e on e.ticket = v.ticket
    where e.index < ${size} order by v.version`
}

async function readTexts(tx: Transaction, version: number) {
  const row = await tx.row<{ page: string; systems: string }>`
    select page, systems from claims.versions where version = ${version}`
  return row!
}

async function readCovered(
  tx: Transaction,
  size: number,
  tickets: readonly string[],
): Promise<Map<string, Covered>> {
  const rows = await tx.rows<Covered>`
    select ticket, index, body from ledger.entries
    where ticket = any(${tickets}::bigint[]) and index < ${size}`
  return new Map(rows.map((row) => [row.ticket, row]))
}

async function bundleEntries(
  tx: Transaction,
  size: number,
  covered: readonly Covered[],
): Promise<BundledEntry[]> {
  const sorted = covered.toSorted((a, b) => Number(a.index) - Number(b.index))
  const indexes = sorted.map(({ index }) => Number(index))
  const paths = await proveEntries(tx, size, indexes)
  return sorted.map(({ body }, i) => ({
    index: indexes[i]!,
    entry: decodeEntry(body) as unknown as BundledEntry['entry'],
    path: paths[i]!,
  }))
}

/** Every word that the page gives to a proof: a tag among them is public already. */
function namedOn({ claims }: Page): Set<string> {
  const values = claims.flatMap(({ obligations }) =>
    obligations.flatMap(({ params }) => Object.values(params)),
  )
  return new Set(values.flatMap((value) => formatValue(value).toLowerCase().split(',')))
}

/**
 * How to reach a system, what opens it and the keys of runners are nobody else's business. Neither is
 * what a tag `name:value` tells a collector: a canary tenant that everybody knows is none.
 */
function makePublic({ subjects, runners, unread }: Systems, named: ReadonlySet<string>): Register {
  const isPublic = (tag: string) => !tag.includes(':') || named.has(tag.toLowerCase())
  return {
    subjects: subjects.map(({ id, type, provider, environment, regions, tags }) => ({
      id,
      type,
      provider,
      environment,
      regions,
      // A judge reads the edition of a document in its tags; no collector looks at documents.
      tags: type === 'document' ? tags : tags.filter(isPublic),
    })),
    runners: runners.map(({ id, holder, name, kinds, subjects: about }) => ({
      id,
      holder,
      name,
      kinds,
      subjects: about,
    })),
    unread,
  }
}
