import { indexLines } from '@kept/page'
import { Failure } from '../failure.ts'
import { readText } from '../report/source.ts'
import type { Terminal } from '../terminal.ts'

/** A file of YAML or JSON, which is YAML too, and the line of each item of a list in it. */
export interface Data {
  name: string
  value: unknown
  /** The place of the i-th item of a list at the top, or under a key. */
  placeOf: (key: string | null, i: number) => string
}

/** Aliases and tags are refused: they can explode. */
export async function readData(path: string, terminal: Terminal): Promise<Data> {
  const { isMap, isNode, isSeq, parseDocument } = await import('yaml')
  const { name, text } = await readText(path, terminal)
  const lines = indexLines(text)
  const sayPlace = (at: number) => {
    const { line, column } = lines.place(at)
    return `${name}:${line}:${column}`
  }
  const document = parseDocument(text, { prettyErrors: false, strict: true })
  const [problem] = [...document.errors, ...document.warnings]
  const fix = 'write it as YAML or JSON'
  if (problem) throw new Failure(sayPlace(problem.pos[0]), `not YAML: ${problem.message}`, fix)
  try {
    const value: unknown = document.toJS({ maxAliasCount: 0 })
    return {
      name,
      value,
      placeOf(key, i) {
        const { contents } = document
        const list = key === null ? contents : isMap(contents) ? contents.get(key, true) : null
        const item: unknown = isSeq(list) ? list.items[i] : null
        return sayPlace(isNode(item) && item.range ? item.range[0] : 0)
      },
    }
  } catch {
    throw new Failure(name, 'it has aliases, or is nested too deeply', fix)
  }
}
