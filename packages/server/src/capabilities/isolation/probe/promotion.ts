import { cannotLook } from '../../../foundation/look.ts'
import { parse, type Operation } from './canaries.ts'
import { isSuccess, namesOf, objectsOf, type Name, type Objects, type Setting } from './trial.ts'

type Said = Readonly<Record<string, unknown>>

/** What the lesser user sees as itself, and where. */
interface Self {
  /** Reads it as its object. */
  reading: Operation
  objects: Objects
  said: Said
}

/**
 * The lesser user cannot change itself into one that may do more. Each choice in what it is, as a role, is
 * asked for; what the app shows of it is put back by the one who may.
 */
export async function findPromotion(
  setting: Setting,
  tenant: Name,
  onCrossing: (operation: Operation, why: string) => void,
): Promise<void> {
  const { canaries, making, hasLesser } = setting
  if (!hasLesser) return
  const self = await findSelf(setting, tenant)
  if (self === null) return
  const forbidden = canaries.operations.filter(
    (one) => one.method === 'GET' && !one.public && !canaries.lesser!.includes(one.name),
  )
  const lesser = { tenant, lesser: true } as const
  const may = async () => {
    for (const one of forbidden) {
      const { status } = await making.send(lesser, one, objectsOf(canaries, tenant))
      if (isSuccess(status)) return true
    }
    return false
  }
  if (forbidden.length === 0 || (await may())) return
  for (const operation of changesOf(setting, self)) {
    for (const instead of changes(operation, self.said)) {
      const { status } = await making.send(lesser, operation, self.objects, { instead })
      if (!isSuccess(status)) continue
      const isMore = await may()
      if (isMore) onCrossing(operation, 'the lesser role makes itself one that may do more')
      await putBack(setting, tenant, operation, self)
      if (isMore) return
    }
  }
}

/** A reading without parameters gives an object with an id, which another reading gives by that id. */
async function findSelf({ canaries, making }: Setting, tenant: Name): Promise<Self | null> {
  const lesser = { tenant, lesser: true } as const
  const mayDo = canaries.operations.filter(
    ({ name, method }) => method === 'GET' && canaries.lesser!.includes(name),
  )
  for (const operation of mayDo.filter((one) => namesOf(one).length === 0)) {
    const { body } = await making.send(lesser, operation, objectsOf(canaries, tenant))
    const { id } = read(body)
    if (typeof id !== 'string' && typeof id !== 'number') continue
    for (const reading of mayDo.filter((one) => namesOf(one).length === 1)) {
      const [kind] = namesOf(reading)
      const objects = { ...objectsOf(canaries, tenant), [kind!]: String(id) }
      const answer = await making.send(lesser, reading, objects)
      if (isSuccess(answer.status) && read(answer.body)['id'] === id) {
        return { reading, objects, said: read(answer.body) }
      }
    }
  }
  return null
}

/** The operations that change the object which the user is. */
function changesOf({ canaries }: Setting, { reading }: Self): Operation[] {
  return canaries.operations.filter(
    ({ method, path }) => (method === 'PATCH' || method === 'PUT') && path === reading.path,
  )
}

/** Bodies with one choice other than it is, of those that are shown and so can be put back. */
function changes({ body, described }: Operation, said: Said): Said[] {
  const asIs = asItIs(body, said)
  return Object.entries(described?.choices ?? {})
    .filter(([name]) => name in said)
    .flatMap(([name, values]) =>
      values.filter((one) => one !== said[name]).map((one) => ({ ...asIs, [name]: one })),
    )
    .slice(0, 10)
}

function asItIs(body: Operation['body'], said: Said): Said {
  const names = Object.keys(Object(body) as object).filter((name) => name in said)
  return Object.fromEntries(names.map((name) => [name, said[name]]))
}

async function putBack(
  { making }: Setting,
  tenant: Name,
  operation: Operation,
  { reading, objects, said }: Self,
): Promise<void> {
  const { name, described, body } = operation
  const choices = Object.keys(described?.choices ?? {}).filter((one) => one in said)
  const instead = {
    ...asItIs(body, said),
    ...Object.fromEntries(choices.map((one) => [one, said[one]])),
  }
  // Who changed it may change it again; if not, the one who may change all.
  for (const caller of [{ tenant, lesser: true as const }, { tenant }]) {
    await making.send(caller, operation, objects, { instead })
    const now = read((await making.send({ tenant }, reading, objects)).body)
    if (Object.keys(instead).every((one) => now[one] === said[one])) return
  }
  throw cannotLook(`${name} does not put back what it changed`)
}

function read(body: string): Said {
  return Object(parse(body)) as Said
}
