import type { Operation } from './canaries.ts'
import { objectsOf, type Name, type Setting } from './trial.ts'
import { textOf } from './values.ts'
import { freshWord } from './words.ts'

/**
 * The operations that tell a canary later what it asked lists with, as recent searches and logs do: what
 * they hold of another tenant, the canary may have brought there itself.
 */
export async function findEchoes(
  { canaries, making: { send } }: Pick<Setting, 'canaries' | 'making'>,
  tenant: Name,
): Promise<ReadonlySet<Operation>> {
  const reads = canaries.operations.filter((one) => one.method === 'GET' && !one.public)
  const ask = (one: Operation, query: Record<string, string> = {}) =>
    send({ tenant }, one, objectsOf(canaries, tenant), { query })
  const words: string[] = []
  for (const operation of reads) {
    for (const name of operation.described?.texts ?? []) {
      const word = freshWord()
      words.push(word)
      await ask(operation, { [name]: word })
    }
  }
  const echoing = new Set<Operation>()
  for (const operation of words.length > 0 ? reads : []) {
    const text = textOf(await ask(operation))
    if (words.some((word) => text.includes(word))) echoing.add(operation)
  }
  return echoing
}
