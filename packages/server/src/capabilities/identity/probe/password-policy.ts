import { dictionary } from '@zxcvbn-ts/language-common'
import { collector, seen } from '../../../foundation/look.ts'
import { readCount } from './counts.ts'
import { need, type Setting } from './document.ts'
import { sweepGuests } from './guests.ts'
import { isIn, lookAtSignIn, mustTellApart, sayFound, troubleOf, type SignInLook } from './look.ts'
import { putBack, openSetter, type Members, type Setter } from './setter.ts'
import { lettersOf } from './strong.ts'
import type { Visitor } from './visitor.ts'

/** Which passwords an app takes, found out by setting them. */
export const passwordPolicyCollector = collector({
  kind: 'service.password-policy',
  of: ['service'],
  every: 6 * 3600,
  timeout: 480,
  async collect(subject, context) {
    const members: Members = { current: null }
    const found: Found = { older: 0, ways: [] }
    const trouble = await troubleOf(
      lookAtSignIn(
        subject,
        context,
        (at) => tryAll(at, members, found),
        async (at, owner) => {
          await putBack(at, owner, members)
          await sweepGuests(at, owner)
        },
      ),
    )
    const { older, ways } = found
    const lengths = ways.map(({ least }) => least)
    const uneven = ways.filter(({ least }) => least < Math.max(...lengths))
    const taken = ways.flatMap(({ name, accepted }) => accepted.map((what) => `${name}: ${what}`))
    const said = [
      ...taken,
      ...uneven.map(({ name, least }) => `${name}: ${least} characters, fewer than elsewhere`),
    ]
    const measured = { minimumLength: Math.min(...lengths), shortAccepted: said.length, older }
    if (said.length > 0) return seen(measured, sayFound(said.join('; '), trouble))
    if (trouble) throw trouble
    return seen(measured)
  },
})

interface Found {
  older: number
  ways: Tried[]
}

interface Tried {
  name: string
  /** The fewest characters that were taken, whatever letters they are. */
  least: number
  /** What was taken and should have been refused. */
  accepted: string[]
}

async function tryAll(at: SignInLook, members: Members, found: Found): Promise<void> {
  const passwords = need(at.document, 'passwords')
  await mustTellApart(at)
  const owner = await at.enterOwner()
  // What a look that died half-way left.
  await sweepGuests(at, owner)
  const count = async () =>
    at.kept?.older ?? (await readCount(owner, passwords.older, 'passwords.older'))
  found.older = await count()
  for (const [name, setting] of Object.entries(passwords.ways))
    found.ways.push(await tryWay(at, owner, { name, setting, members }))
  // The canary's own was set anew meanwhile.
  found.older = await count()
}

async function tryWay(
  at: SignInLook,
  owner: Visitor,
  one: { name: string; setting: Setting; members: Members },
): Promise<Tried> {
  const setter = await openSetter(at, owner, one)
  const accepted: string[] = []
  const { length, password } = await findLeast(setter)
  accepted.push(...(await tryParts(at, setter, password)))
  accepted.push(...(await tryLong(at, setter, length)))
  const letters = await findLeastLetters(setter, length)
  if (letters < length) accepted.push(`${letters} characters, if they are letters of several bytes`)
  for (const password of commonOnes(length))
    if (await setter.isTaken(password)) accepted.push('one of the most used passwords')
  if (need(at.document, 'passwords').refusesWords)
    for (const password of ofWords(setter.visitor.variables, length))
      if (await setter.isTaken(password)) accepted.push('one made of the own name or address')
  return { name: one.name, least: letters, accepted: [...new Set(accepted)] }
}

/** As far as is looked for a length that is taken. */
const longest = 64

/** From one character on, each refused but the last, which is the control. */
async function findLeast(setter: Setter): Promise<{ length: number; password: string }> {
  for (let length = 1; length <= longest; length++) {
    const password = setter.strong(length)
    if (await setter.isTaken(password)) return { length, password }
  }
  throw setter.cannot(`takes no password of up to ${longest} characters`)
}

/** That all of it counts: what was set lets in, and what lacks the last character does not. */
async function tryParts(at: SignInLook, setter: Setter, password: string): Promise<string[]> {
  await mustSignIn(at, setter, password)
  const part = password.slice(0, -1)
  const counts = part === '' || !(await signsIn(at, setter, part))
  return counts ? [] : ['one that counts without its last character']
}

/** The first of these that an app takes is its long one. */
const longOnes = [100, 72, 64, 48, 32, 24, 20, 16]
/** Where apps are known to cut. */
const cuts = [72, 64, 32, 16, 10, 8]

/** That a long one counts to its end, and not its first characters alone. */
async function tryLong(at: SignInLook, setter: Setter, least: number): Promise<string[]> {
  const password = await takeLong(setter, least)
  if (password === null) return []
  await mustSignIn(at, setter, password)
  let counted: number | null = null
  // Who takes few of them takes more, so that the first refusal says it of all.
  for (const cut of [password.length - 1, ...cuts.filter((one) => one < password.length - 1)]) {
    if (!(await signsIn(at, setter, password.slice(0, cut)))) break
    counted = cut
  }
  if (counted === null) return []
  return [`one of ${password.length} characters of which the first ${counted} let in`]
}

async function takeLong(setter: Setter, least: number): Promise<string | null> {
  for (const length of longOnes.filter((one) => one > least)) {
    const password = setter.strong(length)
    if (await setter.isTaken(password)) return password
  }
  return null
}

/** The control of what must let nobody in. */
async function mustSignIn(at: SignInLook, setter: Setter, password: string): Promise<void> {
  if (!(await signsIn(at, setter, password))) throw setter.cannot('takes one that lets nobody in')
}

async function signsIn(
  { document, users, visit }: SignInLook,
  setter: Setter,
  given: string,
): Promise<boolean> {
  const by = visit(users.member, undefined, { ...setter.visitor.variables, password: given })
  await by.walk(document.signIn)
  return await isIn(by, document.reading)
}

/**
 * The fewest letters that are one character each (NIST SP 800-63B, section 3.1.1.2) but two units of UTF-16
 * and four bytes: who counts those takes too few.
 */
async function findLeastLetters(setter: Setter, length: number): Promise<number> {
  for (let letters = Math.ceil(length / 4); letters < length; letters++)
    if (await setter.isTaken(lettersOf(letters))) return letters
  return length
}

const tried = 4

function commonOnes(length: number): string[] {
  return dictionary['passwords-common'].filter((one) => one.length >= length).slice(0, tried)
}

/** Words that somebody who knows the user or their company tries first, made as long as they must be. */
function ofWords(variables: Readonly<Record<string, string>>, length: number): string[] {
  const { tenant = '', email = '' } = variables
  const words = [tenant, email.split('@')[1]?.split('.')[0] ?? '']
  const long = [...new Set(words.map((word) => word.toLowerCase()))].filter(
    (word) => word.length >= 5,
  )
  return long.map((word) =>
    `${word}${'2026!2027!2028!'.repeat(5)}`.slice(0, Math.max(length, word.length + 3)),
  )
}
