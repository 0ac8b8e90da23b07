import type { Transaction } from '../../../foundation/transaction.ts'

const maker = Symbol('fragment')

/** A part of a statement: its texts stand in our source, and what strangers say is a parameter. */
export class Fragment {
  readonly texts: readonly string[]
  readonly values: readonly unknown[]

  constructor(key: typeof maker, texts: readonly string[], values: readonly unknown[]) {
    if (key !== maker) throw new TypeError('a fragment is written as a template')
    this.texts = texts
    this.values = values
  }
}

/** A fragment; fragments among the values become parts of it. */
export function sql(template: TemplateStringsArray, ...given: unknown[]): Fragment {
  const texts = [template[0]!]
  const values: unknown[] = []
  given.forEach((value, i) => {
    const after = template[i + 1]!
    if (value instanceof Fragment) {
      const [first = '', ...more] = value.texts
      texts.push(`${texts.pop()}${first}`, ...more)
      values.push(...value.values)
      texts.push(`${texts.pop()}${after}`)
    } else {
      values.push(value)
      texts.push(after)
    }
  })
  return new Fragment(maker, texts, values)
}

export async function rowsOf<Row>(tx: Transaction, { texts, values }: Fragment): Promise<Row[]> {
  const template = Object.assign([...texts], { raw: texts })
  return await tx.rows<Row>(template, ...values)
}
