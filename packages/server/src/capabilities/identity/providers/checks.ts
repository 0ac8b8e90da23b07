import { Failure, type FailureCode } from '../../../foundation/failure.ts'

/** What an answer of a provider is held against, in the order in which it is looked at. */
export const checkNames = [
  'connection',
  'answer',
  'form',
  'encryption',
  'signature',
  'status',
  'issuer',
  'destination',
  'audience',
  'nonce',
  'request',
  'time',
  'subject',
  'email',
  'domain',
  'account',
] as const
export type CheckName = (typeof checkNames)[number]

/** One thing that was looked at, in words for whoever connects a provider. */
export interface Check {
  check: CheckName
  passed: boolean
  why: string
}

/** Collects what was held against an answer, so that a trial can show all of it. */
export interface Checks {
  list: Check[]
  /** Notes one; hands back whether it passed. */
  note(check: CheckName, passed: boolean, why: string, code?: FailureCode): boolean
  /** @throws Failure of the first that did not pass */
  settle(): void
}

export function openChecks(): Checks {
  const list: Check[] = []
  let first: Failure | null = null
  return {
    list,
    note(check, passed, why, code = 'provider-answer') {
      list.push({ check, passed, why: why.slice(0, 600) })
      if (!passed) first ??= new Failure(code, why.slice(0, 600), { check, fix: tryIt })
      return passed
    },
    settle() {
      if (first) throw first
    },
  }
}

const tryIt = 'ask an owner of your company’s account to try this connection, which shows all of it'

/** Ends the looking: what follows could not be looked at. */
export function stop(checks: Checks, check: CheckName, why: string, code?: FailureCode): Failure {
  checks.note(check, false, why, code)
  try {
    checks.settle()
  } catch (error) {
    return error as Failure
  }
  throw new TypeError('a check that did not pass settles')
}

/** Who a provider says that somebody is. */
export interface Asserted {
  subject: string
  email: string
  name: string
  /** Whether it says that more than one factor was proved. */
  isMultiple: boolean
  /** By what the provider knows the session, to be told of its end; of SAML alone. */
  began?: { format: string | null; index: string | null } | null
  /** What it sent, for whoever connects it: claims and attributes, no tokens. */
  sent: Record<string, unknown>
}
