import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Failure } from '../../foundation/failure.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { whyCommon } from './common-passwords.ts'
import type { Rules } from './rules.ts'

const derive = promisify(argon2)

/** OWASP's parameters for argon2id: 19 MiB, two passes, one lane. It runs off the event loop. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }

/** PHC string format. */
async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', { ...cost, message: spell(password), nonce })
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${encode(nonce)}$${encode(tag)}`
}

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** Takes as long for an account that has no password: `stored` is null then. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, memory, passes, parallelism, nonce, tag] = form.exec(stored ?? (await decoy()))!
  const expected = Buffer.from(tag!, 'base64')
  const made = await derive('argon2id', {
    message: spell(password),
    nonce: Buffer.from(nonce!, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  })
  return timingSafeEqual(made, expected) && stored !== null
}

let known: Promise<string> | null = null
const decoy = () => (known ??= hashPassword(randomBytes(16).toString('hex')))

/** NIST SP 800-63B section 3.1.1.2: one character may be typed in several spellings. */
function spell(password: string): string {
  return password.normalize('NFKC')
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}

/** Characters at most: a longer one costs time and gains nothing. */
const longest = 256

/**
 * Why a password is refused: too short, one that many have, or made of words that somebody who knows the
 * person or the company tries first. No rule asks for kinds of characters.
 *
 * @throws Failure `weak-password`
 */
function judgePassword(
  password: string,
  { passwordLength }: Pick<Rules, 'passwordLength'>,
  words: readonly string[],
): void {
  const spelled = spell(password)
  const length = Array.from(spelled).length
  if (length < passwordLength) {
    throw weak(
      `it has ${length} characters`,
      `take ${passwordLength} or more: four random words do`,
    )
  }
  if (length > longest) throw weak(`it has ${length} characters`, `take at most ${longest}`)
  const bare = strip(spelled)
  const named = words.flatMap(partsOf).find((word) => isMadeOf(bare, word))
  if (named !== undefined) {
    throw weak(`it is little more than "${named}"`, 'take words that have nothing to do with you')
  }
  const why = whyCommon(spelled, passwordLength)
  if (why !== null) throw weak(why, 'take four random words, or a password manager')
}

function weak(why: string, fix: string): Failure {
  return new Failure('weak-password', `this password is not taken: ${why}`, { fix })
}

/** What is left of one without the digits and signs that people put around a word. */
function strip(password: string): string {
  return password.toLowerCase().replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
}

/** Names and addresses in the parts that somebody would make a password of. */
function partsOf(word: string): string[] {
  const parts = word.toLowerCase().split(/[^\p{L}\p{N}]+/u)
  return [...parts, parts.join('')].filter((part) => part.length >= 4)
}

/** Whether a word makes up most of it. */
function isMadeOf(bare: string, word: string): boolean {
  return bare.includes(word) && bare.replaceAll(word, '').length < 8
}

/** Sets it, for an account that proved who it is. */
export async function setPassword(
  tx: Transaction,
  {
    account,
    password,
    rules,
    words,
  }: {
    account: string
    password: string
    rules: Rules
    words: readonly string[]
  },
): Promise<void> {
  judgePassword(password, rules, words)
  const hash = await hashPassword(password)
  await tx.rows`
    insert into identity.passwords (account, hash, minimum, set_at)
    values (${account}, ${hash}, ${rules.passwordLength}, ${at(tx.now)})
    on conflict (account) do update set hash = excluded.hash, minimum = excluded.minimum,
      set_at = excluded.set_at`
}
