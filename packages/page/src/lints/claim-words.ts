import { isAddress } from '../address.ts'
import type { Source } from '../compile.ts'
import { recognise } from '../draft/recognise.ts'
import type { Claim, Obligation } from '../page.ts'
import { formatDuration } from '../duration.ts'
import { formatValue, type Value } from '../params.ts'
import { linksIn, type Block } from '../read/prose.ts'
import type { Sentence } from '../read/sentences.ts'
import { deniedIn } from './claim-denial.ts'
import { lackingIn, type Lacking } from './looser.ts'

/** What a reader would be told wrong by a claim: an error where its words say more than is proved. */
interface Objected {
  level: 'error' | 'warning'
  message: string
}

/** What the recogniser has to say of a page's claims. */
interface ReadClaims {
  objected: ReadonlyMap<Claim, Objected>
  /** Claims of which it read each proof and figure, and found all that the words say in the address. */
  confirmed: ReadonlySet<Claim>
}

/** No page promises more that a reader could compare; to recognise a sentence takes longer than to read it. */
export const mostRead = 2000

interface Read {
  claim: Claim
  /** Promises that the recogniser finds in the claim's own sentence, where its link stands. */
  said: Obligation[]
}

/**
 * Reads each claim's own sentence as a draft would, and holds what is recognised there against the
 * address, parameter by parameter. What nobody recognises says nothing here.
 */
export function claimWords(source: Source, claims: readonly Claim[]): ReadClaims {
  const objected = new Map<Claim, Objected>()
  const confirmed = new Set<Claim>()
  const sound = claims.filter(({ faulty }) => faulty === null).slice(0, mostRead)
  // Most are sound read loosely, which costs half; only what is not is read as a draft reads it.
  const doubted = new Set<Claim>()
  for (const one of readClaims(source, sound, null)) {
    if (objectionTo(one)) doubted.add(one.claim)
    else if (isRead(one)) confirmed.add(one.claim)
  }
  for (const one of readClaims(source, sound, doubted)) {
    const objection = doubted.has(one.claim) ? objectionTo(one) : null
    if (objection) objected.set(one.claim, objection)
    else if (isRead(one)) confirmed.add(one.claim)
  }
  return { objected, confirmed }
}

function objectionTo({ claim, said }: Read): Objected | null {
  return denied(claim, said) ?? looser(claim, said) ?? narrower(claim) ?? another(claim, said)
}

/** Whether words gave all that an address gives. */
function isRead({ claim, said }: Read): boolean {
  return claim.obligations.every((own) => said.some((read) => readsAll(read, own)))
}

/** Whether words gave each figure that an address gives. */
function readsAll(read: Obligation, own: Obligation): boolean {
  return (
    read.proof.id === own.proof.id &&
    Object.entries(own.params).every(
      ([name, value]) => isWord(value) || read.params[name] !== undefined,
    )
  )
}

function isWord(value: Value): boolean {
  return typeof value === 'string' || Array.isArray(value)
}

/** What the sentences of claims say: of all of them loosely, or of some as a draft reads them. */
function readClaims(
  source: Source,
  claims: readonly Claim[],
  some: ReadonlySet<Claim> | null,
): Iterable<Read> {
  if (claims.length === 0 || some?.size === 0) return []
  const read = new Map(
    claims.map((claim) => [claim.span.from, { claim, said: [] as Obligation[] }]),
  )
  const isWithout = ({ block, from, to }: Sentence) =>
    !claimsAt(block, from, to).some((at) => {
      const one = read.get(at)
      return one !== undefined && (some?.has(one.claim) ?? true)
    })
  for (const { block, found } of recognise(source.prose.blocks, isWithout, some === null)) {
    for (const promise of found) {
      const beside = claimsAt(block, promise.from, promise.to).flatMap((at) => read.get(at) ?? [])
      for (const obligation of promise.obligations) {
        const own = beside.filter(({ claim }) => obligationOf(claim, obligation) !== undefined)
        for (const { said } of meantBy(obligation, own, beside)) said.push(obligation)
      }
    }
  }
  return read.values()
}

/** Of several claims in one stretch those which have the proof are meant, and those which keep it. */
function meantBy(said: Obligation, own: readonly Read[], beside: readonly Read[]): readonly Read[] {
  if (own.length === 0) return beside
  const kept = own.filter(({ claim }) => lacking(claim, said).length === 0)
  if (kept.length > 0) return kept
  const together = own.length > 1 && lackingIn(said, joined(own, said)).length === 0
  return together ? [] : own
}

/** Two claims of one proof that share a list: a policy each. */
function joined(own: readonly Read[], said: Obligation): Obligation {
  const params: Record<string, Value> = {}
  for (const { claim } of own)
    for (const [name, value] of Object.entries(obligationOf(claim, said)!.params)) {
      const known = params[name]
      params[name] =
        Array.isArray(known) && Array.isArray(value) ? [...new Set([...known, ...value])] : value
    }
  return { proof: said.proof, params }
}

function claimsAt(block: Block, from: number, to: number): number[] {
  return linksIn(block, from, to)
    .filter(({ url }) => isAddress(url))
    .map(({ span }) => span.from)
}

function obligationOf({ obligations }: Claim, { proof }: Obligation): Obligation | undefined {
  return obligations.find((one) => one.proof.id === proof.id)
}

/** What a claim's address promises less of than was read in its words. */
function lacking(claim: Claim, said: Obligation): Lacking[] {
  const own = obligationOf(claim, said)
  if (own) return lackingIn(said, own).filter((one) => !isRangeOf(claim, own, one))
  // Of its kin only what both give can be compared.
  const near = kinOf(claim, said)
  return near ? lackingIn(said, near).filter(({ name }) => near.params[name] !== undefined) : []
}

/** `2 hours, at most 4` is a target and its promise: the address may give both. */
function isRangeOf({ text }: Claim, { params }: Obligation, { name, said }: Lacking): boolean {
  const value = params[name]
  if (typeof value !== 'object' || !('promise' in value)) return false
  if (formatDuration(value.target) !== said) return false
  const [count] = /^\d+/.exec(formatDuration(value.promise))!
  return new RegExp(`\\D${count}(?!\\d)`).test(text)
}

/** Words by which a claim denies what its address proves. */
function denied(claim: Claim, said: readonly Obligation[]): Objected | null {
  if (said.some((one) => obligationOf(claim, one))) return null
  const ids = new Set(claim.obligations.map(({ proof }) => proof.id))
  const words = deniedIn(claim, ids)
  if (words === null) return null
  return {
    level: 'error',
    message: `"${words}" denies what the address proves, ${[...ids].join(' and ')}: a kept verdict would say the contrary of these words.`,
  }
}

function looser(claim: Claim, said: readonly Obligation[]): Objected | null {
  const lack = said
    .flatMap((one) => lacking(claim, one))
    .filter(
      (one) => !(one.proof === 'changes.reviewed' && one.name === 'min' && team.test(claim.text)),
    )
  const worst = lack.find(({ isLie }) => isLie) ?? lack[0]
  if (!worst) return null
  return { level: worst.isLie ? 'error' : 'warning', message: sayLacking(worst) }
}

/** `Our four engineers review ...`: how many there are, and not how many look at a change. */
const team =
  /\b(?:our|all) (?:\w+ ){0,2}?(?:engineers|developers|people|colleagues|employees)\b(?! (?:must|have to) (?:both|all))/i

function sayLacking({ proof, name, said, promised }: Lacking): string {
  const less = promised === null ? `leaves ${name} out` : `promises ${name}=${promised}`
  return `These words say ${name}=${said} of ${proof}, and their address ${less}: a reader is told more than is proved.`
}

const all = /\b(?:all|every|each|everything|entire)\b/i
/** `Every 24 hours` says how often. */
const often =
  /\b(?:every|each) (?:(?:\d+|single|other|second|two|three|four|six|twelve) )?(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|quarters?|years?|time)\b|\bat all\b/gi

/** How prose calls the kinds that an address may narrow a proof to. */
const kinds: Readonly<Record<string, RegExp>> = {
  database: /\b(?:data ?bases?|data ?stores?|dbs?|clusters?|postgres\w*|mysql|rows?|records?)\b/,
  store: /\b(?:stor\w+|buckets?|dis[ck]s?|volumes?|files?|objects?|uploads?|drives?|backups?)\b/,
  service:
    /\b(?:services?|servers?|apps?|applications?|instances?|api|processes|containers?|nodes?)\b/,
}

/**
 * An address that names some systems or kinds of them, where the words speak of all and name none. What
 * customers have is in production, so whoever names only that leaves nothing of theirs out.
 */
function narrower({ text, context, obligations }: Claim): Objected | null {
  if (!all.test(text.replace(often, ''))) return null
  const around = ` ${context.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `
  const isNamed = (name: string) =>
    around.includes(` ${name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ')} `)
  for (const { proof, params } of obligations) {
    const [on, of] = [params['on'], params['of']]
    const isSome = Array.isArray(on) && !on.includes('production') && !on.some(isNamed)
    const isKind =
      Array.isArray(of) &&
      proof.params['of']?.says.endsWith(' when absent') === true &&
      !of.some((kind: string) => kinds[kind]?.test(around) ?? true)
    if (!isSome && !isKind) continue
    const narrow = isSome ? `on=${formatValue(on)}` : `of=${formatValue(of!)}`
    return {
      level: 'warning',
      message: `These words speak of all, and their address only of ${narrow}: of any other nothing is proved.`,
    }
  }
  return null
}

/** Proofs that the same words may mean, one for some and one for all, or one of customers and one of staff. */
const kin: readonly (readonly string[])[] = [
  ['provider', 'inventory'],
  ['password.minimum', 'password.policy'],
  ['mfa.staff', 'mfa.accounts'],
  ['session.timeout', 'session.lifetime'],
  ['encryption.in-transit', 'tls.suites'],
  ['residency', 'residency.processors', 'clusters.reviewed'],
]

/** The obligation of a claim that may be what was read, by a proof of its kin. */
function kinOf({ obligations }: Claim, { proof }: Obligation): Obligation | undefined {
  const ids = kin.find((some) => some.includes(proof.id))
  return obligations.find((one) => ids?.includes(one.proof.id))
}

function another(claim: Claim, said: readonly Obligation[]): Objected | null {
  if (said.length === 0 || said.some((one) => obligationOf(claim, one) || kinOf(claim, one)))
    return null
  const [first] = said
  const own = claim.obligations.map(({ proof }) => proof.id).join(' and ')
  return {
    level: 'warning',
    message: `A reader takes these words for ${first!.proof.id}, and their address proves ${own}: check that it is what the words say.`,
  }
}
