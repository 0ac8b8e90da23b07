import { hash, randomUUID } from 'node:crypto'
import type { Systems } from '@kept/page'
import { Failure } from '../../foundation/failure.ts'
import { enqueue } from '../../foundation/jobs.ts'
import { at, json, type Transaction } from '../../foundation/transaction.ts'
import { append } from '../ledger/append.ts'
import { compareEditions, weakens, type Change, type Edition } from './changes.ts'
import { arrangeCollections, type CollectorList } from './collections.ts'
import { checkEdition, compileEdition, readApplied, type Applied } from './edition.ts'

/** What came of applying a page: a new version, the same as before, or a proposal that waits. */
export interface Applying {
  version: number
  proposal: string | null
  changes: Change[]
}

interface Texts {
  page: string
  systems: string
}

const nothing: Edition = {
  source: '',
  page: { company: null, contact: null, timeZone: 'UTC', claims: [], unlinked: [], findings: [] },
  systems: { subjects: [], runners: [], unread: [] },
}

/** Applies a page with its systems, or proposes it where it weakens a promise. */
export async function applyPage(
  tx: Transaction,
  texts: Texts,
  collectors: CollectorList,
): Promise<Applying> {
  const edition = checkEdition(texts.page, texts.systems)
  await takeTurn(tx)
  const before = await readApplied(tx)
  await refuseOtherHolders(tx, edition.systems)
  const changes = compareEditions(before ?? nothing, edition)
  if (before && before.source === texts.page && changes.length === 0 && (await isSame(tx, texts))) {
    // A newer Kept may have collectors that the page was not looked at with before.
    await arrangeCollections(tx, collectors)
    return { version: before.version, proposal: null, changes }
  }
  if (before && needsSecond(tx, before, changes, edition.systems))
    return { version: before.version, proposal: await propose(tx, before, texts, changes), changes }
  const version = await putInForce(tx, before, texts, changes, [by(tx)], collectors)
  return { version, proposal: null, changes }
}

/** What `applyPage` would say, without doing it. */
export async function comparePage(tx: Transaction, texts: Texts) {
  const edition = checkEdition(texts.page, texts.systems)
  const before = await readApplied(tx)
  await refuseOtherHolders(tx, edition.systems)
  const changes = compareEditions(before ?? nothing, edition)
  return {
    version: before?.version ?? 0,
    changes: changes.map((change) => ({ ...change, weakens: before !== null && weakens(change) })),
    needsSecond: before !== null && needsSecond(tx, before, changes, edition.systems),
  }
}

/** Whoever changes the page and whoever judges it take turns. */
async function takeTurn(tx: Transaction): Promise<void> {
  await tx.rows`select at from claims.next_judgement for update`
}

async function isSame(tx: Transaction, { systems }: Texts): Promise<boolean> {
  const row = await tx.row<{ systems: string }>`
    select systems from claims.versions order by version desc limit 1`
  return row?.systems === systems
}

/** Who speaks by an id does so for good, from when the page that names him is in force. */
async function holdFast(tx: Transaction, { runners }: Systems): Promise<void> {
  await tx.rows`
    insert into claims.holders (runner, personal)
    select * from unnest(${runners.map(({ id }) => id)}::text[],
      ${runners.map(({ holder }) => holder === 'person')}::boolean[]) on conflict do nothing`
}

/**
 * An id that a person spoke by stays a person's, and the other way round: what was said under it would
 * count for more, or for less, than it did.
 */
async function refuseOtherHolders(tx: Transaction, { runners }: Systems): Promise<void> {
  const ids = runners.map(({ id }) => id)
  const personal = runners.map(({ holder }) => holder === 'person')
  const row = await tx.row<{ runner: string; personal: boolean }>`
    select h.runner, h.personal from claims.holders h
    join unnest(${ids}::text[], ${personal}::boolean[]) as r (id, personal) on r.id = h.runner
    where h.personal <> r.personal limit 1`
  if (!row) return
  const [was, is] = row.personal ? ['a person', 'none'] : ['no person', 'one']
  throw new Failure(
    'not-acceptable',
    `the runner ${row.runner} was ${was} before, and cannot become ${is}`,
    {
      fix: 'give the new holder an id of its own',
    },
  )
}

/**
 * A second person must agree to whatever weakens. Only while fewer than two people are registered may
 * one alone register another person, since somebody has to be the second, and write between the claims.
 * Who runs Kept sets the secrets anyway.
 */
function needsSecond(
  tx: Transaction,
  { systems }: Applied,
  changes: readonly Change[],
  after: Systems,
): boolean {
  const isPerson = (runner: string) =>
    after.runners.some(({ id, holder }) => id === runner && holder === 'person')
  const people = systems.runners.filter(({ holder, key }) => holder === 'person' && key !== null)
  const isFirstCompany = people.length < 2
  const isOperator = tx.scope.actor.kind === 'operator'
  const mayAlone = ({ kind, id }: Change) =>
    (isOperator && kind === 'secret-given') ||
    (isFirstCompany && (kind === 'prose-changed' || (kind === 'runner-added' && isPerson(id))))
  return changes.filter(weakens).some((change) => !mayAlone(change))
}

async function propose(
  tx: Transaction,
  before: Applied,
  { page, systems }: Texts,
  changes: readonly Change[],
): Promise<string> {
  const known = await tx.row<{ id: string }>`
    select id from claims.proposals
    where ended_at is null and base = ${before.version} and page = ${page} and systems = ${systems}`
  if (known) return known.id
  const id = randomUUID()
  const approved = tx.scope.actor.kind === 'person' ? [by(tx)] : []
  await tx.rows`
    insert into claims.proposals (id, base, page, systems, changes, proposed_at, proposed_by, approved_by)
    values (${id}, ${before.version}, ${page}, ${systems}, ${json(changes)}, ${at(tx.now)}, ${by(tx)},
      ${approved})`
  return id
}

interface Proposal extends Texts {
  id: string
  base: number
  changes: Change[]
  approved_by: string[]
  outcome: string | null
}

/**
 * Agrees to a proposal. It is applied once two different people stand behind it; who proposed it is
 * one of them when a person did.
 */
export async function approveProposal(
  tx: Transaction,
  id: string,
  collectors: CollectorList,
): Promise<{ version: number | null; waitsFor: number }> {
  await takeTurn(tx)
  const proposal = await lockProposal(tx, id)
  const before = (await readApplied(tx))!
  if (before.version !== proposal.base) {
    await end(tx, id, 'overtaken')
    return { version: null, waitsFor: 0 }
  }
  if (proposal.approved_by.includes(by(tx))) {
    throw new Failure('second-person', `${by(tx)} stands behind this proposal already`, {
      fix: 'let another registered person run: kept approve',
    })
  }
  const people = [...proposal.approved_by, by(tx)]
  await tx.rows`update claims.proposals set approved_by = ${people} where id = ${id}`
  if (people.length < 2) return { version: null, waitsFor: 2 - people.length }
  const version = await putInForce(tx, before, proposal, proposal.changes, people, collectors)
  await end(tx, id, 'applied')
  return { version, waitsFor: 0 }
}

export async function declineProposal(tx: Transaction, id: string): Promise<void> {
  await lockProposal(tx, id)
  await end(tx, id, 'declined')
}

async function lockProposal(tx: Transaction, id: string): Promise<Proposal> {
  const row = await tx.row<Proposal>`select * from claims.proposals where id = ${id} for update`
  if (!row) throw new Failure('not-found', 'there is no such proposal')
  if (row.outcome) throw new Failure('conflict', `this proposal was ${row.outcome}`)
  return row
}

async function end(tx: Transaction, id: string, outcome: string): Promise<void> {
  await tx.rows`update claims.proposals set outcome = ${outcome}, ended_at = ${at(tx.now)}
    where id = ${id}`
}

async function putInForce(
  tx: Transaction,
  before: Applied | null,
  texts: Texts,
  changes: readonly Change[],
  people: readonly string[],
  collectors: CollectorList,
): Promise<number> {
  const { systems } = compileEdition(texts.page, texts.systems)
  await refuseOtherHolders(tx, systems)
  await holdFast(tx, systems)
  const version = (before?.version ?? 0) + 1
  const ticket = await append(tx, 'claims.put-in-force', {
    version,
    by: people,
    page: digest(texts.page),
    systems: digest(texts.systems),
    changes: changes
      .slice(0, 200)
      .map(({ kind, id, says }) => ({ kind, id, says: says.slice(0, 200) })),
  })
  await tx.rows`
    insert into claims.versions (version, page, systems, changes, applied_at, by, ticket)
    values (${version}, ${texts.page}, ${texts.systems}, ${json(changes)}, ${at(tx.now)}, ${people},
      ${ticket.toString()})`
  for (const { id } of changes.filter(({ kind }) => kind === 'removed')) {
    const { text } = before!.page.claims.find((claim) => claim.id === id)!
    await tx.rows`insert into claims.removed (claim, text, version, removed_at)
      values (${id}, ${text}, ${version}, ${at(tx.now)})`
    await tx.rows`delete from claims.verdicts where claim = ${id}`
  }
  await arrangeCollections(tx, collectors)
  await enqueue(tx, 'claims.judge', {}, 'claims.judge')
  return version
}

function by(tx: Transaction): string {
  return tx.scope.actor.kind === 'operator' ? 'operator' : tx.scope.actor.id
}

/** A page is too long for an entry; whoever holds its text can compare. */
export function digest(text: string): string {
  return `sha256:${hash('sha256', text, 'hex')}`
}
