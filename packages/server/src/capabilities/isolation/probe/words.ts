import { randomBytes } from 'node:crypto'
import { cannotLook } from '../../../foundation/look.ts'
import type { Answer } from '../../../outside/request.ts'
import type { Canaries, Operation } from './canaries.ts'
import { anyWord, ownWord } from './sample.ts'
import { namesShared, type Aside, type Name, type Objects, type Send } from './trial.ts'
import { textOf } from './values.ts'

/** What each canary has written, so that it is known wherever it comes out again. */
export interface Words {
  /** Sends with words that nobody could guess, and looks for those of others in the answer. */
  send: Send
  /** An id that the app gave to a thing of a canary. */
  remember: (id: string, owner: Name) => void
}

export const freshWord = () => `canary${randomBytes(6).toString('hex')}`

/**
 * Whatever the prober makes up belongs to the canary that sends it. An answer to anybody else that holds
 * it crossed, unless they sent it too. After `most` requests nothing more is sent.
 */
export function openWords(
  canaries: Canaries,
  send: Send,
  most: number,
  onCrossing: (operation: Operation, why: string) => void,
): Words {
  const knowers = new Map<string, Set<Name>>()
  let count = 0

  function know(value: string, tenant: Name): void {
    knowers.set(value, (knowers.get(value) ?? new Set<Name>()).add(tenant))
  }

  return {
    async send(as, operation, objects, aside = {}) {
      if (++count > most) throw cannotLook(`to try the app takes more than ${most} requests`)
      const fresh = { [anyWord]: aside.word ?? freshWord(), [ownWord]: freshWord() }
      const said = saidIn(operation, objects, aside)
      const { tenant } = as
      if (tenant !== null) {
        for (const value of said) if (knowers.has(value)) know(value, tenant)
        const isPrivate = !operation.public && !namesShared(operation, canaries)
        for (const word of isPrivate ? Object.values(fresh) : []) know(word, tenant)
      }
      const answer = await send(as, operation, { ...objects, ...fresh }, aside)
      if (answer.status === 429) throw cannotLook(`${operation.name} was refused (status 429)`)
      const isForeign = (value: string) => {
        const known = knowers.get(value)
        return known !== undefined && !said.has(value) && (tenant === null || !known.has(tenant))
      }
      // What is open to everybody may show what a tenant published.
      const isOpen = operation.public || canaries.global?.includes(operation.name)
      if (!isOpen && namesIn(answer, operation).some(isForeign)) onCrossing(operation, foreign)
      return answer
    },
    remember(id, owner) {
      if (isUnguessable(id)) know(id.toLowerCase(), owner)
    },
  }
}

const foreign = 'its answer holds what another tenant wrote'

/** The ids and texts of a request that the prober did not make up for it. */
function saidIn({ path, body }: Operation, objects: Objects, aside: Aside): Set<string> {
  const asked = `${path} ${JSON.stringify(body ?? '')}`
  const ids = Object.entries(objects).filter(([name]) => asked.includes(`{${name}}`))
  const beside = [aside.query, aside.headers, aside.instead].flatMap((one) =>
    Object.values(one ?? {}).map(String),
  )
  return new Set([...ids.map(([, id]) => id), ...beside].map((one) => one.toLowerCase()))
}

/** Texts that may be a word of ours or an id. One thing may be made of two requests, with one id. */
function namesIn(answer: Answer, { makes }: Operation): string[] {
  const text = textOf(answer)
  const words = text.match(/canary[0-9a-f]{12}/g) ?? []
  return makes === undefined ? [...words, ...(text.match(/[\w-]{16,}/g) ?? [])] : words
}

/** A number may be that of many things. */
function isUnguessable(id: string): boolean {
  return /^[\w-]{16,200}$/.test(id) && /\d/.test(id) && /[a-z]/i.test(id)
}
