import { data } from './apart/data.ts'
import { doors } from './apart/doors.ts'
import { papers } from './apart/papers.ts'
import { parts } from './apart/parts.ts'
import { weaknesses } from './apart/weaknesses.ts'

export const apart = [...papers, ...parts, ...weaknesses, ...data, ...doors]

const byProof = Map.groupBy(
  apart.flatMap((row) => row.proofs.map((proof) => ({ proof, row }))),
  ({ proof }) => proof,
)

/** Whether a clause speaks of something that a proof is not about. */
export function speaksOfAnother(proof: string, clause: string, sentence: string): boolean {
  return (byProof.get(proof) ?? []).some(({ row: { spoken, unless, inSentence } }) => {
    const text = inSentence ? sentence : clause
    return spoken.test(text) && !(unless?.test(text) ?? false)
  })
}
