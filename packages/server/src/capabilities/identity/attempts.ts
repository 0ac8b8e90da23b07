import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { Failure } from '../../foundation/failure.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'

/** What is counted, and how many may be wrong within how long, in milliseconds. */
const limits = {
  /** One account from one network: who forgot a password tries so often. */
  pair: { most: 10, within: 15 * 60_000 },
  /** One account from anywhere: a botnet's guesses. Its owner is kept out no longer than this. */
  account: { most: 100, within: 60 * 60_000 },
  /** One network at any accounts. */
  network: { most: 100, within: 15 * 60_000 },
} as const

type Counted = keyof typeof limits

/** `who` is what was named, known or not: both are counted alike. */
function keysOf(tx: Transaction, who: string): [Counted, Buffer][] {
  const network = networkOf(tx.scope.address ?? 'none')
  return [
    ['pair', keyOf('pair', who, network)],
    ['account', keyOf('account', who)],
    ['network', keyOf('network', network)],
  ]
}

function keyOf(...parts: string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}

/** A network of IPv6 is one customer's: each of its addresses would be another chance. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address
  const [head = '', tail] = address.split('::')
  const front = head.split(':').filter(Boolean)
  const back = tail?.split(':').filter(Boolean) ?? []
  const zeros = tail === undefined ? [] : Array<string>(8 - front.length - back.length).fill('0')
  return [...front, ...zeros, ...back].slice(0, 4).join(':')
}

/**
 * Counts an attempt before it is made, in a transaction of its own: of those that come at once each must see the
 * others. What was right is taken back.
 *
 * @throws Failure `too-many`
 */
export async function countAttempt(tx: Transaction, who: string): Promise<void> {
  const keys = keysOf(tx, who)
  for (const [kind, key] of keys) {
    if (kind === 'pair') continue
    await tx.rows`select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(${key.toString('hex')}, 0))`
  }
  await mustWait(tx, keys)
  for (const [, key] of keys)
    await tx.rows`insert into identity.attempts (key, at) values (${key}, ${at(tx.now)})`
  await tx.rows`delete from identity.attempts where at < ${at(tx.now - limits.account.within)}`
}

async function mustWait(tx: Transaction, keys: readonly [Counted, Buffer][]): Promise<void> {
  for (const [kind, key] of keys) {
    const { most, within } = limits[kind]
    const row = await tx.row<{ count: string; first: Date }>`
      select count(*), min(at) as first from (
        select at from identity.attempts where key = ${key} and at > ${at(tx.now - within)}
        order by at desc limit ${most}) as last`
    if (Number(row!.count) < most) continue
    const seconds = Math.ceil((row!.first.getTime() + within - tx.now) / 1000)
    throw new Failure('too-many', 'too many attempts were wrong', {
      fix: `try again in ${Math.ceil(seconds / 60)} minutes`,
      retryAfter: seconds,
    })
  }
}

/** One that was right, or never came to be tried. */
export async function takeBack(tx: Transaction, who: string): Promise<void> {
  for (const [, key] of keysOf(tx, who)) {
    await tx.rows`delete from identity.attempts where ctid in (
      select ctid from identity.attempts where key = ${key} order by at desc limit 1)`
  }
}

/** What is kept of a refusal: the attempt, if it was a wrong one. */
export async function keepWrong(tx: Transaction, who: string, { code }: Failure): Promise<void> {
  if (code !== 'wrong-credentials' && code !== 'too-many') await takeBack(tx, who)
}

/** Who proved the right one is believed to have meant it: what was wrong before from here is forgotten. */
export async function forgetWrong(tx: Transaction, who: string): Promise<void> {
  const [[, pair]] = keysOf(tx, who) as [[Counted, Buffer]]
  await tx.rows`delete from identity.attempts where key = ${pair}`
}
