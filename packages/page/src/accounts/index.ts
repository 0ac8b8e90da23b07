import { readDocument } from './documents.ts'
import { ListError, type AccountList, type PasswordPolicy } from './list.ts'
import { readPolicy } from './policy.ts'
import { readTable } from './tables.ts'

export {
  accountKinds,
  countAccounts,
  counts,
  factorWords,
  ListError,
  longestName,
  mostAccounts,
  type Account,
  type AccountKind,
  type AccountList,
  type Count,
  type FactorWord,
  type PasswordPolicy,
} from './list.ts'
export { readHerokuMember } from './documents.ts'

/** What an export holds. */
export type Exported = { accounts: AccountList } | { policy: PasswordPolicy }

/** Characters of an export: of 100,000 accounts of a large one some 60 million. */
const longest = 100_000_000

/**
 * Reads what a service exports of its accounts, or of the passwords that it takes: CSV or JSON, told by its
 * columns or fields. Of each account it keeps a name, what it is, and whether it has a second factor; nothing else
 * of the file goes on from here.
 * @throws ListError for what is not recognised, or not sound
 */
export function readExport(source: string): Exported {
  if (source.length > longest) {
    throw new ListError(`it is longer than ${longest} characters`, null, 'push fewer accounts')
  }
  const text = source.replace(/^\uFEFF/, '')
  if (!/^\s*[[{]/.test(text)) return { accounts: readTable(text) }
  const document = readJson(text)
  const policy = readPolicy(document)
  return policy ? { policy } : { accounts: readDocument(document) }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ListError('it begins as JSON and is none: the file may be cut off')
  }
}
