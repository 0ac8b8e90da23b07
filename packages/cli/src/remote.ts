import { ClientFailure, openClient, type Client, type Signer } from '@kept/client'
import type { Given } from './command.ts'
import { Failure } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** A running Kept; what it refuses is said in our words. */
export interface Remote extends Client {
  /** Without a slash at its end. */
  url: string
}

export function openRemote(
  { options }: Pick<Given, 'options'>,
  command: string,
  terminal: Terminal,
): Remote {
  const said = options.get('server')
  if (said === undefined) {
    const fix = 'give --server URL, or set KEPT_SERVER'
    throw new Failure(`kept ${command}`, 'it does not know which Kept to ask', fix)
  }
  return remoteAt(said, terminal)
}

export function remoteAt(
  said: string,
  { fetch }: Pick<Terminal, 'fetch'>,
  signer?: Signer,
): Remote {
  const url = readUrl(said)
  const client = openClient(url, { fetch, ...(signer ? { signer } : {}) })
  return { url, ...sayFailures(url, client) }
}

function readUrl(said: string): string {
  const url = URL.parse(said)
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    const example = 'https://security.example.com'
    throw new Failure('--server', `"${said}" is no address of a Kept`, `write it as ${example}`)
  }
  return url.href.replace(/\/+$/, '')
}

type Call = (...words: unknown[]) => Promise<unknown>

/** The same calls, whose failures name the place and the fix. */
function sayFailures(url: string, client: Client): Client {
  const inWords = (call: unknown) => (path: string, init?: object) =>
    (call as Call)(path, init).catch((error: unknown) => {
      throw error instanceof ClientFailure ? toFailure(url, error) : error
    })
  const { get, post, read } = client
  return { get: inWords(get), post: inWords(post), read: inWords(read) } as Client
}

function toFailure(url: string, { message, fix, problem }: ClientFailure): Failure {
  const reason = [message, ...(problem?.errors ?? []).slice(1)].join('\n')
  const isItsOwn = problem === null || problem.status >= 500
  const usual = isItsOwn ? 'see its log under the same time' : 'change what was asked'
  return new Failure(url, reason, fix || usual)
}
