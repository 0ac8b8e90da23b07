import {
  ListError,
  readFlag,
  settle,
  textOf,
  toFactor,
  type Account,
  type AccountList,
} from './list.ts'
import { readPlainly } from './tables.ts'

export type Fields = Readonly<Record<string, unknown>>

interface Format {
  source: string
  /** The entries of a document of this format, or null where it is of another. */
  entries: (document: unknown) => readonly unknown[] | null
  /** What tells an entry; all formats of a bare list are told by theirs. */
  isOne: (entry: Fields) => boolean
  read: (entry: Fields) => Account
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function pick(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (isFields(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    value,
  )
}

const has = (entry: Fields, ...names: readonly string[]) =>
  names.every((name) => Object.hasOwn(entry, name))
const isYes = (value: unknown) => readFlag(value) === true
const listOf = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : null)

/** The pages of a list: of a document its one, of several that were put into an array all. */
function pagesOf(document: unknown, ...path: readonly string[]): readonly unknown[] | null {
  const pages = listOf(document) ?? [document]
  const lists = pages.map((page) => listOf(pick(page, ...path)))
  return lists.length > 0 && lists.every((list) => list !== null) ? lists.flat() : null
}

/** A list that goes on elsewhere must not pass for the whole of it. */
function mustBeLast(document: unknown, goesOn: (page: unknown) => boolean): void {
  const last = (listOf(document) ?? [document]).at(-1)
  if (!goesOn(last)) return
  throw new ListError('it is one page of a longer list', null, 'export all pages of it')
}

/**
 * Google Workspace, Directory API `users.list`: primaryEmail, isEnrolledIn2Sv, suspended, archived. Enforced
 * (isEnforcedIn2Sv) is what is asked for, and no factor.
 */
const google: Format = {
  source: 'google-directory',
  entries(document) {
    const entries = pagesOf(document, 'users') ?? listOf(document)
    mustBeLast(document, (page) => textOf(pick(page, 'nextPageToken')) !== '')
    return entries
  },
  isOne: (entry) => has(entry, 'primaryEmail'),
  read: (entry) => ({
    account: textOf(entry['primaryEmail']),
    kind: 'person',
    active: !isYes(entry['suspended']) && !isYes(entry['archived']),
    secondFactor: toFactor(readFlag(entry['isEnrolledIn2Sv'])),
  }),
}

/** Slack, `users.list`: has_2fa is there for administrators' tokens only. Slackbot is no member, nor is an app. */
const slack: Format = {
  source: 'slack-users',
  entries(document) {
    const entries = pagesOf(document, 'members')
    mustBeLast(document, (page) => textOf(pick(page, 'response_metadata', 'next_cursor')) !== '')
    return entries
  },
  isOne: (entry) => has(entry, 'id', 'deleted') && !has(entry, 'login'),
  read: (entry) => ({
    account:
      textOf(pick(entry, 'profile', 'email')) || textOf(entry['name']) || textOf(entry['id']),
    kind: isYes(entry['is_bot']) || entry['id'] === 'USLACKBOT' ? 'service' : 'person',
    active: !isYes(entry['deleted']),
    secondFactor: toFactor(readFlag(entry['has_2fa'])),
  }),
}

/**
 * Heroku, Platform API `GET /teams/{team}/members`: email, two_factor_authentication, federated. Of who comes by
 * an identity provider Heroku does not know whether that asks for a factor.
 */
export function readHerokuMember(entry: Fields): Account {
  const factor = readFlag(entry['two_factor_authentication'])
  const isElsewhere = factor !== true && isYes(entry['federated'])
  return {
    account: textOf(entry['email']),
    kind: 'person',
    active: true,
    secondFactor: isElsewhere ? 'unknown' : toFactor(factor),
  }
}

const heroku: Format = {
  source: 'heroku-members',
  entries: listOf,
  isOne: (entry) => has(entry, 'email', 'two_factor_authentication'),
  read: readHerokuMember,
}

/** GitHub, GraphQL `organization.membersWithRole.edges`: hasTwoFactorEnabled is null to who may not know it. */
const githubEdges: Format = {
  source: 'github-graphql',
  entries(document) {
    const path = ['data', 'organization', 'membersWithRole']
    const entries = pagesOf(document, ...path, 'edges')
    mustBeLast(document, (page) => pick(page, ...path, 'pageInfo', 'hasNextPage') === true)
    return entries
  },
  isOne: (entry) => isFields(entry['node']),
  read: (entry) => ({
    account: textOf(pick(entry, 'node', 'login')),
    kind: 'person',
    active: true,
    secondFactor: toFactor(readFlag(entry['hasTwoFactorEnabled'])),
  }),
}

/** GitHub, REST `GET /orgs/{org}/members`, which says nothing of factors; the export as JSON does. */
const githubMembers: Format = {
  source: 'github-members',
  entries: listOf,
  isOne: (entry) => has(entry, 'login'),
  read: (entry) => ({
    account: textOf(entry['login']),
    kind: 'person',
    active: true,
    secondFactor: toFactor(readFlag(entry['tfa_enabled'])),
  }),
}

/** Our own plain form, as a list or under `accounts`. */
const plain: Format = {
  source: 'plain',
  entries: (document) => listOf(document) ?? pagesOf(document, 'accounts'),
  isOne: (entry) => has(entry, 'account'),
  read: (entry) =>
    readPlainly(textOf(entry['account']), entry['second_factor'], entry['active'], entry['kind']),
}

const formats = [google, slack, heroku, githubEdges, githubMembers, plain]

/** Reads a document that some service exports, by its fields. */
export function readDocument(document: unknown): AccountList {
  const pair = readGithubPair(document)
  if (pair) return pair
  for (const { source, entries, isOne, read } of formats) {
    const found = entries(document)
    if (found === null || !found.some((entry) => isFields(entry) && isOne(entry))) continue
    const accounts = found.map((entry, i) => {
      if (isFields(entry) && isOne(entry)) return { ...read(entry), at: i + 1 }
      throw new ListError(`entry ${i + 1} is none of ${source}`, i + 1)
    })
    return settle(source, accounts, 'entry')
  }
  throw unknownDocument(document)
}

/**
 * GitHub, REST: `{"members": [...], "two_factor_disabled": [...]}` of `GET /orgs/{org}/members` without and with
 * `filter=2fa_disabled`, which GitHub answers to owners only and refuses to others.
 */
function readGithubPair(document: unknown): AccountList | null {
  const [members, disabled] = [pick(document, 'members'), pick(document, 'two_factor_disabled')]
  if (!Array.isArray(members) || !Array.isArray(disabled)) return null
  const logins = (list: readonly unknown[]) =>
    list.map((entry, i) => {
      const login = textOf(pick(entry, 'login'))
      if (login === '') throw new ListError(`entry ${i + 1} has no login`, i + 1)
      return login
    })
  const without = new Set(logins(disabled).map((login) => login.toLowerCase()))
  const all = logins(members)
  const known = new Set(all.map((login) => login.toLowerCase()))
  if (![...without].every((login) => known.has(login))) {
    const why = 'somebody without a second factor is no member'
    throw new ListError(`${why}: the two lists are of different times`, null, 'fetch both anew')
  }
  const accounts = all.map((login, i) => ({
    account: login,
    kind: 'person' as const,
    active: true,
    secondFactor: toFactor(!without.has(login.toLowerCase())),
    at: i + 1,
  }))
  return settle('github-rest', accounts, 'entry')
}

function unknownDocument(document: unknown): ListError {
  const list = listOf(document)
  const first = list ? list[0] : document
  if (list?.length === 0) return new ListError('it lists no account, which proves nothing')
  const names = isFields(first) ? Object.keys(first).slice(0, 30) : []
  const seen =
    names.length > 0
      ? `these fields: ${names.map((name) => JSON.stringify(name.slice(0, 60))).join(', ')}`
      : 'this form'
  return new ListError(
    `no list of accounts that is known has ${seen}`,
    null,
    'write a list of our own: [{"account": ..., "second_factor": true}]',
  )
}
