import { readCsv, type Row } from './csv.ts'
import {
  ListError,
  readFlag,
  settle,
  textOf,
  toFactor,
  type Account,
  type AccountList,
  type Read,
} from './list.ts'

/** The cell of a row under a column, or '' where the table has no such column. */
type Cell = (column: string) => string

interface Table {
  source: string
  /** Columns that tell it from every other table, in lower case. */
  columns: readonly string[]
  read: (cell: Cell) => Account
}

/**
 * AWS, `aws iam get-credential-report` (IAM User Guide, "Getting credential reports for your AWS account"):
 * `true`, `false`, `N/A`, `no_information`, `not_supported`. The root user has no line of its own on passwords and
 * can always sign in. A user without a password and with a key is no person; one with neither is nobody.
 */
function readAws(cell: Cell): Account {
  const account = cell('user')
  const isRoot = account === '<root_account>'
  const mayHavePassword = isRoot || readFlag(cell('password_enabled')) !== false
  const hasKey = awsKeys.some((column) => readFlag(cell(column)) === true)
  return {
    account,
    kind: mayHavePassword || !hasKey ? 'person' : 'service',
    active: mayHavePassword || hasKey,
    secondFactor: toFactor(readFlag(cell('mfa_active'))),
  }
}

const awsKeys = ['access_key_1_active', 'access_key_2_active', 'cert_1_active', 'cert_2_active']

/**
 * Google Workspace, Admin console > Directory > Users > Download users. Enforced says what is asked for, enrolled
 * what there is: only the second counts.
 */
function readGoogle(cell: Cell): Account {
  const status = cell('status [read only]').trim().toLowerCase()
  return {
    account: cell('email address [required]'),
    kind: 'person',
    active: !['suspended', 'archived', 'deleted'].includes(status),
    secondFactor: toFactor(readFlag(cell('2sv enrolled [read only]'))),
  }
}

/**
 * Slack, Manage members > Export full member list. Of who comes in by single sign-on Slack asks no factor of its
 * own, and does not know whether their provider does.
 */
function readSlack(cell: Cell): Account {
  const status = cell('status').trim().toLowerCase()
  const factor = readFlag(cell('has-2fa'))
  const isElsewhere = factor !== true && readFlag(cell('has-sso')) === true
  return {
    account: cell('email').trim() || cell('username').trim() || cell('userid'),
    kind: status === 'bot' ? 'service' : 'person',
    active: status !== 'deactivated',
    secondFactor: isElsewhere ? 'unknown' : toFactor(factor),
  }
}

/**
 * GitHub, an organisation's People > Export as CSV ("Exporting member information for your organization"). It
 * documents what the report holds, and not what the columns are called; any other name is refused.
 */
const readGithub =
  (column: string) =>
  (cell: Cell): Account => ({
    account: cell('login'),
    kind: 'person',
    active: true,
    secondFactor: toFactor(readFlag(cell(column))),
  })

/** Our own plain form. What it leaves out is a person's active account. */
function readPlain(cell: Cell): Account {
  return readPlainly(cell('account'), cell('second_factor'), cell('active'), cell('kind'))
}

export function readPlainly(
  account: string,
  factor: unknown,
  active: unknown,
  kind: unknown,
): Account {
  return {
    account,
    kind: /^\s*service\s*$/i.test(textOf(kind)) ? 'service' : 'person',
    active: readFlag(active) !== false,
    secondFactor: toFactor(readFlag(factor)),
  }
}

const tables: readonly Table[] = [
  {
    source: 'aws-credential-report',
    columns: ['user', 'password_enabled', 'mfa_active', 'access_key_1_active'],
    read: readAws,
  },
  {
    source: 'google-users',
    columns: ['email address [required]', 'status [read only]', '2sv enrolled [read only]'],
    read: readGoogle,
  },
  { source: 'slack-members', columns: ['username', 'status', 'has-2fa'], read: readSlack },
  ...['tfa_enabled', 'two_factor_enabled', 'two-factor authentication'].map((column) => ({
    source: 'github-members',
    columns: ['login', column],
    read: readGithub(column),
  })),
  { source: 'plain', columns: ['account', 'second_factor'], read: readPlain },
]

/** Reads a table that some service exports, by its columns, whatever their order and case. */
export function readTable(text: string): AccountList {
  const rows = readCsv(text)
  const header = rows.next().value as Row | undefined
  if (!header)
    throw new ListError('it is empty, which proves nothing', null, 'export the list anew')
  const names = header.cells.map((name) => name.normalize('NFKC').trim().toLowerCase())
  const table = tables.find(({ columns }) => columns.every((column) => names.includes(column)))
  if (!table) throw unknownTable(header)
  const twice = table.columns.find((column) => names.indexOf(column) !== names.lastIndexOf(column))
  if (twice !== undefined) throw new ListError(`the column "${twice}" stands there twice`, 1)
  const places = new Map(names.map((name, i) => [name, i]))
  const read: Read[] = []
  for (const { line, cells } of rows) {
    const account = table.read((column) => cells[places.get(column) ?? -1] ?? '')
    read.push({ ...account, at: line })
  }
  return settle(table.source, read, 'line')
}

function unknownTable({ line, cells }: Row): ListError {
  const shown = cells.slice(0, 30).map((cell) => JSON.stringify(cell.slice(0, 60)))
  const more = cells.length > shown.length ? ` and ${cells.length - shown.length} more` : ''
  return new ListError(
    `no list of accounts that is known has these columns: ${shown.join(', ')}${more}`,
    line,
    'write a table of our own: account,second_factor,active,kind',
  )
}
