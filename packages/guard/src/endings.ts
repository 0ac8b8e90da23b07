import { GuardFailure } from './failure.ts'

export function ended(what: string): GuardFailure {
  return new GuardFailure(
    'scope-ended',
    `${what} would begin or end a transaction of its own in this scope, so that the scope is over`,
    'leave BEGIN, COMMIT and ROLLBACK to the guard; if the app did not send it, look for injected SQL',
  )
}

export function finished(): GuardFailure {
  return new GuardFailure(
    'scope-finished',
    'this scope is over',
    'await every query before its work returns',
  )
}

/** Before PostgreSQL 16 a block may commit there, and go on to write. */
export function readsOnly(): GuardFailure {
  return new GuardFailure(
    'bad-query',
    'a scope that only reads runs no DO and no CALL: they could end its transaction and begin another',
    'leave out readOnly',
  )
}

export function inUse(): GuardFailure {
  return new GuardFailure(
    'scope-in-use',
    'the work of this scope returned while a query of it was still running; nothing was kept',
    'await every query before the work returns',
  )
}

export function overlap(): GuardFailure {
  return new GuardFailure(
    'scope-in-use',
    'another transaction within this scope is open, which would undo or keep this one with it',
    'await one before the next begins, or nest it in that one',
  )
}

export function rolledBack(): GuardFailure {
  return new GuardFailure(
    'scope-ended',
    'a query of this scope had failed, so that the database kept nothing of it',
    'let the error of a query leave the work, or put the query behind a savepoint',
  )
}

export function doomed(cause: unknown): GuardFailure {
  return new GuardFailure(
    'scope-ended',
    'a scope within this one failed, so that nothing of either was kept',
    'let its error leave the work',
    cause,
  )
}

export function unknown(cause: unknown): GuardFailure {
  return new GuardFailure(
    'commit-unknown',
    'the connection was lost while the commit was under way: it is kept whole or not at all',
    'look whether it is there before doing it again',
    cause,
  )
}
