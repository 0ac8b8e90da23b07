import { evaluate, holding, prepare, type Expr } from '../cedar.ts'
import { partsOf } from '../looks.ts'
import type { Policy } from '../read.ts'
import { expressionsOf } from '../scope.ts'
import { always, fails, never, type Truth } from './truth.ts'

/** What Cedar itself makes of each expression that looks at no resource. */
export type Known = (expression: Expr) => Truth

/** Whether an expression looks at no resource, so that it can be told without a row. */
export function isKnown(expression: Expr): boolean {
  if ('Var' in expression) return expression.Var !== 'resource'
  return partsOf(expression).every(isKnown)
}

/** Prepares all that can be told without a row, as policies of their own: one ask then tells all of it. */
export function prepareKnown(name: string, policies: readonly Policy[]) {
  const keys = new Map<string, Expr>()
  for (const { json } of policies)
    for (const { expression } of expressionsOf(json)) collect(expression, keys)
  const all = [...keys]
  const prepared = all.map(([, expression], i) => [String(i), holding(expression)] as const)
  prepare(name, Object.fromEntries(prepared))
  const index = new Map(all.map(([key], i) => [key, String(i)]))
  return (question: Parameters<typeof evaluate>[1]): Known | string => {
    const answer = evaluate(name, question)
    if (typeof answer === 'string') return answer
    const holds = new Set(answer.holds)
    const failed = new Set(answer.failed.map(({ policy }) => policy))
    return (expression) => {
      const i = index.get(JSON.stringify(expression))!
      return holds.has(i) ? always : failed.has(i) ? fails : never
    }
  }
}

/** The largest of its parts that can be told without a row, where `sql/compile.ts` meets them. */
function collect(expression: Expr, keys: Map<string, Expr>): void {
  if (isKnown(expression)) keys.set(JSON.stringify(expression), expression)
  else if ('&&' in expression || '||' in expression || '!' in expression)
    for (const part of partsOf(expression)) collect(part, keys)
}
