import { createHash } from 'node:crypto'
import {
  encodeEntry,
  hashLeaf,
  LedgerError,
  openCheckpoint,
  verifyConsistency,
  verifyDocument,
  verifyInclusion,
  type Json,
  type OpenedCheckpoint,
  type Verifier,
} from '@kept/ledger'
import { judgeVersion, rejudge, type Bundle } from '@kept/page'
import { fromBase64, readKey, sha256 } from './bytes.ts'
import type { Brought, Finding, Verification } from './verification.ts'

/** Verifies a bundle with nothing but itself and what the reader brings along. */
export function verifyBundle(bundle: Bundle, { key, earlier }: Brought): Verification {
  const keys = [readKey(key ?? bundle.log.key, key === null ? 'the bundle' : '--key')]
  const findings: Finding[] = []
  if (key !== null && key !== bundle.log.key) {
    findings.push({ place: 'log.key', says: `the bundle names another key: ${bundle.log.key}` })
  }
  findings.push(...checkSignature(bundle, keys))
  const opened = attempt('log.checkpoint', findings, () =>
    open(bundle.log.checkpoint, bundle, keys),
  )
  if (opened) {
    findings.push(...checkEntries(bundle, opened))
    findings.push(...checkDays(bundle, opened, keys))
    findings.push(...checkEarlier(bundle, opened, keys, earlier))
  }
  findings.push(...checkPage(bundle), ...judgeAgain(bundle))
  return { findings, said: opened ? describe(bundle, opened) : [], trusted: trustedBy(bundle, key) }
}

/** What throws a fault of the ledger becomes a finding; null then. */
function attempt<T>(place: string, findings: Finding[], work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    findings.push({ place, says: error.message })
    return null
  }
}

function open(note: string, { log }: Bundle, keys: readonly Verifier[]): OpenedCheckpoint {
  return openCheckpoint(note, { origin: log.origin, keys })
}

function checkSignature({ signed, ...rest }: Bundle, keys: readonly Verifier[]): Finding[] {
  const findings: Finding[] = []
  attempt('signed', findings, () => verifyDocument(rest as unknown as Json, signed, keys, sha256))
  return findings
}

function checkEntries({ entries }: Bundle, { size, root }: OpenedCheckpoint): Finding[] {
  const findings: Finding[] = []
  let last = -1
  for (const { index, entry, path } of entries) {
    const place = `entry ${index}`
    if (index <= last) findings.push({ place, says: `it stands after entry ${last}: reordered` })
    last = index
    const proof = path.map(fromBase64)
    const leaf = attempt(place, findings, () =>
      hashLeaf(encodeEntry(entry as unknown as Json), sha256),
    )
    if (!leaf) continue
    const holds =
      proof.every((hash) => hash !== null) &&
      verifyInclusion({ index, size, leaf, proof, root }, sha256)
    const says = `it is not in the log that was signed at ${size} entries: edited, moved or made up`
    if (!holds) findings.push({ place, says })
  }
  return findings
}

/** Each earlier checkpoint must be the beginning of the newest. */
function checkDays(bundle: Bundle, newest: OpenedCheckpoint, keys: readonly Verifier[]): Finding[] {
  const findings: Finding[] = []
  for (const [i, { checkpoint, path }] of bundle.log.earlier.entries()) {
    const place = `log.earlier[${i}]`
    const day = attempt(place, findings, () => open(checkpoint, bundle, keys))
    if (!day) continue
    const proof = path.map(fromBase64)
    const holds =
      proof.every((hash) => hash !== null) &&
      verifyConsistency(
        {
          first: day.size,
          second: newest.size,
          firstRoot: day.root,
          secondRoot: newest.root,
          proof,
        },
        sha256,
      )
    const says = `the log of ${day.size} entries is not the beginning of the one of ${newest.size}`
    if (!holds) findings.push({ place, says })
  }
  return findings
}

/** Checkpoints that the reader kept are held against those of the same size in the bundle. */
function checkEarlier(
  bundle: Bundle,
  newest: OpenedCheckpoint,
  keys: readonly Verifier[],
  earlier: readonly string[],
): Finding[] {
  const findings: Finding[] = []
  const known = new Map([[newest.size, newest]])
  for (const { checkpoint } of bundle.log.earlier) {
    const day = attempt('', [], () => open(checkpoint, bundle, keys))
    if (day) known.set(day.size, day)
  }
  for (const note of earlier) {
    const kept = attempt('--earlier', findings, () => open(note, bundle, keys))
    if (!kept) continue
    const place = `--earlier of ${kept.size} entries`
    const here = known.get(kept.size)
    if (kept.size > newest.size) {
      const says = `the log had ${kept.size} entries and the bundle knows ${newest.size}: truncated, or an older bundle`
      findings.push({ place, says })
    } else if (!here) {
      const says = 'the bundle cannot show whether the log went on from it; `kept verify URL` can'
      findings.push({ place, says })
    } else if (!Buffer.from(here.root).equals(kept.root)) {
      findings.push({ place, says: 'the log has another history now: it was signed anew' })
    }
  }
  return findings
}

interface PutInForce {
  version?: unknown
  page?: unknown
}

/** The page must be the one that the ledger says was put in force last. */
function checkPage({ page, entries }: Bundle): Finding[] {
  const last = entries.findLast(({ entry }) => entry.action === 'claims.put-in-force')
  if (!last) return [{ place: 'page', says: 'no entry says that it was put in force' }]
  const { version, page: digest } = last.entry.entry as PutInForce
  const is = `sha256:${createHash('sha256').update(page.source).digest('hex')}`
  if (version === page.version && digest === is) return []
  const says = `it is not version ${String(version)}, which entry ${last.index} put in force`
  return [{ place: 'page', says }]
}

function judgeAgain(bundle: Bundle): Finding[] {
  const by =
    bundle.judge === judgeVersion
      ? ''
      : `; it was judged by version ${bundle.judge}, and this is ${judgeVersion}`
  return rejudge(bundle).map(({ at, says }) => ({ place: at, says: says + by }))
}

function describe({ at, verdicts, entries, judge }: Bundle, { size }: OpenedCheckpoint): string[] {
  const evidence = entries.filter(({ entry }) => entry.action === 'claims.evidence').length
  return [
    `${verdicts.length} verdicts of ${at}, judged again from ${evidence} pieces of evidence (judge ${judge})`,
    `${entries.length} entries held against the signed root of ${size}`,
  ]
}

/** Law 5: what no bundle can show is named. */
function trustedBy({ log, register, entries }: Bundle, key: string | null): string[] {
  const heard = new Set(
    entries
      .filter(({ entry }) => entry.action === 'claims.evidence')
      .map(({ entry }) => (entry.entry as { runner?: unknown } | null)?.runner),
  )
  const runners = register.runners
    .filter(({ id }) => heard.has(id))
    .map(({ id, holder, name }) => `${name ?? id} (${holder})`)
  return [
    ...(key === null ? [`the key that came with it, ${log.key}; compare it, or give --key`] : []),
    `that the register names all systems, that all evidence was entered into the ledger, and that none of it was left out of this bundle: whoever has the ledger can look (kept verify URL)`,
    ...(runners.length > 0 ? [`the runners that were heard: ${runners.join(', ')}`] : []),
  ]
}
