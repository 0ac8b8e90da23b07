import { GuardFailure } from '../failure.ts'

/**
 * The row, or the app's one answer for what is not there: whether it never was or is another tenant's,
 * the same status with the same body.
 * @throws GuardFailure `not-found`
 */
export function found<Row>(row: Row | null | undefined): Row {
  if (row !== null && row !== undefined) return row
  throw notFound()
}

export function notFound(): GuardFailure {
  return new GuardFailure('not-found', 'there is no such thing', 'see that the id is one of yours')
}
