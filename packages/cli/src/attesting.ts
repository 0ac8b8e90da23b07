import { randomUUID } from 'node:crypto'
import {
  dayEnd,
  didYouMean,
  isDate,
  proofs,
  readInstant,
  type Fields,
  type Measure,
  type Need,
} from '@kept/page'
import type { ExitCode, Given } from './command.ts'
import { Failure } from './failure.ts'
import { toJson } from './json.ts'
import { waitUntilJudged } from './look-now.ts'
import { verdictLook } from './look.ts'
import { push } from './push.ts'
import { openSigned } from './signed.ts'
import type { ShownClaim } from './standing.ts'
import type { Terminal } from './terminal.ts'
import { shorten, wrap } from './typeset.ts'

/** Composes one piece of evidence, pushes it, and says what it makes of the claims that read it. */
export async function attest(given: Given, terminal: Terminal): Promise<ExitCode> {
  const { words, options, lists } = given
  const [kind, subject] = words as [string, string]
  checkKind(kind)
  const isFailure = options.has('fail')
  const said = [...(lists.get('measured') ?? [])]
  const until = options.get('until')
  if (until !== undefined) said.push(`validUntil=${readUntil(until)}`)
  readMeasured(kind, vocabularyOf(kind), said)
  const remote = await openSigned(given, 'attest', terminal)
  const { claims: before } = await remote.get('/api/claims')
  const needs = needsOnPage(kind, before)
  const measured = readMeasured(kind, needs.length > 0 ? needs : vocabularyOf(kind), said)
  if (!isFailure && needs.length > 0) checkWhole(kind, needs, measured)
  const at = Math.floor(remote.now())
  const outcome = isFailure ? ('fail' as const) : ('pass' as const)
  const id = `attested-${randomUUID()}`
  const evidence = {
    id,
    kind,
    subject,
    outcome,
    measured,
    observedAt: at,
    receivedAt: at,
    runner: remote.as,
  }
  await push(remote, [evidence])
  const after = await waitUntilJudged(remote, at, terminal.now() + 15_000, terminal)
  const readers = after.filter(({ proofs: ids }) => ids.some((one) => reads(one, kind)))
  await terminal.print(
    options.has('json')
      ? toJson({
          evidence: { ...evidence, observedAt: new Date(at).toISOString() },
          claims: readers,
        })
      : sayReaders(readers, before, terminal.width),
  )
  return 0
}

function* sayReaders(
  claims: readonly ShownClaim[],
  before: readonly ShownClaim[],
  width: number,
): Generator<string> {
  if (claims.length === 0) yield 'taken; no claim of the page reads it\n'
  for (const { id, text, verdict, because } of claims) {
    const was = before.find((one) => one.id === id)?.verdict
    const turn = was === undefined || was === verdict ? verdict : `${was} -> ${verdict}`
    const lead = `${verdictLook[verdict].shape} #${id} ${turn}: `
    yield `${wrap(shorten(text, 200), width, lead, '    ').join('\n')}\n`
    yield `${wrap(because, width, '  because: ', '    ').join('\n')}\n`
  }
}

/** The kinds that a need reads: of a clock its intake too, which measures nothing, and its rehearsal, which may. */
function fieldsOf(need: Need, kind: string): Fields | null {
  if (need.kind === kind)
    return need.form === 'clocked' ? { ...clock, ...need.fields } : need.fields
  if (need.form !== 'clocked') return null
  if (need.rehearsal.kind === kind) return mayBeAbsent({ ...times, ...need.fields })
  return need.intake.kind === kind ? {} : null
}

function mayBeAbsent(fields: Fields): Fields {
  const all = Object.entries(fields).map(([name, type]) => [name, type.replace(/\??$/, '?')])
  return Object.fromEntries(all) as Fields
}

const times: Fields = { startedAt: 'instant', dueAt: 'instant?', doneAt: 'instant?' }
const clock: Fields = { case: 'text', ...times }

/** What each reader of the kind wants measured. */
function vocabularyOf(kind: string, ids?: ReadonlySet<string>): Fields[] {
  return proofs
    .filter(({ id }) => ids === undefined || ids.has(id))
    .flatMap(({ needs }) => needs.map((need) => fieldsOf(need, kind)))
    .filter((fields) => fields !== null)
}

function needsOnPage(kind: string, claims: readonly ShownClaim[]): Fields[] {
  return vocabularyOf(kind, new Set(claims.flatMap((claim) => claim.proofs)))
}

function reads(proof: string, kind: string): boolean {
  return vocabularyOf(kind, new Set([proof])).length > 0
}

function checkKind(kind: string): void {
  if (vocabularyOf(kind).length > 0) return
  const kinds = proofs.flatMap(({ needs }) =>
    needs.flatMap((need) =>
      need.form === 'clocked' ? [need.kind, need.intake.kind, need.rehearsal.kind] : [need.kind],
    ),
  )
  const near = didYouMean(kind, kinds)
  const fix = near ? `did you mean ${near}?` : '`kept explain PROOF` names the kinds it reads'
  throw new Failure('kept attest', `no proof reads evidence of "${kind}"`, fix)
}

function readUntil(said: string): string {
  if (isDate(said)) return new Date(dayEnd(said, 'UTC')).toISOString()
  if (readInstant(said) !== null) return said
  throw new Failure('--until', `"${said}" is no date`, 'write it as 2027-03-01')
}

/** Reads `name=value` by the fields of the kind; a wrong name or type says what was meant. */
function readMeasured(
  kind: string,
  vocabulary: readonly Fields[],
  said: readonly string[],
): Record<string, Measure> {
  const fields: Fields = Object.assign({}, ...vocabulary) as Fields
  const measured: Record<string, Measure> = {}
  for (const one of said) {
    const at = one.indexOf('=')
    const [name, text] = at < 0 ? [one, ''] : [one.slice(0, at), one.slice(at + 1)]
    const place = `--measured ${name}`
    if (at < 1 || text === '') {
      throw new Failure('--measured', `"${one}" is no fact`, 'write it as --measured name=value')
    }
    const type = Object.hasOwn(fields, name) ? fields[name]! : null
    if (type === null) throw unknownField(kind, name, Object.keys(fields))
    if (Object.hasOwn(measured, name)) throw new Failure(place, 'it is given twice', 'give it once')
    measured[name] = readValue(place, text, type.replace('?', ''))
  }
  return measured
}

function unknownField(kind: string, name: string, known: readonly string[]): Failure {
  const near = didYouMean(name, known)
  const carries = known.length > 0 ? `it carries ${known.join(', ')}` : 'it carries nothing'
  const fix = near ? `did you mean ${near}?` : carries
  return new Failure(`--measured ${name}`, `evidence of ${kind} has no field "${name}"`, fix)
}

function readValue(place: string, text: string, type: string): Measure {
  const wrong = (what: string, example: string) =>
    new Failure(place, `"${text}" is no ${what}`, `write it as ${example}`)
  switch (type) {
    case 'number':
    case 'amount':
    case 'count':
    case 'some':
      if (/^\d+(?:\.\d+)?$/.test(text) && Number.isFinite(Number(text))) return Number(text)
      throw wrong('number', '12 or 0.5')
    case 'yes':
      if (['yes', 'true'].includes(text)) return true
      if (['no', 'false'].includes(text)) return false
      throw wrong('yes or no', 'yes or no')
    case 'words':
    case 'found':
      return text.split(',').map((word) => word.trim())
    case 'instant':
      if (isDate(text)) return new Date(dayEnd(text, 'UTC')).toISOString()
      if (readInstant(text) !== null) return text
      throw wrong('time with an offset', '2026-11-20T12:00:00Z')
    default:
      return text
  }
}

/** A fact left out would leave the claim as it was, without a word. */
function checkWhole(
  kind: string,
  needs: readonly Fields[],
  measured: Readonly<Record<string, Measure>>,
): void {
  const needed = needs.flatMap((fields) =>
    Object.keys(fields).filter((name) => !fields[name]!.endsWith('?')),
  )
  const missing = [...new Set(needed)].filter((name) => !Object.hasOwn(measured, name))
  if (missing.length === 0) return
  const wanted = missing.map((name) =>
    name === 'validUntil' ? '--until DATE' : `--measured ${name}=...`,
  )
  const reason = `the page needs more of ${kind}: ${missing.join(', ')}`
  throw new Failure('kept attest', reason, `add ${wanted.join(' ')}`)
}
