/**
 * One kind of promise a row: what words say it, and what of it the proof takes as parameters.
 *
 * `words`: all must stand in one clause. `a|b` is either; `@table` any name of a table; `"..."` a
 * phrase. `~term` may also come from what is around: an earlier clause, the heading, the question, the
 * row of a table. `^term` may come from before only where the clause goes on with the same subject
 * (`..., and kept for 30 days`) or belongs to a row or a label. `+term` may come from the list that
 * the clause introduces.
 * `not` spoils the row; `^term` there does so from before too, where the clause goes on with its subject,
 * and `~term` from the question that the clause answers. A denial (`not`, `never`, `nobody`) spoils it too, unless `denial` says that
 * it is `allowed`, `needed`, or that `some` restriction is (`only`, or a denial with an exception).
 * `take` fills parameters from the clause, `give` sets them, `need` names those it must find (`a&b`
 * both, `a|b` either). `over` drops other proofs recognised in the same clause. `near` is the widest
 * stretch of words. `joins`: said over several clauses it is one claim.
 * `provider` rows may speak of a provider, all others only of the company. `modal` rows may be said
 * on a condition of the customer's (`if you use`), `duty` rows as what a customer has to do. `bare` rows
 * hold only where the clause has no verb: a note such as `Servers: Dublin`.
 */
export interface Rule {
  proof: string
  words: string
  not?: string
  denial?: 'allowed' | 'needed' | 'some'
  take?: Readonly<Record<string, string>>
  give?: Readonly<Record<string, string>>
  need?: string
  over?: string
  near?: number
  joins?: true
  provider?: true
  modal?: true
  duty?: true
  bare?: true
}
