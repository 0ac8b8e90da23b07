import type { Given } from './command.ts'
import { Failure } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** A running Kept, as anybody may ask it. */
export interface Remote {
  /** Without a slash at its end. */
  url: string
  get: <T>(path: string) => Promise<T>
  /** The bytes of a document, or null when there is none. */
  getBytes: (path: string) => Promise<Uint8Array | null>
  send: (request: Request) => Promise<unknown>
}

/** Milliseconds after which an answer is no longer waited for. */
const patience = 60_000

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

export function remoteAt(said: string, { fetch }: Pick<Terminal, 'fetch'>): Remote {
  const url = readUrl(said)
  const ask = async (request: Request) => {
    try {
      return await fetch(request, { signal: AbortSignal.timeout(patience), redirect: 'error' })
    } catch (error) {
      throw explainSilence(url, error)
    }
  }
  return {
    url,
    get: async <T>(path: string) => (await readJson(url, await ask(plain(url + path)))) as T,
    async getBytes(path) {
      const answer = await ask(plain(url + path))
      if (answer.status === 404) return null
      if (!answer.ok) throw await explainRefusal(url, answer)
      return new Uint8Array(await answer.arrayBuffer())
    },
    send: async (request) => readJson(url, await ask(request)),
  }
}

function plain(url: string): Request {
  return new Request(url, { headers: { accept: 'application/json' } })
}

function readUrl(said: string): string {
  const url = URL.parse(said)
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    const example = 'https://security.example.com'
    throw new Failure('--server', `"${said}" is no address of a Kept`, `write it as ${example}`)
  }
  return url.href.replace(/\/+$/, '')
}

async function readJson(url: string, answer: Response): Promise<unknown> {
  if (!answer.ok) throw await explainRefusal(url, answer)
  try {
    return await answer.json()
  } catch {
    throw new Failure(url, 'what answers there is no Kept: it sends no JSON', 'check --server')
  }
}

/** Why nobody answered, in words. */
function explainSilence(url: string, error: unknown): Failure {
  const { cause, name, message } = error as Error & { cause?: { code?: string; message?: string } }
  if (name === 'TimeoutError') {
    return new Failure(url, 'it does not answer within a minute', 'see that it runs, and try again')
  }
  const code = cause?.code ?? cause?.message ?? message
  const isTls = /CERT|TLS|SSL|SIGNATURE|ALTNAME/i.test(code)
  const fix = isTls
    ? 'if its certificate is of an authority of your own, set NODE_EXTRA_CA_CERTS to its file'
    : 'see that it runs there: `kept up` prints its address'
  return new Failure(url, `it cannot be reached (${code})`, fix)
}

interface Problem {
  code?: string
  detail?: string
  fix?: string
  errors?: string[]
}

/** A refusal that is a problem (RFC 9457) in its own words; anything else by its status. */
async function explainRefusal(url: string, answer: Response): Promise<Failure> {
  const problem = (await answer.json().catch(() => ({}))) as Problem
  if (typeof problem.detail !== 'string') {
    const reason = `it answers with status ${answer.status}, which no Kept does`
    return new Failure(url, reason, 'check the address')
  }
  const fix = typeof problem.fix === 'string' ? problem.fix : 'see its log under the same time'
  return new Refusal(
    url,
    [problem.detail, ...(problem.errors ?? []).slice(1)].join('\n'),
    fix,
    problem.code ?? '',
  )
}

/** A failure that the server gave, with its stable code. */
export class Refusal extends Failure {
  readonly code: string

  constructor(place: string, reason: string, fix: string, code: string) {
    super(place, reason, fix)
    this.code = code
  }
}
