import type { Ask, Entity, Value } from '@kept/policy'
import { didYouMean } from '@kept/page'
import { Failure } from '../failure.ts'

/** The fields of an ask, as tests and files of asks have them. */
export const askFields = ['principal', 'action', 'resource', 'context'] as const

type Fields = Readonly<Record<string, unknown>>

/** An ask as data, checked; `place` is where it stands. */
export function readAsk(value: unknown, place: string, also: readonly string[] = []): Ask {
  const fields = fieldsOf(value, place, [...askFields, ...also])
  const { action, context } = fields
  if (typeof action !== 'string') throw wrong(place, 'action is no text', 'write action: read')
  return {
    principal: readEntity(fields['principal'], 'principal', place),
    action,
    resource: readEntity(fields['resource'], 'resource', place),
    ...(context === undefined
      ? {}
      : { context: fieldsOf(context, place) as Readonly<Record<string, Value>> }),
  }
}

/** An object with none but known fields; with any where none are said. */
export function fieldsOf(value: unknown, place: string, known?: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(place, 'it is no map of names and values', 'see `kept policy test --help`')
  }
  const stranger = known && Object.keys(value).find((name) => !known.includes(name))
  if (stranger === undefined) return value as Fields
  const near = didYouMean(stranger, known!)
  const fix = near ? `did you mean ${near}?` : `it has ${known!.join(', ')}`
  throw wrong(place, `there is no field "${stranger}"`, fix)
}

/** `User::ada`, `User::"ada"`, or a map of type, id, attrs and parents. */
function readEntity(value: unknown, role: string, place: string): Entity {
  if (typeof value === 'string') return readReference(value, role, place)
  if (value === undefined) throw wrong(place, `${role} is missing`, `write ${role}: User::ada`)
  const fields = fieldsOf(value, place, ['type', 'id', 'attrs', 'parents'])
  const { type, id, attrs, parents } = fields
  if (typeof type !== 'string' || typeof id !== 'string') {
    throw wrong(place, `the type or id of ${role} is no text`, `write ${role}: User::ada`)
  }
  if (parents !== undefined && !Array.isArray(parents)) {
    throw wrong(place, `parents of ${role} are no list`, 'write parents: [Org::north]')
  }
  return {
    type,
    id,
    ...(attrs === undefined
      ? {}
      : { attrs: fieldsOf(attrs, place) as NonNullable<Entity['attrs']> }),
    ...(parents === undefined
      ? {}
      : {
          parents: (parents as unknown[]).map((one) =>
            readEntity(one, `a parent of ${role}`, place),
          ),
        }),
  }
}

function readReference(said: string, role: string, place: string): Entity {
  const at = said.lastIndexOf('::', said.includes('"') ? said.indexOf('"') : undefined)
  const [type, id] = [said.slice(0, Math.max(at, 0)), said.slice(at + 2)]
  const bare = /^"(.*)"$/s.exec(id)?.[1] ?? id
  if (at > 0 && bare !== '') return { type, id: bare }
  throw wrong(place, `"${said}" is no ${role}`, 'write it as User::ada')
}

function wrong(place: string, reason: string, fix: string): Failure {
  return new Failure(place, reason, fix)
}
