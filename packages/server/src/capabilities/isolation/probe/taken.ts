import { randomUUID } from 'node:crypto'
import type { Answer } from '../../../outside/request.ts'
import type { Operation } from './canaries.ts'
import { makersOf } from './made.ts'
import { anyWord } from './sample.ts'
import { textOf } from './values.ts'
import { freshWord } from './words.ts'
import { isSuccess, objectsOf, type Aside, type Name, type Setting } from './trial.ts'

/**
 * What one tenant calls its things, another may call its own: a value of the owner's is taken as one that
 * nobody has. Values are new each time, so that nothing deleted stands in the way.
 */
export async function findTaken(
  { canaries, making }: Setting,
  [owner, stranger]: readonly [Name, Name],
  onCrossing: (operation: Operation, why: string) => void,
): Promise<void> {
  for (const operation of makersOf(canaries)) {
    const make = async (tenant: Name, aside: Aside) => {
      const answer = await making.send({ tenant }, operation, objectsOf(canaries, tenant), aside)
      return { answer, isMade: isSuccess(answer.status) }
    }
    if (await isTaken(operation, make, [owner, stranger])) {
      onCrossing(operation, 'a value that another tenant uses is refused')
    }
    const { key } = operation.described ?? {}
    if (key === undefined) continue
    // What comes back for a key that somebody else used is found by the words in it.
    const aside = { headers: { [key]: randomUUID() } }
    await make(owner, aside)
    await make(stranger, aside)
  }
}

/** The stranger is refused the owner's value and not another, three times, each with new ones. */
async function isTaken(
  { body, described }: Operation,
  make: (tenant: Name, aside: Aside) => Promise<{ answer: Answer; isMade: boolean }>,
  [owner, stranger]: readonly [Name, Name],
): Promise<boolean> {
  const more = described?.more ?? {}
  if (!JSON.stringify([body, more]).includes(`{${anyWord}}`)) return false
  for (let times = 0; times < 3; times++) {
    const word = freshWord()
    const owners = await make(owner, { body: more, word })
    if (!owners.isMade || isAddress(owners.answer, word)) return false
    if ((await make(stranger, { body: more, word })).isMade) return false
    if (!(await make(stranger, { body: more })).isMade) return false
  }
  return true
}

/** A name that becomes a part of an address is taken for everybody, by right. */
function isAddress(answer: Answer, word: string): boolean {
  const text = textOf(answer)
  return (
    ['/', '.', '@', ':'].some((unit) => text.includes(unit + word)) || text.includes(`${word}.`)
  )
}
