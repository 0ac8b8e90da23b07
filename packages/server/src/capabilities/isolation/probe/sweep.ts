import type { Answer } from '../../../outside/request.ts'
import type { Canaries, Operation } from './canaries.ts'
import { makeEach } from './made.ts'
import { isSuccess, namesOf, objectsOf, type Making, type Name, type Setting } from './trial.ts'
import { domainsOf, mailsIn } from './values.ts'

type Read = ReadonlyMap<Operation, Answer>

/**
 * Both make one of each thing, one after the other, and read all that they may: what either wrote is found
 * in what the other reads, also in files and summaries that were made of it.
 */
export async function sweep(
  { canaries, making, asked, echoing }: Setting,
  onCrossing: (operation: Operation, why: string) => void,
): Promise<void> {
  for (const tenant of ['a', 'b', 'a'] as const) await makeEach(making, canaries, tenant)
  for (const tenant of ['a', 'b'] as const) await readMade(canaries, making, tenant)
  const read = { a: await readAll(canaries, making, 'a'), b: await readAll(canaries, making, 'b') }
  for (const [owner, stranger] of [['a', 'b'] as const, ['b', 'a'] as const]) {
    for (const operation of findForeignMail(read[owner], read[stranger], asked[stranger])) {
      if (echoing[stranger].has(operation)) continue
      onCrossing(operation, 'its answer holds a mail address of another tenant')
    }
  }
}

/** Each kind of thing is read that was made last, by every operation that reads one. */
async function readMade(canaries: Canaries, making: Making, tenant: Name): Promise<void> {
  const newest = new Map(
    making.made.filter(({ by }) => by.tenant === tenant).map((one) => [one.name, one]),
  )
  for (const operation of canaries.operations) {
    if (operation.method !== 'GET' || operation.public) continue
    const made = newest.get(namesOf(operation).at(-1) ?? '')
    if (made === undefined) continue
    await making.send({ tenant }, operation, { ...made.objects, [made.name]: made.id })
  }
}

async function readAll(canaries: Canaries, { send }: Making, tenant: Name): Promise<Read> {
  const read = new Map<Operation, Answer>()
  for (const operation of canaries.operations) {
    if (operation.method !== 'GET' || operation.public) continue
    const answer = await send({ tenant }, operation, objectsOf(canaries, tenant))
    if (isSuccess(answer.status)) read.set(operation, answer)
  }
  return read
}

/**
 * The operations that tell the stranger an address which the owner sees too, elsewhere, at a domain that
 * of all objects only the owner's name. Where not both have such a domain, nothing can be told from it.
 */
function findForeignMail(owners: Read, strangers: Read, asked: ReadonlySet<string>): Operation[] {
  const [own, others] = [domainsOf(ofObjects(owners)), domainsOf(ofObjects(strangers))]
  if ([...others].every((domain) => own.has(domain))) return []
  return [...strangers].flatMap(([operation, answer]) => {
    const foreign = [...mailsIn(answer)].filter((mail) => {
      const domain = mail.split('@')[1]!
      const isOwners = own.has(domain) && !others.has(domain) && !asked.has(mail)
      return isOwners && isSeenElsewhere(mail, owners, strangers)
    })
    return foreign.length > 0 ? [operation] : []
  })
}

function ofObjects(read: Read): Answer[] {
  return [...read].flatMap(([one, answer]) => (namesOf(one).length > 0 ? [answer] : []))
}

function isSeenElsewhere(mail: string, owners: Read, strangers: Read): boolean {
  return [...owners].some(([operation, answer]) => {
    const theirs = strangers.get(operation)
    return mailsIn(answer).has(mail) && theirs !== undefined && !mailsIn(theirs).has(mail)
  })
}
