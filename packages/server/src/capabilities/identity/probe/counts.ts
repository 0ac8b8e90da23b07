import { cannotLook } from '../../../foundation/look.ts'
import { documentPath, type Count } from './document.ts'
import { parse } from './users.ts'
import { at, say, type Visitor } from './visitor.ts'

/** A number that the app tells the owner of the canary tenant, or who knows a text of theirs. */
export async function readCount(
  owner: Visitor,
  count: Count | undefined,
  section: string,
): Promise<number> {
  if (!count) throw cannotLook(`${documentPath} does not say how "${section}" is counted`)
  const answer = await owner.send(count.ask)
  const told = answer && answer.status < 300 ? at(parse(answer.body), count.at) : null
  if (Number.isSafeInteger(told) && (told as number) >= 0) return told as number
  throw cannotLook(`${say(count.ask)} tells no number at "${count.at}"`)
}
