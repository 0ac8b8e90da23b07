/** Whether an account has a second factor; what a list does not say is unknown, and unknown is never a pass. */
export const factorWords = ['yes', 'no', 'unknown'] as const
export type FactorWord = (typeof factorWords)[number]

/** `service` is what no person signs in with: a bot, or a user of access keys without a password. */
export const accountKinds = ['person', 'service'] as const
export type AccountKind = (typeof accountKinds)[number]

/** All that is kept of one account of a list. */
export interface Account {
  account: string
  kind: AccountKind
  /** Whether it can be signed in with at all. */
  active: boolean
  secondFactor: FactorWord
}

/** Accounts of one list that may be pushed at once. */
export const mostAccounts = 100_000
export const longestName = 320

/** What an export of a service says of its accounts. */
export interface AccountList {
  /** By which format it was read: `aws-credential-report`. */
  source: string
  accounts: Account[]
}

/** What an export says of the passwords that a service takes. */
export interface PasswordPolicy {
  source: string
  minimumLength: number
  singleSignOnOnly: boolean
}

/** What is read of one account, and where it stands. */
export interface Read extends Account {
  /** The line of a table, or the number of an entry of JSON. */
  at: number
}

/** Why a file cannot be read as a list; `line` is null where it is the whole of it. */
export class ListError extends Error {
  override readonly name = 'ListError'
  readonly line: number | null
  readonly fix: string

  constructor(message: string, line: number | null = null, fix = 'export the list anew') {
    super(message)
    this.line = line
    this.fix = fix
  }
}

/** What is counted of a list: people's accounts that can be signed in with. */
export interface Count {
  accounts: number
  without: number
  unknown: number
  /** What does not count, so that nothing hides there unseen. */
  inactive: number
  services: number
}

export function countAccounts(accounts: readonly Account[]): Count {
  const counting = accounts.filter(counts)
  const having = (word: FactorWord) =>
    counting.filter(({ secondFactor }) => secondFactor === word).length
  return {
    accounts: counting.length,
    without: having('no'),
    unknown: having('unknown'),
    inactive: accounts.filter(({ active }) => !active).length,
    services: accounts.filter(({ active, kind }) => active && kind === 'service').length,
  }
}

export function counts({ active, kind }: Account): boolean {
  return active && kind === 'person'
}

/**
 * The accounts of a list, each once. One that stands there twice and alike is one account; where the two differ
 * nobody knows which is true, so that the list is refused.
 */
export function settle(source: string, all: readonly Read[], unit: 'line' | 'entry'): AccountList {
  const known = new Map<string, { account: Account; at: number }>()
  for (const { at, ...read } of all) {
    const account = { ...read, account: checkName(read.account, at) }
    const spelled = account.account.normalize('NFKC').toLowerCase()
    const other = known.get(spelled)
    if (other && !isAlike(account, other.account)) {
      const where = `${unit} ${other.at} and ${unit} ${at}`
      throw new ListError(`"${account.account}" stands there twice, and not alike: ${where}`, at)
    }
    if (!other) known.set(spelled, { account, at })
  }
  const accounts = [...known.values()].map(({ account }) => account)
  if (accounts.length === 0) {
    throw new ListError('it lists no account, which proves nothing', null, 'export all accounts')
  }
  if (accounts.length > mostAccounts) {
    throw new ListError(`it lists more than ${mostAccounts} accounts`, null, 'push fewer')
  }
  return { source, accounts }
}

function isAlike(one: Account, other: Account): boolean {
  return (
    one.kind === other.kind &&
    one.active === other.active &&
    one.secondFactor === other.secondFactor
  )
}

function checkName(account: string, at: number): string {
  const name = account.trim()
  if (name === '') throw new ListError('an account has no name', at)
  if (name.length > longestName) {
    throw new ListError(`the name of an account has more than ${longestName} characters`, at)
  }
  if (!name.isWellFormed() || /\p{Cc}/u.test(name)) {
    throw new ListError('the name of an account holds what is no text', at)
  }
  return name
}

/** A cell or value that says yes or no in any of the words that exports use; everything else says nothing. */
export function readFlag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  const word = textOf(value).trim().toLowerCase()
  if (['true', 'yes', 'y', '1', 'on', 'enabled'].includes(word)) return true
  if (['false', 'no', 'n', '0', 'off', 'disabled'].includes(word)) return false
  return null
}

/** A text or a number as text; whatever else stands there is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

export function toFactor(flag: boolean | null): FactorWord {
  return flag === null ? 'unknown' : flag ? 'yes' : 'no'
}
